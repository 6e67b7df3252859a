"""What people see of projects: the list, and one project with its stages, items, limits and lights.

A project is seen by who may see its matter; the filter is that of matters, in SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from yiwang.core import worktime
from yiwang.core.codes.masks import mask_name, mask_phone
from yiwang.domains.approvals import stages, works
from yiwang.domains.approvals.models import HoldNotice, Item, Opinion, Project, StageRun
from yiwang.domains.approvals.stage_clock import Took, standing, took
from yiwang.kernel.access.policy import Subject, covers, decide, matters_filter, tasks_filter
from yiwang.kernel.errors import NotFound
from yiwang.kernel.matters import store
from yiwang.kernel.matters.case import Case
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.approvals import Permit, Stage
from yiwang.kernel.packs.rulebook import Rulebook, current, rulebook
from yiwang.kernel.registers.calendars import current_calendar

KIND = "approval_project"
LISTED = 50
# Little is left: at most so many working days, or so much of the whole.
YELLOW_DAYS, YELLOW_SHARE = 2, 0.3


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise against what it took. `due` None: not begun, or it has no promise; `light` green | yellow | red | ''."""

    promised: str
    start: datetime | None
    end: datetime | None
    due: worktime.Due | None
    took: Took | None  # up to the end, or up to now while it is open
    holds: tuple[worktime.Hold, ...]
    held: bool
    left: int | None  # working days; below zero: overdue
    light: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """`row` None: applied for and waiting for `waits_for`, or not applied for."""

    permit: Permit
    row: Item | None
    case: Case | None
    clock: Clock
    waits_for: tuple[str, ...]  # permits that must be granted before
    opinions: tuple[Opinion, ...]
    notice: HoldNotice | None  # that stands

    @property
    def state(self) -> str:
        """granted | refused | not_accepted | given_up | held | missing | open | accepting | waiting | none"""
        if self.row is None:
            return "waiting" if self.waits_for else "none"
        if self.row.outcome:
            return self.row.outcome
        nodes = {task.node for task in self.case.open_tasks} if self.case else set()
        if "supplement" in nodes:
            return "missing"
        if self.clock.held:
            return "held"
        return "accepting" if "accept" in nodes else "open"


@dataclass(frozen=True, slots=True)
class StageView:
    """`runs` are the attempts, the last one last; the clock is that of the last one."""

    stage: Stage
    promised: str
    runs: tuple[StageRun, ...]
    clock: Clock
    items: tuple[ItemView, ...]
    removed: tuple[tuple[Permit, str], ...]  # taken away, and by which regional assessment

    @property
    def run(self) -> StageRun | None:
        return self.runs[-1] if self.runs else None


@dataclass(frozen=True, slots=True)
class ProjectView:
    project: Project
    rules: Rulebook
    total: str  # the promise of the whole
    promise_status: str
    promise_source: str
    stages: tuple[StageView, ...]
    working: int  # the sum of what the stages took
    span: int | None  # calendar days from the first acceptance to the last decision, or to now
    contact_name: str  # masked
    contact_phone: str


def clock_of(
    promised: str,
    start: datetime | None,
    end: datetime | None,
    holds: tuple[worktime.Hold, ...],
    now: datetime,
    extension: str = "",
) -> Clock:
    """The clock of an item or of a stage at a moment."""
    if start is None:
        return Clock(promised, None, end, None, None, (), False, None, "")
    calendar, known = current_calendar(), tuple(one for one in holds if end is None or one.start < end)
    measured = took(calendar, start, end or now, known)
    if not promised:
        return Clock(promised, start, end, None, measured, known, False, None, "")
    limit = worktime.Limit.parse(promised)
    more = worktime.Limit.parse(extension) if extension else None
    whole = worktime.due(calendar, start, limit, known, more)
    held = end is None and any(one.end is None for one in known)
    moment = end or now
    late = whole.moment is not None and moment > whole.moment
    left = whole.total.amount - measured.working
    if end is None and whole.moment is not None:
        left = worktime.remaining(calendar, start, now, limit, known, more)
    light = _light(left, whole.total.amount, late)
    return Clock(promised, start, end, whole, measured, known, held, left, light)


