"""Land-and-start (拿地即开工): pre-reviews before the land contract, and whether each still holds on its day.

A pre-opinion (预审意见) is no legal act. It grants nothing, no clock of a permit runs on it, and it lies in a table of its
own. On the day of the land contract it is looked at again: still valid, favourable, the rule the same, and everything
that was looked at still the very same by its hash. What has changed must be reviewed again, and it is told what that is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from yiwang.domains.approvals import inputs, registering
from yiwang.domains.approvals.models import PreReview, Project
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters import actions, store
from yiwang.kernel.packs.approvals import Permit
from yiwang.kernel.packs.rulebook import Rulebook, current

KIND = "approval_preview"
FAVOURABLE = "favourable"
# Why a pre-opinion does not hold.
NONE, OPEN, AGAINST, EXPIRED, CHANGED = "none", "open", "against", "expired", "changed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`why` '': it holds. `changed`: the parts that are not what was looked at."""

    permit: Permit
    row: PreReview | None
    why: str
    changed: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.why


def possible(project: Project, rules: Rulebook, now: datetime) -> list[Permit]:
    """Permits of the project's class that can be pre-reviewed; what a regional assessment takes away is none."""
    gone = rules.approvals.removed(project.area, registering.day_of(now))
    return [
        one
        for one in rules.approvals.permits.values()
        if one.preview and one.for_class(project.project_class) and one.slug not in gone
    ]


def verdicts(project: Project, rules: Rulebook, now: datetime) -> list[Verdict]:
    """What became of each pre-review, by the last one of its permit, as of a moment."""
    last: dict[str, PreReview] = {}
    for row in project.previews.select_related("matter").order_by("matter__opened_at", "pk"):
        last[row.permit] = row
    return [
        verdict(project, permit, last.get(permit.slug), rules, now)
        for permit in possible(project, rules, now)
    ]


def verdict(
    project: Project, permit: Permit, row: PreReview | None, rules: Rulebook, now: datetime
) -> Verdict:
    if row is None:
        return Verdict(permit, None, NONE)
    if not row.opinion:
        return Verdict(permit, row, OPEN)
    if row.opinion != FAVOURABLE:
        return Verdict(permit, row, AGAINST)
    different = inputs.changed(row.parts, inputs.parts_of(project, permit, rules))
    if different:
        return Verdict(permit, row, CHANGED, tuple(different))
    if row.valid_to is None or row.valid_to < registering.day_of(now):
        return Verdict(permit, row, EXPIRED)
    return Verdict(permit, row, "")


def holding(project: Project, permit: Permit, rules: Rulebook, now: datetime) -> PreReview | None:
    """The pre-opinion that a permit can be converted by: there is a land contract, and it holds on this day."""
    if project.land_at is None or not permit.preview:
        return None
    row = project.previews.filter(permit=permit.slug, item=None).order_by("-matter__opened_at", "-pk").first()
    found = verdict(project, permit, row, rules, now)
    return found.row if found.holds else None


def ask(
    *, actor: Any, project: Project, now: datetime, permits: Iterable[str] | None = None
) -> list[PreReview]:
    """Asks for pre-reviews: of the permits named, or of all that have none that holds or runs.

    Raises Conflict once there is a land contract, or when nothing is left to ask for; Denied.
    """
    registering.require_own(actor, project)
    rules, now = current(), actions.whole_second(now)
    with store.one_transaction():
        store.lock(matter=project.pk)
        project = Project.objects.select_related("matter").get(pk=project.pk)
        if project.land_at is not None:
            raise Conflict(_("There is a land contract: apply for the stage itself."), code="land_contract")
        named = None if permits is None else set(permits)
        asked = [
            one.permit
            for one in verdicts(project, rules, now)
            if one.why not in ("", OPEN) and (named is None or one.permit.slug in named)
        ]
        if not asked:
            raise Conflict(_("Every pre-review that is possible holds or is under way."), code="nothing_left")
        return [_open(project, permit, rules, actor, now) for permit in asked]


def _id(project: Project, permit: Permit, before: int) -> UUID:
    """The ids of the pre-reviews of one permit follow each other: of two that were asked for at one moment the later
    one counts."""
    return UUID(int=uuid5(project.pk, f"preview of {permit.slug}").int >> 16 << 16 | before)


def _open(project: Project, permit: Permit, rules: Rulebook, actor: Any, now: datetime) -> PreReview:
    before = PreReview.objects.filter(project=project.pk, permit=permit.slug).count()
    matter = actions.open(
        actor=actor,
        kind=KIND,
        id=_id(project, permit, before),
        title=f"{project.name} · {permit.name}"[:120],
        source="counter" if actor.signed_in else "online",
        area=project.area,
        unit=permit.unit,
        now=now,
        rules=rules,
        data={"permit": permit.slug, "promised_limit": permit.promised},
    )
    parts = inputs.parts_of(project, permit, rules)
    return PreReview.objects.create(
        matter=matter,
        project=project,
        permit=permit.slug,
        parts=parts,
        inputs=inputs.digest_of(parts),
    )
