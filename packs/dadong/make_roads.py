"""Draw about 200 roads into the district: avenues along it, streets across, branches and lanes between."""

from pathlib import Path

import numpy as np
import shapely
from romanise import road_name
from scipy.interpolate import PchipInterpolator
from shapely.geometry import mapping

from yiwang.core.geo import AreaTree, Plane, road_stretches

# Names of streets in Dadong and next to it, from general knowledge; which drawn line gets which is made up, but
# streets of the north stay in the north: avenues from west to east, crossings from south to north.
AVENUES_SOUTH = [
    "大北关街",
    "北海街",
    "小北关街",
    "八王寺街",
    "取义街",
    "德增街",
    "地坛街",
    "万泉街",
    "滂江街",
    "东塔街",
    "东站街",
]
AVENUES_NORTH = ["北大营街", "望花街", "瑞光街", "东望街", "柳林街", "榆林大街"]
CROSSINGS = [
    "和睦路",
    "善邻路",
    "长安路",
    "大东路",
    "小东路",
    "东贸路",
    "东北大马路",
    "边墙路",
    "联合路",
    "珠林路",
    "草仓路",
    "津桥路",
    "劳动路",
    "新光路",
    "上园路",
    "工农路",
    "老瓜堡路",
    "观泉路",
    "正新路",
    "沈铁路",
    "山嘴子路",
]
NORTH_BEGINS = -2600  # metres north of the middle: about the northern edge of the old town
WIDTHS = {1: 40, 2: 28, 3: 16, 4: 7}
METRES_PER_NUMBER = 6  # house numbers run on both sides, one every 12 m on each
TOTAL = 200
# The middle line of the district, metres north and east of the middle of its bounding box: it bends north-east.
AXIS = PchipInterpolator([-12000, -6700, -3300, 0, 4500, 12000], [-2400, -2300, -1600, 500, 1700, 3400])


def axis(north: np.ndarray) -> np.ndarray:
    """How far the middle line of the district lies east, `north` metres from the middle of its bounding box."""
    return AXIS(north)


