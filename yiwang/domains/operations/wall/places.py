"""Open matters on the map: cells that add them up, and points when few are in sight."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from yiwang.core.geo import Bbox, Point, cell, cell_outline
from yiwang.domains.operations.wall.picture import open_matters
from yiwang.kernel.registers.queries import AreaRow

RESOLUTIONS = {"district": 8, "subdistrict": 9, "community": 10}
MOST_POINTS = 800


def cells(area: AreaRow, now: datetime) -> list[dict]:
    """{cell, geometry, count, overdue} of each cell with open matters. Matters without a point are in none. One query."""
    size = RESOLUTIONS[area.level]
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    rows = open_matters(area).exclude(lat=None).values_list("lat", "lon", "due_at")
    for lat, lon, due in rows.iterator(chunk_size=5000):
        counts = found[cell(Point(lon, lat), size)]
        counts[0] += 1
        counts[1] += bool(due and due < now)
    return [
        {"cell": index, "geometry": cell_outline(index), "count": count, "overdue": overdue}
        for index, (count, overdue) in sorted(found.items())
    ]


def points(area: AreaRow, box: Bbox) -> tuple[list[dict], bool]:
    """The open matters in a box of the map, the earliest due first; and whether there were too many for all. One query."""
    rows = open_matters(area).filter(
        lat__gte=box.south, lat__lte=box.north, lon__gte=box.west, lon__lte=box.east
    )
    found = list(
        rows.order_by("due_at", "id").values(
            "number", "title", "lat", "lon", "due_at", "held", "unit_id", "standard", "class_code", "pack_id"
        )[: MOST_POINTS + 1]
    )
    return found[:MOST_POINTS], len(found) > MOST_POINTS
