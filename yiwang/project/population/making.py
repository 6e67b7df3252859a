"""The whole population as columns: pure, without a database. The same seed, day and pack give the same people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from yiwang.kernel.lake.columns import NEVER, Column, People, Table
from yiwang.kernel.packs.rulebook import Variable
from yiwang.project.population import papers, unknown
from yiwang.project.population.belongings import EMERGENCIES, belongings
from yiwang.project.population.lives import DISABILITIES, STAGES, lives
from yiwang.project.population.structure import Bodies, Rng, bodies

DEFAULT, FULL = 70_000, 700_000
# The words behind the generator's numbers, for choices.
WORDS = {
    "sex": ("male", "female"),
    "student": STAGES,
    "disability_kind": DISABILITIES,
    "labour_ability": ("full", "partial", "none"),
    "orphan": ("none", "orphan", "de_facto"),
    "excluded": ("none", "religious", "detained", "missing", "other"),
    "hukou": ("urban", "rural"),
    "area_kind": ("urban", "rural"),
    "emergency_kind": EMERGENCIES,
}


@dataclass(frozen=True, slots=True)
class Made:
    """`people` as the lake has them; beside them what only the registers keep."""

    people: People
    names: list[str]
    id_numbers: np.ndarray
    phones: list[str]
    addresses: list[str]


def make(
    *,
    residents: int,
    seed: int,
    moment: dt.datetime,
    areas: Sequence[str],
    places: Mapping[str, Sequence[tuple[str, int, int]]],
    rural: frozenset[str],
    variables: Mapping[str, Variable],
) -> Made:
    """`residents` people in the communities `areas`; `places`: (road, first number, last number) of each.

    `rural`: communities that are villages. Variables that the generator does not know stay unknown.
    """
    rng = np.random.default_rng(seed)
    codes = sorted(areas)
    someone = bodies(residents, rng)
    weights = rng.lognormal(0, 0.45, len(codes))
    area = np.sort(rng.choice(len(codes), size=len(someone.sizes), p=weights / weights.sum())).astype(
        np.int32
    )
    wealth = rng.normal(0, 0.35, len(codes))
    luck = _luck(someone, wealth[area], rng)
    today = (moment.astimezone(dt.timezone(dt.timedelta(hours=8))).date() - dt.date(1970, 1, 1)).days
    life = lives(someone, luck, today, rng)
    homes = belongings(someone, luck, life, today, rng)
    homes["area_kind"] = np.isin(area, [codes.index(code) for code in rural if code in codes]).astype(
        np.uint8
    )
    born_day = today - np.floor((someone.age + rng.random(residents)) * 365.25)
    born = _days(np.minimum(born_day, today - 1))
    persons = dict(life.values) | {
        "born_on": born,
        "sex": someone.female.astype(np.uint8),
        "died_on": np.full(residents, NEVER, np.int32),
        "hardship_since": np.full(residents, NEVER, np.int32),
        "relation": someone.relation,
    }
    checked = homes["guarantee_amount"] > 0
    household_ids, person_ids = papers.uuids(len(area), moment, rng), papers.uuids(residents, moment, rng)
    people = People(
        codes,
        Table(household_ids, area, _columns("household", homes, variables, checked, someone, rng)),
        Table(
            person_ids,
            np.repeat(area, someone.sizes),
            _columns("person", persons, variables, checked[someone.household_of], someone, rng),
        ),
        someone.sizes.astype(np.int32),
    )
    return Made(
        people,
        papers.names(someone, rng),
        papers.id_numbers(born, someone.female),
        papers.phones(someone, rng),
        papers.addresses(area, [places[code] for code in codes], rng),
    )


def _luck(someone: Bodies, wealth: np.ndarray, rng: Rng) -> np.ndarray:
    """How well off a household is: about normal; the old who live alone, lone parents and grandparents have less."""
    less = np.select(
        [
            someone.is_kind("old_alone"),
            someone.is_kind("lone_parent"),
            someone.is_kind("grandparents"),
            someone.is_kind("grown_child", "grown_child_one_parent"),
            someone.is_kind("alone"),
        ],
        [-0.5, -0.4, -0.5, -0.3, -0.2],
        0.12,
    )
    return wealth + less + rng.normal(0, 0.9, len(someone.sizes))


def _columns(
    entity: str,
    values: Mapping[str, np.ndarray],
    variables: Mapping[str, Variable],
    checked: np.ndarray,
    someone: Bodies,
    rng: Rng,
) -> dict[str, Column]:
    found = {}
    for name, variable in variables.items():
        if variable.entity != entity or name not in values:
            continue
        column = values[name]
        if variable.type == "choice":
            words = someone.words if name == "relation" else WORDS[name]
            places = list(variable.choices)
            column = np.array([places.index(word) for word in words], np.uint8)[column]
        elif variable.type == "date" and column.dtype.kind == "f":
            column = _days(column)
        found[name] = (column, unknown.known(name, entity, checked, rng))
    return found


def _days(days: np.ndarray) -> np.ndarray:
    """Day numbers since 1970 -> YYYYMMDD; what is no number becomes never."""
    never = np.isnan(days)
    dates = np.where(never, 0, np.floor(days)).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    year = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (dates - months).astype(np.int64) + 1
    return np.where(never, NEVER, year * 10000 + month * 100 + day).astype(np.int32)
