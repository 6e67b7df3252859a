"""The county sees on sliders, before anything is enacted, what another standard would do."""

from __future__ import annotations

import pytest

from tests.domains.assistance.found import poor, refresh
from yiwang.kernel.ui import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def poor_household(district, time):
    time("2026-09-28T10:00")
    house = poor(112, clock.now())
    refresh(clock.now().date())
    return house


def test_a_slider_shows_at_once_what_another_standard_would_do(official, poor_household):
    county = official("aid-county", "周经办")
    county.goto("/assistance/preview")
    assert "没有改动" in county.inner_text("[data-effect-here=top]")
    county.fill("[id='v-guarantee.standard.urban']", "900")
    county.wait_for_selector("[data-effect-here=tables] >> text=受影响最大")
    assert "+1,200" in county.inner_text("[data-effect-here=top]")
    county.wait_for_url("**v.guarantee.standard.urban=900**")
    county.fill("[name=name]", "九百元")
    county.click("text=保存方案")
    county.wait_for_selector("text=方案已保存")
    county.click("text=比较方案")
    county.check("[name=v]")
    county.click("main form .btn-primary")
    assert "+1,200" in county.inner_text("table")
