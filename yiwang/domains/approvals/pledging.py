"""Commitment-based approval (告知承诺): a permit that the pack marks so is decided upon a signed commitment.

The commitment stands in place of the materials that it names. The permit goes straight to the decision, within a limit of
its own; once it is granted a matter opens in which its department checks within the time that the pack gives. Where it is
not as it was committed, who decides permits revokes it and its e-licence (行政许可法 art. 69).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid5

import orjson
from django.utils.translation import gettext as _

from yiwang.domains.approvals.models import Item, Pledge, StageRun
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import actions, store, texts
from yiwang.kernel.packs.approvals import Permit
from yiwang.kernel.packs.granted import Needed
from yiwang.kernel.records.licences import actions as licences
from yiwang.kernel.records.models import Licence

CHECK = "approval_check"
PLEDGED = "pledged"  # what is said of a material that a commitment stands for
KEPT, BROKEN, REVOKED, NOT_REVOKED = "kept", "broken", "revoked", "not_revoked"


def offered(permits: Iterable[Permit]) -> list[Permit]:
    """The permits that may be applied for by commitment."""
    return [one for one in permits if one.commitment is not None]


def chosen(permits: Iterable[Permit], slugs: Iterable[str], signed_by: str) -> tuple[list[Permit], str]:
    """The permits that are applied for by commitment, and who signs. Raises Invalid with the field."""
    may = {one.slug: one for one in offered(permits)}
    wanted = list(dict.fromkeys(slugs))
    if wrong := next((slug for slug in wanted if slug not in may), None):
        raise Invalid(_("This permit is not done by commitment."), where=f"pledge_{wrong[:40]}")
    name = texts.line(signed_by, "signed_by", 40)
    if wanted and len(name) < 2:
        raise Invalid(_("Give the name of who signs the commitment."), where="signed_by")
    return [may[slug] for slug in wanted], name


def replaced(pledged: Iterable[Permit]) -> dict[str, set[str]]:
    """Permit -> the materials that its commitment stands for."""
    return {one.slug: set(one.commitment.instead) for one in pledged if one.commitment}


def sign(run: StageRun, pledged: Iterable[Permit], signed_by: str, now: datetime) -> None:
    """Keeps what was signed, in the transaction of the application."""
    for permit in pledged:
        text = permit.commitment.text if permit.commitment else ""
        whole = [run.project.code, permit.slug, text, signed_by, now.isoformat()]
        Pledge.objects.create(
            stage=run,
            permit=permit.slug,
            text=text,
            replaces=sorted(permit.commitment.instead) if permit.commitment else [],
            signed_by=signed_by,
            signed_at=now,
            sha256=hashlib.sha256(orjson.dumps(whole)).hexdigest(),
        )


def of(item: Item) -> Pledge | None:
    """The commitment upon which a permit is decided."""
    return (
        Pledge.objects.filter(stage=item.stage_id, permit=item.permit).select_related("check_matter").first()
    )


def opening_data(run: StageRun, permit: Permit) -> dict[str, Any]:
    """The variables of the process of a permit: by commitment it has limits of its own."""
    row = Pledge.objects.filter(stage=run, permit=permit.slug).first()
    if row is None or permit.commitment is None:
        return {"by_commitment": False}
    own = permit.commitment.promised
    return {
        "by_commitment": True,
        "pledge": row.sha256,
        "promised_limit": own,
        "decide_limit": own,
        "heard": [],
    }


def to_see(permit: Permit, data: Mapping[str, Any]) -> tuple[Needed, ...]:
    """The materials that the window looks at: without those for which there is a commitment."""
    if not data.get("by_commitment") or permit.commitment is None:
        return permit.materials
    return tuple(one for one in permit.materials if one.material.slug not in permit.commitment.instead)


def open_check(item: Item, permit: Permit, now: datetime) -> None:
    """The check of a permit that was granted upon a commitment; called in the transaction of the decision."""
    row = of(item)
    if row is None or permit.commitment is None or row.check_matter_id is not None:
        return
    row.check_matter = actions.open(
        actor=SYSTEM,
        kind=CHECK,
        id=uuid5(item.pk, "check of the commitment"),
        title=f"{item.project.name} · {permit.name} · 告知承诺核查"[:120],
        source="stage",
        area=item.project.area,
        unit=permit.unit,
        now=now,
        data={"permit": permit.slug, "check_limit": permit.commitment.check},
        part_of=item.pk,
    )
    row.save(update_fields=["check_matter"])


def checked(row: Pledge, result: str, reason: str, actor: Any, now: datetime) -> None:
    """Keeps what the check came to; a revocation ends the permit and its licence."""
    row.result, row.reason, row.by_id, row.ended_at = result, reason, actor.user_id, now
    row.save(update_fields=["result", "reason", "by", "ended_at"])
    if result == REVOKED:
        _revoke(row, reason, now)


def _revoke(row: Pledge, reason: str, now: datetime) -> None:
    store.lock(matter=row.stage.project_id)
    item = Item.objects.get(stage=row.stage_id, permit=row.permit)
    item.outcome = REVOKED
    item.save(update_fields=["outcome"])
    valid = Licence.objects.filter(pk=item.licence).exclude(status=licences.REVOKED)
    if item.licence is not None and valid.exists():
        licences.revoke(actor=SYSTEM, licence=item.licence, reason=reason, now=now)
