"""The forms with which a step of the process is finished: one for each of its results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from yiwang.core.process import UserTask
from yiwang.domains.operations import loads
from yiwang.faces.workbench import approving, assisting, choices, naming, serving
from yiwang.faces.workbench.fields import Field, Form, answer, area_field, form, note, unit_field, void_reason
from yiwang.kernel.matters.case import CaseTask
from yiwang.kernel.matters.queries import MatterView
from yiwang.kernel.packs.rulebook import ClassDef, Condition
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import moments

ANOTHER = "another"  # the choice of a unit that is not among those suggested

# Where a photo of a step belongs: what shows the work done, and what shows the place before it.
PHOTO_STAGE = {
    ("handling", "done"): "after",
    ("verifying", "pass"): "after",
    ("verifying", "fail"): "document",
    ("prechecking", "true"): "before",
    ("prechecking", "false"): "document",
}


@dataclass(frozen=True, slots=True)
class Guess:
    """A class to choose by one tap. `share` is the classifier's confidence, None for a search hit."""

    value: str
    name: str
    chosen: bool
    share: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Picker:
    """The choice of the class: links that reload the page with ?class=, so that it needs no script."""

    chosen: ClassDef | None
    name: str
    guesses: tuple[Guess, ...]
    words: str
    found: tuple[Guess, ...]


def step_forms(
    view: MatterView, task: CaseTask, asked: Mapping[str, str], reports: list[Any], now: datetime
) -> list[Form]:
    """A form for each result of the step, the first one leading."""
    node = view.process.nodes[task.node]
    if assisting.is_ours(node):
        return assisting.step_forms(view, task, now)
    if serving.is_ours(node):
        return serving.step_forms(view, task, now)
    if approving.is_ours(node):
        return approving.step_forms(view, task, now)
    made = []
    for position, outcome in enumerate(node.outcomes):
        maker = _MAKERS.get((node.form, outcome), _plain)
        made.append(maker(view, task, node, outcome, asked, reports, now, position == 0))
    return made


def _form(task: CaseTask, node: UserTask, outcome: str, lead: bool, *fields: Field, **more: Any) -> Form:
    label = naming.outcome(node, outcome)
    icon = {"void": "ban", "false": "ban", "fail": "rotate", "redo": "rotate", "rework": "rotate"}.get(
        outcome, "arrow-back-up" if outcome in ("return", "not_ours") else "check"
    )
    return form("complete", label, icon, *fields, task=task, outcome=outcome, lead=lead, **more)


def _photos(label: str) -> Field:
    return Field("photos", label, "file", attrs={"accept": "image/*", "multiple": True})


def _plain(view, task, node, outcome, asked, reports, now, lead) -> Form:
    needed = not lead and node.form in ("feedback", "verifying", "closing", "dispatch")
    label = _("What is still to be done?") if node.form in ("feedback", "verifying", "closing") else _("Why?")
    fields = [note(label if needed else _("Note"), needed)]
    if (node.form, outcome) in PHOTO_STAGE:
        fields.append(_photos(_("Photos of the place")))
    return _form(task, node, outcome, lead, *fields)


def _file(view, task, node, outcome, asked, reports, now, lead) -> Form:
    picker = _picker(view, asked, reports)
    if picker.chosen is None:
        return _form(
            task,
            node,
            outcome,
            lead,
            picker=picker,
            button="",
            intro=_("Choose the class; then its filing condition."),
        )
    chosen = picker.chosen
    conditions = view.rules.conditions_of(chosen.standard, chosen.code)
    options = [(one.slug, _condition(one)) for one in conditions]
    only = options[0][0] if len(options) == 1 else ""
    area = asked.get("area") or view.case.area
    duty = registers.responsible_unit(chosen.standard, chosen.code, area)
    by_duty = _("As the duty table says: %(unit)s") % {"unit": naming.unit(duty.unit)} if duty else ""
    return _form(
        task,
        node,
        outcome,
        lead,
        Field(
            "condition",
            _("Filing condition and time limit"),
            "radio",
            view.case.condition if view.case.condition in dict(options) else only,
            "" if options else _("The pack has no filing condition for this class."),
            True,
            options,
        ),
        area_field(area),
        unit_field("", first=by_duty),
        note(_("Note")),
        picker=picker,
        hidden={"standard": chosen.standard, "class_code": chosen.code},
    )


def _condition(one: Condition) -> Markup:
    limit = moments.limit_text(one.limit)
    mended = _("done when: %(what)s") % {"what": naming.text_of(one, "close_text")}
    return Markup('{} <span class="yw-limit">{}</span> <small class="yw-quiet">{}</small>').format(
        naming.text_of(one), limit, mended
    )


