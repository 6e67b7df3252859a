"""Addresses of the field app. Its pages follow a #; `open` names one so that the browser loads it anew."""

from tests.pages import Page

CREW, INSPECTOR = "handler-lighting", "inspector-210104002"
PAGES = {
    "field": [
        Page("", "/field", "main[data-page=welcome]"),
        Page(CREW, "/field?open=tasks", ".f-task"),
        Page(CREW, "/field?open=map", "canvas"),
        Page(CREW, "/field?open=queue", "main[data-page=queue]"),
        Page(CREW, "/field?open=me", "main[data-page=me]"),
        Page(INSPECTOR, "/field?open=tasks", "main[data-page=tasks]"),
        Page(INSPECTOR, "/field?open=report", "#text"),
        Page(INSPECTOR, "/field?open=patrol", "#post"),
    ]
}
NOT_PAGES = {
    "field-manifest": "for the browser that installs the app",
    "field-worker": "the service worker",
    "field-me": "JSON for the app",
    "field-tasks": "JSON for the app",
    "field-patrols": "JSON for the app",
    "field-uploads": "takes a photo",
    "field-do": "takes a thing of the queue",
}
