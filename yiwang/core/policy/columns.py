"""Columns of values some of which are unknown, and the three-valued logic over them.

A column belongs to persons or to households and has one value for each. A truth is no (0), unknown (1) or yes (2), so
that `&` is the smaller of two, `|` the larger: Kleene's logic. A number keeps its values, and which are unknown.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy as np

from yiwang.core.policy.errors import PolicyError

if TYPE_CHECKING:
    from yiwang.core.policy.tracing import Trace

PERSON, HOUSEHOLD = "person", "household"
NO, UNKNOWN, YES = 0, 1, 2
NEVER = 99991231  # a date that is known not to have come
#: Set while a case is explained: comparisons tell it what they compared.
watching: ContextVar[Trace | None] = ContextVar("watching", default=None)

FEW_CHOICES = 5  # compared one by one, which is faster than a table
SMALL = 60  # whole numbers up to this are chosen from in bytes
_BYTE = np.uint8


def truth_of(holds: np.ndarray, unknown: np.ndarray | None) -> np.ndarray:
    """States from a boolean array; where `unknown`, UNKNOWN."""
    state = holds.view(_BYTE)
    if unknown is None:
        return state + state
    unknown = unknown.view(_BYTE)
    return (state > unknown).view(_BYTE) + (state | unknown)


def merged(a: np.ndarray | None, b: np.ndarray | None) -> np.ndarray | None:
    if a is None:
        return b
    return a if b is None else a | b


def taken_from(table: np.ndarray, codes: Any) -> Any:
    """The table's value for each code; `codes` may be an array that only records (`fused/recording.py`)."""
    return table.take(codes) if type(codes) is np.ndarray else codes.taken_from(table)


class Column:
    """What truths, numbers and choices have in common. `name` is the fact or figure it was read as, else empty."""

    __slots__ = ("entity", "name")
    kind = "a column"

    def __bool__(self) -> bool:
        raise PolicyError("not_one_answer")

    __hash__ = None


class Truth(Column):
    """Yes, no or unknown for each."""

    __slots__ = ("state",)
    kind = "conditions"

    def __init__(self, state: np.ndarray, entity: str, name: str = ""):
        self.state, self.entity, self.name = state, entity, name

    def __and__(self, other: Truth | bool) -> Truth:
        if type(other) is bool:
            return self if other else Truth(np.zeros_like(self.state), self.entity)
        return Truth(np.minimum(self.state, _truth(other, self).state), self.entity)

    def __or__(self, other: Truth | bool) -> Truth:
        if type(other) is bool:
            return Truth(np.full_like(self.state, YES), self.entity) if other else self
        return Truth(np.maximum(self.state, _truth(other, self).state), self.entity)

    __rand__, __ror__ = __and__, __or__

    def __invert__(self) -> Truth:
        return Truth(YES - self.state, self.entity)

    def __eq__(self, other: object) -> Any:
        raise PolicyError("not_a_number", what=self.kind)

    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__


def _truth(other: Any, mine: Column) -> Truth:
    if type(other) is not Truth:
        raise PolicyError("not_a_truth", what=getattr(other, "kind", repr(other)))
    if other.entity is not mine.entity:
        raise PolicyError("mixed_entities")
    return other


class Rate:
    """A share in hundredths of a per cent; `amount * rate` is rounded half up to whole fen."""

    __slots__ = ("points",)
    kind = "a share"

    def __init__(self, points: int | Number):
        self.points = points


