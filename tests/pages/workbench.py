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
    "matter-sheet": Page("supervisor", lambda made: f"/matters/{made.at['closed']}/sheet"),
    "supervision": Page("supervisor", "/supervision"),
    "chases": [
        Page("supervisor", "/supervision/chases"),
        Page("supervisor", "/supervision/chases?show=replied"),
    ],
    "requests": Page("supervisor", "/supervision/requests"),
    "hanging": Page("duty-leader", "/supervision/hanging"),
    "overdue-facts": Page("supervisor", "/supervision/facts"),
    "appeals": Page("duty-leader", "/appeals"),
    "evaluation": Page("supervisor", "/evaluation?cycle=year"),
    "notices": Page("handler-municipal-central", "/notices"),
    "notices-settings": Page("handler-municipal-central", "/notices/settings"),
}
NOT_PAGES = {
    "matter-near": "GeoJSON for the map of a matter",
    "chase-many": "takes a form",
    "notices-read": "takes a form",
    "sign-out": "takes a form",
    "matter-process": "a BPMN file",
    "matter-do": "takes a form",
    "matter-contact": "takes a form",
    "file": "a file",
}
