"""Joint meetings on construction projects: called, listed, and one with its opinions and resolutions.

Opinions and the closing are steps of the meeting's matter and are sent as every step is: `POST /tasks/{task}/complete`.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router
from uuid_utils.compat import uuid7

from yiwang.domains.approvals import changing
from yiwang.domains.approvals import meetings as joint
from yiwang.domains.approvals.models import Meeting
from yiwang.domains.approvals.views_meetings import told
from yiwang.faces.api import replies, told_approvals
from yiwang.faces.api.callers import OFFICIALS
from yiwang.faces.api.given import CancelIn, MeetingChangeIn, MeetingIn, in_shanghai
from yiwang.kernel.ui import clock

router = Router(by_alias=True, tags=["approvals"], auth=OFFICIALS)


@router.get(
    "/meetings",
    response={200: told_approvals.Meetings},
    operation_id="meetings",
    summary="Joint meetings",
)
def meetings(request: HttpRequest) -> HttpResponse:
    """The fifty latest that the caller may see or has work at."""
    return replies.reply({"items": [_row(one) for one in joint.listed(request.actor)]})


@router.post(
    "/meetings",
    response={200: told_approvals.MeetingOut},
    operation_id="convene",
    summary="Convene a joint meeting",
)
def convene(request: HttpRequest, given: MeetingIn) -> HttpResponse:
    """By the lead of a stage for its own department. Each attending department has its task when this answers."""
    found = joint.convene(
        actor=request.actor,
        id=given.id or uuid7(),
        lead=given.lead,
        at=in_shanghai(given.at, "at"),
        place=given.place,
        agenda=[one.model_dump() for one in given.agenda],
        attending=given.attending,
        now=clock.now(),
    )
    return replies.reply(_whole(found))


@router.get(
    "/meetings/{number}",
    response={200: told_approvals.MeetingOut},
    operation_id="meeting",
    summary="A joint meeting with its minutes",
)
def meeting(
    request: HttpRequest, number: str = Path(max_length=40, description="The number of its matter.")
) -> HttpResponse:
    """Agenda, opinions of the departments, what was resolved and how far that is."""
    return replies.reply(_whole(joint.visible(request.actor, number)))


@router.post(
    "/meetings/{number}/change",
    response={200: told_approvals.MeetingOut},
    operation_id="changeMeeting",
    summary="Change the notice of a joint meeting",
)
def change(
    request: HttpRequest,
    given: MeetingChangeIn,
    number: str = Path(max_length=40, description="The number of its matter."),
) -> HttpResponse:
    """By who convenes it, until it is closed; the agenda until a department has spoken. Those invited are told."""
    found = joint.visible(request.actor, number)
    changing.change(
        actor=request.actor,
        meeting=found,
        reason=given.reason,
        now=clock.now(),
        at=in_shanghai(given.at, "at") if given.at else None,
        place=given.place,
        agenda=[one.model_dump() for one in given.agenda] if given.agenda is not None else None,
        seen=given.seen,
    )
    return replies.reply(_whole(joint.visible(request.actor, number)))


@router.post(
    "/meetings/{number}/cancel",
    response={200: told_approvals.MeetingOut},
    operation_id="cancelMeeting",
    summary="Cancel a joint meeting",
)
def cancel(
    request: HttpRequest,
    given: CancelIn,
    number: str = Path(max_length=40, description="The number of its matter."),
) -> HttpResponse:
    """Its open tasks end, and those invited are told why."""
    found = joint.visible(request.actor, number)
    changing.cancel(actor=request.actor, meeting=found, reason=given.reason, now=clock.now())
    return replies.reply(_whole(joint.visible(request.actor, number)))


def _row(one: Meeting) -> dict[str, Any]:
    return {
        "number": one.matter.number,
        "lead": one.lead,
        "at": one.at,
        "place": one.place,
        "state": one.matter.state,
        "concluded_at": one.concluded_at,
    }


def _whole(one: Meeting) -> dict[str, Any]:
    found = told(one)
    return _row(one) | {
        "attending": one.attending,
        "summary": one.summary,
        "agenda": [
            {
                "place": item.place,
                "project": item.project.code,
                "permit": item.permit,
                "question": item.question,
                "opinions": [
                    {"unit": unit, "opinion": said.opinion, "reason": said.reason, "at": said.at}
                    for unit, said in opinions
                    if said
                ],
            }
            for item, opinions in found["agenda"]
        ],
        "resolutions": [
            {
                "number": row.matter.number,
                "text": row.text,
                "unit": row.unit,
                "limit": row.limit,
                "item": row.item.place if row.item else None,
                "condition": row.opinion_id is not None,
                "state": row.matter.state,
                "due": row.matter.due_at,
                "done": row.done,
            }
            for row in found["resolutions"]
        ],
        "changes": [
            {"kind": row.kind, "at": row.at, "fields": row.fields, "reason": row.reason}
            for row, _lines in found["changes"]
        ],
    }
