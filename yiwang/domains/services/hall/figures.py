"""How long people waited in a hall: median and 90th percentile, measured, by line and by appointment or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yiwang.core.stats import quantile
from yiwang.domains.services.models_hall import Booking, Ticket
from yiwang.kernel.packs.halls import Hall

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds; `median` and `p90` None where nobody was called. `passed` and `left`: of all tickets of the line."""

    line: str
    booked: bool
    tickets: int
    called: int
    median: int | None
    p90: int | None
    longest: int | None
    unserved: int  # gave up, or were passed over and did not come back


@dataclass(frozen=True, slots=True)
class Figures:
    first: date
    last: date
    whole: Wait
    waits: tuple[Wait, ...]
    bookings: int
    kept: int
    missed: int
    cancelled: int


def of(hall: Hall, first: date, last: date) -> Figures:
    """The figures of the days from `first` to `last`; two queries. What waits still is not in the median."""
    rows = Ticket.objects.filter(hall=hall.slug, day__gte=first, day__lte=last)
    groups: dict[tuple[str, bool], list[tuple[int | None, str]]] = defaultdict(list)
    for line, booked_for, waited, state in rows.values_list("line", "booked_for", "waited", "state"):
        groups[(line, booked_for is not None)].append((waited, state))
    waits = tuple(
        _wait(line.slug, booked, groups[(line.slug, booked)])
        for line in hall.lines
        for booked in (False, True)
        if groups.get((line.slug, booked))
    )
    states = Booking.objects.filter(hall=hall.slug, day__gte=first, day__lte=last)
    counted: dict[str, int] = defaultdict(int)
    for state in states.values_list("state", flat=True):
        counted[state] += 1
    return Figures(
        first=first,
        last=last,
        whole=_wait("", False, [one for group in groups.values() for one in group]),
        waits=waits,
        bookings=sum(counted.values()),
        kept=counted["arrived"],
        missed=counted["missed"],
        cancelled=counted["cancelled"],
    )


def _wait(line: str, booked: bool, found: Sequence[tuple[int | None, str]]) -> Wait:
    waited = sorted(seconds for seconds, _state in found if seconds is not None)
    return Wait(
        line=line,
        booked=booked,
        tickets=len(found),
        called=len(waited),
        median=round(quantile(waited, 0.5)) if waited else None,
        p90=round(quantile(waited, 0.9)) if waited else None,
        longest=waited[-1] if waited else None,
        unserved=sum(state in ("left", "passed") for _seconds, state in found),
    )
