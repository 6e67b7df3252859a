"""Addresses of the workbench."""

from tests.pages import Page

# The counts are there, and the panel, where the window has room for it, shows a matter.
WORKED = "html:has([data-count=all]:not([data-waiting])):not(:has([data-panel]:not([hidden]) > p))"

PAGES = {
    "sign-in": Page(address="/sign-in"),
    "work": [
        Page("acceptor", "/work"),
        Page("handler-municipal-central", "/work?show=overdue"),
        Page("dispatcher", "/work?q=路&area=210104&link=dispatch", "[data-count=all]:not([data-waiting])"),
        Page("dispatcher", "/work?q=没有这样的字"),
        Page("supervisor", "/work?whose=seen", WORKED),
    ],
    "matters": [
        Page("duty-leader", "/matters"),
        Page("supervisor", "/matters?q=路&state=open"),
    ],
    "duplicates": [
        Page("dispatcher", "/duplicates"),
        Page("dispatcher", lambda made: f"/duplicates?a={made.at['file']}&b={made.at['dispatch']}"),
    ],
    "matter": [
        Page("acceptor", lambda made: f"/matters/{made.at['file']}", ".yw-process[data-drawn=yes]"),
        Page("acceptor", lambda made: f"/matters/{made.at['file']}?find=路灯", ".yw-process[data-drawn=yes]"),
        Page("dispatcher", lambda made: f"/matters/{made.at['dispatch']}", ".yw-process[data-drawn=yes]"),
        Page("duty-leader", lambda made: f"/matters/{made.at['handle']}", ".yw-process[data-drawn=yes]"),
        Page("duty-leader", lambda made: f"/matters/{made.at['closed']}", ".yw-process[data-drawn=yes]"),
        Page("window-clerk", lambda made: f"/matters/{made.service[0]}", ".yw-process[data-drawn=yes]"),
        *(
            Page(who, lambda made, step=step: f"/matters/{made.aid.at[step]}", ".yw-process[data-drawn=yes]")
            for who, step in (
                ("aid-window-210104012", "accept"),
                ("aid-officer-210104012", "survey"),
                ("aid-officer-210104012", "publicity"),
                ("aid-officer-210104012", "review"),
                ("aid-officer-210104012", "call"),
                ("aid-county", "closed"),
            )
        ),
    ],
    "matter-sheet": Page("supervisor", lambda made: f"/matters/{made.at['closed']}/sheet"),
    "licences": [
        Page("licence-officer", "/licences"),
        Page("licence-officer", "/licences?status=lost&number=SP-2026-000001"),
    ],
    "licence-new": [
        Page("licence-officer", "/licences/new"),
        Page("licence-officer", "/licences/new?type=food-licence"),
    ],
    "licence": Page("licence-officer", lambda made: f"/licences/{made.licence.pk}"),
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
    "licence-change": "takes a form",
    "licence-file": "a file",
    "licence-used": "takes a form",
    "matter-near": "GeoJSON for the map of a matter",
    "chase-many": "takes a form",
    "evaluation-anew": "takes a form",
    "notices-read": "takes a form",
    "sign-out": "takes a form",
    "matter-process": "a BPMN file",
    "matter-do": "takes a form",
    "matter-panel": "a piece of the page work, shown and looked at there",
    "matter-panel-do": "takes a form",
    "work-pulse": "sends counts as JSON",
    "work-export": "an Excel file",
    "matters-export": "an Excel file",
    "queue-save": "takes a form",
    "queue-change": "takes a form",
    "bulk": "takes a form, and shows what will happen: looked at in the story of the keyboard",
    "bulk-do": "takes a form",
    "matter-contact": "takes a form",
    "matter-open": "takes a form",
    "file": "a file",
}
