"""The forms of a joint meeting: an opinion on each item of the agenda, the minutes, what was resolved."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.approvals import meetings, words
from yiwang.domains.approvals.models import MeetingOpinion, Resolution
from yiwang.domains.approvals.steps.meeting import CONDITION_LIMIT, ROWS, agenda_of
from yiwang.domains.approvals.steps.opinions import SAID
from yiwang.faces.workbench import serving
from yiwang.faces.workbench.fields import Field
from yiwang.kernel.matters.queries import MatterView

Made = tuple[list[Field], str]


def opinions(view: MatterView, outcome: str) -> Made:
    found: list[Field] = []
    for item in agenda_of(view.row.pk):
        label = _("Item %(n)s: %(question)s") % {"n": item.place, "question": item.question}
        found.append(serving.choice_field(f"opinion_{item.place}", label, SAID))
        hint = _("Needed for conditions and for a refusal.")
        found.append(
            serving.text_field(
                f"reason_{item.place}", _("Conditions or reasons, with their basis"), False, hint
            )
        )
    return found, _("A condition becomes a task that your department follows to its end.")


def concluding(view: MatterView, outcome: str) -> Made:
    agenda = agenda_of(view.row.pk)
    items = [("", _("the meeting as a whole")), *((str(one.place), one.question) for one in agenda)]
    units = [("", _("Choose")), *((unit, words.unit_of(unit)) for unit in meetings.departments(view.rules))]
    found = [serving.text_field("summary", _("What the meeting came to"))]
    if MeetingOpinion.objects.filter(item__meeting=view.row.pk, opinion="conditions").exists():
        found.append(
            _days("condition_limit", _("Working days for the conditions"), CONDITION_LIMIT[:-2], True)
        )
    for n in range(1, ROWS + 1):
        group = _("Resolution %(n)s") % {"n": n}
        found += [
            Field(f"text_{n}", _("What is to be done"), "textarea", attrs={"maxlength": 1000}, group=group),
            Field(f"unit_{n}", _("Who does it"), "select", options=units, group=group),
            _days(f"limit_{n}", _("Within how many working days"), group=group),
            Field(f"item_{n}", _("Item of the agenda"), "select", options=items, group=group),
        ]
    return found, _("Each resolution and each condition becomes a task with its limit.")


def _days(name: str, label: str, value: str = "", required: bool = False, group: str = "") -> Field:
    attrs: dict[str, Any] = {"min": 1, "max": 90}
    return Field(name, label, "number", value, required=required, attrs=attrs, group=group)


def _resolved(view: MatterView) -> str:
    row = Resolution.objects.filter(pk=view.row.pk).first()
    return row.text if row else ""


def doing(view: MatterView, outcome: str) -> Made:
    return [serving.text_field("reason", _("What was done"))], _resolved(view)


def confirming(view: MatterView, outcome: str) -> Made:
    row = Resolution.objects.filter(pk=view.row.pk).first()
    said = f"{row.text} → {row.done}" if row else ""
    if outcome == "confirmed":
        return [], said
    return [serving.text_field("reason", _("What is still missing?"))], said
