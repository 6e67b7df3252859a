"""The day of the land contract: pre-opinions are looked at again and the stages are applied for at once.

What holds goes straight to the decision, which a person makes on the same day; what does not goes the ordinary way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core import worktime
from yiwang.domains.approvals import previews, registering, sharing, stages
from yiwang.domains.approvals.models import Project, StageRun
from yiwang.domains.approvals.previews import Verdict
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.matters import actions, store
from yiwang.kernel.packs.approvals import Method, MethodStep
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.registers.calendars import current_calendar

LAND = "land-contract"


@dataclass(frozen=True, slots=True)
class Converted:
    """`verdicts` as they were on that day: what holds is converted, everything else is reviewed as ever."""

    project: Project
    runs: tuple[StageRun, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def holds(self) -> list[Verdict]:
        return [one for one in self.verdicts if one.holds]

    @property
    def again(self) -> list[Verdict]:
        return [one for one in self.verdicts if not one.holds]


def stages_of(project: Project, rules: Rulebook, now: datetime) -> list[str]:
    """The stages that are applied for on the day: those with a permit that was pre-reviewed, in their order."""
    named = {one.permit.stage for one in previews.verdicts(project, rules, now) if one.why != previews.NONE}
    order = rules.approvals.classes[project.project_class].stages
    return [slug for slug in order if slug in named]


def convert(
    *,
    actor: Any,
    project: Project,
    signed_on: date,
    contract: str,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
) -> Converted:
    """The land contract is signed: looks at every pre-opinion again and applies for the stages (拿地即开工).

    `answers`: of the forms of all these stages. Raises Invalid with the field, Conflict when there is a contract, Denied.
    """
    registering.require_own(actor, project)
    rules, now = current(), actions.whole_second(now)
    if not project.registered_at.date() <= signed_on <= registering.day_of(now):
        raise Invalid(
            _("Give the day of the contract: not before the registration and not later than today."),
            where="signed_on",
        )
    with store.one_transaction():
        store.lock(matter=project.pk)
        project = Project.objects.select_related("matter").get(pk=project.pk)
        if project.land_at is not None:
            raise Conflict(_("The land contract is on record already."), code="land_contract")
        sharing.put_paper(actor=actor, project=project, material=LAND, reference=contract, now=now)
        project.land_at, project.land_contract = signed_on, contract.strip()[:60]
        project.save(update_fields=["land_at", "land_contract"])
        found = previews.verdicts(project, rules, now)
        runs = []
        for slug in stages_of(project, rules, now):
            form = stages.form_of(rules, rules.approvals.stages[slug])
            known = {path for path, _field in form.form.every()} if form else set()
            own = {name: value for name, value in (answers or {}).items() if name in known}
            runs.append(
                stages.start(actor=actor, project=project, stage=slug, answers=own, consent=True, now=now)
            )
    return Converted(project, tuple(runs), tuple(found))


@dataclass(frozen=True, slots=True)
class PlannedDay:
    step: MethodStep
    day: date | None  # None before the land contract


def plan(method: Method, project: Project) -> list[PlannedDay]:
    """The days of a method: working days after the land contract."""
    found = []
    for step in method.steps:
        day = None
        if project.land_at is not None:
            start = datetime.combine(project.land_at, datetime.min.time(), worktime.SHANGHAI).replace(hour=9)
            due = worktime.due(current_calendar(), start, worktime.Limit(step.day, "wd")).moment
            day = registering.day_of(due)
        found.append(PlannedDay(step, day))
    return found


def methods_of(project: Project, rules: Rulebook) -> list[Method]:
    return [
        one
        for one in rules.approvals.methods.values()
        if not one.classes or project.project_class in one.classes
    ]
