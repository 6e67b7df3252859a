"""Every page of the URL table in a real browser: WCAG 2.2 A and AA as far as axe can tell, in both languages, light,
dark and with large text; nothing on the console, nothing asked of another host, nothing inline."""

from __future__ import annotations

import re

import pytest
from django.urls import get_resolver

from tests.browser import DESK, PHONE, violations
from tests.pages import (
    Page,
    approvals,
    assistance,
    discovery,
    field,
    halls,
    people,
    portal,
    rulebook,
    services,
    styleguide,
    ui,
    wall,
    workbench,
)
from tests.pages.district import make

FACES = {
    "portal": portal,
    "services": services,
    "halls": halls,
    "approvals": approvals,
    "workbench": workbench,
    "assistance": assistance,
    "discovery": discovery,
    "field": field,
    "people": people,
    "wall": wall,
    "rulebook": rulebook,
    "styleguide": styleguide,
    "ui": ui,
}
PROGRAMS = ("api/", "^open311/")  # they have their own tests
INLINE = re.compile(
    r"<script(?![^>]*(\ssrc=|type=\"application/json\"))|<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE
)
# What a machine without a graphics card says of itself.
GRAPHICS = ("WebGL", "GPU stall", "GL Driver")


def names_of_the_url_table() -> set[str]:
    found = set()

    def walk(patterns, before: str) -> None:
        for one in patterns:
            here = before + str(one.pattern)
            if here.startswith(PROGRAMS):
                continue
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, here)
            else:
                found.add(one.name or here)

    walk(get_resolver().url_patterns, "")
    return found


def test_every_address_is_a_page_to_look_at_or_says_why_not():
    listed = [name for face in FACES.values() for name in (*face.PAGES, *face.NOT_PAGES)]
    assert sorted(listed) == sorted(names_of_the_url_table())


def pages_of(face: str) -> list[Page]:
    found = []
    for one in FACES[face].PAGES.values():
        found += one if isinstance(one, list) else [one]
    return found


def watched(context, address: str, broken: list[str]):
    page = context.new_page()
    page.set_default_timeout(30000)
    page.on(
        "console",
        lambda said: (
            broken.append(f"{page.url} console: {said.text}")
            if said.type == "error" and not any(word in said.text for word in GRAPHICS)
            else None
        ),
    )
    page.on("pageerror", lambda error: broken.append(f"{page.url} {error}"))
    page.on(
        "request",
        lambda one: (
            None
            if one.url.startswith((address, "data:", "blob:"))
            else broken.append(f"{page.url} asked {one.url}")
        ),
    )
    return page


def look(page, one: Page, made, language: str, viewport: dict, looks: str) -> list[str]:
    """What is wrong with a page, in one language: light, and with `looks` "all" in dark and large too."""
    answer = page.goto(one.of(made))
    wrong = [] if answer.status == one.status else [f"{page.url} was answered with {answer.status}"]
    wrong += [f"{page.url} has inline {hit.group()!r}" for hit in INLINE.finditer(answer.text())]
    if one.ready:
        page.wait_for_selector(one.ready)
    if page.locator("html").get_attribute("lang") != {"zh-hans": "zh-Hans", "en": "en"}[language]:
        wrong.append(f"{page.url} is not in {language}")
    wrong += violations(page)
    if looks != "all":
        return wrong
    page.evaluate(
        "document.documentElement.dataset.bsTheme = 'dark'; document.dispatchEvent(new CustomEvent('yw:theme'))"
    )
    wrong += [f"dark: {line}" for line in violations(page, "color-contrast")]
    page.evaluate(
        "document.documentElement.classList.add('yw-large-root'); document.body.classList.add('yw-large')"
    )
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > viewport["width"]:
        wrong.append(f"large: {page.url} is {width} px wide on {viewport['width']}")
    return wrong + [
        f"large: {line}" for line in violations(page, "target-size")
    ]  # larger letters need no more contrast


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "looks"),
    [("zh-hans", "all"), ("en", "light"), pytest.param("en", "all", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("face", [name for name, face in FACES.items() if face.PAGES])
def test_everybody_can_use_every_page(chromium, district, time, face, language, looks):
    time("2026-09-28T10:00")
    made, address = make(), district
    viewport = PHONE if language == "zh-hans" else DESK
    wrong: list[str] = []
    for who in dict.fromkeys(one.who for one in pages_of(face)):
        context = chromium.new_context(
            viewport=viewport, base_url=address, locale="zh-CN", reduced_motion="reduce"
        )
        context.add_cookies(
            [
                {"name": "yiwang_language", "value": language, "url": address},
                {"name": "sessionid", "value": made.session(who), "url": address},
            ]
        )
        page = watched(context, address, wrong)
        for one in pages_of(face):
            if one.who == who:
                wrong += look(page, one, made, language, viewport, looks)
        context.close()
    assert wrong == []
