"""The lists behind figures of the wall that the list of all matters cannot say: what passed today, duties, cells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.db.models import F, Q, QuerySet

from yiwang.core.geo import GeoError, Point, cell, cell_outline
from yiwang.domains.operations.evaluation import KIND, done_in_time, exempt, fell_due, given_back_in_time
from yiwang.domains.operations.tallies import day_of
from yiwang.domains.operations.wall.history import league_period
from yiwang.domains.operations.wall.picture import open_matters
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.matters.pages import Page, read_cursor, write_cursor
from yiwang.kernel.matters.queries import class_name
from yiwang.kernel.matters.store import ZONE
from yiwang.kernel.packs.rulebook import rulebook
from yiwang.kernel.registers.queries import AreaRow

ROWS = 50
RESULTS = ("", "on_time", "late")
_MATTER = {
    "number": F("matter__number"),
    "title": F("matter__title"),
    "matter_state": F("matter__state"),
    "standard": F("matter__standard"),
    "class_code": F("matter__class_code"),
    "rules": F("matter__pack_id"),
}
_OWN = (
    "id number title state standard class_code link due_at held area_id unit_id".split()  # of a matter
)
_TASK = "id link due_at held opened_at done_at area_id unit_id".split()


def moved(area: AreaRow, way: str, link: str, now: datetime, after: str = "") -> Page:
    """Tasks of a link that began (`entered`) or were done (`left`) today, the latest first, with their matters."""
    moment = {"entered": "opened_at", "left": "done_at"}.get(way)
    if moment is None:
        raise Invalid("entered, left", where="what")
    rows = _tasks(area).filter(link=link, **{f"{moment}__gte": _midnight(now), f"{moment}__lte": now})
    if way == "left":
        branches = [rows.filter(state="done")]
    else:  # each has its index: what began today is open still, or ended today
        branches = [rows.filter(state="open"), rows.filter(done_at__gte=_midnight(now)).exclude(state="open")]
    return _latest(branches, moment, after, lambda found: found.values(*_TASK, at=F(moment), **_MATTER))


def closed(area: AreaRow, now: datetime, after: str = "") -> Page:
    """Matters that were closed today, the latest first."""
    rows = _matters(area).filter(closed_at__gte=_midnight(now), closed_at__lte=now)
    # Not “state is closed”: that would lure the database to the index of states, which holds all of them.
    rows = rows.exclude(state__in=("open", "void", "merged", "withdrawn"))
    return _latest(
        [rows], "closed_at", after, lambda found: found.values(*_OWN, at=F("closed_at"), rules=F("pack_id"))
    )


def unassigned(area: AreaRow, now: datetime, after: str = "") -> Page:
    """Overdue matters that no unit has yet, the longest overdue first."""
    rows, cursor = open_matters(area).filter(unit=None, due_at__lt=now), read_cursor(after, dated=True)
    if cursor:
        rows = rows.filter(due_at__gte=cursor[0]).exclude(due_at=cursor[0], id__lte=cursor[1])
    found = list(
        rows.order_by("due_at", "id").values(*_OWN, at=F("opened_at"), rules=F("pack_id"))[: ROWS + 1]
    )
    last = found[ROWS - 1] if len(found) > ROWS else None
    return Page(
        [_named(row) for row in found[:ROWS]], write_cursor(last["due_at"], last["id"]) if last else ""
    )


def in_cell(area: AreaRow, index: str) -> list[dict]:
    """The open matters whose point lies in an H3 cell, by due moment. Raises Invalid for what is no cell."""
    try:
        ring = cell_outline(index)["coordinates"][0]
    except GeoError:
        raise Invalid(f"cell: {index[:20]}", where="cell") from None
    lons, lats = [point[0] for point in ring], [point[1] for point in ring]
    rows = open_matters(area).filter(
        lat__gte=min(lats), lat__lte=max(lats), lon__gte=min(lons), lon__lte=max(lons)
    )
    size = _resolution(index)
    found = rows.order_by(F("due_at").asc(nulls_last=True), "id").values(
        *_OWN, "lat", "lon", at=F("opened_at"), rules=F("pack_id")
    )
    return [_named(row) for row in found if cell(Point(row["lon"], row["lat"]), size) == index]


def duties(area: AreaRow, unit: str, result: str, now: datetime, after: str = "") -> Page:
    """The handling tasks behind a unit's rate in the league, by due moment: all, those in time, those late."""
    if result not in RESULTS:
        raise Invalid("on_time, late", where="result")
    period = league_period(now)
    in_time, missed = done_in_time(period.start, now), fell_due(period.start, now)
    wanted = {"on_time": in_time, "late": missed, "": in_time | missed}[result]
    rows = _tasks(area).filter(wanted, link="handle", unit=unit).exclude(state="dropped")
    rows = rows.exclude(given_back_in_time(in_time)).annotate(exempt_=exempt()).filter(exempt_=False)
    cursor, found = read_cursor(after), []
    if cursor is None or cursor[0] is not None:
        # Whatever counts was due after the period began, so the list may begin there.
        dated = rows.filter(due_at__gte=period.start)
        if cursor:
            dated = dated.filter(due_at__gte=cursor[0]).exclude(due_at=cursor[0], id__lte=cursor[1])
        found = list(dated.order_by("due_at", "id").values(*_TASK, at=F("due_at"), **_MATTER)[: ROWS + 1])
    if len(found) <= ROWS:
        undated = rows.filter(due_at=None)
        if cursor and cursor[0] is None:
            undated = undated.filter(id__gt=cursor[1])
        found += undated.order_by("id").values(*_TASK, at=F("done_at"), **_MATTER)[: ROWS + 1 - len(found)]
    last = found[ROWS - 1] if len(found) > ROWS else None
    return Page(
        [_named(row) for row in found[:ROWS]], write_cursor(last["due_at"], last["id"]) if last else ""
    )


