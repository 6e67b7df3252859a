"""The compiled function answers as NumPy does, whatever is known and whatever the law says."""

from __future__ import annotations

import threading
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.policy.sample import DAY, cases, rules
from yiwang.core.policy import HOUSEHOLD, PERSON, Answers, Fact, Population, Rules, evaluate, prepare
from yiwang.core.policy.fused import choosing, machine

DAYS = st.sampled_from([date(2021, 8, 1), date(2026, 6, 30), DAY, date(2027, 2, 28)])
HEAD = "from yiwang.core.policy import Programme, amount, choose, condition, household, least, most, person\n"
PROGRAMME = """
class Help{n}(Programme):
    entity = {entity}
    name = "帮助"
    pays = "month"

    @condition("有", "Has", cite="第一条")
    def some(x):
        return {condition}

    @amount("金额", "Amount", cite="第二条")
    def monthly(x):
        return {amount}
"""
LARGE = st.integers(-(10**13), 10**13)
FACTS = [
    Fact("debt", "household", "money", "欠", negative=True),
    Fact("shares", "household", "int", "份"),
    Fact("paid", "household", "money", "付"),
    Fact("owed", "person", "money", "应付", negative=True),
    Fact("begun", "person", "date", "起", never=True),
]
PARAMETERS = [
    {"slug": "line", "name": "线", "unit": "fen", "values": [{"from": date(2020, 1, 1), "value": 900}]},
    {"slug": "other", "name": "另", "unit": "fen", "values": [{"from": date(2020, 1, 1), "value": 900}]},
    {
        "slug": "part",
        "name": "比例",
        "unit": "percent",
        "values": [{"from": date(2020, 1, 1), "value": 33.33}],
    },
]


@pytest.fixture(autouse=True)
def no_folder():
    choosing.keep_in(None)


def compiled(known: Rules, population: Population, day: date, monkeypatch, workers: int = 1) -> Answers:
    assert prepare(known, population, day, always=True)
    with monkeypatch.context() as here:
        here.setattr(choosing, "PERSONS_FROM", 0)
        return evaluate(known, population, day, workers=workers)


def assert_same(mine: Answers, plain: Answers) -> None:
    for slug, answer in plain.items():
        assert mine[slug].state.tolist() == answer.state.tolist(), slug
        assert mine[slug].amount.tolist() == answer.amount.tolist(), slug
        assert mine[slug].amount_known.tolist() == answer.amount_known.tolist(), slug
        assert mine[slug].totals() == answer.totals(), slug
        for one, other in zip(mine[slug].entitled(), answer.entitled(), strict=True):
            assert sorted(one.tolist()) == sorted(other.tolist()), slug


def of_records(records, rows: int | None = None) -> Population:
    """Every fact has a column, and none counts as known of everybody, so that one function is made for all."""
    found = Population.of_records(rules().facts, records, rows)
    for entity, facts in rules().facts.entities.items():
        for name, fact in facts.items():
            if name not in found.known:
                found.put(entity, name, *_nothing(fact, found.count[entity]))
    for name, (values, unknown) in found._columns.items():
        if unknown is None and rules().facts[name].type not in ("bool", "choice"):
            found._columns[name] = (values, np.zeros(len(values), bool))
    found._whole.clear()
    return found


