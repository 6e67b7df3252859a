"""What a programme file may say, and what its author is told."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.policy.sample import DAY
from yiwang.core.policy import Fact, PolicyError, Population, Rules, evaluate
from yiwang.core.policy.reading import NAMES

FACTS = [
    Fact("wage", "person", "money", "工资"),
    Fact(
        "student",
        "person",
        "choice",
        "学段",
        choices={"none": ("无", "None"), "primary": ("小学", "Primary")},
    ),
    Fact("deposits", "household", "money", "存款"),
    Fact("rents", "household", "bool", "租房"),
]
LIMIT = {
    "slug": "limit.deposits",
    "name": "限额",
    "unit": "fen",
    "values": [{"from": date(2020, 1, 1), "value": 500}, {"from": date(2024, 1, 1), "value": 900}],
}
HEAD = "from yiwang.core.policy import Programme, amount, choose, condition, figure, household, person\n"
GOOD = (
    HEAD
    + """

class Help(Programme):
    entity = household
    name = "帮助"
    pays = "month"

    @condition("存款少", "Few savings", cite="第一条")
    def few(h):
        return h.deposits < h.parameter("limit.deposits")

    @amount("金额", "Amount", cite="第二条")
    def monthly(h):
        return h.parameter("limit.deposits") - h.deposits