def _resolution(index: str) -> int:
    """The resolution of a cell, as its index says it (bits 52 to 55)."""
    return (int(index, 16) >> 52) & 0xF


def _midnight(now: datetime) -> datetime:
    return datetime.combine(day_of(now), time(), ZONE)


def _bounds(area: AreaRow) -> Q:
    """Of tasks: in a district also those of no area, as the tallies count them."""
    found = Q(area__gte=area.code, area__lte=area.code.ljust(12, "9"))
    return found | Q(area=None) if area.level == "district" else found


def _tasks(area: AreaRow) -> QuerySet[Task]:
    return Task.objects.filter(_bounds(area), kind=KIND)


def _matters(area: AreaRow) -> QuerySet[Matter]:
    return Matter.objects.filter(_bounds(area), kind=KIND)


def _latest(branches: list[QuerySet], moment: str, after: str, shown: Callable[[QuerySet], QuerySet]) -> Page:
    """A page of several querysets that share no row, the latest first."""
    cursor, found = read_cursor(after, dated=True), []
    for rows in branches:
        if cursor:
            at, key = cursor
            rows = rows.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "id__lt": key}))
        found += shown(rows.order_by(f"-{moment}", "-id"))[: ROWS + 1]
    found.sort(key=lambda row: (row["at"], row["id"]), reverse=True)
    last = found[ROWS - 1] if len(found) > ROWS else None
    return Page([_named(row) for row in found[:ROWS]], write_cursor(last["at"], last["id"]) if last else "")


def _named(row: dict[str, Any]) -> dict[str, Any]:
    rules = rulebook(row["rules"])
    row["state"] = (
        row["matter_state"] if "matter_state" in row else row["state"]
    )  # a task has a state of its own
    row["class_name"] = class_name(rules, row["standard"], row["class_code"])
    row["class_name_en"] = class_name(rules, row["standard"], row["class_code"], english=True)
    return row
