"""Photos of a report that is being written: kept for an hour, so that nothing has to be chosen or sent twice.

A photo is checked and cleaned when it arrives, as every other file; the report then takes it over as it is.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.core.geo import Point
from yiwang.domains.operations.intake import File
from yiwang.faces.portal.models import KeptPhoto
from yiwang.kernel.errors import Invalid, Problem, TooLarge
from yiwang.kernel.matters import store
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records import attachments, files

KEPT_FOR = timedelta(hours=1)
AT_ONCE = 200  # rows that one run of the worker removes


@dataclass(frozen=True, slots=True)
class Photo:
    """A kept photo as the form shows it: `picture` is a small JPEG as a data address, '' for a document."""

    id: UUID
    name: str
    picture: str
    point: Point | None


def keep(report: UUID, sent: Any, now: datetime) -> KeptPhoto:
    """Checks and keeps one file. The same again is the same. Raises Invalid, TooLarge, Unsupported naming the file."""
    checked = attachments.check_upload(sent)
    key = uuid.uuid5(report, f"kept {checked.sha256}")
    there = KeptPhoto.objects.filter(pk=key).first()
    if there is not None:
        KeptPhoto.objects.filter(pk=key).update(kept_at=now)
        return there
    most = current().settings["max_files"]
    if KeptPhoto.objects.filter(report=report).count() >= most:
        raise TooLarge(
            _("At most %(most)d photos are taken. Remove one first.") % {"most": most},
            where="photos",
            code="too_many_files",
        )
    row = KeptPhoto(
        id=key,
        report=report,
        name=checked.name,
        media_type=checked.media_type,
        sha256=files.put(checked.data),
        thumb_sha256=files.put(checked.thumb) if checked.thumb else "",
        width=checked.width,
        height=checked.height,
        taken_at=checked.taken_at,
        lat=checked.point.wgs84.lat if checked.point else None,
        lon=checked.point.wgs84.lon if checked.point else None,
        kept_at=now,
    )
    with store.one_transaction():
        KeptPhoto.objects.bulk_create([row], ignore_conflicts=True)
    return row


def keep_all(report: UUID, sent: Iterable[Any], now: datetime) -> list[UUID]:
    """Keeps what can be kept of several; what cannot was refused by name already."""
    kept = []
    for one in sent:
        try:
            one.seek(0)
            kept.append(keep(report, one, now).pk)
        except Problem:
            continue
    return kept


def find(report: UUID, ids: Sequence[UUID]) -> list[KeptPhoto]:
    """The kept photos of a report in the order of `ids`; those that are gone are left out."""
    rows = {row.pk: row for row in KeptPhoto.objects.filter(report=report, pk__in=ids)} if ids else {}
    return [rows[key] for key in dict.fromkeys(ids) if key in rows]


def as_files(report: UUID, ids: Sequence[UUID], with_place: bool = True) -> list[File]:
    """The kept photos as files of a report. Raises Invalid when one is gone."""
    rows = find(report, ids)
    if len(rows) < len(set(ids)):
        raise Invalid(
            _("A photo was kept for an hour and is gone. Please choose it again."),
            where="photos",
            code="gone",
        )
    found = [_checked(row) for row in rows]
    if not with_place:
        found = [replace(one, point=None) for one in found]
    return [File(one.data, one.name, one) for one in found]


def _checked(row: KeptPhoto) -> attachments.Checked:
    with files.open_bytes(row.sha256) as file:
        data = file.read()
    thumb = b""
    if row.thumb_sha256:
        with files.open_bytes(row.thumb_sha256) as file:
            thumb = file.read()
    return attachments.Checked(
        data=data,
        name=row.name,
        media_type=row.media_type,
        sha256=row.sha256,
        width=row.width,
        height=row.height,
        thumb=thumb,
        taken_at=row.taken_at,
        point=point_of(row),
    )


def point_of(row: KeptPhoto) -> Point | None:
    return None if row.lat is None else Point(row.lon, row.lat, "WGS84")


def shown(rows: Iterable[KeptPhoto]) -> list[Photo]:
    """For the form. The small picture stands in the page itself: a kept photo has no address."""
    return [Photo(row.pk, row.name, picture_of(row.thumb_sha256), point_of(row)) for row in rows]


def picture_of(thumb: str) -> str:
    """A small picture as a data address, '' where there is none."""
    if not thumb:
        return ""
    with files.open_bytes(thumb) as file:
        return "data:image/jpeg;base64," + base64.b64encode(file.read()).decode()


def remove(report: UUID, key: UUID) -> None:
    """The person does not want this photo after all."""
    with store.one_transaction():
        KeptPhoto.objects.filter(report=report, pk=key).delete()


def forget_old(now: datetime, at_most: int = AT_ONCE) -> int:
    """Removes the rows of what was kept too long; `yiwang files sweep` takes the bytes. Gives how many."""
    old = list(
        KeptPhoto.objects.filter(kept_at__lt=now - KEPT_FOR).order_by("kept_at")[:at_most].values_list("pk")
    )
    if not old:
        return 0
    with store.one_transaction():
        return KeptPhoto.objects.filter(pk__in=[pk for (pk,) in old]).delete()[0]
