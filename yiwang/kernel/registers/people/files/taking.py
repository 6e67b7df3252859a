"""Takes a department's file: all rows, or none and a report of every bad row, unless the good ones are asked for.

Everything is one transaction: a run that is killed has taken nothing, and the same file taken again changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.policy import PERSON, Subject, require
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.matters.transactions import one_transaction
from yiwang.kernel.packs import rulebook
from yiwang.kernel.records.table import RowProblem, Table, table_of
from yiwang.kernel.registers.models_people import Household, PeopleFile, Person
from yiwang.kernel.registers.people import given, journal, living
from yiwang.kernel.registers.people.facts import NEVER, Fact, pack, take, unpack
from yiwang.kernel.registers.people.files.mapping import MappingOf, mapping
from yiwang.kernel.registers.people.files.reading import Row, places, rows

NAMESPACE = uuid.UUID("2b1c8a0e-7d0f-5a55-8f0e-3f1f6f0c9d21")
MOST_ROWS = 1_000_000
CHUNK = 500
MOST_SHOWN = 1000  # problems that are kept in full
Progress = Callable[[int, int], None]  # rows done, of how many


@dataclass(slots=True)
class Summary:
    """What taking a file did. `changed`, `confirmed`, `same`, `older` count facts; `problems` are rows left out."""

    file: str
    mapping: str
    rows: int = 0
    taken: int = 0
    refused: int = 0
    changed: int = 0
    confirmed: int = 0
    same: int = 0
    older: int = 0
    died: int = 0
    dry_run: bool = False
    by_variable: dict[str, int] = field(default_factory=dict)
    problems: list[dict] = field(default_factory=list)

    def as_dict(self) -> dict:
        return asdict(self)


def take_path(path: Path, **options: Any) -> Summary:
    """As `take_file`, of a file on this machine."""
    return take_file(name=path.name, data=read_bytes(path), **options)


def read_bytes(path: Path) -> bytes:
    """What a file on this machine holds. Raises NotFound."""
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise NotFound(
            _("%(file)s can't be read: %(reason)s.") % {"file": path, "reason": wrong.strerror},
            where=path.name,
        ) from None


def take_file(
    *,
    actor: Actor,
    slug: str,
    name: str,
    data: bytes,
    now: dt.datetime,
    as_of: dt.date | None = None,
    partial: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Takes a CSV, Excel or Parquet file by the mapping `slug` of the pack.

    `as_of` is the day of rows that do not say theirs. With `dry_run` everything is looked at and nothing written.
    Raises Invalid `bad_rows` naming file, row and column of every bad row, and then nothing was taken; with
    `partial` the good rows are taken and the bad ones stand in the summary. Denied, NotFound.
    """
    rules = rulebook.current()
    require(actor, "import", Subject(PERSON, None, None, district=rules.district))
    how, today = mapping(slug), given.today(now)
    if as_of is not None and as_of > today:
        raise Invalid(_("%(day)s has not come yet.") % {"day": as_of}, where="as_of")
    table = table_of(name[:200], data, MOST_ROWS)
    good, bad = rows(how, table, as_of, today)
    summary = Summary(table.file, slug, rows=len(table.rows), dry_run=dry_run)
    key_column = table.header[places(how, table, as_of).key]
    with one_transaction():
        owners, unknown = _owners(how, good, table, key_column)
        bad = sorted([*bad, *unknown], key=lambda one: one.row)
        summary.refused = len(bad)
        summary.problems = [one.as_dict() for one in bad[:MOST_SHOWN]]
        if bad and not partial:
            raise bad_rows(table.file, bad)
        _take(how, good, owners, summary, actor, now, progress)
        if not dry_run:
            _remember(actor, table, data, how, as_of or today, now, summary)
    return summary


def bad_rows(file: str, problems: Sequence[RowProblem]) -> Invalid:
    """The error that names every bad row."""
    first = problems[0]
    return Invalid(
        ngettext(
            "%(count)d row of %(file)s cannot be taken, so nothing was. Row %(row)d: %(detail)s",
            "%(count)d rows of %(file)s cannot be taken, so nothing was. Row %(row)d: %(detail)s",
            len(problems),
        )
        % {"count": len(problems), "file": file, "row": first.row, "detail": first.detail},
        code="bad_rows",
        where=file,
        errors=[one.as_dict() for one in problems[:MOST_SHOWN]],
    )


