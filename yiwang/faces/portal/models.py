"""What the portal keeps for a while: photos of reports that are not sent yet, and the counts of past days."""

from __future__ import annotations

from django.db import models


class KeptPhoto(models.Model):  # 暂存照片
    """A checked photo of a report that is still being written; its bytes lie in the store of attachments.

    Whoever knows the report's id, which only the browser that writes it does, may use it. Gone after an hour.
    """

    id = models.UUIDField(
        primary_key=True
    )  # made of the report's id and the photo's content: sent twice it is one
    report = models.UUIDField()
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    thumb_sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    lat = models.FloatField(null=True)  # WGS 84
    lon = models.FloatField(null=True)
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["report", "kept_at"], name="kept_photo_report")]


class CountedDay(models.Model):  # 逐日公开数
    """The public counts of a past day, so that the public page adds up thirty rows and never counts reports."""

    day = models.DateField(primary_key=True)
    body = models.JSONField()  # as domains.operations.public.day_counts gives it
    counted_at = models.DateTimeField()
