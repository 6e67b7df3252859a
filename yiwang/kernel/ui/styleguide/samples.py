"""What the style page shows in its components: data as it looks in life, at a moment that stands still."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.templatetags.static import static

from yiwang.core.worktime import SHANGHAI, Calendar, Hold, Limit, Notice, Season, due
from yiwang.core.worktime.files import calendar_of
from yiwang.kernel.errors import Invalid

SPRITE = Path(__file__).resolve().parents[1] / "static/vendor/tabler-icons/sprite.svg"
# Days off and worked around the dates of the samples, as in the State Council's notice for 2026.
YEAR = {
    "year": 2026,
    "status": "official",
    "source": ["https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm"],
    "days_off": [
        {"name": "端午节", "from": "2026-06-19", "to": "2026-06-21"},
        {"name": "中秋节", "from": "2026-09-25", "to": "2026-09-27"},
        {"name": "国庆节", "from": "2026-10-01", "to": "2026-10-07"},
    ],
    "makeup_days": [{"name": "国庆节", "date": "2026-09-20"}, {"name": "国庆节", "date": "2026-10-10"}],
}
HOURS = [
    {"name": "winter", "from": "10-01", "to": "05-31", "windows": ["08:30-11:30", "13:00-17:00"]},
    {"name": "summer", "from": "06-01", "to": "09-30", "windows": ["08:30-11:30", "13:30-17:30"]},
]


def at(text: str) -> datetime:
    """`2026-09-24T16:30` in the district's time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NOW = at("2026-09-28T10:20")


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    return calendar_of([Notice.from_pack(YEAR)], tuple(Season.from_pack(one) for one in HOURS))


def strips() -> list:
    """Due dates of every kind: over the National Day with a hold, by hours, held open, long, provisional."""
    days = calendar()
    hold = Hold(at("2026-09-28T09:00"), at("2026-09-29T11:00"), "material")
    open_hold = Hold(at("2026-09-28T09:00"), None, "weather")
    return [
        due(days, at("2026-09-24T16:30"), Limit.parse("5wd"), [hold]),
        due(days, at("2026-09-24T16:30"), Limit.parse("4wh")),
        due(days, at("2026-09-24T16:30"), Limit.parse("5wd"), [open_hold]),
        due(days, at("2026-07-01T09:00"), Limit.parse("90wd"), extension=Limit.parse("10wd")),
        due(days, at("2027-01-28T09:00"), Limit.parse("7wd")),
        due(days, at("2026-09-24T23:30"), Limit.parse("2eh")),
        due(days, at("2026-09-28T10:00"), Limit.parse("3d")),
    ]


def steps() -> list[dict]:
    names = ["collect:信息采集", "file:受理立案", "dispatch:任务派遣", "handle:任务处理", "feedback:处理反馈"]
    names += ["verify:核查", "close:结案"]
    return [dict(zip(("node", "name"), name.split(":"), strict=True)) for name in names]


def pictures() -> list[dict]:
    address = static("ui/styleguide/photo.svg")
    photo = {"url": address, "thumbnail": address}
    return [
        photo | {"alt": "不亮的路灯", "stage": "处置前", "at": at("2026-09-24T16:28")},
        photo | {"alt": "修好的路灯", "stage": "处置后", "at": at("2026-09-28T09:58")},
        {"url": address, "name": "现场勘验记录.pdf"},
    ]


def events() -> list[dict]:
    return [
        {
            "at": at("2026-09-24T16:30"),
            "actor_name": "居民",
            "action": "open",
            "facts": [("来源", "门户"), ("地点", "大东路 12 号")],
        },
        {
            "at": at("2026-09-24T16:41"),
            "actor_name": "王受理",
            "action": "complete",
            "text": "立案：路灯不亮（0119）",
        },
        {
            "at": at("2026-09-28T09:00"),
            "actor_name": "李师傅",
            "action": "hold",
            "note": "等待灯头到货。\n预计明日上午到。<b>",
        },
        {
            "at": at("2026-09-28T10:05"),
            "actor_name": "李师傅",
            "action": "send_back",
            "note": "杆体属电力公司",
            "photos": pictures(),
        },
        {"at": at("2026-09-28T10:15"), "actor_name": "赵值班", "action": "close"},
    ]


