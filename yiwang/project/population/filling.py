"""Puts a made population into the registers and the lake."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from yiwang.core import codes
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Conflict
from yiwang.kernel.lake import refreshing, writing
from yiwang.kernel.lake.columns import Column, value_of
from yiwang.kernel.matters.rows import Table
from yiwang.kernel.matters.transactions import one_transaction
from yiwang.kernel.packs import rulebook
from yiwang.kernel.packs.rulebook import Variable
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.models import Household, LastChange, Person, Road
from yiwang.kernel.registers.people.facts import pack_groups
from yiwang.kernel.registers.people.queries import REGISTER
from yiwang.kernel.registers.people.variables import IN_COLUMNS
from yiwang.project import preparing
from yiwang.project.population import papers
from yiwang.project.population.making import Made, make

AT_A_TIME = 5_000
CHINA = dt.timezone(dt.timedelta(hours=8))
DAILY = frozenset(
    {"公安", "街道"}
)  # whose word is of yesterday; the others send what they had at the month's end
HOUSEHOLD = ("id", "district", "area_id", "address", "head_id", "since", "facts")
PERSON = (
    *("id", "district", "area_id", "name", "id_number", "id_hash", "phone", "phone_hash"),
    *("household_id", "relation", "since", "facts"),
)
Progress = Callable[[int], None]  # rows since the last call


@dataclass(frozen=True, slots=True)
class Filled:
    residents: int
    households: int
    seconds: Mapping[str, float]

    def as_dict(self) -> dict:
        return {
            "residents": self.residents,
            "households": self.households,
            "seconds": {name: round(value, 2) for name, value in self.seconds.items()},
        }


def fill(*, residents: int, seed: int, moment: dt.datetime, progress: Progress | None = None) -> Filled:
    """Makes `residents` people and writes them to empty registers, in one transaction, and to the lake.

    Raises Conflict `not_empty` when somebody is in the register, Problem `no_pack`.
    """
    if Person.objects.exists() or Household.objects.exists():
        raise Conflict(
            _("There are people in the register already; a population is only made in an empty one."),
            code="not_empty",
        )
    rules, began = rulebook.current(), time.perf_counter()
    areas = {code: row for code, row in registers.areas().items() if row.level == "community"}
    made = make(
        residents=residents,
        seed=seed,
        moment=moment,
        areas=list(areas),
        places=_places(list(areas)),
        rural=frozenset(code for code, row in areas.items() if row.name.endswith("村")),
        variables=rules.variables,
    )
    seconds = {"make": time.perf_counter() - began}
    began = time.perf_counter()
    _registers(made, rules.district, rules.variables, moment, progress or (lambda _n: None))
    seconds["registers"] = time.perf_counter() - began
    began = time.perf_counter()
    about = {
        "made_at": moment.isoformat(),
        "synthetic": True,
        "pack": rules.digest,
        "variables": refreshing.words_of(rules.variables),
        "change": 0,
    }
    writing.write(made.people, rules.variables, moment.astimezone(CHINA).date(), about)
    seconds["lake"] = time.perf_counter() - began
    return Filled(residents, len(made.people.households), seconds)


def _places(areas: list[str]) -> dict[str, list[tuple[str, int, int]]]:
    """Roads with their house numbers in each community; where none runs, the community's own name."""
    found: dict[str, list[tuple[str, int, int]]] = {code: [] for code in areas}
    for name, stretches in Road.objects.filter(active=True).order_by("code").values_list("name", "stretches"):
        for stretch in stretches:
            if stretch["area"] in found and stretch["last"] >= stretch["first"]:
                found[stretch["area"]].append((name, stretch["first"], stretch["last"]))
    known = registers.areas()
    return {code: there or [(known[code].name, 1, 80)] for code, there in found.items()}


