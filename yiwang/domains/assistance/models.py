"""What social assistance keeps besides matters: who applied, what was decided, what is paid, what was shown.

Money is in whole fen. What says something about a person is sealed; `household` and `person` are ids of the registers.
"""

from __future__ import annotations

from django.db import models

from yiwang.domains.assistance.models_discovery import (
    AlertCursor,
    Finding,
    Mandate,
    PreviewVariant,
    Screening,
)
from yiwang.domains.assistance.models_forces import (
    HelpMatch,
    HelpNeed,
    HelpOffer,
    ServiceRecord,
    Voucher,
)
from yiwang.kernel.access.sealed import SealedTextField

__all__ = [
    "AlertCursor",
    "Finding",
    "HelpMatch",
    "HelpNeed",
    "HelpOffer",
    "Mandate",
    "PreviewVariant",
    "Screening",
    "ServiceRecord",
    "Voucher",
]

USER = "access.User"


class Application(models.Model):  # 救助申请
    """What came with an application; its steps and clocks are those of its matter."""

    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.PROTECT, related_name="assistance"
    )
    district = models.CharField(max_length=6)
    programme = models.CharField(max_length=40)
    channel = models.CharField(max_length=12)  # counter | online | on_behalf | found
    household = models.UUIDField(null=True, db_index=True)
    person = models.UUIDField(null=True)  # who applies
    name = SealedTextField(blank=True, default="")
    id_number = SealedTextField(blank=True, default="")
    id_hash = models.CharField(max_length=64, blank=True, db_index=True)
    phone = SealedTextField(blank=True, default="")
    address = SealedTextField(blank=True, default="")
    account = SealedTextField(blank=True, default="")  # JSON: bank, number, holder
    agent = SealedTextField(blank=True, default="")  # JSON: name, phone, relation; who applies on behalf
    members = SealedTextField(
        blank=True, default=""
    )  # JSON: [{name, relation, id_number}], the applicant first
    members_count = models.PositiveSmallIntegerField(default=1)
    situation = SealedTextField(blank=True, default="")  # in the applicant's own words
    materials = models.JSONField(default=dict)  # slug: given | missing | not_needed
    emergency = models.CharField(max_length=20, blank=True)  # fire, accident, illness … (EMERGENCIES)
    kin = models.BooleanField(default=False)  # a relative of staff: special register, the county visits
    special = models.CharField(max_length=20, blank=True)  # why the longer limit holds (SPECIAL)
    digest = models.CharField(max_length=64)  # of the content: a repeated id with other content is refused
    secret_hash = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # of the whole procedure, from acceptance to decision

    class Meta:
        indexes = [models.Index(fields=["programme", "received_at"], name="application_programme")]


class Visit(models.Model):  # 入户调查
    """A visit at home by two people. `findings` holds the answers of the visit form; photos are files of the matter."""

    id = models.UUIDField(primary_key=True)  # made by the client, so that a retry is the same visit
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="visits")
    household = models.UUIDField(null=True, db_index=True)
    purpose = models.CharField(max_length=12)  # survey | review | county | spot_check | emergency
    at = models.DateTimeField()
    first = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    second_name = models.CharField(max_length=64)  # the other visitor, as on the form
    second = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    signed_by = SealedTextField(blank=True, default="")  # who signed for the household; '' when nobody could
    unsigned_why = models.CharField(max_length=200, blank=True)
    findings = SealedTextField(blank=True, default="")  # JSON
    received_at = models.DateTimeField()
    known_at = models.DateTimeField(null=True)  # when what it established went into the registers


class DataCheck(models.Model):  # 信息核对
    """One question to one department about a household, and what it answered."""

    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="data_checks")
    item = models.CharField(max_length=20)  # household, tax, social_insurance …
    state = models.CharField(max_length=12)  # agrees | differs | no_record | no_answer
    note = SealedTextField(blank=True, default="")
    figures = SealedTextField(blank=True, default="")  # JSON: what the department says, as facts
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "item"], name="data_check_once")]


