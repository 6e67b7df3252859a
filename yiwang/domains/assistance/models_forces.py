"""What social forces bring (社会力量): needs and offers, their matches, vouchers, and what was done.

Quantities are whole units of the pack's item; money is whole fen. Who gives and what a household says is sealed.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yiwang.kernel.access.sealed import SealedTextField

USER = "access.User"


class HelpNeed(models.Model):  # 帮扶需求
    """What a household needs from others. It is located at its community, never at its door."""

    id = models.UUIDField(primary_key=True)  # made by the client, so that a retry is the same need
    district = models.CharField(max_length=6)
    household = models.UUIDField(db_index=True)
    area = models.ForeignKey("registers.Area", on_delete=models.PROTECT, related_name="+")  # community
    kind = models.CharField(max_length=10)  # goods | services | money | volunteers
    item = models.CharField(max_length=40)  # a slug of help_items.yaml
    quantity = models.PositiveBigIntegerField()
    urgency = models.CharField(max_length=8)  # normal | soon | urgent
    until = models.DateField()
    note = SealedTextField(blank=True, default="")
    state = models.CharField(max_length=8, default="open")  # open | ended
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="help_need_some")]
        indexes = [
            models.Index(fields=["state", "area", "until"], name="help_need_open"),
            models.Index(fields=["kind", "item", "state"], name="help_need_item"),
        ]


class HelpOffer(models.Model):  # 帮扶供给
    """What somebody gives: a company, a charity, a social-work station, a volunteer."""

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=6)
    giver_kind = models.CharField(max_length=12)  # organisation | person
    giver = SealedTextField()
    phone = SealedTextField(blank=True, default="")
    kind = models.CharField(max_length=10)
    item = models.CharField(max_length=40)
    capacity = models.PositiveBigIntegerField()
    place = models.ForeignKey(
        "registers.Area", on_delete=models.PROTECT, related_name="+"
    )  # where it starts from
    serves = models.CharField(max_length=12)  # the area it serves: the beginning of its code
    radius_m = models.PositiveIntegerField(default=0)  # 0: the whole of `serves`
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=8, default="open")  # open | ended
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gt=0), name="help_offer_some"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="help_offer_times"),
        ]
        indexes = [models.Index(fields=["state", "kind", "item"], name="help_offer_open")]


class HelpMatch(models.Model):  # 匹配
    """So much of an offer for a need. Proposed by the solver; a person confirms or refuses it."""

    id = models.UUIDField(primary_key=True)
    need = models.ForeignKey(HelpNeed, on_delete=models.PROTECT, related_name="matches")
    offer = models.ForeignKey(HelpOffer, on_delete=models.PROTECT, related_name="matches")
    quantity = models.PositiveBigIntegerField()
    distance_m = models.PositiveIntegerField()
    state = models.CharField(max_length=9)  # proposed | confirmed | refused | lapsed
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200, blank=True)  # of a refusal

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="help_match_some"),
            models.UniqueConstraint(
                fields=["need", "offer"], condition=Q(state="proposed"), name="help_match_proposed_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "proposed_at"], name="help_match_state")]


class Voucher(models.Model):  # 服务券
    """What a household shows to get a confirmed match. Its code is known to the household; here lies only its hash."""

    id = models.UUIDField(primary_key=True)
    match = models.ForeignKey(HelpMatch, on_delete=models.PROTECT, related_name="vouchers")
    code_hash = models.CharField(max_length=64, unique=True)
    code_end = models.CharField(max_length=4)
    quantity = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, default="issued")  # issued | used | void
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="used", used_at__isnull=False) | (~Q(state="used") & Q(used_at=None)),
                name="voucher_used_at",
            ),
            models.UniqueConstraint(fields=["match"], condition=Q(state="issued"), name="voucher_open_once"),
        ]


class ServiceRecord(models.Model):  # 服务记录
    """What was given, when; and that the household says so."""

    id = models.UUIDField(primary_key=True)  # made by the client
    match = models.ForeignKey(HelpMatch, on_delete=models.PROTECT, related_name="records")
    voucher = models.OneToOneField(Voucher, null=True, on_delete=models.PROTECT, related_name="record")
    quantity = models.PositiveBigIntegerField()
    given_at = models.DateTimeField()
    note = SealedTextField(blank=True, default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_how = models.CharField(max_length=8, blank=True)  # code | signed | phone
    satisfied = models.PositiveSmallIntegerField(null=True)  # 1 to 5, the household's word

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="service_record_some")]
        indexes = [models.Index(fields=["match", "given_at"], name="service_record_match")]
