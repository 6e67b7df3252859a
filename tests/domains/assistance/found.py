"""Households that screening has found, for pages that need something to show: with a visit, a variant and a match."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.kernel.people import made
from tests.people import person
from yiwang.domains.assistance.discovery import screening, sending
from yiwang.domains.assistance.forces import actions as forces
from yiwang.domains.assistance.models import Finding
from yiwang.domains.assistance.preview import actions as preview
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.lake.gathering import gather
from yiwang.kernel.lake.writing import write
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers.people import actions as people


@dataclass
class Found:
    """`visit`: number of the matter of a visit in `area`; `match`: a confirmed match."""

    visit: str = ""
    area: str = made.HUALU
    match: UUID | None = None
    variant: UUID | None = None


def poor(order: int, now: datetime, area: str = made.HUALU) -> Any:
    """A household of one with a small wage, of which everything that the guarantee asks is known."""
    house = made.household(area)
    one = made.resident(house, order=order, area=area)
    told = {"actor": SYSTEM, "source": "测试", "as_of": now.date() - timedelta(days=20), "now": now}
    own = {"area_kind": "urban", "deposits": 100_000, "securities": 0, "other_assets": 0, "market_capital": 0}
    own |= {"housing_count": 1, "vehicles": 0, "vehicles_exempt": True}
    person_facts = dict.fromkeys(
        (
            "work_cost",
            "business_income",
            "property_income",
            "transfer_income",
            "other_income",
            "basic_pension",
        ),
        0,
    )
    person_facts |= dict.fromkeys(
        ("old_age_allowance", "medical_own_paid", "rehab_cost", "disability_grade"), 0
    )
    person_facts |= {
        "wage": 30_000,
        "refused_jobs": 0,
        "employed": True,
        "labour_ability": "full",
        "shared_living": True,
        "excluded": "none",
        "local_hukou": True,
    }
    person_facts |= {
        "serious_illness": False,
        "disability_kind": "none",
        "able_obligor": True,
        "institution": False,
    }
    people.set_facts(values=person_facts, person=one.pk, **told)
    people.set_facts(values=own, household=house.pk, **told)
    return house


def refresh(on: date) -> None:
    """The lake as `yiwang lake refresh` would write it."""
    variables = rulebook.current().variables
    write(gather(variables)[0], variables, on)


def make(now: datetime) -> Found:
    """Two households found and sent; a need of one, met in part; a variant of the preview."""
    county = person("aid-county")
    house, other = poor(112, now), poor(113, now, made.FUJIA)
    refresh(now.date())
    screening.screen(actor=SYSTEM, now=now, residents=screening.everybody(now))
    sending.send(now)
    found = Found(visit=Finding.objects.filter(household=house.pk, matter__isnull=False)[0].matter.number)
    for home, quantity in ((house, 10), (other, 4)):
        forces.ask(
            actor=county, id=uuid4(), household=home.pk, item="rice", quantity=quantity, urgency="urgent",
            until=now.date() + timedelta(days=20), now=now,
        )  # fmt: skip
    forces.offer(
        actor=county, id=uuid4(), giver="东塔慈善超市", giver_kind="organisation", item="rice", capacity=12,
        place="210104015", serves="210104", since=now.date(), until=now.date() + timedelta(days=60), now=now,
    )  # fmt: skip
    first, *_rest = forces.propose(actor=county, now=now)
    found.match = forces.confirm(actor=county, match=first.pk, now=now).pk
    found.variant = uuid4()
    preview.save(
        actor=county, id=found.variant, name="九百元", changes={"guarantee.standard.urban": 90_000}, now=now
    )
    return found
