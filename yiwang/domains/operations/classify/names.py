"""Classes by their names, aliases and keywords: what is known before anybody has taught the classifier anything."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.domains.operations.classify.features import normal

# What one found term is worth: the better a term names the thing, the more. Set by hand, not a measured frequency.
NAME, ALIAS, KEYWORD = 0.9, 0.85, 0.8
ALIKE = 0.5  # at most, for a text that only shares pairs of characters with a name
_OF_A_THING = "异常"  # matter 01037 is 路灯异常: residents say only 路灯


@dataclass(frozen=True, slots=True)
class Guess:
    code: str
    confidence: float
    why: tuple[str, ...]  # the terms found in the text


class NameIndex:
    """The classes of one standard. `guess` costs some microseconds for a sentence, whatever the number of classes."""

    def __init__(self, classes: Iterable) -> None:
        """`classes` have code, kind, name, aliases, keywords; a component's words count for the matter of its code."""
        self._terms: dict[str, dict[str, float]] = defaultdict(dict)
        pairs: dict[str, set[str]] = defaultdict(set)
        for one in classes:
            name = one.name.removesuffix(_OF_A_THING)
            for worth, terms in (
                (NAME, [name, *name.split("、")]),
                (ALIAS, one.aliases),
                (KEYWORD, one.keywords),
            ):
                for term in map(normal, terms):
                    if len(term) >= 2:
                        self._terms[term][one.code] = max(worth, self._terms[term].get(one.code, 0))
                        pairs[one.code].update(map(str.__add__, term, term[1:]))
        self._lengths: dict[str, list[int]] = defaultdict(list)
        for term in self._terms:
            if len(term) not in self._lengths[term[:2]]:
                self._lengths[term[:2]].append(len(term))
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)
        self._pairs: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for code, found in pairs.items():
            for pair in found:
                self._pairs[pair].append((code, 1.0))
        total = max(len(pairs), 1)
        self._weight = {pair: math.log(1 + total / len(codes)) for pair, codes in self._pairs.items()}

    def guess(self, text: str, most: int = 5) -> list[Guess]:
        """The classes that the text may be about, best first."""
        text = normal(text)
        doubt: dict[str, float] = {}
        why: dict[str, list[str]] = defaultdict(list)
        for term in self._found(text):
            codes = self._terms[term]
            # Long terms are surer; a term of several classes is shared out among them.
            sure = (1 - 0.35 ** (len(term) - 1)) / len(codes)
            for code, worth in codes.items():
                doubt[code] = doubt.get(code, 1.0) * (1 - worth * sure)
                why[code].append(term)
        worth = {code: 1 - left for code, left in doubt.items()}
        for code, alike in self._alike(text).items():
            worth[code] = max(worth.get(code, 0.0), 0.0) + (1 - worth.get(code, 0.0)) * alike
        return self._ranked(worth, why, most)

    @staticmethod
    def _ranked(worth: dict[str, float], why: dict[str, list[str]], most: int) -> list[Guess]:
        # Two classes that the text speaks for alike are each half as sure.
        total = sum(value * value for value in worth.values())
        order = sorted(worth, key=lambda code: (-worth[code], code))[:most]
        return [
            Guess(code, round(worth[code] ** 3 / total, 4), tuple(dict.fromkeys(why.get(code, ()))))
            for code in order
            if worth[code] > 0.02
        ]

    def _found(self, text: str) -> Iterable[str]:
        """Known terms from left to right, each once, none inside a longer one."""
        seen: set[str] = set()
        start = 0
        while start < len(text) - 1:
            for length in self._lengths.get(text[start : start + 2], ()):
                term = text[start : start + length]
                if term in self._terms:
                    if term not in seen:
                        seen.add(term)
                        yield term
                    start += length - 1
                    break
            start += 1

    def _alike(self, text: str) -> dict[str, float]:
        """A little for each class whose words share rare pairs of characters with the text."""
        total: dict[str, float] = defaultdict(float)
        for pair in set(map(str.__add__, text, text[1:])):
            weight = self._weight.get(pair, 0.0)
            for code, share in self._pairs.get(pair, ()):
                total[code] += weight * share
        return {code: ALIKE * (1 - math.exp(-value / 20)) for code, value in total.items()}
