"""Formulas run once over arrays that only note what is asked of them: what all programmes compute, as a graph.

`Later` stands for an array of a column. The formulas and the logic of `columns.py` work on it as on an array of NumPy;
nothing of what a formula means is written a second time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from yiwang.core.policy.columns import HOUSEHOLD, PERSON

BOOL, BYTE, LONG = np.dtype(bool), np.dtype(np.uint8), np.dtype(np.int64)
COMPARISONS = frozenset("less less_equal greater greater_equal equal not_equal".split())
OPERATIONS = COMPARISONS | frozenset(
    "add subtract multiply floor_divide remainder minimum maximum bitwise_and bitwise_or right_shift invert".split()
)
PACKED = 32  # two bits for each place of a table
FEW = 4  # values that are followed through an operation one by one


class CannotRecord(Exception):
    """An operation that has no place in the graph."""


class Node(NamedTuple):
    """`op`: column, const, number, pick, cast, view, copy, lookup, spread, sum, most, least, or an operation of NumPy.

    `data`: (fact, whether it is the mask) of a column, the value of a constant, the table of a lookup, the parameter
    of a number or a pick, what a reduction begins with. `values`: all that it can be, where that is little; else None.
    """

    op: str
    dtype: np.dtype
    entity: str | None
    args: tuple[int, ...]
    data: Any
    values: frozenset[int] | None


class Law(int):
    """A number of the law or of the day, of which the graph shall know only the name.

    It may be compared and reckoned with columns. What would be computed of it alone can't be recorded.
    """

    graph: Graph
    name: str
    dtype: np.dtype

    @classmethod
    def named(cls, graph: Graph, name: str, value: int, dtype: np.dtype = LONG) -> Law:
        found = cls(value)
        found.graph, found.name, found.dtype = graph, name, dtype
        return found

    def __ne__(self, other: Any) -> Any:
        """Whether it is another number is asked of parameters too, to choose between them."""
        return np.not_equal(Later(self.graph, self.graph.number(self)), other)

    def _alone(self, other: Any = None) -> Any:
        if isinstance(other, Later):
            return NotImplemented
        raise CannotRecord("a parameter by itself")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __floordiv__ = __rfloordiv__ = _alone
    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __neg__ = __bool__ = _alone
    __hash__ = int.__hash__


class Graph:
    """Nodes, each after those that it needs; equal ones are one.

    `law`: the kinds of each parameter that was used, None for one number. The numbers are no part of the nodes, so
    that another law gives the same graph.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.law: dict[str, tuple[str, ...] | None] = {}
        self._known: dict[tuple, int] = {}

    def add(
        self,
        op: str,
        dtype: np.dtype,
        entity: str | None,
        args: tuple[int, ...] = (),
        data: Any = None,
        values: frozenset[int] | None = None,
    ) -> int:
        if values is not None and len(values) == 1 and op != "const":
            return self.const(next(iter(values)), dtype)
        key = (op, dtype, entity, args, data)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.nodes)
            self.nodes.append(Node(op, dtype, entity, args, data, values))
        return found

    def const(self, value: int, dtype: np.dtype) -> int:
        return self.add("const", dtype, None, (), int(value), frozenset((int(value),)))

    def number(self, law: Law) -> int:
        """A number that is the same for all."""
        self.law[law.name] = None
        return self.add("number", law.dtype, None, (), law.name)

    def pick(self, name: str, kinds: tuple[str, ...], codes: int) -> int:
        """A parameter with a number for each kind, and 0 for the unknown kind."""
        self.law[name] = kinds
        one = self.nodes[codes]
        if one.op == "spread":
            return self.spread(self.pick(name, kinds, one.args[0]))
        return self.add("pick", LONG, one.entity, (codes,), (name, len(kinds) + 1))

    def cast(self, node: int, dtype: np.dtype) -> int:
        one = self.nodes[node]
        if one.dtype == dtype:
            return node
        if one.op == "const":
            return self.const(int(np.asarray(one.data).astype(dtype)), dtype)
        if dtype == BOOL:
            raise CannotRecord("a number as a truth")
        if one.op == "spread":
            return self.spread(self.cast(one.args[0], dtype))
        return self.add("cast", dtype, one.entity, (node,), None, one.values)

    def view(self, node: int, dtype: np.dtype) -> int:
        one = self.nodes[node]
        if {one.dtype, dtype} - {BOOL, BYTE}:
            raise CannotRecord(f"{one.dtype} seen as {dtype}")
        if one.op == "view":
            return self.view(one.args[0], dtype)
        if one.dtype == dtype:
            return node
        if one.op == "spread":
            return self.spread(self.view(one.args[0], dtype))
        return self.add("view", dtype, one.entity, (node,), None, one.values)

    def spread(self, node: int) -> int:
        one = self.nodes[node]
        return (
            node if one.entity is None else self.add("spread", one.dtype, PERSON, (node,), None, one.values)
        )

    def reduce(self, op: str, node: int, dtype: np.dtype, empty: int) -> int:
        values = self.nodes[node].values
        if op == "sum":
            return self.add(op, dtype, HOUSEHOLD, (self.cast(node, dtype),), 0)
        values = None if values is None else values | {empty}
        return self.add(op, dtype, HOUSEHOLD, (self.cast(node, dtype),), empty, values)

    def lookup(self, table: np.ndarray, codes: int) -> int:
        """The table's small number for each code."""
        one = self.nodes[codes]
        if len(table) > PACKED or table.max() > 3:
            raise CannotRecord("a large table")
        return self.add(
            "lookup", table.dtype, one.entity, (codes,), tuple(table.tolist()), frozenset(table.tolist())
        )

    def operation(self, name: str, dtype: np.dtype, *args: int) -> int:
        """An operation over arguments of its own type; simplified where the values allow it."""
        given = [self.nodes[n] for n in args]
        entities = {one.entity for one in given} - {None}
        if len(entities) > 1:
            raise CannotRecord("persons mixed with households")
        same = self._one_of(name, dtype, args, given)
        if same is not None:
            return same
        if entities and all(one.op == "spread" or one.entity is None for one in given):
            # The same for all members: computed once, of the household.
            own = (one.args[0] if one.op == "spread" else n for n, one in zip(args, given, strict=True))
            return self.spread(self.operation(name, dtype, *own))
        values = _values(name, dtype, given)
        return self.add(name, dtype, next(iter(entities), None), args, None, values)

    def _one_of(self, name: str, dtype: np.dtype, args: tuple[int, ...], given: list[Node]) -> int | None:
        """The argument that the result is the same as, if it is."""
        if len(args) != 2:
            return None
        if name in ("minimum", "maximum", "bitwise_and", "bitwise_or") and args[0] == args[1]:
            return args[0]
        for mine, other in ((0, 1), (1, 0)):
            if given[other].op != "const" or given[mine].dtype != dtype:
                continue
            fixed, can = given[other].data, given[mine].values
            if name == "minimum" and can is not None and all(n <= fixed for n in can):
                return args[mine]
            if name == "maximum" and can is not None and all(n >= fixed for n in can):
                return args[mine]
            if name in ("add", "bitwise_or") and fixed == 0 or name == "multiply" and fixed == 1:
                return args[mine]
            if name in ("multiply", "bitwise_and") and fixed == 0:
                return args[other]
            if name == "bitwise_and" and dtype == BOOL and fixed:
                return args[mine]
            if name == "subtract" and fixed == 0 and other == 1:
                return args[mine]
        return None


