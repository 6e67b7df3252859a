"""Conditions and computed answers: a small, safe part of Python's expressions.

Compiled to lists that JSON can hold, so that the browser evaluates the very same tree: `["+", ["name", "a"], …]`.
None is unknown: it makes what is computed from it unknown; `and` and `or` are three-valued.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from yiwang.core.codes.errors import N_

MAX_LENGTH, MAX_PARTS = 500, 120
BIGGEST = 2**53 - 1  # what a number of a browser holds exactly
FUNCTIONS = {"sum": (1, 1), "count": (1, 1), "min": (1, 9), "max": (1, 9), "years": (2, 2), "known": (1, 1)}
_OF_ROWS = ("sum", "count")

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Tree = list  # [operator, parts …]


class BadExpression(ValueError):
    """The text is outside the language; `message` says what is wrong, `params` fill it."""

    def __init__(self, message: str, **params: Any):
        super().__init__(message % params if params else message)
        self.message, self.params = message, params


class Expression:
    """A compiled expression. `names` are the answers it reads, `rows` the (list, name) pairs that it sums."""

    __slots__ = ("names", "rows", "text", "tree")

    def __init__(self, text: str):
        if not isinstance(text, str) or not text.strip():
            raise BadExpression(N_("it is empty"))
        if len(text) > MAX_LENGTH:
            raise BadExpression(N_("it is longer than %(most)d characters"), most=MAX_LENGTH)
        try:
            parsed = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise BadExpression(N_("it cannot be read")) from None
        if sum(1 for _part in ast.walk(parsed)) > MAX_PARTS:
            raise BadExpression(N_("it has more than %(most)d parts"), most=MAX_PARTS)
        self.text = text.strip()
        self.names: set[str] = set()
        self.rows: set[tuple[str, str]] = set()
        self.tree: Tree = self._compile(parsed)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __call__(self, look: Callable[[str], Any]) -> Any:
        """The value, None where it is unknown. `look` gives the value of a name, None for an unknown one."""
        return evaluate(self.tree, look)

    def _compile(self, node: ast.AST) -> Tree:
        if isinstance(node, ast.Constant):
            return ["value", _constant(node)]
        if isinstance(node, ast.Name):
            if node.id.startswith("_"):
                raise BadExpression(N_("the name %(name)s is not allowed"), name=node.id)
            self.names.add(node.id)
            return ["name", node.id]
        if isinstance(node, ast.BoolOp):
            return ["and" if isinstance(node.op, ast.And) else "or", *map(self._compile, node.values)]
        if isinstance(node, ast.UnaryOp):
            return self._unary(node)
        if isinstance(node, ast.BinOp):
            operator = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}.get(type(node.op))
            if operator is None:
                raise BadExpression(N_("only + - * may be computed"))
            return [operator, self._compile(node.left), self._compile(node.right)]
        if isinstance(node, ast.Compare):
            return self._compare(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        raise BadExpression(N_("%(name)s is not allowed"), name=type(node).__name__)

    def _unary(self, node: ast.UnaryOp) -> Tree:
        if isinstance(node.op, ast.Not):
            return ["not", self._compile(node.operand)]
        if isinstance(node.op, ast.USub):
            return ["-", ["value", 0], self._compile(node.operand)]
        raise BadExpression(N_("only not and - may stand before a value"))

    def _compare(self, node: ast.Compare) -> Tree:
        if len(node.ops) != 1:
            raise BadExpression(N_("write a < b and b < c instead of a < b < c"))
        left, op, right = self._compile(node.left), node.ops[0], node.comparators[0]
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(right, ast.List | ast.Tuple) or not all(
                isinstance(one, ast.Constant) for one in right.elts
            ):
                raise BadExpression(N_("in needs a list of values: kind in ['a', 'b']"))
            within = ["in", left, [_constant(one) for one in right.elts]]
            return ["not", within] if isinstance(op, ast.NotIn) else within
        word = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}.get(
            type(op)
        )
        if word is None:
            raise BadExpression(N_("write == and != instead of is"))
        return [word, left, self._compile(right)]

    def _call(self, node: ast.Call) -> Tree:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS or node.keywords:
            raise BadExpression(N_("there are only the functions %(names)s"), names=", ".join(FUNCTIONS))
        least, most = FUNCTIONS[name]
        if not least <= len(node.args) <= most:
            raise BadExpression(N_("%(name)s takes another number of values"), name=name)
        if name in _OF_ROWS:
            return [name, *self._rows(name, node.args[0])]
        return [name, *map(self._compile, node.args)]

    def _rows(self, name: str, node: ast.AST) -> tuple[str, ...]:
        if name == "count" and isinstance(node, ast.Name):
            self.rows.add((node.id, ""))
            return (node.id,)
        if name == "sum" and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            self.rows.add((node.value.id, node.attr))
            return (node.value.id, node.attr)
        raise BadExpression(N_("write sum(rows.name) and count(rows)"))


def _constant(node: ast.AST) -> Any:
    value = node.value if isinstance(node, ast.Constant) else None
    if not isinstance(value, str | bool | int) or (isinstance(value, int) and abs(value) > BIGGEST):
        raise BadExpression(N_("a value is text, a whole number, True or False"))
    return value


def evaluate(tree: Tree, look: Callable[[str], Any]) -> Any:
    """The value of a compiled tree, None where it is unknown."""
    word, *parts = tree
    if word == "value":
        return parts[0]
    if word == "name":
        return look(parts[0])
    if word in ("and", "or"):
        return _kleene(word == "or", [evaluate(part, look) for part in parts])
    if word == "not":
        value = evaluate(parts[0], look)
        return not value if isinstance(value, bool) else None
    if word in _OF_ROWS:
        return _of_rows(word, parts, look)
    if word == "known":
        return evaluate(parts[0], look) is not None
    if word == "in":
        value = evaluate(parts[0], look)
        return (
            None
            if value is None or isinstance(value, list | dict)
            else any(_same(value, one) for one in parts[1])
        )
    values = [evaluate(part, look) for part in parts]
    return None if any(value is None for value in values) else _OPERATORS[word](*values)


def _kleene(decides: bool, values: list[Any]) -> bool | None:
    """`or` is decided by one true, `and` by one false; what is neither true nor false is unknown."""
    if any(value is decides for value in values):
        return decides
    return (not decides) if all(value is (not decides) for value in values) else None


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _same(a: Any, b: Any) -> bool | None:
    """Equal and of one kind: true is not 1. Lists are not compared."""
    return None if isinstance(a, list | dict) or isinstance(b, list | dict) else type(a) is type(b) and a == b


def _bounded(value: int) -> int | None:
    return value if abs(value) <= BIGGEST else None


def _arithmetic(compute: Callable[[int, int], int]) -> Callable[[Any, Any], int | None]:
    return lambda a, b: _bounded(compute(a, b)) if _whole(a) and _whole(b) else None


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool | None]:
    """Whole numbers and dates have an order; other text has none here, since machines sort it differently."""
    return lambda a, b: compare(a, b) if (_whole(a) and _whole(b)) or (_date(a) and _date(b)) else None


def _date(value: Any) -> date | None:
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _extreme(pick: Callable) -> Callable[..., Any]:
    def of(*values: Any) -> Any:
        good = all(map(_whole, values)) or all(map(_date, values))
        return pick(values) if good else None

    return of


def _years(start: Any, end: Any) -> int | None:
    """Completed years from one date to another; None for an end before the start."""
    a, b = _date(start), _date(end)
    if a is None or b is None or b < a:
        return None
    return b.year - a.year - ((b.month, b.day) < (a.month, a.day))


_OPERATORS: Mapping[str, Callable[..., Any]] = {
    "+": _arithmetic(lambda a, b: a + b),
    "-": _arithmetic(lambda a, b: a - b),
    "*": _arithmetic(lambda a, b: a * b),
    "==": _same,
    "!=": lambda a, b: None if (same := _same(a, b)) is None else not same,
    "<": _ordered(lambda a, b: a < b),
    "<=": _ordered(lambda a, b: a <= b),
    ">": _ordered(lambda a, b: a > b),
    ">=": _ordered(lambda a, b: a >= b),
    "min": _extreme(min),
    "max": _extreme(max),
    "years": _years,
}


def _of_rows(word: str, parts: list, look: Callable[[str], Any]) -> int | None:
    rows = look(parts[0])
    if not isinstance(rows, list):
        return None
    if word == "count":
        return len(rows)
    values = [row.get(parts[1]) if isinstance(row, dict) else None for row in rows]
    total = 0
    for value in values:
        if not _whole(value):
            return None
        total += value
        if abs(total) > BIGGEST:
            return None
    return total
