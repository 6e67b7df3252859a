"""What everybody may know: points, cells and counts; nothing that says who, or exactly where."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from tests.faces.conftest import photo
from yiwang.domains.operations import public
from yiwang.domains.operations.intake import File
from yiwang.faces.portal import counting
from yiwang.faces.portal.models import CountedDay
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions as matters

SECRETS = ("张小明", "13812345678", "幸福里三号楼")


@pytest.fixture
def private(at_step):
    return at_step(
        "handle",
        text="小区门口路灯不亮，张小明 13812345678",
        address="幸福里三号楼",
        contact_name="张小明",
        files=[File(photo(), "a.jpg")],
    )


def points(client) -> list[dict]:
    return client.get("/map/reports.json").json()["features"]


def test_nothing_public_holds_words_names_numbers_or_the_exact_place(visitor, private, inside):
    pages = [
        visitor.get(url).content.decode() for url in ("/map", "/map/reports.json", "/map/cells.json", "/")
    ]
    for text in pages:
        assert not any(secret in text for secret in (*SECRETS, private.number, str(private.matter.pk)))
        assert str(inside.lat) not in text and str(inside.lon) not in text
    (point,) = points(visitor)
    assert set(point["properties"]) == {"title", "sub", "tone", "url"}


@given(st.floats(41, 43), st.floats(123, 124))
def test_a_rounded_place_is_near_the_true_one_and_the_same_for_its_whole_square(lat, lon):
    for value in (lat, lon):
        there = public.middle(value)
        assert abs(there - value) <= 0.00051 and public.middle(there) == there


def test_an_open_report_is_a_point_that_says_what_since_when_and_where_it_stands(visitor, private):
    (point,) = points(visitor)
    assert "since 24 Sep" in point["properties"]["sub"] and "being mended" in point["properties"]["sub"]
    assert point["properties"]["tone"] == "running"


def test_reports_of_one_square_are_one_point_and_one_cell(visitor, reported, inside):
    for text in ("路灯不亮", "垃圾桶满了", "路面有坑"):
        reported(text=text)
    (point,) = points(visitor)
    assert point["properties"]["title"] == "3 reports"
    (cell,) = visitor.get("/map/cells.json").json()["features"]
    assert cell["properties"]["count"] == 3 and cell["geometry"]["type"] == "Polygon"


def test_what_was_done_is_shown_for_a_week(visitor, at_step, time):
    at_step("end")
    assert [one["properties"]["tone"] for one in points(visitor)] == ["done"]
    shown = public.shown(time.now + timedelta(days=8))
    assert shown == []


def test_the_counts_say_what_came_of_the_reports(visitor, at_step, reported, time):
    at_step("end")
    reported(text="垃圾桶满了")
    ended = reported(text="路面有坑")
    matters.void(actor=SYSTEM, matter=ended.matter.pk, now=time.now, note="x")
    reported(text="墙上小广告", now=time.now - timedelta(days=10))
    time.set("2026-09-28T18:00")
    week, month = counting.counts(time.now)[7].total, counting.counts(time.now)[30].total
    assert (week.reported, week.done, week.open, week.other) == (3, 1, 1, 1)
    assert (month.reported, month.open) == (4, 2)
    assert (week.due, week.on_time) == (1, 1)
    text = visitor.get("/map?days=30").content.decode()
    assert "last 30 days" in text and "<table" in text


def test_work_that_is_late_and_unfinished_counts_as_not_in_time(at_step, time):
    at_step("handle")
    time.set("2026-09-30T12:00")
    total = counting.counts(time.now)[7].total
    assert (total.due, total.on_time, total.on_time_share) == (1, 0, 0.0)


def test_past_days_counted_by_the_worker_say_the_same_as_counting_them_now(at_step, reported, time):
    at_step("end")
    for days in (1, 5, 9, 20):
        reported(text="垃圾桶满了", now=time.now - timedelta(days=days))
    time.set("2026-09-26T10:00")
    before = counting.counts(time.now)
    counted = 0
    while done := counting.refresh(time.now):
        counted += done
    assert counted == 29 == CountedDay.objects.count()
    cache.clear()
    assert counting.counts(time.now) == before


def test_the_first_page_says_the_counts_in_one_line_and_never_waits_for_them(visitor, at_step, time):
    at_step("end")
    assert "In the last 30 days" not in visitor.get("/").content.decode()
    while counting.refresh(time.now):
        pass
    cache.clear()
    assert "In the last 30 days: 1 reported, 1 done." in visitor.get("/").content.decode()


def test_the_worker_counts_again_what_may_have_changed_and_forgets_what_is_no_longer_shown(world, time):
    while counting.refresh(time.now):
        pass
    assert counting.refresh(time.now + timedelta(minutes=9)) == 0
    assert counting.refresh(time.now + timedelta(minutes=11)) == 3
    while counting.refresh(time.now + timedelta(days=3)):
        pass
    assert CountedDay.objects.count() == 29


@given(st.lists(st.booleans(), min_size=29, max_size=29))
def test_missing_days_are_counted_in_runs_that_stay_within_a_window(missing):
    from datetime import date

    past = [date(2026, 9, 23) - timedelta(days=n) for n in range(29)]
    boundary = past[5]
    days = [day for day, gone in zip(past, missing, strict=True) if gone]
    runs = counting.runs(days, boundary)
    covered = [first + timedelta(days=n) for first, last in runs for n in range((last - first).days + 1)]
    assert sorted(covered) == sorted(days)
    assert all((first >= boundary) == (last >= boundary) for first, last in runs)


def test_the_map_is_counted_once_a_minute_for_everybody(visitor, private, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        visitor.get("/map/reports.json")
    with django_assert_max_num_queries(0):
        first = visitor.get("/map/reports.json")
        visitor.get("/map/cells.json")
    again = visitor.get("/map/reports.json", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and "max-age=60" in first["Cache-Control"]
    with django_assert_max_num_queries(7):
        visitor.get("/map")
    with django_assert_max_num_queries(0):
        visitor.get("/map?days=30")


def test_both_languages_have_their_own_answer(visitor, client, private):
    assert points(visitor)[0]["properties"]["title"] != points(client)[0]["properties"]["title"]
    assert json.dumps(points(client))
