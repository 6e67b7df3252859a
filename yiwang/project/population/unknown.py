"""What is not known: no department has everything, and a bank is asked only when somebody applies.

The share of values that nobody has told, by variable. Of households that receive the guarantee, whose affairs were
checked, far less is missing.
"""

from __future__ import annotations

import numpy as np

from yiwang.project.population.structure import Rng

PERSONS = {
    "shared_living": 0.06,
    "excluded": 0.02,
    "local_hukou": 0.004,
    "hukou": 0.01,
    "student": 0.015,
    "dropped_out": 0.03,
    "labour_ability": 0.08,
    "employed": 0.06,
    "job_since": 0.1,
    "registered_unemployed": 0.01,
    "unemployed_since": 0.12,
    "refused_jobs": 0.03,
    "disability_kind": 0.003,
    "disability_grade": 0.003,
    "disability_since": 0.006,
    "serious_illness": 0.05,
    "selfcare_failed": 0.2,
    "able_obligor": 0.14,
    "orphan": 0.005,
    "institution": 0.003,
    "other_care_benefit": 0.02,
    "insured": 0.01,
    "medical_own_paid": 0.06,
    "medical_in_policy": 0.07,
    "education_cost": 0.18,
    "rehab_cost": 0.1,
    "wage": 0.06,
    "work_cost": 0.15,
    "business_income": 0.09,
    "property_income": 0.12,
    "transfer_income": 0.05,
    "other_income": 0.16,
    "preferential_pension": 0.004,
    "reward_income": 0.01,
    "assistance_received": 0.003,
    "basic_pension": 0.005,
    "old_age_allowance": 0.003,
    "own_assets": 0.6,
}
HOUSEHOLDS = {
    "deposits": 0.3,
    "securities": 0.32,
    "other_assets": 0.42,
    "market_capital": 0.012,
    "housing_count": 0.025,
    "housing_area": 0.06,
    "housing_unsafe": 0.08,
    "public_housing": 0.006,
    "rent": 0.2,
    "vehicles": 0.012,
    "vehicles_exempt": 0.1,
    "living_rigid_cost": 0.45,
    "other_rigid_cost": 0.45,
    "heating_area": 0.03,
    "central_heating": 0.02,
    "emergency_kind": 0.01,
    "emergency_on": 0.012,
    "emergency_loss": 0.02,
    "relief_count": 0.004,
    "guarantee_since": 0.0,
    "guarantee_amount": 0.0,
}
CHECKED = 0.15  # of a checked household so much of the usual share is missing


def known(name: str, entity: str, checked: np.ndarray, rng: Rng) -> np.ndarray | None:
    """Which values of a variable somebody has told; None: all. `checked`: of households whose affairs were looked into."""
    share = (PERSONS if entity == "person" else HOUSEHOLDS).get(name, 0.0)
    if share == 0:
        return None
    found = rng.random(len(checked)) >= np.where(checked, share * CHECKED, share)
    return None if found.all() else found