def _light(left: int, whole: int, late: bool) -> str:
    if late:
        return "red"
    return "yellow" if left <= YELLOW_DAYS or left <= YELLOW_SHARE * whole else "green"


def listed(
    actor: Any,
    *,
    words: str = "",
    project_class: str = "",
    state: str = "",
    stage: str = "",
    overdue: datetime | None = None,
    after: str = "",
) -> tuple[list[Project], str]:
    """Projects that the actor may see, the newest first, and where the next page begins ('' at the end).

    `stage`: those that are in it now; `overdue`: those of which a stage, or a step of a permit, is overdue at that moment.
    """
    rows = Project.objects.filter(_seen(actor), district=current().district).select_related("matter")
    if words:
        rows = rows.filter(Q(code=words) | Q(matter__number=words) | Q(name__contains=words))
    if project_class:
        rows = rows.filter(project_class=project_class)
    if state in ("open", "closed", "void"):
        rows = rows.filter(matter__state=state)
    if stage:
        rows = rows.filter(
            Exists(StageRun.objects.filter(project=OuterRef("pk"), stage=stage, matter__state="open"))
        )
    if overdue is not None:
        late = {"project": OuterRef("pk"), "matter__state": "open", "matter__held": False}
        late["matter__due_at__lt"] = overdue
        rows = rows.filter(Exists(StageRun.objects.filter(**late)) | Exists(Item.objects.filter(**late)))
    if after:
        last = Project.objects.filter(code=after).first()
        if last is not None:
            rows = rows.filter(
                Q(registered_at__lt=last.registered_at) | Q(registered_at=last.registered_at, pk__lt=last.pk)
            )
    found = list(rows.order_by("-registered_at", "-pk")[: LISTED + 1])
    return found[:LISTED], found[LISTED - 1].code if len(found) > LISTED else ""


def stands(projects: Iterable[Project]) -> dict[Any, list[tuple[StageRun, Matter]]]:
    """The stages of several projects with their matters, in one query: what a list shows."""
    found: dict[Any, list] = {project.pk: [] for project in projects}
    rows = StageRun.objects.filter(project__in=found).select_related("matter").order_by("received_at")
    for row in rows:
        found[row.project_id].append((row, row.matter))
    return found


def _seen(actor: Any) -> Q:
    """Projects whose own matter the actor may see, or one of whose items: who decides a permit sees the whole."""
    if actor.kind == "system":  # whose filter is empty, which joined by "or" would mean nothing
        return Q()
    own = [one for one in actor.reach.get("see", ()) if covers(one.kinds, KIND)] if actor.signed_in else []
    if any(one.units is None for one in own):  # then no item adds a project that is not reached anyway
        return matters_filter(actor, "see", of="matter__")
    items = Item.objects.filter(matters_filter(actor, "see", of="matter__"))
    return matters_filter(actor, "see", of="matter__") | Q(pk__in=items.values("project"))


def sees(actor: Any, project: Project) -> bool:
    if decide(actor, "see", Subject.of_matter(project.matter)):
        return True
    worked = Task.objects.filter(tasks_filter(actor), state="open", matter__approval_item__project=project)
    return worked.exists() or Project.objects.filter(_seen(actor), pk=project.pk).exists()


def visible(actor: Any, code: str) -> Project:
    """The project of this code or number. NotFound also where it may not be seen, so that codes can't be probed."""
    rows = Project.objects.select_related("matter")
    found = rows.filter(Q(code=code) | Q(matter__number=code)).first()
    if found is None or not sees(actor, found):
        raise NotFound(
            _("There is no project %(code)s that you may see.") % {"code": code[:40]}, code="no_project"
        )
    return found


