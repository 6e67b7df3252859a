"""Appointments and tickets of the halls. Beside the telephone of an appointment, which lies sealed, nobody is named."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yiwang.kernel.access.sealed import SealedTextField

TAKING = ("booked", "arrived")  # states that keep a place of the capacity
AT_A_DESK = ("called", "serving")


class Booking(models.Model):  # 预约
    """A time that somebody has booked. `seat` counts the places of one time, `nth` the open ones of one telephone: the
    database itself refuses a second one."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    district = models.CharField(max_length=6)
    hall = models.CharField(max_length=40)
    line = models.CharField(max_length=40)
    service = models.CharField(max_length=40)
    at = models.DateTimeField()
    day = models.DateField()
    seat = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default="booked")  # booked | arrived | cancelled | missed
    phone = SealedTextField(blank=True, default="")  # forgotten after the day
    phone_hash = models.CharField(max_length=64, blank=True, default="")  # forgotten after ninety days
    nth = models.PositiveSmallIntegerField()
    moves = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "line", "at", "seat"], condition=Q(state__in=TAKING), name="booking_seat_once"
            ),
            models.UniqueConstraint(
                fields=["hall", "phone_hash", "nth"], condition=Q(state="booked"), name="booking_phone_nth"
            ),
        ]
        indexes = [
            models.Index(fields=["phone_hash", "day"], name="booking_phone"),
            models.Index(fields=["day", "state"], name="booking_day"),
        ]


class Ticket(models.Model):  # 排队号
    """A place in a line of one day. `since`: from when its place counts; `waited`: seconds until it was first called."""

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=6)
    hall = models.CharField(max_length=40)
    line = models.CharField(max_length=40)
    day = models.DateField()
    label = models.CharField(max_length=8)
    service = models.CharField(max_length=40, blank=True, default="")
    booking = models.OneToOneField(Booking, null=True, on_delete=models.PROTECT, related_name="ticket")
    booked_for = models.DateTimeField(null=True)
    taken_at = models.DateTimeField()
    since = models.DateTimeField()
    state = models.CharField(
        max_length=8, default="waiting"
    )  # waiting | called | serving | done | passed | left
    desk = models.CharField(max_length=4, blank=True, default="")
    calls = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    first_called_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    waited = models.PositiveIntegerField(null=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    matter = models.OneToOneField("matters.Matter", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "day", "label"], name="ticket_label_once"),
            models.UniqueConstraint(
                fields=["hall", "day", "desk"], condition=Q(state__in=AT_A_DESK), name="ticket_one_at_a_desk"
            ),
        ]
        indexes = [
            models.Index(fields=["hall", "day", "state"], name="ticket_day_state"),
            # All that waiting times are counted of: the tickets themselves are not read.
            models.Index(
                fields=["hall", "day", "booked_for", "line", "state", "waited"], name="ticket_waits"
            ),
        ]


class HallDay(models.Model):
    """One day of a hall: the row that bookings and calls lock, the numbers given out, appointments called in a row."""

    hall = models.CharField(max_length=40)
    day = models.DateField()
    serials = models.JSONField(default=dict)  # letters of a label: the last number
    in_row = models.JSONField(default=dict)  # lines of a desk: how many appointments were called in a row

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "day"], name="hall_day_once")]
