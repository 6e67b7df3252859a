"""What an action is given is looked at before anything is written: units, people, places, lengths, classes."""

from __future__ import annotations

import pytest

from tests.conftest import at
from tests.kernel.matters.conftest import Way
from tests.people import user
from yiwang.core.geo import Point
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Event, Matter, Task
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.models import Area, Unit

NOW = at("2026-09-28T09:00")
FAR = Point(116.39, 39.91, "WGS84")  # Beijing


def refused(where: str, code: str = "", call=None, **given) -> Invalid:
    """Calls the action; it must refuse this field, and nothing may have been written."""
    before = Event.objects.count()
    with pytest.raises(Invalid) as refusal:
        call(actor=SYSTEM, now=NOW, **given)
    assert refusal.value.where == where
    assert not code or refusal.value.code == code
    assert Event.objects.count() == before
    return refusal.value


def reassign_refused(way: Way, where: str, code: str, **given) -> None:
    refused(where, code, actions.reassign, task=way.task().id, note="改派", **given)


def test_a_task_is_not_given_to_a_unit_that_does_not_exist(way):
    way.to_handle()
    reassign_refused(way, "unit", "unknown_unit", unit="nobody")


def test_a_task_is_not_given_to_a_unit_that_exists_no_more(way):
    way.to_handle()
    Unit.objects.filter(pk="drainage").update(active=False)
    registers.reset_caches()
    try:
        reassign_refused(way, "unit", "unknown_unit", unit="drainage")
    finally:
        registers.reset_caches()


@pytest.mark.parametrize("stranger", [987_654, 10**30, -1])
def test_a_task_is_not_given_to_a_person_who_does_not_exist(way, stranger):
    way.to_handle()
    reassign_refused(way, "user", "no_user", user=stranger)


def test_a_task_is_not_given_to_a_person_who_has_left(way):
    way.to_handle()
    gone = user("acceptor", username="gone")
    gone.is_active = False
    gone.save()
    reassign_refused(way, "user", "no_user", user=gone.pk)


def test_a_matter_is_not_moved_to_an_area_that_does_not_exist(way):
    way.open()
    refused("area", "unknown_area", actions.relocate, matter=way.id, area="210104999")
    refused("area", "no_area", actions.relocate, matter=way.id, area="")


def test_a_matter_is_not_moved_to_an_area_that_exists_no_more(way):
    way.open()
    Area.objects.filter(pk="210104003001").update(active=False)
    registers.reset_caches()
    try:
        refused("area", "unknown_area", actions.relocate, matter=way.id, area="210104003001")
    finally:
        registers.reset_caches()


def test_a_matter_is_not_moved_out_of_the_district(way):
    way.open()
    refused("point", "outside_district", actions.relocate, matter=way.id, area="210104002009", point=FAR)


def test_a_matter_is_not_moved_to_an_area_in_which_its_point_does_not_lie(way):
    way.open()
    inside = registers.areas()["210104002009"]
    point = Point(inside.lon, inside.lat, "WGS84")
    refused("area", "", actions.relocate, matter=way.id, area="210104003", point=point)


def test_a_matter_moved_by_its_point_alone_lies_in_the_community_of_the_point(way):
    way.open(area="210104003")
    inside = registers.areas()["210104002009"]
    point = Point(inside.lon, inside.lat, "WGS84")
    moved = actions.relocate(actor=SYSTEM, matter=way.id, now=NOW, point=point)
    assert moved.area_id == way.task().area_id == "210104002009"


def test_an_address_longer_than_its_column_is_refused(way):
    way.open()
    refused("address", "too_long", actions.relocate, matter=way.id, area="210104002", address="路" * 257)
    actions.relocate(actor=SYSTEM, matter=way.id, now=NOW, area="210104002", address="路" * 256)


LONG = "很" * 501
ON_MATTER = {
    "hold": {"reason": "weather"},
    "resume": {},
    "remind": {},
    "withdraw": {},
    "void": {},
    "close": {},
    "reopen": {},
}
ON_TASK = {
    "complete": {"outcome": "done"},
    "send_back": {},
    "reassign": {"unit": "drainage"},
    "extend": {"limit": "1wd"},
}


@pytest.mark.parametrize("action", ON_MATTER)
def test_a_note_of_more_than_five_hundred_characters_is_refused(way, action):
    way.to_handle()
    if action == "resume":
        actions.hold(actor=SYSTEM, matter=way.id, reason="weather", note="雨", now=NOW)
    if action == "reopen":
        actions.close(actor=SYSTEM, matter=way.id, note="好", now=NOW)
    said = refused(
        "note", "too_long", getattr(actions, action), matter=way.id, note=LONG, **ON_MATTER[action]
    )
    assert "501" in said.detail and "500" in said.detail


@pytest.mark.parametrize("action", ON_TASK)
def test_a_note_to_a_task_of_more_than_five_hundred_characters_is_refused(way, action):
    task = way.to_handle()
    refused("note", "too_long", getattr(actions, action), task=task.id, note=LONG, **ON_TASK[action])


def test_a_note_of_five_hundred_characters_is_kept_whole(way):
    way.to_handle()
    actions.hold(actor=SYSTEM, matter=way.id, reason="weather", note="雨" * 500, now=NOW)
    assert Event.objects.filter(matter=way.id).last().data["record"]["note"] == "雨" * 500


def test_merging_and_rating_take_no_longer_notes_either(dadong, way):
    way.open()
    other = Way(dadong)
    other.open()
    refused("note", "too_long", actions.merge, primary=way.id, duplicates=[other.id], note=LONG)
    actions.close(actor=SYSTEM, matter=way.id, note="好", now=NOW)
    refused("note", "too_long", actions.rate, matter=way.id, score=5, note=LONG)


@pytest.mark.parametrize(
    ("part", "where"),
    [
        ({}, "parts.1.title"),
        ({"title": "  "}, "parts.1.title"),
        ({"title": None}, "parts.1.title"),
        ({"title": "井" * 121}, "parts.1.title"),
        ({"title": "井盖", "description": "长" * 5001}, "parts.1.description"),
        ({"title": "井盖", "class_code": "99999"}, "parts.1.class_code"),
        ({"title": "井盖", "standard": "DB21", "class_code": "01003"}, "parts.1.class_code"),
        ({"title": "井盖", "standard": "nowhere"}, "parts.1.standard"),
    ],
    ids=str,
)
def test_a_part_that_cannot_be_a_matter_is_named_and_none_is_opened(way, part, where):
    way.open()
    refused(where, "", actions.split, matter=way.id, parts=[{"title": "路灯"}, part])
    assert Matter.objects.count() == 1


def test_a_part_with_a_class_and_no_standard_gets_the_one_in_force(dadong, way):
    way.open()
    new = actions.split(
        actor=SYSTEM, matter=way.id, now=NOW, parts=[{"title": " 井盖 ", "class_code": "01003"}]
    )
    assert (new[0].title, new[0].standard) == ("井盖", dadong.default_standard)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("title", "井" * 121),
        ("address", "路" * 257),
        ("source", "x" * 41),
        ("standard", "x" * 41),
        ("class_code", "1" * 12),
        ("area", "210104999"),
        ("unit", "nobody"),
    ],
)
def test_a_matter_that_does_not_fit_is_not_opened(way, column, text):
    with pytest.raises(Invalid) as refusal:
        way.open(**{column: text})
    assert refusal.value.where == column
    assert not Matter.objects.exists() and not Task.objects.exists()
