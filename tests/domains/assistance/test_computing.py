"""One household asked with what the registers know now: the same for a decision and for a finding."""

from __future__ import annotations

from datetime import date

import pytest

from tests.domains.assistance.conftest import NOW
from tests.domains.assistance.found import poor
from yiwang.domains.assistance import computing
from yiwang.domains.assistance.computing import compute
from yiwang.domains.assistance.discovery import asked_again
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers.people import queries
from yiwang.kernel.registers.people.facts import Fact, pack, unpack

DAY = date(2026, 9, 24)
GUARANTEE = "minimum_guarantee"


@pytest.fixture
def house(dadong):
    found = poor(12, NOW)
    found.refresh_from_db()
    return found


def test_a_fact_that_left_the_pack_is_left_out(house):
    before = compute(GUARANTEE, house.pk, None, DAY)
    old = Fact(7, "旧系统", date(2020, 1, 1))
    (one,) = queries.members(house.pk)
    for row in (house, one):
        row.facts = pack(unpack(row.facts) | {"left_the_pack": old})
        row.save(update_fields=["facts"])
    assert compute(GUARANTEE, house.pk, None, DAY) == before


def test_a_decision_and_a_finding_are_told_the_same(house):
    policy = current().policy
    told = asked_again.explained(policy, computing.household_of_one(policy, house), DAY, [GUARANTEE])[
        GUARANTEE
    ]
    computed = compute(GUARANTEE, house.pk, None, DAY)
    mine = computed.explanation["answers"][0]
    assert told["answer"] == computed.says == mine["answer"] == "yes"
    assert (told["fen"], told["conditions"], told["missing"]) == (
        mine["fen"],
        mine["conditions"],
        mine["missing"],
    )
    assert told["parameters"]
    assert all(one in computed.explanation["parameters"] for one in told["parameters"])
