"""Searching matters by what is written in them; the index is right after every action."""

from __future__ import annotations

import pytest
from uuid_utils.compat import uuid7

from tests.conftest import at
from tests.kernel.matters.conftest import Way
from yiwang.core.geo import Point
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import actions, pages, queries, search
from yiwang.kernel.matters.bulk import Hall
from yiwang.kernel.matters.models import Matter, Sought
from yiwang.kernel.matters.store import numbers
from yiwang.kernel.registers.calendars import current_calendar


def opened(dadong, text: str, when: str = "2026-09-24T16:30", **columns) -> Way:
    way = Way(dadong)
    way.open(when, title=text[:20], description=text, **columns)
    return way


def found(text: str, *marks: str, **given) -> list:
    wanted = search.read(text)
    for one in marks:
        wanted = wanted.also(one)
    return [matter for _key, matter in search.newest(wanted, **({"count": 100} | given))]


def test_one_two_and_many_characters_are_found_and_nothing_else(dadong):
    lamp = opened(dadong, "小区门口路灯不亮好几天了")
    cover = opened(dadong, "井盖丢失，灯光昏暗")
    assert found("灯") == [cover.id, lamp.id]
    assert found("路灯") == [lamp.id]
    assert found("路灯不亮好几天") == [lamp.id]
    assert found("灯光 井盖") == [cover.id]
    assert found("失灯") == []  # neighbours only across the comma
    assert found("亮不") == []


def test_a_number_is_found_by_its_parts(dadong):
    first, second = opened(dadong, "路灯"), opened(dadong, "井盖")
    number = first.matter().number
    assert found(number) == [first.id]
    assert found(number.replace("-", "")) == [first.id]
    assert found(number[9:]) == [first.id]
    assert set(found("20260924")) == {first.id, second.id}


def test_the_address_and_latin_words_are_found(dadong):
    way = opened(dadong, "LED屏太亮", address="东望街８０５号B座")
    assert found("led") == found("805号b座") == found("东望街") == [way.id]


def test_the_newest_come_first_and_pages_follow(dadong):
    ways = [opened(dadong, "路灯不亮", f"2026-09-{day}T10:00") for day in (22, 24, 23)]
    assert found("路灯") == [ways[1].id, ways[2].id, ways[0].id]
    key = search.key_of(ways[1].id)
    assert found("路灯", below=key) == [ways[2].id, ways[0].id]
    assert found("路灯", since=search.before(at("2026-09-23T10:00")), below=key) == [ways[2].id]


def test_what_changes_is_found_as_it_is_now(dadong, way):
    way.open(title="井盖丢失", description="井盖丢失", address="旧地址")
    assert found("旧地址", "_xopen") == [way.id]
    actions.relocate(
        actor=SYSTEM, matter=way.id, area="210104018", address="新地址", now=at("2026-09-24T17:00")
    )
    assert found("旧地址") == []
    assert found("新地址", "_a210104018") == [way.id]
    assert found("新地址", "_a210104002") == []
    actions.void(actor=SYSTEM, matter=way.id, now=at("2026-09-24T18:00"), note="不属实")
    assert found("井盖", "_xopen") == []
    assert found("井盖", "_xvoid") == [way.id]


def test_what_was_split_off_is_found(dadong, way):
    way.open()
    part = {"title": "垃圾堆放", "description": "树下有垃圾堆放"}
    new = actions.split(actor=SYSTEM, matter=way.id, parts=[part], now=at("2026-09-24T17:00"))
    assert found("垃圾堆放") == [new[0].pk]


def test_what_was_written_in_bulk_is_found_too(dadong):
    hall = Hall(dadong, current_calendar())
    made = []
    for n in range(30):
        case = hall.new_case(
            id=uuid7(),
            number=numbers.next(at("2026-09-24T09:00")),
            kind="incident",
            point=Point(123.456, 41.806, "WGS84"),
            title=f"第{n}盏路灯",
            area="210104002009",
        )
        made.append(hall.open(actor=SYSTEM, case=case, now=at("2026-09-24T09:00")).id)
    hall.void(actor=SYSTEM, case=hall.cases[3], now=at("2026-09-24T09:30"), note="重复")
    hall.write()
    assert set(found("盏路灯")) == set(made)
    assert found("第17盏") == [made[17]]
    assert found("路灯", "_xvoid") == [made[3]]


def test_text_that_was_erased_by_hand_is_forgotten(dadong, way):
    way.open(title="张三的井盖", description="张三的井盖丢失")
    Matter.objects.filter(pk=way.id).update(title="（已删除）", description="")
    assert search.refresh(way.matter().number)
    assert found("张三") == []
    assert found("已删除") == [way.id]
    assert "张三" not in Sought.objects.get(matter=way.id).text


def test_the_index_can_be_made_anew(dadong):
    way = opened(dadong, "小区门口路灯不亮")
    assert search.rebuild() == 1
    assert found("路灯") == [way.id]
    assert search.fill() == 0


def test_a_query_of_nothing_but_signs_or_of_a_whole_letter_is_refused():
    for text in ("，。", "路" * 101):
        with pytest.raises(Invalid) as refusal:
            search.read(text)
        assert refusal.value.where == "q"


def test_an_action_that_is_refused_leaves_no_trace_in_the_index(dadong, way):
    way.open(title="井盖丢失", description="井盖丢失")
    with pytest.raises(Invalid):
        actions.relocate(
            actor=SYSTEM, matter=way.id, area="nowhere", address="别处", now=at("2026-09-24T17:00")
        )
    assert found("别处") == [] and found("井盖") == [way.id]


TEXTS = ("路灯不亮", "路面破损，井盖丢失", "井盖丢失", "小区 路灯", "垃圾堆积在道路", "LED屏太亮 路灯")


@pytest.mark.parametrize("text", ["路", "路灯", "井盖 路", "led", "不亮好", "2026", "灯"])
def test_looking_at_the_texts_finds_what_the_index_finds(dadong, text):
    ways = [opened(dadong, one) for one in TEXTS]
    assert search.fitting(search.read(text), [way.id for way in ways]) == set(found(text))


@pytest.mark.parametrize("order", ["due", "newest"])
@pytest.mark.parametrize(
    "asked", [{"q": "路"}, {"q": "井盖"}, {"q": "路灯", "source": "portal"}, {"q": "没有"}]
)
def test_a_queue_is_the_same_whether_its_words_are_frequent_or_rare(
    dadong, acceptor, monkeypatch, asked, order
):
    for hour, text in enumerate(TEXTS * 2):
        opened(dadong, text, f"2026-09-24T{8 + hour:02}:00")

    def rows() -> list:
        kept, after = [], ""
        while True:
            page = queries.queue(acceptor, limit=2, order=order, after=after, **asked)
            kept += page.rows
            if not (after := page.next):
                return kept

    rare = rows()
    monkeypatch.setattr(search, "FREQUENT", 0)
    frequent = rows()
    monkeypatch.setattr(pages, "_MOST_WALKED", 0)
    assert rare == frequent == rows()
