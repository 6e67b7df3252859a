"""What each kind of post may do: what its work needs, and no more."""

from __future__ import annotations

import pytest


@pytest.fixture
def may(rows):
    """may(post kind) -> {action: scopes} with matters; `may.people` the same with people, `may.licences` with licences."""
    kinds = {kind["slug"]: kind for kind in rows("post_kinds")}

    def actions(slug, apart=""):
        found = {}
        for grant in kinds[slug]["grants"]:
            named = grant["kinds"][0] if grant["kinds"] in (["person"], ["licence"]) else ""
            if named != apart:
                continue
            for action in grant["actions"]:
                found.setdefault(action, set()).update(grant["scope"])
        return found

    actions.kinds = set(kinds)
    actions.people = lambda slug: actions(slug, apart="person")
    actions.licences = lambda slug: actions(slug, apart="licence")
    return actions


def test_a_handler_sees_the_own_units_matters_replies_and_asks_and_nothing_else(may):
    assert may("handler") == {"see": {"unit"}, "reply": {"unit"}, "ask": {"unit"}}


def test_an_inspector_sees_and_reports_in_the_own_area(may):
    assert may("inspector") == {"see": {"area"}, "open": {"area"}}


@pytest.mark.parametrize("action", ["extend", "hold", "reassign", "void", "review_appeal", "reveal"])
def test_the_supervisor_may_do_what_needs_somebody_above(may, action):
    assert may("supervisor")[action] == {"district"}


def test_only_the_supervisor_and_heads_of_offices_grant_more_time(may):
    deciding = {"supervisor", "aid_leader", "service_decider"}
    assert {kind for kind in may.kinds if "extend" in may(kind)} == deciding


def test_only_they_stop_a_clock_who_do_not_work_under_it(may):
    assert {kind for kind in may.kinds if "hold" in may(kind)} == {
        *("dispatcher", "supervisor", "aid_street_leader", "aid_leader", "service_decider")
    }


def test_what_a_unit_asks_for_is_decided_by_those_who_do_not_ask(may):
    asking = {kind for kind in may.kinds if "ask" in may(kind)}
    assert asking == {"handler", "unit_reviewer", "dispatcher"}
    assert {kind for kind in may.kinds if "hang_up" in may(kind)} == {"duty_leader", "supervisor"}
    assert {kind for kind in may.kinds if "chase" in may(kind)} == {"duty_leader", "supervisor"}
    assert not asking & {"duty_leader", "supervisor"}


def test_an_appeal_is_never_reviewed_by_those_who_make_it(may):
    appealing = {kind for kind in may.kinds if "appeal" in may(kind)}
    reviewing = {kind for kind in may.kinds if "review_appeal" in may(kind)}
    assert appealing == {"unit_reviewer"}
    assert len(reviewing) >= 2
    assert not appealing & reviewing


def test_a_leader_and_an_auditor_look_and_change_nothing(may):
    for kind in ("leader", "auditor"):
        assert set(may(kind)) <= {"see", "export", "evaluate"}


def test_a_requesters_telephone_is_shown_only_to_those_who_call_back(may):
    assert {kind for kind in may.kinds if "reveal" in may(kind)} == {
        *("acceptor", "duty_leader", "unit_reviewer", "supervisor"),
        *("aid_window", "aid_officer", "aid_street_leader", "aid_county", "aid_leader"),
        *("window_clerk", "service_reviewer", "service_decider", "project_guide"),
    }


def test_licences_are_issued_ended_and_opened_by_one_post_that_has_nothing_else(may):
    assert {kind for kind in may.kinds if may.licences(kind)} == {"licence_officer"}
    assert set(may.licences("licence_officer")) == {"see", "issue", "revoke", "reveal"}
    assert may("licence_officer") == {}


def test_the_register_of_people_is_closed_to_who_has_no_work_in_it(may):
    assert {kind for kind in may.kinds if may.people(kind)} == {
        *("people_steward", "community_worker", "aid_window", "aid_officer", "aid_street_leader"),
        *("aid_county", "aid_leader"),
    }
    assert may.people("community_worker") == {"see": {"area"}, "record": {"area"}, "reveal": {"area"}}


@pytest.mark.parametrize("action", ["import", "export", "erase"])
def test_only_the_steward_takes_in_files_gives_out_and_erases_what_is_held_about_people(may, action):
    assert {kind for kind in may.kinds if action in may.people(kind)} == {"people_steward"}


def test_only_the_finance_clerk_pays_and_decides_nothing(may):
    assert {kind for kind in may.kinds if "pay" in may(kind)} == {"aid_finance"}
    assert set(may("aid_finance")) == {"see", "pay"}


def test_every_kind_of_post_is_held_by_some_post_of_the_district(may, rows):
    assert {post["kind"] for post in rows("posts")} == may.kinds
