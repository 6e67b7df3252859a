"""Pages of joint meetings for staff: the list, a new one, and one with its opinions, resolutions and printable minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from uuid_utils.compat import uuid7

from yiwang.core.worktime import SHANGHAI
from yiwang.domains.approvals import changing, meetings, views, words
from yiwang.domains.approvals.models import Meeting, MeetingItem, MeetingOpinion, Resolution
from yiwang.kernel.errors import Conflict, Denied, Invalid, Problem
from yiwang.kernel.packs.rulebook import current, rulebook
from yiwang.kernel.ui import clock, moments, notices
from yiwang.kernel.ui.door import staff_only

ROWS = 4


@require_safe
@staff_only
def listed(request: HttpRequest) -> HttpResponse:
    """Meetings that the actor may see or has work at, the latest first."""
    context = {
        "rows": meetings.listed(request.actor),
        "may_convene": bool(meetings.may_convene(request.actor, current())),
    }
    return views.page(request, "meetings", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new(request: HttpRequest) -> HttpResponse:
    """The agenda is prepared and the notice goes out to the departments."""
    rules, now = current(), clock.now()
    leads = meetings.may_convene(request.actor, rules)
    if not leads:
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="open")
    sent = {name: value[:200] for name, value in request.POST.items()}
    units, problem, key = request.POST.getlist("attending"), None, _key(sent.get("id", ""))
    if request.method == "POST" and "_more" not in request.POST:
        try:
            made = meetings.convene(
                actor=request.actor,
                id=key,
                lead=sent.get("lead", leads[0]),
                at=_moment(sent.get("at", "")),
                place=sent.get("place", ""),
                agenda=_agenda(sent),
                attending=units,
                now=now,
            )
            notices.say(request, _("The meeting is convened: each department has its task."))
            return redirect("meeting", made.matter.number)
        except Problem as refused:
            problem = refused
            if isinstance(refused, Conflict) and refused.where == "id":
                key = uuid7()
    context = {
        **_typed(sent, problem),
        "id": key,
        "leads": [(unit, words.unit_of(unit)) for unit in leads],
        "departments": [(unit, words.unit_of(unit)) for unit in meetings.departments(rules)],
        "attending": units,
    }
    return views.page(request, "meeting_new", context, problem)


def _typed(sent: dict[str, str], problem: Problem | None) -> dict[str, Any]:
    """What the notice's form shows of what was typed."""
    rows = max(ROWS, sum(1 for name in sent if name.endswith(".project")))
    return {
        "sent": sent,
        "rows": min(rows + ("_more" in sent), meetings.MOST_ITEMS),
        "permit_options": [(slug, words.name_of(one)) for slug, one in current().approvals.permits.items()],
        "problem": problem,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def change(request: HttpRequest, number: str) -> HttpResponse:
    """The notice went out already: another moment, place or agenda, or no meeting at all. Those invited are told."""
    found = meetings.visible(request.actor, number)
    if not changing.may_change(request.actor, found):
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="open")
    sent, problem = _standing(found), None
    if request.method == "POST":
        sent = {name: value[:500] for name, value in request.POST.items()}
        try:
            if "_more" not in sent:
                return _changed(request, found, sent)
        except Problem as refused:
            problem = refused
            if sent.get("what") == "cancel" and problem.where == "reason":
                problem.where = "cancel_reason"
    context = {
        **_typed(sent, problem),
        "meeting": found,
        "spoken": changing.has_spoken(found),
        "seen": sent.get("seen", found.changes.count()),
    }
    return views.page(request, "meeting_change", context, problem)


def _changed(request: HttpRequest, found: Meeting, sent: dict[str, str]) -> HttpResponse:
    now = clock.now()
    if sent.get("what") == "cancel":
        changing.cancel(actor=request.actor, meeting=found, reason=sent.get("cancel_reason", ""), now=now)
        notices.say(request, _("The meeting is cancelled and those invited are told."))
        return redirect("meeting", found.matter.number)
    made = changing.change(
        actor=request.actor,
        meeting=found,
        reason=sent.get("reason", ""),
        now=now,
        at=_moment(sent.get("at", "")),
        place=sent.get("place", ""),
        agenda=_agenda(sent) if "agenda.0.project" in sent else None,
        seen=int(sent["seen"]) if sent.get("seen", "").isdecimal() else None,
    )
    said = _("The notice is changed and those invited are told.") if made else _("Nothing was changed.")
    notices.say(request, said)
    return redirect("meeting", found.matter.number)


def _standing(found: Meeting) -> dict[str, str]:
    """The notice as it stands, as the form types it."""
    sent = {"at": found.at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"), "place": found.place}
    rows = MeetingItem.objects.filter(meeting=found).select_related("project").order_by("place")
    for n, item in enumerate(rows):
        sent |= {
            f"agenda.{n}.project": item.project.code,
            f"agenda.{n}.permit": item.permit,
            f"agenda.{n}.question": item.question,
        }
    return sent


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid7()


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Invalid(_("Give day and time, such as 2026-09-24 09:30."), where="at") from None


def _agenda(sent: dict[str, str]) -> list[dict[str, str]]:
    """The rows of the form in which something was typed."""
    rows = [
        {name: sent.get(f"agenda.{n}.{name}", "").strip() for name in ("project", "permit", "question")}
        for n in range(meetings.MOST_ITEMS)
    ]
    return [row for row in rows if any(row.values())]


@require_safe
@staff_only
def meeting(request: HttpRequest, number: str) -> HttpResponse:
    """Agenda with the opinion of every department, resolutions with how far they are. Printed, it is the minutes."""
    found = meetings.visible(request.actor, number)
    context = {
        "meeting": found,
        "permits": rulebook(found.matter.pack_id).approvals.permits,
        "moment_now": clock.now(),
        "may_change": changing.may_change(request.actor, found),
        **told(found),
    }
    return views.page(request, "meeting", context)


def told(found: Any) -> dict[str, Any]:
    """The agenda with opinions in the order of the departments, and the resolutions."""
    said = {
        (one.item_id, one.unit): one
        for one in MeetingOpinion.objects.filter(item__meeting=found).select_related("by")
    }
    agenda = MeetingItem.objects.filter(meeting=found).select_related("project__matter").order_by("place")
    resolutions = Resolution.objects.filter(meeting=found).select_related("matter", "item")
    return {
        "agenda": [(one, [(unit, said.get((one.pk, unit))) for unit in found.attending]) for one in agenda],
        "resolutions": list(resolutions.order_by("place")),
        "changes": [(one, _lines(one)) for one in found.changes.select_related("by").order_by("place")],
    }


def _lines(one: Any) -> list[tuple[str, str, str]]:
    """What a change made of what: (name, before, after)."""
    named = {"at": _("Day and time"), "place": _("Place"), "agenda": _("Agenda")}
    return [
        (named[name], *(_said(name, value) for value in one.fields[name]))
        for name in named
        if name in one.fields
    ]


def _said(name: str, value: Any) -> str:
    if name == "at":
        return str(moments.moment(datetime.fromisoformat(value)))
    if name == "agenda":
        return "; ".join(f"{n}. {question}" for n, (_project, _permit, question) in enumerate(value, 1))
    return str(value)
