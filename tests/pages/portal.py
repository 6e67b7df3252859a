"""Addresses of the portal."""

from tests.pages import Page

PAGES = {
    "home": Page(),
    "report": Page(address="/report"),
    "find": Page(address="/follow"),
    "report-done": Page(address=lambda made: f"/report/{made.report}/done"),
    "follow": [
        Page(address=lambda made: f"/follow/{made.number}"),
        Page(address=lambda made: f"/follow/{made.aid.number}"),
        Page(address=lambda made: f"/follow/{made.service[0]}"),
    ],
    "follow-code": Page(address=lambda made: f"/f/{made.number}"),
    "aid-apply": Page(address="/apply"),
    "aid-done": Page(address=lambda made: f"/apply/{made.aid.number}/done"),
    "publicity": Page(address="/publicity"),
    "publicity-object": Page(address=lambda made: f"/publicity/{made.aid.publicity}/object"),
    "licence-verify": Page(address="/verify"),
    "licence-code": Page(address=lambda made: f"/v/{made.licence.number}/{made.licence.code}"),
    "public-map": [
        Page(address="/map", ready="#public[data-drawn]"),
        Page(address="/map?days=30", ready="#public[data-drawn]"),
    ],
}
NOT_PAGES = {
    "report-kinds": "a piece of a page, asked for by its script",
    "report-places": "a piece of a page, asked for by its script",
    "report-around": "sends data to the script of the form",
    "report-photos": "takes a photo from the script of the form",
    "follow-photo": "a file",
    "follow-act": "takes a form",
    "public-points": "sends data to the map",
    "public-cells": "sends data to the map",
}
