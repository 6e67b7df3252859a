"""What phones sent, so that nothing is done twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Receipt(models.Model):  # 回执
    """The answer to one thing that a phone sent under its own id, kept for a retry after a lost answer."""

    id = models.UUIDField(primary_key=True)  # made by the phone, UUIDv7
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)  # upload | report | claim | complete | track
    digest = models.CharField(max_length=64)  # of the content: the same id with other content is refused
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)
