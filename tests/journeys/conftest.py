"""A real browser against a running server whose clock the story sets."""

from __future__ import annotations

import contextlib

import pytest
from django.core.cache import cache

from tests import people
from tests.browser import DESK
from tests.conftest import at
from yiwang.kernel.matters import store
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import catalogues, clock

PASSWORD = "correct horse battery staple"


@pytest.fixture
def time(monkeypatch):
    """`time("2026-09-24T16:30")` sets the clock of every page; the server is a thread of this process."""
    state = {"now": at("2026-09-24T16:30")}
    monkeypatch.setattr(clock, "now", lambda: state["now"])

    def set_to(text: str) -> None:
        state["now"] = at(text)

    return set_to


@pytest.fixture
def district(chromium, live_server, dadong, settings, tmp_path, time):
    """The address of a server with the pack of Dadong."""
    settings.FILES_DIR = tmp_path / "files"
    settings.HOME = tmp_path  # a lake of its own
    settings.ALLOWED_HOSTS = ["*"]
    catalogues.compile_all()
    registers.reset_caches()
    cache.clear()
    store.numbers.forget()
    yield live_server.url.replace("localhost", "127.0.0.1")
    store.numbers.forget()
    cache.clear()


@pytest.fixture
def browse(chromium, district):
    """`browse(PHONE)` opens a window of its own; what the content policy stopped, or broke, fails the story."""
    contexts, broken = [], []

    def opened(viewport=DESK, **options):
        context = chromium.new_context(viewport=viewport, base_url=district, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(45000)
        page.on(
            "console",
            lambda message: (
                broken.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        page.on("pageerror", lambda error: broken.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert broken == []


@pytest.fixture
def official(browse):
    """`official("dispatcher", "赵派遣")` signs in by the form and stays signed in; the same post the same window."""
    windows = {}

    def of(post: str, name: str, viewport=DESK):
        if post not in windows:
            people.user(post, name=name, password=PASSWORD)
            page = windows[post] = browse(viewport)
            page.goto("/work")
            page.fill("[name=username]", post)
            page.fill("[name=password]", PASSWORD)
            page.click("main form button")
            page.wait_for_url("**/work")
        return windows[post]

    return of


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A story that fails shows what stood on the screen."""
    report = yield
    if call.when == "call" and report.failed:
        used = getattr(item, "funcargs", {})
        pages = [page for context in getattr(used.get("chromium"), "contexts", ()) for page in context.pages]
        pages += [used["handset"].page] if "handset" in used else []
        for page in pages:
            with contextlib.suppress(Exception):  # the page may be gone, and the failure is what matters
                report.sections.append(
                    (f"on the screen of {page.url}", page.inner_text("body", timeout=2000))
                )
    return report
