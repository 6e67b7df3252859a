"""Sums of the tallies: today against the usual, what is rising, what passed today, the league of units."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate

from django.db.models import Case, IntegerField, QuerySet, Sum, Value, When

from yiwang.core.stats import Band, Finding, Series, band, like_days, rising, wilson
from yiwang.core.worktime import Calendar
from yiwang.domains.operations.evaluation import Period
from yiwang.domains.operations.models import Tally, TallyState
from yiwang.domains.operations.tallies import (
    CLASS_LEVELS,
    day_of,
    first_hour,
    hour_of,
    key_of_class,
    moment_of,
)
from yiwang.domains.operations.wall.picture import inside
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.registers.queries import AreaRow

WEEKS = 8
DAYS = 24  # hours
LEAGUE_DAYS = 30
FEW = 20  # with fewer cases a rate is shown and not ranked


@dataclass(frozen=True, slots=True)
class Today:
    """Reports so far, added up hour by hour; `usual` for all 24 hours from `days` like today; None: too little history."""

    day: date
    curve: tuple[int, ...]
    usual: Band | None
    days: tuple[date, ...]

    @property
    def count(self) -> int:
        return self.curve[-1]


def live(area: AreaRow, kept: TallyState) -> Counter[tuple[int, str, str]]:
    """Matters opened since the hour in which the tallies were last brought up: (hour, class, area) -> how many.

    With them the counts are those of this moment, and not of the worker's last round.
    """
    rows = Matter.objects.filter(inside(area), opened_at__gte=moment_of(hour_of(kept.at)))
    return Counter(
        (hour_of(moment), key_of_class(standard, code), place or "")
        for moment, standard, code, place in rows.values_list(
            "opened_at", "standard", "class_code", "area_id"
        )
    )


def _sums(areas: Iterable[str], what: str, begin: int, end: int) -> QuerySet[Tally]:
    """Tallies from hour `begin` until before `end`. Areas one by one: a range of codes would not use the index."""
    return Tally.objects.filter(area__in=list(areas), what=what, hour__gte=begin, hour__lt=end)


def today(area: AreaRow, now: datetime, kept: TallyState, fresh: Counter, calendar: Calendar) -> Today:
    """One query."""
    day, seam = day_of(now), hour_of(kept.at)
    days = [one for one in like_days(day, calendar.day, WEEKS) if first_hour(one) >= kept.since]
    first = first_hour(min([day, *days]))
    rows = _sums([area.code], "opened", first, seam).values_list("hour").annotate(n=Sum("count"))
    by_hour = Counter(dict(rows.order_by()))
    for (hour, _class, _place), count in fresh.items():
        by_hour[hour] += count
    curves = [_curve(by_hour, first_hour(one), DAYS) for one in days]
    so_far = _curve(by_hour, first_hour(day), hour_of(now) - first_hour(day) + 1)
    return Today(day, so_far, band(curves) if len(curves) >= 4 else None, tuple(days))


def _curve(by_hour: Mapping[int, int], begin: int, hours: int) -> tuple[int, ...]:
    return tuple(accumulate(by_hour.get(hour, 0) for hour in range(begin, begin + hours)))


# What is rising

Windows = list[tuple[int, int]]  # (first hour, hour after the last): the present one first


def windows(now: datetime, since: int, calendar: Calendar) -> dict[str, Windows]:
    """`today`: this day so far, and the same hours of days like it. `week`: seven days, and the same of earlier weeks.

    The present hour is not over; in earlier windows it is whole, so that nothing seems to rise for that reason.
    """
    day, after = day_of(now), hour_of(now) + 1
    length = after - first_hour(day)
    like = [(first_hour(one), first_hour(one) + length) for one in like_days(day, calendar.day, WEEKS)]
    monday = first_hour(day - timedelta(days=6))
    week = [(monday - 168 * n, after - 168 * n) for n in range(WEEKS + 1)]
    found = {"today": [(first_hour(day), after), *like], "week": week}
    return {
        name: [one for n, one in enumerate(spans) if n == 0 or one[0] >= since]
        for name, spans in found.items()
    }


def first_day(span: str, now: datetime) -> date:
    """The day with which the present window begins."""
    return day_of(now) if span == "today" else day_of(now) - timedelta(days=6)


def what_rises(
    area: AreaRow,
    communities: Iterable[str],
    now: datetime,
    kept: TallyState,
    fresh: Counter,
    calendar: Calendar,
) -> list[Finding]:
    """Classes in the area, and communities in it, that rise today or in seven days; `family` is class-week and so on.

    Four queries. All comparisons are corrected together. A key that rises in both spans is told once.
    """
    families: dict[str, list[Series]] = {}
    places = [] if len(area.code) == 12 else list(communities)
    for span, spans in windows(now, kept.since, calendar).items():
        classes = _by_class(area, spans, hour_of(kept.at))
        _add_fresh(classes, spans, ((hour, key) for hour, key, _place in fresh.elements()))
        classes.pop("", None)
        families[f"class-{span}"] = _series(classes, len(spans))
        if places:
            by_place = _grouped(_sums(places, "opened", *_bounds(spans, hour_of(kept.at))), "area", spans)
            _add_fresh(
                by_place,
                spans,
                ((hour, place) for hour, _class, place in fresh.elements() if place in places),
            )
            families[f"community-{span}"] = _series(by_place, len(spans))
    told: dict[tuple, Finding] = {}
    for one in rising(families):
        told.setdefault((one.family.split("-")[0], one.key), one)
    return list(told.values())


def _bounds(spans: Windows, seam: int) -> tuple[int, int]:
    return min(span[0] for span in spans), min(seam, max(span[1] for span in spans))


def _by_class(area: AreaRow, spans: Windows, seam: int) -> dict[str, Counter[int]]:
    begin, end = _bounds(spans, seam)
    if len(area.code) in CLASS_LEVELS:
        return _grouped(_sums([area.code], "class", begin, end), "key", spans)
    found: dict[str, Counter[int]] = defaultdict(Counter)
    rows = Matter.objects.filter(inside(area), opened_at__gte=moment_of(begin), opened_at__lt=moment_of(end))
    for moment, standard, code in rows.values_list("opened_at", "standard", "class_code"):
        for n, (first, after) in enumerate(spans):
            if first <= hour_of(moment) < after:
                found[key_of_class(standard, code)][n] += 1
    return found


def _grouped(rows: QuerySet[Tally], by: str, spans: Windows) -> dict[str, Counter[int]]:
    """Key -> window -> how many; summed by the database."""
    within = Case(
        *(When(hour__gte=first, hour__lt=after, then=Value(n)) for n, (first, after) in enumerate(spans)),
        default=Value(-1),
        output_field=IntegerField(),
    )
    found: dict[str, Counter[int]] = defaultdict(Counter)
    summed = (
        rows.annotate(window=within).exclude(window=-1).values_list(by, "window").annotate(n=Sum("count"))
    )
    for key, window, count in summed.order_by():
        found[key][window] = count
    return found


def _add_fresh(found: dict[str, Counter[int]], spans: Windows, rows: Iterable[tuple[int, str]]) -> None:
    for hour, key in rows:
        for n, (first, after) in enumerate(spans):
            if first <= hour < after:
                found[key][n] += 1


def _series(found: Mapping[str, Counter[int]], count: int) -> list[Series]:
    return [Series(key, by[0], tuple(by[n] for n in range(1, count))) for key, by in sorted(found.items())]


# What passed today


def passed(area: AreaRow, now: datetime) -> dict[str, Counter[str]]:
    """entered, left: link -> tasks today; closed: "" -> matters today. One query."""
    rows = Tally.objects.filter(
        area=area.code, what__in=("entered", "left", "closed"), hour__gte=first_hour(day_of(now))
    )
    found: dict[str, Counter[str]] = {"entered": Counter(), "left": Counter(), "closed": Counter()}
    for what, key, count in rows.values_list("what", "key").annotate(n=Sum("count")).order_by():
        found[what][key] = count
    return found


# The league


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit's handling: done in time of all to be judged; `rank` None with few cases."""

    unit: str
    on_time: int
    due: int
    rank: int | None
    low: float
    high: float

    @property
    def rate(self) -> float:
        return self.on_time / self.due


def league_period(now: datetime) -> Period:
    return Period(day_of(now) - timedelta(days=LEAGUE_DAYS - 1), day_of(now))


def league(area: AreaRow, now: datetime) -> list[Ranked]:
    """按期处置率 by unit, as `evaluation.evaluate` counts it for these days; the best first, small units last."""
    begin = first_hour(league_period(now).first)
    rows = Tally.objects.filter(area=area.code, what__in=("duty", "on_time"), hour__gte=begin)
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for what, key, count in rows.values_list("what", "key").annotate(n=Sum("count")).order_by():
        sums[key][what] = count
    known = [(unit, by["on_time"], by["duty"]) for unit, by in sums.items() if unit and by["duty"]]
    known.sort(key=lambda row: (row[2] < FEW, -row[1] / row[2], -row[2], row[0]))
    found, rank, last = [], 0, None
    for place, (unit, on_time, due) in enumerate(known, 1):
        if on_time / due != last:
            rank, last = place, on_time / due
        found.append(Ranked(unit, on_time, due, None if due < FEW else rank, *wilson(on_time, due)))
    return found
