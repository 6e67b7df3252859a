"""A small pack of two layers, written into a folder: the law's (`base`) and a town's (`town`)."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

STANDARD = "GB/T 47678.5-2026"

PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:yiwang="urn:yiwang:bpmn:1"
    id="d" targetNamespace="urn:yiwang:processes">
  <bpmn:process id="incident" name="事件" isExecutable="true">
    <bpmn:startEvent id="start" name="开始"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="file" name="立案" yiwang:post="acceptor" yiwang:limit="1wh" yiwang:outcomes="file">
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
    <bpmn:userTask id="handle" name="处置" yiwang:post="handler" yiwang:unit="$unit" yiwang:limit="$limit"
        yiwang:pauses="weather" yiwang:outcomes="done">
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing></bpmn:userTask>
    <bpmn:endEvent id="end" name="结束"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="file"/>
    <bpmn:sequenceFlow id="f2" sourceRef="file" targetRef="handle"/>
    <bpmn:sequenceFlow id="f3" sourceRef="handle" targetRef="end"/>
  </bpmn:process>
</bpmn:definitions>
"""


def square(west: float, south: float, east: float, north: float) -> dict:
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


# West and east sub-district; the west one has two communities, south and north.
OUTLINES = {
    "210104000000": ("district", "镇区", None, square(123.40, 41.80, 123.44, 41.82)),
    "210104002000": ("subdistrict", "西街道", "210104000000", square(123.40, 41.80, 123.42, 41.82)),
    "210104003000": ("subdistrict", "东街道", "210104000000", square(123.42, 41.80, 123.44, 41.82)),
    "210104002001": ("community", "西南社区", "210104002000", square(123.40, 41.80, 123.42, 41.81)),
    "210104002002": ("community", "西北社区", "210104002000", square(123.40, 41.81, 123.42, 41.82)),
    "210104003001": ("community", "东方社区", "210104003000", square(123.42, 41.80, 123.44, 41.82)),
}


def _areas() -> str:
    rows = [
        f'  - {{code: "{code}", level: {level}, name: {name}, parent: '
        + (f'"{parent}"' if parent else "null")
        + "}"
        for code, (level, name, parent, _outline) in OUTLINES.items()
    ]
    return "\n".join(["source: test", "status: official", "areas:", *rows, ""])


def _features(features: list[dict], status: str = "synthetic") -> str:
    head = {"type": "FeatureCollection", "source": "test", "status": status, "system": "WGS84"}
    return json.dumps(head | {"features": features}, ensure_ascii=False, indent=1)


def _outlines() -> str:
    return _features(
        [
            {
                "type": "Feature",
                "properties": {"code": code, "level": level, "name": name, "parent": parent, "area_m2": 1},
                "geometry": outline,
            }
            for code, (level, name, parent, outline) in OUTLINES.items()
        ]
    )


def _roads() -> str:
    properties = {
        "code": "210104R0001",
        "name": "长安路",
        "name_en": "Chang'an Road",
        "name_status": "synthetic",
        "grade": 2,
        "length_m": 1600,
        "width_m": 12,
        "subdistricts": ["210104002000"],
        "numbers": [1, 100],
        "stretches": [
            {"area": "210104002001", "share": 0.5, "first": 1, "last": 50},
            {"area": "210104002002", "share": 0.5, "first": 51, "last": 100},
        ],
    }
    line = {"type": "LineString", "coordinates": [[123.41, 41.802], [123.41, 41.818]]}
    return _features([{"type": "Feature", "properties": properties, "geometry": line}])


