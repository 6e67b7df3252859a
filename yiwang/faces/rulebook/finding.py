"""Looks for words in everything that the pack names: classes, conditions, units, duties, posts, reasons, settings.

All of it is in memory and small (some two thousand entries), so each is looked at: a few milliseconds.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.registers import queries as registers

MOST = 60
LONGEST = 60  # letters of a question that are looked at
# How much a place where the word is found weighs.
EXACT, NAME, WORD, TEXT, PART = 100, 40, 25, 10, 4


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of the pack that can be found. `sort` is class, condition, unit, duty, post, reason or step."""

    sort: str
    key: tuple[str, ...]
    code: str
    names: tuple[str, ...]  # Chinese first
    words: tuple[str, ...] = ()  # aliases, keywords
    texts: tuple[str, ...] = ()


def find(rules: Rulebook, question: str, sort: str = "", most: int = MOST) -> list[Entry]:
    """The entries that the question speaks of, best first. Empty for an empty question."""
    terms = _plain(question[:LONGEST]).split()
    if not terms:
        return []
    found = []
    for place, (entry, plain) in enumerate(_index(rules)):
        if sort and entry.sort != sort:
            continue
        weight = _weight(terms, plain)
        if weight:
            found.append((-weight, place, entry))
    return [entry for _weight_, _place, entry in sorted(found, key=lambda row: row[:2])[:most]]


@dataclass(frozen=True, slots=True)
class _Plain:
    code: str
    names: tuple[str, ...]
    words: tuple[str, ...]
    texts: tuple[str, ...]


def _weight(terms: list[str], plain: _Plain) -> int:
    """0 unless every term is found; a term that is not there as a whole counts by its words."""
    total = 0
    for term in terms:
        one = _whole(term, plain) or _parts(term, plain)
        if not one:
            return 0
        total += one
    return total


def _whole(term: str, plain: _Plain) -> int:
    if term == plain.code or term in plain.names:
        return EXACT
    if plain.code.startswith(term) or any(term in name for name in plain.names):
        return NAME
    if any(term in word for word in plain.words):
        return WORD
    return TEXT if any(term in text for text in plain.texts) else 0


def _parts(term: str, plain: _Plain) -> int:
    """What people say is longer than what a pack writes: 路灯不亮了 finds 路灯. More than half of it must be there."""
    pieces = [piece for piece in _cut(term) if len(piece) > 1]
    there = [piece for piece in pieces if _whole(piece, plain)]
    letters = sum(map(len, there))
    return PART + letters if there and letters * 2 >= sum(map(len, pieces)) else 0


@lru_cache(maxsize=256)
def _cut(term: str) -> tuple[str, ...]:
    return tuple(rjieba.cut(term))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=2)
def _index(rules: Rulebook) -> tuple[tuple[Entry, _Plain], ...]:
    return tuple(
        (
            entry,
            _Plain(
                _plain(entry.code),
                *(tuple(map(_plain, part)) for part in (entry.names, entry.words, entry.texts)),
            ),
        )
        for entry in _entries(rules)
    )


def _entries(rules: Rulebook) -> Iterator[Entry]:
    for one in rules.classes.values():
        key, words = (one.standard, one.kind, one.code), (*one.aliases, *one.keywords)
        yield Entry("class", key, one.code, (one.name, one.name_en), words, (one.major_name,))
    for one in rules.conditions.values():
        texts = (one.text, one.text_en, one.close_text, one.close_text_en)
        named = rules.class_def(one.standard, one.class_code)
        yield Entry("condition", (one.slug,), one.slug, (), (named.name,) if named else (), texts)
    for kind in rules.kinds:
        for task in rules.process(kind).tasks:
            yield Entry(
                "step", (kind, task.id), task.id, (task.name, task.name_en), tuple(task.outcomes.values())
            )
    for one in rules.post_kinds.values():
        yield Entry("post", (one.slug,), one.slug, (one.name, one.name_en))
    for one in rules.reasons.values():
        yield Entry("reason", (one.slug,), one.slug, (one.name, one.name_en), (), (one.basis,))
    for one in registers.units().values():
        yield Entry("unit", (one.code,), one.code, (one.name, one.name_en))
