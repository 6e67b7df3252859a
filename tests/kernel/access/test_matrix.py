"""Every kind of post against every action: the reviewed table is what the code decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiwang.kernel.access import matrix
from yiwang.kernel.access.actors import Actor, HeldPost, reach_of
from yiwang.kernel.access.policy import GRANTED_ACTIONS, PERSON, TASK_ACTIONS, Subject, decide
from yiwang.kernel.packs.body import body_of
from yiwang.kernel.packs.reader import read_pack
from yiwang.kernel.packs.rulebook import Rulebook

PAGE = Path(__file__).resolve().parents[3] / "docs" / "access-matrix.md"
STREET, COMMUNITY, ELSEWHERE, ABROAD = "210104002", "210104002009", "210104003001", "210105001001"
UNIT = "office-210104002"


@pytest.fixture(scope="module")
def rules():
    return Rulebook(body_of(read_pack("dadong")), id=0, digest="")


def actor(rules, slug):
    post = HeldPost(slug, slug, UNIT, frozenset({UNIT}), STREET)
    return Actor("user", id=1, posts=(post,), reach=reach_of([post], rules.post_kinds))


def expected(cell: str, area: str, unit: str | None) -> bool:
    """What the letters of the table say of a subject in this area and unit."""
    holds = {"D": area[:6] == STREET[:6], "A": area.startswith(STREET), "U": unit == UNIT}
    return (
        any(all(holds[letter] for letter in part.split("+")) for part in cell.split(", "))
        if cell != "–"
        else False
    )


def test_the_reviewed_page_is_what_the_pack_grants(rules):
    assert PAGE.read_text(encoding="utf-8") == matrix.text(rules), (
        "Run: yiwang pack matrix > docs/access-matrix.md and look at what changed."
    )


def test_every_kind_of_post_may_do_exactly_what_the_table_says(rules):
    wrong = []
    for slug, kind in rules.post_kinds.items():
        somebody = actor(rules, slug)
        for subject in (*rules.kinds, PERSON):
            for action in sorted(GRANTED_ACTIONS):
                cell = matrix.scope_of(kind, action, subject)
                for area, unit in (
                    (COMMUNITY, UNIT),
                    (COMMUNITY, None),
                    (ELSEWHERE, UNIT),
                    (ELSEWHERE, "other"),
                    (ABROAD, None),
                ):
                    may = bool(decide(somebody, action, Subject(subject, area, unit)))
                    if may is not expected(cell, area, unit):
                        wrong.append((slug, action, subject, area, unit, cell, may))
    assert not wrong


def test_no_grant_works_a_step_and_every_step_has_a_kind_of_post(rules):
    for kind in rules.kinds.values():
        for node in rules.process(kind.slug).tasks:
            assert node.post in rules.post_kinds, (kind.slug, node.id)
            for slug in rules.post_kinds:
                for action in TASK_ACTIONS:
                    task = Subject(kind.slug, COMMUNITY, UNIT, post=node.post)
                    assert bool(decide(actor(rules, slug), action, task)) is (slug == node.post)


def test_whoever_sees_all_kinds_of_matters_sees_nobody(rules):
    for slug in ("leader", "auditor", "supervisor", "duty_leader"):
        for action in GRANTED_ACTIONS:
            assert not decide(actor(rules, slug), action, Subject(PERSON, COMMUNITY, None))
