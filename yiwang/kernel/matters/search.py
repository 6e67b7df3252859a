"""Finding matters by what is written in them, and by what lists are filtered by, in one index.

SQLite: an FTS5 table of its own tokens. PostgreSQL: a tsvector with a GIN index. Both hold the tokens of `words`,
both are written in the transaction that writes the matter. `Sought` gives every matter its place in time (`key`),
so that the newest of a million come first without sorting. On SQLite it also keeps what was indexed, because FTS5
must be told what it forgets.

The index narrows, the database decides: callers filter the rows that come back by permission and by columns.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from yiwang.core.codes import CodeError, parse_matter_number
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import words
from yiwang.kernel.matters.models import Matter, Sought
from yiwang.kernel.matters.words import mark

# What the index holds of a matter: a change of one of these is a change of the index.
COLUMNS = (
    "id",
    "number",
    "district",
    "kind",
    "state",
    "title",
    "description",
    "address",
    "area_id",
    "unit_id",
    "class_code",
    "source",
    "opened_at",
)
NAMES = frozenset(name.removesuffix("_id") for name in COLUMNS)
SERIAL_BITS = 20  # a day has at most 999,999 numbers
AREA_LENGTHS = (9, 12)  # sub-district, community; the district is a mark of its own column
MAJOR_LENGTH = 2  # of a class code: the major class
FREQUENT = 1000
_AT_A_TIME = 2000


class Entry(NamedTuple):
    """One line of the index: where it stands in time, whose it is, and what it says."""

    key: int
    matter: UUID
    text: str  # runs, number and marks, a line each

    @property
    def tokens(self) -> list[str]:
        return _tokens(self.text)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: the words of a person, and for each filter any of its marks."""

    words: tuple[words.Word, ...] = ()
    marks: tuple[tuple[str, ...], ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.words or self.marks)

    def also(self, *marks: str) -> Wanted:
        """And one of these marks."""
        return Wanted(self.words, (*self.marks, marks))


def read(text: str) -> Wanted:
    """What a person typed. Raises Invalid for a text that is too long or has nothing to look for."""
    text = text.strip()
    if not text:
        return Wanted()
    if len(text) > words.MOST_CHARACTERS:
        raise Invalid(
            _("Search for at most %(most)d characters.") % {"most": words.MOST_CHARACTERS}, where="q"
        )
    found = words.wanted(text)
    if not found:
        raise Invalid(_("Write at least one letter or digit to search for."), where="q")
    return Wanted(found)


def place(opened_at: datetime, number: str, matter: UUID) -> int:
    """Where a matter stands in time: the second it was opened, then its number of that day."""
    try:
        serial = parse_matter_number(number).sequence
    except CodeError:
        serial = zlib.crc32(matter.bytes) & ((1 << SERIAL_BITS) - 1)
    return (int(opened_at.timestamp()) << SERIAL_BITS) | serial


def before(moment: datetime) -> int:
    """The first place at or after this moment: what is below it was opened earlier."""
    whole = int(moment.timestamp())
    return (whole + (moment.microsecond > 0)) << SERIAL_BITS


def entry(row: Any) -> Entry:
    """The line for a matter: a `Case`, a `Matter` row, or the values of COLUMNS."""
    if isinstance(row, tuple):
        id_, number, district, kind, state, title, description, address, area, unit, code, source, at = row
    else:
        id_, number, district, kind, state = row.id, row.number, row.district, row.kind, row.state
        title, description, address = row.title, row.description, row.address
        area = row.area_id if isinstance(row, Matter) else row.area
        unit = row.unit_id if isinstance(row, Matter) else row.unit
        code, source, at = row.class_code, row.source, row.opened_at
    texts = (
        (description, address) if description.startswith(title.rstrip("…")) else (title, description, address)
    )
    marks = [mark("x", state), mark("k", kind), mark("s", source), mark("a", district)]
    marks += [mark("a", area[:length]) for length in AREA_LENGTHS if area and len(area) >= length]
    marks += [mark(letter, value) for letter, value in (("u", unit), ("c", code)) if value]
    if len(code) > MAJOR_LENGTH:
        marks.append(mark("c", code[:MAJOR_LENGTH]))
    runs = " ".join(run for text in texts for run in words.runs(text))
    return Entry(place(at, number, id_), id_, "\n".join((runs, number, " ".join(marks))))


def add(rows: Iterable[Any]) -> int:
    """Indexes new matters; in the transaction that writes them."""
    found = [entry(row) for row in rows]
    for start in range(0, len(found), _AT_A_TIME):
        _index().insert(found[start : start + _AT_A_TIME])
    return len(found)


