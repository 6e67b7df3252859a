"""Which community a point lies in: the area tree against a plain STRtree over the same outlines, on Dadong.

Both answer the same random points of the district's box, those exactly on borders and corners included, and every
answer must be the same. Also measured: the nearest road against testing all of them, and reading an address.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import shape

from yiwang.core.geo import AddressIndex, AreaTree, NamedRoad, NearestIndex, Plane, Point, Stretch

NAME = "geo"
PLACES = Path(__file__).resolve().parents[1] / "packs" / "dadong" / "places"
POINTS = 1_000_000
SINGLES = 20_000
SEED = 20260924


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    document = json.loads((PLACES / "areas.geojson").read_text(encoding="utf-8"))
    roads = json.loads((PLACES / "roads.geojson").read_text(encoding="utf-8"))["features"]
    started = time.perf_counter()
    tree = AreaTree.from_geojson(document)
    build_s = time.perf_counter() - started
    lons, lats = some_points(tree, max(1000, int(POINTS * scale)))
    singles = max(200, int(SINGLES * scale))
    rows = [row("build the area tree, 154 areas", build_s, 1, "ms")]
    equal = locate_many(tree, lons, lats, rows)
    equal &= locate_one(tree, lons[-singles:], lats[-singles:], rows)
    equal &= nearest(roads, lons[-singles:], lats[-singles:], rows)
    addresses(tree, roads, singles, rows)
    for each in rows:
        against = f", {each['times']}× as fast as: {each['against']}" if "times" in each else ""
        report(f"{each['what']}: {each['value']} {each['unit']}{against}")
    report("answers equal" if equal else "ANSWERS DIFFER")
    return {"name": NAME, "rows": rows, "points": len(lons), "equal": bool(equal)}


def some_points(tree: AreaTree, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Random points of the box around the district, one in fifty moved onto a vertex of an outline."""
    random = np.random.default_rng(SEED)
    west, south, east, north = tree.outline(tree.root.code).bounds
    lons, lats = random.uniform(west, east, count), random.uniform(south, north, count)
    vertices = shapely.get_coordinates([tree.outline(area.code) for area in tree.areas])
    moved = np.arange(0, count, 50)
    chosen = vertices[random.integers(0, len(vertices), len(moved))]
    lons[moved], lats[moved] = chosen[:, 0], chosen[:, 1]
    return lons, lats


def row(what: str, seconds: float, count: int, unit: str) -> dict:
    factor = {"ms": 1e3, "us": 1e6, "ns": 1e9}[unit]
    return {"what": what, "value": round(seconds / count * factor, 2), "unit": unit}


def compared(
    what: str, seconds: float, against: str, its_seconds: float, count: int, unit: str
) -> list[dict]:
    mine, its = row(what, seconds, count, unit), row(against, its_seconds, count, unit)
    return [mine | {"against": against, "times": round(its_seconds / seconds, 1)}, its]


def communities(tree: AreaTree) -> tuple[np.ndarray, np.ndarray]:
    positions = np.array([n for n, area in enumerate(tree.areas) if area.level == "community"])
    return positions, np.array([tree.outline(tree.areas[n].code) for n in positions], dtype=object)


def locate_many(tree: AreaTree, lons: np.ndarray, lats: np.ndarray, rows: list[dict]) -> bool:
    started = time.perf_counter()
    mine = tree.locate_many(lons, lats)
    seconds = time.perf_counter() - started

    positions, outlines = communities(tree)
    index = shapely.STRtree(outlines)
    started = time.perf_counter()
    point, outline = index.query(shapely.points(lons, lats), predicate="intersects")
    plain = np.full(len(lons), len(tree.areas))
    np.minimum.at(plain, point, positions[outline])  # on a border the lower code wins, as in the tree
    plain[plain == len(tree.areas)] = -1
    its_seconds = time.perf_counter() - started
    rows += compared(
        "locate many points", seconds, "STRtree query of many points", its_seconds, len(lons), "ns"
    )
    return bool((mine == plain).all())


def locate_one(tree: AreaTree, lons: np.ndarray, lats: np.ndarray, rows: list[dict]) -> bool:
    points = [Point(lon, lat) for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True)]
    started = time.perf_counter()
    mine = [tree.locate(point) for point in points]
    seconds = time.perf_counter() - started

    positions, outlines = communities(tree)
    index = shapely.STRtree(outlines)
    started = time.perf_counter()
    found = [index.query(shapely.Point(p.lon, p.lat), predicate="intersects") for p in points]
    its_seconds = time.perf_counter() - started
    rows += compared(
        "locate one point", seconds, "STRtree query of one point", its_seconds, len(points), "us"
    )
    plain = [tree.areas[positions[hits].min()] if len(hits) else None for hits in found]
    return all((m.area if m else None) is p for m, p in zip(mine, plain, strict=True))


def nearest(roads: list[dict], lons: np.ndarray, lats: np.ndarray, rows: list[dict]) -> bool:
    points = [Point(lon, lat) for lon, lat in zip(lons[:2000].tolist(), lats[:2000].tolist(), strict=True)]
    index = NearestIndex((road["properties"]["code"], road["geometry"]) for road in roads)
    started = time.perf_counter()
    mine = [index.nearest(point) for point in points]
    seconds = time.perf_counter() - started

    lines = [shape(road["geometry"]) for road in roads]
    plane = Plane.around(lines)
    flat = plane.flat(np.array(lines, dtype=object))
    started = time.perf_counter()
    plain = [shapely.distance(flat, shapely.Point(plane.xy(p.lon, p.lat))).min() for p in points]
    its_seconds = time.perf_counter() - started
    rows += compared(
        "nearest of 200 roads", seconds, "distance to all 200 roads", its_seconds, len(points), "us"
    )
    return bool(np.allclose([near.distance_m for near in mine], plain, atol=1e-6))


def addresses(tree: AreaTree, roads: list[dict], count: int, rows: list[dict]) -> None:
    named = [
        NamedRoad(r["properties"]["name"], tuple(Stretch(**s) for s in r["properties"]["stretches"]))
        for r in roads
    ]
    index = AddressIndex(tree.areas, named)
    names = [area.name for area in tree.areas if area.level == "community"]
    random = np.random.default_rng(SEED)
    texts = [
        f"沈阳市大东区{names[random.integers(len(names))]}{named[random.integers(len(named))].name}"
        f"{random.integers(1, 200)}号门前井盖松动,过车有响声,请尽快处理"
        for _ in range(count)
    ]
    started = time.perf_counter()
    for text in texts:
        index.find(text)
    rows.append(row("read an address of 40 characters", time.perf_counter() - started, count, "us"))
