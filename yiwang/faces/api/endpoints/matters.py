"""Queues, lists, the page of a matter, and what officials do to a whole matter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from uuid_utils.compat import uuid7

from yiwang.domains.approvals import holding
from yiwang.domains.operations import actions as operations
from yiwang.domains.operations import duplicates, intake
from yiwang.domains.operations.models import Report
from yiwang.faces.api import given as g
from yiwang.faces.api import rows, told
from yiwang.faces.api.callers import OFFICIALS
from yiwang.faces.api.endpoints.reports import point
from yiwang.faces.api.paging import After, Many, page
from yiwang.faces.api.replies import reply
from yiwang.kernel.access import purposes
from yiwang.kernel.access.policy import Subject
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.matters import actions, queries, store
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.pages import Page
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.ui import clock

router = Router(by_alias=True, tags=["matters"], auth=OFFICIALS)
State = Literal["", "open", "closed", "void", "merged", "withdrawn"]
Link = Literal["", "file", "dispatch", "handle", "feedback", "verify", "close"]
Due = Literal["", "overdue", "today", "week", "held", "none"]
Word = Query("", max_length=60)
Words = Query(
    "",
    max_length=100,
    description="Words in the title, the description or the address, or part of a number; all of them must be there.",
)
DueWhen = Query("", description="Open ones: overdue, due today or this week, held, or without a limit.")
Inside = Query("", max_length=12, description="An area code: everything inside it.")
Since = Query(None, description="Opened at or after.")
Until = Query(None, description="Opened before.")


@router.get("/queue", response={200: told.QueuePage}, operation_id="queue", summary="My queue")
def queue(
    request: HttpRequest,
    q: str = Words,
    post: str = Query("", max_length=40, description="Only tasks of this kind of post."),
    link: Link = "",
    due: Due = DueWhen,
    area: str = Inside,
    unit: str = Query("", max_length=60, description="The matter's unit, with the units below it."),
    standard: str = Word,
    class_code: str = Query(
        "", max_length=11, description="A class, or a major class by its first two digits."
    ),
    source: str = Query("", max_length=40, description="The channel that it came through."),
    held: bool | None = None,
    mine: bool = False,
    free: bool = Query(False, description="Only what nobody has taken."),
    whose: Literal["", "seen"] = Query(
        "", description="`seen`: the tasks of all matters that the caller may see, not only the own work."
    ),
    order: Literal["due", "newest"] = "due",
    after: str = After,
    limit: int = Many,
) -> HttpResponse:
    """The open tasks that the caller's posts work, the earliest due first."""
    found = queries.queue(
        request.auth,
        now=clock.now(),
        order=order,
        after=after,
        limit=limit,
        q=q,
        post=post,
        link=link,
        due=due,
        area=area,
        unit=unit,
        standard=standard,
        class_code=class_code,
        source=source,
        held=held,
        mine=mine,
        free=free,
        whose=whose,
    )
    return _tasks(request, found)


@router.get("/overdue", response={200: told.QueuePage}, operation_id="overdue", summary="Overdue tasks")
def overdue(request: HttpRequest, after: str = After, limit: int = Many) -> HttpResponse:
    """Open tasks past their due moment, in matters that the caller may see, the longest overdue first."""
    return _tasks(
        request,
        queries.overdue(request.auth, now=clock.now(), after=after, limit=limit),
    )


def _tasks(request: HttpRequest, found: Page) -> HttpResponse:
    now = clock.now()
    return page(request, [rows.queue_row(row, now) for row in found.rows], found)


@router.get("/matters", response={200: told.MatterPage}, operation_id="matters", summary="Matters")
def matters(
    request: HttpRequest,
    q: str = Words,
    state: State = "",
    kind: str = Word,
    link: Link = "",
    due: Due = DueWhen,
    area: str = Inside,
    unit: str = Query("", max_length=60, description="A unit, with the units below it."),
    standard: str = Word,
    class_code: str = Query(
        "", max_length=11, description="A class, or a major class by its first two digits."
    ),
    source: str = Query("", max_length=40, description="The channel that it came through."),
    since: datetime | None = Since,
    until: datetime | None = Until,
    after: str = After,
    limit: int = Many,
) -> HttpResponse:
    """The matters that the caller may see, the newest first."""
    filters = {
        "q": q,
        "state": state,
        "kind": kind,
        "link": link,
        "due": due,
        "area": area,
        "unit": unit,
        "standard": standard,
        "class_code": class_code,
        "source": source,
        "since": g.in_shanghai(since, "since") if since else None,
        "until": g.in_shanghai(until, "until") if until else None,
    }
    found = queries.matters(request.auth, filters=filters, after=after, limit=limit, now=clock.now())
    return page(request, [rows.matter_row(row) for row in found.rows], found)


@router.get("/matters/{number}", response={200: told.MatterOut}, operation_id="matter", summary="One matter")
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """Its story, tasks with the explanation of each due moment, holds, links, files, reports and possible actions."""
    view = queries.see(request.auth, number)
    return reply(rows.matter_page(view, clock.now()))


