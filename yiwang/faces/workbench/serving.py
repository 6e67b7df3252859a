"""The forms of the steps of an application for a service, and what its matter's page shows of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.core.process import UserTask
from yiwang.domains.services import extending, follow, followups, guides, licences, uploads, words
from yiwang.domains.services.applying import COMMITMENT, KIND
from yiwang.domains.services.models import Application, Decision, Followup, Joint
from yiwang.domains.services.steps.mending import REACHED
from yiwang.faces.workbench import joining, naming
from yiwang.faces.workbench.fields import Field, Form, form
from yiwang.kernel.access import purposes
from yiwang.kernel.access.policy import Subject
from yiwang.kernel.errors import NotFound, Problem
from yiwang.kernel.matters import queries, store
from yiwang.kernel.matters.case import CaseTask
from yiwang.kernel.matters.granting import OPINIONS, WAYS
from yiwang.kernel.matters.papers import BROUGHT, LATER, LOOKUP, MISSING, RECEIVED, STATES, state_said
from yiwang.kernel.matters.queries import MatterView
from yiwang.kernel.packs.granted import Needed
from yiwang.kernel.ui import clock, moments
from yiwang.kernel.ui.door import staff_only

PREFIX = "svc_"
FORM = "service-open"
SUBJECT, FIELD = "service_application", "answers"
AGAINST = frozenset({"missing", "refuse", "withdrawn", "broken"})
Made = tuple[list[Field], str]


def is_ours(node: UserTask) -> bool:
    return node.form.startswith(PREFIX)


def step_forms(view: MatterView, task: CaseTask, now: datetime) -> list[Form]:
    """A form for each result of the step, the first one leading; results that can't be are left out."""
    node = view.process.nodes[task.node]
    if node.form.startswith(joining.PREFIX):
        return joining.step_forms(view, task, node)
    own = Application.objects.filter(pk=view.row.pk).first()
    offered = [outcome for outcome in node.outcomes if own is None or _possible(view, own, node, outcome)]
    return [_form(view, own, task, node, outcome, place == 0) for place, outcome in enumerate(offered)]


def _possible(view: MatterView, own: Application, node: UserTask, outcome: str) -> bool:
    if node.form != "svc_accept":
        return True
    if outcome == "commitment":
        return own.way == "commitment"
    if outcome == "missing":
        return not view.case.data.get("told")
    return outcome != "conditional" or bool(guides.service_of(view.rules, own.service).deferral)


def _form(
    view: MatterView, own: Application | None, task: CaseTask, node: UserTask, outcome: str, lead: bool
) -> Form:
    fields, intro = _MAKERS[node.form](view, own, outcome)
    icon = "ban" if outcome in ("refuse", "broken") else "rotate" if outcome in AGAINST else "check"
    title = naming.outcome(node, outcome)
    return form("complete", title, icon, *fields, task=task, outcome=outcome, lead=lead, intro=intro)


def text_field(name: str, label: str, required: bool = True, hint: str = "") -> Field:
    return Field(name, label, "textarea", hint=hint, required=required, attrs={"maxlength": 1000, "rows": 3})


def choice_field(name: str, label: str, known: Mapping[str, Any], value: str = "") -> Field:
    return Field(name, label, "select", value, required=True, options=[("", _("Choose")), *known.items()])


def _accept(view: MatterView, own: Application | None, outcome: str) -> Made:
    if outcome == "refuse":
        return [
            text_field(
                "reason", _("Why is it not accepted?"), hint=_("The applicant is told this in writing.")
            )
        ], ""
    fields = _materials(view, own, outcome) if own else []
    if outcome == "missing":
        note_ = text_field(
            "note_missing", _("What exactly is missing?"), False, _("The applicant reads this.")
        )
        return [*fields, note_], _("The applicant is told once, and all at once, what is missing.")
    return fields, _("What the government can look up itself must not be asked for.")


