"""Writes what a pack says exists into the registers: rows of areas, units, posts, duties, roads, components."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import models
from shapely.geometry import shape

from yiwang.kernel.packs.body import canonical
from yiwang.kernel.packs.packtext import PackText, Progress
from yiwang.kernel.registers.models import (
    Area,
    Component,
    Duty,
    HolidayNotice,
    OfficeHours,
    PlaceName,
    Post,
    Road,
    RoadChief,
    Unit,
)

BATCH = 500


def store(
    pack: PackText, old: Mapping[str, Any] | None, now: datetime, progress: Progress | None = None
) -> None:
    """Upserts every register of the pack, within the caller's transaction. `old` is the body before, if any."""
    for model, rows in _tables(pack):
        _upsert(model, rows, progress)
    _notices(pack, old, now)
    _office_hours(pack)


def _tables(pack: PackText) -> Iterable[tuple[type[models.Model], list[models.Model]]]:
    def made(section: str, make: Callable[[dict[str, Any]], models.Model]) -> list[models.Model]:
        return [make(entry.data) for entry in pack.section(section).values()]

    outlines = {code: entry.data for code, entry in pack.section("outlines").items()}
    district = pack.district
    return (
        (Area, made("areas", lambda d: _area(d, outlines.get(d["code"])))),
        (Unit, made("units", lambda d: _row(Unit, d, area_id=d["area"], parent_id=d["parent"]))),
        (Post, made("posts", lambda d: _row(Post, d, unit_id=d["unit"], area_id=d["area"]))),
        (Duty, made("duties", lambda d: _row(Duty, d, unit_id=d["unit"], area_id=d["area"]))),
        (
            Road,
            made(
                "roads",
                lambda d: _row(Road, d, area_id=d["subdistricts"][0] if d["subdistricts"] else district),
            ),
        ),
        (RoadChief, made("chiefs", lambda d: _row(RoadChief, d, road_id=d["road"], post_id=d["post"]))),
        (PlaceName, made("place_names", lambda d: _row(PlaceName, d, area_id=d["area"]))),
        (Component, made("components", _component)),
    )


def differences(pack: PackText, section: str) -> Iterator[tuple[str, dict[str, tuple[Any, Any]]]]:
    """What loading `pack` would change in the rows of a bulk section: the key, and per field old and new value.

    A row that is not there or not in force counts as all None.
    """
    model = {"outlines": Area, "roads": Road, "components": Component}[section]
    rows = next(rows for table, rows in _tables(pack) if table is model)
    names = [f.attname for f in model._meta.concrete_fields if f.name not in ("active", "status")]
    if section == "outlines":
        names = ["lat", "lon", "geometry"]
    there = {row.pop("pk"): row for row in model.objects.filter(active=True).values("pk", *names)}
    for row in rows:
        old = there.pop(row.pk, {})
        new = {name: getattr(row, name) for name in names}
        changed = {name: (old.get(name), new[name]) for name in names if old.get(name) != new[name]}
        if changed:
            yield row.pk, changed
    for key, old in there.items():
        yield key, {name: (value, None) for name, value in old.items()}


def _row(model: type[models.Model], data: Mapping[str, Any], **foreign: Any) -> models.Model:
    plain = {f.name for f in model._meta.concrete_fields if not f.is_relation} - {"active"}
    values = {name: value for name, value in data.items() if name in plain}
    if "source" in values:
        values["source"] = values["source"][:200]
    return model(**values, **foreign, active=True)


def _area(data: Mapping[str, Any], outline: Mapping[str, Any] | None) -> Area:
    geometry = outline["geometry"] if outline else None
    lon = lat = None
    if outline:
        lon, lat = outline["centre"] or _inside(geometry)
    return _row(
        Area,
        data,
        parent_id=data["parent"],
        civil_code=data["code_mca"] or "",
        geometry=geometry,
        lon=lon,
        lat=lat,
    )


def _inside(geometry: Mapping[str, Any]) -> tuple[float, float]:
    point = shape(geometry).representative_point()
    return round(point.x, 6), round(point.y, 6)


def _component(data: Mapping[str, Any]) -> Component:
    return _row(
        Component, data, area_id=data["community"], unit_id=data["maintainer"] or data["owner"] or None
    )


def _upsert(model: type[models.Model], rows: list[models.Model], progress: Progress | None) -> None:
    """Parents stand before children in a pack, and foreign keys are checked at the end of the transaction."""
    name = model.__name__
    key = model._meta.pk.name
    fields = [f.name for f in model._meta.concrete_fields if not f.primary_key]
    for start in range(0, len(rows), BATCH):
        if progress:
            progress(name, start, len(rows))
        model.objects.bulk_create(
            rows[start : start + BATCH], update_conflicts=True, unique_fields=[key], update_fields=fields
        )
    there = set(model.objects.filter(active=True).values_list("pk", flat=True))
    gone = sorted(there - {row.pk for row in rows})
    for start in range(0, len(gone), BATCH):
        model.objects.filter(pk__in=gone[start : start + BATCH]).update(active=False)


def _notices(pack: PackText, old: Mapping[str, Any] | None, now: datetime) -> None:
    """A notice that was imported by hand since is newer than the pack's and stays."""
    stored = {row.year: row for row in HolidayNotice.objects.all()}
    said_before = old["sections"]["notices"] if old else {}
    for key, entry in pack.section("notices").items():
        body = orjson.loads(canonical(entry.data))
        year = int(key)
        row = stored.get(year)
        if row is not None and (row.body == body or row.body != said_before.get(key)):
            continue
        source = entry.data.get("source") or ""
        source = source if isinstance(source, str) else " ".join(map(str, source))
        HolidayNotice.objects.update_or_create(
            year=year, defaults={"body": body, "source": source[:300], "imported_at": now}
        )


def _office_hours(pack: PackText) -> None:
    for entry in pack.section("office_hours").values():
        body = entry.data["office_hours"]
        OfficeHours.objects.update_or_create(
            district=pack.district, defaults={"body": body, "status": body.get("status", "illustrative")}
        )