def _owners(
    how: MappingOf, good: list[Row], table: Table, column: str
) -> tuple[dict[str, tuple[uuid.UUID, uuid.UUID | None]], list[RowProblem]]:
    """Hash of the number -> (person, household); rows about nobody in the register are problems."""
    found: dict[str, tuple[uuid.UUID, uuid.UUID | None]] = {}
    for start in range(0, len(good), CHUNK):
        keys = [row.key for row in good[start : start + CHUNK]]
        for key, person, household in Person.objects.filter(id_hash__in=keys).values_list(
            "id_hash", "id", "household_id"
        ):
            found[key] = (person, household)
    bad: list[RowProblem] = []
    said: dict[uuid.UUID, int] = {}
    for row in good:
        person, household = found.get(row.key, (None, None))
        if person is None:
            detail = _("Nobody with this number is in the register.")
        elif how.entity == "person":
            continue
        elif household is None:
            detail = _("This person lives in no household.")
        elif household in said:
            detail = _("The same household stands in row %(row)d already.") % {"row": said[household]}
        else:
            said[household] = row.number
            continue
        bad.append(RowProblem(row.number, column, detail, table.file))
        found.pop(row.key, None)
    return found, bad


def _take(
    how: MappingOf,
    good: list[Row],
    owners: dict,
    summary: Summary,
    actor: Actor,
    now: dt.datetime,
    progress: Progress | None,
) -> None:
    mine = how.entity == "person"
    taken = [row for row in good if row.key in owners]
    for start in range(0, len(taken), CHUNK):
        part = {owners[row.key][0 if mine else 1]: row for row in taken[start : start + CHUNK]}
        model = Person if mine else Household
        held = model.objects.select_for_update().filter(pk__in=list(part)).in_bulk()
        texts: list[tuple[str, uuid.UUID]] = []
        noted: list[journal.Noted] = []
        for key, row in part.items():
            noted += _row(how, held[key], row, texts, summary)
        if not summary.dry_run:
            _write(model, texts)
            journal.note(noted, by=actor.label, at=now)
        if progress:
            progress(min(start + CHUNK, len(taken)), len(taken))
    summary.taken = len(taken)


def _row(
    how: MappingOf, one: Person | Household, row: Row, texts: list, summary: Summary
) -> list[journal.Noted]:
    values = dict(row.values)
    noted = _death(how, one, values.pop("died_on", None), summary)
    new = {name: Fact(value, how.department, row.as_of) for name, value in values.items()}
    result = take(unpack(one.facts), new)
    if result.changed or result.confirmed:
        texts.append((pack(result.facts), one.pk))
    summary.changed += len(result.changed)
    summary.confirmed += len(result.confirmed)
    summary.same += len(result.same)
    summary.older += len(result.older)
    for name in result.changed:
        summary.by_variable[name] = summary.by_variable.get(name, 0) + 1
    return noted + journal.noted_of(one, result.changed)


def _death(how: MappingOf, one: Person | Household, day: str | None, summary: Summary) -> list[journal.Noted]:
    if day is None or day == NEVER or not isinstance(one, Person):
        return []
    on = dt.date.fromisoformat(day)
    if one.died == on:
        summary.same += 1
        return []
    summary.changed += 1
    summary.died += 1
    summary.by_variable["died_on"] = summary.by_variable.get("died_on", 0) + 1
    return [] if summary.dry_run else living.die(one, on, how.department)


def _write(model: type[Person] | type[Household], texts: list[tuple[str, uuid.UUID]]) -> None:
    facts, key = model._meta.get_field("facts"), model._meta.pk
    ready = [
        (facts.get_db_prep_save(text, connection), key.get_db_prep_save(pk, connection)) for text, pk in texts
    ]
    if ready:
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET facts = %s WHERE id = %s", ready)  # noqa: S608 - our own name


def _remember(
    actor: Actor,
    table: Table,
    data: bytes,
    how: MappingOf,
    as_of: dt.date,
    now: dt.datetime,
    summary: Summary,
) -> None:
    digest = hashlib.sha256(data).hexdigest()
    PeopleFile.objects.get_or_create(
        id=uuid.uuid5(NAMESPACE, f"{how.slug} {as_of} {digest}"),
        defaults={
            "mapping": how.slug,
            "name": table.file,
            "digest": digest,
            "as_of": as_of,
            "at": now,
            "by": actor.label,
            "rows": summary.rows,
            "refused": summary.refused,
            "changed": summary.changed,
        },
    )
