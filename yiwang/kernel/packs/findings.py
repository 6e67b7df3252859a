"""What a pack's author is told: where, what is wrong, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

ERROR, WARNING = "error", "warning"


class Where(NamedTuple):
    """A line of a pack's file, the file named from the folder of packs on: ("dadong/duties.yaml", 12)."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong (severity `error`: the pack can't be loaded) or doubtful (`warning`)."""

    file: str
    line: int
    severity: str
    message: str
    advice: str = ""

    @property
    def where(self) -> Where:
        return Where(self.file, self.line)

    def __str__(self) -> str:
        label = _("error") if self.severity == ERROR else _("warning")
        advice = f" {self.advice}" if self.advice else ""
        return f"{self.file}:{self.line}: {label}: {self.message}{advice}"

    def as_dict(self) -> dict:
        return {
            "file": self.file,
            "line": self.line,
            "severity": self.severity,
            "message": self.message,
            "advice": self.advice,
        }


def error(where: tuple[str, int], message: str, advice: str = "") -> Finding:
    return Finding(where[0], where[1], ERROR, message, advice)


def warning(where: tuple[str, int], message: str, advice: str = "") -> Finding:
    return Finding(where[0], where[1], WARNING, message, advice)


def nearest(word: str, known: Iterable[str]) -> str:
    """The advice "Did you mean x?" when one of the known words is close, else the known words (if they are few)."""
    known = sorted({str(k) for k in known})
    close = difflib.get_close_matches(str(word), known, n=1, cutoff=0.6)
    if close:
        return _("Did you mean %(word)s?") % {"word": close[0]}
    if 0 < len(known) <= 24:
        return _("Known: %(words)s.") % {"words": ", ".join(known)}
    return ""
