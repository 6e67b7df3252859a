"""Promise against what it took, for each stage and permit of a project, on one axis of days (甘特图).

What has not ended is expected to end as promised: a clock that stands goes on when the notice says, what is overdue
ends now, what has not begun begins when what it waits for ends. An expectation is nothing that was promised to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from yiwang.core import worktime
from yiwang.core.worktime import SHANGHAI
from yiwang.domains.approvals import registering, stages
from yiwang.domains.approvals.critical import Part, critical
from yiwang.domains.approvals.models import Item
from yiwang.domains.approvals.queries import Clock, ItemView, ProjectView, StageView
from yiwang.kernel.packs.approvals import Permit
from yiwang.kernel.registers.calendars import current_calendar


@dataclass(frozen=True, slots=True)
class Span:
    """When it began and ended, or is expected to. All None: it never will (what it waits for was refused).

    `promised`: the end by the promise alone, `due`: with the pauses and extensions it lawfully had."""

    begin: datetime | None
    end: datetime | None
    expected_begin: bool
    expected_end: bool
    promised: datetime | None
    due: datetime | None
    pauses: tuple[worktime.Hold, ...]


NEVER = Span(None, None, False, False, None, None, ())


@dataclass(frozen=True, slots=True)
class Row:
    item: ItemView
    span: Span
    critical: bool

    @property
    def clock(self) -> Clock:
        return self.item.clock


@dataclass(frozen=True, slots=True)
class StageRows:
    """`path`: the permits that decide when the stage ends, by their ends."""

    view: StageView
    span: Span
    rows: tuple[Row, ...]
    path: tuple[Permit, ...]


def plan(view: ProjectView, now: datetime) -> tuple[StageRows, ...]:
    """The rows of every stage of a project. Permits that a regional assessment takes away have none."""
    return _Plan(view, now).rows()


class _Plan:
    def __init__(self, view: ProjectView, now: datetime):
        self.view, self.now, self.calendar = view, now, current_calendar()
        gone = view.rules.approvals.removed(view.project.area, registering.day_of(now))
        self.items: dict[str, tuple[StageView, ItemView]] = {
            item.permit.slug: (stage, item)
            for stage in view.stages
            for item in stage.items
            if item.row is not None or stage.run is not None or item.permit.slug not in gone
        }
        self.spans: dict[str, Span] = {}
        self.parts: dict[str, Part] = {}
        self.begins: dict[str, datetime] = {}

    def rows(self) -> tuple[StageRows, ...]:
        ends: dict[str, Span] = {}
        begins = self.now  # from when a stage that was not applied for could begin: the end of the one before
        for stage in self.view.stages:
            self.begins[stage.stage.slug] = begins
            for item in stage.items:
                if item.permit.slug in self.items:
                    self._part(item.permit.slug)
            ends[stage.stage.slug] = span = self._stage(stage)
            begins = max(begins, span.end or begins)
        paths = {stage.stage.slug: self._path(stage) for stage in self.view.stages}
        marked = {slug for path in paths.values() for slug in path}
        known = self.view.rules.approvals.permits
        return tuple(
            StageRows(
                stage,
                ends[stage.stage.slug],
                tuple(
                    Row(item, self.spans[item.permit.slug], item.permit.slug in marked)
                    for item in stage.items
                    if item.permit.slug in self.items
                ),
                tuple(known[slug] for slug in paths[stage.stage.slug]),
            )
            for stage in self.view.stages
        )

    def _counted(self, stage: StageView) -> list[str]:
        """Permits that count into the clock of the stage and have an end; of the last attempt once there is one."""
        return [
            item.permit.slug
            for item in stage.items
            if item.permit.slug in self.parts
            and not item.permit.before
            and (item.row is None or stage.run is None or item.row.stage_id == stage.run.pk)
        ]

    def _path(self, stage: StageView) -> tuple[str, ...]:
        return critical(self.parts, self._counted(stage))

    def _part(self, slug: str) -> Span:
        """The span of a permit, after those of what it needs."""
        if slug in self.spans:
            return self.spans[slug]
        self.spans[slug] = NEVER  # a circle in the rules ends here
        stage, item = self.items[slug]
        needs = [
            one
            for one in stages.before(self.view.rules, item.permit, self.view.project.project_class)
            if one in self.items
        ]
        for one in needs:
            self._part(one)
        if item.row is None:
            release = stage.run.received_at if stage.run else self.begins.get(stage.stage.slug, self.now)
            span = self._waiting(item, needs, max(release, self.now))
            release = max(release, self.now)
        else:
            span, release = self._running(item, item.row), item.row.stage.received_at
            opened = item.row.matter.opened_at
            needs = [one for one in needs if one in self.parts and self.parts[one].end <= opened]
        self.spans[slug] = span
        if span.end is not None:
            self.parts[slug] = Part(release, span.end, tuple(needs))
        return span

    def _waiting(self, item: ItemView, needs: list[str], release: datetime) -> Span:
        """Of a permit that has not begun: it never will when something that it needs ended without being granted."""
        for one in needs:
            row = self.items[one][1].row
            if one not in self.parts or (row is not None and row.outcome not in ("", stages.GRANTED)):
                return NEVER
        begin = max([release, *(self.parts[one].end for one in needs)])
        end = self._due(begin, item.permit.promised)
        return Span(begin, end, True, True, end, end, ())

    def _running(self, item: ItemView, row: Item) -> Span:
        clock = item.clock
        if clock.start is None:  # not accepted yet, or never
            if row.outcome:
                return Span(row.matter.opened_at, row.decided_at, False, False, None, None, ())
            end = self._due(self.now, item.permit.promised)
            return Span(self.now, end, True, True, end, end, ())
        promised = self._due(clock.start, clock.promised)
        until = None
        if item.notice is not None:
            until = datetime.combine(item.notice.expected, time(23, 59, 59), SHANGHAI)
        due = self._due_of(clock, until)
        end = clock.end or max(self.now, due or self.now)
        return Span(clock.start, end, False, clock.end is None, promised, due, clock.holds)

    def _due(self, begin: datetime, promised: str) -> datetime:
        moment = worktime.due(self.calendar, begin, worktime.Limit.parse(promised)).moment
        return moment or begin

    def _due_of(self, clock: Clock, until: datetime | None) -> datetime | None:
        """Its due moment; while it stands, as if it went on at `until`, or now where nobody has said."""
        if clock.due is None or clock.due.moment is not None or clock.start is None:
            return clock.due.moment if clock.due else None
        goes_on = max(self.now, until or self.now)
        holds = [
            worktime.Hold(one.start, goes_on if one.end is None else one.end, one.reason)
            for one in clock.holds
        ]
        return worktime.due(self.calendar, clock.start, clock.due.limit, holds, clock.due.extension).moment

    def _stage(self, stage: StageView) -> Span:
        counted = [self.spans[slug] for slug in self._counted(stage)]
        clock = stage.clock
        begin = clock.start or min((one.begin for one in counted if one.begin), default=None)
        last = max((one.end for one in counted if one.end), default=None)
        if begin is None:
            return NEVER
        promised = self._due(begin, stage.promised)
        due = self._due_of(clock, None) if clock.start else promised
        end = clock.end or last
        return Span(begin, end, clock.start is None, clock.end is None, promised, due, clock.holds)


def days_between(stages_: tuple[StageRows, ...], now: datetime) -> tuple[datetime, datetime]:
    """The first midnight and the last of what is drawn."""
    spans = [one.span for one in stages_] + [row.span for one in stages_ for row in one.rows]
    moments = [at for span in spans for at in (span.begin, span.end, span.due, span.promised) if at]
    first, last = min([*moments, now]), max([*moments, now])
    return _midnight(first), _midnight(last) + timedelta(days=1)


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(SHANGHAI).date(), time(0), SHANGHAI)
