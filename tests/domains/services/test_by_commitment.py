"""By commitment (告知承诺): alone or within a bundle, a material is not asked for, and the check comes afterwards."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.conftest import at
from tests.domains.services.family import part, sent, state, step, window
from tests.domains.services.restaurant import RESTAURANT
from tests.domains.services.test_applications import applied
from yiwang.domains.services import bundles, joint, joint_follow
from yiwang.domains.services.models import Application, Draft
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.matters import papers
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.rulebook import current

FIRE, FOOD = "fire-safety-check", "food-business-licence"
CASE = {"licence": "yes", "sign": "no", "gathering": "yes", "fumes": "no"}
ANSWERS = RESTAURANT | {"floors": "一层"}
LATER = at("2026-09-15T10:00")


@pytest.fixture
def world(dadong):
    from yiwang.kernel.matters import store

    store.numbers.forget()
    yield dadong
    store.numbers.forget()


def restaurant(**more):
    """An owner with a licence, in a place of public gathering, promises that it meets the fire rules."""
    rules = current()
    plan = bundles.plan(rules, rules.bundles["restaurant"], CASE)
    said = {one.material.slug: joint.offered_for(one)[0] for one in plan.materials}
    given = {"bundle": "restaurant", "said": CASE, "answers": ANSWERS, "materials": said, "committed": [FIRE]}
    return sent(**given | more)


def office(got, node: str, outcome: str, now=LATER, **data) -> None:
    post = "service-decider" if node == "decide" else "service-reviewer"
    who = "window-clerk" if node == "deliver" else f"{post}-fire-rescue"
    step(part(got, FIRE).matter, node, who, outcome, now, **data)


def test_within_a_bundle_the_material_is_not_asked_for_and_it_is_decided_at_once(world):
    got = restaurant()
    assert got.row.materials["fire-drawings"] == "committed"
    assert got.row.materials["fire-plan"] == "brought"
    window(got)
    fire, food = (Application.objects.get(pk=part(got, slug).matter_id) for slug in (FIRE, FOOD))
    assert (fire.way, food.way) == ("commitment", "ordinary")
    assert fire.materials["fire-drawings"] == "committed" and "committed" not in food.materials.values()
    assert Task.objects.filter(matter=fire.pk, node="decide", state="open").exists()
    assert Task.objects.filter(matter=food.pk, node="review", state="open").exists()


def test_the_check_of_a_part_opens_after_delivery_and_the_whole_does_not_wait_for_it(world):
    got = restaurant()
    window(got)
    unit = part(got, FOOD).matter.unit_id
    step(part(got, FOOD).matter, "review", f"service-reviewer-{unit}", "done", opinion="agree")
    step(part(got, FOOD).matter, "decide", f"service-decider-{unit}", "grant")
    step(part(got, FOOD).matter, "deliver", "window-clerk", "delivered", way="online")
    office(got, "decide", "grant")
    assert state(got)[FIRE] == "granted" and Matter.objects.get(pk=got.id).state == "open"
    office(got, "deliver", "delivered", way="window")
    check = Task.objects.get(matter=part(got, FIRE).matter_id, node="after_check", state="open")
    assert check.limit == "20wd" and check.unit_id == "fire-rescue"
    assert Matter.objects.get(pk=got.id).state == "closed"
    told = joint_follow.progress(joint.applicant(got.number, got.secret), LATER)
    assert {one.service.slug: one.check for one in told.parts} == {FIRE: "20wd", FOOD: ""}


def test_a_commitment_that_was_not_kept_takes_back_what_that_service_granted(world):
    got = restaurant()
    window(got)
    office(got, "decide", "grant")
    office(got, "deliver", "delivered", way="window")
    office(got, "after_check", "broken", reason="疏散通道被占用")
    assert state(got)[FIRE] == "withdrawn" and state(got)[FOOD] == "running"
    told = joint_follow.progress(joint.applicant(got.number, got.secret), LATER)
    fire = next(one for one in told.parts if one.service.slug == FIRE)
    assert fire.refused and "疏散通道被占用" in fire.answer
    assert any("承诺不实" in line.text or "not kept" in line.text for line in told.story)


def test_without_the_commitment_the_same_material_is_asked_for(world):
    got = restaurant(committed=())
    assert got.row.materials["fire-drawings"] in ("brought", "missing")
    window(got)
    assert Task.objects.filter(matter=part(got, FIRE).matter_id, node="review", state="open").exists()


def test_a_service_that_does_not_offer_it_and_one_outside_of_the_case_are_refused_at_their_field(world):
    for slug, said in ((FOOD, CASE), (FIRE, CASE | {"gathering": "no"}), ("nothing", CASE)):
        with pytest.raises(Invalid) as refused:
            restaurant(committed=[slug], said=said)
        assert refused.value.where == f"way_{slug}" and refused.value.code == "no_commitment"
    assert not Matter.objects.exists()


def test_the_same_application_by_another_way_is_other_content(world):
    key = uuid4()
    first = restaurant(id=key)
    assert restaurant(id=key).id == first.id
    with pytest.raises(Conflict):
        restaurant(id=key, committed=())


def test_alone_the_commitment_stands_for_the_material_and_nothing_is_brought_later(world):
    got = applied(FIRE, ANSWERS, way="commitment")
    row = Application.objects.get(pk=got.matter)
    assert row.materials["fire-drawings"] == "committed"
    there = {
        f"material_{slug}": "received" for slug in ("application-form", "fire-plan", "commitment-letter")
    }
    there["material_business-licence"] = "lookup"
    with pytest.raises(Invalid) as refused:  # accepted in the ordinary way, the drawings are missing
        step(
            row.matter, "accept", "window-clerk", "accept", **there, **{"material_fire-drawings": "committed"}
        )
    assert refused.value.where == "material_fire-drawings"
    step(row.matter, "accept", "window-clerk", "commitment", **there)
    assert Application.objects.get(pk=got.matter).materials["fire-drawings"] == "committed"


def test_what_is_decided_at_once_does_not_wait_for_a_paper(world):
    service = current().services[FIRE]
    needed = next(one for one in service.materials if one.material.slug == "fire-plan")
    late = [replace(needed, need="deferrable")]
    assert papers.said_of(late, {"fire-plan": "later"}, False) == {"fire-plan": "later"}
    with pytest.raises(Invalid) as refused:
        papers.said_of(late, {"fire-plan": "later"}, False, service.instead)
    assert refused.value.where == "material_fire-plan"


def test_the_form_of_the_bundle_offers_it_for_each_service_and_keeps_the_choice_in_a_draft(world, visitor):
    address = "/services/once/restaurant/apply"
    case = {f"case_{slug}": value for slug, value in CASE.items()}
    page = visitor.get(address, CASE).content.decode()
    assert f'name="way_{FIRE}"' in page and f'name="way_{FOOD}"' not in page
    assert f'data-material="fire-drawings" data-unless="{FIRE}"' in page
    key = str(uuid4())
    kept = visitor.post(address, case | {"id": key, f"way_{FIRE}": "commitment", "_save": "1"})
    assert kept.status_code == 200
    assert f'"committed":["{FIRE}"]' in Draft.objects.get(pk=key).beside


def test_a_single_service_asks_for_the_way_once(world, visitor):
    form = current().forms["fire-safety"].form
    assert not [path for path, _field in form.every() if "commitment" in path]
    page = visitor.get(f"/services/{FIRE}/apply").content.decode()
    assert page.count(f'name="way_{FIRE}"') == 2
