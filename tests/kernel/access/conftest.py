"""A small district: two sub-districts, a few units, post kinds that do not depend on any pack on the disk."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from yiwang.kernel.access import tokens
from yiwang.kernel.packs import rulebook
from yiwang.kernel.packs.models import PackVersion
from yiwang.kernel.packs.rulebook import Grant, PostKind
from yiwang.kernel.registers import queries
from yiwang.kernel.registers.models import Area, Post, Unit

CHINA = ZoneInfo("Asia/Shanghai")


def grant(actions: str, scope: str, kinds: str | None = None) -> Grant:
    return Grant(
        frozenset(actions.split()), frozenset(kinds.split()) if kinds else None, frozenset(scope.split())
    )


POST_KINDS = {
    kind.slug: kind
    for kind in (
        PostKind(
            "dispatcher", "派遣员", "Dispatcher", (grant("see reassign hold remind", "district", "incident"),)
        ),
        PostKind("handler", "处置人员", "Handler", (grant("see", "unit", "incident"),)),
        PostKind("inspector", "监督员", "Inspector", (grant("see open", "area"),)),
        PostKind("clerk", "办事员", "Clerk", (grant("see reveal", "area unit"),)),
    )
}


@pytest.fixture
def now() -> dt.datetime:
    return dt.datetime(2026, 9, 24, 10, 0, tzinfo=CHINA)


@pytest.fixture
def rules(monkeypatch):
    """A rulebook in force without a pack."""
    rules = SimpleNamespace(
        post_kinds=POST_KINDS, digest="test", district="210104", settings={"max_upload_mb": 1}
    )
    monkeypatch.setattr(rulebook, "current", lambda: rules)
    queries.reset_all()
    yield rules
    queries.reset_all()


@pytest.fixture
def no_pack(db):
    """As before the first `yiwang pack load`."""
    PackVersion.objects.update(current=False)
    queries.reset_caches()
    yield
    queries.reset_caches()


@pytest.fixture(autouse=True)
def _no_remembered_secrets():
    tokens.reset_caches()
    yield
    tokens.reset_caches()


@pytest.fixture
def district(db, rules):
    """Areas, units and posts; the units are a tree: bureau > station > team."""
    Area.objects.bulk_create(
        [
            Area(code="210104", name="大东区", level="district"),
            Area(code="210104001", name="大北街道", level="subdistrict", parent_id="210104"),
            Area(code="210104001001", name="北海社区", level="community", parent_id="210104001"),
        ],
        ignore_conflicts=True,  # the tests' database may hold a real pack
    )
    Unit.objects.bulk_create(
        [
            Unit(code="bureau", name="城管局", kind="department"),
            Unit(code="station", name="环卫所", kind="department", parent_id="bureau"),
            Unit(code="team", name="清扫队", kind="contractor", parent_id="station"),
            Unit(code="water", name="水务局", kind="department"),
        ]
    )
    Post.objects.bulk_create(
        [
            Post(code="dispatch-1", kind="dispatcher", name="派遣员一", unit_id="bureau", area_id="210104"),
            Post(code="station-1", kind="handler", name="环卫所处置", unit_id="station", area_id="210104"),
            Post(code="dabei-1", kind="inspector", name="大北监督员", unit_id="bureau", area_id="210104001"),
            Post(
                code="old-1",
                kind="dispatcher",
                name="撤销的岗位",
                unit_id="bureau",
                area_id="210104",
                active=False,
            ),
        ]
    )
