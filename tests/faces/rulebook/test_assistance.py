"""Parameters, programmes and proposals on the screen."""

from __future__ import annotations

import pytest

from yiwang.kernel.packs import rulebook

STANDARD = "/rules/parameters/guarantee.standard"
FORM = {
    "from": "2027-01-01",
    "value-urban": "880.50",
    "value-rural": "700",
    "status": "illustrative",
    "source": "",
    "reason": "A trial",
}


@pytest.fixture(autouse=True)
def rules_again():
    yield
    rulebook.reset_caches()


def test_a_value_stands_with_its_date_source_and_status(look):
    page = look(STANDARD)
    assert "800.00 yuan" in page.text
    assert "example value" in page.text
    assert "Nobody has verified this value" in page.text
    assert [row[0].split()[0] for row in page.rows()] != []


def test_the_list_can_be_asked_for_another_day_and_another_status(look):
    assert "710.00 yuan" in look("/rules/parameters?on=2022-01-01").text
    official = look("/rules/parameters?status=official")
    assert "57号" in official.text
    assert "example value" not in " ".join(sum(official.rows(), []))


def test_a_programme_shows_its_conditions_with_the_citation_of_the_day(look):
    assert "社会救助法第十八条" in look("/rules/programmes/minimum_guarantee?on=2026-08-01").text
    before = look("/rules/programmes/minimum_guarantee?on=2020-01-01").text
    assert "社会救助暂行办法第九条" in before


def test_a_programme_before_its_first_day_says_so(look):
    assert "Not in force on this day." in look("/rules/programmes/rigid_hardship?on=2024-01-01").text


def test_a_programme_that_is_not_there_is_a_plain_404(look):
    assert look("/rules/programmes/nothing").status == 404
    assert look("/rules/parameters/nothing.at_all").status == 404


def test_who_may_not_propose_sees_no_form(look):
    assert "Your posts do not allow you to propose" in look(STANDARD).text


def test_a_clerk_proposes_in_yuan_and_a_leader_approves(signed_in):
    clerk, leader = signed_in("aid-county"), signed_in("aid-leader")
    answer = clerk.post(f"{STANDARD}/propose", FORM)
    assert answer.status_code == 302
    page = leader.get("/rules/changes").content.decode()
    assert "880.50" in page
    number = page.split("/rules/changes/", 1)[1].split("/", 1)[0]
    assert clerk.post(f"/rules/changes/{number}/decide", {"decision": "approve"}).status_code == 403
    assert leader.post(f"/rules/changes/{number}/decide", {"decision": "approve"}).status_code == 302
    assert rulebook.current().policy.parameters["guarantee.standard"].values[-1].value["urban"] == 88_050


def test_what_was_typed_wrong_is_told_beside_the_field_and_kept(signed_in):
    answer = signed_in("aid-county").post(f"{STANDARD}/propose", FORM | {"value-urban": "viel"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "viel" in page
    assert 'aria-invalid="true"' in page
    assert "A trial" in page
