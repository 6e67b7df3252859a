"""What the classifier sees of a text: pairs and single characters, and words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import rjieba

LONGEST = 1500  # characters that are read; what a message is about stands in its beginning
_PLACE_LETTER = re.compile(r"[a-z]\d{0,2}(?=[市区县])")
_NUMBER = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")


def normal(text: str) -> str:
    """One form for what means the same: half-width, lower case, every number 0, every lettered district alike."""
    text = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    text = _PLACE_LETTER.sub("◎", text)
    text = _NUMBER.sub("0", text)
    return _SPACE.sub(" ", text).strip()


def characters(text: str) -> Counter[str]:
    """How often each character and each pair of neighbours stands in a normal text."""
    found = Counter(text)
    found.update(map(str.__add__, text, text[1:]))
    return found


def word_list(text: str) -> list[str]:
    """The words of a normal text in order, long words with the shorter words in them."""
    return [word for word in rjieba.cut_for_search(text) if not word.isspace()]


def words(text: str) -> Counter[str]:
    return Counter(word_list(text))
