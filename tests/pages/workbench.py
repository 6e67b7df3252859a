"""Addresses of the workbench."""

from tests.pages import Page

PAGES = {
    "sign-in": Page(address="/sign-in"),
    "work": [
        Page("acceptor", "/work"),
        Page("handler-municipal-central", "/work?show=overdue"),
    ],
    "matters": Page("duty-leader", "/matters"),
    "matter": [
        Page("acceptor", lambda made: f"/matters/{made.at['file']}", ".yw-process[data-drawn=yes]"),
        Page("acceptor", lambda made: f"/matters/{made.at['file']}?find=路灯", ".yw-process[data-drawn=yes]"),
        Page("dispatcher", lambda made: f"/matters/{made.at['dispatch']}", ".yw-process[data-drawn=yes]"),
        Page("duty-leader", lambda made: f"/matters/{made.at['handle']}", ".yw-process[data-drawn=yes]"),
        Page("duty-leader", lambda made: f"/matters/{made.at['closed']}", ".yw-process[data-drawn=yes]"),
    ],
}
NOT_PAGES = {
    "sign-out": "takes a form",
    "matter-process": "a BPMN file",
    "matter-do": "takes a form",
    "matter-contact": "takes a form",
    "file": "a file",
}