def view(project: Project, now: datetime) -> ProjectView:
    """Everything about a project, in ten queries however many items it has. The caller has checked who may see it."""
    rules = rulebook(project.matter.pack_id)
    promise = stages.promise_of(project, rules)
    runs = list(project.stages.select_related("matter").order_by("received_at", "attempt"))
    items = list(project.items.select_related("matter").order_by("matter__opened_at", "pk"))
    cases = store.load_many([item.matter for item in items])
    opinions: dict[Any, list[Opinion]] = {}
    for one in Opinion.objects.filter(item__in=items).order_by("at", "pk"):
        opinions.setdefault(one.item_id, []).append(one)
    notices = {one.item_id: one for one in HoldNotice.objects.filter(item__in=items, ended_at=None)}
    last: dict[str, Item] = {item.permit: item for item in items}
    granted = {item.permit for item in items if item.outcome == stages.GRANTED}
    found = []
    for slug, promised in promise.stages.items():
        own = tuple(run for run in runs if run.stage == slug)
        removed = dict(own[-1].removed) if own else {}
        views = []
        for permit in rules.approvals.of_stage(slug, project.project_class):
            if permit.slug in removed:
                continue
            row = last.get(permit.slug)
            ahead = [one for one in stages.before(rules, permit, project.project_class) if one not in removed]
            waits = tuple(one for one in ahead if one not in granted) if row is None and own else ()
            views.append(
                _item(
                    permit,
                    row,
                    cases.get(row.pk) if row else None,
                    waits,
                    tuple(opinions.get(row.pk, ())) if row else (),
                    notices.get(row.pk) if row else None,
                    now,
                )
            )
        gone = tuple((rules.approvals.permits[one], by) for one, by in removed.items())
        clock = _stage_clock(promised, own, items, cases, rules, now)
        found.append(StageView(rules.approvals.stages[slug], promised, own, clock, tuple(views), gone))
    starts = [one.clock.start for one in found if one.clock.start]
    ends = [one.clock.end or now for one in found if one.clock.start]
    return ProjectView(
        project,
        rules,
        promise.total,
        promise.status,
        promise.source,
        tuple(found),
        sum(one.clock.took.working for one in found if one.clock.took),
        (max(ends) - min(starts)).days if starts else None,
        mask_name(project.contact_name),
        mask_phone(project.contact_phone),
    )


def _item(
    permit: Permit,
    row: Item | None,
    case: Case | None,
    waits: tuple[str, ...],
    opinions: tuple[Opinion, ...],
    notice: HoldNotice | None,
    now: datetime,
) -> ItemView:
    if row is None or case is None:
        return ItemView(permit, None, None, clock_of(permit.promised, None, None, (), now), waits, (), None)
    return ItemView(permit, row, case, item_clock(permit, case, now), (), opinions, notice)


def item_clock(permit: Permit, case: Case, now: datetime) -> Clock:
    """The promise of a permit against what it took, with what it was extended by."""
    times = works.times_of(case)
    longer = sum(
        worktime.Limit.parse(task.extension).amount
        for task in case.tasks.values()
        if task.extension and task.node in ("review", "decide", "give")
    )
    return clock_of(
        str(case.data.get("promised_limit") or permit.promised),
        times.accepted,
        times.ended if times.accepted else None,
        works.holds_of(case, times.accepted),
        now,
        f"{longer}wd" if longer else "",
    )


def _stage_clock(
    promised: str,
    runs: tuple[StageRun, ...],
    items: Iterable[Item],
    cases: Mapping[Any, Case],
    rules: Rulebook,
    now: datetime,
) -> Clock:
    """From the first acceptance of the last attempt to the last decision, without what blocked the whole stage."""
    if not runs:
        return clock_of(promised, None, None, (), now)
    run = runs[-1]
    own = [
        cases[item.pk]
        for item in items
        if item.stage_id == run.pk and not rules.approvals.permits[item.permit].before
    ]
    times = [works.times_of(case) for case in own]
    start = min((one.accepted for one in times if one.accepted), default=None)
    end = None
    if run.matter.state != "open":
        end = max((one.ended for one in times if one.ended), default=run.matter.closed_at)
    holds = standing([work for case in own for work in works.works_of(case)], start)
    return clock_of(run.promised, start, end, holds, now)
