"""The versions of the pack that were loaded, and what changed between two of them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.faces.rulebook import changes
from yiwang.faces.rulebook.door import for_staff
from yiwang.kernel.errors import NotFound
from yiwang.kernel.pace import queries as pace
from yiwang.kernel.packs import contents
from yiwang.kernel.packs.models import PackVersion
from yiwang.kernel.packs.rulebook import current, rulebook

MOST = 100
ENTRIES = 60  # of one group are shown; the others are counted


@for_staff
def listed(request: HttpRequest) -> HttpResponse:
    """The versions, the newest first, with how many running matters keep each."""
    rows = _rows()
    context = {"rules": current(), "rows": rows, "pair": _pair(rows), "disk": "yiwang pack diff"}
    return render(request, "rulebook/versions.html", context)


def _rows() -> list[dict]:
    running = pace.open_by_version()
    found = PackVersion.objects.order_by("-loaded_at", "-pk").values(
        "id", "name", "version", "digest", "loaded_at", "loaded_by", "current"
    )[:MOST]
    return [row | {"running": running.get(row["id"], 0), "short": row["digest"][:8]} for row in found]


def _pair(rows: list[dict]) -> tuple[int, int] | None:
    """What is most often asked: the version before the one in force, and that one."""
    in_force = next((row["id"] for row in rows if row["current"]), None)
    before = next((row["id"] for row in rows if not row["current"]), None)
    return (before, in_force) if before and in_force else None


@for_staff
def compared(request: HttpRequest) -> HttpResponse:
    """Two versions side by side: what was added, changed, removed, in plain words, with both drawings."""
    rows = _rows()
    known = {row["id"]: row for row in rows}
    pair = _pair(rows) or (rows[-1]["id"], rows[0]["id"])
    old, new = (_chosen(request, name, known, pair[place]) for place, name in enumerate(("old", "new")))
    bodies = contents.body(old), contents.body(new)
    groups = changes.groups(*bodies, ENTRIES)
    drawn = changes.drawn(*bodies)
    context = {
        "rules": current(),
        "rows": rows,
        "old": known[old],
        "new": known[new],
        "groups": groups,
        "drawn": [_drawings(one, old, new) for one in drawn],
        "counts": {
            what: sum(group.count(what) for group in groups) + sum(len(getattr(one, what)) for one in drawn)
            for what in (changes.ADDED, changes.CHANGED, changes.REMOVED)
        },
        "same": not groups and not drawn,
    }
    return render(request, "rulebook/compare.html", context)


def _chosen(request: HttpRequest, name: str, known: dict[int, dict], otherwise: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) in known):
        raise NotFound(_("There is no pack version %(id)s.") % {"id": text[:20]}, code="no_pack_version")
    return int(text)


def _drawings(one: changes.Drawn, old: int, new: int) -> dict:
    return {
        "drawn": one,
        "old_url": _drawing(one.slug, old) if len(one.removed) or len(one.changed) or one.added else "",
        "new_url": _drawing(one.slug, new),
    }


def _drawing(process: str, version: int) -> str:
    """Where a version's drawing is served; '' when that version has no such process."""
    kind = next((kind.slug for kind in rulebook(version).kinds.values() if kind.process == process), None)
    return reverse("rules-drawing", args=[kind]) + "?" + urlencode({"pack": version}) if kind else ""