def change(row: Any) -> None:
    """Indexes a matter anew; in the transaction that changes it."""
    _index().replace(entry(row))


def refresh(number: str) -> bool:
    """Indexes one matter as it now is in the database, for texts that were erased by hand. False: there is none."""
    with transaction.atomic():
        row = Matter.objects.select_for_update(of=("self",)).filter(number=number).first()
        if row is not None:
            change(row)
    return row is not None


def newest(wanted: Wanted, *, below: int | None = None, since: int | None = None, count: int) -> list[tuple]:
    """The newest matters of which the index says that they fit: (key, id), the newest first. One query."""
    return _index().newest(wanted, below, since, count)


def among(wanted: Wanted) -> RawSQL:
    """The ids of all that fit, as a subquery for `__in`; for few, such as those that are open."""
    sql, values = _index().ids(wanted)
    return RawSQL(sql, values)  # noqa: S611 - fixed text; what was typed is a value


def few(wanted: Wanted) -> list[UUID] | None:
    """All that fit when they are few; None when it is quicker to go through a list and look at each. One query."""
    found = newest(wanted, count=FREQUENT + 1)
    return None if len(found) > FREQUENT else [matter for _key, matter in found]


def fitting(wanted: Wanted, matters: Sequence[UUID]) -> set[UUID]:
    """Those of these matters that have the words; the marks are not looked at. One query."""
    return _index().fitting(wanted, matters) if wanted.words else set(matters)


def key_of(matter: UUID) -> int | None:
    return Sought.objects.filter(matter=matter).values_list("key", flat=True).first()


def fill(progress: Callable[[int], None] = lambda count: None) -> int:
    """Indexes every matter that is not yet, in batches of their own transactions; gives how many."""
    last, written = UUID(int=0), 0
    while True:
        rows = Matter.objects.filter(pk__gt=last).order_by("pk").values_list(*COLUMNS)[:_AT_A_TIME]
        found = list(rows)
        if not found:
            _index().settle()
            return written
        last = found[-1][0]
        ids = [row[0] for row in found]
        with transaction.atomic():
            there = set(Sought.objects.filter(matter__in=ids).values_list("matter", flat=True))
            written += add(row for row in found if row[0] not in there)
        progress(len(found))


def rebuild(progress: Callable[[int], None] = lambda count: None) -> int:
    """Empties the index and fills it. Meanwhile searches find less; nothing else waits."""
    with transaction.atomic():
        _index().empty()
    return fill(progress)


def forget_when_empty(**_signal: Any) -> None:
    """After all tables were emptied the index of SQLite, which is no table of Django's, is emptied too."""
    if connection.vendor != "sqlite" or "matters_words" not in connection.introspection.table_names():
        return
    if not Sought.objects.exists():
        _index().empty()


def _tokens(text: str) -> list[str]:
    runs, number, marks = text.split("\n")
    return words.tokens(runs.split(), number, marks.split())


