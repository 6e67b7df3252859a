"""Whom a counter calls next (叫号规则). Pure: the rule is a function of who waits.

1. Who has an appointment and came in time has the place of its time, and is due from then on.
2. Appointments that are due go first, by their time. After `in_row` of them in a row one without an appointment is
   called, if anybody without one waits: an appointment never makes the others wait for ever.
3. Those without an appointment go by when they took their ticket. Who comes too late for the appointment is one of
   them, from the moment of coming; so is who was passed over and comes back.
4. Who came before the time of the appointment is called early only while nobody else waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    key: str
    since: datetime  # from when the place counts: the ticket, or coming back
    booked_for: datetime | None = None  # the time of an appointment that was kept


@dataclass(frozen=True, slots=True)
class Choice:
    """`in_row`: how many appointments have now been called in a row while somebody without one waited."""

    one: Waiting
    in_row: int


def next_of(waiting: Sequence[Waiting], now: datetime, most: int, in_row: int = 0) -> Choice | None:
    """Who is called now, None where nobody waits. `most`: appointments in a row."""
    others = [one for one in waiting if one.booked_for is None]
    due = [one for one in waiting if one.booked_for is not None and one.booked_for <= now]
    if due and (in_row < most or not others):
        return Choice(min(due, key=_by_time), in_row + 1 if others else 0)
    if others:
        return Choice(min(others, key=_by_coming), 0)
    early = [one for one in waiting if one.booked_for is not None]
    return Choice(min(early, key=_by_time), in_row) if early else None


def ahead_of(key: str, waiting: Sequence[Waiting], now: datetime, most: int, in_row: int = 0) -> int | None:
    """How many are called before this one as things stand; None where it does not wait."""
    left = list(waiting)
    for count in range(len(left)):
        choice = next_of(left, now, most, in_row)
        if choice is None or choice.one.key == key:
            return None if choice is None else count
        left.remove(choice.one)
        in_row = choice.in_row
    return None


def _by_time(one: Waiting) -> tuple:
    return (one.booked_for, one.since, one.key)


def _by_coming(one: Waiting) -> tuple:
    return (one.since, one.key)
