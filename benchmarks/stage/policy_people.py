"""A district's people as columns: plausible ages, work, income, illness, property; seeded, and of any size.

Not the demonstration's population: only what a measurement of programmes needs, in a second and without a database.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import yaml

from yiwang.core.policy import HOUSEHOLD, NEVER, PERSON, Fact, Rules, parameter_of

PACK = Path(__file__).resolve().parents[2] / "packs" / "national"
HOUSEHOLDS = 290_000
SEED = 20260801
SIZES = np.array([0.255, 0.34, 0.225, 0.105, 0.05, 0.017, 0.006, 0.0015, 0.0005])  # 2.42 persons a household


def rules() -> Rules:
    """The national pack's rules, read straight from its files."""
    rows = yaml.safe_load((PACK / "variables.yaml").read_text(encoding="utf-8"))["variables"]
    facts = [Fact(**{k: v for k, v in row.items() if k in Fact.__dataclass_fields__}) for row in rows]
    parameters = []
    for path in sorted((PACK / "parameters").glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        head = {key: document[key] for key in ("source", "status")}
        parameters += [parameter_of(head | row) for row in document["parameters"]]
    paths = sorted((PACK / "programmes").glob("*.py"))
    return Rules.read(facts, parameters, {p.name: p.read_text(encoding="utf-8") for p in paths})


def peak_mb() -> float:
    """The most memory that this program ever had. What getrusage tells begins with that of whoever started it."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system tells no VmHWM")


def people(known: Rules, households: int, seed: int = SEED) -> tuple[dict, dict, np.ndarray]:
    """(columns of households, columns of persons, household of each person); every fact known."""
    random = np.random.default_rng(seed)
    sizes = random.choice(np.arange(1, len(SIZES) + 1), households, p=SIZES / SIZES.sum())
    household_of = np.repeat(np.arange(households, dtype=np.int32), sizes)
    count = len(household_of)
    first = np.zeros(count, bool)
    first[np.cumsum(sizes) - sizes] = True
    poor = random.random(households) < 0.06
    facts = known.facts.entities
    own = {name: _plain(random, fact, households) for name, fact in facts[HOUSEHOLD].items()}
    own |= _homes(random, households, poor, facts[HOUSEHOLD])
    each = {name: _plain(random, fact, count) for name, fact in facts[PERSON].items()}
    each |= _lives(random, count, first, poor[household_of], facts[PERSON])
    return own, each, household_of


def _plain(random: np.random.Generator, fact: Fact, count: int) -> np.ndarray:
    """Nothing out of the ordinary."""
    if fact.type == "date":
        return np.full(count, NEVER, np.int32)
    if fact.type == "bool":
        return np.zeros(count, bool)
    return np.zeros(count, np.int64 if fact.type == "money" else fact.dtype)


def _money(
    random: np.random.Generator, count: int, share: np.ndarray | float, middle: int, spread: float
) -> np.ndarray:
    amounts = np.exp(random.normal(np.log(middle), spread, count)).astype(np.int64)
    return np.where(random.random(count) < share, np.minimum(amounts, 10**9), 0)


def _some(random: np.random.Generator, count: int, share: np.ndarray | float, codes: list[int]) -> np.ndarray:
    return np.where(random.random(count) < share, random.choice(codes, count), 0).astype(np.uint8)


def _homes(random: np.random.Generator, count: int, poor: np.ndarray, facts: dict[str, Fact]) -> dict:
    shaken = random.random(count) < 0.01
    on = random.random(count) < np.where(poor, 0.4, 0.001)
    return {
        "area_kind": _some(random, count, 0.04, [1]),
        "deposits": _money(random, count, np.where(poor, 0.5, 0.95), 4_000_000, 1.4) // np.where(poor, 8, 1),
        "securities": _money(random, count, np.where(poor, 0.01, 0.2), 6_000_000, 1.2),
        "other_assets": _money(random, count, np.where(poor, 0.02, 0.3), 2_000_000, 1.2),
        "market_capital": _money(random, count, 0.05, 30_000_000, 1.0),
        "housing_count": np.where(random.random(count) < 0.12, 0, 1) + (random.random(count) < 0.13),
        "housing_area": random.integers(28, 140, count).astype(np.int32),
        "housing_unsafe": random.random(count) < 0.004,
        "public_housing": random.random(count) < 0.02,
        "rent": _money(random, count, 0.12, 120_000, 0.4),
        "vehicles": (random.random(count) < np.where(poor, 0.05, 0.45)).astype(np.int32),
        "vehicles_exempt": random.random(count) < 0.05,
        "living_rigid_cost": _money(random, count, 0.2, 900_000, 0.5),
        "other_rigid_cost": _money(random, count, 0.02, 400_000, 0.8),
        "heating_area": random.integers(28, 140, count).astype(np.int32),
        "central_heating": random.random(count) < 0.95,
        "emergency_kind": np.where(shaken, random.integers(1, 7, count), 0).astype(np.uint8),
        "emergency_on": np.where(shaken, random.integers(1, 8, count) * 100 + 20260015, NEVER).astype(
            np.int32
        ),
        "emergency_loss": np.where(shaken, _money(random, count, 1.0, 800_000, 1.0), 0),
        "guarantee_since": np.where(on, 20240101, NEVER).astype(np.int32),
        "guarantee_amount": np.where(on, 90_000, 0).astype(np.int64),
    }


def _lives(
    random: np.random.Generator, count: int, first: np.ndarray, poor: np.ndarray, facts: dict[str, Fact]
) -> dict:
    age = np.where(first, random.integers(24, 92, count), random.integers(0, 90, count))
    born = (2025 - age) * 10000 + random.integers(1, 13, count) * 100 + random.integers(1, 29, count)
    stages = np.digitize(age, [3, 6, 12, 15, 18, 22])
    at_school = (stages > 0) & (stages < 6) & (random.random(count) < 0.93)
    grown = (age >= 18) & (age < 60) & ~at_school
    works = grown & (random.random(count) < np.where(poor, 0.35, 0.78))
    disabled = random.random(count) < np.where(poor, 0.12, 0.04)
    ill = random.random(count) < np.where(poor, 0.08, 0.015)
    medical = _money(random, count, np.where(ill, 0.95, 0.4), 90_000, 1.1) * np.where(ill, 12, 1)
    return {
        "born_on": born.astype(np.int32),
        "died_on": np.where(random.random(count) < 0.002, 20260615, NEVER).astype(np.int32),
        "sex": _some(random, count, 0.5, [1]),
        "shared_living": random.random(count) < 0.985,
        "excluded": _some(random, count, 0.003, [1, 2, 3, 4]),
        "local_hukou": random.random(count) < 0.9,
        "student": np.where(at_school, stages, 0).astype(np.uint8),
        "labour_ability": np.where(disabled, random.integers(1, 3, count), 0).astype(np.uint8),
        "employed": works,
        "job_since": np.where(works, random.integers(2018, 2027, count) * 10000 + 415, NEVER).astype(
            np.int32
        ),
        "registered_unemployed": grown & ~works & (random.random(count) < 0.5),
        "refused_jobs": np.where(random.random(count) < 0.003, 3, 0).astype(np.int32),
        "disability_kind": np.where(disabled, random.integers(1, 8, count), 0).astype(np.uint8),
        "disability_grade": np.where(disabled, random.integers(1, 5, count), 0).astype(np.int32),
        "serious_illness": ill,
        "selfcare_failed": np.where(
            (age > 75) & (random.random(count) < 0.3), random.integers(0, 7, count), 0
        ).astype(np.int32),
        "able_obligor": random.random(count) < 0.97,
        "orphan": np.where(age < 18, _some(random, count, 0.004, [1, 2]), 0).astype(np.uint8),
        "institution": random.random(count) < 0.004,
        "other_care_benefit": random.random(count) < 0.01,
        "insured": random.random(count) < 0.97,
        "medical_own_paid": medical,
        "medical_in_policy": medical * 7 // 10,
        "education_cost": np.where(at_school, _money(random, count, 0.7, 300_000, 0.6), 0),
        "rehab_cost": np.where(disabled, _money(random, count, 0.3, 300_000, 0.7), 0),
        "wage": np.where(works, _money(random, count, 1.0, 420_000, 0.5), 0) // np.where(poor, 4, 1),
        "work_cost": np.where(works, _money(random, count, 0.8, 60_000, 0.4), 0),
        "business_income": np.where(grown, _money(random, count, 0.06, 350_000, 0.8), 0),
        "property_income": _money(random, count, np.where(poor, 0.01, 0.1), 60_000, 1.0),
        "transfer_income": np.where(
            age >= 58, _money(random, count, np.where(poor, 0.35, 0.85), 290_000, 0.35), 0
        ),
        "other_income": _money(random, count, 0.03, 40_000, 1.0),
        "basic_pension": np.where(age >= 60, _money(random, count, 0.2, 15_000, 0.2), 0),
        "old_age_allowance": np.where(age >= 80, 10_000, 0).astype(np.int64),
    }