class Publicity(models.Model):  # 公示
    """What the community is shown: the name, how many members, the amount, until when. Nothing else."""

    id = models.UUIDField(primary_key=True)
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="publicities")
    kind = models.CharField(max_length=8)  # opinion (seven days) | award (as long as it is paid) | ending
    programme = models.CharField(max_length=40)
    area = models.ForeignKey("registers.Area", null=True, on_delete=models.PROTECT, related_name="+")
    name = SealedTextField()
    members = models.PositiveSmallIntegerField()
    fen = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # award: open until it ends

    class Meta:
        indexes = [models.Index(fields=["area", "until"], name="publicity_area")]


class Objection(models.Model):  # 异议
    """Somebody objects to what is shown. Who it was is sealed and never shown to the household."""

    id = models.UUIDField(primary_key=True)
    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="objections")
    at = models.DateTimeField()
    text = SealedTextField()
    contact = SealedTextField(blank=True, default="")


class Decision(models.Model):  # 审核确认
    """What a person decided, beside what the rules computed. Differing from them takes a written reason."""

    id = models.UUIDField(primary_key=True)
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="decisions")
    node = models.CharField(max_length=60)  # the step: opinion, decide, relieve …
    outcome = models.CharField(max_length=40)
    fen = models.BigIntegerField(null=True)  # decided; monthly, or once
    computed = models.CharField(max_length=12, blank=True)  # yes | no | undetermined | '' not computed
    computed_fen = models.BigIntegerField(null=True)
    explanation = SealedTextField(blank=True, default="")  # JSON of core.policy, with every value it saw
    differs = models.BooleanField(default=False)
    reason = SealedTextField(blank=True, default="")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)  # when the household was told in writing
    delivered_how = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["matter", "at"], name="decision_matter")]


class Award(models.Model):  # 在享待遇
    """A benefit that a household gets. Its amount never changes: another amount ends it and starts its successor."""

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=6)
    household = models.UUIDField(db_index=True)
    person = models.UUIDField(null=True)  # of benefits for one person
    programme = models.CharField(max_length=40)
    area = models.ForeignKey("registers.Area", null=True, on_delete=models.PROTECT, related_name="+")
    rhythm = models.CharField(max_length=8, default="monthly")  # monthly | once
    since = models.DateField()  # the first day of the first month that is paid
    until = models.DateField(null=True)  # the last day of the last month that is paid
    fen = models.BigIntegerField()
    members = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8)  # running | ending | ended
    payee = models.UUIDField(null=True)  # the person whose account it is, where the register knows
    name = SealedTextField()  # of the payee
    account = SealedTextField(blank=True, default="")  # JSON: bank, number, holder
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="awards")
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="successors")
    review_months = models.PositiveSmallIntegerField(default=12)  # looked at again every so many months
    review_due = models.DateField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "programme"],
                condition=models.Q(state="running", person=None) & ~models.Q(rhythm="once"),
                name="award_running_once",
            ),
            models.UniqueConstraint(
                fields=["household", "programme", "person"],
                condition=models.Q(state="running", person__isnull=False) & ~models.Q(rhythm="once"),
                name="award_of_person_once",
            ),
            models.CheckConstraint(condition=models.Q(fen__gte=0), name="award_not_negative"),
        ]
        indexes = [
            models.Index(fields=["state", "review_due", "id"], name="award_review"),
            models.Index(fields=["programme", "state", "area"], name="award_programme"),
        ]


class PaymentBatch(models.Model):  # 发放批次
    """The payment list of a month; later additions of the same month get the next number.

    Count, sum and totals are of what goes out: a line that is taken out (`withheld`) is not in them any more.
    """

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=6)
    month = models.DateField()  # its first day
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8)  # made | paid
    count = models.PositiveIntegerField()
    fen = models.BigIntegerField()
    totals = models.JSONField(default=dict)  # by programme and by area: {key: [count, fen]}
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)  # when the bank's file was last taken

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "month", "number"], name="batch_number_once")
        ]


