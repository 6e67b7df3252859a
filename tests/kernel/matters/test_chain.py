"""The event chain: what was done stays provable, and the columns can be rebuilt from it."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import at
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions, audit, store
from yiwang.kernel.matters.case import Case
from yiwang.kernel.matters.models import Event, Matter, Pause, Task


def faults(**filters) -> list[str]:
    return [
        fault.what for _number, found in audit.verify(Matter.objects.filter(**filters)) for fault in found
    ]


@pytest.fixture
def lived(way):
    """A matter with a hold, a rework, an extension and a reopening behind it."""
    task = way.to_handle()
    actions.hold(actor=SYSTEM, matter=way.id, reason="weather", now=at("2026-09-28T09:00"), note="大雨")
    actions.resume(actor=SYSTEM, matter=way.id, now=at("2026-09-29T09:00"))
    actions.extend(actor=SYSTEM, task=task.id, limit="1wd", now=at("2026-09-29T10:00"), note="雨后")
    for outcome in ("done", "confirm", "fail", "done", "confirm", "pass"):
        way.do(outcome, "2026-09-30T10:00")
    way.do("close", "2026-09-30T11:00", answer="好了")
    actions.reopen(actor=SYSTEM, matter=way.id, now=at("2026-10-08T09:00"), note="又坏了")
    return way


def test_a_true_chain_has_no_fault(lived):
    assert faults() == []


def test_a_changed_event_is_found(lived):
    event = Event.objects.filter(matter=lived.id, action="complete").first()
    Event.objects.filter(pk=event.pk).update(body=event.body.replace("file", "void"))
    assert faults() == ["the event was changed after it was written"]


@pytest.mark.parametrize("column", ["at", "actor_name", "action"])
def test_who_when_and_what_are_part_of_the_seal(lived, column):
    value = {"at": at("2026-09-24T16:00"), "actor_name": "别人", "action": "void"}[column]
    Event.objects.filter(matter=lived.id, seq=2).update(**{column: value})
    assert faults() == ["the event was changed after it was written"]


def test_a_removed_event_is_found(lived):
    Event.objects.filter(matter=lived.id, seq=3).delete()
    assert faults() == ["an event is missing"]


def test_a_cut_end_is_found(lived):
    Event.objects.filter(matter=lived.id).order_by("-seq").first().delete()
    assert "does not end where the matter says" in faults()[0]


def test_a_due_moment_changed_by_hand_is_found_and_mended(lived):
    Matter.objects.filter(pk=lived.id).update(due_at=at("2027-01-01T00:00"))
    Task.objects.filter(matter=lived.id, state="open").update(due_at=at("2027-01-01T00:00"))
    Pause.objects.filter(matter=lived.id).first().delete()
    assert faults() == [
        "the matter's due_at is not what its events say",
        "the tasks are not what the events say",
        "the pauses are not what the events say",
    ]
    audit.repair(lived.id)
    assert faults() == []


def test_the_free_text_of_a_resident_is_not_in_the_chain(way):
    way.open(title="我家门口的井盖", description="我叫张三，电话13800138000", address="北海街 1 号")
    bodies = "".join(Event.objects.values_list("body", flat=True))
    assert "张三" not in bodies and "门口" not in bodies and "北海街" not in bodies


def test_an_event_cannot_be_written_twice_at_one_place(way):
    way.open()
    from django.db import IntegrityError, transaction

    event = Event.objects.get(matter=way.id)
    event.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save(force_insert=True)


MOVES = [
    "file",
    "verify",
    "dispatch",
    "return",
    "done",
    "not_ours",
    "confirm",
    "redo",
    "pass",
    "fail",
    "true",
]


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from([*MOVES, "hold", "resume", "extend", "back", "close", "reopen", "remind"]),
        max_size=14,
    )
)
def test_whatever_people_do_the_columns_are_what_the_events_say(dadong, moves):
    from django.db import transaction

    from tests.kernel.matters.conftest import Way
    from yiwang.kernel.errors import Problem

    with transaction.atomic():
        way = Way(dadong)
        way.open()
        for minute, move in enumerate(moves):
            when = f"2026-09-28T{9 + minute // 6:02}:{minute % 6}0"
            try:
                _do(way, move, when)
            except Problem:
                continue
        row = Matter.objects.get(pk=way.id)
        stored, told = store.load(row), audit.rebuild(row, row.events.order_by("seq"))
        assert isinstance(told, Case)
        assert told == stored
        assert faults(pk=way.id) == []
        transaction.set_rollback(True)


def _do(way, move: str, when: str) -> None:
    now = at(when)
    if move == "hold":
        actions.hold(actor=SYSTEM, matter=way.id, reason="weather", now=now, note="雨")
    elif move == "resume":
        actions.resume(actor=SYSTEM, matter=way.id, now=now)
    elif move == "reopen":
        actions.reopen(actor=SYSTEM, matter=way.id, now=now, note="没好")
    elif move == "remind":
        actions.remind(actor=SYSTEM, matter=way.id, now=now, note="快")
    elif not Task.objects.filter(matter=way.id, state="open").exists():
        return
    elif move == "extend":
        actions.extend(actor=SYSTEM, task=way.task().id, limit="1wd", now=now, note="雨")
    elif move == "back":
        actions.send_back(actor=SYSTEM, task=way.task().id, now=now, note="错了")
    elif move == "file":
        way.do("file", when, condition="01003-settled")
    elif move == "close":
        way.do("close", when, answer="好了")
    else:
        way.do(move, when)


def test_the_chain_speaks_of_one_database_as_of_another(way):
    """The hash covers the exact text, so that a dump from one database verifies in another."""
    way.open()
    event = Event.objects.get(matter=way.id)
    assert event.body == event.body.strip() and event.body.startswith('{"open":')
    assert connection.vendor in ("sqlite", "postgresql")
