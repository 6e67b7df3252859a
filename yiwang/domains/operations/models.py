"""What city operations keeps besides matters: the reports that came in, what was learnt, appeals."""

from __future__ import annotations

from django.db import models

from yiwang.kernel.access.sealed import SealedTextField

CONTACT = ("contact_name", "contact_phone")  # the sealed columns of a report


class Report(models.Model):  # 上报 / 诉求
    """One message of one reporter. Every report has a matter; merged matters still answer every reporter."""

    id = models.UUIDField(primary_key=True)  # the client's own id, so that a retry is the same report
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="reports")
    channel = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64)  # of the content: a repeated id with other content is refused
    text = models.TextField()
    received_at = models.DateTimeField()
    secret_hash = models.CharField(max_length=64, blank=True)  # the reporter follows with number and secret
    contact_name = SealedTextField(blank=True, default="")
    contact_phone = SealedTextField(blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True)
    suggestions = models.JSONField(default=list)  # [{standard, code, confidence, why}]
    located_by = models.CharField(max_length=12, blank=True)  # point | photo | address | ''
    needs_person = models.BooleanField(default=False)  # the classifier or the locator was not sure
    answer = models.TextField(blank=True)  # what the citizen was told
    answered_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)
    solved = models.BooleanField(null=True)
    rating_note = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"],
                condition=~models.Q(external_id=""),
                name="report_external_once",
            )
        ]
        indexes = [models.Index(fields=["received_at", "id"]), models.Index(fields=["phone_hash"])]


class Lesson(models.Model):  # 已确认的分类
    """A text whose class a person confirmed: what the classifier learns from. A matter filed anew changes its own."""

    matter = models.UUIDField(null=True, unique=True)  # null: imported with its class
    text = models.TextField()
    standard = models.CharField(max_length=40)
    class_code = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)


class Appeal(models.Model):  # 超期申诉
    """A unit's appeal against an overdue task: two reviews; granted, it is exempt from statistics."""

    id = models.UUIDField(primary_key=True)
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="appeals")
    task = models.OneToOneField("matters.Task", on_delete=models.PROTECT, related_name="appeal")
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=12)  # asked | supported | granted | refused
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    first_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    second_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=500, blank=True)


class Tally(models.Model):  # 统计数
    """How many: a number for an area, a thing counted, an hour (or a day) and a key. Made from matters and tasks."""

    area = models.CharField(
        max_length=12
    )  # a district, sub-district or community; each holds what lies below it
    what = models.CharField(max_length=8)  # opened | class | entered | left | closed | duty | on_time
    hour = (
        models.IntegerField()
    )  # hours since 1970 in UTC; of duty and on_time the first hour of the local day
    key = models.CharField(max_length=60, blank=True)  # a class, a link or a unit
    count = models.IntegerField()

    class Meta:
        indexes = [
            # Holds all columns, so that a sum reads the index alone.
            models.Index(fields=["area", "what", "hour", "key", "count"], name="tally_sum"),
            models.Index(fields=["hour", "what"], name="tally_hour"),
        ]


class TallyState(models.Model):  # 统计进度
    """How far the tallies have come; one row."""

    at = models.DateTimeField()  # everything up to this moment is counted
    since = models.IntegerField()  # the first hour of the history
    event = models.BigIntegerField(default=0)  # the last event that was looked at
    days = models.JSONField(default=list)  # past days (first hours) whose duties must be counted again


class RateTable(models.Model):  # 评价表
    """A counted table of the evaluation, kept: whose, of which days, inside which area, for what reach."""

    by = models.CharField(max_length=4)  # area | unit | post
    level = models.CharField(max_length=12, blank=True)  # of areas
    first = models.DateField()
    last = models.DateField()
    area = models.CharField(max_length=12, blank=True)  # counted only inside it
    scope = models.CharField(max_length=64, blank=True)  # SHA-256 of `reach`; '' for all matters
    meaning = models.PositiveSmallIntegerField()  # by which version of the counting; others are not shown
    reach = models.JSONField(null=True)  # [[area or null, [units] or null], …]; null: all matters
    counted = models.TextField(blank=True)  # JSON; '' until it was counted once
    as_of = models.DateTimeField(
        null=True
    )  # how it stood then: the end of the period, or when it was counted
    counted_at = models.DateTimeField(null=True)
    took = models.FloatField(default=0)  # seconds
    asked_at = models.DateTimeField()  # when somebody looked last, to the hour
    wanted_at = models.DateTimeField(null=True)  # since when it waits to be counted
    began_at = models.DateTimeField(null=True)  # since when it is being counted
    changes = models.PositiveIntegerField(default=0)  # noticed, that may have changed it
    known = models.PositiveIntegerField(default=0)  # those of them that were noticed before it was counted

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "last", "by", "level", "area", "scope", "meaning"], name="rate_table_once"
            )
        ]


class RateState(models.Model):  # 评价表进度
    """How far the events were looked at for what changes a kept table; one row."""

    at = models.DateTimeField()  # when they were looked at
    event = models.BigIntegerField()  # the last one
    gaps = models.JSONField(default=list)  # [first id, last id, when]: not seen yet, so perhaps not committed


class Chase(models.Model):  # 督办
    """An instruction of a supervisor to whoever has the matter, with the moment by which a reply is expected."""

    id = models.UUIDField(primary_key=True)
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="chases")
    unit = models.ForeignKey("registers.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500)
    reply_by = models.DateTimeField()
    chased_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    chased_at = models.DateTimeField()
    reply = models.CharField(max_length=500, blank=True)
    replied_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["reply_by", "id"], condition=models.Q(replied_at=None), name="chase_running")
        ]


class Request(models.Model):  # 申请: 延期, 挂账
    """What a unit asks for and somebody above decides: more time for a task, or to put a matter on the books."""

    id = models.UUIDField(primary_key=True)
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=8)  # extend | hang_up
    task = models.ForeignKey("matters.Task", null=True, on_delete=models.PROTECT, related_name="+")
    limit = models.CharField(max_length=12, blank=True)  # how much more time
    review_on = models.DateField(null=True)  # when what hangs is looked at again
    note = models.CharField(max_length=500)
    state = models.CharField(max_length=8)  # asked | approved | refused
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=500, blank=True)
    pause_id = models.UUIDField(null=True)  # of what hangs: the pause of its clock

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "kind"], condition=models.Q(state="asked"), name="request_once_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["asked_at", "id"], condition=models.Q(state="asked"), name="request_asked"),
            models.Index(
                fields=["review_on", "id"],
                condition=models.Q(state="approved", kind="hang_up"),
                name="request_hanging",
            ),
        ]
