"""Addresses of the field app. Its pages follow the #; a query before it makes the browser load each anew."""

from tests.pages import Page

CREW, INSPECTOR = "handler-lighting", "inspector-210104002"
PAGES = {
    "field": [
        Page("", "/field", "main[data-page=welcome]"),
        Page(CREW, "/field?tasks", ".f-task"),
        Page(CREW, "/field?map#map", "canvas"),
        Page(CREW, "/field?queue#queue", "main[data-page=queue]"),
        Page(CREW, "/field?me#me", "main[data-page=me]"),
        Page(INSPECTOR, "/field?tasks", "main[data-page=tasks]"),
        Page(INSPECTOR, "/field?report#report", "#text"),
        Page(INSPECTOR, "/field?patrol#patrol", "#post"),
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
