"""Lists of open tasks as keyset pages: in the order of their due moments or the newest first, by index or looked at."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import search
from yiwang.kernel.matters.models import Task

CURSOR_YEARS = range(1970, 2201)  # beyond them lies no matter, and some databases have other limits
_MOST_WALKED, _LARGEST_BATCH = 3000, 1000

_ROW = {
    "task": F("id"),
    "number": F("matter__number"),
    "title": F("matter__title"),
    "source": F("matter__source"),
    "standard": F("matter__standard"),
    "class_code": F("matter__class_code"),
    "pack": F("matter__pack_id"),
    "address": F("matter__address"),
    "priority": F("matter__priority"),
    "reworks": F("matter__reworks"),
    "matter_opened_at": F("matter__opened_at"),
    "area_name": F("area__name"),
    "area_name_en": F("area__name_en"),
    "unit_name": F("unit__name"),
    "unit_name_en": F("unit__name_en"),
    "assignee_name": F("assignee__name"),
}
_OWN = (
    "matter_id",
    "node",
    "link",
    "kind",
    "post",
    "limit",
    "due_at",
    "held",
    "provisional",
    "opened_at",
    "area_id",
    "unit_id",
)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the cursor of the next page ('' at the end)."""

    rows: list[dict]
    next: str


def page_of(rows: list[dict], limit: int, moment: str = "due_at") -> Page:
    if len(rows) <= limit:
        return Page(rows, "")
    last = rows[limit - 1]
    return Page(rows[:limit], write_cursor(last[moment], last["task"]))


def moment_of(newest: bool) -> str:
    return "opened_at" if newest else "due_at"


def ordered(tasks: QuerySet[Task], cursor: tuple | None, count: int, newest: bool) -> list[dict]:
    if not newest:
        return _due_page(tasks, cursor, count, _OWN, _ROW)
    if cursor:
        moment, key = cursor
        tasks = tasks.filter(opened_at__lte=moment).exclude(opened_at=moment, id__gte=key)
    return list(tasks.order_by("-opened_at", "-id").values(*_OWN, **_ROW)[:count])


def sorted_out(tasks: QuerySet[Task], cursor: tuple | None, count: int, newest: bool) -> list[dict]:
    """The same rows as `ordered` from a list so short that sorting it costs less than a second query."""
    if newest:
        return ordered(tasks, cursor, count, newest)
    if cursor:
        moment, key = cursor
        undated = Q(due_at=None) if moment else Q(due_at=None, id__gt=key)
        tasks = tasks.filter(
            undated | Q(due_at__gt=moment) | Q(due_at=moment, id__gt=key) if moment else undated
        )
    return list(tasks.order_by(F("due_at").asc(nulls_last=True), "id").values(*_OWN, **_ROW)[:count])


def walked(
    tasks: QuerySet[Task], wanted: search.Wanted, cursor: tuple | None, count: int, newest: bool
) -> list[dict] | None:
    """The first rows of a list whose texts have the words, looked at in its order.

    For words that so many open matters have that collecting and sorting them all takes longer. None when they turn
    out to be rare in this list: then the index is quicker after all.
    """
    found: list[dict] = []
    size, looked_at = 2 * count, 0
    while len(found) < count:
        if looked_at >= _MOST_WALKED:
            return None
        batch = ordered(tasks, cursor, size, newest)
        fitting = search.fitting(wanted, [row["matter_id"] for row in batch])
        found += [row for row in batch if row["matter_id"] in fitting]
        if len(batch) < size:
            break
        cursor = batch[-1][moment_of(newest)], batch[-1]["task"]
        looked_at, size = looked_at + size, min(2 * size, _LARGEST_BATCH)
    return found[:count]


def _due_page(tasks: QuerySet[Task], cursor: tuple | None, count: int, own: tuple, named: dict) -> list[dict]:
    """First those with a due moment in its order, then those without in the order of their ids."""
    rows: list[dict] = []
    if cursor is None or cursor[0] is not None:
        dated = tasks.filter(due_at__isnull=False)
        if cursor:
            moment, key = cursor
            dated = dated.filter(due_at__gte=moment).exclude(due_at=moment, id__lte=key)
        rows = list(dated.order_by("due_at", "id").values(*own, **named)[:count])
    if len(rows) < count:
        undated = tasks.filter(due_at__isnull=True)
        if cursor and cursor[0] is None:
            undated = undated.filter(id__gt=cursor[1])
        rows += undated.order_by("id").values(*own, **named)[: count - len(rows)]
    return rows


def write_cursor(moment: datetime | None, key: UUID) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([moment, key])).decode().rstrip("=")


def read_cursor(text: str, *, dated: bool = False) -> tuple[datetime | None, UUID] | None:
    """Raises `Invalid` (`bad_cursor`) for a cursor that this program did not make.

    `dated`: in this list every row has a moment.
    """
    if not text:
        return None
    try:
        written, key = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        moment = None if written is None and not dated else datetime.fromisoformat(written)
        found = moment, UUID(key)
        if str(found[1]) == key and (moment is None or (moment.tzinfo and moment.year in CURSOR_YEARS)):
            return found
    except (ValueError, TypeError, binascii.Error, AttributeError):
        pass
    raise Invalid(
        _("This page mark is not valid; begin at the first page."), where="after", code="bad_cursor"
    )
