"""What core.policy refuses, said in the reader's language: core knows no Django, so it speaks English only."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yiwang.core.policy import PolicyError
from yiwang.kernel.packs.findings import nearest

# By code. In English they are word for word what core says; a test compares them.
SENTENCES = {
    "syntax": gettext_noop("this is not valid Python: %(problem)s"),
    "not_allowed": gettext_noop("%(what)s is not allowed in a programme file"),
    "import": gettext_noop("only names of yiwang.core.policy may be imported, not %(name)s"),
    "unknown_name": gettext_noop("%(name)s is no fact, figure or programme"),
    "word": gettext_noop("write %(use)s instead of %(found)s: each person or household has its own answer"),
    "twice": gettext_noop("%(name)s is defined twice, first in %(first)s"),
    "reserved": gettext_noop("%(name)s is a word of the language and can't be the name of a fact or figure"),
    "too_long": gettext_noop("a programme file has at most %(most)d characters"),
    "failed": gettext_noop("%(name)s failed: %(problem)s"),
    "no_conditions": gettext_noop("the programme %(name)s has no condition"),
    "no_entity": gettext_noop("the programme %(name)s does not say its entity: household or person"),
    "several_amounts": gettext_noop("the programme %(name)s has more than one amount"),
    "pays": gettext_noop(
        "the programme %(name)s: pays is month, year, season or once where there is an amount, and only there"
    ),
    "no_name": gettext_noop("the programme %(name)s has no Chinese name"),
    "not_later": gettext_noop("the version of %(name)s from %(date)s does not come after the one before it"),
    "bad_date": gettext_noop("%(value)s is not a date: write YYYY-MM-DD"),
    "wrong_entity": gettext_noop(
        "%(name)s belongs to a %(own)s, and is used here as of a %(used)s: write %(use)s"
    ),
    "mixed_entities": gettext_noop(
        "a column of persons and one of households can't be put together: use sum, any, count or max of the household, or .household of the person"
    ),
    "not_one_answer": gettext_noop(
        "a column has one answer for each person or household and is no single true or false: use &, |, ~, choose()"
    ),
    "not_a_truth": gettext_noop("a condition (yes or no) is needed here, not %(what)s"),
    "not_a_number": gettext_noop("a number is needed here, not %(what)s"),
    "no_choice": gettext_noop("%(value)s is not a value of %(name)s"),
    "wrong_result": gettext_noop("%(name)s must give %(expected)s of each %(entity)s, but gives %(found)s"),
    "circle": gettext_noop("%(name)s needs itself: %(path)s"),
    "no_parameter": gettext_noop("there is no parameter %(name)s"),
    "missing_at": gettext_noop(
        "the parameter %(name)s has no value on %(date)s; its first is from %(first)s"
    ),
    "no_unit": gettext_noop("the parameter %(name)s: there is no unit %(unit)s"),
    "no_values": gettext_noop("the parameter %(name)s needs at least one value, and each from another date"),
    "not_in_unit": gettext_noop("the parameter %(name)s: %(value)s is not %(expected)s"),
    "not_by_kind": gettext_noop("the parameter %(name)s has values by %(by)s, so give one for each kind"),
    "kinds_lacking": gettext_noop("the parameter %(name)s has no value for %(kinds)s"),
    "no_kind": gettext_noop("the parameter %(name)s has no value for %(kind)s"),
    "no_fact": gettext_noop("there is no fact %(name)s of a %(entity)s"),
    "bad_value": gettext_noop("%(name)s can't be %(value)s: it needs %(expected)s"),
    "wrong_length": gettext_noop(
        "the column %(name)s has %(length)d values, but there are %(expected)d of a %(entity)s"
    ),
    "no_household": gettext_noop("a person belongs to household %(value)s, but there are %(count)d"),
    "no_programme": gettext_noop("there is no programme %(name)s"),
    "case_key": gettext_noop("the key %(key)s is not known in a case"),
    "case_lacks": gettext_noop("the case lacks %(key)s"),
    "case_answer": gettext_noop("“%(case)s” should give %(expected)s, but gives %(found)s"),
    "case_amount": gettext_noop("“%(case)s” should pay %(expected)s fen, but pays %(found)s"),
    "case_missing": gettext_noop("“%(case)s” should miss %(expected)s, but misses %(found)s"),
    "case_twice": gettext_noop("two cases are called “%(case)s”"),
}

# Words that core puts into the blanks.
WORDS = {
    "person": gettext_noop("person"),
    "household": gettext_noop("household"),
    "yes": gettext_noop("entitled"),
    "no": gettext_noop("not entitled"),
    "undetermined": gettext_noop("undetermined"),
    "one value": gettext_noop("one value"),
    "yes or no": gettext_noop("yes or no"),
    "an amount": gettext_noop("an amount"),
    "a whole number of fen": gettext_noop("a whole number of fen"),
    "a whole number": gettext_noop("a whole number"),
    "true or false": gettext_noop("true or false"),
    "a date as YYYY-MM-DD": gettext_noop("a date as YYYY-MM-DD"),
    "a date as YYYY-MM-DD, or never": gettext_noop("a date as YYYY-MM-DD, or never"),
    "an amount in whole fen": gettext_noop("an amount in whole fen"),
    "a share in per cent, with at most two decimals": gettext_noop(
        "a share in per cent, with at most two decimals"
    ),
    "a whole number of months": gettext_noop("a whole number of months"),
    "a whole number of years": gettext_noop("a whole number of years"),
    "a whole number of square metres": gettext_noop("a whole number of square metres"),
}

PROPOSAL = "proposal:"  # how a file is called whose text a proposal has replaced


def told(error: PolicyError) -> tuple[str, str]:
    """What an error says and what it advises, in the language of the request."""
    advice = nearest(error.word, error.known) if error.known else ""
    if error.code == "twice" and any(PROPOSAL in str(one) for one in (error.file, error.params.get("first"))):
        advice = _(
            "A proposal replaces the whole text of a file. Propose that file as it stands in the pack now, with your change "
            "and without what another file defines; approving it loads the pack with it."
        )
    params = {
        name: _(WORDS[value]) if isinstance(value, str) and value in WORDS else value
        for name, value in error.params.items()
    }
    return _(SENTENCES[error.code]) % params, advice