class _Sqlite:
    """`matters_words`: FTS5 without a copy of the text; the rowid is the key."""

    def insert(self, entries: Sequence[Entry]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO matters_sought (key, matter_id, text) VALUES (%s, %s, %s)",
                [(one.key, one.matter.hex, one.text) for one in entries],
            )
            cursor.executemany(
                "INSERT INTO matters_words (rowid, words) VALUES (%s, %s)",
                [(one.key, " ".join(one.tokens)) for one in entries],
            )

    def replace(self, new: Entry) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT key, text FROM matters_sought WHERE matter_id = %s", [new.matter.hex])
            old = cursor.fetchone()
            if old is None:
                self.insert([new])
                return
            key, text = old
            if text == new.text:
                return
            cursor.execute(
                "INSERT INTO matters_words (matters_words, rowid, words) VALUES ('delete', %s, %s)",
                [key, " ".join(_tokens(text))],
            )
            cursor.execute(
                "INSERT INTO matters_words (rowid, words) VALUES (%s, %s)", [key, " ".join(new.tokens)]
            )
            cursor.execute("UPDATE matters_sought SET text = %s WHERE key = %s", [new.text, key])

    def newest(self, wanted: Wanted, below: int | None, since: int | None, count: int) -> list[tuple]:
        bounds, values = _bounds("w.rowid", below, since)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT s.key, s.matter_id FROM matters_words w CROSS JOIN matters_sought s ON s.key = w.rowid"  # noqa: S608
                f" WHERE w.words MATCH %s{bounds} ORDER BY w.rowid DESC LIMIT %s",
                [self.query(wanted), *values, count],
            )
            return [(key, UUID(matter)) for key, matter in cursor.fetchall()]

    def ids(self, wanted: Wanted) -> tuple[str, list]:
        sql = (
            "SELECT s.matter_id FROM matters_words w CROSS JOIN matters_sought s ON s.key = w.rowid"
            " WHERE w.words MATCH %s"
        )
        return sql, [self.query(wanted)]

    def fitting(self, wanted: Wanted, matters: Sequence[UUID]) -> set[UUID]:
        """From the texts themselves: FTS5 would begin its search anew for every row that is named to it."""
        texts = Sought.objects.filter(matter__in=matters).values_list("matter_id", "text")
        return {matter for matter, text in texts if words.fits(_tokens(text), wanted.words)}

    def query(self, wanted: Wanted) -> str:
        def phrase(tokens: words.Phrase) -> str:
            return '"' + " ".join(tokens) + '"'

        return _joined(wanted, phrase, " AND ", " OR ")

    def empty(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO matters_words (matters_words) VALUES ('delete-all')")
            cursor.execute("DELETE FROM matters_sought")

    def settle(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO matters_words (matters_words) VALUES ('optimize')")


class _Postgres:
    """`matters_sought.words`: a tsvector of the same tokens, with a GIN index."""

    def insert(self, entries: Sequence[Entry]) -> None:
        rows = [(one.key, one.matter, self.vector(one.tokens)) for one in entries]
        with connection.cursor() as cursor:
            if len(rows) > 1:
                with cursor.copy("COPY matters_sought (key, matter_id, words, text) FROM STDIN") as copy:
                    for key, matter, vector in rows:
                        copy.write_row((key, matter, vector, ""))
            else:
                cursor.executemany(
                    "INSERT INTO matters_sought (key, matter_id, words, text) VALUES (%s, %s, %s::tsvector, '')",
                    rows,
                )

    def replace(self, new: Entry) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE matters_sought SET words = %s::tsvector WHERE matter_id = %s",
                [self.vector(new.tokens), new.matter],
            )
            if not cursor.rowcount:
                self.insert([new])

    def newest(self, wanted: Wanted, below: int | None, since: int | None, count: int) -> list[tuple]:
        bounds, values = _bounds("key", below, since)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT key, matter_id FROM matters_sought WHERE words @@ %s::tsquery{bounds}"  # noqa: S608
                " ORDER BY key DESC LIMIT %s",
                [self.query(wanted), *values, count],
            )
            return list(cursor.fetchall())

    def ids(self, wanted: Wanted) -> tuple[str, list]:
        return "SELECT matter_id FROM matters_sought WHERE words @@ %s::tsquery", [self.query(wanted)]

    def fitting(self, wanted: Wanted, matters: Sequence[UUID]) -> set[UUID]:
        sql = "SELECT matter_id FROM matters_sought WHERE matter_id = ANY(%s) AND words @@ %s::tsquery"
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(matters), self.query(Wanted(wanted.words))])
            return {matter for (matter,) in cursor.fetchall()}

    def query(self, wanted: Wanted) -> str:
        def phrase(tokens: words.Phrase) -> str:
            return " <-> ".join(f"'{token}'" for token in tokens)

        return _joined(wanted, phrase, " & ", " | ")

    def vector(self, tokens: Sequence[str]) -> str:
        """Places above 16,383 all count as that one, and at most 256 places of a token are kept."""
        return " ".join(f"'{token}':{min(place, 16383)}" for place, token in enumerate(tokens, start=1))

    def empty(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM matters_sought")

    def settle(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE matters_sought")


def _joined(wanted: Wanted, phrase: Callable[[words.Phrase], str], all_of: str, any_of: str) -> str:
    parts = []
    for word in wanted.words:
        ways = [all_of.join(f"({phrase(one)})" for one in way) for way in word]
        parts.append(any_of.join(f"({way})" for way in ways))
    parts += [any_of.join(phrase((one,)) for one in marks) for marks in wanted.marks]
    return all_of.join(f"({part})" for part in parts)


def _bounds(column: str, below: int | None, since: int | None) -> tuple[str, list[int]]:
    found = [(f" AND {column} < %s", below), (f" AND {column} >= %s", since)]
    kept = [(sql, value) for sql, value in found if value is not None]
    return "".join(sql for sql, _value in kept), [value for _sql, value in kept]


_INDEXES = {"sqlite": _Sqlite(), "postgresql": _Postgres()}


def _index() -> _Sqlite | _Postgres:
    return _INDEXES[connection.vendor]