def dues() -> list[tuple]:
    """(due, paused, done): running, soon, overdue, paused, without, in time, late."""
    hours = timedelta(hours=1)
    return [
        (NOW + 50 * hours, False, None),
        (NOW + 1.5 * hours, False, None),
        (NOW - 5 * hours, False, None),
        (NOW + 5 * hours, True, None),
        (None, False, None),
        (NOW, False, NOW - hours),
        (NOW, False, NOW + hours),
    ]


def problem() -> Invalid:
    return Invalid(
        "上报未提交，请修改 2 处内容。",
        errors=[
            {"where": "text", "detail": "请至少写 5 个字"},
            {"where": "phone", "detail": "电话号码应为 11 位"},
        ],
    )


def words() -> SimpleNamespace:
    """The texts that stand in the samples."""
    return SimpleNamespace(
        title="主干路路灯不亮",
        step="任务处理",
        form="反映问题",
        what="发生了什么",
        typed="路灯不亮",
        hint="写清地点和情况",
        photo="照片",
        phone="联系电话",
        kind="类别",
        kinds=[("a", "道路"), ("b", "路灯")],
        rate="评价",
        rates=[(5, "很满意"), (4, "满意"), (3, "一般"), (2, "不满意")],
        consent="同意将联系电话提供给处置单位",
        send="提交",
        back="取消",
        chinese="路灯由大东区城市照明管理所负责，2 个工作日内修好。时限自 9 月 25 日起算，中秋节 3 天不计。",
        english="The street lamp is repaired within 2 working days.",
        mark="案发位置",
        hours=["8时", "9时", "10时", "11时"],
        today=[12, 31, 24, 18],
        usual=[10, 20, 22, 19],
        said="任务已签收。",
        warned="该地点 50 米内有 2 件相似的上报。",
    )


def points() -> dict:
    """Five points of each tone; the title is what somebody hostile would type."""
    tones = ("running", "soon", "overdue", "held", "done")
    return _collection(
        {
            "geometry": {"type": "Point", "coordinates": [123.46 + n * 0.004, 41.81 + (n % 5) * 0.006]},
            "properties": {
                "title": "<b>路灯不亮</b>",
                "sub": "大东路",
                "url": "/styleguide",
                "tone": tones[n % 5],
            },
        }
        for n in range(25)
    )


def cells() -> dict:
    corner = [[123.47, 41.86], [123.48, 41.86], [123.48, 41.868], [123.47, 41.868], [123.47, 41.86]]
    return _collection(
        [
            {
                "geometry": {"type": "Polygon", "coordinates": [corner]},
                "properties": {"count": 17, "share": 0.6, "title": "17 件在办"},
            }
        ]
    )


def _collection(features: Any) -> dict:
    return {"type": "FeatureCollection", "features": [{"type": "Feature", **one} for one in features]}


@lru_cache(maxsize=1)
def icons() -> tuple[str, ...]:
    """The names of all icons that pages may use."""
    return tuple(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))


def context() -> dict[str, Any]:
    """Everything that the templates of the style page need."""
    reason = SimpleNamespace(
        name="等待材料、配件",
        name_en="Waiting for material",
        basis="地方规则：专用材料、配件需要定制或采购的，到货前不计入时限",
    )
    return {
        "moment": NOW,
        "strips": strips(),
        "reasons": {"material": reason},
        "steps": steps(),
        "events": events(),
        "pictures": pictures(),
        "dues": dues(),
        "problem": problem(),
        "say": words(),
        "icons": icons(),
    }
