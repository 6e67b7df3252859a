"""A small law for tests: one programme of households, one of persons, two parameters."""

from __future__ import annotations

from datetime import date

from yiwang.core.policy import Fact, Population, Rules

DAY = date(2026, 9, 1)
FACTS = [
    Fact("born_on", "person", "date", "出生日期"),
    Fact("wage", "person", "money", "工资", unit="month"),
    Fact("serious_illness", "person", "bool", "重病", sensitive="health"),
    Fact("deposits", "household", "money", "存款", sensitive="finance"),
    Fact(
        "area_kind",
        "household",
        "choice",
        "适用标准",
        choices={"urban": ("城", "Urban"), "rural": ("乡", "Rural")},
    ),
]
PARAMETERS = [
    {
        "slug": "line",
        "name": "标准",
        "unit": "fen",
        "by": "area_kind",
        "status": "illustrative",
        "source": "",
        "values": [{"from": "2020-01-01", "value": {"urban": 80000, "rural": 60000}}],
    },
    {
        "slug": "care",
        "name": "补贴",
        "unit": "fen",
        "status": "official",
        "source": "法",
        "values": [{"from": "2020-01-01", "value": 9000}],
    },
]
TEXT = '''
"""A law for tests."""

from yiwang.core.policy import Programme, amount, condition, figure, household, person


@figure(household, "人口", "Members")
def size(h):
    return h.count(h.members.wage >= 0)


class Guarantee(Programme):
    """The gap to the line."""

    entity = household
    name = "低保"
    name_en = "Guarantee"
    pays = "month"

    @condition("收入低于标准", "Income below the line", cite="第一条")
    def poor(h):
        return h.sum(h.members.wage) < h.parameter("line") * h.size

    @condition("存款不多", "Few deposits", cite="第二条")
    def modest(h):
        return h.deposits <= h.parameter("line") * h.size * 24

    @amount("差额", "The gap", cite="第三条")
    def gap(h):
        return h.parameter("line") * h.size - h.sum(h.members.wage)


class Care(Programme):
    """For the ill."""

    entity = person
    name = "护理补贴"
    name_en = "Care"
    pays = "month"

    @condition("重病", "Ill", cite="第四条")
    def ill(p):
        return p.serious_illness

    @amount("补贴", "Subsidy", cite="第五条")
    def sum(p):
        return p.parameter("care") + 0
'''


def rules() -> Rules:
    return Rules.read(FACTS, PARAMETERS, {"law.py": TEXT})


def population(*households) -> Population:
    """Each household: (own facts, [facts of a member, …])."""
    return Population.of_records(rules().facts, list(households))


def family(wages, *, deposits=0, zone="urban", ill=False):
    """A household of adults with these wages in fen; None is unknown, and so is a fact given as None."""
    own = {name: value for name, value in (("deposits", deposits), ("area_kind", zone)) if value is not None}
    members = [
        {name: value for name, value in (("wage", wage), ("serious_illness", ill)) if value is not None}
        | {"born_on": date(1980, 1, 1)}
        for wage in wages
    ]
    return own, members
