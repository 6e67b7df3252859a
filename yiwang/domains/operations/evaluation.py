"""综合评价: the rates for areas, departments and posts, by day to year, with exact numerators and denominators.

A duty belongs to the period in which it was done or fell due, whichever came first, so it is counted once, and
from the moment it is overdue, not from when it is closed. A past period is judged as it stood at its end.
A duty whose appeal was granted is in no numerator and no denominator; `overdue_facts` still lists it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Avg,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import gettext as _

from yiwang.domains.operations.models import Appeal, Report
from yiwang.domains.operations.periods import Period
from yiwang.domains.operations.rates import Table, table
from yiwang.kernel.access.policy import matters_filter
from yiwang.kernel.errors import Denied, Invalid
from yiwang.kernel.matters.models import Matter, Task

OBJECTS = ("area", "unit", "post")
LEVELS = {"district": 6, "subdistrict": 9, "community": 12}
KIND = "incident"
CASE_LINKS = ("dispatch", "handle", "feedback", "verify", "close")  # what happens after filing
GOOD_STARS = 4


def evaluate(
    by: str, period: Period, now: datetime, *, level: str = "subdistrict", actor: Any = None, area: str = ""
) -> Table:
    """The table for areas of a `level`, for units, or for posts. Five queries.

    With `actor`, only matters that the actor may evaluate. `area`: only inside it. Raises Invalid, Denied.
    """
    as_of = min(now, period.end)
    return table(by, period, as_of, count(by, period, as_of, level=level, actor=actor, area=area))


def count(
    by: str, period: Period, as_of: datetime, *, level: str = "subdistrict", actor: Any = None, area: str = ""
) -> dict[str, dict[str, Any]]:
    """What `evaluate` shows, as it stood at `as_of`: for each key its counters, without names and rates."""
    if by not in OBJECTS:
        raise Invalid(_("Evaluated are: %(known)s.") % {"known": ", ".join(OBJECTS)}, where="by")
    scope = _scope(actor, area)
    keys = _Keys(by, LEVELS.get(level, 9))
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for source in (_of_tasks, _of_filings, _of_matters, _of_reports):
        for row in source(keys, period, as_of, scope):
            key = row.pop("key") or ""
            person = row.pop("person", None)
            found[f"{key}:{person or ''}" if by == "post" else key].update(row)
    return dict(found)


def overdue_facts(
    period: Period, now: datetime, *, actor: Any = None, area: str = "", unit: str = "", most: int = 500
) -> list[dict]:
    """Every task that fell due in the period and was not done by then, appeals granted or not; the oldest first.

    With `actor`, only of matters that the actor may see.
    """
    as_of = min(now, period.end)
    tasks = Task.objects.filter(_overdue(as_of), kind=KIND, due_at__gte=period.start, due_at__lt=as_of)
    if actor is not None:
        tasks = tasks.filter(matters_filter(actor, "see", of="matter__"))
    tasks = tasks.filter(_inside("area", area)) if area else tasks
    tasks = tasks.filter(unit=unit) if unit else tasks
    return list(
        tasks.order_by("due_at", "id").values(
            "id",
            "link",
            "post",
            "unit_id",
            "area_id",
            "limit",
            "due_at",
            "done_at",
            "outcome",
            number=F("matter__number"),
            title=F("matter__title"),
            appeal_state=F("appeal__state"),
        )[:most]
    )


# Where a count belongs


class _Keys:
    """How rows are grouped: the key of a task, a matter and a report, and what keys are called."""

    def __init__(self, by: str, digits: int) -> None:
        self.by, self.digits = by, digits

    def of_task(self, rows: QuerySet) -> QuerySet:
        if self.by == "area":
            return rows.annotate(key=Substr("area_id", 1, self.digits)).values("key")
        if self.by == "unit":
            return rows.annotate(key=F("unit_id")).values("key")
        return rows.annotate(key=F("post"), person=Coalesce("done_by_id", "assignee_id")).values(
            "key", "person"
        )

    def of_matter(self, rows: QuerySet, prefix: str = "") -> QuerySet | None:
        if self.by == "area":
            return rows.annotate(key=Substr(f"{prefix}area_id", 1, self.digits)).values("key")
        if self.by == "unit":
            return rows.annotate(key=F(f"{prefix}unit_id")).values("key")
        return None  # matters and reports belong to no post


@dataclass(frozen=True, slots=True)
class _Scope:
    tasks: Q
    matters: Q
    of_matter: Q  # over rows that have a matter


def _scope(actor: Any, area: str) -> _Scope:
    tasks, matters, of_matter = Q(kind=KIND), Q(kind=KIND), Q(matter__kind=KIND)
    if area:
        tasks, matters, of_matter = (
            tasks & _inside("area", area),
            matters & _inside("area", area),
            of_matter & _inside("matter__area", area),
        )
    if actor is not None and actor.kind != "system":
        if "evaluate" not in getattr(actor, "reach", {}):
            raise Denied(_("Your posts do not allow this."), reason="not_granted", action="evaluate")
        seen = matters_filter(actor, "evaluate", of="matter__")
        tasks, matters, of_matter = (
            tasks & seen,
            matters & matters_filter(actor, "evaluate"),
            of_matter & seen,
        )
    return _Scope(tasks, matters, of_matter)


def _inside(field: str, area: str) -> Q:
    return Q(**{f"{field}__gte": area, f"{field}__lte": area.ljust(12, "9")})


# What is counted


def exempt() -> Exists:
    """Of a task: an appeal against its being overdue was granted."""
    return Exists(Appeal.objects.filter(task=OuterRef("pk"), state="granted"))


# The same over the task's own appeal, read once a row, however many counts ask for it.
EXEMPT = Q(appeal__state="granted")


def _overdue(as_of: datetime) -> Q:
    """Not done by its due moment, as it stood at `as_of`."""
    return ~Q(state="dropped") & Q(due_at__lt=as_of) & (Q(done_at=None) | Q(done_at__gt=F("due_at")))


def done_in_time(start: datetime, as_of: datetime) -> Q:
    """Tasks done from `start` until before `as_of`, not later than they were due."""
    return Q(done_at__gte=start, done_at__lt=as_of) & (Q(due_at=None) | Q(done_at__lte=F("due_at")))


def fell_due(start: datetime, as_of: datetime) -> Q:
    """Tasks that fell due from `start` until before `as_of` and were not done by then."""
    return Q(due_at__gte=start, due_at__lt=as_of) & (Q(done_at=None) | Q(done_at__gt=F("due_at")))


def given_back_in_time(in_time: Q) -> Q:
    """Giving a task back in time is right and no duty; keeping what is not one's own until it is late is not."""
    return Q(outcome="not_ours") & in_time


