"""A joint application on the page of its matter: its one list of materials, its services, and the step of the window."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.process import UserTask
from yiwang.domains.services import bundles, follow, joint_follow, words
from yiwang.domains.services.applying import COMMITMENT
from yiwang.domains.services.joint import KIND
from yiwang.domains.services.models import Decision, Joint
from yiwang.domains.services.steps.together import committed_of, plan_of, states_for
from yiwang.faces.workbench import naming
from yiwang.faces.workbench.fields import Field, Form, form
from yiwang.kernel.matters.case import CaseTask
from yiwang.kernel.matters.papers import BROUGHT, RECEIVED, STATES
from yiwang.kernel.matters.queries import MatterView

__all__ = ["KIND", "PREFIX", "SUBJECT", "shown", "step_forms"]
PREFIX = "svc_joint_"
SUBJECT = "service_joint"


def step_forms(view: MatterView, task: CaseTask, node: UserTask) -> list[Form]:
    """The window's step; those that end by themselves offer nothing."""
    own = Joint.objects.filter(pk=view.row.pk).first()
    if node.form != "svc_joint_accept" or own is None:
        return []
    offered = [one for one in node.outcomes if one != "missing" or not view.case.data.get("told")]
    return [_form(view, own, task, node, outcome, place == 0) for place, outcome in enumerate(offered)]


def _form(view: MatterView, own: Joint, task: CaseTask, node: UserTask, outcome: str, lead: bool) -> Form:
    intro = ""
    if outcome == "refuse":
        fields = [_text("reason", _("Why is it not accepted?"), _("The applicant is told this in writing."))]
    else:
        fields = _materials(view, own)
        if outcome == "missing":
            fields.append(
                _text("note_missing", _("What exactly is missing?"), _("The applicant reads this."), False)
            )
            intro = _("The applicant is told once, and all at once, what is missing for all services.")
        else:
            intro = _("Accepted once for all services; those that wait for nothing begin at once.")
    icon = {"accept": "check", "missing": "rotate", "refuse": "ban"}[outcome]
    title = naming.outcome(node, outcome)
    return form("complete", title, icon, *fields, task=task, outcome=outcome, lead=lead, intro=intro)


def _text(name: str, label: str, hint: str, required: bool = True) -> Field:
    return Field(name, label, "textarea", hint=hint, required=required, attrs={"maxlength": 1000, "rows": 3})


def _materials(view: MatterView, own: Joint) -> list[Field]:
    fields, committed = [], committed_of(own)
    for once in plan_of(view.case, view.rules).materials:
        states = states_for(once, committed)
        if len(states) == 1 or once.how == bundles.FILLED:
            continue  # nobody brings it
        slug = once.material.slug
        said = own.materials.get(slug, "")
        value = RECEIVED if slug in own.missing else {BROUGHT: RECEIVED}.get(said, said)
        options = [("", _("Choose")), *((state, STATES[state]) for state in states)]
        hint = _("for: %(names)s") % {"names": words.listed(words.name_of(one) for one in once.services)}
        fields.append(
            Field(
                f"material_{slug}",
                words.name_of(once.material),
                "select",
                value,
                required=True,
                options=options,
                hint=hint,
            )
        )
    return fields


def shown(view: MatterView, opened: bool) -> dict[str, Any] | None:
    """What the page of a matter shows of its joint application."""
    from yiwang.faces.workbench.serving import materials_with_files

    own = Joint.objects.filter(pk=view.row.pk).select_related("matter").first()
    if own is None:
        return None
    bundle = view.rules.bundles[own.bundle]
    names = joint_follow.material_names(own, view.rules)
    decisions = Decision.objects.filter(matter=own.pk).select_related("by").order_by("at", "pk")
    said = {
        (node.id, slug): naming.outcome(node, slug) for node in view.process.tasks for slug in node.outcomes
    }
    return {
        "own": own,
        "title": words.name_of(bundle),
        "guide": "",
        "promised": bundle.promised,
        "status": bundle.status,
        "unit": words.unit_of(bundle.lead),
        "opened": opened,
        "lines": joint_follow.lines_of(own, view.rules),
        "marks": follow.marks_of(own),
        "materials": materials_with_files(
            own.pk, own.materials, names, joint_follow.optional_of(own, view.rules)
        ),
        "due": joint_follow.whole_due(own, view.case, bundle),
        "decisions": [
            {
                "row": row,
                "said": said.get((row.node, row.outcome), row.outcome),
                "step": naming.node(view.process, row.node),
            }
            for row in decisions
        ],
        "commitment": False,
        "parts": [
            {
                "name": words.name_of(view.rules.services[part.service]),
                "unit": words.unit_of(view.rules.services[part.service].unit),
                "state": joint_follow.said_of(part.state),
                "commitment": part.way == COMMITMENT,
                "number": part.matter.number if part.matter else "",
                "after": words.listed(words.name_of(view.rules.services[slug]) for slug in part.after),
            }
            for part in own.parts.select_related("matter")
        ],
    }
