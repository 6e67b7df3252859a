"""How a text is cut so that any part of it is found again, Chinese or not. No database here.

Every pair of neighbouring characters is a token, at its place: a query of two characters or more is a phrase of
pairs, which is the same as "this text contains exactly these characters". A query of one character is a token of
its own. There is no dictionary, so nothing is cut wrongly and no word is unknown. A run of characters ends where
something stands that is neither letter nor digit; its last character closes it, so that no phrase reaches over.

A matter's number is cut into fours (`_n0001`), what can be filtered by is a mark (`_a210104002`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

FOUR = 4
MOST_CHARACTERS = 100
MOST_WORDS = 8
_NUMBER = re.compile(r"[0-9][0-9\-]*")
_PLAIN = re.compile(r"[^0-9A-Za-z]")

Phrase = tuple[str, ...]
# One word of a query: any of these, each being phrases of which all must be there.
Word = tuple[tuple[Phrase, ...], ...]


def runs(text: str) -> list[str]:
    """The unbroken runs of letters and digits, wide forms and capitals made equal."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one if one.isalnum() else " " for one in plain).split()


def pairs(run: str) -> list[str]:
    """Each character with the next."""
    return [run[n : n + 2] for n in range(len(run) - 1)]


def fours(digits: str) -> list[str]:
    return [f"_n{digits[n : n + FOUR]}" for n in range(len(digits) - FOUR + 1)]


def mark(letter: str, code: str) -> str:
    """What stands for a filter: `_u` and the unit's code without anything but letters and digits."""
    return f"_{letter}{_PLAIN.sub('', code).lower()}"


def tokens(found: Sequence[str], number: str, marks: Iterable[str]) -> list[str]:
    """All tokens in their places: of the runs, of the number, each character once, the marks."""
    placed: list[str] = []
    for run in found:
        placed += pairs(run)
        placed.append(run[-1])
    closing = {run[-1] for run in found}
    single = dict.fromkeys(one for run in found for one in run if one not in closing)
    return [*placed, *fours(number.replace("-", "")), *single, *marks]


def wanted(text: str) -> tuple[Word, ...]:
    """What a query asks for: every word of it. Empty when it has no letter and no digit."""
    words = []
    for piece in unicodedata.normalize("NFKC", text).split()[:MOST_WORDS]:
        found = runs(piece)
        if not found:
            continue
        ways = [tuple(_phrase(run) for run in found)]
        digits = piece.replace("-", "")
        if _NUMBER.fullmatch(piece) and len(digits) >= FOUR:
            ways.append((tuple(fours(digits)),))
        words.append(tuple(ways))
    return tuple(words)


def fits(placed: Sequence[str], words: Sequence[Word]) -> bool:
    """Whether a text, given as its `tokens`, has every word: what the index says of it, without the index."""
    there = set(placed)
    return all(any(all(_stands(phrase, placed, there) for phrase in way) for way in word) for word in words)


def _stands(phrase: Phrase, placed: Sequence[str], there: set[str]) -> bool:
    if not there.issuperset(phrase):
        return False
    size = len(phrase)
    return size == 1 or any(
        tuple(placed[at : at + size]) == phrase for at, one in enumerate(placed) if one == phrase[0]
    )


def _phrase(run: str) -> Phrase:
    return tuple(pairs(run)) if len(run) > 1 else (run,)