def _of_tasks(keys: _Keys, period: Period, as_of: datetime, scope: _Scope) -> Iterable[dict]:
    """Duties of each link that were done or fell due in the period."""
    in_time, missed = done_in_time(period.start, as_of), fell_due(period.start, as_of)
    rows = Task.objects.filter(scope.tasks, in_time | missed).exclude(state="dropped")
    rows = keys.of_task(rows.annotate(given_back=_given_back()))
    counted = ~EXEMPT
    done = Q(done_at__lt=as_of)
    handle = Q(link="handle") & counted
    duty = handle & ~given_back_in_time(in_time)
    verify, dispatch = Q(link="verify") & counted, Q(link="dispatch") & counted
    precheck = Q(node="precheck") & counted
    return rows.annotate(
        handle_due=Count("pk", filter=duty),
        handled=Count("pk", filter=duty & done & ~Q(outcome="not_ours")),
        handled_on_time=Count("pk", filter=duty & in_time),
        handled_late=Count("pk", filter=duty & missed & done & ~Q(outcome="not_ours")),
        overdue_open=Count("pk", filter=duty & missed & ~done),
        extended=Count("pk", filter=duty & ~Q(extension="")),
        returned=Count("pk", filter=handle & Q(outcome="not_ours") & done),
        dispatch_due=Count("pk", filter=dispatch),
        dispatched_on_time=Count("pk", filter=dispatch & in_time),
        dispatched_rightly=Count("pk", filter=dispatch & done & Q(outcome="dispatch", given_back=False)),
        verify_due=Count("pk", filter=verify),
        verified_on_time=Count("pk", filter=verify & in_time),
        precheck_due=Count("pk", filter=precheck),
        prechecked_on_time=Count("pk", filter=precheck & in_time),
        exempt=Count("pk", filter=EXEMPT),
        handling_time=Avg(
            ExpressionWrapper(F("done_at") - F("clock_from"), DurationField()),
            filter=duty & done & Q(outcome="done"),
        ),
    ).order_by()


