"""What was counted of each complete day: how long steps took, what was reported. Rebuilt from tasks and matters."""

from __future__ import annotations

from django.db import models


class CountedDay(models.Model):  # 已统计日
    """A day (of Shanghai) whose finished steps and new matters were counted, and when."""

    day = models.DateField(primary_key=True)
    counted_at = models.DateTimeField()
    steps = models.PositiveIntegerField()
    matters = models.PositiveIntegerField()


class StepDay(models.Model):  # 环节日统计
    """The steps of one node that were finished on one day."""

    day = models.DateField()
    kind = models.CharField(max_length=40)  # kind of matters
    node = models.CharField(max_length=60)
    done = models.PositiveIntegerField()
    with_due = models.PositiveIntegerField()  # those that had a due moment
    late = models.PositiveIntegerField()  # those of them that were done after it
    elapsed = models.JSONField()  # {bucket of spread: how many}, calendar seconds from opened to done
    worked = models.JSONField()  # the same in office hours while the clock ran
    outcomes = models.JSONField()  # {outcome: how many}
    # {materials that were told missing, by name with commas: how many times}
    lacking = models.JSONField(default=dict)
    again = models.PositiveIntegerField(default=0)  # those that looked once more at what was sent back

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "kind", "node"], name="step_day_once")]


class ClassDay(models.Model):  # 类别日统计
    """The matters of one class that were received on one day."""

    day = models.DateField()
    standard = models.CharField(max_length=40)
    class_code = models.CharField(max_length=11)
    matters = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "class_code", "day"], name="class_day_once")
        ]
