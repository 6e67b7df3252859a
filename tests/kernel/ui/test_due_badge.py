"""What a due time says where the clock stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template import engines
from django.utils import translation

from tests.conftest import at

NOW = at("2026-09-24T16:30")


def badge(due_at, held: bool) -> str:
    source = (
        '{% from "ui/components/time.html" import due_badge with context %}{{ due_badge(due, held, now) }}'
    )
    with translation.override("zh-hans"):
        return engines["jinja2"].from_string(source).render({"due": due_at, "held": held, "now": NOW})


@pytest.mark.parametrize(("due_at", "told"), [(None, False), (NOW - timedelta(days=3), True)])
def test_what_was_overdue_before_its_clock_was_stopped_says_so(due_at, told):
    said = badge(due_at, held=True)
    assert "计时暂停" in said and ("暂停前已超期" in said) == told
