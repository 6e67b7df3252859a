"""The versions of a pack that were loaded. A matter keeps the version that it was opened under."""

from __future__ import annotations

from django.conf import settings
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


class RuleChange(models.Model):  # 规则变更建议
    """A new value of a parameter, or a new text of programmes: proposed by one person, decided by another.

    What was approved stays part of the pack in force, over the text of its files, until another approved change of the
    same thing follows or the files say the same.
    """

    class What(models.TextChoices):
        PARAMETER = "parameter"
        PROGRAMME = "programme"

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        REFUSED = "refused"

    what = models.CharField(max_length=12, choices=What.choices)
    key = models.CharField(max_length=80)  # the parameter, or the programme file without .py
    content = models.JSONField()  # from, value, source, status; or text
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)
    version = models.ForeignKey(
        PackVersion, models.PROTECT, related_name="+", null=True
    )  # that it came into force with

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
                name="another_decides",
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.key} ({self.state})"
