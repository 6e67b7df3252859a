"""The versions of a pack that were loaded. A matter keeps the version that it was opened under."""

from __future__ import annotations

from django.db import models


class PackVersion(models.Model):  # 规则包版本
    name = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    body = models.TextField()  # the merged rulebook as canonical JSON; its SHA-256 is the digest
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=64, blank=True)  # the account of the machine, or what loaded it
    current = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(current=True), name="one_current_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.digest[:8]})"
