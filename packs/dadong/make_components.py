"""Place about 3,000 components along the roads, with codes by GB/T 47678.5."""

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import shape

from yiwang.core.codes import component_code
from yiwang.core.geo import AreaTree, Plane, Point

TOTAL = 3000
# class code, name, share of all, metres from the middle of the road as a part of half its width (0 middle, 1 kerb)
CLASSES = (
    ("01001", "供水井盖", 6, 0.5),
    ("01002", "污水井盖", 11, 0.4),
    ("01003", "雨水井盖", 8, 0.6),
    ("01004", "雨水箅子", 9, 0.95),
    ("01005", "电力井盖", 4, 0.9),
    ("01006", "路灯井盖", 2, 1.05),
    ("01007", "通信井盖", 5, 1.05),
    ("01010", "热力井盖", 3, 0.5),
    ("01011", "燃气井盖", 2, 0.6),
    ("01013", "消防设施", 2, 1.2),
    ("01027", "通信交接箱", 1, 1.2),
    ("01031", "通信立杆", 2, 1.1),
    ("01037", "路灯", 13, 1.1),
    ("01050", "监控电子眼设施", 2, 1.1),
    ("01054", "充电桩", 1, 1.3),
    ("01060", "路灯配电箱", 1, 1.2),
    ("02004", "公交站设施", 1, 1.15),
    ("02010", "交通标志牌及标线", 4, 1.05),
    ("02012", "路名牌", 2, 1.1),
    ("02014", "交通信号灯", 1, 1.05),
    ("02017", "交通护栏", 2, 0.0),
    ("03001", "公共厕所", 0.5, 1.6),
    ("03005", "垃圾箱", 5, 1.15),
    ("03007", "牌匾标识", 2, 1.5),
    ("04002", "行道树", 9, 1.15),
    ("04007", "街头座椅", 1, 1.4),
    ("04011", "树池树穴", 0.5, 1.15),
)
STATES = (("完好", 0.965), ("破损", 0.025), ("丢失", 0.005), ("废弃", 0.003), ("移除", 0.002))
SURVEY = date(2026, 3, 2)  # first day of a made-up survey of 40 days
COLUMNS = (
    ("code", "component code 管理部件标识码, 17 digits by GB/T 47678.5: 6 area, 5 class, 6 sequence"),
    ("class_code", "class, 5 digits"),
    ("name", "name of the class"),
    ("lon", "longitude, degrees, WGS 84"),
    ("lat", "latitude, degrees, WGS 84"),
    ("community", "community, 12 digits"),
    ("road", "road it stands on, code of roads.geojson; may be empty"),
    ("state", "完好 | 破损 | 丢失 | 废弃 | 移除"),
    ("accuracy", "A (0.5 m), B (1 m) or C (10 m)"),
    ("surveyed", "initial date 初始日期"),
    ("owner", "unit that owns it 权属单位; blank, given by the duty table"),
    ("maintainer", "unit that maintains it 养护单位; blank, given by the duty table"),
)


def position(line: shapely.LineString, along: float, sideways: float) -> tuple[float, float]:
    here = line.interpolate(along)
    ahead = line.interpolate(min(along + 1, line.length))
    back = line.interpolate(max(along - 1, 0))
    dx, dy = ahead.x - back.x, ahead.y - back.y
    size = float(np.hypot(dx, dy)) or 1.0
    return here.x - dy / size * sideways, here.y + dx / size * sideways


def place(tree: AreaTree, plane: Plane, roads: list[dict], random: np.random.Generator) -> list[dict]:
    lines = [plane.flat(shape(road["geometry"])) for road in roads]
    # Busy roads carry more: twice as many a metre on grade 1 as on grade 3.
    weights = np.array(
        [
            line.length * {1: 2, 2: 1.5, 3: 1, 4: 0.8}[r["properties"]["grade"]]
            for line, r in zip(lines, roads, strict=True)
        ]
    )
    shares = np.array([share for _, _, share, _ in CLASSES])
    rows: list[dict] = []
    counts: dict[str, int] = {}
    while len(rows) < TOTAL:
        road = int(random.choice(len(roads), p=weights / weights.sum()))
        class_code, name, _, offset = CLASSES[int(random.choice(len(CLASSES), p=shares / shares.sum()))]
        half = roads[road]["properties"]["width_m"] / 2
        x, y = position(
            lines[road], random.uniform(0, lines[road].length), random.choice([-1, 1]) * offset * half
        )
        lon, lat = (round(float(v), 6) for v in plane.lonlat(x, y))
        found = tree.locate(Point(lon, lat))
        if found is None:
            continue
        counts[class_code] = counts.get(class_code, 0) + 1
        rows.append(
            {
                "code": component_code(tree.root.code[:6], class_code, counts[class_code]),
                "class_code": class_code,
                "name": name,
                "lon": f"{lon:.6f}",
                "lat": f"{lat:.6f}",
                "community": found.area.code,
                "road": roads[road]["properties"]["code"],
                "state": STATES[int(random.choice(len(STATES), p=[p for _, p in STATES]))][0],
                "accuracy": "ABC"[int(random.choice(3, p=[0.7, 0.25, 0.05]))],
                "surveyed": (SURVEY + timedelta(days=int(random.integers(0, 40)))).isoformat(),
                "owner": "",
                "maintainer": "",
            }
        )
    return sorted(rows, key=lambda row: row["code"])


def write_components(
    folder: Path, tree: AreaTree, plane: Plane, roads: list[dict], random: np.random.Generator
) -> None:
    rows = place(tree, plane, roads, random)
    with (folder / "components.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [name for name, _ in COLUMNS], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    head = (
        "# Describes components.csv; both made by make_places.py.\n"
        "source: Placed by make_components.py along the drawn roads, not surveyed; classes of GB/T 47678.5-2026.\n"
        "status: synthetic\n"
        "file: components.csv\n"
        "columns:\n"
    )
    text = head + "".join(f'  {name}: "{meaning}"\n' for name, meaning in COLUMNS)
    (folder / "components.yaml").write_text(text, encoding="utf-8")
