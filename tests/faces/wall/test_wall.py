"""The wall: what a leader sees of an area, and that every figure opens exactly its list."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from uuid_utils.compat import uuid7

from tests import people
from tests.conftest import at
from tests.faces.conftest import COMMUNITY, THURSDAY
from yiwang.core.geo import cell
from yiwang.domains.operations import tallies
from yiwang.domains.operations.wall import lists, whole
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.registers import queries as registers

SUBDISTRICT = COMMUNITY[:9]
OTHER = "210104003"
NUMBER = re.compile(r'href="/matters/(\d{8}-\d{6}-\d)"')


@pytest.fixture(autouse=True)
def _fresh(world):
    whole.forget()
    yield
    whole.forget()


@pytest.fixture
def wall(signed_in, time):
    """`wall(area)` is the wall's document for the district leader, counted up to the moment."""
    client = signed_in("leader")

    def look(area: str = "") -> dict:
        whole.forget()
        tallies.follow(time.now)
        answer = client.get("/wall/data", {"area": area})
        assert answer.status_code == 200, answer.content
        return answer.json()

    look.client = client
    return look


def figure(said: dict, slug: str) -> dict:
    return next(one for one in said["figures"] if one["slug"] == slug)


def listed(client: Client, url: str) -> int:
    """How many matters the list behind a figure has: of the wall's own lists, or of the list of all matters."""
    if url.startswith("/wall/list"):
        return len(NUMBER.findall(client.get(url).content.decode()))
    filters = pytest.importorskip("yiwang.kernel.matters.filters")
    assert urlsplit(url).path == "/matters"
    given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert client.get(url).status_code == 200
    wanted = filters.Filters.of(given)
    if "since" in given:
        wanted = wanted.but(since=at(f"{given['since']}T00:00"))
    return wanted.matters(people.person("leader"), whole_now()).count()


def whole_now():
    from yiwang.kernel.ui import clock

    return clock.now()


def test_a_leader_sees_the_district_and_every_figure_is_its_list(wall, at_step, time):
    for step in ("file", "handle", "handle", "handle", "verify", "end"):
        at_step(step)
    paused = at_step("handle")
    matters.hold(actor=SYSTEM, matter=paused.matter.pk, reason="material", note="等灯具到货", now=time.now)
    time.now = THURSDAY + timedelta(minutes=5)
    said = wall()
    values = {one["slug"]: one["value"] for one in said["figures"]}
    assert values == {"open": 6, "overdue": 0, "today": 2, "held": 1, "reports": 7, "closed": 1} | {
        "today": values["today"]
    }
    for one in said["figures"]:
        assert listed(wall.client, one["url"]) == one["value"], one
    for one in said["flow"]:
        assert listed(wall.client, one["url"]) == one["standing"], one
        for way in ("entered", "left"):
            assert listed(wall.client, one[f"{way}_url"]) == one[way], one
    assert {one["link"]: one["standing"] for one in said["flow"]} == {
        "file": 1, "dispatch": 0, "handle": 4, "feedback": 0, "verify": 1, "close": 0,
    }  # fmt: skip


def test_what_is_overdue_is_shown_with_whose_it_is_and_for_how_long(wall, at_step, time):
    for _n in range(3):
        at_step("handle")
    time.now = at("2026-10-15T10:00")
    said = wall()
    (unit,) = said["units"]
    assert (unit["name"], unit["overdue"], unit["open"]) == ("Street Lighting Office", 3, 3)
    assert unit["longest"].endswith("days")
    assert listed(wall.client, unit["url"]) == 3
    assert "Of 3 overdue, 100% lie with Street Lighting Office" in said["sentence"]
    assert figure(said, "overdue")["tone"] == "overdue"


def test_a_contractors_overdue_matters_stand_with_the_unit_above_it(wall, at_step, time):
    one = at_step("handle")
    matters.reassign(
        actor=SYSTEM, task=one.task.pk, unit="municipal-central", note="归市政养护", now=time.now
    )
    time.now = at("2026-11-15T10:00")
    units = {row["unit"]: row["overdue"] for row in wall()["units"]}
    assert units == {"municipal": 1}


