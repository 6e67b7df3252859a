"""Addresses of the register of people."""

from tests.pages import Page

PAGES = {
    "people": [Page("aid-officer-210104012", "/people"), Page("people-steward", "/people")],
    "people-files": Page("people-steward", "/people/files"),
    "person": [
        Page("people-steward", lambda made: f"/people/{made.somebody}"),
        Page("aid-officer-210104012", lambda made: f"/people/{made.somebody}"),
    ],
    "my-data": Page(address="/my-data"),
    "my-data-held": Page(address="/my-data/held"),
}
NOT_PAGES = {
    "person-code": "takes a form",
    "person-export": "a ZIP file",
    "person-erase": "takes a form, and shows what was erased",
    "my-data-copy": "a ZIP file",
    "my-data-end": "takes a form",
}
