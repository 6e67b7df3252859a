"""What people typed, as a tree of texts: one text an answer, a list for several choices, a tree for each row.

Texts are cleaned alike here and in the browser: ends of lines made one, control characters and blanks around gone,
full-width letters and digits of codes and numbers made half-width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

EMPTY: Mapping[str, Any] = {}
BLANKS = " \t\n\u3000\u00a0"
_CONTROL = re.compile("[\u0000-\u0008\u000b-\u001f\u007f]")
_LINE = re.compile("[\t\n]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def clean(text: Any, *, lines: bool = False, half: bool = False) -> str:
    """A text as it is judged; '' for anything that is no text. `lines`: several; `half`: a code or number."""
    if not isinstance(text, str):
        return ""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not lines:
        plain = _LINE.sub(" ", plain)
    if half:
        plain = plain.translate(_WIDE)
    return plain.strip(BLANKS)


def empty(answer: Any) -> bool:
    """Whether nothing was answered, in a text, a choice, a row or a whole group."""
    if isinstance(answer, Mapping):
        return all(empty(one) for one in answer.values())
    if isinstance(answer, list | tuple):
        return all(empty(one) for one in answer)
    return clean(answer, lines=True) == ""


def leaves(answers: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, answer) of every answer that is not empty: `name`, `children.0.name`; several choices are one answer."""
    if isinstance(answers, Mapping):
        for name, one in answers.items():
            yield from leaves(one, f"{path}.{name}" if path else name)
    elif isinstance(answers, list | tuple) and any(isinstance(one, Mapping) for one in answers):
        for place, one in enumerate(answers):
            yield from leaves(one, f"{path}.{place}")
    elif not empty(answers):
        yield path, answers
