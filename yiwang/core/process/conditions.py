"""Conditions on sequence flows: a small, safe part of Python's expressions.

Allowed: names, text, numbers, True, False, None, lists and tuples of these, the comparisons
== != < <= > >= in, not in, and the words and, or, not. Nothing else: no calls, no attributes,
no indexing, no arithmetic. A condition is compiled once, to closures; nothing is ever handed to eval.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

MAX_LENGTH = 500
MAX_PARTS = 100

_COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}

_Value = Callable[[Mapping[str, Any]], Any]


class BadCondition(ValueError):
    """The text of a condition is not in the allowed part of the language."""


class UnknownName(LookupError):
    """A condition needs a name that the data does not have. `name` says which."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


class NotComparable(TypeError):
    """A condition compared values of kinds that have no order, or is not true or false."""


class Condition:
    """One compiled condition.

    `names` are the names it reads, `literals` the texts that `outcome` is compared with.
    Two conditions are equal when their text is equal. Pickles as its text.
    """

    __slots__ = ("text", "names", "literals", "_value")

    def __init__(self, text: str):
        """Compiles `text`. Raises BadCondition, saying what is wrong, when it is outside the language."""
        text = text.strip()
        if not text:
            raise BadCondition("it is empty")
        if len(text) > MAX_LENGTH:
            raise BadCondition(f"it is longer than {MAX_LENGTH} characters")
        try:
            tree = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise BadCondition(_why_unreadable(text, error)) from None
        parts = list(ast.walk(tree))
        if len(parts) > MAX_PARTS:
            raise BadCondition(f"it has more than {MAX_PARTS} parts")
        self.text = text
        self.names = frozenset(part.id for part in parts if isinstance(part, ast.Name))
        self.literals = _outcome_literals(parts)
        self._value = _compile(tree, top=True)

    def __call__(self, data: Mapping[str, Any]) -> bool:
        """Whether the condition holds. Raises UnknownName or NotComparable."""
        return _boolean(self._value(data), self.text)

    def __reduce__(self):
        return Condition, (self.text,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Condition({self.text!r})"


def _why_unreadable(text: str, error: Exception) -> str:
    if text.startswith(("${", "#{", "=")):
        return "write the bare expression, without ${ }, #{ } or a leading ="
    if "&&" in text or "||" in text:
        return "write and, or instead of &&, ||"
    if isinstance(error, SyntaxError) and error.msg:
        return f"it cannot be read: {error.msg}"
    return "it cannot be read"


def _outcome_literals(parts: list[ast.AST]) -> frozenset[str]:
    found = set()
    for part in parts:
        if not isinstance(part, ast.Compare):
            continue
        sides = [part.left, *part.comparators]
        if not any(isinstance(side, ast.Name) and side.id == "outcome" for side in sides):
            continue
        for side in sides:
            for leaf in ast.walk(side):
                if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                    found.add(leaf.value)
    return frozenset(found)


def _boolean(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return value
    raise NotComparable(f"{text} is {value!r}, which is neither true nor false")


def _compile(node: ast.AST, top: bool = False) -> _Value:
    if top and isinstance(node, ast.List | ast.Tuple | ast.Constant) and not _is_boolean(node):
        raise BadCondition("it is a value, not a question that is true or false")
    if isinstance(node, ast.Constant):
        return _constant(node)
    if isinstance(node, ast.Name):
        return _name(node.id)
    if isinstance(node, ast.List | ast.Tuple):
        items = [_compile(item) for item in node.elts]
        return lambda data: tuple(item(data) for item in items)
    if isinstance(node, ast.BoolOp):
        return _words(node)
    if isinstance(node, ast.UnaryOp):
        return _unary(node)
    if isinstance(node, ast.Compare):
        return _comparison(node)
    what = type(node).__name__
    raise BadCondition(f"{_PLAIN.get(what, what)} is not allowed")


_PLAIN = {
    "Call": "calling a function",
    "Attribute": "reading an attribute with a dot",
    "Subscript": "reading an item with [ ]",
    "BinOp": "arithmetic",
    "Lambda": "lambda",
    "IfExp": "if … else",
    "JoinedStr": "an f-string",
    "NamedExpr": ":=",
    "Dict": "a dictionary",
    "Set": "a set (use a list)",
    "ListComp": "a comprehension",
    "GeneratorExp": "a comprehension",
    "Starred": "*",
}


def _is_boolean(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _constant(node: ast.Constant) -> _Value:
    value = node.value
    if value is not None and not isinstance(value, str | int | float | bool):
        raise BadCondition(f"the value {value!r} is not allowed")
    return lambda data: value


def _name(name: str) -> _Value:
    if name.startswith("__"):
        raise BadCondition(f"the name {name} is not allowed")

    def read(data: Mapping[str, Any]) -> Any:
        try:
            return data[name]
        except KeyError:
            raise UnknownName(name) from None

    return read


def _words(node: ast.BoolOp) -> _Value:
    parts = [(_compile(value), ast.unparse(value)) for value in node.values]
    if isinstance(node.op, ast.And):
        return lambda data: all(_boolean(part(data), text) for part, text in parts)
    return lambda data: any(_boolean(part(data), text) for part, text in parts)


def _unary(node: ast.UnaryOp) -> _Value:
    if isinstance(node.op, ast.Not):
        inner, text = _compile(node.operand), ast.unparse(node.operand)
        return lambda data: not _boolean(inner(data), text)
    operand = node.operand
    if isinstance(node.op, ast.USub) and isinstance(operand, ast.Constant):
        value = operand.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return lambda data: -value
    raise BadCondition("a sign is only allowed before a number")


def _comparison(node: ast.Compare) -> _Value:
    for op in node.ops:
        if type(op) not in _COMPARE:
            raise BadCondition("is, is not are not allowed; write ==, !=")
    first = _compile(node.left)
    rest = [(_COMPARE[type(op)], _compile(side)) for op, side in zip(node.ops, node.comparators, strict=True)]
    text = ast.unparse(node)

    def compare(data: Mapping[str, Any]) -> bool:
        left = first(data)
        for test, side in rest:
            right = side(data)
            try:
                holds = test(left, right)
            except TypeError:
                raise NotComparable(f"{text} compares {left!r} with {right!r}") from None
            if not holds:
                return False
            left = right
        return True

    return compare
