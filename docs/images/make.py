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
    sign_in(phone, base, "handler-lighting")
    phone.goto(f"{base}/field")
    phone.wait_for_selector("main li, main article")
    phone.wait_for_timeout(1000)
    phone.screenshot(path=HERE / "field.png")
    desk = browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    sign_in(desk, base, "dispatcher")
    desk.wait_for_timeout(1500)  # the first matter opens beside the queue
    desk.screenshot(path=HERE / "workbench.png")
    desk.context.clear_cookies()
    sign_in(desk, base, "supervisor")
    # A limit in working days shows the strip.
    late = desk.request.get(f"{base}/api/v1/overdue?limit=50").json()["items"]
    number = next(row["matter"] for row in late if row["limit"] == "5wd")
    desk.goto(f"{base}/matters/{number}")
    desk.locator(".yw-strip").first.scroll_into_view_if_needed()
    desk.wait_for_timeout(3000)  # the map and the drawing of the process
    desk.screenshot(path=HERE / "matter.png")
    desk.goto(f"{base}/rules/processes/incident")
    desk.wait_for_selector(".yw-process[data-drawn=yes], [data-drawn=yes]")
    desk.wait_for_timeout(1500)
    desk.screenshot(path=HERE / "rulebook.png")
    wall = browser.new_page(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    sign_in(wall, base, "leader")
    wall.goto(f"{base}/wall")
    wall.wait_for_timeout(6000)  # its map and its chart
    wall.screenshot(path=HERE / "wall.png")


def main() -> None:
    base = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        shoot(browser, base.rstrip("/"))
        browser.close()


if __name__ == "__main__":
    main()
