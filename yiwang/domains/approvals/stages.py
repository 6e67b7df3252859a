"""One application opens a stage: its permits begin side by side, each as a matter of its own, under one stage.

A permit that waits for another begins by itself when that one is granted. What a regional assessment takes away is
written down with its reason and never opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import orjson
from django.utils.translation import gettext as _

from yiwang.core import forms
from yiwang.domains.approvals import inputs, pledging, previews, registering, sharing
from yiwang.domains.approvals.models import Item, PreReview, Project, StageRun
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import actions, clock, papers, store
from yiwang.kernel.packs.approvals import Permit, Promise, Stage
from yiwang.kernel.packs.granted import Needed
from yiwang.kernel.packs.rulebook import Rulebook, current, rulebook
from yiwang.kernel.ui import schema_forms

STAGE, ITEM, OPINION = "approval_stage", "approval", "approval_opinion"
GRANTED = "granted"
SAME_DAY = "1wd"  # within which a pre-reviewed permit is decided after its conversion


def promise_of(project: Project, rules: Rulebook) -> Promise:
    """What was promised on the day of the registration; a later promise changes no running project."""
    found = rules.approvals.classes[project.project_class].promise(registering.day_of(project.registered_at))
    if found is None:
        raise NotFound(_("Nothing was promised for this project."), code="no_promise")
    return found


def stage_of(rules: Rulebook, slug: str) -> Stage:
    found = rules.approvals.stages.get(slug)
    if found is None:
        raise NotFound(_("There is no stage %(slug)s.") % {"slug": slug[:40]}, code="no_stage")
    return found


def asked(permits: Iterable[Permit], without: Mapping[str, set[str]] | None = None) -> list[Needed]:
    """The materials of several permits, each once: required where one of them requires it (一套材料). `without`: of which
    permit a commitment stands for which."""
    found: dict[str, Needed] = {}
    for permit in permits:
        gone = (without or {}).get(permit.slug, set())
        for needed in (one for one in permit.materials if one.material.slug not in gone):
            there = found.get(needed.material.slug)
            if there is None or (there.need != "required" and needed.need == "required"):
                found[needed.material.slug] = needed
    return list(found.values())


def form_of(rules: Rulebook, stage: Stage) -> Any:
    return rules.forms.get(stage.form)


def start(
    *,
    actor: Any,
    project: Project,
    stage: str,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
    materials: Mapping[str, str] | None = None,
    consent: bool = False,
    pledges: Iterable[str] = (),
    signed_by: str = "",
    id: UUID | None = None,
) -> StageRun:
    """Applies for a stage with one form. The same `id` again gives the stage that is there.

    `answers`: the tree that was typed; `materials`: what the applicant says of each; `pledges`: the permits that are
    applied for by a commitment which `signed_by` signs (see `pledging`). A permit whose pre-opinion holds
    (see `previews`) goes straight to the decision. Raises Invalid with every error of the form, Conflict, Denied.
    """
    registering.require_own(actor, project)
    rules = current()
    wanted = stage_of(rules, stage)
    promise = promise_of(project, rules)
    if stage not in promise.stages:
        raise Invalid(_("Projects of this class don't go through this stage."), where="stage")
    now, before = actions.whole_second(now), StageRun.objects.filter(project=project.pk, stage=stage).count()
    key = id or uuid5(project.pk, f"stage {before} of {stage}")
    with store.one_transaction():
        store.lock(matter=project.pk)
        there = StageRun.objects.filter(pk=key).select_related("matter").first()
        if there is not None:
            return there
        attempt, granted = _attempt(project, stage, wanted)
        taken_away = rules.approvals.removed(project.area, registering.day_of(now))
        applicable = rules.approvals.of_stage(stage, project.project_class)
        permits = [one for one in applicable if one.slug not in granted and one.slug not in taken_away]
        if not permits:
            raise Conflict(_("Nothing is left to apply for in this stage."), code="nothing_left")
        pledged, name = pledging.chosen(permits, pledges, signed_by)
        said = papers.said_of(asked(permits, pledging.replaced(pledged)), materials or {}, consent)
        values = _checked(rules, wanted, answers or {}, now)
        matter = actions.open(
            actor=actor,
            kind=STAGE,
            id=key,
            title=f"{project.name} · {wanted.name}"[:120],
            source="counter" if actor.signed_in else "online",
            area=project.area,
            unit=wanted.lead,
            now=now,
            rules=rules,
            data={"stage": stage, "stage_limit": promise.stages[stage]},
        )
        run = StageRun.objects.create(
            matter=matter,
            project=project,
            stage=stage,
            attempt=attempt,
            answers=orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode(),
            materials=said,
            promised=promise.stages[stage],
            removed=[[one.slug, taken_away[one.slug].slug] for one in applicable if one.slug in taken_away],
            received_at=now,
        )
        pledging.sign(run, pledged, name, now)
        open_ready(project, actor, now)
    return run


def _attempt(project: Project, stage: str, wanted: Stage) -> tuple[int, set[str]]:
    """The number of this attempt, and what was granted before. Raises Conflict while an attempt is running."""
    last = project.stages.filter(stage=stage).select_related("matter").order_by("-attempt").first()
    if last is None:
        return 1, set()
    if last.matter.state == "open":
        raise Conflict(
            _("%(stage)s was applied for already: %(number)s.")
            % {"stage": wanted.name, "number": last.matter.number},
            code="running",
        )
    items = Item.objects.filter(project=project, stage__stage=stage, outcome=GRANTED)
    return last.attempt + 1, set(items.values_list("permit", flat=True))


def _checked(rules: Rulebook, stage: Stage, answers: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    form = form_of(rules, stage)
    if form is None:
        return {}
    found = forms.check(form.form, answers, registering.day_of(now))
    if found.wrong:
        raise Invalid(
            _("Please check what you entered"), code="form", errors=schema_forms.lines(form.form, found)
        )
    return dict(found.values)


def before(rules: Rulebook, permit: Permit, project_class: str) -> list[str]:
    """The permits that must be granted before this one begins: those it names, and what must be done before its stage."""
    known = rules.approvals.permits
    ahead = [slug for slug in permit.after if slug in known and known[slug].for_class(project_class)]
    if permit.sort == "permit":
        ahead += [
            one.slug
            for one in known.values()
            if one.before == permit.stage and one.for_class(project_class) and one.slug not in ahead
        ]
    return ahead


def open_ready(project: Project, actor: Any, now: datetime) -> list[Item]:
    """Opens what can begin now in every running stage of the project; the caller has locked the project or a child."""
    from yiwang.domains.approvals import listening  # which listens to what is opened here

    runs = list(
        project.stages.filter(matter__state="open")
        .select_related("matter")
        .order_by("received_at", "attempt")
    )
    items = list(project.items.all())
    granted = {item.permit for item in items if item.outcome == GRANTED}
    opened: list[Item] = []
    for run in runs:
        rules = rulebook(run.matter.pack_id)
        gone = rules.approvals.removed(project.area, registering.day_of(run.received_at))
        for permit in waiting(run, rules, items):
            ahead = [slug for slug in before(rules, permit, project.project_class) if slug not in gone]
            if all(slug in granted for slug in ahead):
                previewed = previews.holding(project, permit, rules, now)
                opened.append(_open(run, project, permit, rules, actor, now, previewed))
    for run in runs:
        if any(item.stage_id == run.pk for item in opened):
            listening.synchronise(run, now)  # an opinion is at work from its opening on
    return opened


def waiting(run: StageRun, rules: Rulebook, items: Iterable[Item]) -> list[Permit]:
    """Permits of a stage that are applied for and have not begun."""
    removed = {slug for slug, _assessment in run.removed}
    begun = {item.permit for item in items if item.stage_id == run.pk}
    granted = {item.permit for item in items if item.outcome == GRANTED}
    return [
        permit
        for permit in rules.approvals.of_stage(run.stage, run.project.project_class)
        if permit.slug not in removed | begun | granted
    ]


def _open(
    run: StageRun,
    project: Project,
    permit: Permit,
    rules: Rulebook,
    actor: Any,
    now: datetime,
    previewed: PreReview | None,
) -> Item:
    review, decide = clock.shares(permit.promised)
    pledge = pledging.opening_data(run, permit)
    matter = actions.open(
        actor=actor if actor.kind != "resident" else SYSTEM,
        kind=OPINION if permit.sort == "opinion" else ITEM,
        id=uuid5(run.pk, f"permit {permit.slug}"),
        title=f"{project.name} · {permit.name}"[:120],
        source="stage",
        area=project.area,
        unit=permit.unit,
        now=now,
        rules=rules,
        data={
            "permit": permit.slug,
            "stage": run.stage,
            "heard": [one.unit for one in permit.opinions],
            "opinion_limit": permit.opinion_limit or permit.promised,
            "promised_limit": permit.promised,
            "review_limit": review,
            "decide_limit": SAME_DAY if previewed else decide,
            "deferral": permit.deferral or "5wd",
            "conditional": False,
            "converted": previewed is not None,
            **pledge,
        },
    )
    seen = {one.material.slug for one in pledging.to_see(permit, pledge)}
    replaced = [one.material.slug for one in permit.materials if one.material.slug not in seen]
    item = Item.objects.create(
        matter=matter,
        project=project,
        stage=run,
        permit=permit.slug,
        materials={
            needed.material.slug: run.materials.get(needed.material.slug, "") for needed in permit.materials
        }
        | dict.fromkeys(replaced, papers.COMMITTED),
        inputs=inputs.digest_of(inputs.parts_of(project, permit, rules)),
        versions=sharing.versions_for(project, permit),
    )
    if previewed is not None:
        PreReview.objects.filter(pk=previewed.pk).update(item=item)
    return item
