"""What happens to people: school, health, work and what they earn, one depending on the other."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from yiwang.project.population.structure import Bodies, Rng

YUAN = 100  # fen
STAGES = ("none", "preschool", "primary", "junior", "senior", "college", "postgraduate")
DISABILITIES = ("none", "visual", "hearing", "speech", "limb", "intellectual", "mental", "multiple")
# Cost of a year at each stage, in yuan: median.
SCHOOL_COST = np.array([0, 9_000, 2_600, 3_400, 5_200, 14_500, 16_000])


@dataclass(slots=True)
class Lives:
    """Persons' values by variable, and what later steps ask for."""

    luck: np.ndarray  # of each person: how well off, about normal
    values: dict[str, np.ndarray] = field(default_factory=dict)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[name]


def lives(bodies: Bodies, luck: np.ndarray, today: int, rng: Rng) -> Lives:
    """`luck` is of households; `today` is a day number since 1970."""
    found = Lives(0.75 * luck[bodies.household_of] + 0.55 * rng.normal(size=len(bodies.age)))
    _health(found, bodies, today, rng)
    _school(found, bodies, rng)
    _work(found, bodies, today, rng)
    _money(found, bodies, rng)
    _costs(found, bodies, rng)
    _care(found, bodies, rng)
    return found


def _health(one: Lives, bodies: Bodies, today: int, rng: Rng) -> None:
    age, count = bodies.age, len(bodies.age)
    worse = np.exp(-0.38 * one.luck)  # poverty and illness go together, both ways
    rate = np.interp(
        age, [0, 10, 18, 40, 55, 65, 80, 95], [0.004, 0.008, 0.016, 0.024, 0.042, 0.06, 0.095, 0.15]
    )
    disabled = rng.random(count) < rate * worse
    kinds = rng.choice(np.arange(1, 8), size=count, p=[0.11, 0.2, 0.015, 0.455, 0.09, 0.085, 0.045])
    grades = rng.choice([1, 2, 3, 4], size=count, p=[0.13, 0.27, 0.25, 0.35])
    one.values["disability_kind"] = np.where(disabled, kinds, 0).astype(np.uint8)
    one.values["disability_grade"] = np.where(disabled, grades, 0).astype(np.int32)
    years = np.minimum(rng.gamma(2, 5, count), np.maximum(age - 0.5, 0.2))
    one.values["disability_since"] = np.where(disabled, today - years * 365.25, np.nan)
    rate = np.interp(age, [0, 18, 40, 55, 70, 85], [0.0012, 0.0012, 0.004, 0.011, 0.028, 0.045])
    one.values["serious_illness"] = rng.random(count) < rate * worse
    heavy = disabled & (one["disability_grade"] <= 2)
    ill = one["serious_illness"]
    ability = np.where((age < 16) | (age >= 80) | heavy | (ill & (rng.random(count) < 0.7)), 2, 0)
    partly = (ability == 0) & ((age >= 60) | disabled | ill)
    one.values["labour_ability"] = np.where(partly, 1, ability).astype(np.uint8)
    frail = np.interp(age, [0, 55, 65, 75, 85, 95], [0, 0.004, 0.02, 0.06, 0.2, 0.5])
    frail = frail + np.where(heavy, 0.38, 0) + np.where(ill, 0.12, 0)
    items = 1 + rng.binomial(5, 0.38, count)
    one.values["selfcare_failed"] = np.where((rng.random(count) < frail) & (age >= 4), items, 0).astype(
        np.int32
    )


