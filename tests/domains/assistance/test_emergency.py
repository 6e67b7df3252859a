"""Relieve first, papers after: the money within twenty-four hours of the call."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.domains.assistance.offices import BEGIN, IDS, applied, do, open_nodes, task
from tests.people import person
from yiwang.domains.assistance import queries
from yiwang.domains.assistance.models import Application, Award, Payment
from yiwang.kernel.errors import Denied, Invalid
from yiwang.kernel.matters import timers
from yiwang.kernel.matters.models import Matter

pytestmark = pytest.mark.usefixtures("dadong")


def called(**more):
    given = {"channel": "call", "emergency": "fire", "id_number": "", "members": []} | more
    return applied("relief_emergency", **given)


def test_from_the_call_to_the_money_takes_less_than_a_day_and_the_papers_come_after():
    matter = called()
    do(matter, "confirm", "urgent", BEGIN + timedelta(hours=2), reason="厨房失火，家中无法居住")
    row = Application.objects.get(pk=matter.pk)
    assert row.due_at == BEGIN + timedelta(hours=24)
    assert sum(int(task_limit(matter, node)) for node in ("relieve",)) == 6
    do(matter, "relieve", "grant", BEGIN + timedelta(hours=4), amount="2000", reason="先行救助，保障吃住")
    do(matter, "hand_over", "paid", BEGIN + timedelta(hours=6), way="cash", signed_by="王秀兰")
    paid = Payment.objects.get(award__matter=matter)
    assert (paid.fen, paid.state, paid.way) == (200000, "paid", "cash")
    assert paid.paid_at - matter.opened_at < timedelta(hours=24)
    assert open_nodes(matter) == {"papers"}
    now = BEGIN + timedelta(days=3)
    do(matter, "papers", "done", now, signed_by="王秀兰", seen="火灾属实，已补齐材料")
    do(matter, "county_review", "recorded", now)
    timers.fire_due(now)
    assert Matter.objects.get(pk=matter.pk).state == "closed"


def task_limit(matter, node):
    return task(matter, node).limit.rstrip("h")


def test_the_hours_of_the_three_steps_make_twenty_four():
    limits = []
    matter = called()
    limits.append(int(task_limit(matter, "confirm")))
    do(matter, "confirm", "urgent", BEGIN, reason="交通事故")
    limits.append(int(task_limit(matter, "relieve")))
    do(matter, "relieve", "grant", BEGIN, amount="500", reason="急需住院押金")
    limits.append(int(task_limit(matter, "hand_over")))
    assert sum(limits) == 24


def test_an_emergency_needs_no_number_and_no_papers_at_first_but_its_kind():
    with pytest.raises(Invalid) as caught:
        called(emergency="")
    assert caught.value.where == "emergency"


def test_what_is_no_emergency_is_shown_the_ordinary_way_and_told_why():
    matter = called()
    do(matter, "confirm", "not_urgent", BEGIN, reason="属长期困难，建议申请低保")
    do(matter, "notify_refusal", "delivered", BEGIN)
    assert Matter.objects.get(pk=matter.pk).state == "closed"
    assert not Award.objects.exists()


def test_who_confirmed_the_emergency_does_not_decide_on_the_money():
    both = person("aid-officer-210104012", "aid-street-210104012", name="双岗")
    matter = called()
    do(matter, "confirm", "urgent", BEGIN, both, reason="火灾")
    with pytest.raises(Denied):
        do(matter, "relieve", "grant", BEGIN, both, amount="500", reason="急需")


def test_whoever_decides_sees_what_the_household_got_within_a_year():
    first = called(id_number=IDS[0])
    do(first, "confirm", "urgent", BEGIN, reason="厨房失火")
    do(first, "relieve", "grant", BEGIN, amount="2000", reason="先行救助")
    later = BEGIN + timedelta(days=200)
    again = called(id_number=IDS[0], id=uuid4(), now=later)
    elsewhere = called(id_number=IDS[1], name="别人", id=uuid4(), now=later)
    day = later.date()
    assert [row.fen for row in queries.relieved_lately(again.pk, day)] == [200000]
    assert queries.relieved_lately(elsewhere.pk, day) == []
    assert queries.relieved_lately(first.pk, BEGIN.date()) == []
    assert queries.relieved_lately(again.pk, day + timedelta(days=200)) == []
