"""What every application that is a matter has in common (申请): taken once under the id that its sender chose, and found
again by its number and secret.

`model` is the table of a domain whose key is its `matter`, with `digest` of the content and `secret_hash`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Conflict, NotFound
from yiwang.kernel.matters import receipts, store

Row = TypeVar("Row", bound=models.Model)


def once(model: type[Row], id: UUID, digest: str, write: Callable[[], Row]) -> tuple[Row, bool]:
    """The row of this id, and whether it was made now; `write` makes it with all that belongs to it, in one transaction.

    The same content again, also at the same moment, is the same row. Raises Conflict `other_content` for other content
    under a known id, and whatever `write` raises.
    """
    there = _already(model, id, digest)
    if there is not None:
        return there, False
    try:
        with store.one_transaction():
            return write(), True
    except (Conflict, IntegrityError) as conflict:
        taken = isinstance(conflict, IntegrityError) or conflict.code == "id_taken"
        there = _already(model, id, digest) if taken else None
        if there is None:
            raise
        return there, False


def _already(model: type[Row], id: UUID, digest: str) -> Row | None:
    row: Any = model.objects.filter(pk=id).select_related("matter").first()
    if row is not None and row.digest != digest:
        raise Conflict(
            _(
                "Application %(number)s was already taken under this id with other content. Send it under a new id."
            )
            % {"number": row.matter.number},
            code="other_content",
            where="id",
        )
    return row


def of_applicant(model: type[Row], number: str, secret: str) -> Row:
    """The application of this number with this secret. Raises NotFound, the same for a wrong number or secret."""
    row: Any = model.objects.filter(matter__number=number).select_related("matter").first()
    if row is None or not receipts.same_secret(row.pk, secret, row.secret_hash):
        raise NotFound(
            _("There is no application with this number and secret. Read both again from the receipt."),
            code="no_application",
            where="number",
        )
    return row
