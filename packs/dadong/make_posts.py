"""Writes posts_held.yaml and chiefs.yaml from the units, the areas, the roads and the services of this folder.

Posts: the two centres, the window of services with who reviews and decides in each unit that has services or permits, who leads the stages of project approval, a handler and a reviewer for each unit, and for each sub-district and community its inspector,
road chief and worker. Road chiefs: one of the district, one for each sub-district and one for each community that a
road runs through. Run again after a change of units, areas, roads or services:

    python packs/dadong/make_posts.py
"""

from __future__ import annotations

import json
from pathlib import Path

import yaml

HERE = Path(__file__).parent
DISTRICT = "210104"
# The three first-level chiefs (district leaders) share the sub-districts.
PARTS = {
    "north": ("北片", "north", ("210104006", "210104007", "210104017", "210104018")),
    "central": ("中片", "central", ("210104002", "210104008", "210104009")),
    "south": ("南片", "south", ("210104003", "210104012", "210104015")),
}
FIXED = (
    ("acceptor", "acceptor", "supervision-centre", "监督中心受理员", "Acceptor of the Supervision Centre"),
    (
        "duty-leader",
        "duty_leader",
        "supervision-centre",
        "监督中心值班长",
        "Duty leader of the Supervision Centre",
    ),
    (
        "inspector-district",
        "inspector",
        "supervision-centre",
        "机动监督员",
        "Inspector for the whole district",
    ),
    ("dispatcher", "dispatcher", "command-centre", "指挥中心派遣员", "Dispatcher of the Command Centre"),
    ("supervisor", "supervisor", "command-centre", "指挥长", "Supervisor of the Command Centre"),
    ("leader", "leader", "district-government", "分管区领导", "District leader in charge"),
    ("auditor", "auditor", "district-government", "审计员", "Auditor"),
)
# Social assistance at the Civil Affairs Bureau, beside its handler and reviewer.
ASSISTANCE = (
    ("aid-county", "aid_county", "区民政局救助经办人", "County assistance clerk"),
    ("aid-leader", "aid_leader", "区民政局分管局长", "County assistance leader"),
    ("aid-finance", "aid_finance", "区民政局财务", "Finance clerk of civil affairs"),
)
# Social assistance in each sub-district.
STREET_ASSISTANCE = (
    ("aid-window", "aid_window", "社会救助窗口", "Assistance window"),
    ("aid-officer", "aid_officer", "社会救助经办人", "Assistance officer"),
    ("aid-street", "aid_street_leader", "分管救助负责人", "Leader for assistance"),
)
POSTS_HEAD = """\
# 岗位: made by make_posts.py from units.yaml and places/areas.yaml; change those or the script, not this file.
# Several people can hold one post.
source: 由 make_posts.py 按单位和行政区划生成，岗位设置未经大东区核定
status: illustrative
posts:
"""
CHIEFS_HEAD = """\
# 路长: made by make_posts.py from places/roads.geojson; change that or the script, not this file.
# A road has one chief of the district (level 1), and one for each sub-district (2) and community (3) it runs through.
source: 区、街道、社区三级路长按道路经过的区域生成；道路线形为合成数据，路长设置未经大东区核定
status: illustrative
chiefs:
"""


def significant(code: str) -> str:
    """An area code without the zeros behind: 6, 9 or 12 digits."""
    return code[:6] if code.endswith("000000") else code[:9] if code.endswith("000") else code


def part_of(subdistrict: str) -> str:
    return next(part for part, (_name, _en, members) in PARTS.items() if subdistrict in members)


def text(value: str) -> str:
    """`value` as a scalar of a YAML flow mapping."""
    return json.dumps(value, ensure_ascii=False) if value[0].isdigit() or set(value) & set(",:#'") else value


def post(code: str, kind: str, unit: str, area: str, name: str, name_en: str) -> str:
    return (
        f'  - {{code: {code}, kind: {kind}, unit: {unit}, area: "{area}", name: {text(name)}, '
        f"name_en: {text(name_en)}}}\n"
    )


