"""What those above and the units ask of each other in the demonstration: a few of each, by the real actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import F, Max

from yiwang.domains.operations import appeals, supervision
from yiwang.kernel.errors import Problem
from yiwang.kernel.matters.models import Task
from yiwang.project.demo.accounts import Staff

DAY = dt.timedelta(days=1)
CHASES = (
    ("已超期，请今日到场处置并报进展", "已派人到场，今天下班前处理完毕。"),
    ("群众多次反映，请负责人到现场督办", ""),
    ("请说明超期原因和完成时限", "配件今天到货，明天上午安装。"),
    ("请抓紧处置，先做好围挡和警示", ""),
    ("此处靠近学校，请优先处置", ""),
)
EXTENSIONS = (
    ("需要夜间封闭车道施工，申请延期", None, ""),
    ("井盖需要定制，厂家明天发货", True, "同意"),
    ("近期工单较多，人手不够", False, "人手安排不是延期的理由，请按期完成"),
)
BOOKS = (
    ("地块正在征收，征收完成前不具备改造条件", True, "同意挂账，先做好安全防护"),
    ("涉及地下管线迁改，已列入明年改造计划", True, "同意挂账"),
    ("产权单位已注销，正在协调接管单位", None, ""),
)
APPEALS = (
    ("现场被车辆占压，多次联系车主未到，附照片", ()),
    ("当日暴雨，按规定停止户外作业", (True,)),
    ("系统派遣时责任单位有误，二次派遣后已按时完成", (True, True)),
)


def play(staff: Staff, now: dt.datetime) -> int:
    """Gives how much was done. Where the district has too little of something, less is done."""
    return sum((_chases(staff, now), _extensions(staff, now), _books(staff, now), _appeals(staff, now)))


def _chases(staff: Staff, now: dt.datetime) -> int:
    boss, began = staff.post("supervisor"), now - DAY
    late = _quiet(now, due_at__lt=began - DAY, due_at__gt=now - 20 * DAY)
    done = 0
    for number, (task, (note, answer)) in enumerate(zip(late, CHASES, strict=False)):
        reply_by = now - dt.timedelta(hours=2) if number % 2 else now + dt.timedelta(hours=6)
        row = supervision.chase(actor=boss, matter=task.matter_id, note=note, reply_by=reply_by, now=began)
        if answer:
            at = began + dt.timedelta(hours=3)
            supervision.reply(actor=staff.handler(task.unit_id), chase=row.pk, note=answer, now=at)
        done += 1
    return done


def _extensions(staff: Staff, now: dt.datetime) -> int:
    soon = (
        task
        for task in _quiet(now, due_at__gt=now + dt.timedelta(hours=1))
        if task.limit.endswith("wd") and not task.extension
    )
    done = 0
    for note, approve, opinion in EXTENSIONS:
        for task in soon:
            try:
                row = supervision.ask_extension(
                    actor=staff.handler(task.unit_id), task=task.pk, limit="1wd", note=note, now=now - DAY
                )
            except Problem:
                continue  # extended before: the next one
            _decided(staff.post("supervisor"), row.pk, approve, opinion, now)
            done += 1
            break
    return done


def _books(staff: Staff, now: dt.datetime) -> int:
    done = 0
    for (note, approve, opinion), task in zip(BOOKS, _quiet(now, due_at__gt=now + DAY), strict=False):
        review_on = (now + (20 + 10 * done) * DAY).date()
        row = supervision.ask_hang_up(
            actor=staff.reviewer(task.unit_id),
            matter=task.matter_id,
            review_on=review_on,
            note=note,
            now=now - DAY,
        )
        _decided(staff.post("duty-leader"), row.pk, approve, opinion, now)
        done += 1
    return done


def _decided(actor, request, approve: bool | None, opinion: str, now: dt.datetime) -> None:
    if approve is not None:
        at = now - dt.timedelta(hours=5)
        supervision.decide_request(actor=actor, request=request, approve=approve, opinion=opinion, now=at)


def _appeals(staff: Staff, now: dt.datetime) -> int:
    rows = Task.objects.filter(
        link="handle",
        state="done",
        due_at__gt=now - 40 * DAY,
        done_at__gt=F("due_at"),
        matter__state="closed",
        matter__closed_at__lt=now - 2 * DAY,
    )
    done = 0
    reviewers = (staff.post("duty-leader"), staff.post("supervisor"))
    for (reason, reviews), task in zip(APPEALS, rows.order_by("due_at", "pk")[:50], strict=False):
        row = appeals.appeal(actor=staff.reviewer(task.unit_id), task=task.pk, reason=reason, now=now - DAY)
        for actor, support in zip(reviewers, reviews, strict=False):
            at = now - dt.timedelta(hours=6)
            appeals.review(actor=actor, appeal=row.pk, support=support, opinion="情况属实", now=at)
        done += 1
    return done


def _quiet(now: dt.datetime, **which) -> Iterator[Task]:
    """Open handlings on which nothing has happened for more than a day, whose clock runs; each matter once."""
    rows = Task.objects.filter(link="handle", state="open", held=False, unit__isnull=False, **which)
    rows = rows.select_related("matter").order_by("due_at", "pk")[:400]
    last = dict(
        Task.objects.filter(pk__in=[row.pk for row in rows])
        .annotate(last=Max("matter__events__at"))
        .values_list("pk", "last")
    )
    taken = Task.objects.filter(pk__in=[row.pk for row in rows])
    busy = set(taken.filter(matter__requests__isnull=False).values_list("pk", flat=True))
    return (row for row in rows if last[row.pk] < now - DAY and row.pk not in busy)
