"""Every form of the packs, each alone and merged in its bundle: right answers are taken, and every single mistake is
refused at its own question, for its own reason, and nowhere else."""

from __future__ import annotations

import random

import pytest

from tests.core.forms.from_schema import TODAY, mistakes, plain, right
from yiwang.core import forms
from yiwang.kernel.packs.body import body_of
from yiwang.kernel.packs.forms import merged, whole_schema
from yiwang.kernel.packs.reader import read_pack
from yiwang.kernel.packs.rulebook import Rulebook

RULES = Rulebook(body_of(read_pack("dadong")), id=1, digest="test")
TRIES = 25


def schemas() -> dict[str, dict]:
    found = {slug: whole_schema(slug, RULES.form_rows) for slug in RULES.forms}
    for bundle in RULES.bundles.values():
        slugs = [item.form or RULES.services[item.service].form for item in bundle.items]
        parts = [whole_schema(slug, RULES.form_rows) for slug in slugs if slug in RULES.form_rows]
        if parts:
            found[f"bundle {bundle.slug}"] = merged(parts)
    return found


SCHEMAS = schemas()


@pytest.mark.parametrize("slug", SCHEMAS)
def test_right_answers_are_taken_and_each_single_mistake_is_refused_at_its_question(slug):
    schema, luck = SCHEMAS[slug], random.Random(slug)
    form = forms.read(schema)
    asked = {path for path, one in form.every() if one.asked and one.kind != "group"}
    tried: dict[str, set[str]] = {}
    for _try in range(TRIES):
        answers = right(schema, luck)
        good = forms.check(form, answers, TODAY)
        assert good.wrong == (), (good.wrong, answers)
        hidden = good.hidden
        for path, code, wrong in mistakes(schema, answers):
            if any(path == one or path.startswith(f"{one}.") for one in hidden):
                assert forms.check(form, wrong, TODAY).good  # what is not asked is not judged
                continue
            found = forms.check(form, wrong, TODAY).wrong
            assert [(one.path, one.code) for one in found] == [(path, code)], (path, code, found)
            tried.setdefault(plain(path), set()).add(code)
    # A yes or no that nobody needs still can be neither: every question can be answered wrongly in some way.
    assert set(tried) == asked, asked ^ set(tried)


def test_the_forms_together_break_every_rule_that_a_form_can_have():
    codes: set[str] = set()
    for schema in SCHEMAS.values():
        codes |= {code for _path, code, _wrong in mistakes(schema, right(schema, random.Random(7)))}
    assert codes >= {
        "required", "choice", "long", "pattern", "whole", "money", "small", "large", "date",
        "future", "id-number", "phone", "org-code", "few", "many",
    }  # fmt: skip


def test_every_form_is_asked_by_a_service_or_included_by_one_that_is():
    used = {one.form for one in RULES.services.values()}
    used |= {slug for slug in RULES.forms if slug.startswith("approval-")}  # asked by the stages of projects
    used |= {item.form for bundle in RULES.bundles.values() for item in bundle.items}
    while True:
        more = {part for slug in used if slug in RULES.form_rows for part in RULES.form_rows[slug]["include"]}
        if more <= used:
            break
        used |= more
    assert set(RULES.forms) <= used
