"""A matter's tables. Events are the truth; every other column here can be rebuilt from them."""

from __future__ import annotations

import orjson
from django.db import models

from yiwang.kernel.matters.lookups import write_out


class Matter(models.Model):  # 件 / 事项
    """What must be done, by whom, by when."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    district = models.CharField(max_length=6)
    kind = models.CharField(max_length=40)
    pack = models.ForeignKey("packs.PackVersion", on_delete=models.PROTECT)
    state = models.CharField(max_length=10)  # open | closed | void | merged | withdrawn
    link = models.CharField(max_length=16)  # the link of the process it stands in: file, dispatch, handle …
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    source = models.CharField(max_length=40)  # the channel it came through
    standard = models.CharField(max_length=40, blank=True)
    class_code = models.CharField(max_length=11, blank=True)
    condition = models.CharField(max_length=60, blank=True)  # filing condition 立案条件
    area = models.ForeignKey("registers.Area", null=True, on_delete=models.PROTECT)
    unit = models.ForeignKey("registers.Unit", null=True, on_delete=models.PROTECT)
    address = models.CharField(max_length=256, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    system = models.CharField(
        max_length=10, blank=True
    )  # CGCS2000: a point is never stored without its system
    priority = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # the earliest due moment of its open tasks
    held = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    reworks = models.PositiveSmallIntegerField(default=0)  # 返工
    returns = models.PositiveSmallIntegerField(default=0)  # 回退
    extensions = models.PositiveSmallIntegerField(default=0)  # 延期
    reopenings = models.PositiveSmallIntegerField(default=0)
    rating = models.PositiveSmallIntegerField(null=True)  # 1 to 5, the lowest that a reporter gave
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    data = models.JSONField(default=dict)  # variables of the process
    tokens = models.TextField(default="")  # the state of core.process
    seq = models.PositiveIntegerField(default=0)  # number of its last event
    head = models.CharField(max_length=64, blank=True)  # hash of its last event

    class Meta:
        indexes = [
            # Kind and place stand in it so that open matters are counted without reading each of them.
            models.Index(
                fields=["state", "due_at", "id", "kind", "district", "area"], name="matter_state_due"
            ),
            models.Index(fields=["area", "opened_at", "id"], name="matter_area_opened"),
            models.Index(fields=["opened_at", "id"], name="matter_opened"),
            models.Index(fields=["unit", "opened_at", "id"], name="matter_unit_opened"),
            models.Index(fields=["lat", "lon"], condition=models.Q(state="open"), name="matter_open_place"),
            models.Index(fields=["unit"], condition=models.Q(state="open"), name="matter_open_unit"),
            models.Index(fields=["area"], condition=models.Q(state="open"), name="matter_open_area"),
            models.Index(
                fields=["closed_at"], condition=models.Q(closed_at__isnull=False), name="matter_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Task(models.Model):  # 任务
    """One piece of work of one post, with its clock. Done tasks stay: the rates are computed from them."""

    id = models.UUIDField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="tasks")
    token = models.PositiveIntegerField()
    node = models.CharField(max_length=60)
    link = models.CharField(max_length=16)
    kind = models.CharField(max_length=40)  # the matter's kind, for queues without a join
    post = models.CharField(max_length=40)
    unit = models.ForeignKey("registers.Unit", null=True, on_delete=models.PROTECT)
    area = models.ForeignKey("registers.Area", null=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=10)  # open | done | dropped
    limit = models.CharField(max_length=12, blank=True)
    extension = models.CharField(max_length=12, blank=True)
    clock_from = (
        models.DateTimeField()
    )  # where the clock began; before opened_at when a rework goes on with it
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    held = models.BooleanField(default=False)
    provisional = models.BooleanField(default=False)  # due in a year whose holiday notice is not out
    assignee = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["post", "due_at", "id"], condition=models.Q(state="open"), name="task_post_queue"
            ),
            models.Index(
                fields=["unit", "post", "due_at", "id"],
                condition=models.Q(state="open"),
                name="task_unit_queue",
            ),
            models.Index(
                fields=["assignee", "due_at", "id"], condition=models.Q(state="open"), name="task_mine"
            ),
            models.Index(fields=["due_at", "id"], condition=models.Q(state="open"), name="task_due"),
            models.Index(fields=["opened_at", "id"], condition=models.Q(state="open"), name="task_opened"),
            models.Index(fields=["link", "due_at"], name="task_link_due"),
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(done_at=None) | models.Q(done_at__gt=models.F("due_at")),
                name="task_late",
            ),
            models.Index(fields=["done_at"], condition=models.Q(state="done"), name="task_done"),
            models.Index(
                fields=["link", "done_at"], condition=models.Q(done_at__isnull=False), name="task_link_done"
            ),
        ]


class Event(models.Model):  # 流程记录
    """One action on a matter, append-only. `hash` covers `prev` and the exact text of `body`."""

    id = models.BigAutoField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=24)
    actor = models.CharField(max_length=80)  # user:12, resident, system, key:3
    actor_name = models.CharField(max_length=64, blank=True)
    body = models.TextField()  # canonical JSON
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "seq"], name="event_seq_once")]

    @property
    def data(self) -> dict:
        return orjson.loads(self.body)


class Pause(models.Model):  # 计时暂停
    """A time in which the clock stood, with its reason from the pack's closed list. No task: all of them."""

    id = models.UUIDField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="pauses")
    task_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=40)
    note = models.CharField(max_length=500, blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["matter", "start"])]


class Link(models.Model):  # 关联
    """`source` stands in this relation to `target`: merged_into, split_from, part_of, related."""

    source = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once")]


class Timer(models.Model):
    """A timer event of the process that waits for its moment."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="timers")
    token = models.PositiveIntegerField()
    node = models.CharField(max_length=60)
    fire_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "token", "node"], name="timer_once")]


class Outbox(models.Model):  # 待发
    """A notice to deliver, written in the transaction of its event, delivered by the worker."""

    id = models.BigAutoField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="notices")
    topic = models.CharField(max_length=40)
    payload = models.JSONField()
    state = models.CharField(max_length=10, default="waiting")  # waiting | sent | failed
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at", "id"], condition=models.Q(state="waiting"), name="outbox_waiting")
        ]


class Sought(models.Model):
    """A matter's line in the search index (see `search`): its place in time, and on SQLite what was indexed."""

    key = models.BigIntegerField(primary_key=True)
    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)


class NumberBlock(models.Model):
    """The last readable number given out for a day. Processes take blocks, so that filing takes no lock."""

    day = models.CharField(max_length=8, primary_key=True)
    last = models.PositiveIntegerField(default=0)


write_out(Matter._meta.get_field("state"), Task._meta.get_field("state"))
