"""Addresses of the portal."""

from tests.pages import Page

PAGES = {
    "home": Page(),
    "report": Page(address="/report"),
    "find": Page(address="/follow"),
    "report-done": Page(address=lambda made: f"/report/{made.report}/done"),
    "follow": Page(address=lambda made: f"/follow/{made.number}"),
    "follow-code": Page(address=lambda made: f"/f/{made.number}"),
}
NOT_PAGES = {
    "report-kinds": "a piece of a page, asked for by its script",
    "follow-photo": "a file",
    "follow-act": "takes a form",
}
