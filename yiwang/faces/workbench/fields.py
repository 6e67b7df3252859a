"""What a form of the workbench is: an action, its fields, and the fields that many actions share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.operations.forms import VOID_REASONS
from yiwang.faces.workbench import choices
from yiwang.kernel.matters.case import CaseTask


@dataclass(frozen=True, slots=True)
class Field:
    """One input; `type` as in ui/components/forms.html. Fields of one `group`, one after another, are folded under it."""

    name: str
    label: str
    type: str = "text"
    value: Any = ""
    hint: str = ""
    required: bool = False
    options: Any = ()
    groups: Any = ()
    attrs: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One action. `key` is its own on the page; `lead` forms stand open, the others are folded."""

    key: str
    action: str
    title: str
    button: str
    icon: str
    fields: tuple[Field, ...] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    lead: bool = False
    intro: str = ""
    picker: Any = None  # of classes, before the fields

    def filled(self, typed: Mapping[str, str]) -> Form:
        """With what the person had typed."""
        kept = tuple(
            one
            if one.type == "file"
            else replace(one, value=typed.get(one.name, ""), attrs=one.attrs | {"another": typed["another"]})
            if one.type == "units" and "another" in typed
            else replace(one, value=typed.get(one.name, ""))
            for one in self.fields
        )
        return replace(self, fields=kept)


def note(label: str, required: bool = False, hint: str = "") -> Field:
    return Field("note", label, "textarea", hint=hint, required=required, attrs={"maxlength": 500, "rows": 3})


def answer(hint: str, required: bool = True, value: str = "") -> Field:
    return Field(
        "answer", _("Answer to the reporters"), "textarea", value, hint, required, attrs={"maxlength": 2000}
    )


def void_reason(value: str = "") -> Field:
    options = [("", _("Choose a reason")), *((slug, str(text)) for slug, text in VOID_REASONS.items())]
    return Field("reason", _("Reason"), "select", value, required=True, options=options)


def unit_field(value: str | None, hint: str = "", first: str = "") -> Field:
    options = [("", first or _("Choose the unit"))]
    return Field("unit", _("Unit"), "select", value or "", hint, not first, options, choices.units())


def area_field(value: str | None) -> Field:
    options, groups = choices.communities(value)
    return Field("area", _("Community"), "select", value or "", "", True, options, groups)


def form(
    action: str, title: str, icon: str, *fields: Field, task: CaseTask | None = None, **more: Any
) -> Form:
    """A form of an action; its key tells apart two tasks and two results of one page."""
    outcome = more.pop("outcome", "")
    hidden = {"task": str(task.id) if task else "", "outcome": outcome} | more.pop("hidden", {})
    key = "-".join(filter(None, (action, outcome, str(task.token) if task else "")))
    return Form(
        key,
        action,
        title,
        more.pop("button", title),
        icon,
        fields,
        {name: value for name, value in hidden.items() if value},
        **more,
    )
