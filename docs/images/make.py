"""Makes the pictures of the README from a running demonstration: `.venv/bin/python docs/images/make.py [ADDRESS]`.

Needs `make demo` in another terminal and Chromium (Debian: chromium, fonts-noto-cjk).
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
FLAGS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]  # fmt: skip


def sign_in(page: Page, base: str, username: str) -> None:
    page.goto(f"{base}/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", "yiwang-demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/work*")


def shoot(browser: Browser, base: str) -> None:
    phone = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN", device_scale_factor=2)
    phone.goto(f"{base}/report")
    phone.screenshot(path=HERE / "portal.png")
    desk = browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    sign_in(desk, base, "dispatcher")
    desk.screenshot(path=HERE / "workbench.png")
    desk.context.clear_cookies()
    sign_in(desk, base, "supervisor")
    # A limit in working days shows the strip.
    late = desk.request.get(f"{base}/api/v1/overdue?limit=50").json()["items"]
    number = next(row["matter"] for row in late if row["limit"] == "5wd")
    desk.goto(f"{base}/matters/{number}")
    desk.wait_for_timeout(1500)  # the drawing of the process
    desk.screenshot(path=HERE / "matter.png")


def main() -> None:
    base = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        shoot(browser, base.rstrip("/"))
        browser.close()


if __name__ == "__main__":
    main()
