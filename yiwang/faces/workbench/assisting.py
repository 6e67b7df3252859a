"""The forms of the steps of assistance: what each asks, filled with what is known, and what the rules give beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.core.process import UserTask
from yiwang.domains.assistance import money, queries
from yiwang.domains.assistance.computing import Computed
from yiwang.domains.assistance.intake import MATERIALS
from yiwang.domains.assistance.models import Application
from yiwang.domains.assistance.paying import WAYS as PAID
from yiwang.domains.assistance.programmes import NEVER, programme
from yiwang.domains.assistance.steps import at_home
from yiwang.domains.assistance.steps.accepting import MATERIAL_STATES, WAYS
from yiwang.domains.assistance.steps.looking import CHECK_STATES, CHECKS, SPECIAL
from yiwang.domains.assistance.steps.reviewing import MONTHS, REASONS, RHYTHMS
from yiwang.faces.workbench import naming
from yiwang.faces.workbench.assisting_fields import account, amount, choice, day, kin, reason, text
from yiwang.faces.workbench.fields import Field, Form, form
from yiwang.kernel.matters.case import CaseTask
from yiwang.kernel.matters.queries import MatterView
from yiwang.kernel.ui.moments import local

PREFIX = "aid_"
VISITS = frozenset({"aid_visit"})  # forms that take photos of the home
# What a page sends besides the fields of a form.
NO_FIELDS = frozenset({"csrfmiddlewaretoken", "form", "task", "outcome", "note", "photos"})
AGAINST = frozenset(
    {"refuse", "against", "again", "back", "withdrawn", "not_urgent", "stop", "objection", "missing"}
)


def is_ours(node: UserTask) -> bool:
    return node.form.startswith(PREFIX)


def step_forms(view: MatterView, task: CaseTask, now: datetime) -> list[Form]:
    """A form for each result of the step, the first one leading."""
    node = view.process.nodes[task.node]
    return [_form(view, task, node, outcome, now, place == 0) for place, outcome in enumerate(node.outcomes)]


def _form(view: MatterView, task: CaseTask, node: UserTask, outcome: str, now: datetime, lead: bool) -> Form:
    fields, intro = _MAKERS[node.form](view, node, outcome, now)
    icon = "ban" if outcome in ("refuse", "against", "stop") else "rotate" if outcome in AGAINST else "check"
    return form(
        "complete",
        naming.outcome(node, outcome),
        icon,
        *fields,
        task=task,
        outcome=outcome,
        lead=lead,
        intro=intro,
    )


Made = tuple[list[Field], str]


def _second(view: MatterView, node: UserTask, now: datetime) -> Field:
    options = queries.colleagues(view.row.area_id, local(now).date(), county=node.id == "county_visit")
    return Field(
        "second",
        _("Who comes along"),
        "select",
        str(view.case.data.get("second") or ""),
        "",
        True,
        [("", _("Choose the second person")), *((str(pk), name) for pk, name in options)],
    )


def _accept(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    if outcome == "refuse":
        return [reason(_("Why is it not accepted?"), hint=_("The applicant is told this in writing."))], ""
    papers = Application.objects.filter(pk=view.row.pk).values_list("materials", flat=True).first() or {}
    fields = [
        choice(f"material_{slug}", str(name), MATERIAL_STATES, _("Choose"), papers.get(slug, ""))
        for slug, name in MATERIALS.items()
    ]
    if Application.objects.filter(pk=view.row.pk, account="").exists():
        fields += account()
    if outcome == "accept" and not view.case.data.get("kin"):
        fields += kin()
    if outcome == "missing":
        return fields, _("The applicant is told once, and all at once, what is missing.")
    return fields, _("What the checking of data can find out itself must not be asked for.")


def _supplement(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    return ([] if outcome == "complete" else [reason(_("How do you know that the applicant gives up?"))]), ""


def _notice(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    return [
        choice("way", _("How it was delivered"), WAYS, _("Choose")),
        day("on", _("Delivered on"), local(now).date()),
    ], ""


def _arrange(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    return [
        _second(view, node, now),
        day("on", _("Day of the visit"), local(now).date()),
        choice("special", _("Longer limit of 45 working days"), SPECIAL, _("No"), required=False),
    ], ""


def _asked(
    of: Callable[..., list[at_home.Asked]], view: MatterView, node: UserTask, now: datetime
) -> list[at_home.Asked]:
    on = local(now).date()
    second = queries.colleagues(view.row.area_id, on, county=node.id == "county_visit")
    return at_home.expanded(of(at_home.home_of(view.row.pk), second, view.case.data, on))


def _at_home(asked: list[at_home.Asked]) -> list[Field]:
    """The fields of a form that is filled in at a home, as the workbench shows them."""
    return [
        Field(
            one.name,
            one.label,
            {"long": "textarea", "day": "date", "choice": "select", "radio": "radio", "photos": "file"}.get(
                one.kind, "text"
            ),
            one.value,
            one.hint,
            one.required,
            one.options,
            attrs=_attrs(one),
            group=one.group,
        )
        for one in asked
    ]


def _attrs(one: at_home.Asked) -> dict[str, Any]:
    return {
        "long": {"maxlength": one.most, "rows": 3},
        "money": {"inputmode": "decimal", "maxlength": 16},
        "number": {"inputmode": "numeric", "maxlength": 9},
        "photos": {"accept": "image/*", "multiple": True},
        "text": {"maxlength": one.most, "autocomplete": "off"},
    }.get(one.kind, {})


def _visit(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    asked = _asked(at_home.survey, view, node, now)
    return _at_home(asked), _(
        "Two people look, and both sides sign the form. What is established goes into the registers once the "
        "departments have answered; what is left empty stays unknown."
    )


def _checks(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    fields = [choice(f"check_{slug}", str(name), CHECK_STATES, _("Choose")) for slug, name in CHECKS.items()]
    fields.append(text("remark", _("What differs"), False, 1000))
    fields += _at_home(at_home.figures(at_home.home_of(view.row.pk)))
    return fields, _("A figure that a department gave goes into the registers as this department's.")


def _self_care(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    asked = _asked(at_home.self_care, view, node, now)
    return _at_home(asked), _(
        "At most three not by oneself is partial, four and more total loss of self-care."
    )


def _resurvey(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    asked = _asked(at_home.again, view, node, now)
    return _at_home(asked), ""


def _judge(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    if outcome in ("again", "back"):
        return [reason(_("What is still to be found out?"))], ""
    found = queries.computed_now(view.row, local(now).date())
    intro = said(found)
    if outcome in ("refuse", "against"):
        return [reason(_("Reasons"), hint=_("The household is told them in writing."))], intro
    fields: list[Field] = []
    benefit = programme(view.case.data["programme"])
    if benefit.rhythm != NEVER:
        value = view.case.data.get("fen") if node.id != "opinion" else None
        value = value if value is not None else found.fen
        label = _("Amount a month, yuan") if benefit.rhythm == "monthly" else _("Amount, yuan")
        fields.append(amount(value, label))
    fields.append(
        reason(
            _("Reasons"), False, _("Needed where you differ from the rules, or where they give no answer.")
        )
    )
    if node.id == "opinion" and benefit.review_months:
        label = _("Income is unstable, or somebody is able to work: review every half year")
        fields.append(Field("unstable", label, "checkbox"))
    if node.id == "opinion":
        fields.append(
            choice("special", _("Longer limit of 45 working days"), SPECIAL, _("No"), required=False)
        )
    return fields, intro


def said(found: Computed) -> str:
    """What the rules give, in a sentence; that a person decides stands beside it."""
    person = _("A person decides, not the machine.")
    if found.says == "yes" and found.fen is not None:
        sentence = _("The rules give %(amount)s yuan.") % {"amount": money.yuan(found.fen)}
    else:
        sentence = {
            "yes": _("By the rules the household is entitled; the amount is not known."),
            "no": _("By the rules the household is not entitled."),
            "undetermined": _("The rules give no answer, because something is not known."),
        }.get(found.says, _("The rules were not asked."))
    return f"{sentence} {person}"


def _objection(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    return [
        text("objection", _("What is objected?")),
        Field("contact", _("Who objects, and how to reach them"), attrs={"maxlength": 100}),
    ], _("Without an objection there is nothing to do: after seven days it goes on by itself.")


def _confirm(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    return [reason(_("What did you find?"))], ""


def _relieve(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    fields = [amount(None, _("Amount given now, yuan"))] if outcome == "grant" else []
    intro = _("A person decides, not the machine.")
    before = queries.relieved_lately(view.row.pk, local(now).date())
    if before:
        told = pgettext("between names in a list", ", ").join(
            f"{row.made_at:%Y-%m-%d} {money.yuan(row.fen)}" for row in before
        )
        intro += " " + _("This household got emergency relief within a year: %(what)s.") % {"what": told}
    return [*fields, reason(_("Reasons"))], intro


def _hand_over(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    return [
        Field("way", _("How it was paid"), "radio", "cash", required=True, options=list(PAID.items())),
        Field("signed_by", _("Received by"), required=True, attrs={"maxlength": 40}),
    ], _("%(amount)s yuan were granted.") % {"amount": money.yuan(view.case.data.get("fen"))}


def _record(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    return [reason(_("Remarks"), False)], ""


def _outcome(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    award = queries.award_under_review(view.row)
    found = queries.computed_now(view.row, local(now).date())
    intro = (
        _("The household gets %(amount)s yuan a month now.") % {"amount": money.yuan(award.fen)}
        + " "
        + said(found)
    )
    fields: list[Field] = []
    if outcome in ("raise", "cut"):
        fields.append(amount(found.fen, _("New amount a month, yuan")))
        fields.append(
            Field("members", _("Members now"), "number", str(award.members), attrs={"min": 1, "max": 20})
        )
    if outcome in ("keep", "raise", "cut") and award.review_months:
        now_and_then = str(RHYTHMS[str(award.review_months)]) if str(award.review_months) in RHYTHMS else ""
        first = _("As before: %(rhythm)s") % {"rhythm": now_and_then}
        fields.append(choice("rhythm", _("Looked at again"), RHYTHMS, first, required=False))
    if outcome == "exit":
        fields.append(choice("months", _("Months of gradual exit"), MONTHS, _("Choose")))
    if outcome != "keep":
        fields.append(choice("why", _("Reason"), REASONS, _("Choose")))
    fields.append(
        reason(
            _("Reasons"),
            outcome != "keep",
            _("Needed where you differ from the rules, or where they give no answer."),
        )
    )
    return fields, intro


def _hearing(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    return [
        day("on", _("Heard on"), local(now).date()),
        text("told", _("What the household was told: what is intended, and why")),
        text("said", _("What the household says to it")),
    ], _("Nothing is cut or stopped before the household was heard.")


def _review_decision(view: MatterView, node: UserTask, outcome: str, now: datetime) -> Made:
    if outcome == "back":
        return [reason(_("What is still to be found out?"))], ""
    return [reason(_("Remarks"), False)], _("A person decides, not the machine.")


_MAKERS: dict[str, Callable[[MatterView, UserTask, str, datetime], Made]] = {
    "aid_acceptance": _accept,
    "aid_supplement": _supplement,
    "aid_notice": _notice,
    "aid_arrange": _arrange,
    "aid_visit": _visit,
    "aid_data_check": _checks,
    "aid_self_care": _self_care,
    "aid_resurvey": _resurvey,
    "aid_opinion": _judge,
    "aid_review": _judge,
    "aid_decision": _judge,
    "aid_publicity": _objection,
    "aid_confirm": _confirm,
    "aid_relieve": _relieve,
    "aid_hand_over": _hand_over,
    "aid_record": _record,
    "aid_outcome": _outcome,
    "aid_hearing": _hearing,
    "aid_review_decision": _review_decision,
}


def outcome_names() -> dict[str, str]:
    """The results of the steps in the reader's language; in Chinese the process file's own words are shown."""
    return {
        "accept": _("Accept"),
        "missing": _("Tell what is missing"),
        "refuse": _("Refuse"),
        "complete": _("Papers complete"),
        "withdrawn": _("Given up"),
        "arranged": _("Arranged"),
        "support": _("For it"),
        "against": _("Against it"),
        "again": _("Survey again"),
        "objection": _("Objection"),
        "grant": _("Grant"),
        "back": _("Back"),
        "delivered": _("Delivered"),
        "urgent": _("Urgent"),
        "not_urgent": _("Not urgent"),
        "paid": _("Paid"),
        "recorded": _("On record"),
        "keep": _("Keep as it is"),
        "raise": _("Raise"),
        "cut": _("Cut"),
        "exit": _("Gradual exit"),
        "stop": _("Stop"),
        "heard": _("Heard"),
        "reconsider": _("Opinion again"),
    }


def shown(view: MatterView, now: datetime, opened: bool) -> dict[str, Any] | None:
    """What the page of a matter shows of assistance: the block with its words; None for other matters."""
    block = queries.block(view.row, now, local(now).date(), opened)
    if block is None:
        return None
    steps = {node.id: naming.name_of(node) for node in view.process.tasks}
    steps["died"] = _("Died while this is open")
    outcomes = {
        (row.node, row.outcome): _("Closed")
        if row.outcome == "closed"
        else naming.outcome(view.process.nodes.get(row.node), row.outcome)
        for row in block.decisions
    }
    task = next(iter(view.case.open_tasks), None)
    return {
        "block": block,
        "said": said(block.computed),
        "steps": steps,
        "outcomes": outcomes,
        "purpose": _("Handling: %(step)s") % {"step": steps.get(task.node, "")} if task else "",
    }
