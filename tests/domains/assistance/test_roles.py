"""Who works which step of which procedure: every post against every step, as one table."""

from __future__ import annotations

import pytest

from yiwang.domains.assistance.programmes import EMERGENCY, HARDSHIP, KINDS, LIVING, RELIEF, REVIEW

# Step -> the only post that works it, and what the law wants of who that is.
STREET_WINDOW = {"accept", "supplement", "notify", "notify_refusal", "notify_not_accepted", "hand_over"}
STREET_OFFICER = {
    "arrange",
    "survey",
    "self_care",
    "opinion",
    "publicity",
    "resurvey",
    "confirm",
    "papers",
    "hearing",
}
STREET_LEADER = {"relieve"}
COUNTY = {"data_check", "county_visit", "county_review"}
COUNTY_LEADER = {"decide"}
TABLE = {
    "aid_window": STREET_WINDOW,
    "aid_officer": STREET_OFFICER,
    "aid_street_leader": STREET_LEADER,
    "aid_county": COUNTY,
    "aid_leader": COUNTY_LEADER,
    "aid_finance": set(),
    "community_worker": set(),
}


def test_every_step_of_every_procedure_belongs_to_the_post_of_the_table(dadong):
    found = {post: set() for post in TABLE}
    for kind in KINDS:
        for node in dadong.process(kind).tasks:
            found[node.post].add(node.id)
    assert found == TABLE


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_works_a_step_may_see_the_matter_of_it(dadong, kind):
    for node in dadong.process(kind).tasks:
        grants = dadong.post_kinds[node.post].grants
        assert any("see" in grant.actions and kind in (grant.kinds or ()) for grant in grants), node.id


@pytest.mark.parametrize(
    "action", ["reveal", "open", "pay", "hold", "extend", "reassign", "void", "close", "merge"]
)
def test_what_each_post_may_do_beside_its_steps(dadong, action):
    may = {
        post
        for post, row in dadong.post_kinds.items()
        if any(action in grant.actions and LIVING in (grant.kinds or ()) for grant in row.grants)
    }
    assert (
        may
        == {
            "reveal": {"aid_window", "aid_officer", "aid_street_leader", "aid_county", "aid_leader"},
            "open": {"aid_window", "aid_officer", "aid_county", "community_worker"},
            "pay": {"aid_finance"},
            "hold": {"aid_street_leader", "aid_leader"},
            "extend": {"aid_leader"},
            "reassign": {"aid_street_leader", "aid_leader"},
            "void": set(),
            "close": set(),
            "merge": set(),
        }[action]
    )


def test_the_clocks_of_the_law_stand_in_the_process_files(dadong):
    limits = {kind: {node.id: node.limit for node in dadong.process(kind).tasks} for kind in KINDS}
    for kind in (LIVING, HARDSHIP, RELIEF):
        assert limits[kind]["arrange"] == limits[kind]["data_check"] == "3wd"
        assert limits[kind]["notify_refusal"] == limits[kind]["notify_not_accepted"] == "3wd"
    # From what the sub-district sent to the decision, a visit of the county included.
    for kind, whole in ((LIVING, 10), (RELIEF, 10), (HARDSHIP, 15)):
        assert sum(_days(limits[kind][node]) for node in ("county_visit", "county_review", "decide")) == whole
    assert sum(_days(limits[HARDSHIP][node]) for node in ("arrange", "survey", "opinion")) == 15
    assert limits[EMERGENCY]["county_review"] == "10wd"
    assert limits[REVIEW]["notify"] == "3wd"


def _days(limit: str) -> int:
    assert limit.endswith("wd")
    return int(limit.removesuffix("wd"))
