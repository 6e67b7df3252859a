"""What there is to do, by due moment; and the matters that one may see."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yiwang.core.codes import CodeError, parse_matter_number
from yiwang.faces.workbench import saved, shaping
from yiwang.kernel.errors import Problem
from yiwang.kernel.matters import queries
from yiwang.kernel.matters.filters import Filters
from yiwang.kernel.matters.pages import Page
from yiwang.kernel.ui import clock
from yiwang.kernel.ui.door import staff_only

ROWS = 50
COUNTED = 500  # further than this nobody counts
BUILT_IN = ("state",)  # what the tabs of all matters choose


@require_safe
@staff_only
def work(request: HttpRequest) -> HttpResponse:
    """The open tasks of the signed-in person, shaped by filters; kept queues beside the given ones."""
    actor, now = request.actor, clock.now()
    own = saved.of(actor)
    shape = shaping.shape_of(request.GET, own)
    problem = None
    try:
        page = queries.queue(
            actor,
            now=now,
            order=shape.order,
            after=request.GET.get("after", ""),
            limit=ROWS,
            **_given(shape.filters),
        )
    except Problem as wrong:
        if wrong.where != "q":
            raise
        problem, page = wrong, Page([], "")
    tabs = shaping.tabs(actor, shape, own)
    context = {
        "page": page,
        "shape": shape,
        "chosen": shaping.address_of(shape.filters),
        "tabs": tabs,
        "query": shape.query(),
        "posts": actor.posts,
        "offered": shaping.offered(actor),
        "chips": shaping.chips(shape, "/work"),
        "problem": problem,
        "may_export": "export" in actor.reach,
        "looked_at": now.isoformat(),
        "first_page": not request.GET.get("after"),
    }
    return render(request, "workbench/work.html", context, status=problem.status if problem else 200)


@require_safe
@staff_only
def pulse(request: HttpRequest) -> HttpResponse:
    """How many there are behind each tab, and what is new in this list since the page was made: JSON with an ETag."""
    actor, now = request.actor, clock.now()
    own = saved.of(actor)
    shape = shaping.shape_of(request.GET, own)
    lists = {one.key: one.filters.tasks(actor, now) for one in shaping.tabs(actor, shape, own)}
    lists["shown"] = shape.filters.tasks(actor, now)
    since = _moment(request.GET.get("since", ""))
    if since:
        lists["fresh"] = lists["shown"].filter(opened_at__gt=since)
    counts = queries.bounded(lists, COUNTED)
    told = {key: told_count(count) for key, count in counts.items()}
    body = orjson.dumps({"counts": told, "fresh": counts.get("fresh", 0)})
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return HttpResponse(
        body,
        content_type="application/json",
        headers={"ETag": etag, "Cache-Control": "private, no-cache"},
    )


@require_safe
@staff_only
def matters(request: HttpRequest) -> HttpResponse:
    """The matters that the person may see, newest first; a whole number leads to its page at once."""
    asked, now = request.GET, clock.now()
    number = whole_number(asked.get("number", "") or asked.get("q", ""))
    if number:
        return redirect("matter", number)
    filters, problem = shaping.read(asked).but(number=""), None
    shape = shaping.Shape(filters, tab=filters.state or "all")
    try:
        page = queries.matters(
            request.actor, filters=filters, now=now, after=asked.get("after", ""), limit=ROWS
        )
    except Problem as wrong:
        if wrong.where != "q":
            raise
        problem, page = wrong, Page([], "")
    context = {
        "page": page,
        "shape": shape,
        "chosen": shaping.address_of(filters),
        "query": shape.query(),
        "offered": shaping.offered(request.actor),
        "chips": shaping.chips(shape, "/matters"),
        "tabs": _state_tabs(shape),
        "problem": problem,
        "may_export": "export" in request.actor.reach,
        "link_name": shaping.link_name,
    }
    return render(request, "workbench/matters.html", context, status=problem.status if problem else 200)


def told_count(count: int, most: int = COUNTED) -> str:
    return f"{most}+" if count > most else str(count)


def whole_number(text: str) -> str:
    """The number with its dashes, when the text is one from its first to its last digit; else ''."""
    try:
        return parse_matter_number(text.strip()).value
    except CodeError:
        return ""


def _given(filters: Filters) -> dict[str, Any]:
    return {name: getattr(filters, name) for name in filters}


def _state_tabs(shape: shaping.Shape) -> list[tuple[str, str, bool]]:
    """(query, state, whether it is this one); the other filters stay."""
    found = []
    for state in ("", *shaping.STATES):
        query = shaping.Shape(shape.filters.but(state=state)).query()
        found.append((query, state, state == shape.filters.state))
    return found


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and 1970 <= found.year <= 2200 else None
