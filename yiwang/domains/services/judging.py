"""The applicant's judgement after the end (好差评), of one service or of a bundle as a whole."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from yiwang.domains.services import followups
from yiwang.domains.services.models import Application, Joint
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters import actions, applications, store, texts

Own = TypeVar("Own", Application, Joint)


def rate(model: type[Own], *, number: str, secret: str, score: int, now: datetime, note: str = "") -> Own:
    """Five levels, once; a bad one is followed up. Raises NotFound, Invalid, Conflict."""
    own = applications.of_applicant(model, number, secret)
    note = texts.clean(note, "note", 500)
    with store.one_transaction():
        row = model.objects.select_for_update(of=("self",)).get(pk=own.pk)
        if row.rated_at is not None:
            raise Conflict(_("You have rated this already. Thank you."), code="rated")
        if own.matter.state != "closed":
            raise Conflict(_("It can be rated once it is closed."), code="still_open")
        actions.rate(actor=resident(own.pk), matter=own.pk, score=score, note="", now=now)
        row.rating, row.rating_note, row.rated_at = score, note, actions.whole_second(now)
        row.save(update_fields=["rating", "rating_note", "rated_at"])
        followups.open_for(own.matter, score, now)
    return row