def test_what_no_unit_has_yet_has_its_list_too(wall, at_step, time):
    waiting = at_step("file")
    time.now = at("2026-10-15T10:00")
    (row,) = wall()["units"]
    assert (row["unit"], row["name"], row["overdue"]) == ("", "no unit yet", 1)
    assert NUMBER.findall(wall.client.get(row["url"]).content.decode()) == [waiting.number]


def test_an_area_that_is_clicked_becomes_the_subject_of_everything(wall, at_step):
    at_step("handle"), at_step("handle")
    district, here, there = wall(), wall(SUBDISTRICT), wall(OTHER)
    assert [one["code"] for one in district["below"] if one["open"]] == [SUBDISTRICT]
    assert figure(here, "open")["value"] == figure(district, "open")["value"] == 2
    assert figure(there, "open")["value"] == figure(there, "reports")["value"] == 0
    assert there["sentence"] == "Nothing is open here."
    assert [one["code"] for one in here["above"]] == ["210104"]
    community = wall(COMMUNITY)
    assert figure(community, "reports")["value"] == 2 and community["below"] == []
    assert [one["code"] for one in community["above"]] == ["210104", SUBDISTRICT]
    assert listed(wall.client, figure(here, "open")["url"]) == 2


def test_the_page_says_it_without_script(signed_in, at_step, time):
    at_step("handle")
    tallies.follow(time.now)
    page = signed_in("leader").get("/wall").content.decode()
    assert 'href="/wall?area=210104002"' in page
    assert 'id="figure-open"' in page and "From intake to close" in page
    assert 'data-bs-theme="dark"' in page
    chosen = signed_in("leader")
    chosen.cookies["yiwang_theme"] = "light"
    assert 'data-bs-theme="light"' in chosen.get("/wall").content.decode()


def test_a_sub_districts_chief_sees_the_own_wall_and_no_other(signed_in, at_step, time):
    at_step("handle")
    tallies.follow(time.now)
    chief = signed_in(f"chief2-{SUBDISTRICT}")
    said = chief.get("/wall/data").json()
    assert said["area"]["code"] == SUBDISTRICT and said["above"] == []
    assert figure(said, "open")["value"] == 1
    assert said["league"] is None  # a chief of this level may not evaluate units
    assert chief.get("/wall/data", {"area": COMMUNITY}).status_code == 200
    for area in ("210104", OTHER, "999999", "x" * 400):
        assert chief.get("/wall", {"area": area}).status_code == 404
    assert chief.get("/wall/list", {"what": "duties", "unit": "lighting"}).status_code == 403


def test_who_sees_single_units_only_is_told_why_there_is_no_wall(signed_in, visitor):
    answer = signed_in("handler-lighting").get("/wall")
    assert answer.status_code == 403 and "whole areas" in answer.content.decode()
    assert visitor.get("/wall")["Location"].startswith("/sign-in?next=")
    assert visitor.get("/wall/data", headers={"accept": "application/json"}).status_code == 401


