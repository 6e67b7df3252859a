"""Looking at a sealed personal value: with a purpose, and on record for the person concerned (查询留痕)."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils.translation import gettext as _

from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.access.policy import Subject, require
from yiwang.kernel.errors import Denied, Invalid, NotSignedIn

SHORTEST, LONGEST = 4, 200


def reveal(
    *,
    actor: Actor,
    subject_kind: str,
    subject_id: str,
    field: str,
    purpose: str,
    now: dt.datetime,
    subject: Subject | None = None,
) -> PurposeLog:
    """Records that `actor` is about to see `field` of something, and why; show the value only after this returns.

    `field` is the sealed column; whoever sees several calls this for each, so that every value has its own row.
    With `subject` (the matter it belongs to) the actor's posts must reach it; without, some post must grant
    `reveal` at all. Only people look: raises NotSignedIn, Denied, or Invalid for a purpose that says nothing.
    """
    if not actor.signed_in:
        raise (
            NotSignedIn(_("Sign in first."))
            if actor.kind == "resident"
            else Denied(_("Only a person may look."))
        )
    if subject is not None:
        require(actor, "reveal", subject)
    elif "reveal" not in actor.reach:
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="reveal")
    why = " ".join(purpose.split())
    if not SHORTEST <= len(why) <= LONGEST or len(set(why)) < 2:
        raise Invalid(
            _(
                "Say in %(least)d to %(most)d characters what you need this for; the person concerned can read it."
            )
            % {"least": SHORTEST, "most": LONGEST},
            where="purpose",
        )
    return PurposeLog.objects.create(
        at=now,
        user_id=actor.id,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        field=field,
        purpose=why,
    )


def own_use(*, subject_kind: str, subject_id: str, field: str, purpose: str, now: dt.datetime) -> PurposeLog:
    """Records that sealed values of somebody were used at that person's own wish. Nobody else sees them."""
    return PurposeLog.objects.create(
        at=now, user=None, subject_kind=subject_kind, subject_id=subject_id, field=field, purpose=purpose
    )


def looks(subject_kind: str, subject_id: str) -> list[dict]:
    """Who looked at a person's sealed values, newest first: at, user_name, field, purpose."""
    rows = PurposeLog.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by(
        "-at", "-pk"
    )
    return list(rows.values("at", "field", "purpose", user_name=F("user__name")))
