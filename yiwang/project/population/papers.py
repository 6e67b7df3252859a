"""Ids, numbers, names, phones and addresses of people who do not exist.

- The ID numbers have right check characters, and the county code 210199, which was never given out: no living person
  can have one of them.
- Names are a surname and a pair of stem and branch (甲子, 乙丑 …), as nobody is called.
- Phones begin with 1400, a range for machines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import numpy as np

from yiwang.project.population.structure import Bodies, Rng

COUNTY = "210199"
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECKS = np.array(list("10X98765432"))
SURNAMES = tuple("王李张刘赵孙杨陈于高徐马吴郭周宋韩曹冯田董袁潘姜谢许金崔石关佟那")
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
GIVEN = tuple(stem + branch for stem in STEMS for branch in BRANCHES)


def uuids(count: int, moment: dt.datetime, rng: Rng) -> np.ndarray:
    """So many UUIDs of version 7 with this moment in them, rising, n × 16 bytes."""
    raw = rng.integers(0, 256, size=(count, 16), dtype=np.uint8)
    stamp = np.arange(count, dtype=np.uint64) // 4096 + np.uint64(int(moment.timestamp() * 1000))
    for place in range(6):
        raw[:, place] = (stamp >> np.uint64(8 * (5 - place))).astype(np.uint8)
    rank = np.arange(count) % 4096  # the twelve bits behind the version keep them rising
    raw[:, 6] = 0x70 | (rank >> 8)
    raw[:, 7] = rank & 0xFF
    raw[:, 8] = 0x80 | (raw[:, 8] & 0x3F)
    return raw


def as_uuids(raw: np.ndarray) -> list[UUID]:
    whole = raw.tobytes()
    return [UUID(bytes=whole[at : at + 16]) for at in range(0, len(whole), 16)]


def id_numbers(born: np.ndarray, female: np.ndarray) -> np.ndarray:
    """Resident IDs for dates of birth (YYYYMMDD) and sexes: all different.

    Raises ValueError when more than five hundred of one sex were born on one day.
    """
    order = np.lexsort((female, born))
    days, sexes = born[order], female[order]
    new = np.ones(len(order), bool)
    new[1:] = (days[1:] != days[:-1]) | (sexes[1:] != sexes[:-1])
    starts = np.flatnonzero(new)
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    if len(rank) and rank.max() > 498:
        raise ValueError("too many births on one day for three digits")
    turn = np.empty(len(order), np.int64)
    turn[order] = rank * 2 + np.where(sexes, 2, 1)
    head = np.char.add(np.char.add(COUNTY, born.astype("U8")), np.char.zfill(turn.astype("U3"), 3))
    digits = np.array(head, dtype="U17").view("U1").reshape(-1, 17).astype(np.int64)
    return np.char.add(head, CHECKS[digits @ WEIGHTS % 11])


def names(bodies: Bodies, rng: Rng) -> list[str]:
    """A name for everybody; children, and the head's parents, have the surname of their side."""
    count, home = len(bodies.age), bodies.household_of
    weights = 1 / np.arange(2, len(SURNAMES) + 2)
    choose = lambda n: rng.choice(len(SURNAMES), size=n, p=weights / weights.sum())  # noqa: E731
    own, of_home = choose(count), choose(len(bodies.sizes))
    shared = np.isin(
        bodies.relation, [bodies.words.index(word) for word in ("head", "child", "sibling", "grandchild")]
    )
    surname = np.where(shared, of_home[home], own)
    given = rng.integers(0, len(GIVEN), size=count)
    return [SURNAMES[s] + GIVEN[g] for s, g in zip(surname.tolist(), given.tolist(), strict=True)]


def phones(bodies: Bodies, rng: Rng) -> list[str]:
    """A phone for most grown people, '' for the others."""
    count = len(bodies.age)
    share = np.interp(bodies.age, [0, 12, 16, 60, 75, 95], [0.0, 0.05, 0.9, 0.96, 0.7, 0.3])
    has = rng.random(count) < share
    numbers = rng.integers(0, 10_000_000, size=count)
    return [f"1400{n:07d}" if one else "" for n, one in zip(numbers.tolist(), has.tolist(), strict=True)]


def addresses(areas: np.ndarray, places: Sequence[Sequence[tuple[str, int, int]]], rng: Rng) -> list[str]:
    """An address for each household. `places[area]`: (road, first number, last number) of its community."""
    count = len(areas)
    road, number = rng.random(count), rng.random(count)
    unit, floor, door = rng.integers(1, 6, count), rng.integers(1, 8, count), rng.integers(1, 4, count)
    found = []
    for n, area in enumerate(areas.tolist()):
        there = places[area]
        name, first, last = there[int(road[n] * len(there))]
        found.append(
            f"{name}{first + int(number[n] * (last - first + 1))}号{unit[n]}单元{floor[n]}0{door[n]}"
        )
    return found
