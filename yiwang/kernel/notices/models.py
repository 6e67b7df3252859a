"""What people are told: one row for everybody whom it concerns, and what each of them has read.

A notice names its audience (a person, or a kind of post with unit and area), not its readers: telling two hundred
inspectors is one row. Who reads it is decided when they look, by the same rule that decides whose a task is.
"""

from __future__ import annotations

from django.db import models


class Notice(models.Model):  # 通知
    """Something that whoever works here should know. `data` holds no free text of residents."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(
        max_length=90, unique=True
    )  # the same thing is told once, however often it is tried
    topic = models.CharField(max_length=24)
    at = models.DateTimeField()
    matter = models.ForeignKey("matters.Matter", null=True, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("access.User", null=True, on_delete=models.CASCADE, related_name="+")
    post = models.CharField(max_length=40, blank=True)  # without a person: every holder of this kind of post
    unit = models.CharField(max_length=40, blank=True)  # of this unit, or of any
    area = models.CharField(max_length=12, blank=True)  # whose area holds this one
    by = models.BigIntegerField(null=True)  # who did it, and needs not be told
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["user", "id"], name="notice_user"),
            models.Index(fields=["post", "unit", "id"], name="notice_post"),
        ]


class Reader(models.Model):
    """How a person wants to be told, and up to which notice everything is read."""

    user = models.OneToOneField("access.User", primary_key=True, on_delete=models.CASCADE, related_name="+")
    read_to = models.BigIntegerField(default=0)
    mail = models.CharField(max_length=8, default="none")  # none | each
    digest = models.BooleanField(default=True)  # the daily digest by e-mail too, where e-mail is set up
    muted = models.JSONField(default=list)  # topics that the person does not want


class Seen(models.Model):
    """One notice after `read_to` that a person has read by itself."""

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "notice"], name="seen_once")]


class Digest(models.Model):  # 每日摘要
    """One a person a working day. That the row is there means that it was made; its mail has a state of its own."""

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    made_at = models.DateTimeField()
    counts = models.JSONField(default=dict)  # what: how many
    state = models.CharField(max_length=8, blank=True)  # of its mail: '' none | waiting | sent | failed
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="digest_waiting")
        ]


class Delivered(models.Model):
    """What has left: a delivery that is tried again goes only to those who have not got it."""

    key = models.CharField(max_length=90)
    via = models.CharField(max_length=20)
    to = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "via", "to"], name="delivered_once")]


class Watch(models.Model):
    """Up to which moment the due moments of open tasks were looked at, for each topic."""

    topic = models.CharField(max_length=24, primary_key=True)
    at = models.DateTimeField()
