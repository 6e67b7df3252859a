"""The normal form of a code as people type it, before any rule about the code itself."""

import unicodedata
from collections.abc import Callable

from .errors import N_, SHOWN, CodeError
from .masks import mask_id

LONGEST = 80  # no code is longer, separators included; stops a pasted novel before any work is done on it
DASHES = "-‐‑‒–—―−－_"
_GONE = {ord(c): None for c in " \t\r\n\v\f\u3000\u200b\u200c\u200d\u2060\ufeff\u202a\u202c" + DASHES}

DIGITS = frozenset("0123456789")
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def plain(kind: str, text: object, show: Callable[[str], str] = cut) -> str:
    """The text in half-width capitals without outer blanks; inner separators stay."""
    if not isinstance(text, str):
        raise CodeError(
            kind,
            "not_text",
            type(text).__name__,
            N_("it is not text"),
            N_(
                "store the column as text: a spreadsheet number loses zeros in front and digits after the 15th"
            ),
        )
    if len(text) > LONGEST:
        raise CodeError(
            kind,
            "length",
            show(text[:LONGEST]),
            N_("it has %(count)d characters"),
            N_("give the code alone, without other text"),
            {"count": len(text)},
        )
    return unicodedata.normalize("NFKC", text).upper().strip()


def compact(kind: str, text: object, show: Callable[[str], str] = cut) -> str:
    """`plain` without any blank or dash."""
    value = plain(kind, text, show).translate(_GONE)
    if not value:
        raise CodeError(kind, "empty", "", N_("it is empty"), N_("fill it in"))
    return value


def require_length(kind: str, value: str, lengths: tuple[int, ...], shown: str | None = None) -> None:
    if len(value) in lengths:
        return
    expected = " / ".join(str(n) for n in lengths)
    raise CodeError(
        kind,
        "length",
        cut(value) if shown is None else shown,
        N_("it has %(count)d characters instead of %(expected)s"),
        N_("compare it with the original; characters are missing or too many"),
        {"count": len(value), "expected": expected},
    )


def require_characters(kind: str, value: str, allowed: frozenset[str], shown: str | None = None) -> None:
    for place, character in enumerate(value, start=1):
        if character not in allowed:
            raise CodeError(
                kind,
                "characters",
                cut(value) if shown is None else shown,
                N_("character %(place)d is %(character)s, which cannot stand there"),
                N_("compare it with the original"),
                {"place": place, "character": character},
            )


def personal(text: str) -> str:
    return mask_id(cut(text))
