"""What government services keep besides matters: what was applied for and answered, drafts, decisions, ratings.

What says something about a person is sealed. An application's steps and clocks are those of its matter.
"""

from __future__ import annotations

from django.db import models

from yiwang.domains.services.models_hall import Booking, HallDay, Ticket
from yiwang.kernel.access.sealed import SealedTextField

__all__ = [
    "Application",
    "Booking",
    "Decision",
    "Draft",
    "Filled",
    "HallDay",
    "Joint",
    "JointPart",
    "Paper",
    "Ticket",
]


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
    # path of an answer: what of it came from a register or a licence, and whether it stands as it came. No values.
    filled = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["service", "received_at"], name="application_service"),
            models.Index(
                fields=["rating"], condition=models.Q(rating__isnull=False), name="application_rated"
            ),
        ]


class Joint(models.Model):  # 一件事申请
    """One application for all services of a bundle: answers and materials once. Its parts are applications too."""

    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.PROTECT, related_name="joint_application"
    )
    district = models.CharField(max_length=6)
    bundle = models.CharField(max_length=40)
    channel = models.CharField(max_length=12)
    said = SealedTextField()  # JSON: the answers to the questions of the bundle
    answers = SealedTextField()  # JSON: the checked values of the one form
    materials = models.JSONField(default=dict)  # slug: made | lookup | brought | later | missing | received
    consent = models.BooleanField(default=False)
    missing = models.JSONField(default=list)
    missing_note = SealedTextField(blank=True, default="")
    told_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64)
    secret_hash = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)
    rating_note = SealedTextField(blank=True, default="")
    rated_at = models.DateTimeField(null=True)
    filled = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["rating"], condition=models.Q(rating__isnull=False), name="joint_rated")
        ]


class JointPart(models.Model):  # 联办事项
    """A service of a joint application. Until it begins it has no matter of its own."""

    joint = models.ForeignKey(Joint, on_delete=models.PROTECT, related_name="parts")
    service = models.CharField(max_length=40)
    form = models.CharField(max_length=40)
    place = models.PositiveSmallIntegerField()  # in the order of the bundle
    after = models.JSONField(default=list)  # services of the same application that must be granted before
    state = models.CharField(max_length=10)  # waiting | running | granted | refused | stopped | withdrawn
    way = models.CharField(max_length=12, default="ordinary")  # ordinary | commitment, as the applicant chose
    matter = models.OneToOneField(
        "matters.Matter", null=True, on_delete=models.PROTECT, related_name="joint_part"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["joint", "service"], name="joint_part_once")]
        ordering = ["place"]


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


class Followup(models.Model):  # 差评回访
    """What came of a bad rating. `about` is the matter that was rated; `reply` is what the applicant reads."""

    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.PROTECT, related_name="service_followup"
    )
    district = models.CharField(max_length=6)
    about = models.OneToOneField("matters.Matter", on_delete=models.PROTECT, related_name="bad_rating")
    score = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12, blank=True, default="")  # fixed | explained | unfounded
    reached = models.BooleanField(null=True)  # whether the applicant was spoken to
    reply = SealedTextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)  # that the rating was wrong


class Draft(models.Model):  # 草稿
    """Answers that were kept to go on with later, on any device, with number and secret. Forgotten after a while."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    service = models.CharField(max_length=40, blank=True)
    bundle = models.CharField(max_length=40, blank=True, default="")  # instead of a service
    form = models.CharField(max_length=40, blank=True)
    pack = models.BigIntegerField()  # the version under which it was kept: its form is the old side of a move
    answers = SealedTextField()  # JSON: the tree of what was typed
    # JSON: what stands outside of the form: way, materials, the answers to the questions of a bundle
    beside = SealedTextField(blank=True, default="")
    saved_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)


class Paper(models.Model):  # 上传的材料
    """A file that the applicant sent for a material. `sheet` is the id of the form, which becomes the application's.

    Whoever knows the sheet's id, which only the browser that fills it in and the draft do, may add to it until it is
    sent; then `matter` names the application.
    """

    id = models.UUIDField(primary_key=True)  # of the attachment: made of sheet, material and content
    sheet = models.UUIDField()
    material = models.CharField(max_length=40)
    attachment = models.OneToOneField("records.Attachment", on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey("matters.Matter", null=True, on_delete=models.PROTECT, related_name="papers")
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["sheet"], name="paper_sheet"),
            models.Index(fields=["kept_at"], condition=models.Q(matter=None), name="paper_waiting"),
        ]


class Filled(models.Model):  # 预填
    """What registers and licences put into a form that is not sent yet, with the person's consent. Sealed."""

    sheet = models.UUIDField(primary_key=True)
    person = models.ForeignKey("registers.Person", on_delete=models.CASCADE, related_name="+")
    values = SealedTextField()  # JSON: path: [value as typed, source]
    at = models.DateTimeField(db_index=True)
