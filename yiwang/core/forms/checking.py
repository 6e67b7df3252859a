"""Answers against a form: the values that they are, and every error with its place.

One pass in the order of the form: an expression sees only what stands before it. `form-check.js` does the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from yiwang.core.forms.answers import clean, empty
from yiwang.core.forms.formats import READERS, Unreadable
from yiwang.core.forms.schema import Field, Form

Look = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Wrong:
    """One error: the answer's path, a stable code, and what fills the sentence."""

    path: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """`values`: typed values of what was asked and answered, computed ones too. `hidden`: paths that are not asked."""

    values: Mapping[str, Any]
    wrong: tuple[Wrong, ...]
    hidden: tuple[str, ...]

    @property
    def good(self) -> bool:
        return not self.wrong


def check(form: Form, answers: Mapping[str, Any], today: date) -> Checked:
    """The answers judged. `today` is for dates that may not lie in the future, and the name `today`."""
    walk = _Walk(today)
    values = walk.group(form.fields, answers, "", lambda name: walk.today if name == "today" else None)
    return Checked(values, tuple(walk.wrong), tuple(walk.hidden))


class _Walk:
    def __init__(self, today: date):
        self.today = today.isoformat()
        self.wrong: list[Wrong] = []
        self.hidden: list[str] = []

    def say(self, path: str, code: str, **params: Any) -> None:
        self.wrong.append(Wrong(path, code, params))

    def group(self, fields: tuple[Field, ...], answers: Any, before: str, outer: Look) -> dict[str, Any]:
        given = answers if isinstance(answers, Mapping) else {}
        values: dict[str, Any] = {}
        own = {one.name for one in fields}

        def look(name: str) -> Any:
            return values.get(name) if name in own else outer(name)

        for one in fields:
            path = before + one.name
            if one.when is not None and one.when(look) is not True:
                self.hidden.append(path)
                continue
            value = (
                _computed(one, look)
                if one.value is not None
                else self.answer(one, given.get(one.name), path, look)
            )
            if value is not None:
                values[one.name] = value
        return values

    def answer(self, one: Field, answer: Any, path: str, look: Look) -> Any:
        if one.kind == "group":
            return self.group(one.fields, answer, f"{path}.", look)
        if one.kind == "rows":
            return self.rows(one, answer, path, look)
        if one.kind == "choices":
            return self.choices(one, answer, path)
        text = clean(answer, lines=one.long, half=one.kind in READERS)
        if not text:
            if one.required or one.consent:
                self.say(path, "consent" if one.consent else "required")
            return None
        try:
            value = _value(one, text)
        except Unreadable as wrong:
            self.say(path, wrong.code)
            return None
        return value if self.bounded(one, value, path) else None

    def bounded(self, one: Field, value: Any, path: str) -> bool:
        """Whether a value lies within its bounds; says it where it does not."""
        before = len(self.wrong)
        if one.kind == "text":
            if one.most is not None and len(value) > one.most:
                self.say(path, "long", most=one.most)
            elif one.least is not None and len(value) < one.least:
                self.say(path, "short", least=one.least)
            elif one.pattern and not _compiled(one.pattern).fullmatch(value):
                self.say(path, "pattern")
        elif one.kind in ("whole", "money"):
            if one.least is not None and value < one.least:
                self.say(path, "small", least=one.least)
            elif one.most is not None and value > one.most:
                self.say(path, "large", most=one.most)
        elif one.kind == "date" and one.past and value > self.today:
            self.say(path, "future")
        elif one.consent and value is not True:
            self.say(path, "consent")
        return len(self.wrong) == before

    def rows(self, one: Field, answer: Any, path: str, look: Look) -> list[dict[str, Any]] | None:
        """Rows in which nothing was answered are none; the others keep their places in the paths of errors."""
        given = answer if isinstance(answer, list | tuple) else []
        there = [
            (place, row) for place, row in enumerate(given) if isinstance(row, Mapping) and not empty(row)
        ]
        values = [self.group(one.fields, row, f"{path}.{place}.", look) for place, row in there]
        self.counted(one, len(values), path)
        return values

    def choices(self, one: Field, answer: Any, path: str) -> list[str] | None:
        given = answer if isinstance(answer, list | tuple) else [answer]
        texts = [text for text in (clean(item) for item in given) if text]
        if any(text not in one.choices for text in texts):
            self.say(path, "choice")
            return None
        chosen = [value for value in one.choices if value in texts]
        self.counted(one, len(chosen), path)
        return chosen

    def counted(self, one: Field, count: int, path: str) -> None:
        least = max(one.least or 0, 1 if one.required else 0)
        if count < least:
            self.say(path, "few", least=least)
        elif one.most is not None and count > one.most:
            self.say(path, "many", most=one.most)


def _value(one: Field, text: str) -> Any:
    if one.kind == "text":
        return text
    if one.kind == "choice":
        if text not in one.choices:
            raise Unreadable("choice")
        return text
    if one.kind == "yes":
        if text not in ("yes", "no"):
            raise Unreadable("choice")
        return text == "yes"
    return READERS[one.kind](text)


def _computed(one: Field, look: Look) -> Any:
    """The computed value, None where it is unknown or of another kind than the form says."""
    value = one.value(look) if one.value is not None else None
    whole = isinstance(value, int) and not isinstance(value, bool)
    fits = {"whole": whole, "money": whole, "yes": isinstance(value, bool)}.get(
        one.kind, isinstance(value, str)
    )
    return value if fits else None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)
