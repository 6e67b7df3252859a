"""Forms between a unit and those above it: chase and reply, ask and decide, appeal and review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.core.worktime import Limit
from yiwang.core.worktime import due as due_of
from yiwang.domains.operations import appeals, supervised, supervision
from yiwang.faces.workbench import naming
from yiwang.faces.workbench.fields import Field, Form, form, note
from yiwang.kernel.access.policy import Subject, decide
from yiwang.kernel.matters import extending
from yiwang.kernel.matters.case import CaseTask
from yiwang.kernel.matters.queries import MatterView
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.ui import moments


@dataclass(frozen=True, slots=True)
class Above:
    """Chases, requests and appeals of a matter, and the forms that this person has for them."""

    chases: list[dict]
    requests: list[dict]
    appeals: dict[UUID, dict]
    forms: list[Form]
    hanging: Mapping[str, Any] | None  # the approved request whose clock still stands


def look(view: MatterView, actor: Any, now: datetime) -> Above:
    """Two queries; a third for a closed matter."""
    chases, requests = supervised.of_matter(view.row.pk)
    made = appeals.of_matter(view.row.pk) if view.row.state == "closed" else {}
    may = supervision.may(actor, view.case)
    standing = {pause.reason: pause for pause in view.case.pauses.values() if pause.end is None}
    approval = {slug for slug, reason in view.rules.reasons.items() if reason.approval}
    hanging = None
    if approval & standing.keys():
        hanging = next(
            (one for one in reversed(requests) if (one["kind"], one["state"]) == ("hang_up", "approved")),
            None,
        )
    forms = [
        *_replies(chases, may, now),
        *_decisions(view, requests, may, actor),
        *_reviews(view, made, actor),
        *(_chase(now) if may["chase"] else ()),
        *(_asks(view, requests, now, bool(standing)) if may["ask"] else ()),
        *(_keep(hanging) if hanging and may["hang_up"] else ()),
        *_appeals(view, made, actor),
    ]
    return Above(chases, requests, made, forms, hanging)


def chase_fields(now: datetime) -> tuple[Field, Field]:
    """What is to be done, and until when: by default the end of the next working day."""
    until = due_of(current_calendar(), now, Limit.parse("1wd")).moment
    return (
        note(_("What is to be done?"), True),
        Field(
            "reply_by",
            _("Reply expected by"),
            "datetime-local",
            timezone.localtime(until).strftime("%Y-%m-%dT%H:%M"),
            required=True,
        ),
    )


def _chase(now: datetime) -> Iterable[Form]:
    yield form(
        "chase",
        _("Chase"),
        "speakerphone",
        *chase_fields(now),
        intro=_("The unit gets the instruction at once and must reply by then."),
        hidden={"id": str(uuid7())},
    )


def _replies(chases: list[dict], may: Mapping[str, bool], now: datetime) -> Iterable[Form]:
    for one in chases:
        if one["replied_at"] is None and may["reply"]:
            made = form(
                "reply",
                _("Reply to the chase"),
                "message-circle",
                note(_("What was done, or when will it be?"), True),
                intro=_("%(who)s: “%(note)s” Reply by %(when)s.")
                % {
                    "who": one["chased_by_name"],
                    "note": one["note"],
                    "when": moments.moment(one["reply_by"]),
                },
                hidden={"chase": str(one["id"])},
                lead=True,
                button=_("Reply"),
            )
            yield replace(made, key=f"reply-{one['id']}")


def _decisions(view: MatterView, requests: list[dict], may: Mapping[str, bool], actor: Any) -> Iterable[Form]:
    for one in requests:
        if one["state"] == "asked" and may[one["kind"]] and one["asked_by_id"] != actor.id:
            made = form(
                "decide",
                request_title(one),
                "gavel",
                decision_field(_("Approve"), _("Refuse")),
                opinion_field(),
                intro=request_line(one),
                hidden={"request": str(one["id"])},
                lead=True,
                button=_("Decide"),
            )
            yield replace(made, key=f"decide-{one['id']}")


def decision_field(yes: str, no: str) -> Field:
    return Field("decision", _("Decision"), "radio", "", required=True, options=[("yes", yes), ("no", no)])


def opinion_field() -> Field:
    return Field(
        "opinion",
        _("Opinion"),
        "textarea",
        hint=_("A refusal needs its reason."),
        attrs={"maxlength": 500, "rows": 2},
    )


def request_title(one: Mapping[str, Any]) -> str:
    return _("Decide: %(what)s") % {"what": request_what(one)}


def request_what(one: Mapping[str, Any]) -> str:
    """What is asked for, in a few words."""
    if one["kind"] == "extend":
        return _("%(limit)s more time") % {"limit": moments.limit_text(one["limit"])}
    return _("put on the books")


def request_line(one: Mapping[str, Any]) -> str:
    """Who asks, why, and until when."""
    line = _("%(who)s, %(when)s: “%(note)s”") % {
        "who": one["asked_by_name"],
        "when": moments.moment(one["asked_at"]),
        "note": one["note"],
    }
    if one["review_on"]:
        line += " " + _("To be looked at again on %(day)s.") % {"day": moments.day(one["review_on"])}
    return line


def _asks(view: MatterView, requests: list[dict], now: datetime, standing: bool) -> Iterable[Form]:
    waiting = {one["kind"] for one in requests if one["state"] == "asked"}
    task = next((one for one in view.case.open_tasks if one.unit and one.limit), None)
    if task is None or standing:
        return
    more = extending.left(view.case, view.rules, task)
    if "extend" not in waiting and more and task.due_at and task.due_at >= now:
        yield _ask_extension(task)
    pauses = view.process.nodes[task.node].pauses
    reasons = [
        one for slug, one in view.rules.reasons.items() if one.approval and ("*" in pauses or slug in pauses)
    ]
    if "hang_up" not in waiting and reasons:
        yield form(
            "ask_hang_up",
            _("Ask to put it on the books"),
            "clock-pause",
            note(_("Why can it not be solved in time?"), True, _("The resident reads this.")),
            _review_field(now),
            intro=naming.text_of(reasons[0], "basis") if moments.chinese() else "",
            button=_("Ask"),
        )


def _review_field(now: datetime) -> Field:
    day = timezone.localtime(now).date() + timedelta(days=30)
    return Field("review_on", _("To be looked at again on"), "date", day.isoformat(), required=True)


def _ask_extension(task: CaseTask) -> Form:
    unit = task.limit.lstrip("0123456789")
    return form(
        "ask_extension",
        _("Ask for more time"),
        "hourglass",
        amount_field(unit),
        note(_("Why is more time needed?"), True),
        task=task,
        hidden={"unit": unit},
        button=_("Ask"),
    )


def amount_field(unit: str) -> Field:
    labels = {
        "wd": _("More working days"),
        "wh": _("More working hours"),
        "d": _("More days"),
        "h": _("More hours"),
        "eh": _("More emergency hours"),
    }
    return Field("amount", labels[unit], "number", "1", required=True, attrs={"min": 1, "max": 60})


def _keep(hanging: Mapping[str, Any]) -> Iterable[Form]:
    yield form(
        "keep_hanging",
        _("Looked at: it hangs on"),
        "calendar-event",
        note(_("Why can it still not be solved?"), True),
        Field("review_on", _("To be looked at again on"), "date", required=True),
        hidden={"request": str(hanging["id"])},
        button=_("Keep"),
    )


def _reviews(view: MatterView, made: Mapping[UUID, dict], actor: Any) -> Iterable[Form]:
    subject = Subject.of_matter(view.row)
    for one in made.values():
        if one["state"] in ("asked", "supported") and decide(actor, "review_appeal", subject):
            title = (
                _("First review of the appeal")
                if one["state"] == "asked"
                else _("Second review of the appeal")
            )
            made_form = form(
                "review_appeal",
                title,
                "scale",
                decision_field(_("Support") if one["state"] == "asked" else _("Grant"), _("Refuse")),
                opinion_field(),
                intro=_("%(who)s: “%(note)s”") % {"who": one["asked_by_name"], "note": one["reason"]},
                hidden={"appeal": str(one["id"])},
                lead=True,
                button=_("Decide"),
            )
            yield replace(made_form, key=f"review-{one['id']}")


def _appeals(view: MatterView, made: Mapping[UUID, dict], actor: Any) -> Iterable[Form]:
    for task in appeals.possible(actor, view.row, view.case.tasks.values(), made):
        late = moments.span((task.done_at - task.due_at).total_seconds())
        title = _("Appeal: “%(step)s” was %(late)s late") % {
            "step": naming.node(view.process, task.node),
            "late": late,
        }
        yield form(
            "appeal",
            title,
            "scale",
            Field(
                "reason",
                _("Why should it not count?"),
                "textarea",
                required=True,
                attrs={"maxlength": 500, "rows": 3},
            ),
            task=task,
            button=_("Appeal"),
            intro=_(
                "Once for a task. Granted, it is left out of the rates; that it was overdue stays on record."
            ),
        )
