"""Attachments: the bytes lie in files named by their SHA-256, the row says what they are."""

from __future__ import annotations

from django.db import models

from yiwang.kernel.records.models_licences import (
    ArchiveDue,
    ArchivePackage,
    Licence,
    LicenceEvent,
    LicenceSerial,
    LicenceUse,
    LicenceVersion,
    SigningKey,
)

__all__ = [
    "ArchiveDue", "ArchivePackage", "Attachment", "Licence", "LicenceEvent", "LicenceSerial", "LicenceUse", "LicenceVersion", "SigningKey",
]  # fmt: skip


class Attachment(models.Model):  # 附件
    """A checked file of a matter. Position and time were read from the photo before they were stripped."""

    id = models.UUIDField(primary_key=True)
    matter = models.ForeignKey(
        "matters.Matter", null=True, on_delete=models.PROTECT, related_name="attachments"
    )
    stage = models.CharField(max_length=12)  # report | before | after | document
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    thumb_sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["matter", "added_at"])]
