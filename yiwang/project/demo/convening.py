"""Joint meetings in the demonstration: one that was held, whose resolutions are followed, and one to come."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yiwang.core import worktime
from yiwang.domains.approvals import changing, meetings
from yiwang.domains.approvals.models import Project, Resolution
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.matters import actions, store
from yiwang.kernel.matters.models import Task
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.project.demo.accounts import Staff

LEAD = "natural-resources"
HELD, TO_COME = (UUID(int=0x7E1 << 112 | number) for number in (1, 2))


def working_days(count: int, now: dt.datetime) -> list[dt.datetime]:
    """Ten o'clock of so many working days, the last one today or before."""
    calendar, day = current_calendar(), now.astimezone(worktime.SHANGHAI).date()
    found: list[dt.datetime] = []
    while len(found) < count:
        at = dt.datetime.combine(day, dt.time(10), worktime.SHANGHAI)
        if calendar.day(day).working and at <= now:
            found.append(at)
        day -= dt.timedelta(days=1)
    return found[::-1]


def play(staff: Staff, projects: list[Project], now: dt.datetime) -> None:
    """`projects`: two that are in the stage of the works. The days are counted back from `now`."""
    days, lead = working_days(16, now), staff.post(f"stage-lead-{LEAD}")
    with store.one_transaction():
        _held(staff, lead, projects, days)
        _to_come(staff, lead, projects, days, now)


def _held(staff: Staff, lead: Actor, projects: list[Project], days: list[dt.datetime]) -> None:
    """Opinions, minutes, three resolutions: one confirmed, one reported as done, one under way."""
    meeting = meetings.convene(
        actor=lead,
        id=HELD,
        lead=LEAD,
        at=days[3].replace(hour=14),
        place="区政务服务中心 301 会议室（示例）",
        agenda=[
            {"project": projects[0].code, "permit": "scheme-review", "question": "方案退线距离与绿地率"},
            {"project": projects[1].code, "permit": "", "question": "供水接入点的选择"},
        ],
        attending=["greening", "municipal", "civil-defence"],
        now=days[0],
    )
    agree = {"opinion_1": "agree", "opinion_2": "agree"}
    said = {"opinion_1": "conditions", "reason_1": "移栽乔木三株，绿地率不低于百分之三十五（示例）"}
    for unit, day, opinions in (
        ("greening", days[1], agree | said),
        ("municipal", days[2], agree),
        ("civil-defence", days[3], agree),
    ):
        _act(meeting.pk, "opinion", "given", day, staff.post(f"service-reviewer-{unit}"), unit, **opinions)
    _act(
        meeting.pk,
        "conclude",
        "closed",
        days[4],
        lead,
        summary="原则同意方案，按各部门意见修改后报批。",
        condition_limit="15",
        text_1="核实供水接入点并出具路由图",
        unit_1="municipal",
        limit_1="5",
        item_1="2",
        text_2="复核退线距离，书面答复建设单位",
        unit_2="natural-resources",
        limit_2="8",
        item_2="1",
    )
    supply, line, _condition = Resolution.objects.filter(meeting=meeting).order_by("place")
    done = (supply, "municipal", days[7]), (line, "natural-resources", days[11])
    for row, unit, day in done:
        who = staff.post(f"service-reviewer-{unit}")
        _act(row.pk, "do", "done", day, who, reason="已现场核实，成果已交牵头部门（示例）")
    _act(supply.pk, "confirm", "confirmed", days[8], lead)


def _to_come(
    staff: Staff, lead: Actor, projects: list[Project], days: list[dt.datetime], now: dt.datetime
) -> None:
    """Called two working days ago, moved yesterday; one department has spoken."""
    meeting = meetings.convene(
        actor=lead,
        id=TO_COME,
        lead=LEAD,
        at=_ahead(2, now),
        place="区政务服务中心 301 会议室（示例）",
        agenda=[{"project": projects[1].code, "permit": "", "question": "施工期间交通组织与管线保护"}],
        attending=["municipal", "greening"],
        now=days[-3],
    )
    changing.change(
        actor=lead,
        meeting=meeting,
        reason="会议室另有安排，改期一天",
        at=_ahead(3, now),
        place="区政务服务中心 405 会议室（示例）",
        now=days[-2],
    )
    unit = "municipal"
    who = staff.post(f"service-reviewer-{unit}")
    _act(meeting.pk, "opinion", "given", days[-1], who, unit, opinion_1="agree")


def _ahead(count: int, now: dt.datetime) -> dt.datetime:
    """Half past nine on the working day so many after today."""
    calendar, day = current_calendar(), now.astimezone(worktime.SHANGHAI).date()
    while count:
        day += dt.timedelta(days=1)
        count -= calendar.day(day).working
    return dt.datetime.combine(day, dt.time(9, 30), worktime.SHANGHAI)


def _act(
    matter: UUID, node: str, outcome: str, now: dt.datetime, actor: Actor, unit: str = "", **data: str
) -> None:
    rows = Task.objects.filter(matter=matter, node=node, state="open")
    task = rows.get(unit=unit) if unit else rows.get()
    actions.complete(actor=actor, task=task.pk, outcome=outcome, data=data, now=now)
