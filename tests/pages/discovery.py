"""Addresses of finding people, previewing a change, social forces."""

from tests.kernel.people.made import HUALU
from tests.pages import Page

WORKER = f"worker-{HUALU}"
PAGES = {
    "assistance-board": Page("aid-county", "/assistance/discovery"),
    "assistance-findings": [
        Page(WORKER, "/assistance/findings"),
        Page("aid-county", "/assistance/findings?says=ending"),
    ],
    "assistance-visit": Page(WORKER, lambda made: f"/assistance/visits/{made.found.visit}"),
    "assistance-preview": Page("aid-county", "/assistance/preview?v.guarantee.standard.urban=900"),
    "assistance-preview-compare": Page(
        "aid-county", lambda made: f"/assistance/preview/compare?v={made.found.variant}"
    ),
    "assistance-help": Page("aid-county", "/assistance/help"),
    "assistance-match": Page("aid-county", lambda made: f"/assistance/help/matches/{made.found.match}"),
}
NOT_PAGES = {
    "assistance-screen": "takes a form",
    "assistance-send": "takes a form",
    "assistance-visit-do": "takes a form",
    "assistance-visit-open": "takes a form",
    "assistance-preview-effect": "a piece of the page assistance-preview, shown and looked at there",
    "assistance-preview-export": "an Excel file",
    "assistance-preview-save": "takes a form",
    "assistance-preview-remove": "takes a form",
    "assistance-need": "takes a form",
    "assistance-offer": "takes a form",
    "assistance-help-end": "takes a form",
    "assistance-match-propose": "takes a form",
    "assistance-redeem": "takes a form",
    "assistance-match-decide": "takes a form",
    "assistance-on-match": "takes a form, and shows the code of a voucher once",
}