def test_what_has_not_changed_is_not_sent_again(wall, at_step, time):
    at_step("handle")
    tallies.follow(time.now)
    first = wall.client.get("/wall/data")
    again = wall.client.get("/wall/data", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    at_step("file")
    whole.forget()
    changed = wall.client.get("/wall/data", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]


def test_many_who_look_at_one_area_ask_the_database_once(wall, at_step, django_assert_max_num_queries):
    at_step("handle")
    wall()
    with django_assert_max_num_queries(4):  # session, user, posts
        assert wall.client.get("/wall/data").status_code == 200


def test_the_whole_wall_takes_few_queries_however_many_matters(wall, at_step, django_assert_max_num_queries):
    for _n in range(3):
        at_step("handle")
    wall()
    for area in ("", SUBDISTRICT, COMMUNITY):
        whole.forget()
        with django_assert_max_num_queries(20):
            assert wall.client.get("/wall", {"area": area}).status_code == 200


def test_before_anything_was_counted_the_wall_shows_what_is_now(signed_in, at_step):
    at_step("handle")
    answer = signed_in("leader").get("/wall")
    assert answer.status_code == 200
    assert "counted for the first time" in answer.content.decode()


def test_today_is_laid_over_days_like_it(wall, reported, time):
    for weeks in range(1, 6):
        for minute in range(4 + weeks % 2):
            reported(id=uuid7(), now=THURSDAY - timedelta(weeks=weeks, minutes=minute))
    reported(id=uuid7())
    curve = wall()["curve"]
    assert curve["now"][-1] == 1 and len(curve["now"]) == 17
    assert curve["days"] == 5 and len(curve["middle"]) == 24
    assert (curve["low"][-1], curve["high"][-1]) == (4, 5)
    assert "(Thu)" in curve["compared"]


def test_a_class_that_rises_is_told_with_the_number_that_says_how_unusual(wall, reported, time):
    for weeks in range(1, 9):
        for day in range(2):
            reported(id=uuid7(), now=THURSDAY - timedelta(weeks=weeks, days=day, hours=3))
    for minute in range(20):
        reported(id=uuid7(), now=THURSDAY - timedelta(minutes=minute))
    told = wall()["rising"]
    kinds = {one["kind"]: one for one in told}
    assert set(kinds) == {"class", "community"}
    assert kinds["class"]["count"] == 20
    assert "these 7 days 20" in kinds["class"]["said"] or "today 20" in kinds["class"]["said"]
    assert kinds["class"]["chance"].startswith(("about 1/", "under 1 in"))
    for one in told:
        assert listed(wall.client, one["url"]) == one["count"]


def test_the_league_counts_what_its_list_shows(wall, at_step, time):
    late, good = at_step("handle"), at_step("feedback")
    time.now = late.task.due_at + timedelta(hours=1)
    said = wall()
    (row,) = said["league"]
    assert (row["unit"], row["on_time"], row["due"], row["rank"]) == ("lighting", 1, 2, None)
    assert row["low"] < 0.5 < row["high"]
    assert listed(wall.client, row["url"]) == 2
    assert NUMBER.findall(wall.client.get(row["late_url"]).content.decode()) == [late.number]
    assert good.number != late.number
    page = wall.client.get("/wall/units").content.decode()
    assert "Street Lighting Office" in page and "few cases" in page


def test_road_chiefs_are_named_with_who_holds_the_post_today(wall):
    people.user("chief1-central", name="王长河")
    said = wall()
    by_post = {one["post"]: one for one in said["chiefs"]}
    assert by_post["chief1-central"]["holders"] == ["王长河"]
    assert by_post["chief1-north"]["holders"] == []
    assert {one["level"] for one in said["chiefs"]} == {1, 2}
    assert f"chief3-{COMMUNITY}" in {one["post"] for one in wall(COMMUNITY)["chiefs"]}


def test_cells_add_up_to_the_open_matters_and_open_their_list(wall, at_step, inside, time):
    for _n in range(3):
        at_step("handle")
    wall()
    answer = wall.client.get("/wall/cells.json")
    (feature,) = answer.json()["features"]
    assert feature["properties"]["count"] == 3
    assert listed(wall.client, feature["properties"]["url"]) == 3
    assert wall.client.get("/wall/cells.json", headers={"if-none-match": answer["ETag"]}).status_code == 304
    area = registers.areas()["210104"]
    assert len(lists.in_cell(area, cell(inside, 10))) == 3
    box = f"{inside.lon - 0.01},{inside.lat - 0.01},{inside.lon + 0.01},{inside.lat + 0.01}"
    points = wall.client.get("/wall/points.json", {"box": box}).json()
    assert len(points["features"]) == 3 and points["more"] is False
    assert points["features"][0]["properties"]["url"].startswith("/matters/")


@pytest.mark.parametrize(
    "address",
    [
        "/wall/points.json?box=1,2,3",
        "/wall/points.json?box=nan,nan,nan,nan",
        "/wall/points.json?box=9,9,1,1",
        "/wall/list?what=cell&cell=zzz",
        "/wall/list?what=duties&unit=lighting&result=x",
        "/wall/list?what=left&link=nothing",
        "/wall/list?what=nothing",
        "/wall/list?what=duties&unit=nobody",
        "/wall/list?what=closed&after=nonsense",
        "/wall/list?what=duties&unit=lighting&after=nonsense",
        "/wall?area=%00",
        "/wall?area=210104%27--",
    ],
)
def test_what_cannot_be_is_refused_in_words(signed_in, address):
    answer = signed_in("leader").get(address)
    assert answer.status_code in (404, 422) and answer.content


def test_how_the_wall_counts_is_explained(signed_in):
    page = signed_in("leader").get("/wall/method").content.decode()
    assert "handled by the due moment, of those to be handled" in page
    assert "95% interval" in page
