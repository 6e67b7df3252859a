"""One application for all services of a bundle comes in (一件事申请): one form, one list of materials, one matter.

The window accepts it as a whole; then each service is a matter of its own, a part of this one: see `parts`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from yiwang.domains.services import bundles, judging, prefill, uploads
from yiwang.domains.services.applying import COMMITMENT, ONLINE, ORDINARY, checked, today
from yiwang.domains.services.models import Joint, JointPart
from yiwang.kernel.access.actors import resident
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import actions, applications, receipts, store, texts
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.papers import (
    BROUGHT,
    COMMITTED,
    FILLED,
    LATER,
    LOOKUP,
    MADE,
    MISSING,
    nothing_later,
)
from yiwang.kernel.packs.bundles import Bundle
from yiwang.kernel.packs.rulebook import Rulebook, current

KIND = "service_bundle"
WAITING, RUNNING, GRANTED, REFUSED, STOPPED = "waiting", "running", "granted", "refused", "stopped"
WITHDRAWN = "withdrawn"  # granted on a commitment that was not kept


@dataclass(frozen=True, slots=True)
class Sent:
    """`secret` is what the applicant follows with; `created` says whether this call made it."""

    joint: Joint
    matter: Matter
    created: bool
    secret: str


def plan_for(rules: Rulebook, bundle: Bundle, said: Mapping[str, str], now: datetime) -> bundles.Plan:
    """The plan of a case in which every question is answered. Raises Invalid for an open question, or when nothing
    is left to apply for or a service of it is not offered today."""
    known = bundles.given(bundle, said)
    for one in bundle.questions:
        if one.slug not in known:
            raise Invalid(_("Answer every question about your case first."), where=one.slug, code="case_open")
    plan = bundles.plan(rules, bundle, known)
    if not plan.items or plan.form is None:
        raise Invalid(_("In your case there is nothing to apply for."), where="bundle", code="nothing")
    for item in plan.items:
        if not item.service.in_force(today(now)):
            raise Invalid(_("%(name)s is not offered today.") % {"name": item.service.name}, where="bundle")
    return plan


def offered_for(once: bundles.Once) -> list[str]:
    """What can be said of a material of the one list: the first is what is proposed."""
    if once.how == bundles.MADE:
        return [MADE]
    if once.how == bundles.FILLED:
        return [FILLED]
    offered = [LOOKUP] if once.material.shared else []
    offered.append(BROUGHT)
    if once.deferrable:
        offered.append(LATER)
    if once.optional:
        offered.append(MISSING)
    return offered


def committed_to(plan: bundles.Plan, chosen: Collection[str]) -> list[str]:
    """The services that are applied for by commitment, in the plan's order. Raises Invalid for one that is not so done."""
    offering = [one.slug for one in plan.offering]
    for slug in chosen:
        if slug not in offering:
            raise Invalid(
                _("This service is not done by commitment."), where=f"way_{slug}", code="no_commitment"
            )
    return [slug for slug in offering if slug in chosen]


def materials_said(
    plan: bundles.Plan, given: Mapping[str, str], consent: bool, committed: Collection[str] = ()
) -> dict[str, str]:
    """What the applicant says of each material, once. Raises Invalid for a choice that is not offered."""
    said: dict[str, str] = {}
    for once in plan.materials:
        slug, name = once.material.slug, once.material.name
        if once.how != bundles.MADE and once.replaced(committed):
            said[slug] = COMMITTED
            continue
        offered = offered_for(once)
        state = offered[0] if offered == [FILLED] else given.get(slug) or offered[0]
        if state not in offered:
            raise Invalid(_("This is not offered for %(name)s.") % {"name": name}, where=f"material_{slug}")
        if state == LATER and once.at_once(committed):
            raise Invalid(nothing_later(name), where=f"material_{slug}")
        if state == LOOKUP and not consent:
            raise Invalid(
                _("To look up %(name)s we need your consent; or say that you bring it.") % {"name": name},
                where="consent",
            )
        said[slug] = state
    return said


