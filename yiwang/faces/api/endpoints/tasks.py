"""What officials do to one task: take it, finish it, send it back, give it away, lengthen it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from yiwang.faces.api import given as g
from yiwang.faces.api import told
from yiwang.faces.api.callers import OFFICIALS
from yiwang.faces.api.endpoints.matters import state_of
from yiwang.faces.api.replies import reply
from yiwang.kernel.access.models import User
from yiwang.kernel.access.signin import clean_username
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import clock

router = Router(by_alias=True, tags=["tasks"], auth=OFFICIALS)


def _action(name: str, summary: str) -> Callable:
    return router.post(
        f"/tasks/{{uuid:task}}/actions/{name}",
        response={200: told.Done},
        operation_id=f"task_{name}",
        summary=summary,
    )


def _done(changed: Matter) -> HttpResponse:
    return reply(state_of(changed))


@_action("claim", "Take a task")
def claim(request: HttpRequest, task: UUID) -> HttpResponse:
    return _done(actions.claim(actor=request.auth, task=task, now=clock.now()))


@_action("complete", "Finish a task")
def complete(request: HttpRequest, task: UUID, given: g.CompleteIn) -> HttpResponse:
    """With one of its outcomes and the fields of its form; the process says what comes next.

    When somebody else was faster: 409 with who did it and when.
    """
    return _done(
        actions.complete(
            actor=request.auth,
            task=task,
            outcome=given.outcome,
            note=given.note,
            data=given.data,
            evidence=evidence(task, given.attachments),
            now=clock.now(),
        )
    )


@_action("send_back", "Send a task back")
def send_back(request: HttpRequest, task: UUID, given: g.SendBackIn) -> HttpResponse:
    return _done(
        actions.send_back(actor=request.auth, task=task, to=given.to, note=given.note, now=clock.now())
    )


@_action("reassign", "Give a task to somebody else")
def reassign(request: HttpRequest, task: UUID, given: g.ReassignIn) -> HttpResponse:
    """The clock runs on: the resident's wait does not begin again."""
    return _done(
        actions.reassign(
            actor=request.auth,
            task=task,
            unit=given.unit,
            user=user_named(given.user),
            note=given.note,
            now=clock.now(),
        )
    )


@_action("extend", "Give a task more time")
def extend(request: HttpRequest, task: UUID, given: g.ExtendIn) -> HttpResponse:
    limit = given.limit.replace(" ", "")
    return _done(actions.extend(actor=request.auth, task=task, limit=limit, note=given.note, now=clock.now()))


def evidence(task: UUID, wanted: list[UUID]) -> list[dict]:
    """The files that show what was done. Raises Invalid for one that is not the task's matter's."""
    if not wanted:
        return []
    found = dict(Attachment.objects.filter(pk__in=wanted, matter__tasks=task).values_list("pk", "stage"))
    for place, one in enumerate(wanted):
        if one not in found:
            raise Invalid(
                _("This matter has no file %(id)s. Upload it first.") % {"id": one},
                where=f"attachments[{place}]",
                code="no_attachment",
            )
    return [{"id": str(one), "stage": found[one]} for one in dict.fromkeys(wanted)]


def user_named(username: str | None) -> int | None:
    if not username:
        return None
    found = User.objects.filter(username=clean_username(username), is_active=True).values_list(
        "pk", flat=True
    )
    if not found:
        raise Invalid(_("There is no user %(name)s.") % {"name": username}, where="user", code="no_user")
    return found[0]
