"""Licences of made-up holders."""

from __future__ import annotations

import pytest

from tests.conftest import at
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.records.licences import actions

ADDRESS = "https://city.example"
PERSON = "11010519491231002X"
COMPANY = "91350100M000100Y43"


@pytest.fixture
def food(dadong):
    """A food business licence of 2026-09-24, valid for five years."""
    return actions.issue(
        actor=SYSTEM, type="food-licence", holder="沈阳市大东区小河沿饺子馆", holder_number=COMPANY,
        fields={"premises": "小河沿路12号", "representative": "张三", "form": "餐饮服务经营者", "items": "热食类食品制售"},
        now=at("2026-09-24T10:00"), address=ADDRESS,
    )  # fmt: skip


@pytest.fixture
def card(dadong):
    """A senior citizen card without end."""
    return actions.issue(
        actor=SYSTEM, type="elder-card", holder="王小明", holder_number=PERSON, fields={"community": "小河沿社区"},
        now=at("2026-09-24T10:00"), address=ADDRESS,
    )  # fmt: skip


@pytest.fixture
def case(dadong):
    """An open application that may use licences: a matter with an open task."""
    from tests.kernel.matters.conftest import Way

    way = Way(dadong, limit="5wd")
    way.open("2026-09-24T09:10")
    return way
