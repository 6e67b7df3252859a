"""The actions that a person may take on a matter, as forms: which fields each one asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.process import UserTask
from yiwang.faces.workbench import approving, choices, naming
from yiwang.faces.workbench.above import amount_field
from yiwang.faces.workbench.fields import Field, Form, answer, area_field, form, note, unit_field, void_reason
from yiwang.faces.workbench.steps import step_forms
from yiwang.kernel.matters import extending
from yiwang.kernel.matters.case import CaseTask
from yiwang.kernel.matters.queries import MatterView
from yiwang.kernel.ui import moments


def offered(view: MatterView, asked: Mapping[str, str], reports: list[Any], now: datetime) -> list[Form]:
    """All forms of the page, the leading ones first."""
    forms: list[Form] = []
    for one in view.actions:
        task = view.case.tasks.get(one.get("task")) if one.get("task") else None
        if one["action"] == "complete":
            forms += step_forms(view, task, asked, reports, now)
        elif one["action"] == "send_back":
            forms.append(_send_back(view, task, one["targets"]))
        else:
            made = _MAKERS[one["action"]](view, task, now) if one["action"] in _MAKERS else None
            forms += [made] if made else []
    return sorted(forms, key=lambda form: not form.lead)


def _send_back(view: MatterView, task: CaseTask, targets: list[str]) -> Form:
    options = [(node, naming.name_of(view.process.nodes[node])) for node in targets]
    return form(
        "send_back",
        _("Send back"),
        "arrow-back-up",
        Field("to", _("To which step"), "select", options[0][0], required=True, options=options),
        note(_("Why does it go back?"), True),
        task=task,
    )


def _claim(view: MatterView, task: CaseTask, now: datetime) -> Form:
    return form("claim", _("Take this task"), "hand-stop", task=task, lead=True)


def _reassign(view: MatterView, task: CaseTask, now: datetime) -> Form:
    people = [(str(pk), name) for pk, name in choices.colleagues(task.post, task.unit, now.date())]
    fields = [Field("user", _("Person"), "select", options=[("", _("Anybody of the unit")), *people])]
    if task.unit:
        fields.insert(0, unit_field(task.unit))
    title = _("Give “%(task)s” to somebody else") % {"task": naming.node(view.process, task.node)}
    return form(
        "reassign", title, "arrow-forward-up", *fields, note(_("Why?"), True), task=task, button=_("Reassign")
    )


def _hold(view: MatterView, task: Any, now: datetime) -> Form | None:
    if any(pause.end is None for pause in view.case.pauses.values()):
        return None
    allowed = {name for one in view.case.open_tasks for name in view.process.nodes[one.node].pauses}
    reasons = [
        row
        for slug, row in view.rules.reasons.items()
        if not row.approval and (slug in allowed or "*" in allowed)
    ]
    if not reasons:
        return None
    options = [("", _("Choose a reason")), *((row.slug, naming.name_of(row)) for row in reasons)]
    return form(
        "hold",
        _("Pause the clock"),
        "player-pause",
        Field("reason", _("Reason"), "select", required=True, options=options),
        note(_("What is waited for?"), True, _("The resident reads this.")),
        *approving.hold_fields(view, now),
    )


def _resume(view: MatterView, task: Any, now: datetime) -> Form:
    return form("resume", _("Let the clock run again"), "player-play", note(_("Note")), lead=True)


def _extend(view: MatterView, task: CaseTask, now: datetime) -> Form | None:
    if not task.limit or not extending.left(view.case, view.rules, task):
        return None
    unit = task.limit.lstrip("0123456789")
    node = view.process.nodes[task.node]
    most = node.extend if isinstance(node, UserTask) else ""
    hint = (
        _("Once, at most %(most)s; the applicant is told the reason.") % {"most": moments.limit_text(most)}
        if most
        else ""
    )
    return form(
        "extend",
        _("Extend the limit"),
        "hourglass",
        amount_field(unit),
        note(_("Why is more time needed?"), True, hint),
        task=task,
        hidden={"unit": unit},
    )


def _remind(view: MatterView, task: Any, now: datetime) -> Form:
    return form("remind", _("Send a reminder"), "bell", note(_("What is to be done?"), True))


def _split(view: MatterView, task: Any, now: datetime) -> Form:
    return form(
        "split",
        _("Split off a second problem"),
        "arrows-split",
        Field("title", _("Title of the new matter"), required=True, attrs={"maxlength": 120}),
        Field("description", _("What is it about?"), "textarea", attrs={"maxlength": 2000}),
        intro=_("The new matter begins at filing, at the same place."),
        button=_("Split"),
    )


def _void(view: MatterView, task: Any, now: datetime) -> Form:
    hint = _("Left empty, the reporters read the reason.")
    return form(
        "void", _("Void the matter"), "ban", void_reason(), answer(hint, False), note(_("Note for the file"))
    )


def _close(view: MatterView, task: Any, now: datetime) -> Form:
    return form(
        "close",
        _("Close by hand"),
        "lock",
        answer(_("Every reporter reads this.")),
        note(_("How was it settled?"), True),
        intro=_("For what was settled without the rest of the process."),
    )


def _reopen(view: MatterView, task: Any, now: datetime) -> Form:
    return form("reopen", _("Open again"), "lock-open", note(_("What is still wrong?"), True))


def _relocate(view: MatterView, task: Any, now: datetime) -> Form:
    place = Field("address", _("Address"), value=view.case.address, attrs={"maxlength": 256})
    return form("relocate", _("Correct the place"), "map-pin", area_field(view.case.area), place)


_MAKERS = {
    "claim": _claim,
    "reassign": _reassign,
    "hold": _hold,
    "resume": _resume,
    "extend": _extend,
    "remind": _remind,
    "split": _split,
    "void": _void,
    "close": _close,
    "reopen": _reopen,
    "relocate": _relocate,
}