def apply(
    *,
    actor: Any,
    id: UUID,
    bundle: str,
    said: Mapping[str, str],
    answers: Mapping[str, Any],
    now: datetime,
    channel: str = ONLINE,
    materials: Mapping[str, str] | None = None,
    consent: bool = False,
    committed: Collection[str] = (),
) -> Sent:
    """Takes one application for all services that the case needs. `said`: the answers to the bundle's questions,
    `answers`: the tree that was typed in the one form, `committed`: the services of it that are applied for by
    commitment. The same `id` with the same content again is the same
    application, with other content Conflict. Raises Invalid with every error of the form, NotFound, Denied.
    """
    rules, now = current(), actions.whole_second(now)
    found = bundles.bundle_of(rules, bundle)
    plan = plan_for(rules, found, said, now)
    assert plan.form is not None  # noqa: S101 - plan_for has refused it
    values = checked(plan.form, answers, now).values
    by_commitment = committed_to(plan, committed)
    of_materials = materials_said(plan, materials or {}, consent, by_commitment)
    known = orjson.dumps(bundles.given(found, said), option=orjson.OPT_SORT_KEYS).decode()
    body = orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()
    content = [bundle, channel, known, body, sorted(of_materials.items()), consent, *by_commitment]
    digest, secret = keyed_hash(orjson.dumps(content).decode()), receipts.secret_for(id)

    def write() -> Joint:
        matter = _open(actor, id, found, plan, channel, now, rules)
        row = Joint(
            matter=matter,
            district=rules.district,
            bundle=bundle,
            channel=channel,
            said=known,
            answers=body,
            materials=of_materials,
            consent=consent,
            digest=digest,
            secret_hash=receipts.secret_hash(matter.pk, secret),
            received_at=now,
            filled=prefill.settle(id, answers),
        )
        row.save(force_insert=True)
        JointPart.objects.bulk_create(
            JointPart(
                joint=row,
                service=item.service.slug,
                form=item.form,
                place=place,
                after=list(item.after),
                state=WAITING,
                way=COMMITMENT if item.service.slug in by_commitment else ORDINARY,
            )
            for place, item in enumerate(plan.items)
        )
        uploads.take_in(id, matter.pk, of_materials, actor, now)
        return row

    row, created = applications.once(Joint, id, digest, write)
    return Sent(row, row.matter, created, secret)


def _open(
    actor: Any,
    id: UUID,
    bundle: Bundle,
    plan: bundles.Plan,
    channel: str,
    now: datetime,
    rules: Rulebook,
) -> Matter:
    return actions.open(
        actor=actor,
        kind=KIND,
        id=id,
        title=bundle.name,
        source=channel,
        unit=bundle.lead or None,
        now=now,
        rules=rules,
        data={
            "bundle": bundle.slug,
            "services": [item.service.slug for item in plan.items],
            "promised": bundle.promised,
        },
    )


def applicant(number: str, secret: str) -> Joint:
    """The joint application of this number with this secret. Raises NotFound, the same for a wrong number or secret."""
    return applications.of_applicant(Joint, number, secret)


def parent_of(number: str) -> Joint | None:
    """The joint application that the matter of this number is a part of."""
    part = JointPart.objects.filter(matter__number=number).select_related("joint__matter").first()
    return part.joint if part else None


def rate(*, number: str, secret: str, score: int, now: datetime, note: str = "") -> Joint:
    """The whole; as `judging.rate`."""
    return judging.rate(Joint, number=number, secret=secret, score=score, now=now, note=note)


def withdraw(*, number: str, secret: str, now: datetime, note: str = "") -> Matter:
    """The applicant takes the whole back while nobody has accepted it. Raises NotFound, Conflict, Denied."""
    own = applicant(number, secret)
    with store.one_transaction():
        matter = actions.withdraw(
            actor=resident(own.pk), matter=own.pk, note=texts.clean(note, "note", 200), now=now
        )
        JointPart.objects.filter(joint=own, state=WAITING).update(state=STOPPED)
    return matter
