"""综合评价: the rates for areas, departments and posts, by day to year, with exact numerators and denominators.

A duty belongs to the period in which it was done or fell due, whichever came first, so it is counted once, and
from the moment it is overdue, not from when it is closed. A past period is judged as it stood at its end.
A duty whose appeal was granted is in no numerator and no denominator; `overdue_facts` still lists it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Avg,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.domains.operations.measures import COUNTERS, MEASURES, Measure
from yiwang.domains.operations.models import Appeal, Report
from yiwang.domains.operations.periods import Period
from yiwang.kernel.access.models import User
from yiwang.kernel.access.policy import matters_filter
from yiwang.kernel.errors import Denied, Invalid
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.matters.store import ZONE
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers

OBJECTS = ("area", "unit", "post")
LEVELS = {"district": 6, "subdistrict": 9, "community": 12}
KIND = "incident"
CASE_LINKS = ("dispatch", "handle", "feedback", "verify", "close")  # what happens after filing
GOOD_STARS = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """`value` is None where there is nothing to divide by."""

    measure: Measure
    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def text(self) -> str:
        return "—" if self.value is None else f"{100 * self.value:.1f}%"

    def as_dict(self) -> dict:
        return {
            "measure": self.measure.slug,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "value": self.value,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One area, unit or post with its counters and rates."""

    key: str
    name: str
    counters: Mapping[str, Any]
    rates: tuple[Rate, ...]

    def rate(self, slug: str) -> Rate:
        return next(rate for rate in self.rates if rate.measure.slug == slug)

    def as_dict(self) -> dict:
        return {
            "key": self.key,
            "name": self.name,
            "counters": dict(self.counters),
            "rates": [rate.as_dict() for rate in self.rates],
        }


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an evaluation, by key; `total` sums all counters (matters without area or unit included)."""

    by: str
    period: Period
    as_of: datetime
    rows: tuple[Row, ...]
    total: Row

    def as_dict(self) -> dict:
        return {
            "by": self.by,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "as_of": self.as_of.astimezone(ZONE).isoformat(timespec="seconds"),
            "rows": [row.as_dict() for row in self.rows],
            "total": self.total.as_dict(),
        }


def evaluate(
    by: str, period: Period, now: datetime, *, level: str = "subdistrict", actor: Any = None, area: str = ""
) -> Table:
    """The table for areas of a `level`, for units, or for posts. Five queries.

    With `actor`, only matters that the actor may evaluate. `area`: only inside it. Raises Invalid, Denied.
    """
    if by not in OBJECTS:
        raise Invalid(_("Evaluated are: %(known)s.") % {"known": ", ".join(OBJECTS)}, where="by")
    scope = _scope(actor, area)
    as_of = min(now, period.end)
    keys = _Keys(by, LEVELS.get(level, 9))
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for source in (_of_tasks, _of_filings, _of_matters, _of_reports):
        for row in source(keys, period, as_of, scope):
            key = row.pop("key") or ""
            person = row.pop("person", None)
            found[f"{key}:{person or ''}" if by == "post" else key].update(row)
    names = keys.names(found)
    measures = [measure for measure in MEASURES if by in measure.objects]
    rows = tuple(
        _row(key, names[key], found[key], measures)
        for key in sorted(found, key=lambda k: (not names[k], k))
        if key.strip(":")
    )
    return Table(by, period, as_of, rows, _row("", _("Total"), _summed(found.values()), measures))


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

    def names(self, keys: Iterable[str]) -> dict[str, str]:
        english = (get_language() or "").startswith("en")
        if self.by == "area":
            return {key: registers.area_name(key, english) for key in keys}
        if self.by == "unit":
            return {key: registers.unit_name(key, english) for key in keys}
        kinds = current().post_kinds
        people = {int(key.split(":")[1]) for key in keys if key.split(":")[-1]}
        names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
        named = {}
        for key in keys:
            post, _colon, person = key.partition(":")
            kind = kinds.get(post)
            title = ((english and kind.name_en) or kind.name) if kind else post
            named[key] = f"{title} {names.get(int(person), '')}".strip() if person else title
        return named


@dataclass(frozen=True, slots=True)
class _Scope:
    tasks: Q
    matters: Q
    reports: Q


def _scope(actor: Any, area: str) -> _Scope:
    tasks, matters, reports = Q(kind=KIND), Q(kind=KIND), Q(matter__kind=KIND)
    if area:
        tasks, matters, reports = (
            tasks & _inside("area", area),
            matters & _inside("area", area),
            reports & _inside("matter__area", area),
        )
    if actor is not None and actor.kind != "system":
        if "evaluate" not in getattr(actor, "reach", {}):
            raise Denied(_("Your posts do not allow this."), reason="not_granted", action="evaluate")
        of_matter = matters_filter(actor, "evaluate", of="matter__")
        tasks, matters, reports = (
            tasks & of_matter,
            matters & matters_filter(actor, "evaluate"),
            reports & of_matter,
        )
    return _Scope(tasks, matters, reports)


def _inside(field: str, area: str) -> Q:
    return Q(**{f"{field}__gte": area, f"{field}__lte": area.ljust(12, "9")})


# What is counted


def exempt() -> Exists:
    """Of a task: an appeal against its being overdue was granted."""
    return Exists(Appeal.objects.filter(task=OuterRef("pk"), state="granted"))


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
    rows = keys.of_task(rows.annotate(exempt_=exempt(), given_back=_given_back()))
    counted = Q(exempt_=False)
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
        exempt=Count("pk", filter=Q(exempt_=True)),
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
    ).annotate(exempt_=exempt(), again=Exists(again.filter(opened_at__lt=as_of)))
    rows = keys.of_task(rows.filter(exempt_=False))
    voided = Q(matter__state="void", matter__closed_at__lt=as_of)
    return rows.annotate(
        filed=Count("pk"),
        filed_on_time=Count("pk", filter=Q(due_at=None) | Q(done_at__lte=F("due_at"))),
        filed_rightly=Count("pk", filter=Q(again=False) & ~voided),
    ).order_by()


def _of_matters(keys: _Keys, period: Period, as_of: datetime, scope: _Scope) -> Iterable[dict]:
    """Filed matters that were closed, or had a step overdue for the first time, in the period."""
    late = Task.objects.filter(_overdue(as_of), matter=OuterRef("pk"), link__in=CASE_LINKS)
    late = late.annotate(exempt_=exempt()).filter(exempt_=False)
    first = Subquery(late.order_by().values("matter").annotate(first=Min("due_at")).values("first"))
    rows = Matter.objects.filter(scope.matters, filed_at__lt=as_of, state__in=("open", "closed")).filter(
        Q(state="open") | Q(closed_at__gte=period.start)
    )
    closed_in = Q(state="closed", closed_at__lt=as_of)
    rows = rows.annotate(missed=first).filter(
        Q(missed__gte=period.start, missed__lt=as_of)
        | Q(missed=None) & closed_in & Q(closed_at__gte=period.start)
    )
    grouped = keys.of_matter(rows)
    if grouped is None:
        return ()
    return grouped.annotate(
        close_due=Count("pk"),
        closed=Count("pk", filter=closed_in),
        closed_on_time=Count("pk", filter=closed_in & Q(missed=None)),
        closed_late=Count("pk", filter=closed_in & Q(missed__isnull=False)),
        reworked=Count("pk", filter=Q(reworks__gt=0)),
    ).order_by()


def _of_reports(keys: _Keys, period: Period, as_of: datetime, scope: _Scope) -> Iterable[dict]:
    """Reports received in the period and what became of them, and how their reporters judge."""
    rows = Report.objects.filter(scope.reports, received_at__gte=period.start, received_at__lt=as_of)
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


# Rows


def _row(key: str, name: str, given: Mapping[str, Any], measures: Iterable[Measure]) -> Row:
    rates = tuple(Rate(m, given.get(m.numerator) or 0, given.get(m.denominator) or 0) for m in measures)
    counters = {slug: given.get(slug) or 0 for slug in COUNTERS if slug != "handling_hours"}
    spent = given.get("handling_time")
    counters["handling_hours"] = round(spent.total_seconds() / 3600, 2) if spent is not None else None
    return Row(key, name, counters, rates)


def _summed(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = defaultdict(int)
    spent, count = timedelta(), 0
    for row in rows:
        for name, value in row.items():
            if name == "handling_time":
                if value is not None:
                    spent, count = spent + value * row["handled"], count + row["handled"]
            else:
                total[name] += value
    total["handling_time"] = spent / count if count else None
    return total