def _registers(
    made: Made, district: str, variables: Mapping[str, Variable], moment: dt.datetime, progress: Progress
) -> None:
    people, today = made.people, moment.astimezone(CHINA).date()
    homes, persons = papers.as_uuids(people.households.ids), papers.as_uuids(people.persons.ids)
    starts = np.cumsum(people.sizes) - people.sizes
    heads = [persons[at] for at in starts.tolist()]
    since = _since(people.households.ids, today)
    area_codes = people.area_codes
    with one_transaction():
        LastChange.objects.get_or_create(pk=1)
        table = Table(Household, HOUSEHOLD)
        facts = _texts(people.households.columns, len(homes), variables, today)
        for first in range(0, len(homes), AT_A_TIME):
            rows = range(first, min(first + AT_A_TIME, len(homes)))
            table.insert(
                (
                    homes[n],
                    district,
                    area_codes[people.households.areas[n]],
                    made.addresses[n],
                    heads[n],
                    since[n],
                    next(facts),
                )
                for n in rows
            )
            progress(len(rows))
        table = Table(Person, PERSON)
        facts = _texts(people.persons.columns, len(persons), variables, today)
        home_of = people.household_of
        born = people.persons.columns["born_on"][0]
        relations = list(variables["relation"].choices)
        relation = people.persons.columns["relation"][0]
        for first in range(0, len(persons), AT_A_TIME):
            stop = min(first + AT_A_TIME, len(persons))
            table.insert(
                (
                    *(persons[n], district, area_codes[people.households.areas[home]], made.names[n]),
                    *(number, keyed_hash(number)),
                    *_phone(made.phones[n]),
                    *(homes[home], relations[relation[n]], max(since[home], _date(born[n])), next(facts)),
                )
                for n, home, number in zip(
                    range(first, stop),
                    home_of[first:stop].tolist(),
                    made.id_numbers[first:stop].tolist(),
                    strict=True,
                )
            )
            progress(stop - first)
    preparing.analyze()


def _phone(phone: str) -> tuple[str, str | None]:
    return (phone, keyed_hash(codes.parse_phone(phone).value)) if phone else ("", None)


def _since(ids: np.ndarray, today: dt.date) -> list[dt.date]:
    """When each household was registered: within the last 25 years."""
    days = (ids[:, 15].astype(int) * 256 + ids[:, 14]) % 9_000 + 30
    return [today - dt.timedelta(days=one) for one in days.tolist()]


def _date(number: int) -> dt.date:
    number = int(number)
    return dt.date(number // 10000, number // 100 % 100, number % 100)


def _texts(
    columns: Mapping[str, Column], count: int, variables: Mapping[str, Variable], today: dt.date
) -> Iterator[str]:
    """The facts of each row as the registers keep them, grouped by the department that knows them."""
    month_end = (today.replace(day=1) - dt.timedelta(days=1)).isoformat()
    yesterday = (today - dt.timedelta(days=1)).isoformat()
    groups: dict[tuple[str, str], list[str]] = {}
    for name in sorted(columns):
        if name not in IN_COLUMNS:
            source = variables[name].department or REGISTER
            groups.setdefault((yesterday if source in DAILY else month_end, source), []).append(name)
    ordered = sorted(groups.items())
    for first in range(0, count, AT_A_TIME):
        stop = min(first + AT_A_TIME, count)
        parts = [
            (
                source,
                day,
                names,
                zip(*(_values(variables[n], columns[n], first, stop) for n in names), strict=True),
            )
            for (day, source), names in ordered
        ]
        for _row in range(first, stop):
            told = []
            for source, day, names, rows in parts:
                known = {n: v for n, v in zip(names, next(rows), strict=True) if v is not None}
                if known:
                    told.append((source, day, known))
            yield pack_groups(told)


def _values(variable: Variable, column: Column, first: int, stop: int) -> list:
    """A stretch of a column as facts' values; None where unknown."""
    values, known = column
    cut = values[first:stop]
    if variable.type in ("choice", "date"):
        distinct = {number: value_of(variable, number) for number in set(cut.tolist())}
        found = [distinct[number] for number in cut.tolist()]
    else:
        found = cut.tolist()
    if known is None:
        return found
    return [value if there else None for value, there in zip(found, known[first:stop].tolist(), strict=True)]
