"""The components in a real browser, under the real policy for scripts."""

from __future__ import annotations

import re

import pytest

from tests.browser import DESK, PHONE, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def open_page(chromium, served):
    contexts = []

    def opened(path, viewport=DESK, language="zh-hans", large=False, **options):
        context = chromium.new_context(viewport=viewport, **options)
        contexts.append(context)
        context.add_cookies([{"name": "yiwang_language", "value": language, "url": served}])
        if large:
            context.add_cookies([{"name": "yiwang_text_size", "value": "large", "url": served}])
        page = context.new_page()
        page.blocked = []
        page.on(
            "console", lambda m: page.blocked.append(m.text) if "Content Security Policy" in m.text else None
        )
        page.on("pageerror", lambda error: page.blocked.append(str(error)))
        page.goto(served + path, wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()


def drawn(page):
    page.wait_for_selector("#process [data-drawn=yes]")
    page.wait_for_selector("#process-broken [data-drawn=no]")
    return page


@pytest.mark.parametrize(("viewport", "language"), [(PHONE, "zh-hans"), (DESK, "zh-hans"), (PHONE, "en")])
def test_the_components_fit_and_can_be_used_by_everybody(open_page, viewport, language):
    for path in ("/styleguide", "/styleguide/form", "/taken"):
        page = open_page(path, viewport, language)
        if path == "/styleguide":
            drawn(page)
        assert page.blocked == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert violations(page) == []


def test_large_text_is_a_quarter_larger_and_still_fits_a_phone(open_page):
    page = drawn(open_page("/styleguide", PHONE, large=True))
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "20px"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_drawing_shows_the_live_step_and_keeps_its_watermark(open_page):
    page = drawn(open_page("/styleguide"))
    drawing = page.locator("#process .yw-process-drawing")
    assert drawing.locator(".yw-node-here[data-element-id=handle]").count() == 1
    assert drawing.locator(".yw-node-done").count() == 3
    assert drawing.locator(".yw-node-flag").inner_text() == "当前环节"
    mark = drawing.locator(".bjs-powered-by")
    assert mark.is_visible()
    inner, outer = mark.bounding_box(), drawing.bounding_box()
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    assert inner["y"] + inner["height"] <= outer["y"] + outer["height"]


def test_the_buttons_of_the_drawing_move_it(open_page):
    page = drawn(open_page("/styleguide"))

    def place():
        text = page.evaluate("document.querySelector('#process .viewport').getAttribute('transform')")
        return tuple(round(float(number)) for number in re.findall(r"-?[\d.]+", text)[4:])

    seen = [place()]
    for name in ("放大", "缩小", "当前位置", "全图"):
        page.locator("#process").get_by_role("button", name=name).click()
        seen.append(place())
    assert len(set(seen)) >= 3
    assert seen[-1] == pytest.approx(seen[0], abs=2)


def test_a_drawing_that_cannot_be_loaded_leaves_the_list_and_says_so(open_page):
    page = drawn(open_page("/styleguide"))
    broken = page.locator("#process-broken")
    assert "未能加载" in broken.inner_text()
    assert broken.locator("li[aria-current=step]").inner_text().split()[:2] == ["4", "任务处理"]
    assert not broken.locator(".yw-process-drawing").is_visible()


def test_without_script_the_list_says_where_the_matter_is(open_page):
    page = open_page("/styleguide", java_script_enabled=False)
    assert page.locator("#process li[aria-current=step]").count() == 1
    assert not page.locator("#process .yw-process-drawing").is_visible()
    assert not page.locator("#process .yw-process-tools").is_visible()


def test_the_keyboard_reaches_the_content_first(open_page):
    page = open_page("/styleguide/form")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "yw-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_line_of_an_error_leads_to_its_field(open_page):
    page = open_page("/styleguide/form", PHONE)
    page.get_by_role("link", name="电话号码应为 11 位").click()
    assert page.evaluate("location.hash") == "#field-phone"
    assert page.evaluate("document.activeElement.id || 'field-phone'") == "field-phone"


def test_switching_the_language_in_the_page(open_page):
    page = open_page("/styleguide/form", PHONE)
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en]")
    assert page.get_by_role("heading", level=1).inner_text() == "Report a problem"
