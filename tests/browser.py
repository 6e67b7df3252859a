"""The one real browser of a test run.

One for all tests of a process: its driver keeps a loop running in the thread of the tests, beside which no second
one can start, and within which Django refuses the database unless told that this is meant.
"""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.base import AXE_SCRIPT

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def playwright_driver():
    """The driver, for tests that start a browser of their own."""
    if not os.path.exists(CHROMIUM):
        pytest.skip(f"needs a browser at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright_driver):
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_ASKED = """async rules => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.flatMap(one => one.nodes.map(
    node => `${location.href} ${one.id}: ${node.html} ${node.failureSummary || ""}`));
}"""


def violations(page, *rules: str) -> list[str]:
    """What axe finds wrong on the page, a line each: by WCAG 2.2 A and AA, or by these rules alone.

    Only what is wrong comes back from the browser: all that axe knows of a long list takes longer than finding it.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    chosen = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": WCAG}
    return page.evaluate(_ASKED, chosen)
