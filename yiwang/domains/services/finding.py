"""Finds a service by what people type: 我想开个小饭店 finds the food business licence. No database here.

As everywhere, every pair of neighbouring characters is a token (`kernel.matters.words`); a word of Latin letters or
digits is one. A piece of a question that stands as a whole in a name or another name counts most; else the share of
its pairs that a service has decides, rare pairs more than common ones. Words that people put around what they want
are left out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from yiwang.kernel.matters.words import pairs, runs
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.packs.services import Service, Topic

LONGEST = 60  # characters of a question that are looked at
LEAST_SHARE = 0.25  # of what the question says, by weight, that must be there
NEAR_BEST = 0.08  # of the best service's weight
# How much a field weighs.
NAME, ALIAS, KEYWORD, TEXT, TOPIC = 5.0, 4.5, 3.0, 1.0, 0.8
WHOLE = 3.0  # times, when a piece of the question stands there as a whole
UNKNOWN, ONE_CHARACTER = (
    1.0,
    0.3,
)  # the weight of a piece whose pairs no service has, and of a single character
# What people say around what they want; the longest first.
AROUND = sorted(
    """我想要 我想 我要 想要 请问 怎么样 怎么办 怎么 怎样 如何 在哪里 在哪儿 哪里 哪儿 去哪 什么时候 什么 多少钱 多少 多久 需要 要求
    手续 流程 材料 条件 申请 办理 可以 能不能 能否 一下 一个 一份 了吗 的 了 吗 呢 啊 我家 我的 个 想 要 how to do where when i want need
    my the for an apply""".split(),
    key=len,
    reverse=True,
)


@dataclass(frozen=True, slots=True)
class _Field:
    weight: float
    text: str  # its runs, joined by blanks
    tokens: frozenset[str]


@dataclass(frozen=True, slots=True)
class Index:
    """The services' fields, and how rare each token is."""

    services: tuple[Service, ...]
    fields: tuple[tuple[_Field, ...], ...]
    rare: Mapping[str, float]

    @classmethod
    def build(cls, services: Iterable[Service], topics: Mapping[str, Topic]) -> Index:
        listed = tuple(services)
        fields = tuple(_fields(one, topics) for one in listed)
        count: Counter[str] = Counter()
        for one in fields:
            count.update(set().union(*(field.tokens for field in one)))
        rare = {token: math.log(1 + len(listed) / n) for token, n in count.items()}
        return cls(listed, fields, rare)

    def find(self, question: str, most: int = 20) -> list[Service]:
        """The services that the question speaks of, the best first; none for an empty question."""
        pieces = pieces_of(question)
        if not pieces:
            return []
        weighed = [(self._weight(pieces, fields), n) for n, fields in enumerate(self.fields)]
        best = max((weight for weight, _n in weighed), default=0.0)
        found = sorted((-weight, n) for weight, n in weighed if weight and weight >= best * NEAR_BEST)
        return [self.services[n] for _weight, n in found[:most]]

    def _weight(self, pieces: list[tuple[str, tuple[str, ...]]], fields: tuple[_Field, ...]) -> float:
        """0 unless enough of the question is there."""
        total = there = asked = 0.0
        for piece, tokens in pieces:
            known = {token: self.rare[token] for token in tokens if token in self.rare}
            says = ONE_CHARACTER if len(piece) == 1 else sum(known.values()) or UNKNOWN
            asked += says
            whole = [field for field in fields if piece in field.text]
            if whole:
                there += says
                total += max(field.weight for field in whole) * WHOLE * says
                total += max(_exact(piece, field) for field in whole)
                continue
            for token, rare in known.items():
                weight = max((field.weight for field in fields if token in field.tokens), default=0.0)
                if weight:
                    there += rare
                    total += weight * rare
        return total if there >= asked * LEAST_SHARE else 0.0


def _exact(piece: str, field: _Field) -> float:
    """What is called exactly so comes before what only contains it."""
    return field.weight * 10 if field.text == piece else field.weight * len(piece) / max(len(field.text), 1)


def _fields(one: Service, topics: Mapping[str, Topic]) -> tuple[_Field, ...]:
    belongs = [topics[slug] for slug in one.topics if slug in topics]
    given: list[tuple[float, str]] = [(NAME, one.name), (NAME, one.name_en)]
    given += [(ALIAS, alias) for alias in one.aliases]
    given += [(KEYWORD, word) for word in one.keywords]
    given += [(KEYWORD, result.name) for result in one.results]
    given += [(TEXT, one.summary), (TEXT, one.summary_en), (TEXT, one.catalog_code), (TEXT, one.task_code)]
    given += [
        (TEXT, needed.material.name) for needed in one.materials if needed.material.provider != "government"
    ]
    for topic in belongs:
        given += [(TOPIC, word) for word in (topic.name, topic.name_en, *topic.words)]
    return tuple(
        _Field(weight, " ".join(runs(text)), frozenset(tokens_of(text))) for weight, text in given if text
    )


def tokens_of(text: str) -> list[str]:
    """Pairs of Chinese characters, a single one as itself; a run of Latin letters and digits as a whole."""
    found: list[str] = []
    for run in runs(text):
        for part in _parts(run):
            found += [part] if part.isascii() or len(part) == 1 else pairs(part)
    return found


def _parts(run: str) -> list[str]:
    """A run cut where Latin letters meet Chinese characters."""
    parts, start = [], 0
    for at in range(1, len(run) + 1):
        if at == len(run) or run[at].isascii() != run[at - 1].isascii():
            parts.append(run[start:at])
            start = at
    return parts


def pieces_of(question: str) -> list[tuple[str, tuple[str, ...]]]:
    """What is asked for: each piece with its tokens. A question of nothing but words around is taken as it is."""
    plain = " ".join(runs(question[:LONGEST]))
    found = _without_words_around(plain).split() or plain.split()
    return [(piece, tuple(tokens_of(piece))) for piece in dict.fromkeys(found)]


def _without_words_around(text: str) -> str:
    for word in AROUND:
        if word.isascii():
            text = " ".join(one for one in text.split() if one != word)
        else:
            text = text.replace(word, " ")
    return text


@lru_cache(maxsize=2)
def index_of(rules: Rulebook) -> Index:
    return Index.build(rules.services.values(), rules.topics)


def find(rules: Rulebook, question: str, most: int = 20) -> list[Service]:
    """The services of the pack that the question speaks of, the best first."""
    return index_of(rules).find(question, most)