def bend(east: float, north: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A line east of the axis by `east`, with a little life in it."""
    wave = random.uniform(30, 90) * np.sin(north / random.uniform(1100, 1900) + random.uniform(0, 6))
    return np.column_stack([axis(north) + east * (1 + 0.25 * (north + 9500) / 19000) + wave, north])


def avenue_lines(random: np.random.Generator) -> tuple[list, list]:
    """Lines along the district, those of the south and those of the north: grade, vertices in metres."""
    south, north = [], []
    for n, east in enumerate(np.arange(-2700, 3000, 330)):
        main = n % 3 == 1
        low = -9600 if main else random.uniform(-9600, -7500)
        high = random.uniform(5500, 9600) if main else low + random.uniform(2500, 4500)
        line = bend(east, np.arange(low, high, 150), random)
        split = int(np.searchsorted(line[:, 1], NORTH_BEGINS))
        south.append((1 if main else 2, line[: split + 1]))
        if main:
            north.append((1, line[split:]))
    return south, north


def crossing_lines(random: np.random.Generator) -> list[tuple[int, np.ndarray]]:
    lines = []
    north, n = -9000.0, 0
    while north < 9000:
        main = n % 3 == 1
        span = 4500 if main else random.uniform(1200, 2200)
        middle = axis(np.array([north]))[0] + (0 if main else random.uniform(-1300, 1300))
        east = np.arange(middle - span, middle + span, 150)
        tilt = 0.22 * (east - middle)  # streets run a little up to the north-east
        wave = random.uniform(20, 60) * np.sin(east / random.uniform(900, 1500))
        lines.append((1 if main and n % 2 else 2, np.column_stack([east, north + tilt + wave])))
        north += 330 if north < -3000 else 900
        n += 1
    return lines


def branch_line(outline: shapely.Geometry, small: bool, random: np.random.Generator) -> np.ndarray:
    """A short road through a point inside a community, along the avenues or across them."""
    middle = np.array(outline.representative_point().coords[0])
    reach = np.sqrt(outline.area)
    middle = middle + random.normal(0, 0.12 * reach, 2)
    length = (0.6 if small else 1.3) * reach * random.uniform(0.8, 1.2)
    angle = np.radians(random.choice([76.0, 12.0]) + random.normal(0, 6))
    along = np.linspace(-length / 2, length / 2, 3)
    sideways = random.normal(0, 0.02 * length, 3)
    direction, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    return middle + along[:, None] * direction + sideways[:, None] * across


def inside(line: np.ndarray, outline: shapely.Geometry) -> shapely.LineString | None:
    """The longest piece of the line inside the outline."""
    pieces = shapely.get_parts(shapely.intersection(shapely.LineString(line), outline))
    pieces = [piece for piece in pieces if piece.geom_type == "LineString" and piece.length >= 150]
    return max(pieces, key=lambda piece: piece.length) if pieces else None


def named_lines(lines: list, names: list[str], outline: shapely.Geometry, axis: int) -> list[dict]:
    """The longest lines, as many as there are names, named in their order along the axis (0 east, 1 north)."""
    drawn = [(grade, inside(line, outline)) for grade, line in lines]
    drawn = sorted((pair for pair in drawn if pair[1] is not None), key=lambda pair: -pair[1].length)
    drawn = sorted(drawn[: len(names)], key=lambda pair: pair[1].centroid.coords[0][axis])
    return [
        {"name": name, "name_status": "illustrative", "grade": grade, "line": line}
        for name, (grade, line) in zip(names, drawn, strict=False)
    ]


def branches(
    grade: int, ending: str, areas: list, roads: list[dict], most: int, tree, plane, outline, random
):
    """Add a short road to each of the areas in turn, until there are `most` roads."""
    for area in areas:
        if len(roads) >= most:
            return
        name = bare(area.name) + ending
        line = inside(branch_line(plane.flat(tree.outline(area.code)), grade == 4, random), outline)
        if line is not None and all(road["name"] != name for road in roads):
            roads.append({"name": name, "name_status": "synthetic", "grade": grade, "line": line})


def draw(tree: AreaTree, plane: Plane, random: np.random.Generator) -> list[dict]:
    outline = plane.flat(tree.outline(tree.root.code)).buffer(-15)
    south, north = avenue_lines(random)
    roads = named_lines(south, AVENUES_SOUTH, outline, 0)
    roads += named_lines(north, AVENUES_NORTH, outline, 0)
    roads += named_lines(crossing_lines(random), CROSSINGS, outline, 1)
    communities = sorted((a for a in tree.areas if a.level == "community"), key=lambda area: area.code)
    order = [communities[n] for n in random.permutation(len(communities))]
    branches(3, "路", order[:95], roads, TOTAL, tree, plane, outline, random)
    lines = shapely.union_all([road["line"] for road in roads])
    shapely.prepare(lines)
    # Lanes go first to where there is no road yet.
    order.sort(key=lambda area: lines.intersection(plane.flat(tree.outline(area.code))).length)
    branches(4, "巷", order, roads, TOTAL, tree, plane, outline, random)
    return roads


def bare(name: str) -> str:
    for ending in ("社区", "村民委员会"):
        name = name.removesuffix(ending)
    # 和睦路社区 lends 和睦: 和睦路路 is no name.
    return name.removesuffix("村").removesuffix("路")


def feature(n: int, road: dict, tree: AreaTree, plane: Plane) -> dict:
    line = shapely.transform(plane.round(shapely.simplify(road["line"], 4)), lambda c: np.round(c, 6))
    length = round(plane.flat(line).length)
    numbers = [1, max(2, length // METRES_PER_NUMBER)]
    stretches = road_stretches(tree, line, *numbers)
    crossed: dict[str, float] = {}
    for stretch in stretches:
        parent = tree[stretch.area].code("subdistrict")
        crossed[parent] = crossed.get(parent, 0.0) + stretch.share
    properties = {
        "code": f"{tree.root.code[:6]}R{n:04d}",
        "name": road["name"],
        "name_en": road_name(road["name"]),
        "name_status": road["name_status"],
        "grade": road["grade"],
        "length_m": length,
        "width_m": WIDTHS[road["grade"]],
        "subdistricts": sorted(crossed, key=lambda code: (-crossed[code], code)),
        "numbers": numbers,
        "stretches": [stretch._asdict() for stretch in stretches],
    }
    return {"type": "Feature", "properties": properties, "geometry": mapping(line)}


def write_roads(folder: Path, tree: AreaTree, plane: Plane, random: np.random.Generator, write) -> list[dict]:
    """Write roads.geojson; gives its features."""
    features = [feature(n, road, tree, plane) for n, road in enumerate(draw(tree, plane, random), start=1)]
    document = {
        "type": "FeatureCollection",
        "source": "Drawn by make_roads.py, not surveyed. name_status illustrative: a name known in the district or "
        "next to it, put on a drawn line; synthetic: made from the name of a community.",
        "status": "synthetic",
        "system": "WGS84",
        "features": features,
    }
    return write(folder / "roads.geojson", document)["features"]