def _materials(view: MatterView, own: Application, outcome: str) -> list[Field]:
    service = guides.service_of(view.rules, own.service)
    instead = service.instead if own.way == COMMITMENT and outcome == "commitment" else ()
    return material_fields(service.materials, own.materials, own.missing, instead)


def material_fields(
    materials: Iterable[Needed],
    said: Mapping[str, str],
    missing: Iterable[str],
    instead: Collection[str] = (),
) -> list[Field]:
    """What the window says of each material, beginning with what the applicant said. `instead`: what a commitment
    stands for, of which there is nothing to say."""
    fields: dict[str, Field] = {}
    for needed in materials:
        slug = needed.material.slug
        if slug in instead or needed.material.from_form:  # the form is there with the application
            continue
        states = {RECEIVED: STATES[RECEIVED], LOOKUP: STATES[LOOKUP], MISSING: STATES[MISSING]}
        if needed.need == "deferrable":
            states[LATER] = STATES[LATER]
        before = said.get(slug, "")
        value = slug in missing and RECEIVED or {BROUGHT: RECEIVED}.get(before, before)
        fields[slug] = choice_field(f"material_{slug}", words.name_of(needed.material), states, value)
    return list(fields.values())


def _supplement(view: MatterView, own: Application | None, outcome: str) -> Made:
    return (
        []
        if outcome == "complete"
        else [text_field("reason", _("How do you know that the applicant gives up?"))]
    ), ""


def _papers(view: MatterView, own: Application | None, outcome: str) -> Made:
    return [choice_field("came", _("Has everything come?"), {"yes": _("yes"), "no": _("no")})], ""


def _review(view: MatterView, own: Application | None, outcome: str) -> Made:
    return [
        choice_field("opinion", _("Are the conditions met?"), OPINIONS),
        text_field("reason", _("Which condition is not met, or what the decision should know"), False),
    ], ""


def _decide(view: MatterView, own: Application | None, outcome: str) -> Made:
    if outcome == "refuse":
        return [text_field("reason", _("Reasons"), hint=_("The applicant is told this in writing."))], ""
    opinion = view.case.data.get("opinion")
    said = str(OPINIONS[opinion]) if opinion in OPINIONS else ""
    intro = _("The review says: %(opinion)s.") % {"opinion": said} if said else ""
    return [text_field("reason", _("Reasons"), opinion == "disagree")], intro


def _deliver(view: MatterView, own: Application | None, outcome: str) -> Made:
    return [choice_field("way", _("How it was delivered"), WAYS)], ""


def _check(view: MatterView, own: Application | None, outcome: str) -> Made:
    return ([] if outcome == "kept" else [text_field("reason", _("What is not as it was committed?"))]), ""


def _mend(view: MatterView, own: Application | None, outcome: str) -> Made:
    row = Followup.objects.get(pk=view.row.pk)
    intro = _("The applicant gave %(n)d of 5 for %(number)s.") % {
        "n": row.score,
        "number": view.case.data.get("about", ""),
    }
    note = followups.note_of(row)
    if note:
        intro += " " + _("And wrote: %(note)s") % {"note": note}
    label = _("Why the rating is wrong") if outcome == "unfounded" else _("What was done")
    return [
        choice_field("reached", _("Was the applicant reached?"), REACHED),
        text_field("reply", label, hint=_("The applicant reads this.")),
    ], intro


def _recheck(view: MatterView, own: Application | None, outcome: str) -> Made:
    row = Followup.objects.get(pk=view.row.pk)
    intro = _("The unit says: %(reply)s") % {"reply": row.reply}
    return ([] if outcome == "confirm" else [text_field("reason", _("Why does the rating stand?"))]), intro


_MAKERS: Mapping[str, Callable[..., Made]] = {
    "svc_accept": _accept,
    "svc_supplement": _supplement,
    "svc_papers": _papers,
    "svc_review": _review,
    "svc_decide": _decide,
    "svc_deliver": _deliver,
    "svc_check": _check,
    "svc_mend": _mend,
    "svc_recheck": _recheck,
}


