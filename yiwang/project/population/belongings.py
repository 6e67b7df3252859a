"""What households have: savings, homes, cars, heating, sudden trouble; and what they already receive."""

from __future__ import annotations

import numpy as np

from yiwang.project.population.lives import YUAN, Lives
from yiwang.project.population.structure import Bodies, Rng

EMERGENCIES = ("none", "fire", "traffic", "illness", "accident", "disaster", "other")
# What the generator takes for poor when it decides who receives the guarantee already: yuan a month for each member.
# Its own guess, no standard of anywhere.
POOR = 800
INCOMES = ("wage", "business_income", "property_income", "transfer_income", "other_income")


def belongings(bodies: Bodies, luck: np.ndarray, one: Lives, today: int, rng: Rng) -> dict[str, np.ndarray]:
    """Households' values by variable."""
    count = len(bodies.sizes)
    found: dict[str, np.ndarray] = {}
    _savings(found, bodies, luck, one, rng)
    _home(found, bodies, luck, rng)
    owner = bodies.sum(one["business_income"] != 0) > 0
    capital = np.where(owner | (rng.random(count) < 0.03), rng.lognormal(11.4, 1.3, count), 0)
    found["market_capital"] = _fen(np.where(rng.random(count) < 0.5, capital, 0))
    cars = rng.random(count) < 1 / (1 + np.exp(0.75 - 0.95 * luck - 0.45 * (bodies.sizes >= 3)))
    cars &= ~bodies.is_kind("old_alone") | (rng.random(count) < 0.15)
    found["vehicles"] = (cars + (cars & (rng.random(count) < 0.07))).astype(np.int32)
    disabled = bodies.sum(one["disability_grade"] > 0) > 0
    found["vehicles_exempt"] = (found["vehicles"] == 1) & disabled & (rng.random(count) < 0.4)
    living = 9_500 * bodies.sizes**0.7 * rng.lognormal(0, 0.25, count)
    found["living_rigid_cost"] = _fen(living)
    trouble = rng.random(count) < 0.02
    found["other_rigid_cost"] = _fen(np.where(trouble, rng.gamma(1.5, 6_000, count), 0))
    _emergency(found, one, bodies, today, rng)
    _received(found, bodies, one, today, rng)
    return found


def _savings(found: dict, bodies: Bodies, luck: np.ndarray, one: Lives, rng: Rng) -> None:
    count = len(luck)
    old = bodies.sum(bodies.age >= 60) > 0
    ill = bodies.sum(one["serious_illness"]) > 0
    deposits = np.exp(10.55 + 1.25 * luck + 0.35 * old + 0.75 * rng.normal(size=count)) * np.where(
        ill, 0.3, 1
    )
    found["deposits"] = _fen(np.where(rng.random(count) < 0.035 * np.exp(-0.8 * luck), 0, deposits))
    invests = rng.random(count) < np.clip(0.17 + 0.14 * luck, 0.005, 0.8)
    found["securities"] = _fen(np.where(invests, rng.lognormal(10.4, 1.3, count), 0))
    others = rng.random(count) < np.clip(0.2 + 0.1 * luck, 0.01, 0.8)
    found["other_assets"] = _fen(np.where(others, rng.lognormal(9.6, 1.1, count), 0))


def _home(found: dict, bodies: Bodies, luck: np.ndarray, rng: Rng) -> None:
    count = len(luck)
    draw = rng.random(count) + 0.13 * luck
    homes = np.select([draw > 1.12, draw > 0.93, draw > 0.09], [3, 2, 1], 0)
    size = 38 + 15 * bodies.sizes**0.7 + 11 * luck + 14 * rng.normal(size=count)
    found["housing_count"] = homes.astype(np.int32)
    found["housing_area"] = np.clip(np.round(size), 18, 260).astype(np.int32)
    found["heating_area"] = np.round(found["housing_area"] * 0.92).astype(np.int32)
    found["housing_unsafe"] = rng.random(count) < 0.004 * np.exp(-0.8 * luck)
    public = (homes == 0) & (luck < 0.2) & (rng.random(count) < 0.3)
    found["public_housing"] = public
    rent = np.where(
        public, rng.uniform(90, 320, count), 1_250 * np.exp(0.25 * luck + 0.3 * rng.normal(size=count))
    )
    found["rent"] = _fen(np.where(homes == 0, rent, 0))
    found["central_heating"] = rng.random(count) < 0.965
    found["area_kind"] = np.zeros(count, np.uint8)  # by community: see make


def _emergency(found: dict, one: Lives, bodies: Bodies, today: int, rng: Rng) -> None:
    count = len(bodies.sizes)
    fresh = rng.random(count) < 0.0035
    ill = (bodies.sum(one["serious_illness"]) > 0) & (rng.random(count) < 0.05)
    other = rng.choice(np.array([1, 2, 4, 5, 6]), size=count, p=[0.2, 0.3, 0.3, 0.05, 0.15])
    kind = np.where(ill, 3, np.where(fresh, other, 0))
    found["emergency_kind"] = kind.astype(np.uint8)
    found["emergency_on"] = np.where(kind > 0, today - rng.gamma(1.2, 40, count), np.nan)
    found["emergency_loss"] = _fen(np.where(kind > 0, rng.gamma(1.4, 11_000, count), 0))
    found["relief_count"] = np.where(kind > 0, rng.binomial(2, 0.12, count), 0).astype(np.int32)


def _received(found: dict, bodies: Bodies, one: Lives, today: int, rng: Rng) -> None:
    """Most of the poor receive the guarantee, some do not, and a few receive it who are poor no longer."""
    count = len(bodies.sizes)
    income = sum(bodies.sum(one[name]) for name in INCOMES) - bodies.sum(one["work_cost"])
    each = income / bodies.sizes
    modest = (found["deposits"] + found["securities"] < 30_000 * YUAN * bodies.sizes) & (
        found["housing_count"] < 2
    )
    modest &= (found["vehicles"] == 0) & (found["market_capital"] == 0)
    poor = (each < POOR * YUAN) & modest
    risen = (each < 1.6 * POOR * YUAN) & modest & ~poor
    draw = rng.random(count)
    receives = (poor & (draw < 0.72)) | (risen & (draw < 0.05))
    gap = np.where(poor, POOR * YUAN * bodies.sizes - income, 180 * YUAN * bodies.sizes)
    gap = np.clip(gap, 20 * YUAN, 900 * YUAN * bodies.sizes)
    found["guarantee_amount"] = np.where(receives, np.ceil(gap / YUAN) * YUAN, 0).astype(np.int64)
    found["guarantee_since"] = np.where(receives, today - rng.gamma(1.6, 900, count) - 20, np.nan)
    head = np.cumsum(bodies.sizes) - bodies.sizes
    aid = np.zeros(len(bodies.age), np.int64)
    aid[head] = found["guarantee_amount"]
    one.values["assistance_received"] = aid


def _fen(yuan: np.ndarray) -> np.ndarray:
    return np.round(np.maximum(yuan, 0) * YUAN).astype(np.int64)
