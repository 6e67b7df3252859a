"""Answers made from a JSON Schema alone: right ones, and from them wrong ones with exactly one mistake.

Nothing here asks `core.forms` what a schema means, so that it can be compared with it. The one thing that is asked is
whether a conditional question is asked at all in the answers made.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from re import _constants, _parser
from typing import Any

TODAY = date(2026, 9, 24)
LONGEST, MOST_ROWS = 2000, 50  # of texts and lists that name no bound
WORDS = "大东区长安路珠林胜利街道社区王李张刘陈安全卫生经营AB12 -·"


def right(schema: dict, luck: random.Random) -> dict[str, Any]:
    """A tree of answers that fits an object schema: everything required, of the rest what luck says."""
    required = schema.get("required", [])
    return {
        name: _answer(one, luck)
        for name, one in schema["properties"].items()
        if "x-value" not in one
        and (name in required or "const" in one or one["type"] == "object" or luck.random() < 0.6)
    }


def _answer(one: dict, luck: random.Random) -> Any:
    if one["type"] == "object":
        return right(one, luck)
    if one["type"] == "array":
        least = max(one.get("minItems", 0), 1)
        if one["items"]["type"] == "object":
            most = min(one.get("maxItems", MOST_ROWS), least + 2)
            return [right(one["items"], luck) for _n in range(luck.randint(least, most))]
        values = one["items"]["enum"]
        return luck.sample(values, luck.randint(least, min(one.get("maxItems", len(values)), len(values))))
    if one["type"] == "boolean":
        return "yes" if "const" in one else luck.choice(["yes", "no"])
    if one["type"] == "integer":
        number = luck.randint(one.get("minimum", 0), one.get("maximum", max(one.get("minimum", 0), 10**6)))
        return f"{number // 100}.{number % 100:02d}" if one.get("format") == "money" else str(number)
    return _text(one, luck)


def _text(one: dict, luck: random.Random) -> str:
    form = one.get("format")
    if "enum" in one:
        return luck.choice(one["enum"])
    if form == "date":
        last = TODAY if one.get("x-past") else date(2040, 12, 31)
        return (
            date(1950, 1, 1) + timedelta(days=luck.randrange((last - date(1950, 1, 1)).days + 1))
        ).isoformat()
    if form == "id-number":
        return id_number(luck)
    if form == "org-code":
        return org_code(luck)
    if form == "phone":
        return f"1{luck.randint(3, 9)}{luck.randint(0, 999999999):09d}"
    if "pattern" in one:
        return _of_pattern(one["pattern"], luck)
    count = luck.randint(max(one.get("minLength", 1), 1), min(one.get("maxLength", LONGEST), 30))
    text = "".join(luck.choice(WORDS) for _n in range(count)).strip(" ")
    return text.ljust(max(one.get("minLength", 1), 1), "大")


def id_number(luck: random.Random) -> str:
    """GB 11643, computed here."""
    born = date(1940, 1, 1) + timedelta(days=luck.randrange(25_000))
    body = f"210104{born:%Y%m%d}{luck.randint(1, 999):03d}"
    weights = [pow(2, 17 - n, 11) for n in range(17)]
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def org_code(luck: random.Random) -> str:
    """GB 32100 with GB 11714 inside, computed here."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    inner = f"{luck.randint(0, 99999999):08d}"
    total = sum(int(d) * w for d, w in zip(inner, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    body = f"91210104{inner}{'0123456789X'[-total % 11]}"
    whole = sum(signs.index(one) * pow(3, n, 31) for n, one in enumerate(body))
    return body + signs[-whole % 31]


def _of_pattern(pattern: str, luck: random.Random) -> str:
    """A text of a plain pattern."""

    def part(op: Any, given: Any) -> str:
        if op is _constants.LITERAL:
            return chr(given)
        if op is _constants.IN:
            kind, value = luck.choice(given)
            if kind is _constants.RANGE:
                return chr(luck.randint(*value))
            return chr(value) if kind is _constants.LITERAL else str(luck.randint(0, 9))
        if op is _constants.MAX_REPEAT:
            least, most, inner = given
            times = luck.randint(least, min(most, least + 8))
            return "".join(part(*one) for _n in range(times) for one in inner)
        raise ValueError(f"a pattern with {op}")

    found = "".join(part(*one) for one in _parser.parse(pattern))
    assert re.fullmatch(pattern, found)
    return found


def mistakes(schema: dict, answers: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, code, answers with this one mistake) of everything that a schema forbids, for right answers."""
    yield from _mistakes(schema, answers, "", answers)


def _mistakes(
    schema: dict, inside: dict[str, Any], before: str, whole: dict[str, Any]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, one in schema["properties"].items():
        if "x-value" in one:
            continue
        path = before + name
        if one["type"] == "object":
            if name in inside:
                yield from _mistakes(one, inside[name], f"{path}.", whole)
            continue
        if one["type"] == "array" and one["items"]["type"] == "object":
            for n, row in enumerate(inside.get(name, [])):
                yield from _mistakes(one["items"], row, f"{path}.{n}.", whole)
        for code, wrong in _wrong(one, name in schema.get("required", []), inside.get(name)):
            yield path, code, _with(whole, path, wrong)


def _wrong(one: dict, required: bool, given: Any) -> Iterator[tuple[str, Any]]:
    """(code, answer) of each rule of one property that can be broken."""
    if one["type"] == "array":
        yield from _wrong_list(one, required, given)
        return
    if "const" in one:
        yield "consent", ""
        yield "consent", "no"
    elif required:
        yield "required", ""
        yield "required", " \u3000\t"
    if one["type"] == "boolean":
        yield "choice", "maybe"
    elif one["type"] == "integer":
        money = one.get("format") == "money"
        yield ("money", "1.234") if money else ("whole", "1.5")
        yield ("money" if money else "whole"), "许多"
        scale = 100 if money else 1
        if "minimum" in one:
            yield "small", str(one["minimum"] // scale - 1)
        if "maximum" in one:
            yield "large", str(one["maximum"] // scale + 1)
    elif "enum" in one:
        yield "choice", "nonsense"
    elif one.get("format") == "date":
        yield "date", "2026-02-30"
        yield "date", "昨天"
        if one.get("x-past"):
            yield "future", (TODAY + timedelta(days=1)).isoformat()
    elif one.get("format") in ("id-number", "org-code"):
        luck = random.Random(1)
        code = id_number(luck) if one["format"] == "id-number" else org_code(luck)
        yield one["format"], code[:-1] + ("0" if code[-1] != "0" else "1")
        yield one["format"], code[:-1]
    elif one.get("format") == "phone":
        yield "phone", "12345"
    else:
        yield "long", "长" * (one.get("maxLength", LONGEST) + 1)
        if one.get("minLength", 0) > 1:
            yield "short", "短" * (one["minLength"] - 1)
        if "pattern" in one:
            yield "pattern", "此"


def _wrong_list(one: dict, required: bool, given: Any) -> Iterator[tuple[str, Any]]:
    if required or one.get("minItems"):
        yield "few", []
    if one["items"]["type"] == "string":
        yield "choice", ["nonsense"]
    elif given:
        yield "many", [deepcopy(given[0]) for _n in range(one.get("maxItems", MOST_ROWS) + 1)]


def _with(answers: dict[str, Any], path: str, wrong: Any) -> dict[str, Any]:
    changed = deepcopy(answers)
    *above, name = path.split(".")
    place: Any = changed
    for one in above:
        place = place[int(one)] if one.isdecimal() else place.setdefault(one, {})
    place[name] = wrong
    return changed


def plain(path: str) -> str:
    """A path without the numbers of rows."""
    return ".".join(part for part in path.split(".") if not part.isdecimal())
