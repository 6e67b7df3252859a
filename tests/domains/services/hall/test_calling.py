"""The rule of calling: appointments by their time, the others by their coming, and nobody waits for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yiwang.domains.services.hall.calling import Waiting, ahead_of, next_of

NINE = datetime(2026, 9, 7, 1, tzinfo=UTC)


def minute(n: int) -> datetime:
    return NINE + timedelta(minutes=n)


def walk_in(key: str, since: int) -> Waiting:
    return Waiting(key, minute(since))


def booked(key: str, for_: int, since: int = 0) -> Waiting:
    return Waiting(key, minute(since), minute(for_))


def order(waiting: list[Waiting], now: int, most: int) -> list[str]:
    """Everybody in the order in which they are called while the clock stands."""
    left, in_row, found = list(waiting), 0, []
    while (choice := next_of(left, minute(now), most, in_row)) is not None:
        left.remove(choice.one)
        in_row = choice.in_row
        found.append(choice.one.key)
    return found


def test_an_appointment_whose_time_has_come_goes_before_those_who_wait_longer():
    assert order([walk_in("a", 0), booked("b", 10, since=9)], 10, 2) == ["b", "a"]


def test_after_two_appointments_in_a_row_one_without_is_called():
    some = [*(booked(f"b{n}", n) for n in range(5)), walk_in("w1", 3), walk_in("w2", 4)]
    assert order(some, 30, 2) == ["b0", "b1", "w1", "b2", "b3", "w2", "b4"]


def test_who_comes_before_the_time_waits_for_it_while_others_wait():
    some = [booked("early", 60), walk_in("a", 20), walk_in("b", 30)]
    assert order(some, 40, 2) == ["a", "b", "early"]


def test_nobody_waits_so_nobody_is_called():
    assert next_of([], NINE, 2) is None and ahead_of("x", [], NINE, 2) is None


waits = st.lists(st.tuples(st.integers(0, 60), st.none() | st.integers(0, 60)), min_size=1, max_size=25).map(
    lambda rows: [
        Waiting(f"{n:02d}", minute(s), None if b is None else minute(b)) for n, (s, b) in enumerate(rows)
    ]
)


@given(waits, st.integers(0, 90), st.integers(1, 4))
def test_everybody_is_called_once_and_ahead_of_says_when(waiting, now, most):
    called = order(waiting, now, most)
    assert sorted(called) == sorted(one.key for one in waiting)
    assert [ahead_of(key, waiting, minute(now), most) for key in called] == list(range(len(called)))


@given(waits, st.integers(0, 90), st.integers(1, 4))
def test_nobody_overtakes_within_the_own_sort_and_appointments_never_starve_the_others(waiting, now, most):
    called = order(waiting, now, most)
    others = sorted((one for one in waiting if one.booked_for is None), key=lambda one: (one.since, one.key))
    assert [key for key in called if key in {one.key for one in others}] == [one.key for one in others]
    due = sorted(
        (one for one in waiting if one.booked_for is not None and one.booked_for <= minute(now)),
        key=lambda one: (one.booked_for, one.since, one.key),
    )
    assert [key for key in called if key in {one.key for one in due}] == [one.key for one in due]
    for place, one in enumerate(others):  # at most `most` appointments before each of those without one
        assert called.index(one.key) < (place + 1) * (most + 1)
    for place, one in enumerate(due):  # and of those without an appointment at most one after each `most`
        assert called.index(one.key) <= place + place // most