def _nothing(fact: Fact, count: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(count, bool if fact.type == "bool" else fact.dtype), np.zeros(count, bool)


@settings(max_examples=120, deadline=None)
@given(
    records=st.lists(cases(most=11), min_size=1, max_size=9),
    day=DAYS,
    rows=st.none() | st.integers(1, 9),
    workers=st.integers(1, 2),
)
def test_every_answer_and_amount_is_that_of_numpy(records, day, rows, workers):
    population = of_records([*records, ({}, [])], rows)
    with pytest.MonkeyPatch.context() as monkeypatch:
        mine = compiled(rules(), population, day, monkeypatch, workers)
    assert_same(mine, evaluate(rules(), population, day))


def many(households: int, unknown: float, rows: int) -> Population:
    """Households of every size, with so much of every fact hidden; all known where it is 0."""
    random = np.random.default_rng(7)
    household_of = np.repeat(np.arange(households), random.integers(0, 13, households))
    random.shuffle(household_of)
    found = Population(rules().facts, household_of, households)
    found.arrange(rows)
    for entity, facts in rules().facts.entities.items():
        count = found.count[entity]
        for name, fact in facts.items():
            most = {"bool": 2, "choice": len(fact.choices), "money": 150_000}.get(fact.type, 5)
            values = random.integers(0, most, count)
            if fact.type == "date":
                values = random.integers(1930, 2027, count) * 10000 + random.integers(1, 13, count) * 100 + 7
            values = values == 0 if fact.type == "bool" else values
            found.put(entity, name, values, random.random(count) >= unknown if unknown else None)
    return found


@pytest.mark.parametrize("unknown", [0.0, 0.02])
def test_blocks_parts_and_threads_change_nothing(unknown, monkeypatch):
    population = many(4000, unknown, 5000)
    mine = compiled(rules(), population, DAY, monkeypatch, workers=2)
    assert_same(mine, evaluate(rules(), population, DAY))
    assert any(answer.totals()["fen"] for answer in mine.values())


def test_another_law_is_answered_by_the_same_function(monkeypatch):
    population = many(300, 0.0, 5000)
    compiled(rules(), population, DAY, monkeypatch)
    before = len(machine._made)
    changed = rules().with_values(
        {"guarantee.standard.urban": 91_000, "topup.aged": 11, "relief.recent_months": 3}
    )
    for known, day in ((changed, DAY), (rules(), date(2026, 9, 17))):
        assert_same(compiled(known, population, day, monkeypatch), evaluate(known, population, day))
    assert len(machine._made) == before


def law(*programmes: tuple[str, str, str]) -> Rules:
    text = HEAD + "".join(
        PROGRAMME.format(n=n, entity=entity, condition=condition, amount=amount)
        for n, (entity, condition, amount) in enumerate(programmes)
    )
    return Rules.read(FACTS, PARAMETERS, {"help.py": text})


WHOLE = law(
    ("household", "x.shares >= 0", "most(x.debt // 12, 0 - x.debt // 12)"),
    ("household", "x.paid >= x.debt", "x.debt // 7919 + 10 * (x.debt // 1) - x.debt // 123456789"),
    ("household", "x.shares > 1", "x.paid // x.shares - x.debt // x.shares"),
    ("household", "x.shares == 0", "x.paid // x.shares + 5"),
    ("household", "x.debt < x.parameter('line')", "0 - x.debt * x.parameter('part')"),
    ("household", "x.any(x.members.owed < 0)", "x.max(x.members.owed, empty=7) - x.min(x.members.owed)"),
    ("household", "x.all(x.members.owed != 5)", "x.sum(x.members.owed)"),
    ("person", "x.begun <= x.today", "x.months(x.begun) + 1000 * x.years(x.begun)"),
    ("household", "x.shares > 2", "choose(x.paid > 5, x.parameter('line'), x.parameter('other')) + x.shares"),
    ("person", "x.household.debt > 0", "choose(x.owed > 0, x.parameter('line'), 3) + x.household.debt // 3"),
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.fixed_dictionaries(
                {
                    "debt": LARGE | st.integers(-30, 30),
                    "shares": st.integers(0, 9),
                    "paid": st.integers(0, 10**13),
                }
            ),
            st.lists(
                st.fixed_dictionaries(
                    {"owed": LARGE | st.integers(-6, 6), "begun": st.dates() | st.just("never")}
                ),
                max_size=10,
            ),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whole_numbers_are_divided_and_rounded_as_numpy_does(records):
    everybody = ({"debt": 1, "shares": 1, "paid": None}, [{"owed": 1, "begun": "never"}])
    population = Population.of_records(WHOLE.facts, [everybody, *records])
    with pytest.MonkeyPatch.context() as monkeypatch:
        mine = compiled(WHOLE, population, DAY, monkeypatch)
    assert_same(mine, evaluate(WHOLE, population, DAY))


def one(known: Rules) -> Population:
    record = ({"debt": 5, "shares": 2, "paid": 1000}, [{"owed": 1, "begun": "never"}])
    return Population.of_records(known.facts, [record])


@pytest.mark.parametrize(
    ("condition", "amount"),
    [
        ("x.debt > 0", "x.paid // x.parameter('line')"),
        ("x.debt > 0", "x.paid + (x.parameter('line') + 3)"),
        ("x.debt > 0", "x.paid // (x.parameter('line') * 2)"),
    ],
)
def test_what_cant_be_compiled_is_answered_by_numpy(condition, amount, monkeypatch):
    known = law(("household", condition, amount))
    population = one(known)
    assert not prepare(known, population, DAY, always=True)
    plain = evaluate(known, population, DAY)
    monkeypatch.setattr(choosing, "PERSONS_FROM", 0)
    assert_same(evaluate(known, population, DAY), plain)


def test_nobody_waits_while_the_function_is_made(monkeypatch):
    known = law(("household", "x.debt > 3", "x.paid + 1"))
    population = one(known)
    monkeypatch.setattr(choosing, "PERSONS_FROM", 0)
    asked = threading.Event()
    real = machine.make

    def slow(text, folder=None):
        assert asked.wait(30)
        return real(text, folder)

    monkeypatch.setattr(machine, "make", slow)
    assert evaluate(known, population, DAY)["help0"].amount.tolist() == [1001]
    (maker,) = [thread for thread in threading.enumerate() if thread.name == "policy-compiler"]
    asked.set()
    maker.join()
    assert choosing.function_for(known.at(DAY), population) is not None
    assert evaluate(known, population, DAY)["help0"].amount.tolist() == [1001]


def test_machine_code_is_kept_for_the_next_start_and_made_anew_when_it_was_cut_off(tmp_path, monkeypatch):
    known = law(("household", "x.debt > 4", "x.paid + 2"))
    text = choosing._plan(known.at(DAY), one(known)).written.text
    machine.make(text, tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    machine._made.clear()
    with monkeypatch.context() as here:
        here.setattr(machine, "_compiled", None)  # would fail if it were asked
        machine.make(text, tmp_path)
    machine._made.clear()
    kept.write_bytes(whole[:-9])
    machine.make(text, tmp_path)
    assert kept.read_bytes() == whole
    machine._made.clear()
    assert compiled(known, one(known), DAY, monkeypatch)["help0"].amount.tolist() == [1002]


def test_a_folder_that_cant_be_written_to_is_no_harm(tmp_path):
    known = law(("household", "x.debt > 6", "x.paid + 3"))
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert machine.make(choosing._plan(known.at(DAY), one(known)).written.text, blocked / "below")


def test_few_people_are_answered_without_it(monkeypatch):
    known = law(("household", "x.debt > 7", "x.paid + 4"))
    assert choosing.function_for(known.at(DAY), one(known)) is None
    assert one(known).count[PERSON] < choosing.PERSONS_FROM and one(known).count[HOUSEHOLD] == 1
