"""Appointments: offered by the office calendar, never given twice, opened by number and secret, not to be hoarded."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.conftest import at
from tests.domains.services.hall.conftest import FOOD, HALL, MONDAY, booked, came, phone
from tests.faces.api.test_at_once import at_once, needs_postgres
from yiwang.domains.services.hall import bookings, closing, opening
from yiwang.domains.services.models import Booking, Ticket
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.registers.calendars import current_calendar

TUESDAY = "2026-09-08"


def free(rules, day: str, now=MONDAY) -> dict[str, int]:
    hall = rules.halls[HALL]
    found = bookings.free(hall, hall.line_of(FOOD), date.fromisoformat(day), now)
    return {one.at.strftime("%H:%M"): one.free for one in found}


def test_times_are_the_office_hours_of_working_days_cut_into_slots(dadong):
    whole = free(dadong, TUESDAY)  # summer: 8:30-11:30, 13:30-17:30
    assert list(whole)[:3] == ["08:30", "08:50", "09:10"] and list(whole)[8:10] == ["11:10", "13:30"]
    assert list(whole)[-1] == "17:10" and len(whole) == 9 + 12 and set(whole.values()) == {4}
    assert list(free(dadong, "2026-09-07"))[0] == "09:10"  # today from now on
    assert free(dadong, "2026-09-12") == {} and free(dadong, "2026-10-01") == {}  # a Saturday, National Day
    assert free(dadong, "2026-09-06") == {}


def test_as_many_working_days_ahead_as_the_hall_says_are_offered(dadong):
    days = opening.days(dadong.halls[HALL], current_calendar(), MONDAY)
    assert days[0] == date(2026, 9, 7) and len(days) == 11
    assert all(day.weekday() < 5 or day == date(2026, 9, 20) for day in days)
    sunday = opening.days(dadong.halls[HALL], current_calendar(), at("2026-09-06T10:00"))
    assert sunday[0] == date(2026, 9, 7) and len(sunday) == 10
    with pytest.raises(Invalid):
        booked("2026-11-03T09:10")


def test_a_time_is_given_as_often_as_it_has_places_and_no_more(dadong):
    for n in range(4):
        assert booked(f"{TUESDAY}T09:10", phone=phone(n)).row.seat == n
    assert free(dadong, TUESDAY)["09:10"] == 0
    with pytest.raises(Conflict) as full:
        booked(f"{TUESDAY}T09:10", phone=phone(9))
    assert full.value.code == "taken"
    assert booked(f"{TUESDAY}T09:30", phone=phone(9)).created


def test_the_database_itself_refuses_the_same_place_twice(dadong):
    row = booked(f"{TUESDAY}T09:10").row
    row.pk, row.number, row.nth = uuid4(), "1", 1
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    "when", [f"{TUESDAY}T09:15", f"{TUESDAY}T12:00", "2026-09-07T08:50", "2026-09-12T09:10"]
)
def test_only_a_time_that_is_offered_can_be_booked(dadong, when):
    with pytest.raises(Invalid) as wrong:
        booked(when)
    assert wrong.value.where == "at"


def test_what_the_hall_does_not_do_and_a_wrong_telephone_are_named(dadong):
    for change, where in (({"service": "identity-card"}, "service"), ({"phone": "12345"}, "phone")):
        with pytest.raises(Invalid) as wrong:
            booked(f"{TUESDAY}T09:10", **change)
        assert wrong.value.where == where
    with pytest.raises(NotFound):
        booked(f"{TUESDAY}T09:10", hall="nowhere")


def test_sent_again_it_is_the_same_appointment_and_other_content_is_refused(dadong):
    first = booked(f"{TUESDAY}T09:10")
    again = bookings.book(**first.given)
    assert not again.created and again.booking.pk == first.row.pk and again.secret == first.secret
    with pytest.raises(Conflict):
        bookings.book(**first.given | {"at": at(f"{TUESDAY}T09:30")})


def test_only_number_and_secret_open_it_and_the_telephone_lies_sealed(dadong):
    got = booked(f"{TUESDAY}T09:10")
    assert bookings.find(got.number, got.secret.upper()).pk == got.row.pk
    for number, secret in ((got.number, "wrong"), ("0000000000", got.secret), ("", "")):
        with pytest.raises(NotFound):
            bookings.find(number, secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_hash FROM services_booking")
        assert "13800000001" not in str(cursor.fetchall())


def test_moved_the_old_time_is_free_and_it_can_be_moved_three_times(dadong):
    got = booked(f"{TUESDAY}T09:10")
    for when in ("09:30", "09:50", "10:10"):
        bookings.move(number=got.number, secret=got.secret, at=at(f"{TUESDAY}T{when}"), now=MONDAY)
    assert free(dadong, TUESDAY)["09:10"] == 4 and free(dadong, TUESDAY)["10:10"] == 3
    bookings.move(
        number=got.number, secret=got.secret, at=at(f"{TUESDAY}T10:10"), now=MONDAY
    )  # the same again
    with pytest.raises(Conflict) as enough:
        bookings.move(number=got.number, secret=got.secret, at=at(f"{TUESDAY}T10:30"), now=MONDAY)
    assert enough.value.code == "moved_enough"


def test_cancelled_it_is_free_for_another_and_not_open_any_more(dadong):
    got = booked(f"{TUESDAY}T09:10")
    for _again in range(2):
        assert bookings.cancel(number=got.number, secret=got.secret, now=MONDAY).state == "cancelled"
    assert free(dadong, TUESDAY)["09:10"] == 4
    with pytest.raises(Conflict):
        came(got, f"{TUESDAY}T09:05")
    begun = booked(f"{TUESDAY}T09:10")
    with pytest.raises(Conflict) as late:
        bookings.cancel(number=begun.number, secret=begun.secret, now=at(f"{TUESDAY}T09:10"))
    assert late.value.code == "begun"


def test_one_telephone_keeps_two_open_appointments_and_may_book_again_after_one_is_over(dadong):
    first = booked(f"{TUESDAY}T09:10")
    booked(f"{TUESDAY}T10:10")
    with pytest.raises(Conflict) as enough:
        booked(f"{TUESDAY}T11:10")
    assert enough.value.code == "booked_enough"
    came(first, f"{TUESDAY}T09:05")
    booked(f"{TUESDAY}T11:10", now=at(f"{TUESDAY}T09:06"))


def test_who_let_three_pass_within_ninety_days_waits_in_line(dadong):
    for day in ("07", "08", "09"):
        booked(f"2026-09-{day}T10:10", now=at(f"2026-09-{day}T09:00"))
    with pytest.raises(Conflict) as refused:
        booked("2026-09-11T10:10", now=at("2026-09-10T09:00"))
    assert refused.value.code == "missed_too_many"
    later = at("2026-12-10T09:00")
    closing.day_over(later)
    assert booked("2026-12-11T10:10", now=later).created


def test_after_the_day_what_was_not_kept_is_missed_and_the_telephone_is_forgotten(dadong):
    kept, missed = booked(f"{TUESDAY}T09:10"), booked(f"{TUESDAY}T09:30")
    ticket = came(kept, f"{TUESDAY}T09:05")
    assert closing.day_over(at(f"{TUESDAY}T23:00")) == 0
    assert bookings.state_of(missed.row, at("2026-09-09T08:00")) == "missed"
    assert closing.day_over(at("2026-09-09T00:10")) > 0
    rows = {row.pk: row for row in Booking.objects.all()}
    assert (rows[kept.row.pk].state, rows[missed.row.pk].state) == ("arrived", "missed")
    assert {row.phone for row in rows.values()} == {""} and all(row.phone_hash for row in rows.values())
    assert Ticket.objects.get(pk=ticket.pk).state == "left"
    closing.day_over(at("2026-12-20T00:10"))
    assert set(Booking.objects.values_list("phone_hash", flat=True)) == {""}
    assert closing.day_over(at("2026-12-20T00:20")) == 0


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_who_book_the_last_place_at_the_same_moment_one_gets_it(dadong):
    for n in range(3):
        booked(f"{TUESDAY}T09:10", phone=phone(n))

    def try_it(n: int):
        try:
            return booked(f"{TUESDAY}T09:10", phone=phone(10 + n)).row.seat
        except Conflict as refused:
            return refused.code

    answers = at_once([lambda n=n: try_it(n) for n in range(6)])
    assert sorted(map(str, answers)) == ["3", *["taken"] * 5]
    assert Booking.objects.filter(state="booked").count() == 4


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_one_telephone_that_books_many_times_at_the_same_moment_gets_two(dadong):
    def try_it(n: int):
        try:
            return booked(f"{TUESDAY}T{9 + n:02d}:10").created
        except Conflict as refused:
            return refused.code

    answers = at_once([lambda n=n: try_it(n) for n in (0, 1, 2, 5, 6)])
    assert answers.count(True) == 2, answers
    assert Booking.objects.count() == 2


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_a_place_that_is_moved_to_and_booked_at_the_same_moment_is_given_once(dadong):
    for n in range(3):
        booked(f"{TUESDAY}T09:10", phone=phone(n))
    own = booked(f"{TUESDAY}T10:10", phone=phone(7))

    def try_it(work):
        try:
            return work() and "got"
        except Conflict as refused:
            return refused.code

    answers = at_once(
        [
            lambda: try_it(lambda: bookings.move(number=own.number, secret=own.secret, at=at(f"{TUESDAY}T09:10"), now=MONDAY)),
            lambda: try_it(lambda: booked(f"{TUESDAY}T09:10", phone=phone(8))),
        ]
    )  # fmt: skip
    assert sorted(answers) == ["got", "taken"]
    assert Booking.objects.filter(at=at(f"{TUESDAY}T09:10")).count() == 4
