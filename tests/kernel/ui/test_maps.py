"""The map and the chart in a real browser, with the outlines of Dadong, under the real policy for scripts."""

from __future__ import annotations

import os

import pytest
from django.core.cache import cache

from tests.browser import DESK, PHONE, violations
from tests.kernel.ui import gallery
from yiwang.kernel.registers import queries as registers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_maps(chromium, live_server, dadong, settings):
    for name, value in gallery.SETTINGS.items():
        setattr(settings, name, value)
    settings.ALLOWED_HOSTS = ["*"]
    registers.reset_caches()
    cache.clear()
    address = live_server.url.replace("localhost", "127.0.0.1")
    contexts, broken = [], []

    def opened(viewport=DESK, theme="", **options):
        context = chromium.new_context(viewport=viewport, base_url=address, **options)
        contexts.append(context)
        if theme:
            context.add_cookies([{"name": "yiwang_theme", "value": theme, "url": address}])
        page = context.new_page()
        page.on("console", lambda m: broken.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on(
            "request",
            lambda one: None if one.url.startswith((address, "data:", "blob:")) else broken.append(one.url),
        )
        page.goto("/styleguide/maps")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [one for one in broken if "GPU stall" not in one and "WebGL" not in one] == []


def drawn(page):
    for name in ("seen", "picked", "today"):
        page.locator(f"#{name}").scroll_into_view_if_needed()
        page.wait_for_selector(f"#{name}[data-drawn=yes]")
    return page


@pytest.mark.parametrize(("viewport", "theme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone", "desk"])
def test_maps_and_charts_are_drawn_without_any_other_server(open_maps, viewport, theme):
    page = drawn(open_maps(viewport, theme))
    names = page.evaluate(
        "import('/static/ui/map.js').then(m => m.ready(document.querySelector('#seen')))"
        ".then(it => it.map.querySourceFeatures('areas').length)"
    )
    assert names > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    if shots := os.environ.get("YIWANG_SHOTS"):
        page.screenshot(path=f"{shots}/maps-{theme}.png", full_page=True)
    assert violations(page) == []


def test_a_tap_on_the_map_chooses_the_place_and_names_the_community(open_maps):
    page = drawn(open_maps())
    page.evaluate(
        "document.querySelector('#picked').addEventListener('yw:pick', e => { window.told = e.detail; })"
    )
    page.locator("#picked canvas").click()
    told = page.wait_for_function("window.told").json_value()
    assert told["area"].startswith("210104002")
    assert float(page.input_value("#lat")) == pytest.approx(told["lat"], abs=1e-6)
    assert page.locator("#picked .yw-map-mark").count() == 1


def test_on_the_keyboard_enter_chooses_the_middle_of_the_map(open_maps):
    page = drawn(open_maps())
    page.locator("#picked canvas").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#lat').value !== ''")


def test_what_somebody_typed_is_shown_as_text(open_maps):
    page = drawn(open_maps())
    page.evaluate(
        "import('/static/ui/map.js').then(m => m.ready(document.querySelector('#seen'))).then(it => it.say("
        "{properties: {title: '<b>路灯</b>', sub: '', url: 'https://elsewhere.example/'}}, [123.48, 41.82]))"
    )
    popup = page.locator(".maplibregl-popup-content")
    assert "<b>路灯</b>" in popup.inner_text()
    assert popup.locator("b, a").count() == 0


def test_without_script_the_table_of_a_chart_is_open(open_maps):
    page = open_maps(java_script_enabled=False)
    assert page.locator("#today td", has_text="31").is_visible()
