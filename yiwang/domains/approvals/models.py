"""What project approvals keep besides matters: projects, their buildings, stages, items, opinions, decisions, pre-reviews.

A project, a stage, an item and a pre-review is each a matter; its steps, clocks and events are those of the matter.
What says something about a person is sealed.
"""

from __future__ import annotations

from django.db import models

from yiwang.kernel.access.sealed import SealedTextField


class Project(models.Model):  # 建设项目
    """A project of the register (项目库). Areas in whole square metres, money in fen."""

    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.PROTECT, related_name="approval_project"
    )
    district = models.CharField(max_length=6)
    code = models.CharField(max_length=24, unique=True)  # the national project code; its form is unverified
    name = models.CharField(max_length=100)
    project_class = models.CharField(max_length=40)
    investor = models.CharField(max_length=12)  # government | social
    area = models.CharField(max_length=12)
    address = models.CharField(max_length=200)
    land_m2 = models.PositiveIntegerField(default=0)
    floor_m2 = models.PositiveIntegerField(default=0)
    invest_fen = models.BigIntegerField(default=0)
    indices = models.JSONField(default=dict)  # of standard land (标准地): name -> number
    applicant = models.CharField(max_length=100)  # an organisation
    applicant_code = models.CharField(max_length=18)  # unified social credit code
    contact_name = SealedTextField(blank=True, default="")
    contact_phone = SealedTextField(blank=True, default="")
    registered_at = models.DateTimeField()
    land_at = models.DateField(null=True)  # the day of the land contract
    land_contract = models.CharField(max_length=60, blank=True)
    secret_hash = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)  # of the content: a repeated id with other content is refused

    class Meta:
        indexes = [
            models.Index(fields=["district", "-registered_at", "matter"], name="project_newest"),
            models.Index(fields=["project_class", "-registered_at"], name="project_class_newest"),
        ]


class Building(models.Model):  # 单体
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="buildings")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    floor_m2 = models.PositiveIntegerField()
    storeys = models.PositiveSmallIntegerField(default=0)
    height_m = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "place"], name="building_once")]


class Paper(models.Model):  # 项目共享材料
    """A material of the project in one version. It is handed in once and used by every item that asks for it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="papers")
    material = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=120)  # what it is: number and date of a document, name of a file
    sha256 = models.CharField(max_length=64)  # of the file, or of the reference where there is none
    attachment = models.UUIDField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "material", "version"], name="project_paper_once")
        ]


class StageRun(models.Model):  # 阶段申请
    """One application opened the stage. `promised` is what stood promised on the day of the project's registration."""

    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.PROTECT, related_name="approval_stage"
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=40)
    attempt = models.PositiveSmallIntegerField(default=1)
    answers = SealedTextField()  # JSON: the checked values of the stage's form
    materials = models.JSONField(default=dict)  # slug -> what the applicant says of it: each material once
    promised = models.CharField(max_length=12)
    removed = models.JSONField(default=list)  # [[permit, assessment]]: taken away by regional assessment
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "stage", "attempt"], name="stage_attempt_once")
        ]


class Item(models.Model):  # 并联审批事项
    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.PROTECT, related_name="approval_item"
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="items")
    stage = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="items")
    permit = models.CharField(max_length=40)
    materials = models.JSONField(default=dict)  # slug -> as in `kernel.matters.papers`
    missing = models.JSONField(default=list)
    missing_note = SealedTextField(blank=True, default="")
    told_at = models.DateTimeField(null=True)
    inputs = models.CharField(max_length=64)  # hash of what it is decided upon
    versions = models.JSONField(default=dict)  # material -> the version that it was last looked at upon
    outcome = models.CharField(
        max_length=12, blank=True
    )  # granted | refused | not_accepted | given_up | revoked
    decided_at = models.DateTimeField(null=True)
    licence = models.UUIDField(null=True)  # the licence that was issued

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "permit"], name="stage_permit_once")]


class Pledge(models.Model):  # 告知承诺书
    """A commitment that an applicant signed in place of materials of a permit, and what its check came to."""

    stage = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="pledges")
    permit = models.CharField(max_length=40)
    text = models.TextField()  # as the pack had it
    replaces = models.JSONField(default=list)  # materials
    signed_by = SealedTextField()
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)  # of all of it; the chain of the permit has the same
    check_matter = models.OneToOneField(
        "matters.Matter", null=True, on_delete=models.PROTECT, related_name="approval_pledge"
    )
    result = models.CharField(max_length=12, blank=True)  # kept | broken | revoked | not_revoked
    reason = SealedTextField(blank=True, default="")
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "permit"], name="stage_pledge_once")]