def _school(one: Lives, bodies: Bodies, rng: Rng) -> None:
    age, count = bodies.age, len(bodies.age)
    stage = np.zeros(count, np.uint8)
    draw = rng.random(count)
    severe = (one["disability_grade"] > 0) & (one["disability_grade"] <= 2)
    stage[(age >= 3) & (age <= 5) & (draw < 0.93)] = 1
    stage[(age >= 6) & (age <= 11)] = 2
    stage[(age >= 12) & (age <= 14)] = 3
    stage[(age >= 15) & (age <= 17) & (draw < 0.95)] = 4
    stage[(age >= 18) & (age <= 21) & (draw < 0.66 + 0.08 * one.luck)] = 5
    stage[(age >= 22) & (age <= 25) & (draw < 0.14 + 0.06 * one.luck)] = 6
    stage[severe & (draw < 0.25)] = 0
    dropped = (age >= 6) & (age <= 17) & (stage > 1) & (rng.random(count) < 0.0025 * np.exp(-0.7 * one.luck))
    stage[dropped] = 0
    one.values["student"], one.values["dropped_out"] = stage, dropped


def _work(one: Lives, bodies: Bodies, today: int, rng: Rng) -> None:
    age, female, count = bodies.age, bodies.female, len(bodies.age)
    retired = (age >= 60) | (female & (age >= 55)) | (female & (age >= 50) & (rng.random(count) < 0.6))
    free = (one["student"] == 0) & (age >= 18)
    chance = np.interp(age, [18, 24, 35, 50, 59], [0.58, 0.83, 0.88, 0.8, 0.66]) + 0.065 * one.luck
    chance = np.where(retired, np.interp(age, [50, 60, 70], [0.2, 0.11, 0.0]), chance)
    chance *= np.array([1.0, 0.55, 0.04])[one["labour_ability"]]
    chance *= np.where(one["disability_grade"] > 0, 0.62, 1)
    works = free & (rng.random(count) < chance)
    idle = free & ~works & ~retired & (one["labour_ability"] < 2)
    registered = idle & (rng.random(count) < 0.34)
    one.values["employed"], one.values["registered_unemployed"] = works, registered
    one.values["job_since"] = np.where(works, today - rng.gamma(1.4, 4.2, count) * 365, np.nan)
    one.values["unemployed_since"] = np.where(idle, today - rng.gamma(1.3, 1.6, count) * 365, np.nan)
    one.values["refused_jobs"] = np.where(registered, rng.binomial(4, 0.06, count), 0).astype(np.int32)
    one.values["idle"] = free & ~works & ~retired
    one.values["retired"] = retired & ~works


def _money(one: Lives, bodies: Bodies, rng: Rng) -> None:
    age, count = bodies.age, len(bodies.age)
    works, retired = one["employed"], one["retired"]
    own_business = works & (rng.random(count) < 0.13)
    hindered = np.where(one["disability_grade"] > 0, 0.6, 1) * np.where(one["labour_ability"] == 1, 0.8, 1)
    pay = 4_650 * np.exp(0.4 * one.luck + 0.3 * rng.normal(size=count)) * hindered
    one.values["wage"] = _fen(np.where(works & ~own_business, np.maximum(pay, 900), 0))
    profit = 5_200 * np.exp(0.45 * one.luck + 0.65 * rng.normal(size=count)) * hindered
    profit = np.where(rng.random(count) < 0.035, -0.3 * profit, profit)
    one.values["business_income"] = _fen(np.where(own_business, profit, 0))
    one.values["work_cost"] = _fen(np.where(works, rng.uniform(120, 420, count), 0))
    insured_worker = rng.random(count) < 0.9 + 0.05 * one.luck
    pension = 3_050 * np.exp(0.22 * one.luck + 0.2 * rng.normal(size=count))
    old = retired & (age >= 50)
    residents = old & ~insured_worker & (age >= 60)
    transfer = np.where(old & insured_worker, pension, 0.0)
    transfer = np.where(residents, rng.gamma(2, 60, count), transfer)
    supported = (rng.random(count) < 0.12) & (age >= 60)
    transfer += np.where(supported, rng.gamma(2, 220, count), 0)
    one.values["transfer_income"] = _fen(transfer)
    one.values["basic_pension"] = _fen(np.where(residents, 143.0, 0))
    one.values["old_age_allowance"] = _fen(np.select([age >= 90, age >= 80], [200.0, 100.0], 0.0))
    veterans = (age >= 55) & (rng.random(count) < 0.011)
    one.values["preferential_pension"] = _fen(np.where(veterans, rng.gamma(4, 260, count), 0))
    rewarded = ((age >= 60) & (rng.random(count) < 0.06)) | (
        (one["student"] == 5) & (rng.random(count) < 0.1)
    )
    one.values["reward_income"] = _fen(np.where(rewarded, rng.gamma(3, 50, count), 0))
    # Most of those without a job still earn something by the day, or are kept by kin who live elsewhere.
    odd_jobs = (age >= 18) & (rng.random(count) < np.where(one["idle"], 0.76, 0.05))
    earned = np.where(one["idle"], 1_150 * rng.lognormal(0, 0.5, count), rng.gamma(1.4, 420, count))
    one.values["other_income"] = _fen(np.where(odd_jobs, earned, 0))
    landlord = (age >= 30) & (rng.random(count) < np.clip(0.03 + 0.035 * one.luck, 0, 1))
    one.values["property_income"] = _fen(np.where(landlord, rng.gamma(3, 420, count), 0))