def posts(units: list[dict], areas: list[dict], serving: list[str], leading: list[str]) -> str:
    lines = [POSTS_HEAD, "  # 监督中心、指挥中心、区政府\n"]
    lines += [post(code, kind, unit, DISTRICT, name, en) for code, kind, unit, name, en in FIXED]
    for part, (name, en, _members) in PARTS.items():
        lines.append(
            post(
                f"chief1-{part}",
                "road_chief_1",
                "district-government",
                DISTRICT,
                f"一级路长（{name}）",
                f"First-level road chief, {en}",
            )
        )
    steward = ("people-steward", "people_steward", "civil-affairs", DISTRICT)
    lines.append(post(*steward, "人口数据管理员", "Steward of the population register"))
    officer = ("licence-officer", "licence_officer", "government-services", DISTRICT)
    lines.append(post(*officer, "电子证照管理员", "Officer of e-licences"))
    lines.append("  # 处置单位；作业单位的处置由其上级单位审核\n")
    centres = {unit for _code, _kind, unit, _name, _en in FIXED}
    for unit in units:
        code, name, en = unit["code"], unit["name"], unit["name_en"]
        if code in centres:
            continue
        lines.append(
            post(f"handler-{code}", "handler", code, unit["area"], f"{name}处置人员", f"Handler, {en}")
        )
        if "parent" not in unit:
            lines.append(
                post(
                    f"reviewer-{code}",
                    "unit_reviewer",
                    code,
                    unit["area"],
                    f"{name}审核人",
                    f"Reviewer, {en}",
                )
            )
    lines.append("  # 政务服务：综合窗口，各部门的审查和决定\n")
    window = ("window-clerk", "window_clerk", "government-services", DISTRICT)
    lines.append(post(*window, "政务服务综合窗口", "Clerk of the services window"))
    guide = ("hall-guide", "hall_guide", "government-services", DISTRICT)
    lines.append(post(*guide, "政务服务大厅导办", "Guide of the service hall"))
    named = {unit["code"]: unit for unit in units}
    for code in serving:
        name, en = named[code]["name"], named[code]["name_en"]
        for kind, slug, title, title_en in (
            ("reviewer", "service_reviewer", "事项审查人", "Reviewer of applications"),
            ("decider", "service_decider", "事项决定人", "Who decides applications"),
        ):
            lines.append(
                post(f"service-{kind}-{code}", slug, code, DISTRICT, f"{name}{title}", f"{title_en}, {en}")
            )
    lines.append("  # 工程建设项目审批：各阶段牵头部门，项目管家\n")
    guide = ("project-guide", "project_guide", "business-environment", DISTRICT)
    lines.append(post(*guide, "项目管家", "Guide of construction projects"))
    for code in leading:
        name, en = named[code]["name"], named[code]["name_en"]
        lines.append(
            post(
                f"stage-lead-{code}",
                "stage_lead",
                code,
                DISTRICT,
                f"{name}审批阶段牵头人",
                f"Lead of approval stages, {en}",
            )
        )
    lines.append("  # 区民政局社会救助岗位\n")
    lines += [post(code, kind, "civil-affairs", DISTRICT, name, en) for code, kind, name, en in ASSISTANCE]
    for area in areas:
        lines += area_posts(area)
    return "".join(lines)


def area_posts(area: dict) -> list[str]:
    code, name, en = significant(area["code"]), area["name"], area["name_en"]
    office = f"office-{code[:9]}"
    if area["level"] == "subdistrict":
        return [
            f"  # {name}\n",
            post(
                f"inspector-{code}",
                "inspector",
                "supervision-centre",
                code,
                f"{name}监督员",
                f"Inspector, {en}",
            ),
            post(
                f"chief2-{code}",
                "road_chief_2",
                office,
                code,
                f"二级路长（{name}）",
                f"Second-level road chief, {en}",
            ),
            *(
                post(f"{slug}-{code}", kind, office, code, f"{name}{title}", f"{title_en}, {en}")
                for slug, kind, title, title_en in STREET_ASSISTANCE
            ),
        ]
    if area["level"] == "community":
        return [
            post(
                f"chief3-{code}",
                "road_chief_3",
                office,
                code,
                f"三级路长（{name}）",
                f"Third-level road chief, {en}",
            ),
            post(
                f"worker-{code}", "community_worker", office, code, f"{name}工作者", f"Community worker, {en}"
            ),
        ]
    return []


def chiefs(roads: list[dict]) -> str:
    lines = [CHIEFS_HEAD]
    for road in sorted(roads, key=lambda road: road["code"]):
        subdistricts = [significant(code) for code in road["subdistricts"]]
        communities = list(dict.fromkeys(significant(stretch["area"]) for stretch in road["stretches"]))
        held = [(1, f"chief1-{part_of(subdistricts[0])}")]
        held += [(2, f"chief2-{code}") for code in subdistricts]
        held += [(3, f"chief3-{code}") for code in communities]
        lines.append(f"  # {road['name']}\n")
        lines += [f"  - {{road: {road['code']}, level: {level}, post: {code}}}\n" for level, code in held]
    return "".join(lines)


def main() -> None:
    units = yaml.safe_load((HERE / "units.yaml").read_text("utf-8"))["units"]
    areas = yaml.safe_load((HERE / "places/areas.yaml").read_text("utf-8"))["areas"]
    roads = [
        f["properties"] for f in json.loads((HERE / "places/roads.geojson").read_text("utf-8"))["features"]
    ]
    services = [
        one
        for path in sorted((HERE / "services").glob("*.yaml"))
        for one in yaml.safe_load(path.read_text("utf-8"))["services"]
    ]
    permits = yaml.safe_load((HERE / "approvals/permits.yaml").read_text("utf-8"))["permits"]
    heard = [part["unit"] for one in permits for part in one.get("opinions", ())]
    deciding = [one["unit"] for one in (*services, *permits) if "unit" in one]
    serving = list(dict.fromkeys([*deciding, *heard]))
    stages = yaml.safe_load((HERE / "approvals/stages.yaml").read_text("utf-8"))["approval_stages"]
    leading = list(dict.fromkeys(one["lead"] for one in stages))
    (HERE / "posts_held.yaml").write_text(posts(units, areas, serving, leading), "utf-8")
    (HERE / "chiefs.yaml").write_text(chiefs(roads), "utf-8")


if __name__ == "__main__":
    main()
