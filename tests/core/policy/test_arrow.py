"""The same formulas over Arrow: a snapshot's tables, batches of a stream, and Spark."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.stage.policy_people import people
from tests.core.policy.sample import DAY, rules
from yiwang.core.policy import HOUSEHOLD, PERSON, PolicyError, Population, evaluate
from yiwang.core.policy.arrow import answer_batches, read_column

ROOT = Path(__file__).resolve().parents[3]


def tables(households: int, seed: int = 5) -> tuple[pa.Table, pa.Table]:
    """Households and persons as a snapshot has them: choices as words, some values null."""
    known = rules()
    own, each, household_of = people(known, households, seed)
    random = np.random.default_rng(seed)

    def arrays(entity, columns):
        found = {}
        for name, values in columns.items():
            fact = known.facts.of(entity, name)
            hidden = random.random(len(values)) < 0.02
            if fact.type == "choice":
                values = np.array(list(fact.choices))[values]
            found[name] = pa.array(values, mask=hidden)
        return found

    ids = [f"h{n:05d}" for n in range(households)]
    members = {
        "household": [ids[n] for n in household_of],
        "person": [f"p{n}" for n in range(len(household_of))],
    }
    return (
        pa.table({"household": ids} | arrays(HOUSEHOLD, own)),
        pa.table(members | arrays(PERSON, each)),
    )


def expected(households: pa.Table, persons: pa.Table, day: date = DAY) -> list[list]:
    """The answers of one evaluation over everything at once, as rows."""
    known = rules().facts
    place = {name: n for n, name in enumerate(households["household"].to_pylist())}
    columns = {
        entity: {n: read_column(known[n], table[n]) for n in table.column_names if n in known}
        for entity, table in ((HOUSEHOLD, households), (PERSON, persons))
    }
    household_of = [place[name] for name in persons["household"].to_pylist()]
    city = Population.of_columns(known, columns[HOUSEHOLD], columns[PERSON], household_of, len(place))
    rows = []
    for slug, answer in evaluate(rules(), city, day).items():
        ids = households["household"].to_pylist()
        own = [(one, None) for one in ids]
        if answer.entity is PERSON:
            own = list(zip(persons["household"].to_pylist(), persons["person"].to_pylist(), strict=True))
        for n in np.flatnonzero(answer.state).tolist():
            paid = int(answer.amount[n]) if answer.amount_known[n] else None
            rows.append([*own[n], slug, ("", "undetermined", "yes")[answer.state[n]], paid])
    return sorted(rows, key=str)


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_household_cut_in_two_by_a_stream_of_batches_is_answered_as_one(size):
    households, persons = tables(120)
    joined = persons.join(households, "household", join_type="left outer").sort_by("household")
    batches = answer_batches(rules(), DAY, joined.to_batches(max_chunksize=size))
    found = [[row[name] for name in row] for batch in batches for row in batch.to_pylist()]
    assert sorted(found, key=str) == expected(households, persons)


def test_dates_of_arrow_are_read_and_a_word_that_is_no_choice_is_unknown():
    born, seen = read_column(rules().facts["born_on"], pa.array([date(2000, 2, 29), None], pa.date32()))
    assert born[0] == 20000229
    assert seen.tolist() == [True, False]
    codes, seen = read_column(rules().facts["sex"], pa.array(["female", "other", None]))
    assert codes[0] == 1
    assert seen.tolist() == [True, False, False]


def test_text_where_money_belongs_is_refused_with_the_fact_named():
    with pytest.raises(PolicyError, match="wage"):
        read_column(rules().facts["wage"], pa.array(["much"]))


def spark_python() -> str:
    """A Python that has pyspark; skips with the reason when there is none, or no Java."""
    python = os.environ.get("YIWANG_BENCH_PYTHON")
    if not python:
        pytest.skip("YIWANG_BENCH_PYTHON names no Python with requirements/bench.lock")
    if not shutil.which("java"):
        pytest.skip("Spark needs Java, and there is no java on the path")
    done = subprocess.run([python, "-c", "import pyspark"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"{python} has no pyspark")
    return python


@pytest.mark.slow
def test_a_cluster_gives_the_same_answers_over_the_same_parquet(tmp_path):
    python = spark_python()
    households, persons = tables(3_000)
    pq.write_table(households, tmp_path / "households.parquet")
    pq.write_table(persons, tmp_path / "persons.parquet")
    done = subprocess.run(
        [python, "-m", "tests.core.policy.spark_job", str(tmp_path), DAY.isoformat()],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": python, "PYSPARK_DRIVER_PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == expected(households, persons)
