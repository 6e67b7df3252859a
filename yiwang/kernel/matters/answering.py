"""What the steps of a process read from an answer. All raise Invalid with the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import texts
from yiwang.kernel.matters.forms import Answer

LONGEST = 1000


def text(answer: Answer, name: str) -> str:
    value = answer.data.get(name, "")
    return texts.clean("" if value is None else value, name, LONGEST)


def needed(answer: Answer, name: str, sentence: str) -> str:
    """The text of a field that must be filled in; `sentence` asks for it."""
    found = text(answer, name)
    if len(found) < 2:
        raise Invalid(sentence, where=name)
    return found


def choice(answer: Answer, name: str, known: Mapping[str, Any], sentence: str) -> str:
    value = text(answer, name)
    if value not in known:
        raise Invalid(sentence, where=name)
    return value
