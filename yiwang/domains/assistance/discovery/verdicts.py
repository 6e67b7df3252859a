"""What screening says of each household and programme. Pure: arrays in, arrays out; nothing here decides a benefit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yiwang.core.policy import NO, UNKNOWN, YES

NOTHING, ENTITLED, ENDING, SOON = 0, 1, 2, 3
WORDS = ("", "entitled", "ending", "soon")
# What is looked into first: somebody who goes without, then money that may be wrong, then who is close to it.
BASE = np.array([0, 500, 300, 100], np.int64)
MOST_FOR_MONEY, FULL_YUAN = 400, 2000  # the amount moves a finding up, the whole way at so many yuan a month


@dataclass(frozen=True, slots=True)
class Asked:
    """One programme's answer for each household.

    `state`: NO, UNKNOWN or YES; `fen`: what it would give; `near`: the answer is no, and would be yes a little below;
    `missing`: on how many unknown facts an undetermined answer hangs; `likely`: it would be yes if they were as usual.
    """

    state: np.ndarray
    fen: np.ndarray
    near: np.ndarray
    missing: np.ndarray
    likely: np.ndarray


def verdicts(asked: Asked, enrolled: np.ndarray, most_missing: int) -> np.ndarray:
    """NOTHING, ENTITLED, ENDING or SOON for each household.

    Nobody's help is questioned because something is unknown: who is enrolled and undetermined is left alone.
    """
    found = np.zeros(len(asked.state), np.uint8)
    out = ~enrolled
    few = (asked.state == UNKNOWN) & asked.likely & (asked.missing <= most_missing)
    found[out & (few | ((asked.state == NO) & asked.near))] = SOON
    found[out & (asked.state == YES)] = ENTITLED
    found[enrolled & (asked.state == NO)] = ENDING
    return found


def severity(says: np.ndarray, fen: np.ndarray) -> np.ndarray:
    """0 to 1000, the most severe first: what is said, then how much a month hangs on it."""
    share = np.minimum(fen, FULL_YUAN * 100) * MOST_FOR_MONEY // (FULL_YUAN * 100)
    return np.where(says == NOTHING, 0, BASE[says] + share)


def sorts(says: np.ndarray, elsewhere: np.ndarray) -> np.ndarray:
    """The class after 国办发〔2023〕39号 as text: a due and not given, b may qualify, d may no longer qualify.

    `elsewhere`: the household is enrolled in another programme, so its need is known and this help is just not given.
    """
    found = np.full(len(says), "b", "<U1")
    found[(says == ENTITLED) & elsewhere] = "a"
    found[says == ENDING] = "d"
    return found


def complicated(entitled: np.ndarray, ending: np.ndarray) -> np.ndarray:
    """Households for which some help is due while other help may end: looked at one by one (c, 一事一议)."""
    return entitled & ending


__all__ = [
    "ENDING",
    "ENTITLED",
    "NOTHING",
    "SOON",
    "WORDS",
    "YES",
    "Asked",
    "complicated",
    "severity",
    "sorts",
    "verdicts",
]
