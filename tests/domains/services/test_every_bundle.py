"""Each of the thirteen bundles, from its page to the last result: applied for once, accepted once, every service done."""

from __future__ import annotations

import itertools
import random

import pytest

from tests.core.forms.from_schema import right
from tests.domains.services.family import part, sent, state, step, window
from yiwang.domains.services import bundles, joint
from yiwang.domains.services.models import Application
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.body import body_of
from yiwang.kernel.packs.reader import read_pack
from yiwang.kernel.packs.rulebook import Rulebook

RULES = Rulebook(body_of(read_pack("dadong")), id=1, digest="test")


@pytest.fixture
def world(dadong):
    from yiwang.kernel.matters import store

    store.numbers.forget()
    yield dadong
    store.numbers.forget()


def largest(slug: str) -> tuple[dict[str, str], bundles.Plan]:
    """The case that needs most services."""
    bundle = RULES.bundles[slug]
    cases = [
        dict(zip((one.slug for one in bundle.questions), answers, strict=True))
        for answers in itertools.product(*(list(one.options) for one in bundle.questions))
    ]
    plans = [(case, bundles.plan(RULES, bundle, case)) for case in cases]
    return max(plans, key=lambda one: len(one[1].items))


def said_of(plan: bundles.Plan) -> dict[str, str]:
    return {one.material.slug: joint.offered_for(one)[0] for one in plan.materials}


def done(got, service: str) -> None:
    """The office reviews where nothing was committed to, decides; the window delivers."""
    matter = part(got, service).matter
    if Application.objects.get(pk=matter.pk).way == "ordinary":
        step(matter, "review", f"service-reviewer-{matter.unit_id}", "done", opinion="agree")
    step(matter, "decide", f"service-decider-{matter.unit_id}", "grant")
    step(matter, "deliver", "window-clerk", "delivered", way="online")


OFFERING = [slug for slug in RULES.bundles if largest(slug)[1].offering]


@pytest.mark.parametrize(
    ("slug", "by_commitment"),
    [*((slug, False) for slug in RULES.bundles), *((slug, True) for slug in OFFERING)],
)
def test_it_is_applied_for_once_and_every_service_gives_its_result(world, visitor, slug, by_commitment):
    case, plan = largest(slug)
    committed = [one.slug for one in plan.offering]
    assert len(plan.items) == len(RULES.bundles[slug].items)
    page = visitor.get(f"/services/once/{slug}/apply", case)
    assert page.status_code == 200
    answers = right(bundles.schema_of(RULES, plan), random.Random(slug))
    got = sent(
        bundle=slug,
        said=case,
        answers=answers,
        materials=said_of(plan),
        committed=committed if by_commitment else (),
    )
    window(got)
    for _round in plan.items:
        for service in [name for name, now in state(got).items() if now == "running"]:
            done(got, service)
    assert set(state(got).values()) == {"granted"}
    assert Matter.objects.get(pk=got.id).state == "closed"
    own = visitor.post("/follow", {"number": got.number, "secret": got.secret})
    assert visitor.get(own.headers["Location"]).status_code == 200
    checks = Matter.objects.filter(state="open", kind="service").count()
    assert checks == (len(committed) if by_commitment else 0)
