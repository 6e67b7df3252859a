"""Run as a program: the programmes over kept columns with core.policy; prints its figures as JSON.

python -m benchmarks.stage.policy_ours COLUMNS.npz ANSWERS.npz DAY
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.stage.policy_people import peak_mb, rules
from yiwang.core.policy import HOUSEHOLD, PERSON, ROWS, Answers, Population, Rules, evaluate, explain, prepare
from yiwang.core.policy.fused import choosing

REPEATS = 15
SINGLES = 60
UNKNOWN = 0.03  # of each fact


def main(columns: str, answers_to: str, day: date) -> dict:
    known = rules()
    found: dict = {"imported_mb": peak_mb()}
    began, used = time.perf_counter(), time.process_time()
    city = built(known, columns, ROWS)
    found |= {"prepare_s": time.perf_counter() - began, "prepare_cpu_s": time.process_time() - used}
    found["arranged_mb"] = peak_mb()
    with tempfile.TemporaryDirectory(prefix="yiwang-bench-") as folder:
        choosing.keep_in(Path(folder))
        used = time.process_time()
        if not prepare(known, city, day):
            raise RuntimeError("the programmes could not be compiled")
        found["compile_cpu_s"] = time.process_time() - used
    choosing.keep_in(None)
    for workers in (1, 2):
        found[f"workers_{workers}_s"], found[f"workers_{workers}_cpu_s"], answers = timed(
            known, city, day, workers
        )
    found["peak_mb"] = peak_mb()
    found["arrays_s"], found["arrays_cpu_s"] = handed_over(known, city, day)
    found["totals"] = {slug: answer.totals() for slug, answer in answers.items()}
    np.savez(answers_to, **told(answers))
    found |= singles(known, city, day)
    found["partition_equal"] = partition_equal(known, columns, day, answers)
    found["numpy_s"], found["numpy_cpu_s"], found["numpy_equal"] = by_numpy(known, city, day, answers)
    del city, answers
    unsure = built(known, columns, ROWS, UNKNOWN)
    prepare(known, unsure, day)
    found["unknown_s"], found["unknown_cpu_s"], answers = timed(known, unsure, day, 2)
    found["unknown_totals"] = {slug: answer.totals() for slug, answer in answers.items()}
    found["unknown_equal"] = by_numpy(known, unsure, day, answers)[2]
    return found


def built(known: Rules, columns: str, rows: int | None, unknown: float = 0.0) -> Population:
    """The population of a file of columns, with a share of each fact hidden."""
    with np.load(columns) as file:
        household_of = file["household_of"]
        city = Population(known.facts, household_of, int(file["households"]))
        city.arrange(rows)
        random = np.random.default_rng(1)
        for entity in (HOUSEHOLD, PERSON):
            for name in known.facts.entities[entity]:
                values = file[name]
                seen = random.random(len(values)) >= unknown if unknown else None
                city.put(entity, name, values, seen)
    return city


def timed(known: Rules, city: Population, day: date, workers: int) -> tuple[float, float, Answers]:
    """The best of some runs of every programme, by the clock and in seconds of processors."""
    best, spent, answers = 1e9, 1e9, None
    for _ in range(REPEATS):
        began, used = time.perf_counter(), time.process_time()
        answers = evaluate(known, city, day, workers=workers)
        best = min(best, time.perf_counter() - began)
        spent = min(spent, time.process_time() - used)
    return best, spent, answers


def handed_over(known: Rules, city: Population, day: date) -> tuple[float, float]:
    """The best of some runs with every answer and amount as an array in the order of the file."""
    best = spent = 1e9
    for _ in range(REPEATS):
        began, used = time.perf_counter(), time.process_time()
        told(evaluate(known, city, day, workers=2))
        best = min(best, time.perf_counter() - began)
        spent = min(spent, time.process_time() - used)
    return best, spent


def by_numpy(known: Rules, city: Population, day: date, answers: Answers) -> tuple[float, float, bool]:
    """The same without the compiled function: seconds, seconds of processors, and whether all is equal."""
    usual, choosing.PERSONS_FROM = choosing.PERSONS_FROM, sys.maxsize
    try:
        best, spent, plain = timed(known, city, day, 2)
    finally:
        choosing.PERSONS_FROM = usual
    mine, its = told(answers), told(plain)
    return best, spent, all((mine[name] == its[name]).all() for name in its)


def told(answers: Answers) -> dict[str, np.ndarray]:
    found = {}
    for slug, answer in answers.items():
        found[slug] = answer.state
        if answer.programme.amount is not None:
            found[f"{slug}.amount"] = answer.amount
    return found


def partition_equal(known: Rules, columns: str, day: date, answers: Answers) -> bool:
    """Whether another cut of the population gives the same answers."""
    mine = told(answers)
    other = told(evaluate(known, built(known, columns, 33_333), day, workers=2))
    return all((mine[name] == other[name]).all() for name in mine)


def singles(known: Rules, city: Population, day: date) -> dict:
    """One household at a time: answered; explained; explained with what would change each answer."""
    random = np.random.default_rng(2)
    cases = [city.take([n]) for n in random.integers(0, city.count[HOUSEHOLD], SINGLES)]
    slug = "minimum_guarantee"
    ways = {
        "one_answer_ms": lambda one: evaluate(known, one, day),
        "one_programme_explained_ms": lambda one: explain(known, one, day, [slug]),
        "one_explained_ms": lambda one: explain(known, one, day, with_changes=False),
        "one_explained_with_changes_ms": lambda one: explain(known, one, day),
    }
    found = {}
    for name, way in ways.items():
        found[name], found[name.replace("_ms", "_cpu_ms")] = milliseconds(way, cases)
    return found


def milliseconds(way, cases: list[Population]) -> tuple[float, float]:
    """The middle of some cases, by the clock and of a processor."""
    way(cases[0])
    spent, used = [], []
    for one in cases:
        began, busy = time.perf_counter(), time.thread_time()
        way(one)
        used.append(time.thread_time() - busy)
        spent.append(time.perf_counter() - began)
    middle = len(spent) // 2
    return sorted(spent)[middle] * 1e3, sorted(used)[middle] * 1e3


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], date.fromisoformat(sys.argv[3]))))
