"""Every household of a snapshot against every programme: what is to be looked into, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from yiwang.core.policy import HOUSEHOLD, NO, UNKNOWN, YES, Answers, Population, Rules, evaluate, prepare
from yiwang.domains.assistance.discovery import asking, fingerprints
from yiwang.domains.assistance.discovery.verdicts import (
    ENDING,
    ENTITLED,
    NOTHING,
    WORDS,
    Asked,
    complicated,
    severity,
    sorts,
    verdicts,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding before it is kept. `row`: which household of the population."""

    row: int
    cause: str
    says: str
    sort: str
    severity: int
    fen: int
    missing: tuple[str, ...]
    fingerprint: str
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """What the pack sets: how many unknown facts, and how near to the line, make somebody likely to qualify soon."""

    missing: int
    near: float


def find(
    rules: Rules,
    population: Population,
    day: date,
    enrolled: Mapping[str, np.ndarray],
    limits: Limits,
    workers: int = 1,
) -> Iterator[tuple[str, list[Found]]]:
    """For each programme in force its findings, by household. `enrolled`: programme -> who is in it (absent: nobody)."""
    reads = asking.reads_of(rules, day)
    count = population.count[HOUSEHOLD]
    nobody = np.zeros(count, bool)
    answers = _asked(rules, population, day, reads, workers)
    near_by: dict[str, np.ndarray] = {}
    if limits.near:
        near_by = _states(rules, asking.poorer(population, limits.near), day, reads, workers)
    usual = _states(rules, population.guessed(), day, reads, workers)
    said: dict[str, tuple[np.ndarray, np.ndarray, dict]] = {}
    for slug in reads:
        state, fen = asking.by_household(answers[slug], population)
        near = nobody
        if near_by:
            near = (state == NO) & (near_by[slug] > UNKNOWN)
        own = enrolled.get(slug, nobody)
        likely = usual[slug] == YES
        asked_at = _closer(
            rules, population, day, slug, np.flatnonzero((state == UNKNOWN) & likely & ~own), reads[slug]
        )
        # Most hang on much that is unknown: nothing is kept of them.
        asked_at = {row: found for row, found in asked_at.items() if len(found[1]) <= limits.missing}
        missing = np.full(count, limits.missing + 1)
        for row, (_mark, names) in asked_at.items():
            missing[row] = len(names)
        said[slug] = (verdicts(Asked(state, fen, near, missing, likely), own, limits.missing), fen, asked_at)
    everywhere = np.sum([enrolled.get(slug, nobody) for slug in reads], axis=0, dtype=np.int64)
    mixed = complicated(
        *(np.any([says == what for says, _f, _a in said.values()], axis=0) for what in (ENTITLED, ENDING))
    )
    for slug, (says, fen, asked_at) in said.items():
        rows = np.flatnonzero(says != NOTHING)
        unseen = np.array([row for row in rows.tolist() if row not in asked_at], np.int64)
        asked_at |= _closer(rules, population, day, slug, unseen, reads[slug])
        elsewhere = (everywhere - enrolled.get(slug, nobody)) > 0
        sort = np.where(mixed, "c", sorts(says, elsewhere))
        worth = severity(says, fen)
        yield (
            slug,
            [
                Found(
                    row,
                    slug,
                    WORDS[says[row]],
                    str(sort[row]),
                    int(worth[row]),
                    int(fen[row]),
                    asked_at[row][1],
                    fingerprints.text(asked_at[row][0]),
                    reads[slug].illustrative,
                )
                for row in rows.tolist()
            ],
        )


def _asked(
    rules: Rules, population: Population, day: date, programmes: Iterable[str], workers: int
) -> Answers:
    prepare(rules, population, day)  # takes less memory than NumPy would, and is kept for the next screening
    return evaluate(rules, population, day, list(programmes), workers)


def _states(
    rules: Rules, population: Population, day: date, programmes: Iterable[str], workers: int
) -> dict[str, np.ndarray]:
    """The answer of each household by programme; nothing is kept of the population."""
    answers = _asked(rules, population, day, programmes, workers)
    return {slug: asking.by_household(answers[slug], population)[0] for slug in answers}


def _closer(
    rules: Rules, population: Population, day: date, slug: str, rows: np.ndarray, reads: asking.Reads
) -> dict[int, tuple[int, tuple[str, ...]]]:
    """Mark and missing facts of some households, by household."""
    if not len(rows):
        return {}
    looked = asking.look(rules, population, day, slug, rows, reads)
    return {
        row: (int(mark), names)
        for row, mark, names in zip(rows.tolist(), looked.marks.tolist(), looked.missing, strict=True)
    }
