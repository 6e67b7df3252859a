"""A thing that a phone sends is done once, however often it is sent."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.faces.field.models import Receipt
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters.store import one_transaction
from yiwang.kernel.matters.transactions import make_sure
from yiwang.kernel.ui import moments

KEPT = dt.timedelta(days=180)


def once(
    *,
    id: uuid.UUID,
    actor: Actor,
    kind: str,
    content: Any,
    now: dt.datetime,
    do: Callable[[], dict],
) -> tuple[dict, bool]:
    """The answer of `do`, and whether this call did it. The same id with the same content gives the first answer.

    The receipt is written in the transaction of the action: both are there, or neither. What was refused leaves no
    receipt, so a corrected thing may come under the same id. Raises Conflict `other_content`, and what `do` raises.
    """
    digest = digest_of(kind, content)
    with one_transaction():
        there = known(id, actor, digest)
        if there is not None:
            return there, False
        try:
            with transaction.atomic():
                Receipt(id=id, user_id=actor.id, kind=kind, digest=digest, at=now).save(force_insert=True)
        except IntegrityError:  # the same came twice at once: the other one has been done by now
            there = known(id, actor, digest)
            if there is None:
                raise
            return there, False
        answer = do()
        Receipt.objects.filter(pk=id).update(answer=answer)
        return answer, True


def known(id: uuid.UUID, actor: Actor, digest: str) -> dict | None:
    """The answer that was given, or None. Raises Conflict when it was given to another content or person."""
    row = Receipt.objects.filter(pk=id).first()
    if row is None:
        return None
    make_sure()  # it may have been stored a moment ago, by a request that is not answered yet
    if row.user_id != actor.id or row.digest != digest:
        raise Conflict(
            _("Something else was already taken under this id at %(when)s. Send this under a new id.")
            % {"when": moments.moment(row.at)},
            code="other_content",
            where="id",
        )
    return row.answer


def digest_of(kind: str, content: Any) -> str:
    """SHA-256 over the content, the same whenever the same is sent again."""
    return hashlib.sha256(orjson.dumps([kind, content], option=orjson.OPT_SORT_KEYS)).hexdigest()


def forget(now: dt.datetime) -> int:
    """Removes receipts that no phone will ask for any more. Gives how many."""
    return Receipt.objects.filter(at__lt=now - KEPT).delete()[0]
