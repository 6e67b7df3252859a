"""Saving and removing a variant (方案). Nothing of it is in force: enacting a value is a change of the pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.domains.assistance.models import PreviewVariant
from yiwang.domains.assistance.preview.kept import Kept, kept
from yiwang.kernel.access.policy import Subject, decide, require
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.matters.store import one_transaction
from yiwang.kernel.packs.rulebook import current

KIND = "assistance_finding"
LONGEST_NAME = 60
MOST_VARIANTS = 100


def may(actor: Any) -> None:
    """Raises Denied unless a post of the actor screens the whole district, or evaluates everything in it."""
    whole = Subject(KIND, None, None, district=current().district)
    if not decide(actor, "evaluate", whole):
        require(actor, "screen", whole)


def save(
    *,
    actor: Any,
    id: UUID,
    name: str,
    changes: Mapping[str, Any],
    now: datetime,
    population: Kept | None = None,
) -> PreviewVariant:
    """Keeps a variant with what it would do on the snapshot of now. The same id again is the same variant."""
    may(actor)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(
            _("Give the variant a name of at most %(most)d characters.") % {"most": LONGEST_NAME},
            where="name",
        )
    if not changes:
        raise Invalid(_("Change at least one parameter."), where="changes")
    population = population or kept()
    found = population.effect(changes).as_dict()
    with one_transaction():
        known = PreviewVariant.objects.filter(pk=id).first()
        if known is not None:
            if (known.name, known.changes) != (name, dict(changes)):
                raise Conflict(_("This was sent before with other content."), code="other_content")
            return known
        if (
            PreviewVariant.objects.filter(removed_at=None, district=current().district).count()
            >= MOST_VARIANTS
        ):
            raise Conflict(
                _("There are too many variants. Remove some that are not needed."), code="too_many"
            )
        return PreviewVariant.objects.create(
            id=id,
            district=current().district,
            name=name,
            changes=dict(changes),
            on=population.baseline.day,
            snapshot=population.snapshot,
            pack=population.pack,
            result=found,
            made_at=now,
            made_by_id=actor.user_id,
        )


def may_remove(actor: Any, row: PreviewVariant) -> bool:
    """Whoever saved it, and who leads the work: a post that voids matters of finding people in the whole district."""
    if row.made_by_id is not None and row.made_by_id == actor.user_id:
        return True
    return bool(decide(actor, "void", Subject(KIND, None, None, district=current().district)))


def remove(*, actor: Any, id: UUID, now: datetime) -> PreviewVariant:
    """Takes a variant off the list; its row stays. Raises Denied for what somebody else has saved, NotFound."""
    may(actor)
    with one_transaction():
        row = PreviewVariant.objects.select_for_update(of=("self",)).filter(pk=id).first()
        if row is None:
            raise NotFound(_("There is no such variant."))
        if not may_remove(actor, row):
            raise Denied(
                _("%(name)s saved this variant. Only that person, or who leads the work, removes it.")
                % {"name": row.made_by.name},
                reason="not_own",
                action="void",
            )
        if row.removed_at is None:
            row.removed_at = now
            row.save(update_fields=["removed_at"])
    return row


def variants(actor: Any) -> list[PreviewVariant]:
    """The variants that are kept, the newest first."""
    may(actor)
    rows = PreviewVariant.objects.filter(district=current().district, removed_at=None)
    return list(rows.select_related("made_by").order_by("-made_at", "-pk"))
