"""What a report is about: ranked classes with a confidence, from the pack's words and from confirmed reports.

Two sources speak for a class. The pack's names, aliases and keywords (`names`) work from the first day; the
learnt model (`model`, made by `training` from `Lesson` rows) takes over as lessons come in, as far as it knows
the text's characters. Below the district's `classify_threshold` a person chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from yiwang.domains.operations.classify import features, shelf
from yiwang.domains.operations.classify.model import Model
from yiwang.domains.operations.classify.names import NameIndex
from yiwang.kernel.packs.rulebook import Rulebook, current

MOST = 5
HALF_TRUSTED = 150  # lessons after which the learnt model counts as much as the pack's words
LEAST = 0.01


@dataclass(frozen=True, slots=True)
class Suggestion:  # 分类建议
    """`confidence` is a probability: of suggestions with 0.8, about eight in ten are right. `why`: words of the text."""

    standard: str
    code: str
    confidence: float
    why: tuple[str, ...] = ()

    def as_dict(self) -> dict:
        return {
            "standard": self.standard,
            "code": self.code,
            "confidence": self.confidence,
            "why": list(self.why),
        }


def suggest(text: str, rules: Rulebook | None = None, most: int = MOST) -> list[Suggestion]:
    """The classes that the text may be about, best first; empty when nothing in it speaks for any.

    A sure class of the default standard comes before the topics of a hotline, however sure those are: the class
    says who answers and how long it may take, the topic only roughly.
    """
    rules = rules or current()
    models = shelf.models()
    found: list[Suggestion] = []
    for standard in standards_in_use(rules):
        found += _of_standard(text, standard, _names(rules, standard), models.get(standard))
    threshold = rules.settings["classify_threshold"]
    first = rules.default_standard

    def order(one: Suggestion) -> tuple:
        return (not (one.standard == first and one.confidence >= threshold), -one.confidence, one.code)

    return sorted(found, key=order)[:most]


def sure(suggestions: list[Suggestion], rules: Rulebook) -> Suggestion | None:
    """The suggestion that is taken without a person, None when none is sure enough."""
    best = suggestions[0] if suggestions else None
    return best if best and best.confidence >= rules.settings["classify_threshold"] else None


def standards_in_use(rules: Rulebook) -> tuple[str, ...]:
    """The pack's standards without those that another one replaces."""
    replaced = {one.replaces for one in rules.standards.values() if one.replaces}
    return tuple(name for name in rules.standards if name not in replaced)


def _of_standard(text: str, standard: str, names: NameIndex, model: Model | None) -> list[Suggestion]:
    guesses = {guess.code: guess for guess in names.guess(text, most=MOST)}
    worth: Mapping[str, float] = {code: guess.confidence for code, guess in guesses.items()}
    why = {code: guess.why for code, guess in guesses.items()}
    if model is not None:
        chances, known = model.probabilities(text)
        trust = known * model.lessons / (model.lessons + HALF_TRUSTED)
        learnt = {model.classes[n][1]: float(chances[n]) for n in chances.argsort()[::-1][:MOST]}
        worth = {
            code: trust * learnt.get(code, 0.0) + (1 - trust) * worth.get(code, 0.0)
            for code in {*worth, *learnt}
        }
        best = max(worth, key=lambda code: worth[code])
        if not why.get(best) and best in learnt:
            why[best] = telling_words(model, text, best)
    return [
        Suggestion(standard, code, round(value, 4), tuple(why.get(code, ())))
        for code, value in worth.items()
        if value >= LEAST
    ]


def telling_words(model: Model, text: str, code: str, most: int = 3) -> tuple[str, ...]:
    """The words of the text that speak most for this class in the learnt model."""
    column = next((n for n, (_standard, known) in enumerate(model.classes) if known == code), None)
    if column is None:
        return ()
    counts = features.words(features.normal(text))
    at, values, _known = model.words.rows(counts)
    if not len(at):
        return ()
    said = values * model.words.weights[at, column]
    order = said.argsort()[::-1][:most]
    return tuple(
        str(model.words.terms[at[n]]) for n in order if said[n] > 0 and len(model.words.terms[at[n]]) > 1
    )


def _names(rules: Rulebook, standard: str) -> NameIndex:
    return _names_by_digest(rules.digest, standard, rules)


@lru_cache(maxsize=16)
def _names_by_digest(digest: str, standard: str, rules: Rulebook) -> NameIndex:
    return NameIndex(one for (name, _kind, _code), one in rules.classes.items() if name == standard)
