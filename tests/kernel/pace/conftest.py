"""The matter of tests/kernel/matters, and nothing kept from another test."""

import pytest

from tests.conftest import at
from tests.kernel.matters import conftest as matters
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions
from yiwang.kernel.pace import counting, queries
from yiwang.kernel.registers.calendars import current_calendar

NOW = at("2026-10-20T09:00")
way = matters.way


def count_all(now=NOW, most=200):
    while counting.count_missing(current_calendar(), now, at_most=most):
        pass


@pytest.fixture(autouse=True)
def nothing_kept():
    queries.reset_caches()
    yield
    queries.reset_caches()


@pytest.fixture
def finished(dadong):
    """Five matters that were filed and dispatched over a week, two handled, one with a paused clock."""
    ways = [matters.Way(dadong, limit="5wd") for _n in range(5)]
    for n, way in enumerate(ways):
        way.open(f"2026-10-1{n}T09:{10 + n}")
        chosen = next(c for c in dadong.conditions_of(dadong.default_standard, "01003") if c.limit == "5wd")
        way.do("file", f"2026-10-1{n}T10:{20 + 3 * n}", condition=chosen.slug)
        way.do("dispatch", f"2026-10-1{n}T16:0{n}")
    actions.hold(actor=SYSTEM, matter=ways[0].id, reason="material", note="等料", now=at("2026-10-12T09:00"))
    actions.resume(actor=SYSTEM, matter=ways[0].id, note="到料", now=at("2026-10-13T15:00"))
    ways[0].do("done", "2026-10-15T11:00")
    ways[1].do("not_ours", "2026-10-19T17:30", note="非本单位职责")
    return ways