class Payment(models.Model):  # 发放记录
    """One month's money of one award. The database refuses a second one.

    What came back from the bank stays as it is and is paid by another row that points to it (`repays`), at most one:
    of the rows that hang together at most one is listed or paid. `month` is the one that the money is for.
    """

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=6)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="payments")
    month = models.DateField()
    household = models.UUIDField(db_index=True)
    programme = models.CharField(max_length=40)
    area = models.ForeignKey("registers.Area", null=True, on_delete=models.PROTECT, related_name="+")
    fen = models.BigIntegerField()
    members = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10)  # listed | paid | returned | withheld
    way = models.CharField(max_length=8, default="bank")  # bank | cash (petty fund of the street)
    batch = models.ForeignKey(PaymentBatch, null=True, on_delete=models.PROTECT, related_name="payments")
    made_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    received_by = SealedTextField(blank=True, default="")  # who signed for cash
    # JSON as the award's, as it was when the list was made; null: listed before it was kept, look at the award.
    account = SealedTextField(null=True)
    repays = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="repaid")
    returned_why = models.CharField(max_length=200, blank=True)
    returned_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)  # the account is right, or it may go out: with the next list
    withheld_for = models.CharField(max_length=8, blank=True)  # died | account | stopped | other

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["award", "month"], condition=models.Q(repays=None), name="payment_once"
            ),
            models.CheckConstraint(condition=models.Q(fen__gt=0), name="payment_of_something"),
        ]
        indexes = [
            models.Index(fields=["month", "programme", "area"], name="payment_month"),
            models.Index(
                fields=["returned_at", "id"], condition=models.Q(state="returned"), name="payment_returned"
            ),
            models.Index(fields=["id"], condition=models.Q(state="withheld"), name="payment_withheld"),
        ]


class PaymentChange(models.Model):  # 发放变动
    """What happened to a payment after it was listed: who, when, and why. `account`: JSON, what was written then."""

    id = models.UUIDField(
        primary_key=True
    )  # of a correction made by the page, so that a retry is the same one
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=8)  # returned | stayed | account | withheld | relisted | kept
    why = SealedTextField()  # the bank's reason, or how it is known
    account = SealedTextField(blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["payment", "at"], name="payment_change")]


class Hearing(models.Model):  # 听取意见
    """What the household said before its help is cut or stopped."""

    id = models.UUIDField(primary_key=True)
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="hearings")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    told = SealedTextField()  # what is intended and why, as the household was told
    said = SealedTextField()


class Review(models.Model):  # 复核
    """A look at a running award: which, why, and what came of it."""

    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.PROTECT, related_name="review"
    )
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="reviews")
    why = models.CharField(max_length=12)  # due | change | death | alert
    due = models.DateField()
    outcome = models.CharField(max_length=12, blank=True)  # keep | raise | cut | exit | stop
    about = models.UUIDField(null=True)  # who died

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["award", "due", "why"], condition=models.Q(about=None), name="review_once"
            ),
            models.UniqueConstraint(
                fields=["award", "about"],
                condition=models.Q(about__isnull=False),
                name="review_of_death_once",
            ),
        ]


class Bereavement(models.Model):  # 办理期间死亡
    """Somebody of a household died while its application is open; whoever works on it decides what follows."""

    id = models.UUIDField(primary_key=True)
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="bereavements")
    person = models.UUIDField()
    applicant = models.BooleanField()  # who applied, or another member
    died_on = models.DateField()
    at = models.DateTimeField()  # when it was heard of
    answer = models.CharField(max_length=8, blank=True)  # '' waits | goes_on | recount | closed
    why = SealedTextField(blank=True, default="")
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "person"], name="bereavement_once")]


class Kinship(models.Model):  # 近亲属备案
    """The special register: an applicant who is a near relative of somebody who works on assistance."""

    id = models.UUIDField(primary_key=True)
    matter = models.OneToOneField("matters.Matter", on_delete=models.PROTECT, related_name="kinship")
    staff_name = SealedTextField()
    staff_unit = models.CharField(max_length=80)
    relation = models.CharField(max_length=40)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    visited_at = models.DateTimeField(null=True)  # by the county


class SpotDraw(models.Model):  # 抽查
    """The draw of cases that the county visits: number, seed and result, so that anybody can draw again."""

    programme = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()  # of the year
    matter = models.OneToOneField("matters.Matter", on_delete=models.PROTECT, related_name="spot_draw")
    seed = models.CharField(max_length=64)
    drawn = models.BooleanField()
    made_up = models.BooleanField(default=False)  # not by the seed: else fewer than 30 % would be drawn
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "year", "number"], name="spot_draw_once")]