def _picker(view: MatterView, asked: Mapping[str, str], reports: list[Any]) -> Picker:
    rules = view.rules
    own = f"{view.case.standard}|{view.case.class_code}"
    value = asked.get("class", "") or own
    chosen = choices.class_of(rules, value)
    value = choices.class_value(chosen) if chosen else ""
    guesses: dict[str, Guess] = {}
    for report in reports:
        for one in report.suggestions:
            row = rules.class_def(one["standard"], one["code"])
            key = choices.class_value(row) if row else ""
            if row and key not in guesses:
                why = "、".join(one.get("why", ()))
                guesses[key] = Guess(key, naming.name_of(row), key == value, one["confidence"], why)
    words = asked.get("find", "")[:60]
    found = tuple(
        Guess(
            choices.class_value(row), f"{naming.name_of(row)} {row.code}", choices.class_value(row) == value
        )
        for row in choices.find_classes(rules, words)
    )
    name = f"{naming.name_of(chosen)} {chosen.code}" if chosen else ""
    return Picker(chosen, name, tuple(guesses.values()), words, found)


def _void(view, task, node, outcome, asked, reports, now, lead) -> Form:
    default = "not_found" if node.form == "prechecking" else ""
    fields = [
        void_reason(default),
        answer(_("Left empty, the reporters read the reason."), False),
        note(_("Note")),
    ]
    if (node.form, outcome) in PHOTO_STAGE:
        fields.append(_photos(_("Photos of the place")))
    return _form(task, node, outcome, lead, *fields)


def _dispatch(view, task, node, outcome, asked, reports, now, lead) -> Form:
    """The unit by the duty table with why and what it has on its hands, then the next best, then any other."""
    case, known = view.case, loads.loads(now)
    found = loads.candidates(case.standard, case.class_code, case.area, known)
    if case.unit and case.unit not in {one.unit for one in found}:
        # Filing chose another unit than the duty table's.
        found = [loads.Candidate(case.unit, "filed", None, known.get(case.unit, loads.Load())), *found]
    found.sort(key=lambda one: one.unit != case.unit)
    options = [_candidate(view, one) for one in found]
    first = found[0].unit if found else ANOTHER
    field = Field("unit", _("Unit"), "units", first, required=True, options=options, groups=_loaded(known))
    intro = "" if found and found[0].duty else _("The duty table names no unit for this class here.")
    return _form(
        task,
        node,
        outcome,
        lead,
        field,
        note(_("Note"), hint=_("Another unit than the one suggested needs a reason.")),
        intro=intro,
    )


@dataclass(frozen=True, slots=True)
class UnitOption:
    """A unit to choose, with the sentence that says why it is offered and what it has on its hands."""

    code: str
    name: str
    why: str
    source: str
    status: str  # illustrative: nobody has verified the line of the duty table
    load: loads.Load
    suggested: bool


def _candidate(view: MatterView, one: loads.Candidate) -> UnitOption:
    name, duty = naming.unit(one.unit), one.duty
    why = {
        "filed": _("Chosen when it was filed."),
        "office": _("The sub-district office of the place."),
        "above": _("The unit above."),
        "below": _("Works for the unit that is suggested."),
    }.get(one.why, "")
    if duty:
        english = not moments.chinese()
        what = loads.prefix_name(view.rules, duty, english)
        values = {"prefix": duty.class_prefix, "what": what, "area": naming.area(duty.area)}
        why = (
            _("Duty table: classes %(prefix)s %(what)s in %(area)s.") % values
            if duty.class_prefix
            else _("Duty table: every other class in %(area)s.") % values
        )
    status = duty.status if duty else ""
    return UnitOption(
        one.unit, name, why, duty.source if duty else "", status, one.load, one.why in ("duty", "filed")
    )


def _loaded(known: Mapping[str, loads.Load]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every unit for the choice of another one, with its load in its label."""
    return [
        (group, [(code, f"{name} · {load_text(known.get(code, loads.Load()))}") for code, name in members])
        for group, members in choices.units()
    ]


def load_text(load: loads.Load) -> str:
    """8 open, 2 overdue."""
    if load.overdue:
        return _("%(open)d open, %(overdue)d overdue") % {"open": load.open, "overdue": load.overdue}
    return _("%(open)d open") % {"open": load.open}


def _done(view, task, node, outcome, asked, reports, now, lead) -> Form:
    condition = view.rules.conditions.get(view.case.condition)
    intro = _("Done when: %(what)s") % {"what": naming.text_of(condition, "close_text")} if condition else ""
    return _form(
        task, node, outcome, lead, note(_("What was done?")), _photos(_("Photos afterwards")), intro=intro
    )


def _not_ours(view, task, node, outcome, asked, reports, now, lead) -> Form:
    return _form(task, node, outcome, lead, note(_("Why is it not your unit's duty?"), True))


def _close(view, task, node, outcome, asked, reports, now, lead) -> Form:
    return _form(
        task, node, outcome, lead, answer(_("Every reporter reads this. Say what was done.")), note(_("Note"))
    )


_MAKERS = {
    ("filing", "file"): _file,
    ("filing", "void"): _void,
    ("prechecking", "false"): _void,
    ("dispatch", "dispatch"): _dispatch,
    ("handling", "done"): _done,
    ("handling", "not_ours"): _not_ours,
    ("closing", "close"): _close,
}