def _costs(one: Lives, bodies: Bodies, rng: Rng) -> None:
    age, count = bodies.age, len(bodies.age)
    usual = np.interp(age, [0, 10, 30, 50, 70, 90], [700, 400, 450, 950, 2_300, 3_000])
    paid = usual * rng.gamma(0.8, 1.1, count)
    paid += np.where(one["serious_illness"], 26_000 * rng.lognormal(0, 0.75, count), 0)
    paid += np.where(rng.random(count) < 0.012, rng.gamma(1.6, 14_000, count), 0)  # an accident, an operation
    one.values["medical_own_paid"] = _fen(paid)
    one.values["medical_in_policy"] = _fen(paid * rng.uniform(0.35, 0.75, count))
    one.values["insured"] = rng.random(count) < 0.972 + 0.01 * one.luck
    one.values["education_cost"] = _fen(SCHOOL_COST[one["student"]] * rng.lognormal(0, 0.35, count))
    rehab = (one["disability_grade"] > 0) & (rng.random(count) < np.where(age < 18, 0.7, 0.14))
    one.values["rehab_cost"] = _fen(np.where(rehab, rng.gamma(1.8, 4_200, count), 0))


def _care(one: Lives, bodies: Bodies, rng: Rng) -> None:
    age, count, home = bodies.age, len(bodies.age), bodies.household_of
    alone = bodies.is_kind("old_alone", "alone")[home]
    draw = rng.random(count)
    one.values["able_obligor"] = np.where(alone, draw < np.where(age >= 60, 0.93, 0.72), draw < 0.992)
    skipped = bodies.is_kind("grandparents")[home] & (age < 18)
    one.values["orphan"] = np.where(skipped, np.select([draw < 0.05, draw < 0.24], [1, 2], 0), 0).astype(
        np.uint8
    )
    one.values["able_obligor"] &= one["orphan"] == 0
    one.values["institution"] = bodies.is_kind("old_alone")[home] & (rng.random(count) < 0.006)
    one.values["other_care_benefit"] = (one["selfcare_failed"] >= 3) & (rng.random(count) < 0.05)
    grown = (bodies.relation == bodies.words.index("child")) & (age >= 25)
    one.values["shared_living"] = ~(grown & (rng.random(count) < 0.06))
    away = rng.random(count)
    one.values["excluded"] = np.select([away < 0.0002, away < 0.0011, away < 0.0012], [1, 2, 3], 0).astype(
        np.uint8
    )
    # What somebody owns who is looked at alone: little, and seldom asked.
    one.values["own_assets"] = _fen(np.where(away % 0.1 < 0.04, away * 20_000, 0))
    one.values["local_hukou"] = rng.random(count) < 0.9
    one.values["hukou"] = (rng.random(count) < 0.055).astype(np.uint8)  # 0 urban, 1 rural


def _fen(yuan: np.ndarray) -> np.ndarray:
    return (np.round(yuan, 1) * YUAN).astype(np.int64)