def _given_back() -> Exists:
    """Of a dispatch: the handling that it began was given back as not the unit's duty."""
    return Exists(
        Task.objects.filter(
            matter=OuterRef("matter"), link="handle", opened_at=OuterRef("done_at"), outcome="not_ours"
        )
    )


def _of_filings(keys: _Keys, period: Period, as_of: datetime, scope: _Scope) -> Iterable[dict]:
    """Filings done in the period, by whom it was filed. Departments file nothing."""
    if keys.by == "unit":
        return ()
    again = Task.objects.filter(matter=OuterRef("matter"), node="file", opened_at__gt=OuterRef("done_at"))
    rows = Task.objects.filter(
        scope.tasks, node="file", outcome="file", done_at__gte=period.start, done_at__lt=as_of
    ).annotate(again=Exists(again.filter(opened_at__lt=as_of)))
    rows = keys.of_task(rows.exclude(EXEMPT))
    voided = Q(matter__state="void", matter__closed_at__lt=as_of)
    return rows.annotate(
        filed=Count("pk"),
        filed_on_time=Count("pk", filter=Q(due_at=None) | Q(done_at__lte=F("due_at"))),
        filed_rightly=Count("pk", filter=Q(again=False) & ~voided),
    ).order_by()


def _of_matters(keys: _Keys, period: Period, as_of: datetime, scope: _Scope) -> Iterable[dict]:
    """Filed matters that were closed, or had a step overdue for the first time, in the period.

    Two queries, each from its own few rows: the late steps of the period, and what was closed in it without any.
    """
    late = Task.objects.filter(_overdue(as_of), link__in=CASE_LINKS).exclude(EXEMPT)
    missed = late.filter(
        scope.of_matter,
        ~Exists(late.filter(matter=OuterRef("matter"), due_at__lt=period.start)),
        due_at__gte=period.start,
        matter__filed_at__lt=as_of,
        matter__state__in=("open", "closed"),
    )
    in_time = Matter.objects.filter(
        scope.matters,
        ~Exists(late.filter(matter=OuterRef("pk"))),
        state="closed",
        closed_at__gte=period.start,
        closed_at__lt=as_of,
        filed_at__lt=as_of,
    )
    of_late, of_others = keys.of_matter(missed, "matter__"), keys.of_matter(in_time)
    if of_late is None or of_others is None:
        return ()
    closed = Q(matter__state="closed", matter__closed_at__lt=as_of)
    found: dict[str, dict] = {}
    for row in of_late.annotate(
        close_due=Count("matter", distinct=True),
        closed_late=Count("matter", distinct=True, filter=closed),
        reworked=Count("matter", distinct=True, filter=Q(matter__reworks__gt=0)),
    ).order_by():
        found[row["key"]] = row | {"closed": row["closed_late"], "closed_on_time": 0}
    for row in of_others.annotate(n=Count("pk"), again=Count("pk", filter=Q(reworks__gt=0))).order_by():
        one = found.setdefault(
            row["key"], {"key": row["key"], "close_due": 0, "closed": 0, "closed_late": 0, "reworked": 0}
        )
        one["closed_on_time"] = row["n"]
        for name, more in (("close_due", row["n"]), ("closed", row["n"]), ("reworked", row["again"])):
            one[name] += more
    return found.values()


def _of_reports(keys: _Keys, period: Period, as_of: datetime, scope: _Scope) -> Iterable[dict]:
    """Reports received in the period and what became of them, and how their reporters judge."""
    rows = Report.objects.filter(scope.of_matter, received_at__gte=period.start, received_at__lt=as_of)
    grouped = keys.of_matter(rows, "matter__")
    if grouped is None:
        return ()
    filed = Q(matter__filed_at__lt=as_of)
    voided = Q(matter__state__in=("void", "withdrawn"), matter__closed_at__lt=as_of)
    joined = Q(matter__state="merged", matter__closed_at__lt=as_of)
    rated = Q(rated_at__lt=as_of)
    return grouped.annotate(
        reports=Count("pk"),
        valid_reports=Count("pk", filter=(filed | joined) & ~voided),
        filed_reports=Count("pk", filter=filed & ~voided),
        rated=Count("pk", filter=rated),
        satisfied=Count("pk", filter=rated & Q(rating__gte=GOOD_STARS)),
        solved_said=Count("pk", filter=rated & Q(solved__isnull=False)),
        solved=Count("pk", filter=rated & Q(solved=True)),
    ).order_by()