def _values(name: str, dtype: np.dtype, given: list[Node]) -> frozenset[int] | None:
    """All that an operation can give, if its arguments can be little."""
    if all(one.values is not None and len(one.values) <= FEW for one in given):
        ufunc = getattr(np, name)
        with np.errstate(all="ignore"):
            found = frozenset(
                int(ufunc(*(one.dtype.type(n) for one, n in zip(given, row, strict=True))))
                for row in product(*(sorted(one.values) for one in given))
            )
        return found if len(found) <= FEW else None
    return frozenset((0, 1)) if dtype == BOOL else None


class Later(NDArrayOperatorsMixin):
    """An array whose values come later; one place stands for all."""

    __slots__ = ("graph", "node")
    shape, size, ndim = (1,), 1, 1

    def __init__(self, graph: Graph, node: int):
        self.graph, self.node = graph, node

    @property
    def dtype(self) -> np.dtype:
        return self.graph.nodes[self.node].dtype

    def __len__(self) -> int:
        return 1

    def __bool__(self) -> bool:
        raise CannotRecord("a branch over values")

    def any(self) -> bool:
        """Whether it may be true anywhere."""
        return self.graph.nodes[self.node].values != frozenset((0,))

    def view(self, dtype: Any) -> Later:
        return Later(self.graph, self.graph.view(self.node, np.dtype(dtype)))

    def astype(self, dtype: Any) -> Later:
        return Later(self.graph, self.graph.cast(self.node, np.dtype(dtype)))

    def taken_from(self, table: np.ndarray) -> Later:
        return Later(self.graph, self.graph.lookup(table, self.node))

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **more: Any
    ) -> Any:
        if method != "__call__" or more or ufunc.__name__ not in OPERATIONS or ufunc.nout != 1:
            raise CannotRecord(f"{ufunc.__name__}.{method}")
        found = _applied(self.graph, ufunc, inputs)
        if out is None:
            return Later(self.graph, found)
        (kept,) = out
        if type(kept) is not Later or kept.dtype != self.graph.nodes[found].dtype:
            raise CannotRecord("written into an array")
        kept.node = found
        return kept

    def __array_function__(self, function: Callable, _types: Any, args: tuple, kwargs: dict) -> Any:
        if kwargs:
            raise CannotRecord(function.__name__)
        if function is np.zeros_like and len(args) == 1:
            return np.zeros(1, args[0].dtype)
        if function is np.full_like and len(args) == 2:
            return np.full(1, args[1], args[0].dtype)
        if function is np.count_nonzero and len(args) == 1:
            return 1
        if function is np.clip and len(args) == 3:
            return np.minimum(np.maximum(args[0], args[1]), args[2])
        raise CannotRecord(function.__name__)