class Opinion(models.Model):  # 部门意见
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="opinions")
    unit = models.CharField(max_length=80)
    opinion = models.CharField(max_length=12)  # agree | conditions | disagree | silent
    reason = SealedTextField(blank=True, default="")
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "unit"], name="item_opinion_once")]


class Decision(models.Model):  # 审批决定
    """What a step of an item decided, with its reasons; the last one is what holds."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="decisions")
    node = models.CharField(max_length=60)
    outcome = models.CharField(max_length=40)
    reason = SealedTextField(blank=True, default="")
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    delivered_how = models.CharField(max_length=20, blank=True)


class HoldNotice(models.Model):  # 暂停计时告知书
    """Told in writing: why the clock of an item stands, and until when it is expected to."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="hold_notices")
    reason = models.CharField(max_length=40)  # of the pack's closed list
    note = SealedTextField()
    expected = models.DateField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(ended_at=None), name="hold_notice_standing_once"
            )
        ]


class PreReview(models.Model):  # 拿地前预审
    """A pre-opinion before the land contract: no legal act. It is kept apart from items and becomes none by itself."""

    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.PROTECT, related_name="approval_preview"
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="previews")
    permit = models.CharField(max_length=40)
    inputs = models.CharField(max_length=64)  # hash of what was looked at
    parts = models.JSONField(default=dict)  # the hash of each part, so that it can be told what has changed
    opinion = models.CharField(max_length=12, blank=True)  # favourable | conditions | unfavourable
    reason = SealedTextField(blank=True, default="")
    given_at = models.DateTimeField(null=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    valid_to = models.DateField(null=True)
    item = models.OneToOneField(
        Item, null=True, on_delete=models.PROTECT, related_name="preview"
    )  # what it was converted for

    class Meta:
        indexes = [models.Index(fields=["project", "permit"], name="preview_project_permit")]


class Meeting(models.Model):  # 集中审批会议
    """A joint meeting. Its matter carries the opinions that are asked for and its end; its number is that of the minutes."""

    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.PROTECT, related_name="approval_meeting"
    )
    lead = models.CharField(max_length=80)  # the department that convenes it
    at = models.DateTimeField()
    place = models.CharField(max_length=100)
    attending = models.JSONField(default=list)  # departments, in the order of the agenda's sheet
    summary = SealedTextField(blank=True, default="")
    concluded_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64)  # of the content: a repeated id with other content is refused

    class Meta:
        indexes = [models.Index(fields=["-at"], name="approval_meeting_newest")]


class MeetingItem(models.Model):  # 议题
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="agenda")
    place = models.PositiveSmallIntegerField()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="meeting_items")
    permit = models.CharField(max_length=40, blank=True)  # '': the project as a whole
    question = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "place"], name="meeting_item_once")]


class MeetingOpinion(models.Model):  # 会议意见
    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="opinions")
    unit = models.CharField(max_length=80)
    opinion = models.CharField(max_length=12)  # agree | conditions | disagree
    reason = SealedTextField(blank=True, default="")  # conditions or reasons, with their basis
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "unit"], name="meeting_opinion_once")]


class MeetingChange(models.Model):  # 会议变更
    """What was changed after the notice had gone out, by whom and why; those invited were told."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="changes")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)  # changed | moved | cancelled
    fields = models.JSONField(default=dict)  # field -> [before, after]: at, place, agenda
    reason = SealedTextField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "place"], name="meeting_change_once")]


class Resolution(models.Model):  # 会议决议
    """What a meeting resolved, or what an opinion made a condition: a matter of its own that is followed to its end."""

    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.PROTECT, related_name="approval_resolution"
    )
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="resolutions")
    place = models.PositiveSmallIntegerField()
    item = models.ForeignKey(MeetingItem, null=True, on_delete=models.PROTECT, related_name="resolutions")
    opinion = models.OneToOneField(
        MeetingOpinion, null=True, on_delete=models.PROTECT, related_name="resolution"
    )  # whose condition it is; null: the meeting resolved it
    unit = models.CharField(max_length=80)
    limit = models.CharField(max_length=12)
    text = SealedTextField()
    done = SealedTextField(blank=True, default="")  # what was reported of it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "place"], name="resolution_once")]