def outcome_names() -> dict[str, str]:
    """The results of the steps where the page is not in Chinese."""
    return {
        "accept": _("Accept"),
        "conditional": _("Accept; something comes later"),
        "commitment": _("Accept by commitment"),
        "grant": _("Grant"),
        "kept": _("The commitment is kept"),
        "broken": _("The commitment is not kept"),
        "fixed": _("Put right"),
        "explained": _("Explained"),
        "unfounded": _("The rating is wrong"),
    }


def shown(view: MatterView, now: datetime, opened: bool) -> dict[str, Any] | None:
    """What the page of a matter shows of its application; None for other matters."""
    if view.row.kind == joining.KIND:
        return joining.shown(view, opened)
    if view.row.kind != KIND:
        return None
    own = Application.objects.filter(pk=view.row.pk).select_related("matter").first()
    if own is None:
        return None
    service = guides.service_of(view.rules, own.service)
    names = {needed.material.slug: words.name_of(needed.material) for needed in service.materials}
    outcome = {
        (node.id, slug): naming.outcome(node, slug) for node in view.process.tasks for slug in node.outcomes
    } | {("review", slug): str(text) for slug, text in OPINIONS.items()}
    decisions = Decision.objects.filter(matter=own.pk).select_related("by").order_by("at", "pk")
    return {
        "own": own,
        "service": service,
        "unit": words.unit_of(service.unit),
        "opened": opened,
        "title": words.name_of(service),
        "guide": reverse("service", args=[service.slug]),
        "promised": service.promised,
        "status": service.status,
        "lines": follow.lines_of(own, view.rules),
        "marks": follow.marks_of(own),
        "materials": materials_with_files(own.pk, own.materials, names, follow.optional_of(service)),
        "due": follow.whole_due(own, view.case, service),
        "decisions": [
            {
                "row": row,
                "said": moments.limit_text(row.outcome)
                if row.node == extending.NODE
                else outcome.get((row.node, row.outcome), row.outcome),
                "step": _("More time") if row.node == extending.NODE else naming.node(view.process, row.node),
            }
            for row in decisions
        ],
        "commitment": own.way == "commitment",
        "uses": licences.uses_of(own.pk, now),
    }


def materials_with_files(
    matter: UUID, states: Mapping[str, str], names: Mapping[str, str], optional: Collection[str]
) -> list[tuple[str, str, list[dict]]]:
    """(name, what became of it, the files that the applicant sent for it) of each material."""
    files: dict[str, list[dict]] = {}
    for row in uploads.of_matter(matter):
        url = reverse("file", args=[row.pk])
        thumb = f"{url}?thumb=1" if row.attachment.thumb_sha256 else ""
        files.setdefault(row.material, []).append(
            {"url": url, "name": row.attachment.name, "size": row.attachment.size, "thumbnail": thumb}
        )
    return [
        (names.get(slug, slug), state_said(state, slug in optional), files.get(slug, []))
        for slug, state in states.items()
    ]


@require_POST
@staff_only
def open_answers(request: HttpRequest, number: str) -> HttpResponse:
    """Opens the sealed answers of an application once, for a purpose that is recorded."""
    from yiwang.faces.workbench import page

    view = queries.see(request.actor, number)
    whole = view.row.kind == joining.KIND
    own = (Joint if whole else Application).objects.filter(pk=view.row.pk).first()
    if own is None:
        raise NotFound(_("There is no file to open."))
    try:
        with store.one_transaction():
            purposes.reveal(
                actor=request.actor,
                subject_kind=joining.SUBJECT if whole else SUBJECT,
                subject_id=str(own.pk),
                field=FIELD,
                purpose=request.POST.get("purpose", ""),
                now=clock.now(),
                subject=Subject.of_matter(view.row),
            )
    except Problem as problem:
        return page.show(request, number, page.Tried(FORM, request.POST.dict(), problem))
    return page.show(request, number, opened=True)
