"""People for tests: a few households in real communities of Dadong, made by the actions themselves."""

from __future__ import annotations

from datetime import date

from tests.conftest import at
from tests.people import person
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.registers.people import actions

HUALU, FUJIA = "210104002009", "210104002013"
NOW = at("2026-09-24T10:00")
SINCE = date(2026, 1, 5)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number(born: str = "19600501", order: int = 12, area: str = "210104") -> str:
    """A valid resident ID; `order` even is female."""
    head = f"{area}{born}{order:03d}"
    return head + "10X98765432"[sum(int(d) * w for d, w in zip(head, WEIGHTS, strict=True)) % 11]


def worker(area: str = HUALU):
    return person(f"worker-{area}")


def household(area: str = HUALU, address: str = "大东路12号3单元402"):
    return actions.register_household(actor=SYSTEM, area=area, address=address, since=SINCE, now=NOW)


def resident(house=None, relation="head", name="测试甲", born="19600501", order=12, phone="", area=HUALU):
    return actions.register_person(
        actor=SYSTEM,
        name=name,
        id_number=number(born, order),
        phone=phone,
        area=house.area_id if house else area,
        household=house.pk if house else None,
        relation=relation,
        since=SINCE,
        now=NOW,
    )


def couple(area: str = HUALU):
    """A household of two: (household, head, spouse)."""
    house = household(area)
    head = resident(house, order=13)
    return house, head, resident(house, "spouse", "测试乙", "19620803", 22, "13800000022")
