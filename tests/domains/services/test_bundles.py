"""One thing once: questions prune services, every material and every question stands once, less is computed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.domains.services import bundles
from yiwang.kernel.packs.body import body_of
from yiwang.kernel.packs.reader import read_pack
from yiwang.kernel.packs.rulebook import Rulebook

RULES = Rulebook(body_of(read_pack("dadong")), id=1, digest="test")


def plan(slug: str, **answers: str) -> bundles.Plan:
    return bundles.plan(RULES, RULES.bundles[slug], answers)


def slugs(found: bundles.Plan) -> list[str]:
    return [one.service.slug for one in found.items]


def test_a_family_from_elsewhere_without_insurance_needs_fewer_services():
    found = plan("newborn", certificate="yes", here="no", insured="no")
    assert slugs(found) == ["vaccination-certificate", "newborn-medical-insurance", "social-security-card"]
    assert {one.level for one in found.items} == {0}  # what they waited for is not needed


def test_services_go_side_by_side_as_soon_as_what_they_wait_for_is_done():
    levels = [
        [one.service.slug for one in level]
        for level in plan("newborn", certificate="no", here="yes", insured="yes").levels
    ]
    assert levels == [
        ["birth-certificate"],
        ["vaccination-certificate", "birth-household", "maternity-allowance"],
        ["newborn-medical-insurance", "social-security-card"],
    ]


def test_what_one_service_issues_is_not_brought_to_the_next_and_each_material_stands_once():
    found = {
        one.material.slug: one
        for one in plan("restaurant", licence="no", sign="yes", gathering="yes", fumes="yes").materials
    }
    assert found["business-licence"].how == bundles.MADE and len(found["business-licence"].services) >= 4
    assert found["application-form"].how == bundles.FILLED
    child = {
        one.material.slug: one.how
        for one in plan("newborn", certificate="no", here="yes", insured="no").materials
    }
    assert child["birth-certificate"] == bundles.MADE
    assert (
        child["household-book"] == bundles.LOOKED_UP
    )  # the parents' own is asked for before the child is in it
    owner = {one.material.slug: one.how for one in plan("restaurant", licence="yes").materials}
    assert owner["business-licence"] == bundles.LOOKED_UP


def test_an_open_question_keeps_what_hangs_on_it_as_depending_on_the_case():
    states = {one.service.slug: one.state for one in plan("restaurant", sign="no").items}
    assert "signboard" not in states
    assert states["fire-safety-check"] == bundles.MAYBE and states["food-business-licence"] == bundles.NEEDED


def test_every_question_of_the_forms_is_asked_once():
    found = plan("restaurant", licence="no", sign="yes", gathering="yes", fumes="yes")
    names = [path for path, _field in found.form.every()]
    assert names.count("enterprise_name") == 1 and "sign_text" in names and "food_kinds" in names
    assert found.asked < found.asked_singly


WITH_SERVICES = [slug for slug, one in RULES.bundles.items() if one.items]


@pytest.mark.parametrize("slug", WITH_SERVICES)
def test_the_stored_baseline_is_what_its_definition_counts(slug):
    found, services = (
        RULES.bundles[slug],
        [RULES.services[item.service] for item in RULES.bundles[slug].items],
    )
    assert found.baseline.steps == 2 * len(services)
    assert found.baseline.materials == sum(len(one.materials) for one in services)
    promised = "没有的按承诺时限" in found.baseline.definition
    limits = [one.statutory or (one.promised if promised else "") for one in services]
    assert found.baseline.days == sum(bundles.days_of(limit) or 1 for limit in limits)
    assert found.baseline.visits == (len(services) + 2 if slug == "newborn" else 2 * len(services))
    assert found.baseline.fen == sum(fee.fen or 0 for one in services for fee in one.fees)


def test_less_is_a_share_of_the_baseline_and_nothing_of_nothing_is_unknown():
    found = {one.slug: one for one in bundles.reductions(RULES, RULES.bundles["restaurant"])}
    assert found["visits"].share == 1 and found["fees"].share is None
    assert found["days"].share == pytest.approx(1 - 10 / 46)


@settings(max_examples=60)
@given(st.sampled_from(list(RULES.bundles)), st.data())
def test_answering_one_more_question_never_adds_a_service_and_the_order_holds(slug, data):
    bundle = RULES.bundles[slug]
    answers = {one.slug: data.draw(st.sampled_from([*one.options, ""])) for one in bundle.questions}
    found = bundles.plan(RULES, bundle, answers)
    level = {one.service.slug: one.level for one in found.items}
    assert all(level[before] < one.level for one in found.items for before in one.after)
    more = dict(answers)
    for one in bundle.questions:
        if not more[one.slug]:
            more[one.slug] = data.draw(st.sampled_from(list(one.options)))
            break
    fewer = bundles.plan(RULES, bundle, more)
    assert set(slugs(fewer)) <= set(slugs(found))
    assert fewer.asked <= found.asked <= found.asked_singly


def test_the_thirteen_of_the_first_national_list_are_there_and_say_what_is_missing(visitor):
    assert len(RULES.bundles) == 13
    for slug, one in RULES.bundles.items():
        assert one.status == "illustrative" and one.items and one.baseline, slug
        page = visitor.get(f"/services/once/{slug}")
        assert page.status_code == 200
        if one.absent:
            assert "art of it, but not in this catalogue" in page.content.decode(), slug


def test_where_the_case_needs_nothing_there_is_nothing_to_apply_for(visitor):
    none = {"market": "no", "taxes": "no", "labour": "no"}
    bare = visitor.get("/services/once/credit-repair", none).content.decode()
    assert "In your case there is nothing to apply for" in bare and "yw-levels" not in bare
    again = visitor.get("/services/once/credit-repair/apply", none)
    assert again.status_code == 302 and "/credit-repair" in again.headers["Location"]


def test_no_bundle_promises_longer_than_its_services_one_after_the_other():
    for slug in WITH_SERVICES:
        found = RULES.bundles[slug]
        assert bundles.days_of(found.promised) <= found.baseline.days, slug


def test_the_page_of_a_bundle_says_order_materials_date_and_what_becomes_less(visitor):
    page = " ".join(
        visitor.get("/services/once/newborn?certificate=no&here=yes&insured=no").content.decode().split()
    )
    for said in (
        "side by side",
        "made on the way",
        "One promised date",
        "How the baseline was counted",
        "example value",
    ):
        assert said in page, said
    assert "maternity-allowance" not in page
    assert visitor.get("/services/once/nothing").status_code == 404
