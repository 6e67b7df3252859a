"""Files sent ahead (先传附件): a phone sends each photo by itself, then the report or the step that names them.

Until then a file belongs to nobody's matter, and only who sent it may use it. What is never used is forgotten.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from yiwang.core.geo import Point
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.errors import Invalid, TooMany
from yiwang.kernel.records import attachments
from yiwang.kernel.records.attachments import Checked
from yiwang.kernel.records.models import Attachment

MOST_WAITING = 500  # files of one person that no matter has taken yet
KEPT = dt.timedelta(days=30)
SHEET = "sheet"  # the kind of actor that a form which is not sent yet is: its files go with the form


def keep(checked: Checked, *, actor: Actor, now: dt.datetime, id: uuid.UUID) -> Attachment:  # noqa: A002
    """Stores a checked file for later use by the same actor. Raises TooMany, and Conflict as `attachments.store`."""
    waiting = Attachment.objects.filter(matter=None, added_by=actor.label).order_by()
    if len(waiting.values_list("pk")[: MOST_WAITING + 1]) > MOST_WAITING:
        raise TooMany(
            _("More than %(most)d photos of yours wait for a report or a task. Send those first.")
            % {"most": MOST_WAITING},
            code="too_many_waiting",
        )
    return attachments.store(checked, matter=None, stage="report", actor=actor, now=now, id=id)


def said_by_phone(checked: Checked, *, taken_at: dt.datetime | None, point: Point | None) -> Checked:
    """The same with the phone's word for when and where, for a photo whose own marks do not say it."""
    return replace(checked, taken_at=checked.taken_at or taken_at, point=checked.point or point)


def adopt(ids: Sequence[uuid.UUID], *, matter: uuid.UUID, stage: str, actor: Actor) -> list[Attachment]:
    """Gives the actor's own waiting files to a matter, in the order of `ids`. Call it inside the transaction.

    Raises Invalid `no_upload` when one of them is not there: it was never sent, or is used or forgotten already.
    """
    attachments.known_stage(stage)
    if not ids:
        return []
    own = Attachment.objects.filter(pk__in=ids, matter=None, added_by=actor.label)
    rows = {row.pk: row for row in own.select_for_update(of=("self",))}
    for place, one in enumerate(ids):
        if one not in rows:
            raise Invalid(
                _("Photo %(place)d has not arrived. Send it again.") % {"place": place + 1},
                where=f"photos[{place}]",
                code="no_upload",
                photo=str(one),
            )
    Attachment.objects.filter(pk__in=rows).update(matter=matter, stage=stage)
    for row in rows.values():
        row.matter_id, row.stage = matter, stage
    return [rows[one] for one in dict.fromkeys(ids)]


def places(ids: Sequence[uuid.UUID], actor: Actor) -> list[Point]:
    """Where the actor's waiting photos were taken, as far as they say it."""
    if not ids:
        return []
    known = Attachment.objects.filter(pk__in=ids, matter=None, added_by=actor.label, lat__isnull=False)
    return [Point(lon, lat) for lon, lat in known.order_by("added_at", "pk").values_list("lon", "lat")]


def forget(now: dt.datetime) -> int:
    """Removes what nobody used within `KEPT`; `yiwang files sweep` removes the bytes. Gives how many.

    The files of a form that is kept as a draft are forgotten with the draft, by the domain that keeps it.
    """
    old = Attachment.objects.filter(matter=None, added_at__lt=now - KEPT)
    return old.exclude(added_by__startswith=f"{SHEET}:").delete()[0]
