"""Answers kept under one version of a form, taken over into another.

What still fits is kept as it was typed; what has no place any more, or is none of the choices any more, is told. A text
that has become too long stays: the form will say so, and the person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.core.forms.answers import clean, empty, leaves
from yiwang.core.forms.checking import _value
from yiwang.core.forms.formats import READERS, Unreadable
from yiwang.core.forms.schema import Field, Form


@dataclass(frozen=True, slots=True)
class Dropped:
    """An answer that has no place in the new form. `why`: gone (no such question), kind (no answer to it), rows."""

    path: str
    answer: Any
    why: str


@dataclass(frozen=True, slots=True)
class Moved:
    answers: Mapping[str, Any]
    dropped: tuple[Dropped, ...]


def move(answers: Mapping[str, Any], form: Form, old: Form | None = None) -> Moved:
    """The answers as far as `form` takes them. With the form that they were given in (`old`), an answer that was not
    readable there either (half typed) is kept where the question is still of the same kind."""
    dropped: list[Dropped] = []
    kept = _group(answers, form.fields, old.fields if old else (), "", dropped)
    return Moved(kept, tuple(dropped))


def _group(
    answers: Any, fields: tuple[Field, ...], old: tuple[Field, ...], before: str, dropped: list
) -> dict:
    given = answers if isinstance(answers, Mapping) else {}
    places: dict[str, Field] = {}
    for one in fields:
        if not one.asked:
            continue
        for name in (one.name, *one.was):
            if name in given and name not in places and not empty(given[name]):
                places[name] = one
                break
    kept: dict[str, Any] = {}
    for name, answer in given.items():
        path, one = before + name, places.get(name)
        if one is None:
            dropped += [Dropped(where, leaf, "gone") for where, leaf in _all(answer, path)]
            continue
        was = next((field for field in old if field.name == name), None)
        taken = _answer(answer, one, was, path, dropped)
        if taken is not None:
            kept[one.name] = taken
    return kept


def _answer(answer: Any, one: Field, was: Field | None, path: str, dropped: list) -> Any:
    old = was.fields if was else ()
    if one.kind == "group" and isinstance(answer, Mapping):
        return _group(answer, one.fields, old, f"{path}.", dropped)
    if one.kind == "rows" and _are_rows(answer):
        rows = [row for row in answer if isinstance(row, Mapping) and not empty(row)]
        most = len(rows) if one.most is None else one.most
        for place, row in enumerate(rows[most:], start=most):
            dropped += [Dropped(where, leaf, "rows") for where, leaf in leaves(row, f"{path}.{place}")]
        return [_group(row, one.fields, old, f"{path}.{n}.", dropped) for n, row in enumerate(rows[:most])]
    if one.kind == "choices" and (texts := _texts(answer)) is not None:
        lost = [text for text in texts if clean(text) and clean(text) not in one.choices]
        dropped += [Dropped(path, text, "kind") for text in lost]
        return [text for text in texts if text not in lost] or None
    if isinstance(answer, str) and _fits(answer, one, was):
        return answer
    dropped += [Dropped(where, leaf, "kind") for where, leaf in _all(answer, path)]
    return None


def _texts(answer: Any) -> list[str] | None:
    """What can be choices: one text or a list of nothing but texts."""
    given = answer if isinstance(answer, list | tuple) else [answer]
    return list(given) if all(isinstance(text, str) for text in given) else None


def _are_rows(answer: Any) -> bool:
    return isinstance(answer, list | tuple) and all(isinstance(row, Mapping) for row in answer)


def _fits(answer: str, one: Field, was: Field | None) -> bool:
    """Whether it can be read as an answer to this question, or never could be and the kind is the same."""
    if one.kind in ("group", "rows"):
        return False
    if _readable(answer, one):
        return True
    return was is not None and was.kind == one.kind and one.kind != "choice" and not _readable(answer, was)


def _readable(answer: str, one: Field) -> bool:
    try:
        _value(one, clean(answer, lines=one.long, half=one.kind in READERS))
    except Unreadable:
        return False
    return True


def _all(answer: Any, path: str) -> list[tuple[str, Any]]:
    return list(leaves(answer, path))
