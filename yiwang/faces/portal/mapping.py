"""The public map and counts: what was reported and what came of it, without a word that anybody wrote.

Everything is made once a minute for everybody; the tables say the same without the map.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

import orjson
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from yiwang.domains.operations import public
from yiwang.domains.operations.public import Shown
from yiwang.faces.portal import counting
from yiwang.faces.portal.words import step_word
from yiwang.kernel.access import limits
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.ui import clock, moments

SECONDS = 60
CLASSES_SHOWN = 20
TONES = (
    "overdue",
    "soon",
    "held",
    "running",
    "done",
)  # of several reports in one square, the first that fits
KINDS_NAMED = 3


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The page. `?days=30` for the longer window."""
    limits.LOOKS.take(request)
    now = clock.now()
    counts = counting.counts(now, not moments.chinese())
    window = 30 if request.GET.get("days") == "30" else 7
    context = {
        "counts": counts,
        "chosen": counts[window],
        "windows": public.WINDOWS,
        "classes_shown": CLASSES_SHOWN,
        "done_days": public.DONE_DAYS,
    }
    return render(request, "portal/map.html", context)


@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """Open reports and those done lately, as GeoJSON points; several in one square are one point."""
    limits.LOOKS.take(request)
    return _geojson(request, "points", lambda shown, now: [_point(group, now) for group in _squares(shown)])


@require_safe
def cells(request: HttpRequest) -> HttpResponse:
    """Open reports by hexagon, as GeoJSON."""
    limits.LOOKS.take(request)
    return _geojson(request, "cells", lambda shown, now: _hexagons(shown))


def _geojson(
    request: HttpRequest, name: str, features: Callable[[list[Shown], datetime], list[dict]]
) -> HttpResponse:
    now, english = clock.now(), not moments.chinese()
    key = f"portal.{name}.{english}.{current().digest}"
    found = cache.get(key)
    if found is None:
        body = orjson.dumps({"type": "FeatureCollection", "features": features(_shown(now, english), now)})
        found = (body, f'"{hashlib.sha256(body).hexdigest()[:24]}"')
        cache.set(key, found, SECONDS)
    body, tag = found
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={SECONDS}", "Vary": "Cookie"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(body, content_type="application/geo+json", headers=headers)


def _shown(now: datetime, english: bool) -> list[Shown]:
    key = f"portal.shown.{english}.{current().digest}"
    found = cache.get(key)
    if found is None:
        found = public.shown(now, english)
        cache.set(key, found, SECONDS)
    return found


def _squares(shown: list[Shown]) -> list[list[Shown]]:
    """Those that share a square, open ones apart from done ones."""
    groups: dict[tuple, list[Shown]] = defaultdict(list)
    for one in shown:
        groups[one.lat, one.lon, one.state].append(one)
    return list(groups.values())


def _point(group: list[Shown], now: datetime) -> dict:
    tone = min((_tone(one, now) for one in group), key=TONES.index)
    first = max(group, key=lambda one: one.opened_at)
    names = list(dict.fromkeys(one.class_name or _("not yet classed") for one in group))
    if len(group) == 1:
        title = names[0]
        sub = " · ".join(filter(None, (_state(first), _since(first), first.area_name)))
    else:
        title = ngettext("%(n)s report", "%(n)s reports", len(group)) % {"n": len(group)}
        more = "…" if len(names) > KINDS_NAMED else ""
        sub = " · ".join(
            filter(
                None,
                (pgettext("between names in a list", ", ").join(names[:KINDS_NAMED]) + more, first.area_name),
            )
        )
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [first.lon, first.lat]},
        "properties": {"title": title, "sub": sub, "tone": tone, "url": ""},
    }


def _tone(one: Shown, now: datetime) -> str:
    if one.state == "done":
        return "done"
    state = moments.time_state(one.due_at, one.held, now)
    return "running" if state == "none" else state


def _state(one: Shown) -> str:
    return pgettext("count", "done") if one.state == "done" else step_word(one.link)


def _since(one: Shown) -> str:
    return _("since %(day)s") % {"day": moments.short_day(one.opened_at)}


def _hexagons(shown: list[Shown]) -> list[dict]:
    found = public.cells(shown)
    most = max((count for _outline, count in found), default=1)
    return [
        {
            "type": "Feature",
            "geometry": outline,
            "properties": {
                "count": count,
                "share": round(count / most, 3),
                "title": ngettext("%(n)s open report", "%(n)s open reports", count) % {"n": count},
                "url": "",
            },
        }
        for outline, count in found
    ]
