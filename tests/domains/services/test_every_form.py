"""Every service and every bundle that is applied for on line takes right answers, and refuses a wrong one by its name."""

from __future__ import annotations

import itertools
import random
from uuid import uuid4

import pytest

from tests.core.forms.from_schema import mistakes, right
from tests.domains.services.family import MONDAY
from yiwang.domains.services import applying, bundles, joint
from yiwang.domains.services.models import Application, Joint
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.forms import merged, whole_schema
from yiwang.kernel.packs.rulebook import current


def asked(schema: dict, answers: dict) -> tuple[str, dict]:
    """A mistake at a question that is asked whatever else was answered: the first required one."""
    name = schema["required"][0]
    return next((path, wrong) for path, _code, wrong in mistakes(schema, answers) if path == name)


def test_every_service_takes_right_answers_and_refuses_a_wrong_one_at_its_place(world):
    rules, taken = current(), 0
    for slug, service in rules.services.items():
        if service.matter or not service.online or service.form not in rules.forms:
            continue
        schema, luck = whole_schema(service.form, rules.form_rows), random.Random(slug)
        answers = right(schema, luck)
        given = {"actor": resident(), "service": slug, "consent": True, "now": MONDAY}
        path, wrong = asked(schema, answers)
        with pytest.raises(Invalid) as refused:
            applying.apply(id=uuid4(), answers=wrong, **given)
        assert [one["where"] for one in refused.value.errors] == [path], slug
        applying.apply(id=uuid4(), answers=answers, **given)
        taken += 1
    assert taken == Application.objects.count() == Matter.objects.count() and taken > 30


def test_every_bundle_takes_right_answers_in_every_case_and_refuses_a_wrong_one(world):
    rules, taken = current(), 0
    for slug, bundle in rules.bundles.items():
        for answers in itertools.product(*(list(one.options) for one in bundle.questions)):
            said = dict(zip((one.slug for one in bundle.questions), answers, strict=True))
            plan = bundles.plan(rules, bundle, said)
            if not plan.items:
                continue
            parts = [whole_schema(item.form, rules.form_rows) for item in plan.items if item.form]
            schema = merged(parts)
            filled = right(schema, random.Random(str(said)))
            given = {"actor": resident(), "bundle": slug, "said": said, "consent": True, "now": MONDAY}
            path, wrong = asked(schema, filled)
            with pytest.raises(Invalid) as refused:
                joint.apply(id=uuid4(), answers=wrong, **given)
            assert [one["where"] for one in refused.value.errors] == [path], (slug, said)
            got = joint.apply(id=uuid4(), answers=filled, **given)
            assert [part.service for part in got.joint.parts.all()] == [
                item.service.slug for item in plan.items
            ]
            taken += 1
    assert taken == Joint.objects.count() and taken >= 20