class Number(Column):
    """Whole numbers: fen, counts, or dates as YYYYMMDD. `unknown` is None when all are known."""

    __slots__ = ("values", "unknown")
    kind = "numbers"

    def __init__(self, values: np.ndarray, unknown: np.ndarray | None, entity: str, name: str = ""):
        self.values, self.unknown, self.entity, self.name = values, unknown, entity, name

    def _other(self, other: Any) -> tuple[Any, np.ndarray | None]:
        """The values of the other side, and which are unknown on either."""
        if type(other) is Number:
            if other.entity is not self.entity:
                raise PolicyError("mixed_entities")
            return other.values, merged(self.unknown, other.unknown)
        if _plain(other):
            return other, self.unknown
        raise PolicyError("not_a_number", what=getattr(other, "kind", repr(other)))

    @property
    def wide(self) -> np.ndarray:
        """The values in 64 bits: counts and dates are kept in fewer, and must not overflow in a sum or product."""
        return self.values if self.values.dtype == np.int64 else self.values.astype(np.int64)

    def __add__(self, other: Number | int) -> Number:
        if type(other) is int and not other:
            return self
        values, unknown = self._other(other)
        return Number(self.wide + values, unknown, self.entity)

    def __sub__(self, other: Number | int) -> Number:
        values, unknown = self._other(other)
        return Number(self.wide - values, unknown, self.entity)

    def __rsub__(self, other: int) -> Number:
        values, unknown = self._other(other)
        return Number(values - self.wide, unknown, self.entity)

    def __mul__(self, other: Number | int | Rate) -> Number:
        if type(other) is Rate:
            values, unknown = self._other(other.points)
            return Number((self.wide * values + 5000) // 10000, unknown, self.entity)
        values, unknown = self._other(other)
        return Number(self.wide * values, unknown, self.entity)

    __radd__, __rmul__ = __add__, __mul__

    def __floordiv__(self, other: Number | int) -> Number:
        """Rounded down; divided by zero gives zero."""
        values, unknown = self._other(other)
        if _plain(values):
            return Number(self.wide // values if values else self.wide * 0, unknown, self.entity)
        return Number((self.wide // np.maximum(values, 1)) * (values > 0), unknown, self.entity)

    def _compared(self, operation: Any, sign: str, other: Any) -> Truth:
        values, unknown = self._other(other)
        found = Truth(truth_of(operation(self.values, values), unknown), self.entity)
        trace = watching.get()
        if trace is not None:
            trace.compared(self, sign, other, found)
        return found

    def __lt__(self, other: Any) -> Truth:
        return self._compared(np.less, "<", other)

    def __le__(self, other: Any) -> Truth:
        return self._compared(np.less_equal, "<=", other)

    def __gt__(self, other: Any) -> Truth:
        return self._compared(np.greater, ">", other)

    def __ge__(self, other: Any) -> Truth:
        return self._compared(np.greater_equal, ">=", other)

    def __eq__(self, other: Any) -> Truth:
        return self._compared(np.equal, "==", other)

    def __ne__(self, other: Any) -> Truth:
        return self._compared(np.not_equal, "!=", other)


class Choice(Column):
    """One of a fact's values for each; the code behind the last value means unknown."""

    __slots__ = ("codes", "choices")
    kind = "choices"

    def __init__(self, codes: np.ndarray, choices: tuple[str, ...], entity: str, name: str = ""):
        self.codes, self.choices, self.entity, self.name = codes, choices, entity, name

    def is_in(self, *values: str) -> Truth:
        """Whether it is one of the values. Raises PolicyError for a value that the fact does not have."""
        wanted = [self._code(value) for value in values]
        if len(wanted) > FEW_CHOICES:
            table = np.zeros(len(self.choices) + 1, _BYTE)
            table[wanted] = YES
            table[-1] = UNKNOWN
            return Truth(taken_from(table, self.codes), self.entity)
        holds = self.codes == wanted[0]
        for code in wanted[1:]:
            holds |= self.codes == code
        holds = holds.view(_BYTE)
        return Truth(holds + holds + (self.codes == len(self.choices)), self.entity)

    def _code(self, value: str) -> int:
        if value not in self.choices:
            raise PolicyError("no_choice", value=value, name=self.name, word=str(value), known=self.choices)
        return self.choices.index(value)

    def __eq__(self, other: object) -> Truth:
        return self.is_in(other)

    def __ne__(self, other: object) -> Truth:
        return ~self.is_in(other)


def least(a: Number | int, b: Number | int) -> Number:
    """The smaller of two, for each."""
    return _pairwise(np.minimum, a, b)


def most(a: Number | int, b: Number | int) -> Number:
    """The larger of two, for each: `most(x, 0)` is never negative."""
    return _pairwise(np.maximum, a, b)


def _pairwise(operation: Any, a: Number | int, b: Number | int) -> Number:
    number, other = (a, b) if type(a) is Number else (b, a)
    if type(number) is not Number:
        raise PolicyError("not_a_number", what=getattr(number, "kind", repr(number)))
    values, unknown = number._other(other)
    return Number(operation(number.values, values), unknown, number.entity)


def choose(when: Truth | bool, then: Number | int, otherwise: Number | int = 0) -> Any:
    """`then` where the condition holds, `otherwise` where it does not, unknown where that is unknown.

    What is not chosen may be unknown without harm; where both are the same, it does not matter which is chosen.
    """
    if type(when) is bool:
        return then if when else otherwise
    if type(when) is not Truth:
        raise PolicyError("not_a_truth", what=getattr(when, "kind", repr(when)))
    yes = when.state >> 1
    (a, a_unknown), (b, b_unknown) = _side(then, when), _side(otherwise, when)
    unknown = (when.state & UNKNOWN).view(bool)
    if unknown.any():
        unknown = unknown & (a != b)
        for lacking in (a_unknown, b_unknown):
            if lacking is not None:
                unknown |= lacking & (when.state == UNKNOWN)
    if a_unknown is not None:
        unknown = unknown | (yes.view(bool) & a_unknown)
    if b_unknown is not None:
        unknown = unknown | (b_unknown & (when.state == NO))
    # Multiplied rather than picked: picking by a mask costs five times as much.
    if type(a) is int and type(b) is int:
        small = -SMALL <= a <= SMALL and -SMALL <= b <= SMALL
        picked = yes.astype(np.int8 if small else np.int64) * (a - b)
    elif type(b) is int and not b:
        picked = a * yes
    elif _plain(a) and _plain(b):
        picked = a * yes - b * yes
    else:
        picked = (a - b) * yes
    return Number(picked if type(b) is int and not b else picked + b, unknown, when.entity)


def _plain(value: Any) -> bool:
    """A whole number that is the same for all."""
    return isinstance(value, int) and type(value) is not bool


def _side(value: Number | int, when: Truth) -> tuple[Any, np.ndarray | None]:
    if _plain(value):
        return value, None
    if type(value) is not Number:
        raise PolicyError("not_a_number", what=getattr(value, "kind", repr(value)))
    if value.entity is not when.entity:
        raise PolicyError("mixed_entities")
    return value.values, value.unknown


def any_of(*conditions: Truth) -> Truth:
    """Whether at least one of several holds."""
    found = conditions[0]
    for one in conditions[1:]:
        found = found | one
    return found


def all_of(*conditions: Truth) -> Truth:
    """Whether all of several hold."""
    found = conditions[0]
    for one in conditions[1:]:
        found = found & one
    return found