"""
)


def read(text: str, **others: str) -> Rules:
    return Rules.read(FACTS, [LIMIT], {"help.py": text} | others)


def with_condition(body: str) -> str:
    return GOOD.replace('h.deposits < h.parameter("limit.deposits")', body, 1)


def ask(rules: Rules, day: date = DAY, deposits: int | None = 100):
    own = {} if deposits is None else {"deposits": deposits}
    population = Population.of_records(rules.facts, [(own, [{"wage": 5}])])
    return evaluate(rules, population, day)["help"]


def test_the_example_pays_the_difference():
    assert ask(read(GOOD)).amount.tolist() == [800]


def test_a_parameter_has_the_value_of_the_day_that_is_asked_about():
    rules = read(GOOD)
    assert ask(rules, date(2023, 12, 31)).amount.tolist() == [400]
    assert ask(rules, date(2024, 1, 1)).amount.tolist() == [800]


def test_a_day_before_the_first_value_is_an_error_that_names_the_parameter_and_the_day():
    with pytest.raises(PolicyError) as told:
        ask(read(GOOD), date(2019, 5, 1))
    assert told.value.code == "missing_at"
    assert "limit.deposits" in str(told.value)
    assert "2019-05-01" in str(told.value)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("h.deposit < 5", "unknown_name"),
        ('h.deposits < h.parameter("limit.deposit")', "no_parameter"),
        ("h.deposits < 5 and h.rents", "word"),
        ("not h.rents", "word"),
        ("0 < h.deposits < 5", "not_allowed"),
        ("h.deposits / 2 < 5", "not_allowed"),
        ("h.deposits ** 2 < 5", "not_allowed"),
        ("h.deposits.__class__", "not_allowed"),
        ("h._batch", "not_allowed"),
        ("(lambda: 1)()", "not_allowed"),
        ("h.deposits if h.rents else 0", "not_allowed"),
        ("[x for x in h.members]", "not_allowed"),
        ("f'{h}'", "not_allowed"),
        ("h.deposits.tofile", "unknown_name"),
        ("'{0.x}'.format(h)", "unknown_name"),
        ("__import__('os')", "not_allowed"),
    ],
)
def test_what_the_language_does_not_have_is_refused_with_its_line_before_anything_runs(body, code):
    with pytest.raises(PolicyError) as told:
        read(with_condition(body))
    assert (told.value.code, told.value.file, told.value.line) == (code, "help.py", 11)


@pytest.mark.parametrize(
    "statement",
    ["import os", "from os import path", "from yiwang.core.policy import evaluate", "from numpy import load"],
)
def test_nothing_but_the_words_of_the_language_may_be_imported(statement):
    with pytest.raises(PolicyError) as told:
        read(statement + "\n" + GOOD)
    assert told.value.code in ("import", "not_allowed")
    assert told.value.line == 1


@pytest.mark.parametrize(
    "statement",
    [
        "while True: pass",
        "for n in range(9): pass",
        "x = open('a')\ny = 1",
        "exec('1')",
        "del household",
        "x += 1",
        "try:\n    pass\nexcept Exception:\n    pass",
        "with household: pass",
        "global x",
        "x = {}",
        "x = household['a']",
        "async def f(): pass",
        "assert household",
        "x = yield",
    ],
)
def test_no_statement_that_could_do_harm_is_run(statement):
    with pytest.raises(PolicyError) as told:
        read(HEAD + statement + "\n" + GOOD.removeprefix(HEAD))
    assert told.value.code in ("not_allowed", "failed", "syntax")
    assert told.value.file == "help.py"


def test_a_file_has_no_builtins():
    assert not {"open", "eval", "exec", "getattr", "print"} & set(NAMES)
    with pytest.raises(PolicyError) as told:
        read(HEAD + "x = open\n" + GOOD.removeprefix(HEAD))
    assert told.value.code == "failed"
    assert told.value.line == 2


@pytest.mark.parametrize(
    ("body", "code", "hint"),
    [
        ("h.wage < 5", "wrong_entity", ".members.wage"),
        ("h.members.deposits < 5", "wrong_entity", ".household.deposits"),
        ("h.members.wage < 5", "wrong_result", "household"),
        ("h.deposits", "wrong_result", "yes or no"),
        ("h.members.wage < h.deposits", "mixed_entities", "sum"),
        ("h.sum(h.deposits) > 1", "wrong_entity", ".members"),
        ("h.rents < 5", "not_a_number", "number"),
        ("h.deposits & h.rents", "not_a_truth", "numbers"),
        ('h.any(h.members.student == "primry")', "no_choice", "primary"),
    ],
)
def test_a_formula_that_mixes_up_persons_and_households_is_told_where_and_what_to_write(body, code, hint):
    rules = read(with_condition(body))
    with pytest.raises(PolicyError) as told:
        ask(rules)
    assert (told.value.code, told.value.file) == (code, "help.py")
    assert told.value.line in (9, 11)
    assert hint in str(told.value)


def test_a_column_is_no_single_truth():
    rules = read(with_condition("choose(h.deposits < 5, 1, 0) > 0") + "\n")
    assert ask(rules).no.all()
    bad = GOOD.replace("    return h.deposits <", "    return h.rents == h.deposits <", 1)
    with pytest.raises(PolicyError):
        read(bad)


def test_two_definitions_of_one_name_are_refused_with_both_places():
    with pytest.raises(PolicyError) as told:
        read(GOOD, **{"more.py": GOOD})
    assert told.value.code == "twice"
    assert "help.py:4" in str(told.value)


def test_a_figure_may_not_be_called_like_a_fact():
    with pytest.raises(PolicyError, match="variables.yaml"):
        read(GOOD + '\n\n@figure(person, "x", "x")\ndef wage(p):\n    return p.wage\n')


@pytest.mark.parametrize("name", ["values", "state", "codes", "unknown", "format", "mro", "versions", "sum"])
def test_a_fact_or_figure_named_like_a_part_of_the_machine_would_open_it_and_is_refused(name):
    fact = Fact(name, "person", "money", "x")
    with pytest.raises(PolicyError, match=name):
        Rules.read([*FACTS, fact], [LIMIT], {"help.py": GOOD})
    figure = f'\n\n@figure(person, "x", "x")\ndef {name}(p):\n    return p.wage\n'
    with pytest.raises(PolicyError, match=name):
        read(GOOD + figure)


def test_a_figure_that_needs_itself_is_told_with_the_way_round():
    text = GOOD + (
        '\n\n@figure(household, "x", "x")\ndef one(h):\n    return h.two\n'
        '\n\n@figure(household, "x", "x")\ndef two(h):\n    return h.one\n'
    )
    rules = read(text.replace("h.deposits < h", "h.one < h", 1))
    with pytest.raises(PolicyError) as told:
        ask(rules)
    assert told.value.code == "circle"
    assert "one → two → one" in str(told.value)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('pays = "month"', 'pays = ""', "pays"),
        ('pays = "month"', 'pays = "week"', "pays"),
        ("entity = household", 'entity = "city"', "no_entity"),
        ('name = "帮助"', 'name = ""', "no_name"),
        ("@condition", "@amount", "no_conditions"),
    ],
)
def test_a_programme_must_say_whose_it_is_what_it_pays_and_when(old, new, code):
    with pytest.raises(PolicyError) as told:
        read(GOOD.replace(old, new, 1))
    assert told.value.code == code
    assert (told.value.file, told.value.line) == ("help.py", 4)


DATED = GOOD.replace(
    '    @amount("金额"',
    '''    @few.since("2024-01-01", cite="新第一条")
    def few(h):
        return h.deposits < 50

    few.cited("2025-01-01", "又第一条")
    few.ended("2026-01-01")

    @condition("租房", "Rents", cite="第三条", since="2026-01-01")
    def renting(h):
        return h.rents

    @amount("金额"''',
    1,
)


def test_a_condition_changes_ends_and_begins_on_its_days():
    rules = read(DATED)
    conditions = {
        year: [(one.slug, one.cite) for one in rules.at(date(year, 6, 1)).programmes["help"].conditions]
        for year in (2023, 2024, 2025, 2026)
    }
    assert conditions == {
        2023: [("few", "第一条")],
        2024: [("few", "新第一条")],
        2025: [("few", "又第一条")],
        2026: [("renting", "第三条")],
    }
    assert ask(rules, date(2023, 6, 1)).yes.all()
    assert ask(rules, date(2024, 6, 1)).no.all()
    assert ask(rules, date(2026, 6, 1)).undetermined.all()


def test_versions_must_follow_each_other():
    with pytest.raises(PolicyError) as told:
        read(DATED.replace('few.cited("2025-01-01"', 'few.cited("2023-01-01"'))
    assert told.value.code == "not_later"


def test_a_programme_outside_its_years_helps_nobody():
    text = GOOD.replace(
        'pays = "month"', 'pays = "month"\n    since = "2021-01-01"\n    until = "2025-01-01"', 1
    )
    rules = read(text)
    assert ask(rules, date(2020, 12, 31)).no.all()
    assert ask(rules, date(2021, 1, 1)).yes.all()
    assert ask(rules, date(2025, 1, 1)).no.all()


def test_the_programmes_text_is_what_is_evaluated_whatever_was_read_since():
    before = read(GOOD)
    read(GOOD.replace("- h.deposits", "- h.deposits - 1"))
    assert ask(before).amount.tolist() == [800]
