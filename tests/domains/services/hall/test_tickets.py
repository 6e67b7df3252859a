"""Tickets of a day: taken in the hall, called by the rule, called again, passed over, and the time that people waited."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.conftest import at
from tests.domains.services.hall.conftest import FOOD, HALL, PERMIT, booked, called, came, phone, took
from tests.faces.api.test_at_once import at_once, needs_postgres
from tests.people import person
from yiwang.domains.services.hall import bookings, figures, lines, tickets
from yiwang.domains.services.models import Ticket
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound, NotSignedIn

DAY = "2026-09-08"


def test_tickets_are_numbered_by_line_and_called_in_their_order(clerk, guide):
    assert [took(guide, f"{DAY}T09:0{n}").label for n in range(3)] == ["A001", "A002", "A003"]
    assert took(guide, f"{DAY}T09:04", PERMIT).label == "C001"
    assert [called(clerk, f"{DAY}T09:1{n}") for n in range(4)] == ["A001", "A002", "A003", None]
    assert called(clerk, f"{DAY}T09:20", desk="6") == "C001"
    assert took(guide, "2026-09-09T09:00").label == "A001"  # each day anew


def test_the_same_ticket_asked_for_twice_is_one(guide):
    key = uuid4()
    for _twice in range(2):
        tickets.take(actor=guide, hall=HALL, service=FOOD, id=key, now=at(f"{DAY}T09:00"))
    assert Ticket.objects.count() == 1


def test_only_the_hall_gives_tickets_and_only_counters_call(dadong, clerk, guide):
    for actor, error in ((resident(), NotSignedIn), (person("dispatcher"), Denied)):
        with pytest.raises(error):
            took(actor, f"{DAY}T09:00")
    got = took(guide, f"{DAY}T09:00")
    for act in (
        lambda: tickets.call_next(actor=guide, hall=HALL, desk="1", now=at(f"{DAY}T09:01")),
        lambda: tickets.call_again(actor=guide, ticket=got.pk, now=at(f"{DAY}T09:01")),
    ):
        with pytest.raises(Denied):
            act()
    for act, error in (
        (lambda: tickets.call_next(actor=clerk, hall=HALL, desk="99", now=at(f"{DAY}T09:01")), NotFound),
        (lambda: tickets.call_next(actor=clerk, hall="x", desk="1", now=at(f"{DAY}T09:01")), NotFound),
        (lambda: tickets.begin(actor=clerk, ticket=uuid4(), now=at(f"{DAY}T09:01")), NotFound),
        (lambda: took(guide, f"{DAY}T09:00", "identity-card"), Invalid),
        (lambda: took(guide, f"{DAY}T18:00"), Conflict),
        (lambda: took(guide, "2026-09-12T09:00"), Conflict),
    ):
        with pytest.raises(error):
            act()


def test_who_has_an_appointment_is_called_at_its_time_and_the_others_are_not_left_waiting(clerk, guide):
    late = [booked(f"{DAY}T09:10", phone=phone(n)) for n in range(3)]
    for n in range(3):
        took(guide, f"{DAY}T08:5{n}")
    assert [came(one, f"{DAY}T09:0{n}").label for n, one in enumerate(late)] == ["YA001", "YA002", "YA003"]
    assert called(clerk, f"{DAY}T09:05") == "A001"  # nobody's time has come yet
    assert [called(clerk, f"{DAY}T09:1{n}") for n in range(6)] == [
        "YA001",
        "YA002",
        "A002",
        "YA003",
        "A003",
        None,
    ]


def test_too_early_is_refused_and_too_late_waits_like_everybody(clerk, guide):
    early, late = booked(f"{DAY}T10:30"), booked(f"{DAY}T09:10", phone=phone(2))
    with pytest.raises(Conflict) as refused:
        came(early, f"{DAY}T09:50")
    assert refused.value.code == "too_early"
    with pytest.raises(Conflict):
        came(early, "2026-09-09T10:30")
    took(guide, f"{DAY}T09:15")
    ticket = came(late, f"{DAY}T09:21")
    assert ticket.label == "A002" and ticket.booked_for is None and came(late, f"{DAY}T09:30").pk == ticket.pk
    assert called(clerk, f"{DAY}T09:22") == "A001"


def test_who_does_not_come_is_called_twice_passed_over_and_may_come_back(clerk, guide):
    first, _second = took(guide, f"{DAY}T09:00"), took(guide, f"{DAY}T09:01")
    tickets.call_next(actor=clerk, hall=HALL, desk="1", now=at(f"{DAY}T09:02"))
    for act, code in (
        (lambda: tickets.call_next(actor=clerk, hall=HALL, desk="1", now=at(f"{DAY}T09:03")), "still_called"),
        (lambda: tickets.pass_over(actor=clerk, ticket=first.pk, now=at(f"{DAY}T09:03")), "call_again"),
        (lambda: tickets.call_again(actor=clerk, ticket=first.pk, now=at(f"{DAY}T09:02:05")), "too_soon"),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == code
    tickets.call_again(actor=clerk, ticket=first.pk, now=at(f"{DAY}T09:03"))
    tickets.pass_over(actor=clerk, ticket=first.pk, now=at(f"{DAY}T09:04"))
    took(guide, f"{DAY}T09:05")
    tickets.come_back(actor=guide, ticket=first.pk, now=at(f"{DAY}T09:06"))
    assert [called(clerk, f"{DAY}T09:1{n}") for n in range(3)] == ["A002", "A003", "A001"]
    assert Ticket.objects.get(pk=first.pk).waited == 120  # until the first call, whatever came later


def test_one_counter_has_one_person_and_two_counters_never_the_same(clerk, guide, dadong):
    for n in range(2):
        took(guide, f"{DAY}T09:0{n}")
    assert [called(clerk, f"{DAY}T09:05", desk) for desk in ("1", "2", "3")] == ["A001", "A002", None]
    board = tickets.board(dadong.halls[HALL], at(f"{DAY}T09:06"))
    assert [(one.label, one.desk) for one in board.serving] == [("A001", "1"), ("A002", "2")]
    assert called(clerk, f"{DAY}T09:07", "1") is None
    assert Ticket.objects.get(label="A001").state == "done"


def test_how_many_are_ahead_is_what_the_rule_will_do(clerk, guide, dadong):
    hall = dadong.halls[HALL]
    got = booked(f"{DAY}T09:10")
    some = [took(guide, f"{DAY}T09:0{n}") for n in range(3)]
    mine = came(got, f"{DAY}T09:04")
    now = at(f"{DAY}T09:12")
    assert [lines.ahead_of(one, hall, now) for one in (mine, *some)] == [0, 1, 2, 3]
    assert lines.ahead_of(mine, hall, at(f"{DAY}T09:05")) == 3


def test_the_board_shows_numbers_and_nothing_of_anybody(clerk, guide, dadong, django_assert_num_queries):
    got = booked(f"{DAY}T09:10")
    took(guide, f"{DAY}T09:00")
    came(got, f"{DAY}T09:00")
    tickets.call_next(actor=clerk, hall=HALL, desk="2", now=at(f"{DAY}T09:02"))
    with django_assert_num_queries(1):
        board = tickets.board(dadong.halls[HALL], at(f"{DAY}T09:03"))
    assert [(one.label, one.desk) for one in board.called] == [("A001", "2")]
    assert board.waiting == {"enterprises": 1, "insurance": 0, "building": 0, "others": 0}


def test_waiting_is_measured_from_the_ticket_or_the_time_of_the_appointment(clerk, guide, dadong):
    got = booked(f"{DAY}T09:10")
    for n in range(9):
        took(guide, f"{DAY}T08:3{n}")
    came(got, f"{DAY}T08:50")
    for n in range(9):  # taken at 8:3n, called at 9:00 + n: thirty minutes each
        called(clerk, f"{DAY}T09:0{n}")
    assert called(clerk, f"{DAY}T09:15") == "YA001"  # five minutes after its time, not twenty-five
    from datetime import date

    found = figures.of(dadong.halls[HALL], date(2026, 9, 8), date(2026, 9, 8))
    waits = {(one.line, one.booked): one for one in found.waits}
    assert (waits[("enterprises", False)].median, waits[("enterprises", False)].p90) == (1800, 1800)
    assert waits[("enterprises", True)].median == 300 and found.whole.called == 10
    assert (found.bookings, found.kept, found.missed, found.cancelled) == (1, 1, 0, 0)


def test_before_anybody_was_called_there_is_no_median(guide, dadong):
    took(guide, f"{DAY}T09:00")
    from datetime import date

    found = figures.of(dadong.halls[HALL], date(2026, 9, 8), date(2026, 9, 8))
    assert (found.whole.median, found.whole.p90, found.whole.tickets) == (None, None, 1)


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_counters_that_call_at_the_same_moment_call_different_people(dadong):
    clerk, guide = person("window-clerk"), person("hall-guide")
    for n in range(3):
        took(guide, f"{DAY}T09:0{n}")
    answers = at_once([lambda desk=desk: called(clerk, f"{DAY}T09:05", desk) for desk in ("1", "2", "3")])
    assert sorted(answers) == ["A001", "A002", "A003"]


def test_a_cancelled_or_used_appointment_gives_no_second_ticket(dadong):
    got = booked(f"{DAY}T09:10")
    bookings.cancel(number=got.number, secret=got.secret, now=at(f"{DAY}T08:00"))
    with pytest.raises(Conflict):
        came(got, f"{DAY}T09:00")