@lru_cache(maxsize=4096)
def _types(ufunc: np.ufunc, kinds: tuple[Any, ...]) -> tuple[np.dtype, ...]:
    return ufunc.resolve_dtypes((*kinds, None))


def node_of(graph: Graph, value: Any) -> int:
    """The node of an array, or of one value for all."""
    if type(value) is Later:
        return value.node
    if type(value) is bool:
        return graph.const(int(value), BOOL)
    if isinstance(value, np.ndarray | np.generic) and value.size == 1:
        return graph.const(int(value.reshape(-1)[0]), value.dtype)
    raise CannotRecord(f"an array of {np.size(value)}")


def _applied(graph: Graph, ufunc: np.ufunc, inputs: tuple[Any, ...]) -> int:
    name = ufunc.__name__
    inputs = tuple(Later(graph, graph.number(one)) if type(one) is Law else one for one in inputs)
    plain = [one if type(one) is int else None for one in inputs]
    nodes = [None if n is not None else node_of(graph, one) for n, one in zip(plain, inputs, strict=True)]
    kinds = tuple(int if n is None else graph.nodes[n].dtype for n in nodes)
    *own, dtype = _types(ufunc, kinds)
    if name in COMPARISONS and any(
        n is not None and not np.iinfo(kind).min <= n <= np.iinfo(kind).max
        for n, kind in zip(plain, own, strict=True)
        if kind != BOOL
    ):
        own = [LONG, LONG]
    args = []
    for node, number, kind in zip(nodes, plain, own, strict=True):
        if number is None:
            args.append(graph.cast(node, kind))
        else:
            args.append(graph.const(int(np.array(number, kind)), kind))
    if (
        dtype == BOOL
        and own[0] == BOOL
        and name not in ("bitwise_and", "bitwise_or", "invert", "equal", "not_equal")
    ):
        raise CannotRecord(f"{name} of truths")
    return graph.operation(name, dtype, *args)


class LaterLayout:
    """In place of a `Layout`: the sums over members as nodes."""

    households = persons = 1

    def __init__(self, graph: Graph, widest: int):
        self._graph, self.widest = graph, widest

    def add(self, values: Any, dtype: Any = np.int64) -> Later:
        return self._reduced("sum", values, np.dtype(dtype), 0)

    def most(self, values: Any, empty: int) -> Later:
        return self._reduced("most", values, values.dtype, empty)

    def least(self, values: Any, empty: int) -> Later:
        return self._reduced("least", values, values.dtype, empty)

    def _reduced(self, op: str, values: Any, dtype: np.dtype, empty: int) -> Later:
        return Later(self._graph, self._graph.reduce(op, node_of(self._graph, values), dtype, int(empty)))

    def spread(self, values: Any) -> Later:
        return Later(self._graph, self._graph.spread(node_of(self._graph, values)))
