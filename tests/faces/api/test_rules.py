"""What the district's rules are, told over the API: the catalogue, places, processes, due dates."""

from __future__ import annotations

import pytest

from tests.faces.api.conftest import COMMUNITY, inside
from yiwang.core import process


def test_the_catalogue_is_sent_once_until_the_pack_changes(anybody):
    got = anybody.get("/catalogue")
    assert len(got["classes"]) > 400 and len(got["conditions"]) >= 60
    assert {"weather", "material"} <= {one["slug"] for one in got["hold_reasons"]}
    assert {one["slug"] for one in got["post_kinds"]} >= {"dispatcher", "handler"}
    again = anybody.get("/catalogue", **{"If-None-Match": got.headers["ETag"]})
    assert again.status == 304 and not again.content


def test_void_reasons_speak_the_callers_language(anybody):
    chinese = anybody.get("/catalogue")
    english = anybody.get("/catalogue", **{"Accept-Language": "en"})
    assert english["void_reasons"][0]["name"].isascii()
    assert chinese.headers["ETag"] != english.headers["ETag"]


def test_areas_and_units_are_listed_and_a_point_is_located(anybody):
    assert len(anybody.get("/areas")["items"]) == 154
    assert any(one["code"] == "lighting" for one in anybody.get("/units")["items"])
    place = inside()
    got = anybody.get("/areas/locate", {"lon": place["lon"], "lat": place["lat"]})
    assert got["area"]["code"] == COMMUNITY
    assert [len(one["code"]) for one in got["chain"]] == [6, 9, 12]
    outside = anybody.get("/areas/locate", {"lon": 121.47, "lat": 31.23})
    assert outside.status == 422 and outside["distance_m"] > 1_000_000
    named = anybody.get("/areas/resolve", {"address": "大北街道"})
    assert named["items"][0]["area"]["code"].startswith("210104002")


def test_a_process_is_bpmn_that_any_modeller_opens(anybody, dadong):
    got = anybody.get("/processes/incident", {"pack": dadong.id})
    assert got.headers["Content-Type"] == "application/xml"
    assert process.read(got.content, "incident.bpmn").nodes["handle"].name == "任务处理"
    assert anybody.get("/processes/nothing").status == 404
    assert anybody.get("/processes/incident", {"pack": 999999}).status == 404


def test_the_pack_in_force_says_its_version_and_settings(anybody, dadong):
    got = anybody.get("/packs/current")
    assert (got["name"], got["digest"]) == ("dadong", dadong.digest)
    assert {"name": "max_files", "value": 6, "status": "illustrative"} in got["settings"]


def test_due_dates_of_many_cases_are_those_of_the_command_line(anybody):
    cases = [
        {"from": "2026-09-24T16:30", "limit": "5wd"},
        {
            "from": "2026-09-24T16:30:00+08:00",
            "limit": "5wd",
            "holds": [{"from": "2026-09-28T10:00", "to": "2026-09-29T15:00"}],
        },
        {"from": "2026-09-24T16:30", "limit": "2eh", "holds": [{"from": "2026-09-24T17:00"}]},
    ]
    got = anybody.post("/worktime/due", {"cases": cases})
    assert got.status == 200, got.body
    # 25 to 27 September and 1 to 7 October are off, 10 October is worked: counted are 28, 29, 30, 8, 9.
    # Held from the 28th to the 29th, both of which do not count: 30, 8, 9, 10 and, after a Sunday, 12.
    assert [one["due"] for one in got["items"]] == [
        "2026-10-09T17:00:00+08:00",
        "2026-10-12T17:00:00+08:00",
        None,
    ]
    assert got["items"][2]["held"] and got["items"][2]["remaining"] == 5400
    assert got["items"][0]["days"][0]["date"] == "2026-09-24"
    brief = anybody.post("/worktime/due", {"cases": cases, "explain": False})
    assert [one["due"] for one in brief["items"]] == [one["due"] for one in got["items"]]
    assert "days" not in brief["items"][0]


@pytest.mark.parametrize(
    ("case", "where"),
    [
        ({"from": "2026-09-24T16:30", "limit": "5 weeks"}, "cases[0].limit"),
        ({"from": "yesterday", "limit": "5wd"}, "cases[0].from"),
        ({"from": "1850-01-01T00:00", "limit": "5wd"}, "cases[0].from"),
        ({"from": "1950-01-01T00:00", "limit": "5wd"}, "cases[0]"),
        ({"from": "2026-09-24T16:30", "limit": "0wh"}, "cases[0]"),
        ({"from": "2026-09-24T16:30", "limit": "5wd", "extension": "2d"}, "cases[0]"),
        (
            {
                "from": "2026-09-24T16:30",
                "limit": "5wd",
                "holds": [{"from": "2026-09-26", "to": "2026-09-25"}],
            },
            "cases[0]",
        ),
    ],
)
def test_a_case_that_cannot_be_counted_is_named(anybody, case, where):
    got = anybody.post("/worktime/due", {"cases": [case]})
    assert (got.status, got["where"]) == (422, where), got.body


def test_the_openapi_document_is_served(anybody):
    got = anybody.get("/openapi.json")
    assert got["openapi"] == "3.1.0" and "/api/v1/reports" in got["paths"]
