"""The forms of the steps of a project's approval, and what the matter's page shows of its permit, stage or project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.codes.masks import mask_name
from yiwang.core.process import UserTask
from yiwang.domains.approvals import (
    holding,
    inputs,
    pledging,
    previews,
    queries,
    registering,
    sharing,
    stages,
    words,
)
from yiwang.domains.approvals.models import Decision, HoldNotice, Item, Opinion, Pledge, PreReview, StageRun
from yiwang.domains.approvals.steps.opinions import SAID, SILENT
from yiwang.faces.workbench import meeting, naming, serving
from yiwang.faces.workbench.fields import Field, Form, form
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters.case import CaseTask
from yiwang.kernel.matters.granting import OPINIONS, WAYS
from yiwang.kernel.matters.papers import BROUGHT, MISSING, STATES
from yiwang.kernel.matters.queries import MatterView
from yiwang.kernel.packs.approvals import Permit
from yiwang.kernel.ui import moments

PREFIX = "apr_"
BY_ITSELF = frozenset({"apr_wait", "apr_run"})
KINDS = frozenset({stages.ITEM, stages.OPINION})
AGAINST = frozenset({"missing", "refuse", "withdrawn", "dropped", "broken", "revoke"})
Made = tuple[list[Field], str]


def is_ours(node: UserTask) -> bool:
    return node.form.startswith(PREFIX)


def permit_of(view: MatterView) -> Permit | None:
    return view.rules.approvals.permits.get(str(view.case.data.get("permit", "")))


def step_forms(view: MatterView, task: CaseTask, now: datetime) -> list[Form]:
    """A form for each result of the step; what Yiwang does by itself has none."""
    node = view.process.nodes[task.node]
    if node.form in BY_ITSELF:
        return []
    offered = [outcome for outcome in node.outcomes if _possible(view, node, outcome)]
    return [_form(view, task, node, outcome, place == 0) for place, outcome in enumerate(offered)]


def _possible(view: MatterView, node: UserTask, outcome: str) -> bool:
    if outcome == SILENT:
        return False
    if node.form != "apr_accept":
        return True
    if outcome == "missing":
        return not view.case.data.get("told")
    permit = permit_of(view)
    return outcome != "conditional" or bool(permit and permit.deferral)


def _form(view: MatterView, task: CaseTask, node: UserTask, outcome: str, lead: bool) -> Form:
    fields, intro = _MAKERS[node.form](view, outcome)
    icon = "ban" if outcome in ("refuse", "dropped") else "rotate" if outcome in AGAINST else "check"
    title = naming.outcome(node, outcome)
    return form("complete", title, icon, *fields, task=task, outcome=outcome, lead=lead, intro=intro)


def _accept(view: MatterView, outcome: str) -> Made:
    if outcome == "refuse":
        hint = _("The applicant is told this in writing.")
        return [serving.text_field("reason", _("Why is it not accepted?"), hint=hint)], ""
    item, permit = Item.objects.filter(pk=view.row.pk).first(), permit_of(view)
    fields = _materials(item, permit, view.case.data) if item and permit else []
    if outcome == "missing":
        note = serving.text_field(
            "note_missing", _("What exactly is missing?"), False, _("The applicant reads this.")
        )
        return [*fields, note], _("The applicant is told once, and all at once, what is missing.")
    return fields, _("What the government can look up itself must not be asked for.")


def _materials(item: Item, permit: Permit, data: Mapping[str, Any]) -> list[Field]:
    """What the window says of each material; what was handed in to the project already is there."""
    there = inputs.papers_of(item.project)
    said = {
        slug: BROUGHT if slug in there and state in ("", MISSING) else state
        for slug, state in item.materials.items()
    }
    found = []
    to_see = pledging.to_see(permit, data)
    for one in serving.material_fields(to_see, said, item.missing):
        row = there.get(one.name.removeprefix("material_"))
        hint = ""
        if row is not None:
            hint = _("Already handed in: %(what)s, version %(n)s of %(day)s.") % {
                "what": row.reference,
                "n": row.version,
                "day": moments.day(row.at),
            }
        found.append(replace(one, hint=hint))
    return found


def _supplement(view: MatterView, outcome: str) -> Made:
    if outcome == "complete":
        return [], ""
    return [serving.text_field("reason", _("How do you know that the applicant gives up?"))], ""


def _papers(view: MatterView, outcome: str) -> Made:
    return [serving.choice_field("came", _("Has everything come?"), {"yes": _("yes"), "no": _("no")})], ""


def _review(view: MatterView, outcome: str) -> Made:
    return [
        serving.choice_field("opinion", _("Are the conditions met?"), OPINIONS),
        serving.text_field(
            "reason", _("Which condition is not met, or what the decision should know"), False
        ),
    ], ""


def _opinion(view: MatterView, outcome: str) -> Made:
    permit = permit_of(view)
    intro = (
        _("Who has not answered when the limit ends agrees by silence.") if permit and permit.silence else ""
    )
    hint = _("Needed for conditions and for a refusal.")
    return [
        serving.choice_field("opinion", _("Does the department agree?"), SAID),
        serving.text_field("reason", _("Conditions or reasons, with their basis"), False, hint),
    ], intro


def _decide(view: MatterView, outcome: str) -> Made:
    if outcome == "refuse":
        hint = _("The applicant is told this in writing.")
        return [serving.text_field("reason", _("Reasons"), hint=hint)], ""
    data, said = view.case.data, []
    if data.get("opinion") in OPINIONS:
        said.append(_("The review says: %(opinion)s.") % {"opinion": OPINIONS[data["opinion"]]})
    if data.get("against"):
        said.append(_("A department does not agree: give your reasons for granting it."))
    row, permit = Item.objects.filter(pk=view.row.pk).select_related("project").first(), permit_of(view)
    changed = sharing.newer(permit, row.versions, inputs.papers_of(row.project)) if row and permit else []
    said += [one.warning for one in changed if one.used]
    if data.get("by_commitment"):
        said.append(
            _(
                "Upon a commitment, without a review; it is checked afterwards and revoked where it is not kept."
            )
        )
    if data.get("converted"):
        said.append(_("It was reviewed before the land contract, and nothing has changed since."))
    against = data.get("opinion") == "disagree" or bool(data.get("against")) or any(c.used for c in changed)
    return [serving.text_field("reason", _("Reasons"), against)], " ".join(said)


def _deliver(view: MatterView, outcome: str) -> Made:
    return [serving.choice_field("way", _("How it was delivered"), WAYS)], ""


def _preview(view: MatterView, outcome: str) -> Made:
    return [
        serving.choice_field("opinion", _("What does the pre-review come to?"), words.PRE_OPINIONS),
        serving.text_field("reason", _("What has to be changed"), False),
    ], _("A pre-opinion is no legal act: it grants nothing.")


def _check(view: MatterView, outcome: str) -> Made:
    if outcome == "kept":
        return [], ""
    hint = _("Then it is decided whether the permit is revoked.")
    return [serving.text_field("reason", _("What is not as it was committed?"), hint=hint)], ""


def _revoke(view: MatterView, outcome: str) -> Made:
    row = Pledge.objects.filter(check_matter=view.row.pk).first()
    intro = _("Found in the check: %(what)s") % {"what": row.reason} if row and row.reason else ""
    hint = _("The applicant is told this in writing.")
    return [serving.text_field("reason", _("Reasons"), hint=hint)], intro


def _project(view: MatterView, outcome: str) -> Made:
    if outcome == "finished":
        return [], ""
    return [serving.text_field("reason", _("Why does the project end?"))], ""


_MAKERS: Mapping[str, Callable[..., Made]] = {
    "apr_accept": _accept,
    "apr_supplement": _supplement,
    "apr_papers": _papers,
    "apr_review": _review,
    "apr_opinion": _opinion,
    "apr_give": _opinion,
    "apr_decide": _decide,
    "apr_deliver": _deliver,
    "apr_preview": _preview,
    "apr_check": _check,
    "apr_revoke": _revoke,
    "apr_project": _project,
    "apr_meet_opinion": meeting.opinions,
    "apr_conclude": meeting.concluding,
    "apr_resolved": meeting.doing,
    "apr_confirm": meeting.confirming,
}


def outcome_names() -> dict[str, str]:
    """The results of the steps where the page is not in Chinese."""
    return {
        "given": _("Give the opinion"),
        "finished": _("The project is finished"),
        "dropped": _("The project ends"),
        "confirmed": _("It was done"),
        "again": _("Something is still missing"),
        "revoke": _("Revoke the permit"),
        "keep": _("Do not revoke it"),
    }


# The clock of an item stands only with a day until which it is expected to.


def hold_fields(view: MatterView, now: datetime) -> list[Field]:
    if view.row.kind not in KINDS:
        return []
    today = registering.day_of(now).isoformat()
    hint = _("The applicant is told this in writing (行政许可法 art. 45).")
    return [Field("expected", _("Expected until"), "date", hint=hint, required=True, attrs={"min": today})]


def hold(sent: Any) -> None:
    text = sent["expected"]
    try:
        expected = date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(_("Give a day such as 2026-09-24."), where="expected", code="date") from None
    holding.hold(**sent.on_matter, reason=sent["reason"], note=sent["note"], expected=expected)


# What the page shows


def shown(view: MatterView, actor: Any, now: datetime) -> dict[str, Any] | None:
    """What the page of a matter shows of its project; None for other matters."""
    found = _found(view, actor, now)
    return found | {"words": words} if found else None


def _found(view: MatterView, actor: Any, now: datetime) -> dict[str, Any] | None:
    key, kind = view.row.pk, view.row.kind
    if kind in KINDS:
        item = Item.objects.filter(pk=key).select_related("project__matter", "stage__matter").first()
        return _item(view, item, actor, now) if item else None
    if kind == stages.STAGE:
        run = StageRun.objects.filter(pk=key).select_related("project__matter").first()
        return (
            {"project": run.project, "run": run, "may_see": queries.sees(actor, run.project)} if run else None
        )
    if kind == pledging.CHECK:
        pledge = Pledge.objects.filter(check_matter=key).select_related("stage__project__matter").first()
        return _check_shown(view, pledge, actor) if pledge else None
    if kind == registering.KIND:
        project = queries.Project.objects.filter(pk=key).first()
        return {"project": project, "may_see": True} if project else None
    if kind != previews.KIND:
        return None
    preview = PreReview.objects.filter(pk=key).select_related("project__matter").first()
    if preview is None:
        return None
    return {
        "project": preview.project,
        "permit": permit_of(view),
        "preview": preview,
        "said": str(words.PRE_OPINIONS.get(preview.opinion, "")),
        "may_see": queries.sees(actor, preview.project),
    }


def _check_shown(view: MatterView, pledge: Pledge, actor: Any) -> dict[str, Any]:
    project = pledge.stage.project
    return {
        "project": project,
        "permit": permit_of(view),
        "pledge": pledge,
        "signed_by": mask_name(pledge.signed_by),
        "of_permit": Item.objects.filter(stage=pledge.stage_id, permit=pledge.permit)
        .select_related("matter")
        .first(),
        "may_see": queries.sees(actor, project),
    }


def _item(view: MatterView, item: Item, actor: Any, now: datetime) -> dict[str, Any]:
    permit = permit_of(view)
    if permit is None:
        return {"project": item.project, "may_see": queries.sees(actor, item.project)}
    names = {needed.material.slug: naming.name_of(needed.material) for needed in permit.materials}
    outcomes = {
        (node.id, slug): naming.outcome(node, slug) for node in view.process.tasks for slug in node.outcomes
    } | {("review", slug): str(text) for slug, text in OPINIONS.items()}
    papers, pledge = inputs.papers_of(item.project), pledging.of(item)
    newer = {one.material.slug: one for one in sharing.newer(permit, item.versions, papers)}
    return {
        "project": item.project,
        "permit": permit,
        "item": item,
        "pledge": pledge,
        "signed_by": mask_name(pledge.signed_by) if pledge else "",
        "clock": queries.item_clock(permit, view.case, now),
        "stage": view.rules.approvals.stages[item.stage.stage],
        "stage_run": item.stage,
        "lead": naming.unit(view.rules.approvals.stages[item.stage.stage].lead),
        "materials": [
            (names.get(slug, slug), str(STATES.get(state, state)), papers.get(slug), newer.get(slug))
            for slug, state in item.materials.items()
        ],
        "newest": max(
            (papers[slug].at for slug in names if slug in papers and papers[slug].version > 1), default=None
        ),
        "missing": [names.get(slug, slug) for slug in item.missing],
        "opinions": [
            (naming.unit(one.unit), str(words.OPINIONS[one.opinion]), one)
            for one in Opinion.objects.filter(item=item).select_related("by").order_by("at", "pk")
        ],
        "decisions": [
            {
                "row": row,
                "said": outcomes.get((row.node, row.outcome), row.outcome),
                "step": naming.node(view.process, row.node),
            }
            for row in Decision.objects.filter(item=item).order_by("at", "pk")
        ],
        "notices": [
            (view.rules.reasons.get(one.reason), one)
            for one in HoldNotice.objects.filter(item=item).order_by("at")
        ],
        "preview": PreReview.objects.filter(item=item).first(),
        "may_see": queries.sees(actor, item.project),
    }
