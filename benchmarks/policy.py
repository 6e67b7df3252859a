"""All programmes of assistance over a whole district: core.policy against openfisca-core, with equal answers.

Both are given the same columns of about 700,000 persons in 290,000 households, every fact known, since OpenFisca
knows no unknown; both run the formulas of packs/national, all of them, and every answer and amount is compared.
core.policy is measured once more with 3 % of every fact unknown. Each runs in a process of its own. Preparing the
columns, and compiling, which happens once for a law, are told beside it and counted for neither. OpenFisca begins each
run with a simulation that has computed nothing yet, in its quickest form: choices as codes, parameters as plain
numbers, whole numbers of 64 bits.

OpenFisca is not installed with Yiwang. YIWANG_BENCH_PYTHON names a Python that has requirements/bench.lock; without it
one is made in a temporary folder (a few minutes).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.stage.policy_people import HOUSEHOLDS, people, rules

NAME = "policy"
ROOT = Path(__file__).resolve().parents[1]
DAY = "2026-08-01"
TIMES, SECONDS, MEGABYTES = 5, 0.1, 1000  # the goal


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    known = rules()
    own, each, household_of = people(known, max(200, int(HOUSEHOLDS * scale)))
    persons, households = len(household_of), len(own["area_kind"])
    with tempfile.TemporaryDirectory(prefix="yiwang-bench-") as folder:
        columns = Path(folder, "columns.npz")
        np.savez(columns, household_of=household_of, households=households, **own, **each)
        del own, each
        report(f"{persons:,} persons in {households:,} households, {len(known.programmes)} programmes")
        ours = measured(sys.executable, "policy_ours", columns, Path(folder, "ours.npz"))
        theirs = measured(reference(Path(folder)), "policy_openfisca", columns, Path(folder, "theirs.npz"))
        different = compared(Path(folder, "ours.npz"), Path(folder, "theirs.npz"))
    rows = [
        row("population, 2 threads", ours["workers_2_s"], theirs["population_s"]),
        row("population, 1 thread", ours["workers_1_s"], theirs["population_s"]),
        row("population, 2 threads, all answers as arrays", ours["arrays_s"], theirs["population_s"]),
    ]
    for one in rows:
        report(f"{one['what']}: {one['value']} s; OpenFisca {one['against']} s, {one['times']}× as long")
    report("seconds of processors, which a busy machine changes least:")
    spent = {
        "1 thread": "workers_1_cpu_s",
        "2 threads": "workers_2_cpu_s",
        "all answers as arrays": "arrays_cpu_s",
        "by NumPy, not compiled": "numpy_cpu_s",
    }
    for what, name in spent.items():
        rows.append(row(f"seconds of processors, {what}", ours[name], theirs["population_cpu_s"]))
        report(
            f"  {what}: {ours[name]:.4f}; OpenFisca {theirs['population_cpu_s']:.4f}, {rows[-1]['times']}× as many"
        )
    report(
        f"population with 3 % of every fact unknown, 2 threads: {ours['unknown_s']:.3f} s "
        f"({ours['unknown_cpu_s']:.4f} of processors)"
    )
    report(
        f"peak memory: {ours['peak_mb']:.0f} MB, of which {ours['imported_mb']:.0f} program and libraries, "
        f"{ours['arranged_mb'] - ours['imported_mb']:.0f} columns; OpenFisca {theirs['peak_mb']:.0f} MB"
    )
    report(
        f"before: columns read and arranged in {ours['prepare_cpu_s']:.2f} s of processors (OpenFisca takes "
        f"{theirs['prepare_cpu_s']:.2f} for a simulation of columns that were read); compiled in "
        f"{ours['compile_cpu_s']:.2f}, once for a law"
    )
    report(
        f"one household, milliseconds by the clock (of a processor); OpenFisca {theirs['one_answer_ms']:.1f}:"
    )
    cases = {
        "all programmes answered": "one_answer",
        "all programmes explained": "one_explained",
        "all programmes explained, with what would change each answer": "one_explained_with_changes",
        "one programme explained, with what would change the answer": "one_programme_explained",
    }
    for what, name in cases.items():
        report(f"  {what}: {ours[f'{name}_ms']:.2f} ({ours[f'{name}_cpu_ms']:.2f})")
    for slug, totals in ours["totals"].items():
        unsure = ours["unknown_totals"][slug]["undetermined"]
        yuan = f", {totals['fen'] / 100:,.0f} yuan" if totals["fen"] else ""
        report(f"  {slug}: {totals['yes']:,} yes{yuan}; with unknown facts {unsure:,} undetermined")
    steady = ours["partition_equal"] and ours["numpy_equal"] and ours["unknown_equal"]
    report(
        "neither parts nor threads nor compiling change anything" if steady else "PARTS OR COMPILING DIFFER"
    )
    report(
        "answers and amounts of all programmes equal"
        if not different
        else f"DIFFERENT: {', '.join(different)}"
    )
    met = rows[0]["times"] >= TIMES and ours["workers_2_s"] < SECONDS and ours["peak_mb"] < MEGABYTES
    report(
        f"at least {TIMES} times faster than OpenFisca, under {SECONDS} s on 2 threads and under {MEGABYTES} MB: "
        f"{'yes' if met else 'NO'}"
    )
    return {
        "name": NAME,
        "met": met,
        "rows": rows,
        "persons": persons,
        "households": households,
        "ours": ours,
        "openfisca": theirs,
        "equal": not different and steady,
    }


def row(what: str, mine: float, its: float) -> dict:
    return {
        "what": what,
        "value": round(mine, 4),
        "unit": "s",
        "against": round(its, 4),
        "times": round(its / mine, 1),
    }


def measured(python: str, module: str, columns: Path, answers: Path) -> dict:
    """Runs one side in a process of its own and gives what it printed."""
    command = [python, "-m", f"benchmarks.stage.{module}", str(columns), str(answers), DAY]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed: {done.stderr.strip().splitlines()[-1:]}")
    return json.loads(done.stdout.splitlines()[-1])


def reference(folder: Path) -> str:
    """A Python with OpenFisca: the one that is named, or one made for this run."""
    named = os.environ.get("YIWANG_BENCH_PYTHON")
    if named:
        return named
    home = folder / "venv"
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    lock = str(ROOT / "requirements" / "bench.lock")
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", lock], check=True
    )
    return python


def compared(mine: Path, its: Path) -> list[str]:
    """The answers and amounts that differ anywhere."""
    with np.load(mine) as ours, np.load(its) as theirs:
        wrong = []
        for name in ours.files:
            a, b = ours[name], theirs[name]
            a = a if name.endswith(".amount") else a == 2
            if not np.array_equal(a, b):
                wrong.append(f"{name} ({int((a != b).sum())})")
        return wrong + [name for name in theirs.files if name not in ours.files]
