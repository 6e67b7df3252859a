"""The roll of residents (人口花名册): who lives where with whom. It is how people come into the register in bulk.

One row a person, with the number of the household. Who is in the register already is found by the resident ID, so the
same file again changes nothing. All rows or none, one transaction, as for every file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.core import codes
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.policy import PERSON, Subject, require
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.matters.rows import insert_instances
from yiwang.kernel.matters.transactions import one_transaction
from yiwang.kernel.packs import rulebook
from yiwang.kernel.records.table import RowProblem, Table, table_of
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import actions, given, journal, living, queries
from yiwang.kernel.registers.people.facts import Fact, pack
from yiwang.kernel.registers.people.files.mapping import read_date
from yiwang.kernel.registers.people.files.taking import (
    CHUNK,
    MOST_ROWS,
    MOST_SHOWN,
    Progress,
    bad_rows,
)
from yiwang.kernel.registers.people.relations import HEAD
from yiwang.kernel.registers.people.variables import variables

SLUG = "roll"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id_number": ("身份证号", "公民身份号码"),
    "name": ("姓名",),
    "home": ("户号", "户编号"),
    "relation": ("与户主关系", "关系"),
    "area": ("社区代码", "社区"),
    "address": ("地址", "住址", "现住址"),
    "phone": ("电话", "联系电话"),
    "since": ("登记日期", "迁入日期"),
}
OPTIONAL = ("phone", "since")
# Words of household books for the relations that the pack has.
WORDS = {
    **dict.fromkeys(("本人", "户主"), HEAD),
    **dict.fromkeys(("妻", "夫", "丈夫", "妻子", "配偶"), "spouse"),
    **dict.fromkeys(
        ("子", "女", "长子", "次子", "长女", "次女", "独生子", "独生女", "儿子", "女儿"), "child"
    ),
    **dict.fromkeys(("父", "母", "父亲", "母亲", "岳父", "岳母", "公公", "婆婆"), "parent"),
    **dict.fromkeys(("祖父", "祖母", "外祖父", "外祖母"), "grandparent"),
    **dict.fromkeys(("孙子", "孙女", "外孙子", "外孙女"), "grandchild"),
    **dict.fromkeys(("兄", "弟", "姐", "妹", "哥哥", "弟弟", "姐姐", "妹妹"), "sibling"),
}


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    id: codes.ResidentId
    name: str
    home: str
    relation: str
    area: str
    address: str
    phone: str
    since: dt.date

    @property
    def key(self) -> str:
        return keyed_hash(self.id.value)


@dataclass(slots=True)
class Rolled:
    """What taking a roll did."""

    file: str
    rows: int = 0
    people: int = 0  # new in the register
    households: int = 0
    moved: int = 0  # known, and now of another household
    same: int = 0
    refused: int = 0
    dry_run: bool = False
    problems: list[dict] = field(default_factory=list)


def take_roll(
    *,
    actor: Actor,
    name: str,
    data: bytes,
    now: dt.datetime,
    partial: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Rolled:
    """Takes a roll as CSV, Excel or Parquet. Raises Invalid `bad_rows` with every bad row, unless `partial`; Denied."""
    rules = rulebook.current()
    require(actor, "import", Subject(PERSON, None, None, district=rules.district))
    table = table_of(name[:200], data, MOST_ROWS)
    rows, bad = _rows(table, given.today(now))
    with one_transaction():
        rows, gone = _here(rows, table)
        bad = sorted([*bad, *gone], key=lambda one: one.row)
        done = Rolled(table.file, rows=len(table.rows), refused=len(bad), dry_run=dry_run)
        done.problems = [one.as_dict() for one in bad[:MOST_SHOWN]]
        if bad and not partial:
            raise bad_rows(table.file, bad)
        _take(rows, actor, now, done, progress)
    return done


def _rows(table: Table, today: dt.date) -> tuple[list[Row], list[RowProblem]]:
    header = {name: n for n, name in reversed(list(enumerate(table.header)))}
    places = {key: next((header[n] for n in names if n in header), None) for key, names in COLUMNS.items()}
    missing = [COLUMNS[key][0] for key, place in places.items() if place is None and key not in OPTIONAL]
    if missing:
        raise Invalid(
            _("%(file)s lacks the column %(columns)s. It has: %(there)s.")
            % {
                "file": table.file,
                "columns": ", ".join(missing),
                "there": codes.mask_numbers(", ".join(table.header)[:300]),
            },
            where=f"{table.file}:1",
            code="no_column",
        )
    words = WORDS | {
        word: slug for slug, names in variables()["relation"].choices.items() for word in (slug, *names)
    }
    good: list[Row] = []
    bad: list[RowProblem] = []
    people: dict[str, int] = {}
    homes: dict[str, Row] = {}
    heads: dict[str, int] = {}
    for number, cells in table.rows:
        try:
            row = _row(number, {key: _cell(cells, place) for key, place in places.items()}, today, words)
            _fits(row, people, homes, heads)
        except Problem as wrong:
            key = wrong.where if wrong.where in COLUMNS else "id_number"
            place = places[key]
            shown = table.header[place] if place is not None else COLUMNS[key][0]
            bad.append(RowProblem(number, shown, codes.mask_numbers(wrong.detail), table.file))
            continue
        good.append(row)
    return good, bad


def _row(number: int, said: Mapping[str, str], today: dt.date, words: Mapping[str, str]) -> Row:
    """Raises Invalid whose `where` is the key of the column."""
    found = given.resident_id(said["id_number"], today)
    name = given.name(said["name"])
    if not said["home"]:
        raise Invalid(_("The cell is empty."), where="home")
    relation = words.get(said["relation"])
    if relation is None:
        raise Invalid(
            _("%(word)s is no known word here. Known: %(words)s.")
            % {"word": said["relation"][:40], "words": "、".join(dict.fromkeys(words))[:200]},
            where="relation",
        )
    area, address = given.community(said["area"]), given.address(said["address"])
    phone = given.phone(said["phone"]) if said["phone"] else ""
    since = today
    if said["since"]:
        try:
            since = given.past(read_date(said["since"]), today, "since")
        except Invalid as wrong:
            raise Invalid(wrong.detail, where="since") from None
    return Row(number, found, name, said["home"], relation, area, address, phone, since)


def _fits(row: Row, people: dict[str, int], homes: dict[str, Row], heads: dict[str, int]) -> None:
    """Raises Invalid when the row contradicts one before it; else it is remembered."""
    if row.id.value in people:
        said = _("The same person stands in row %(row)d already.") % {"row": people[row.id.value]}
        raise Invalid(said, where="id_number")
    if row.relation == HEAD and row.home in heads:
        raise Invalid(
            _("Row %(row)d is the head of this household already.") % {"row": heads[row.home]},
            where="relation",
        )
    if homes.setdefault(row.home, row).area != row.area:
        raise Invalid(
            _("Row %(row)d puts this household into another community.") % {"row": homes[row.home].number},
            where="area",
        )
    people[row.id.value] = row.number
    if row.relation == HEAD:
        heads[row.home] = row.number


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _take(rows: list[Row], actor: Actor, now: dt.datetime, done: Rolled, progress: Progress | None) -> None:
    first_load = not Person.objects.exists()
    known = _known([row.key for row in rows])
    homes, numbered = _homes(rows, known)
    new = [row for row in rows if row.key not in known]
    fresh = {row.home: uuid7() for row in rows if row.home not in homes}
    ids = {row.key: uuid7() for row in new}
    done.people, done.households = len(new), len(fresh)
    moves = [row for row in rows if row.key in known and known[row.key][1] != (homes | fresh)[row.home]]
    done.moved, done.same = len(moves), len(rows) - len(new) - len(moves)
    if done.dry_run:
        return
    heads = {row.home: ids[row.key] for row in new if row.relation == HEAD}
    first = {row.home: row for row in reversed(rows)}
    insert_instances([_household(key, first[home], heads.get(home)) for home, key in fresh.items()])
    for home, key in numbered.items():
        Household.objects.filter(pk=key).update(number_hash=_number(home))
    all_homes = homes | fresh
    for start in range(0, len(new), CHUNK * 10):
        part = new[start : start + CHUNK * 10]
        insert_instances([_person(ids[row.key], row, all_homes[row.home]) for row in part])
        if progress:
            progress(start + len(part), len(new))
    for home in heads.keys() & homes.keys():
        living.make_head(Household.objects.select_for_update().get(pk=homes[home]), heads[home])
    noted = [
        journal.Noted(
            *("registered", queries.REGISTER, row.since, ids[row.key], all_homes[row.home]),
            became=row.since.isoformat(),
        )
        for row in new
    ]
    if not first_load:
        journal.note(noted, by=actor.label, at=now)
    for row in moves:
        person, relation = known[row.key][0], row.relation
        actions.join_household(
            actor=actor,
            person=person,
            household=all_homes[row.home],
            relation=relation,
            on=row.since,
            now=now,
        )


def _here(rows: list[Row], table: Table) -> tuple[list[Row], list[RowProblem]]:
    """The rows that may be taken, and those about people who have died or left: a roll brings nobody back."""
    gone: set[str] = set()
    for start in range(0, len(rows), CHUNK):
        keys = [row.key for row in rows[start : start + CHUNK]]
        known = Person.objects.filter(id_hash__in=keys).exclude(died=None, left=None)
        gone |= set(known.values_list("id_hash", flat=True))
    column = next(name for name in table.header if name in COLUMNS["id_number"])
    detail = _("This person has died or left.")
    bad = [RowProblem(row.number, column, detail, table.file) for row in rows if row.key in gone]
    return [row for row in rows if row.key not in gone], bad


def _known(keys: list[str]) -> dict[str, tuple[UUID, UUID | None]]:
    found: dict[str, tuple[UUID, UUID | None]] = {}
    for start in range(0, len(keys), CHUNK):
        rows = Person.objects.filter(id_hash__in=keys[start : start + CHUNK])
        for key, person, household in rows.values_list("id_hash", "id", "household_id"):
            found[key] = (person, household)
    return found


def _homes(
    rows: list[Row], known: Mapping[str, tuple[UUID, UUID | None]]
) -> tuple[dict[str, UUID], dict[str, UUID]]:
    """Number -> household where it is known; and those that get their number now: their head came without a roll."""
    homes: dict[str, UUID] = {}
    numbers = list(dict.fromkeys(row.home for row in rows))
    for start in range(0, len(numbers), CHUNK):
        part = {_number(home): home for home in numbers[start : start + CHUNK]}
        for digest, key in Household.objects.filter(number_hash__in=part).values_list("number_hash", "id"):
            homes[part[digest]] = key
    heads = {known[row.key][0]: row.home for row in rows if row.relation == HEAD and row.key in known}
    wanted = [person for person, home in heads.items() if home not in homes]
    numbered: dict[str, UUID] = {}
    for start in range(0, len(wanted), CHUNK):
        found = Household.objects.filter(head__in=wanted[start : start + CHUNK], left=None, number_hash=None)
        numbered |= {heads[head]: key for head, key in found.values_list("head_id", "id")}
    return homes | numbered, numbered


def _number(home: str) -> str:
    return keyed_hash(f"household number {home}")


def _household(key: UUID, row: Row, head: UUID | None) -> Household:
    return Household(
        id=key,
        district=row.area[:6],
        area_id=row.area,
        address=row.address,
        head_id=head,
        since=row.since,
        number_hash=_number(row.home),
    )


def _person(key: UUID, row: Row, home: UUID) -> Person:
    facts = {
        "born_on": Fact(row.id.birth.isoformat(), queries.REGISTER, row.since),
        "sex": Fact(row.id.sex, queries.REGISTER, row.since),
    }
    return Person(
        id=key,
        district=row.area[:6],
        area_id=row.area,
        name=row.name,
        id_number=row.id.value,
        id_hash=row.key,
        phone=row.phone,
        phone_hash=keyed_hash(row.phone) if row.phone else None,
        household_id=home,
        relation=row.relation,
        since=row.since,
        facts=pack(facts),
    )
