"""Matters that may be about the same thing, side by side: photos, words, place, times; then one goes on for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.core.geo import Point, distance_m
from yiwang.domains.operations import duplicates as likely
from yiwang.domains.operations.models import Report
from yiwang.faces.workbench import naming
from yiwang.faces.workbench.queues import whole_number
from yiwang.kernel.access.policy import Subject, decide, matters_filter, tasks_filter
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.rulebook import rulebook
from yiwang.kernel.records.attachments import SEALED
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import clock, moments, notices
from yiwang.kernel.ui.door import staff_only

LETTERS = ("a", "b", "c", "d")
MOST_PHOTOS = 6


@dataclass(frozen=True, slots=True)
class Side:
    """One matter of the comparison; what differs from the first is in words."""

    row: Matter
    class_name: str
    area: str
    unit: str
    channel: str
    photos: tuple[dict, ...]
    reports: int
    distance: str
    apart: str
    similarity: int | None  # percent of the words shared with the first
    same_class: bool
    may_merge: bool


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def duplicates(request: HttpRequest) -> HttpResponse:
    """`?a=…&b=…` (up to d) shows them; sent with `primary`, the others are joined with it."""
    numbers = _numbers(request)
    if request.method == "POST":
        return _join(request, numbers)
    return _show(request, numbers)


def _show(request: HttpRequest, numbers: list[str], problem: Problem | None = None) -> HttpResponse:
    now = clock.now()
    rows = _seen(request.actor, numbers)
    missing = [number for number in numbers if number not in {row.number for row in rows}]
    if missing and problem is None:
        problem = NotFound(
            _("There is no matter %(number)s that you may see.") % {"number": ", ".join(missing)}
        )
    sides = _sides(request.actor, rows)
    others = []
    if rows and rows[0].state == "open" and len(rows) < len(LETTERS):
        others = [one for one in likely.candidates(rows[0], now) if one.number not in numbers]
    shown = [row.number for row in rows]
    context = {
        "sides": sides,
        "problem": problem,
        "typed": dict(zip(LETTERS, numbers, strict=False)),
        "letters": LETTERS[:2],
        "others": [(one, _address([*shown, one.number])) for one in others],
        "without": {number: _address([one for one in shown if one != number]) for number in shown},
        "may_merge": sum(side.may_merge for side in sides) > 1,
        "primary": next((side.row.number for side in sides if side.may_merge), ""),
    }
    return render(request, "workbench/duplicates.html", context, status=problem.status if problem else 200)


def _join(request: HttpRequest, numbers: list[str]) -> HttpResponse:
    primary = request.POST.get("primary", "")
    try:
        if primary not in numbers or len(numbers) < 2:
            raise Invalid(_("Choose the matter that goes on."), where="primary")
        actions.merge(
            actor=request.actor,
            primary=primary,
            duplicates=[number for number in numbers if number != primary],
            now=clock.now(),
            note=request.POST.get("note", "").strip(),
        )
    except Problem as refused:
        return _show(request, numbers, refused)
    notices.say(request, _("Joined. Every reporter gets the answer of this matter."))
    return redirect("matter", primary)


def _numbers(request: HttpRequest) -> list[str]:
    asked = request.POST if request.method == "POST" else request.GET
    found = []
    for letter in LETTERS:
        text = asked.get(letter, "").strip()[:40]
        if text:
            found.append(whole_number(text) or text)
    return list(dict.fromkeys(found))


def _seen(actor: Any, numbers: Sequence[str]) -> list[Matter]:
    """Those that the person may see or works on, in the order asked for."""
    if not numbers:
        return []
    rows = {
        row.number: row for row in Matter.objects.filter(matters_filter(actor, "see"), number__in=numbers)
    }
    if len(rows) < len(numbers):
        worked = Task.objects.filter(tasks_filter(actor), state="open", matter__number__in=numbers)
        rows |= {row.number: row for row in Matter.objects.filter(pk__in=worked.values("matter_id"))}
    return [rows[number] for number in numbers if number in rows]


def _sides(actor: Any, rows: list[Matter]) -> list[Side]:
    ids = [row.pk for row in rows]
    photos: dict[Any, list[dict]] = {key: [] for key in ids}
    shown = Attachment.objects.filter(matter__in=ids).exclude(thumb_sha256="").exclude(stage__in=SEALED)
    for one in shown.order_by("added_at", "id"):
        if len(photos[one.matter_id]) < MOST_PHOTOS:
            url = reverse("file", args=[one.pk])
            photos[one.matter_id].append(
                {"url": url, "thumbnail": f"{url}?thumb=1", "alt": one.name or _("Photo"), "at": one.added_at}
            )
    reports: dict[Any, int] = dict.fromkeys(ids, 0)
    for matter in Report.objects.filter(matter__in=ids).values_list("matter_id", flat=True):
        reports[matter] += 1
    first = rows[0] if rows else None
    return [_side(actor, row, first, photos[row.pk], reports[row.pk]) for row in rows]


def _side(actor: Any, row: Matter, first: Matter, photos: list[dict], reports: int) -> Side:
    own = row is first
    subject = Subject.of_matter(row)
    grams = [likely.pairs(f"{one.title}\n{one.description[: likely.READ]}") for one in (first, row)]
    return Side(
        row=row,
        class_name=naming.class_(rulebook(row.pack_id), row.standard, row.class_code),
        area=naming.area(row.area_id),
        unit=naming.unit(row.unit_id),
        channel=naming.channel(row.source),
        photos=tuple(photos),
        reports=reports,
        distance="" if own else _distance(first, row),
        apart="" if own else _apart(row.opened_at - first.opened_at),
        similarity=None if own else round(100 * likely.likeness(*grams)),
        same_class=not own
        and bool(row.class_code)
        and (row.standard, row.class_code) == (first.standard, first.class_code),
        may_merge=row.state == "open" and bool(decide(actor, "merge", subject)),
    )


def _distance(one: Matter, other: Matter) -> str:
    if not one.system or not other.system:
        return ""
    metres = distance_m(Point(one.lon, one.lat, one.system), Point(other.lon, other.lat, other.system))
    if metres < 1000:
        return _("%(m)d m from the first") % {"m": round(metres)}
    return _("%(km).1f km from the first") % {"km": metres / 1000}


def _apart(time: timedelta) -> str:
    span = moments.span(time.total_seconds())
    return (_("%(span)s after the first") if time > timedelta(0) else _("%(span)s before the first")) % {
        "span": span
    }


def _address(numbers: Sequence[str]) -> str:
    return f"{reverse('duplicates')}?{urlencode(dict(zip(LETTERS, numbers, strict=False)))}"
