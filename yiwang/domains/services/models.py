"""What government services keep besides matters: what was applied for and answered, drafts, decisions, ratings.

What says something about a person is sealed. An application's steps and clocks are those of its matter.
"""

from __future__ import annotations

from django.db import models

from yiwang.domains.services.models_hall import Booking, HallDay, Ticket
from yiwang.kernel.access.sealed import SealedTextField

__all__ = ["Application", "Booking", "Decision", "Draft", "HallDay", "Ticket"]


class Application(models.Model):  # 办件
    """What came with an application for a service."""

    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.PROTECT, related_name="service_application"
    )
    district = models.CharField(max_length=6)
    service = models.CharField(max_length=40)
    form = models.CharField(max_length=40)
    channel = models.CharField(max_length=12)  # online | counter
    way = models.CharField(
        max_length=12, default="ordinary"
    )  # ordinary | commitment: asked for by the applicant
    answers = SealedTextField()  # JSON: the checked values of the form
    materials = models.JSONField(default=dict)  # slug: lookup | brought | later | missing | received
    consent = models.BooleanField(default=False)  # to look up what the government itself has issued
    missing = models.JSONField(default=list)  # slugs: told once, all of them
    missing_note = SealedTextField(blank=True, default="")
    told_at = models.DateTimeField(null=True)  # when what is missing was told
    digest = models.CharField(max_length=64)  # of the content: a repeated id with other content is refused
    secret_hash = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)
    rating_note = SealedTextField(blank=True, default="")
    rated_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["service", "received_at"], name="application_service")]


class Decision(models.Model):  # 办理决定
    """What a step decided, with its reasons; the last one of an application is what holds."""

    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="service_decisions")
    node = models.CharField(max_length=64)
    outcome = models.CharField(max_length=40)
    reason = SealedTextField(blank=True, default="")
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    delivered_how = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "node", "at"], name="service_decision_once")]


class Draft(models.Model):  # 草稿
    """Answers that were kept to go on with later, on any device, with number and secret. Forgotten after a while."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    service = models.CharField(max_length=40)
    form = models.CharField(max_length=40)
    pack = models.BigIntegerField()  # the version under which it was kept: its form is the old side of a move
    answers = SealedTextField()  # JSON: the tree of what was typed
    saved_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
