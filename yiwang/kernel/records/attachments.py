"""Attachments of matters: checked, cleaned, stored, opened."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from yiwang.core.geo import Point
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.errors import Conflict, Invalid, Problem, TooLarge
from yiwang.kernel.packs import rulebook
from yiwang.kernel.records import files
from yiwang.kernel.records.kinds import KINDS, SHOWN, FileKind, kind_of
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.records.names import clean_name
from yiwang.kernel.records.pictures import MAX_PIXELS, remake

SEALED = frozenset({"visit"})  # of a home: seen for a purpose that is on record
STAGES = ("report", "before", "after", "visit", "document")  # 上报, 处置前, 处置后, 入户, 材料
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken: bytes of the file as sent, pixels of a picture."""

    max_bytes: int = 10 * MEGABYTE
    max_pixels: int = MAX_PIXELS


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be stored: cleaned bytes, what they are, and where and when a photo was taken."""

    data: bytes
    name: str
    media_type: str
    sha256: str
    width: int | None = None
    height: int | None = None
    thumb: bytes = b""  # JPEG; empty when it is no picture
    taken_at: dt.datetime | None = None
    point: Point | None = None  # WGS 84

    @property
    def size(self) -> int:
        return len(self.data)


def limits_in_force() -> Limits:
    """The limits that the current pack sets (`max_upload_mb`), or the defaults when no pack is loaded."""
    try:
        megabytes = rulebook.current().settings.get("max_upload_mb")
    except Problem:
        megabytes = None
    return Limits(max_bytes=int(megabytes * MEGABYTE)) if megabytes else Limits()


def check(data: bytes, name: str, limits: Limits | None = None, kinds: Sequence[FileKind] = KINDS) -> Checked:
    """Checks a file that somebody sent, by its content, and cleans it; `limits` default to the pack's.

    Pictures are written anew: upright, at most 4096 pixels a side, nothing kept but the pixels. A PDF or a drawing is kept as
    it is and only ever offered as a download. Raises TooLarge, Unsupported or Invalid, with `where` the name.
    """
    limits = limits or limits_in_force()
    try:
        return _check(data, name, limits, kinds)
    except Problem as problem:
        problem.where = problem.where or clean_name(name, "")
        raise


def check_upload(
    sent: UploadedFile, limits: Limits | None = None, kinds: Sequence[FileKind] = KINDS
) -> Checked:
    """`check` for a file of a form; one that is too large is refused before it is read into memory."""
    limits = limits or limits_in_force()
    name = sent.name or ""
    if (sent.size or 0) > limits.max_bytes:
        raise _too_large(sent.size, limits, where=clean_name(name, ""))
    return check(sent.read(limits.max_bytes + 1), name, limits, kinds)


def _too_large(size: int, limits: Limits, where: str = "") -> TooLarge:
    return TooLarge(
        _("The file has %(size).1f MB; at most %(most)g MB are taken.")
        % {"size": size / MEGABYTE, "most": round(limits.max_bytes / MEGABYTE, 2)},
        where=where,
    )


def _check(data: bytes, name: str, limits: Limits, kinds: Sequence[FileKind]) -> Checked:
    if len(data) > limits.max_bytes:
        raise _too_large(len(data), limits)
    kind = kind_of(data, kinds)
    if not kind.pillow:
        return Checked(data, clean_name(name, kind.suffix), kind.media_type, hashlib.sha256(data).hexdigest())
    picture = remake(data, kind, max_bytes=limits.max_bytes, max_pixels=limits.max_pixels)
    return Checked(
        data=picture.data,
        name=clean_name(name, picture.kind.suffix, default="photo"),
        media_type=picture.kind.media_type,
        sha256=hashlib.sha256(picture.data).hexdigest(),
        width=picture.width,
        height=picture.height,
        thumb=picture.thumb,
        taken_at=picture.taken.at,
        point=picture.taken.point,
    )


def store(
    checked: Checked,
    *,
    matter: uuid.UUID | None,
    stage: str,
    actor: Actor,
    now: dt.datetime,
    id: uuid.UUID,
) -> Attachment:
    """Keeps the file and its row; bytes first, so that a row never names a file that is not there.

    `matter` is its id, or the Matter. The same id with the same bytes again gives the row that is there; with other
    bytes or for another matter it raises Conflict. Raises Invalid for an unknown stage.
    """
    known_stage(stage)
    matter_id = getattr(matter, "pk", matter)
    row = Attachment(
        id=id,
        matter_id=matter_id,
        stage=stage,
        name=checked.name,
        media_type=checked.media_type,
        size=checked.size,
        sha256=files.put(checked.data),
        thumb_sha256=files.put(checked.thumb) if checked.thumb else "",
        width=checked.width,
        height=checked.height,
        taken_at=checked.taken_at,
        lat=checked.point.lat if checked.point else None,
        lon=checked.point.lon if checked.point else None,
        added_at=now,
        added_by=actor.label,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        there = Attachment.objects.filter(pk=id).first()
        if there is None:
            raise
        if (there.sha256, there.matter_id, there.stage) != (row.sha256, matter_id, stage):
            raise Conflict(
                _("Another file was already sent under the id %(id)s. Send this one under a new id.")
                % {"id": id},
                where="id",
            ) from None
        return there
    return row


def known_stage(stage: str) -> None:
    """Raises Invalid for an unknown stage."""
    if stage not in STAGES:
        raise Invalid(
            _("Unknown stage %(stage)s; use one of: %(known)s.")
            % {"stage": stage, "known": ", ".join(STAGES)}
        )


def open_file(attachment: Attachment, *, thumb: bool = False) -> BinaryIO:
    """The bytes of an attachment, or its small picture, opened for reading. Raises NotFound when they are gone."""
    return files.open_bytes(attachment.thumb_sha256 if thumb else attachment.sha256)


def download_headers(attachment: Attachment, *, thumb: bool = False) -> dict[str, str]:
    """The headers to answer with. Only pictures, which we wrote ourselves, are shown in the page."""
    inline = thumb or attachment.media_type in SHOWN
    return {
        "Content-Type": "image/jpeg" if thumb else attachment.media_type,
        "Content-Disposition": content_disposition_header(not inline, attachment.name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store" if attachment.stage in SEALED else "private, max-age=86400, immutable",
        "ETag": f'"{attachment.thumb_sha256 if thumb else attachment.sha256}"',
    }


def digests_with_row(digit: str) -> set[str]:
    """The files beginning with this hex digit that some attachment names."""
    rows = Attachment.objects.filter(Q(sha256__startswith=digit) | Q(thumb_sha256__startswith=digit))
    pairs = rows.values_list("sha256", "thumb_sha256").iterator(chunk_size=5000)
    return {digest for pair in pairs for digest in pair if digest.startswith(digit)}


def faults() -> list[dict]:
    """Attachments whose bytes are missing or changed: id, matter (number), name, file, fault."""
    found = []
    rows = Attachment.objects.order_by("pk").values_list(
        "pk", "matter__number", "name", "sha256", "thumb_sha256"
    )
    for pk, number, name, *digests in rows.iterator(chunk_size=2000):
        for digest in filter(None, digests):
            if what := files.fault(digest):
                found.append({"id": str(pk), "matter": number, "name": name, "file": digest, "fault": what})
    return found
