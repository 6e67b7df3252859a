"""How long people waited in a hall: median and 90th percentile, measured, by line and by appointment or not."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import chain

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


@dataclass(frozen=True, slots=True)
class _Group:
    """Tickets of one line: how long each waited, in order, and how many are in which state."""

    waited: list[int]
    states: Counter[str]


def of(hall: Hall, first: date, last: date) -> Figures:
    """The figures of the days from `first` to `last`; three queries. What waits still is not in the median."""
    rows = Ticket.objects.filter(hall=hall.slug, day__gte=first, day__lte=last)
    groups: dict[tuple[str, bool], _Group] = {}
    for booked in (False, True):
        some = rows.filter(booked_for__isnull=not booked)
        found: dict[str, list[tuple[str, int | None, str]]] = defaultdict(list)
        for row in some.values_list("line", "waited", "state"):
            found[row[0]].append(row)
        for line, tickets in found.items():
            groups[(line, booked)] = _Group(
                sorted([waited for _line, waited, _state in tickets if waited is not None]),
                Counter([state for _line, _waited, state in tickets]),
            )
    whole = _Group(
        sorted(chain.from_iterable(group.waited for group in groups.values())),
        sum((group.states for group in groups.values()), Counter()),
    )
    waits = tuple(
        _wait(line.slug, booked, groups[(line.slug, booked)])
        for line in hall.lines
        for booked in (False, True)
        if (line.slug, booked) in groups
    )
    states = Booking.objects.filter(hall=hall.slug, day__gte=first, day__lte=last)
    counted: dict[str, int] = defaultdict(int)
    for state in states.values_list("state", flat=True):
        counted[state] += 1
    return Figures(
        first=first,
        last=last,
        whole=_wait("", False, whole),
        waits=waits,
        bookings=sum(counted.values()),
        kept=counted["arrived"],
        missed=counted["missed"],
        cancelled=counted["cancelled"],
    )


def _wait(line: str, booked: bool, found: _Group) -> Wait:
    waited = found.waited
    return Wait(
        line=line,
        booked=booked,
        tickets=found.states.total(),
        called=len(waited),
        median=round(quantile(waited, 0.5)) if waited else None,
        p90=round(quantile(waited, 0.9)) if waited else None,
        longest=waited[-1] if waited else None,
        unserved=found.states["left"] + found.states["passed"],
    )