BASE = {
    "pack.yaml": 'name: base\nversion: "1"\ntitle: 国家规则\n',
    "catalogue/current.yaml": f"""
        standard: {STANDARD}
        title: 管理部件和事项
        source: test
        status: illustrative
        classes:
          - {{code: "01001", kind: component, name: 供水井盖, major: "01"}}
          - {{code: "01037", kind: component, name: 路灯, major: "01"}}
          - {{code: "01037", kind: matter, name: 路灯异常, major: "01"}}
          - {{code: "06010", kind: matter, name: 暴露垃圾, major: "06", keywords: [垃圾]}}
        """,
    "catalogue/older.yaml": """
        standard: GB/T 30428.2-2013
        title: 管理部件和事件
        classes:
          - {code: "0110", kind: matter, name: 暴露垃圾}
        """,
    "catalogue/crosswalk-older.yaml": f"""
        from: GB/T 30428.2-2013
        to: {STANDARD}
        pairs:
          - [matter, "0110", matter, "06010"]
        """,
    "conditions/all.yaml": f"""
        standard: {STANDARD}
        conditions:
          - {{slug: lamp-out, class: "01037", text: 路灯不亮, limit: 2wd}}
          - {{slug: rubbish, class: "06010", text: 垃圾暴露, limit: 4wh}}
        """,
    "kinds.yaml": "kinds:\n  - {slug: incident, name: 城市管理问题, process: incident}\n",
    "reasons.yaml": "reasons:\n  - {slug: weather, name: 恶劣天气, basis: 地方规则}\n",
    "posts.yaml": """
        post_kinds:
          - {slug: acceptor, name: 受理员, grants: [{actions: [see, open], kinds: [incident], scope: [district]}]}
          - {slug: handler, name: 处置人员, grants: [{actions: [see], kinds: "*", scope: [unit]}]}
        """,
    "processes/incident.bpmn": PROCESS,
    "calendar/2026.yaml": """
        year: 2026
        source: [test]
        days_off:
          - {name: 国庆节, from: 2026-10-01, to: 2026-10-07}
        makeup_days:
          - {name: 国庆节, date: 2026-10-10}
        """,
}
TOWN = {
    "pack.yaml": 'name: town\nversion: "1"\ntitle: 镇区规则\nextends: base\ndistrict: "210104"\n',
    "settings.yaml": "settings:\n  duplicate_radius_m: {value: 80, unit: m}\n",
    "units.yaml": """
        units:
          - {code: bureau, name: 城市管理局, kind: department, area: "210104"}
          - {code: lamps, name: 路灯所, kind: department, parent: bureau, area: "210104"}
          - {code: west-office, name: 西街道办, kind: subdistrict, area: "210104002"}
        """,
    "posts_held.yaml": """
        posts:
          - {code: desk, kind: acceptor, name: 受理台, unit: bureau, area: "210104"}
          - {code: crew, kind: handler, name: 班组, unit: bureau, area: "210104"}
          - {code: west-crew, kind: handler, name: 西街道班组, unit: west-office, area: "210104002"}
        """,
    "duties.yaml": f"""
        standard: {STANDARD}
        duties:
          - {{code: lamps, class_prefix: "01037", area: "210104", unit: lamps}}
          - {{code: utilities, class_prefix: "01", area: "210104", unit: bureau}}
          - {{code: rubbish, class_prefix: "06", area: "210104", unit: bureau}}
          - {{code: rubbish-west, class_prefix: "06", area: "210104002000", unit: west-office}}
        """,
    "chiefs.yaml": "chiefs:\n  - {road: 210104R0001, level: 2, post: west-crew}\n",
    "calendar.yaml": """
        office_hours:
          status: illustrative
          seasons:
            - {name: all, from: 01-01, to: 12-31, windows: ["08:30-11:30", "13:00-17:00"]}
        """,
    "places/areas.yaml": _areas(),
    "places/areas.geojson": _outlines(),
    "places/roads.geojson": _roads(),
    "places/aliases.yaml": 'aliases:\n  - {name: 万柳公园, area: "210104003000"}\n',
    "places/components.yaml": "source: test\nstatus: synthetic\nfile: components.csv\n",
    "places/components.csv": "code,class_code,name,lon,lat,community,road,state\n"
    "21010401037000001,01037,路灯,123.410100,41.803000,210104002001,210104R0001,完好\n"
    "21010401037000002,01037,路灯,123.430000,41.810000,210104003001,,破损\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return folder


def write_packs(root: Path, base: dict[str, str] | None = None, town: dict[str, str] | None = None) -> Path:
    """Both packs below `root`, some of their files replaced; gives the town's folder."""
    write(root / "base", BASE | (base or {}))
    return write(root / "town", TOWN | (town or {}))
