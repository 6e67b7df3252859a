"""What the workbench keeps for a person: queues of one's own, and which lists were taken away as files."""

from __future__ import annotations

from django.db import models


class SavedQueue(models.Model):  # 自定义队列
    """A person's own way to look at the work: a name, filters (as `Filters.as_dict` gives them) and an order."""

    owner = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=30)
    filters = models.JSONField(default=dict)
    order = models.CharField(max_length=10, default="due")
    first = models.BooleanField(default=False)  # opened when the person opens the work
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_queue_name_once"),
            models.UniqueConstraint(
                fields=["owner"], condition=models.Q(first=True), name="saved_queue_one_first"
            ),
        ]


class Exported(models.Model):  # 导出记录
    """A list that somebody took away as a file: which, filtered how, how many rows."""

    at = models.DateTimeField()
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10)  # work | matters
    filters = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="exported_at")]