@router.get(
    "/matters/{number}/duplicates",
    response={200: told.Duplicates},
    operation_id="duplicates",
    summary="Matters that may be the same",
)
def possible_duplicates(request: HttpRequest, number: str) -> HttpResponse:
    """Suggestions only: near in place and time, of the same class or alike in words."""
    view = queries.see(request.auth, number)
    found = duplicates.candidates(view.row, clock.now())
    names = ("number", "title", "opened_at", "score", "distance_m", "similarity")
    items = [{name: getattr(one, name) for name in names} | {"why": list(one.why)} for one in found]
    return reply({"items": items})


@router.post(
    "/matters/{number}/reports/{report}/reveal",
    response={200: told.Revealed},
    operation_id="reveal",
    summary="See a contact, on record",
)
def reveal(request: HttpRequest, number: str, report: UUID, given: g.RevealIn) -> HttpResponse:
    """The name or phone of a reporter, for a purpose that the person concerned can read."""
    found = Report.objects.filter(pk=report).select_related("matter__merged_into").first()
    family = (found.matter, found.matter.merged_into) if found else ()
    if found is None or number not in {one.number for one in family if one}:
        raise NotFound(_("There is no such report."), where="report")
    purposes.reveal(
        actor=request.auth,
        subject_kind="report",
        subject_id=str(found.pk),
        field=given.field,
        purpose=given.purpose,
        now=clock.now(),
        subject=Subject.of_matter(found.matter),
    )
    value = getattr(found, given.field)
    return reply({"field": given.field, "value": value}, headers={"Cache-Control": "no-store"})


# Actions


def _action(name: str, summary: str, response: Any = told.Done) -> Callable:
    return router.post(
        f"/matters/{{number}}/actions/{name}",
        response={200: response},
        operation_id=f"matter_{name}",
        summary=summary,
    )


def _done(changed: Matter) -> HttpResponse:
    return reply(state_of(changed))


def state_of(changed: Matter) -> dict:
    """Where the matter stands after an action."""
    return rows.done(changed, store.load(changed), clock.now())


@_action("hold", "Stop the clock")
def hold(request: HttpRequest, number: str, given: g.HoldIn) -> HttpResponse:
    """For a reason of the pack's closed list; the resident reads the note."""
    asked = {"reason": given.reason, "note": given.note, "task": given.task, "now": clock.now()}
    if holding.needed(number):
        return _done(holding.hold(actor=request.auth, matter=number, expected=given.expected, **asked))
    return _done(actions.hold(actor=request.auth, matter=number, **asked))


@_action("resume", "Let the clock run again")
def resume(request: HttpRequest, number: str, given: g.OptionalNoteIn) -> HttpResponse:
    return _done(actions.resume(actor=request.auth, matter=number, note=given.note, now=clock.now()))


@_action("remind", "Chase whoever has it")
def remind(request: HttpRequest, number: str, given: g.NoteIn) -> HttpResponse:
    return _done(actions.remind(actor=request.auth, matter=number, note=given.note, now=clock.now()))


@_action("merge", "Join others into this one")
def merge(request: HttpRequest, number: str, given: g.MergeIn) -> HttpResponse:
    """The reporters of the joined matters all get the answer of this one."""
    return _done(
        actions.merge(
            actor=request.auth,
            primary=number,
            duplicates=list(dict.fromkeys(given.duplicates)),
            note=given.note,
            now=clock.now(),
        )
    )


@_action("split", "Open matters for what it also reports", told.Parts)
def split(request: HttpRequest, number: str, given: g.SplitIn) -> HttpResponse:
    rules = current()
    parts = []
    for place, part in enumerate(given.parts):
        try:
            standard, code = intake.given_class(rules, part.standard, part.class_code)
        except Invalid as wrong:
            wrong.where = f"parts[{place}].{wrong.where}"
            raise
        parts.append(
            {
                "id": part.id or uuid7(),
                "title": part.title,
                "description": part.description,
                "standard": standard,
                "class_code": code,
            }
        )
    made = actions.split(actor=request.auth, matter=number, parts=parts, now=clock.now())
    return reply({"items": [state_of(one) for one in made]})


@_action("withdraw", "Take it back for the reporter")
def withdraw(request: HttpRequest, number: str, given: g.NoteIn) -> HttpResponse:
    return _done(actions.withdraw(actor=request.auth, matter=number, note=given.note, now=clock.now()))


@_action("void", "End what is no matter")
def void(request: HttpRequest, number: str, given: g.VoidIn) -> HttpResponse:
    return _done(
        operations.void(
            actor=request.auth,
            matter=number,
            reason=given.reason,
            note=given.note,
            answer=given.answer,
            now=clock.now(),
        )
    )


@_action("close", "Close what was settled by hand")
def close(request: HttpRequest, number: str, given: g.CloseIn) -> HttpResponse:
    return _done(
        operations.close(
            actor=request.auth, matter=number, answer=given.answer, note=given.note, now=clock.now()
        )
    )


@_action("reopen", "Open it again")
def reopen(request: HttpRequest, number: str, given: g.NoteIn) -> HttpResponse:
    return _done(actions.reopen(actor=request.auth, matter=number, note=given.note, now=clock.now()))


@_action("relocate", "Correct the place")
def relocate(request: HttpRequest, number: str, given: g.RelocateIn) -> HttpResponse:
    place = point(given.point)
    address = None if given.address is None else intake.clean_line(given.address, "address")
    return _done(
        actions.relocate(
            actor=request.auth, matter=number, area=given.area, point=place, address=address, now=clock.now()
        )
    )
