"""What a formula sees: facts, figures and programmes of persons or households, and the sums over members."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from yiwang.core.policy.columns import HOUSEHOLD, NO, PERSON, UNKNOWN, YES, Column, Number, Truth, choose
from yiwang.core.policy.errors import PolicyError

if TYPE_CHECKING:
    from yiwang.core.policy.batch import Batch

DAY = ("year", "month", "day")


class _View:
    """What a formula gets: facts, figures and programmes of each as attributes."""

    entity = ""

    def __init__(self, batch: Batch):
        self._batch = batch
        self._day = batch.rules.day

    def __getattr__(self, name: str) -> Column:
        batch = self._batch
        found = batch.column(name)
        if found.entity is not self.entity:
            other = "household" if self.entity is PERSON else "members"
            raise PolicyError(
                "wrong_entity", name=name, own=found.entity, used=self.entity, use=f".{other}.{name}"
            )
        if batch.trace is None:
            self.__dict__[name] = found
        return found

    def parameter(self, name: str) -> Any:
        """A parameter's value on the day of the question."""
        return self._batch.parameter(name, self.entity)

    def amount(self, name: str) -> Number:
        """What a programme pays each."""
        return self._batch.amount(name)

    @property
    def today(self) -> int:
        return self._batch.of_day("today", _number(self._day))

    def years(self, since: Number) -> Number:
        """Whole years from a date until the day of the question; negative before it."""
        return Number((self.today - since.values) // 10000, since.unknown, since.entity)

    def months(self, since: Number) -> Number:
        """Whole months from a date until the day of the question; negative before it and for never."""
        values = since.values
        year, month, day = (self._batch.of_day(name, getattr(self._day, name)) for name in DAY)
        whole = (year - values // 10000) * 12 + (month - values // 100 % 100)
        return Number(whole - (values % 100 > day), since.unknown, since.entity)


def _number(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


class PersonView(_View):
    """What a formula of persons sees."""

    entity = PERSON

    def __init__(self, batch: Batch):
        super().__init__(batch)
        self.household = SpreadView(batch)


class SpreadView:
    """The household of each person."""

    def __init__(self, batch: Batch):
        self._batch = batch

    def __getattr__(self, name: str) -> Column:
        return self._batch.spread(name)

    def parameter(self, name: str) -> Any:
        return self._batch.parameter(name, PERSON)

    def amount(self, name: str) -> Column:
        return self._batch.spread_out(self._batch.amount(name))


class HouseholdView(_View):
    """What a formula of households sees, and the sums over their members."""

    entity = HOUSEHOLD

    def __init__(self, batch: Batch, members: PersonView):
        super().__init__(batch)
        self.members = members

    def sum(self, number: Number, where: Truth | None = None) -> Number:
        """The sum over the members, of those for whom `where` holds; unknown when one that counts is."""
        _of_persons(number, Number)
        if where is not None:
            number = choose(where, number, 0)
        layout = self._batch.layout
        unknown = None if number.unknown is None else _any(layout, number.unknown)
        return Number(layout.add(number.values), unknown, HOUSEHOLD)

    def count(self, where: Truth) -> Number:
        """For how many members the condition holds."""
        _of_persons(where, Truth)
        layout = self._batch.layout
        kind = np.uint8 if layout.widest < 256 else np.int32
        unknown = _any(layout, (where.state & UNKNOWN).view(bool))
        return Number(layout.add(where.state >> 1, kind).astype(np.int64), unknown, HOUSEHOLD)

    def any(self, where: Truth) -> Truth:
        """Whether it holds for at least one member."""
        _of_persons(where, Truth)
        return Truth(self._batch.layout.most(where.state, NO), HOUSEHOLD)

    def all(self, where: Truth) -> Truth:
        """Whether it holds for every member; yes where there is none."""
        _of_persons(where, Truth)
        return Truth(self._batch.layout.least(where.state, YES), HOUSEHOLD)

    def none(self, where: Truth) -> Truth:
        """Whether it holds for no member."""
        return ~self.any(where)

    def max(self, number: Number, where: Truth | None = None, empty: int = 0) -> Number:
        """The largest of the members for whom `where` holds, `empty` when there is none."""
        return self._extreme(number, where, empty, self._batch.layout.most)

    def min(self, number: Number, where: Truth | None = None, empty: int = 0) -> Number:
        """The smallest of the members for whom `where` holds; `empty` counts with them."""
        return self._extreme(number, where, empty, self._batch.layout.least)

    def _extreme(self, number: Number, where: Truth | None, empty: int, reduce: Any) -> Number:
        _of_persons(number, Number)
        if where is not None:
            number = choose(where, number, empty)
        unknown = None if number.unknown is None else _any(self._batch.layout, number.unknown)
        return Number(reduce(number.values, empty), unknown, HOUSEHOLD)


def _any(layout: Any, mask: np.ndarray) -> np.ndarray:
    return layout.most(mask.view(np.uint8), 0).view(bool)


def _of_persons(column: Any, kind: type) -> None:
    if type(column) is not kind:
        code = "not_a_truth" if kind is Truth else "not_a_number"
        raise PolicyError(code, what=getattr(column, "kind", repr(column)))
    if column.entity is not PERSON:
        raise PolicyError(
            "wrong_entity", name=column.name or "the column", own=HOUSEHOLD, used=PERSON, use=".members"
        )
