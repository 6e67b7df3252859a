"""Where the bars of the plan lie: in percent of the width, so that one drawing fits a telephone and a desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yiwang.core import worktime
from yiwang.core.worktime import SHANGHAI
from yiwang.domains.approvals.gantt import Span

STEPS = (1, 2, 3, 5, 7, 14, 28, 56, 91, 182, 364, 728)  # days between two marks
MARKS = 5  # at most: as many dates as stand side by side on a telephone
LEAST = 0.4  # percent of the width: the narrowest bar
SHADED = 150  # days up to which days off are shaded; on a longer axis they are thinner than a line


@dataclass(frozen=True, slots=True)
class Bar:
    """`kind`: promised | longer | done | late | pause | expected; `x` and `width` in percent."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Axis:
    first: datetime
    last: datetime

    def at(self, moment: datetime) -> float:
        share = (moment - self.first) / (self.last - self.first)
        return round(100 * min(1.0, max(0.0, share)), 3)

    def bar(self, kind: str, begin: datetime, end: datetime) -> Bar:
        """Never so narrow that it can't be seen: what began and ended in an hour is a line."""
        x = min(self.at(begin), 100 - LEAST)
        return Bar(kind, x, round(max(LEAST, self.at(end) - x), 3))

    @property
    def days(self) -> int:
        return (self.last - self.first).days

    def marks(self) -> list[tuple[float, date]]:
        """Where dates stand, with what they are; none so near the right end that it would be cut off."""
        step = next((one for one in STEPS if self.days / one <= MARKS), STEPS[-1])
        found = [self.first + timedelta(days=n) for n in range(0, self.days, step)]
        return [(self.at(one), one.date()) for one in found if self.at(one) <= 84]

    def off(self, calendar: worktime.Calendar) -> list[Bar]:
        """Days on which nobody works, as bars from the first to the last of a row of them."""
        if self.days > SHADED:
            return []
        found: list[tuple[date, date]] = []
        for n in range(self.days):
            day = (self.first + timedelta(days=n)).date()
            if calendar.day(day).working:
                continue
            if found and found[-1][1] == day:
                found[-1] = (found[-1][0], day + timedelta(days=1))
            else:
                found.append((day, day + timedelta(days=1)))
        return [self.bar("off", _start(begin), _start(end)) for begin, end in found]


def bars(axis: Axis, span: Span, now: datetime) -> list[Bar]:
    """The promise above, what it took below: done, late, expected, and over it the pauses."""
    if span.begin is None:
        return []
    found: list[Bar] = []
    if span.promised:
        found.append(axis.bar("promised", span.begin, span.promised))
        if span.due and span.due > span.promised:
            found.append(axis.bar("longer", span.promised, span.due))
    if not span.expected_begin:
        end = min(now, span.end or now) if span.expected_end else (span.end or now)
        late = span.due if span.due and end > span.due else end
        found.append(axis.bar("done", span.begin, late))
        if late < end:
            found.append(axis.bar("late", late, end))
        found += [
            axis.bar("pause", max(hold.start, span.begin), min(hold.end or end, end))
            for hold in _drawn(span.pauses, end)
        ]
    if span.expected_end and span.end and span.end > now:
        found.append(axis.bar("expected", max(now, span.begin), span.end))
    return found


def _drawn(pauses: Iterable[worktime.Hold], end: datetime) -> list[worktime.Hold]:
    return [one for one in pauses if one.start < end]


def _start(day: date) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI)
