"""A million due dates of working days, against what else can count Chinese working days.

All count the same rows: moments of 2019 to 2026 and limits of 1 to 30 working days, so that every due day lies in
a year whose notice is published (the rivals know no other). Slow ways take the first rows of the same million.
Every way must name the same due day on every row it took; `equal` is False otherwise. The rows with two holds
are compared to the single-case form and to a walk over the days with chinesecalendar.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from yiwang.core.worktime import SHANGHAI, Calendar, Hold, HoldArrays, Limit, due, due_many
from yiwang.core.worktime.files import calendar_of, read_notices, read_seasons

NAME = "worktime"
GOALS = {"no holds": 20.0, "two holds": 300.0}  # ns each, yiwang many
FIRST, LAST = "2019-01-02T00:00", "2026-08-01T00:00"
PACKS = Path(__file__).parents[1] / "packs"
ONE_DAY = timedelta(1)
Days = list[date]


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    """One row for each way of counting: what, rows taken, ns each, equal."""
    calendar = calendar_of(
        read_notices(PACKS / "national" / "calendar"), read_seasons(PACKS / "dadong" / "calendar.yaml")
    )
    starts, amounts, holds = inputs(max(1000, int(1_000_000 * scale)))
    dates = starts.astype("datetime64[D]").tolist()
    days = np.array([n for n in range(366 * 9) if not calendar.day(date(2019, 1, 1) + n * ONE_DAY).working])
    rest = np.datetime64("2019-01-01") + days
    rows: list[dict] = []
    report(f"{'way':<44}{'holds':<11}{'rows':>10}{'ns each':>12}  same due days")

    def measure(
        way: str, holding: str, take: int, best_of: int, count: Callable[[int], np.ndarray], expected
    ):
        take = min(take, len(starts))
        spent, found = [], None
        for _ in range(best_of):
            before = time.perf_counter()
            found = count(take)
            spent.append(time.perf_counter() - before)
        same = bool(np.array_equal(np.asarray(found).astype("datetime64[D]"), expected[:take]))
        each = min(spent) / take * 1e9
        rows.append({"way": way, "holds": holding, "rows": take, "ns_each": round(each, 2), "equal": same})
        report(f"{way:<44}{holding:<11}{take:>10,}{each:>12,.1f}  {'yes' if same else 'NO'}")

    everything = len(starts)
    china = _china()
    plain = due_many(calendar, starts, "wd", amounts).astype("datetime64[D]")
    measure(
        "yiwang, many at once",
        "no holds",
        everything,
        9,
        lambda n: due_many(calendar, starts, "wd", amounts),
        plain,
    )
    measure(
        "yiwang, one at a time", "no holds", 20_000, 3, lambda n: _singly(calendar, starts, amounts, n), plain
    )
    mask = np.busdaycalendar(weekmask="1111111", holidays=rest)
    measure(
        "numpy.busday_offset, many at once",
        "no holds",
        everything,
        3,
        lambda n: _busday(starts, amounts, mask),
        plain,
    )
    measure(
        "numpy.busday_offset, one at a time",
        "no holds",
        20_000,
        3,
        lambda n: _busday_singly(dates, amounts, mask, n),
        plain,
    )
    measure(
        "holidays, get_nth_working_day",
        "no holds",
        2_000,
        3,
        lambda n: _holidays(china, dates, amounts, n),
        plain,
    )
    measure(
        "chinesecalendar, is_workday walk",
        "no holds",
        300,
        2,
        lambda n: _chinesecalendar(dates, amounts, n),
        plain,
    )

    held = due_many(calendar, starts, "wd", amounts, holds=holds).astype("datetime64[D]")
    measure(
        "yiwang, many at once", "two holds", everything, 9,
        lambda n: due_many(calendar, starts, "wd", amounts, holds=holds), held,
    )  # fmt: skip
    measure(
        "yiwang, one at a time",
        "two holds",
        20_000,
        3,
        lambda n: _singly(calendar, starts, amounts, n, holds),
        held,
    )
    measure(
        "chinesecalendar, is_workday walk", "two holds", 300, 2,
        lambda n: _walk_with_holds(calendar, starts, amounts, holds, n), held,
    )  # fmt: skip
    reached = {holding: next(row["ns_each"] for row in rows if row["holds"] == holding) for holding in GOALS}
    met = all(reached[holding] < goal for holding, goal in GOALS.items())
    for holding, goal in GOALS.items():
        report(f"Goal with {holding}: under {goal:.0f} ns each; measured {reached[holding]:.1f}.")
    equal = all(row["equal"] for row in rows)
    report(f"Same due days everywhere: {'yes' if equal else 'NO'}. Goals met: {'yes' if met else 'NO'}.")
    return {"name": NAME, "goals": GOALS, "met": met, "equal": equal, "rows": rows}


def inputs(size: int) -> tuple[np.ndarray, np.ndarray, HoldArrays]:
    """Starts (local, to the second), limits of 1 to 30, and two holds a row of up to ten days, often overlapping."""
    random = np.random.default_rng(20260807)
    first, last = (np.datetime64(text, "s").astype(np.int64) for text in (FIRST, LAST))
    starts = random.integers(first, last, size)
    begins = starts[:, None] + random.integers(0, 30 * 86_400, (size, 2))
    ends = begins + random.integers(1, 10 * 86_400, (size, 2))
    holds = HoldArrays(begins.view("datetime64[s]"), ends.view("datetime64[s]"))
    return starts.view("datetime64[s]"), random.integers(1, 31, size), holds


def _singly(calendar: Calendar, starts, amounts, count: int, holds: HoldArrays | None = None) -> np.ndarray:
    begins = holds.begins[:count].tolist() if holds else [()] * count
    ends = holds.ends[:count].tolist() if holds else [()] * count
    found = []
    for start, amount, frm, to in zip(
        starts[:count].tolist(), amounts[:count].tolist(), begins, ends, strict=True
    ):
        each = [Hold(_aware(a), _aware(b)) for a, b in zip(frm, to, strict=True)]
        found.append(due(calendar, _aware(start), Limit(amount, "wd"), each).moment.date())
    return np.array(found, "datetime64[D]")


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=SHANGHAI)


def _busday(starts, amounts, mask) -> np.ndarray:
    return np.busday_offset(starts.astype("datetime64[D]"), amounts, roll="preceding", busdaycal=mask)


def _busday_singly(dates: Days, amounts, mask, count: int) -> Days:
    pairs = zip(dates[:count], amounts[:count].tolist(), strict=True)
    return [np.busday_offset(day, amount, roll="preceding", busdaycal=mask) for day, amount in pairs]


def _china():
    """The holidays library with its years made, so that the measurement is of counting only."""
    import holidays

    return holidays.country_holidays("CN", years=range(2019, 2027))


def _holidays(china, dates: Days, amounts, count: int) -> Days:
    pairs = zip(dates[:count], amounts[:count].tolist(), strict=True)
    return [china.get_nth_working_day(day, amount) for day, amount in pairs]


def _chinesecalendar(dates: Days, amounts, count: int) -> Days:
    from chinese_calendar import is_workday

    found = []
    for day, amount in zip(dates[:count], amounts[:count].tolist(), strict=True):
        while amount:
            day += ONE_DAY
            amount -= is_workday(day)
        found.append(day)
    return found


def _walk_with_holds(calendar: Calendar, starts, amounts, holds: HoldArrays, count: int) -> Days:
    """Day by day: worked, and no hold that began before that day's close of business."""
    from chinese_calendar import is_workday

    found = []
    for row in range(count):
        start, left = starts[row].item(), int(amounts[row])
        pairs = list(zip(holds.begins[row].tolist(), holds.ends[row].tolist(), strict=True))
        day = start.date()
        while left:
            day += ONE_DAY
            close = datetime(day.year, day.month, day.day) + timedelta(seconds=calendar.windows(day)[-1][1])
            known = [(a, b) for a, b in pairs if left > 1 or a < close]
            if is_workday(day) and not any(a.date() <= day <= b.date() for a, b in known):
                left -= 1
        found.append(day)
    return found


if __name__ == "__main__":
    run(print)
