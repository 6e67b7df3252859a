"""Which language a page speaks: Chinese, unless the person chose another one."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

COOKIE = "yiwang_language"
COOKIE_AGE = 365 * 24 * 3600
# Programs, not people, read these addresses: their Accept-Language header is a choice.
MACHINE_PATHS = ("/api/", "/open311/")
# The scripts of our own pages ask for JSON too, but what it says is read by the person in front of the page.
OWN_SCRIPTS = ("/field/api/",)


def is_machine(request: HttpRequest) -> bool:
    """True where the caller is a program that wants a problem document, not a page."""
    if request.path.startswith(MACHINE_PATHS):
        return True
    accept = request.headers.get("Accept", "")
    return "json" in accept and "text/html" not in accept


def language_of(request: HttpRequest) -> str:
    """The language code to answer in.

    A cookie set by the language switch wins. A browser's Accept-Language says how the machine was installed,
    not what its owner wants to read, so pages ignore it; for programs it counts.
    """
    known = {code for code, _name in settings.LANGUAGES}
    chosen = request.COOKIES.get(COOKIE, "")
    if chosen in known:
        return chosen
    if is_machine(request) and not request.path.startswith(OWN_SCRIPTS):
        return accepted(request.headers.get("Accept-Language", ""), known) or settings.LANGUAGE_CODE
    return settings.LANGUAGE_CODE


def accepted(header: str, known: set[str]) -> str | None:
    """The best known language of an Accept-Language header, or None."""
    wishes = []
    for position, part in enumerate(header.split(",")[:10]):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        wishes.append((-weight, position, tag.strip().lower()))
    for weight, _position, tag in sorted(wishes):
        if weight == 0 or not tag:
            continue
        if tag in known:
            return tag
        for code in sorted(known):
            if code.split("-")[0] == tag.split("-")[0]:
                return code
    return None
