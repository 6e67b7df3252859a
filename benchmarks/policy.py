"""All programmes of assistance over a whole district: core.policy against openfisca-core, with equal answers.

Both are given the same columns of about 700,000 persons in 290,000 households, every fact known, since OpenFisca
knows no unknown; both run the formulas of packs/national, all of them, and every answer and amount is compared.
core.policy is measured once more with 3 % of every fact unknown. Each runs in a process of its own; preparing the
columns is not counted for either.

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
    rows.append(row("seconds of processors, 1 thread", ours["workers_1_cpu_s"], theirs["population_cpu_s"]))
    report(
        f"seconds of processors, which a busy machine changes least: {ours['workers_1_cpu_s']:.3f}; OpenFisca "
        f"{theirs['population_cpu_s']:.3f}, {rows[-1]['times']}× as many"
    )
    report(f"population with 3 % of every fact unknown, 2 threads: {ours['unknown_s']:.3f} s")
    report(f"peak memory: {ours['peak_mb']:.0f} MB; OpenFisca {theirs['peak_mb']:.0f} MB")
    report(f"columns arranged in {ours['prepare_s']:.2f} s")
    report(
        f"one household, all programmes: answered in {ours['one_answer_ms']:.2f} ms (OpenFisca "
        f"{theirs['one_answer_ms']:.1f}), explained in {ours['one_explained_ms']:.2f}, with what would change each "
        f"answer {ours['one_explained_with_changes_ms']:.2f}; one programme explained with changes "
        f"{ours['one_programme_explained_ms']:.2f}"
    )
    for slug, totals in ours["totals"].items():
        unsure = ours["unknown_totals"][slug]["undetermined"]
        yuan = f", {totals['fen'] / 100:,.0f} yuan" if totals["fen"] else ""
        report(f"  {slug}: {totals['yes']:,} yes{yuan}; with unknown facts {unsure:,} undetermined")
    report("parts and threads change nothing" if ours["partition_equal"] else "PARTS DIFFER")
    report(
        "answers and amounts of all programmes equal"
        if not different
        else f"DIFFERENT: {', '.join(different)}"
    )
    return {
        "name": NAME,
        "rows": rows,
        "persons": persons,
        "households": households,
        "ours": ours,
        "openfisca": theirs,
        "equal": not different and ours["partition_equal"],
    }


def row(what: str, mine: float, its: float) -> dict:
    return {
        "what": what,
        "value": round(mine, 3),
        "unit": "s",
        "against": round(its, 3),
        "times": round(its / mine, 1),
    }


def measured(python: str, module: str, columns: Path, answers: Path) -> dict:
    """Runs one side in a process of its own and gives what it printed."""
    command = [python, "-m", f"benchmarks.stage.{module}", str(columns), str(answers), DAY]
    done = subprocess.run(  # noqa: S603 - our own module, by a Python that the operator named
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
    subprocess.run(  # noqa: S603 - pip of the environment just made
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
