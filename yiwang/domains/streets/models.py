"""Patrols of road chiefs, inspectors and grid workers: who walked where, when, how far."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Patrol(models.Model):  # 巡查
    """One walk of one person in one post. `length_m` and `points` follow from the pieces of its track."""

    id = models.UUIDField(primary_key=True)  # made by the phone
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("registers.Post", on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    length_m = models.FloatField(default=0)
    points = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()  # the first piece of it

    class Meta:
        indexes = [models.Index(fields=["user", "-began_at"], name="patrol_of_user")]


class TrackPiece(models.Model):  # 轨迹
    """A stretch of a patrol's track as one sending: [[seconds since 1970, lat, lon, accuracy in metres], …], WGS 84.

    A row for each position would be thirty million rows a year in one district; nobody asks for one of them.
    """

    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="pieces")
    first = models.PositiveIntegerField()  # how many positions of the patrol were sent before
    fixes = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patrol", "first"], name="track_piece_once")]
