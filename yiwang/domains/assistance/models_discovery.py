"""What finding people keeps: screenings, findings, how far the alert rules have read, and saved previews."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yiwang.kernel.access.sealed import SealedTextField

USER = "access.User"
OPEN_STATES = ("waiting", "checking")


class Screening(models.Model):  # 筛查
    """One run over the whole population. It can be gone on with after it was cut off; `done_at` says that it ended."""

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=6)
    snapshot = models.CharField(max_length=80)  # of the lake
    on = models.DateField()  # the date whose law and values hold
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    households = models.PositiveIntegerField(default=0)
    raised = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)  # looked into before, or being looked into
    lapsed = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # programme: {says: count}

    class Meta:
        indexes = [models.Index(fields=["started_at"], name="screening_started")]


class Finding(models.Model):  # 发现
    """A household to look at, for one programme or by one alert rule, and why. It decides nothing.

    `fingerprint` is of the facts that led to it: the same household is not raised again for the same reason while they
    stay as they are, whatever a person found. Several findings of a household are one visit, so one matter.
    """

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=6)
    household = models.UUIDField()
    area = models.ForeignKey("registers.Area", on_delete=models.PROTECT, related_name="+")  # community
    cause = models.CharField(max_length=40)  # a programme, or a slug of alerts.yaml
    says = models.CharField(max_length=8)  # entitled | ending | soon | alert
    sort = models.CharField(max_length=1)  # a | b | c | d, after 国办发〔2023〕39号
    severity = models.PositiveSmallIntegerField()  # 0 to 1000, the most severe first
    fen = models.BigIntegerField(null=True)  # what the programme would give, or gives, a month
    missing = models.JSONField(default=list)  # names of unknown facts
    fingerprint = models.CharField(max_length=32)
    explanation = SealedTextField(blank=True, default="")  # JSON
    illustrative = models.BooleanField(default=True)  # rests on a value that nobody has verified
    state = models.CharField(
        max_length=8, default="waiting"
    )  # waiting|checking|included|unfit|referred|lapsed
    screening = models.ForeignKey(Screening, null=True, on_delete=models.PROTECT, related_name="findings")
    matter = models.ForeignKey("matters.Matter", null=True, on_delete=models.PROTECT, related_name="findings")
    found_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "cause", "says", "fingerprint"], name="finding_once_for_its_facts"
            ),
            models.UniqueConstraint(
                fields=["household", "cause"],
                condition=Q(state__in=OPEN_STATES),
                name="finding_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "area", "-severity", "id"], name="finding_queue"),
            models.Index(fields=["household", "state"], name="finding_household"),
            models.Index(fields=["found_at", "id"], name="finding_found"),
        ]


class AlertCursor(models.Model):  # 预警读取位置
    """Up to which change of the registers the alert rules have read; moved in the transaction that raises alerts."""

    district = models.CharField(primary_key=True, max_length=6)
    seq = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)


class PreviewVariant(models.Model):  # 测算方案
    """Changed parameters with what they would do, as computed on one snapshot. Nothing of it is in force."""

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=6)
    name = models.CharField(max_length=60)
    changes = models.JSONField()  # parameter: value
    on = models.DateField()
    snapshot = models.CharField(max_length=80)
    pack = models.PositiveBigIntegerField()  # pack version
    result = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="preview_variant_made")]


class Mandate(models.Model):  # 委托代办
    """The consent on which somebody applied for a household after a visit: who gave it, how, when, and who took it.

    57号 art. 6: who applies for others does so on a mandate (委托手续). `given_by` is a person of the registers.
    """

    application = models.OneToOneField(
        "assistance.Application", primary_key=True, on_delete=models.PROTECT, related_name="mandate"
    )
    visit = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="mandates")
    finding = models.ForeignKey(Finding, null=True, on_delete=models.PROTECT, related_name="mandates")
    given_by = models.UUIDField(null=True)
    way = models.CharField(max_length=8)  # signed | mark | guardian
    witness = SealedTextField(blank=True, default="")  # of a fingerprint; the guardian who agreed
    given_on = models.DateField()
    taken_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
