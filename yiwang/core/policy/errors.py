"""The error of everything about policy: a code, its values, and the file and line of the pack."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

#: What is wrong, by code; upper floors translate the values.
MESSAGES = {
    # the text of a programme file
    "syntax": "this is not valid Python: %(problem)s",
    "not_allowed": "%(what)s is not allowed in a programme file",
    "import": "only names of yiwang.core.policy may be imported, not %(name)s",
    "unknown_name": "%(name)s is no fact, figure or programme",
    "word": "write %(use)s instead of %(found)s: each person or household has its own answer",
    "twice": "%(name)s is defined twice, first in %(first)s",
    "reserved": "%(name)s is a word of the language and can't be the name of a fact or figure",
    "too_long": "a programme file has at most %(most)d characters",
    "failed": "%(name)s failed: %(problem)s",
    # the form of a programme
    "no_conditions": "the programme %(name)s has no condition",
    "no_entity": "the programme %(name)s does not say its entity: household or person",
    "several_amounts": "the programme %(name)s has more than one amount",
    "pays": "the programme %(name)s: pays is month, year, season or once where there is an amount, and only there",
    "no_name": "the programme %(name)s has no Chinese name",
    "not_later": "the version of %(name)s from %(date)s does not come after the one before it",
    "bad_date": "%(value)s is not a date: write YYYY-MM-DD",
    # using columns
    "wrong_entity": "%(name)s belongs to a %(own)s, and is used here as of a %(used)s: write %(use)s",
    "mixed_entities": (
        "a column of persons and one of households can't be put together: use sum, any, count or max of the "
        "household, or .household of the person"
    ),
    "not_one_answer": (
        "a column has one answer for each person or household and is no single true or false: use &, |, ~, choose()"
    ),
    "not_a_truth": "a condition (yes or no) is needed here, not %(what)s",
    "not_a_number": "a number is needed here, not %(what)s",
    "no_choice": "%(value)s is not a value of %(name)s",
    "wrong_result": "%(name)s must give %(expected)s of each %(entity)s, but gives %(found)s",
    "circle": "%(name)s needs itself: %(path)s",
    # parameters
    "no_parameter": "there is no parameter %(name)s",
    "missing_at": "the parameter %(name)s has no value on %(date)s; its first is from %(first)s",
    "no_unit": "the parameter %(name)s: there is no unit %(unit)s",
    "no_values": "the parameter %(name)s needs at least one value, and each from another date",
    "not_in_unit": "the parameter %(name)s: %(value)s is not %(expected)s",
    "not_by_kind": "the parameter %(name)s has values by %(by)s, so give one for each kind",
    "kinds_lacking": "the parameter %(name)s has no value for %(kinds)s",
    "no_kind": "the parameter %(name)s has no value for %(kind)s",
    # populations and cases
    "no_fact": "there is no fact %(name)s of a %(entity)s",
    "bad_value": "%(name)s can't be %(value)s: it needs %(expected)s",
    "wrong_length": "the column %(name)s has %(length)d values, but there are %(expected)d of a %(entity)s",
    "no_household": "a person belongs to household %(value)s, but there are %(count)d",
    "no_programme": "there is no programme %(name)s",
    "case_key": "the key %(key)s is not known in a case",
    "case_lacks": "the case lacks %(key)s",
    "case_answer": "“%(case)s” should give %(expected)s, but gives %(found)s",
    "case_amount": "“%(case)s” should pay %(expected)s fen, but pays %(found)s",
    "case_missing": "“%(case)s” should miss %(expected)s, but misses %(found)s",
    "case_twice": "two cases are called “%(case)s”",
}


class PolicyError(ValueError):
    """`code` is a key of MESSAGES and `params` fill its blanks; `file` and `line` say where, empty when nowhere.

    `known` are the words that would have been right, of which `word` may be a slip.
    """

    def __init__(
        self,
        code: str,
        *,
        file: str = "",
        line: int = 0,
        word: str = "",
        known: Iterable[str] = (),
        **params: object,
    ):
        self.code, self.file, self.line, self.params = code, file, line, params
        self.word, self.known = word, tuple(known)
        place = f"{file}:{line}: " if file else ""
        super().__init__(f"{place}{self.message} {nearest(word, self.known)}".rstrip())

    @property
    def message(self) -> str:
        """The sentence in English, without its place."""
        return MESSAGES[self.code] % self.params

    def at(self, file: str, line: int) -> PolicyError:
        """The same error with its place, if it had none."""
        if self.file:
            return self
        return PolicyError(self.code, file=file, line=line, word=self.word, known=self.known, **self.params)

    def __reduce__(self):
        fields = {"file": self.file, "line": self.line, "word": self.word, "known": self.known}
        return _restore, (self.code, fields | self.params)


def _restore(code: str, fields: dict) -> PolicyError:
    return PolicyError(code, **fields)


def nearest(word: str, known: Iterable[str]) -> str:
    """ "Did you mean x?" when a known word is close, the known words when they are few, else nothing."""
    known = sorted(set(known))
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]}?"
    return f"Known: {', '.join(known)}." if 0 < len(known) <= 12 else ""
