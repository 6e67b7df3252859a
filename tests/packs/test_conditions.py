"""Filing conditions and the reasons that stop a clock."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest
from lxml import etree

from tests.data import ROOT
from yiwang.core.worktime import Limit

NEW = "GB/T 47678.5-2026"


@pytest.fixture
def by_class(rows):
    found = defaultdict(list)
    for condition in rows("conditions"):
        found[condition["standard"], condition["class_code"]].append(condition)
    return found


def test_every_matter_and_topic_can_be_filed(rows, by_class):
    unfiled = [
        entry["name"]
        for entry in rows("classes")
        if entry["kind"] in ("matter", "topic")
        and entry["standard"] in (NEW, "hotline-topics")
        and not by_class[entry["standard"], entry["code"]]
    ]
    assert unfiled == []


def test_every_class_that_is_no_facility_has_conditions_of_its_own_words(rows, by_class):
    texts = Counter(c["text"] for c in rows("conditions") if c["class_code"] >= "06")
    assert [text for text, n in texts.items() if n > 1] == []


def test_common_classes_have_several_conditions(by_class):
    several = [code for (_standard, code), found in by_class.items() if len(found) >= 2]
    assert len(several) >= 60


def test_every_condition_says_when_it_is_met_and_when_it_is_done_in_both_languages(rows):
    for condition in rows("conditions"):
        for field in ("text", "close_text"):
            assert condition[field], condition["slug"]
            assert re.fullmatch("[^一-鿿，。（）]{3,}", condition[f"{field}_en"]), condition["slug"]


def test_every_limit_is_a_limit_and_no_longer_than_a_month(rows):
    longest = {"wd": 22, "wh": 40, "d": 30, "h": 72, "eh": 72}
    for condition in rows("conditions"):
        limit = Limit.parse(condition["limit"])
        assert 0 < limit.amount <= longest[limit.unit], condition["slug"]


@pytest.mark.parametrize(
    ("slug", "limit"),
    [
        ("01023-missing", "2eh"),  # an open shaft does not wait for office hours
        ("01037-single-out", "2wd"),
        ("06001-built", "15wd"),
        ("06010-exposed", "4wh"),
        ("06013-pothole", "5wd"),
        ("07001-pasted", "1wd"),
        ("09012-blocked", "2eh"),
        ("10001-trunk", "8eh"),
        ("t05-general", "5wd"),
    ],
)
def test_limits_of_the_commonest_problems(rows, slug, limit):
    assert {c["slug"]: c["limit"] for c in rows("conditions")}[slug] == limit


def test_danger_is_always_due_in_hours_that_run_at_night_too(rows):
    for condition in rows("conditions"):
        if "危险" in condition["text"]:
            assert condition["limit"].endswith("eh"), condition["slug"]


def test_no_condition_claims_to_be_the_law_of_a_city(rows):
    assert {c["status"] for c in rows("conditions")} == {"illustrative"}


def test_the_reasons_that_stop_a_clock_are_a_closed_list_with_a_basis_each(rows):
    reasons = {reason["slug"]: reason for reason in rows("reasons")}
    assert set(reasons) == {
        *("weather", "material", "permit", "procedure"),
        *("ownership", "unreachable", "testing", "hangup"),
        *("hearing", "expert_review", "tender"),
        *("public_notice", "site_check", "supplement", "land_sale", "drawing_change", "clearance"),
    }
    # 行政许可法 art. 45 names these itself; of the sale of land it names the auction.
    of_the_law = {"hearing", "expert_review", "tender", "land_sale"}
    for slug, reason in reasons.items():
        assert ("《行政许可法》第四十五条" if slug in of_the_law else "地方规则") in reason["basis"]
        assert reason["status"] == "illustrative"


def test_the_process_stops_its_clock_for_reasons_of_the_list_only(rows):
    known = {reason["slug"] for reason in rows("reasons")}
    tree = etree.parse(ROOT / "packs/national/processes/incident.bpmn")
    named = {slug for text in tree.xpath("//@*[local-name()='pauses']") for slug in text.split(",")}
    assert named
    assert {slug.strip() for slug in named} - {"*"} <= known
