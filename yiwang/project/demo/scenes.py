"""What is reported: scenes of scenes.yaml, and how people put them in words."""

from __future__ import annotations

import datetime as dt
from bisect import bisect
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random

import yaml

from yiwang.kernel.packs.rulebook import Condition, Rulebook
from yiwang.project.demo.season import month_share

FILE = Path(__file__).with_name("scenes.yaml")
CHANNELS = {"portal": 38, "hotline": 30, "patrol": 22, "open311": 10}
_OPENERS = ("", "", "", "您好，", "你好，", "请问", "反映一个问题：", "领导好，", "师傅们好，")
_CLOSERS = (
    "。",
    "，麻烦尽快处理一下。",
    "，希望有人管管。",
    "，好几天了。",
    "，谢谢！",
    "，已经反映过一次了。",
    "，晚上走路很危险。",
    "，老人孩子都从这儿走。",
    "，请给个答复。",
    "，一个星期了也没人来。",
)
_ASKS = (
    "请相关部门尽快处理",
    "希望尽快解决并回复",
    "请核实处理",
    "希望现场查看",
    "诉求：尽快恢复",
    "请回复处理结果",
)
_THANKS = (
    "感谢您的反映。",
    "感谢您对城市管理工作的支持。",
    "如仍有问题请随时反映。",
    "我们将加强日常巡查。",
    "",
)


@dataclass(frozen=True, slots=True)
class Scene:
    condition: Condition
    weight: float
    season: str
    hours: str
    at: str
    said: tuple[str, ...]
    done: tuple[str, ...]

    @property
    def urgent(self) -> bool:
        return self.condition.limit.endswith("eh")


class Scenes:
    """The scenes that the rulebook has a filing condition for."""

    def __init__(self, rules: Rulebook) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        rows = yaml.load(FILE.read_text(encoding="utf-8"), loader)  # noqa: S506 - a safe loader
        self.all = [
            Scene(
                rules.conditions[row["slug"]],
                row["weight"],
                row["season"],
                row["hours"],
                str(row["at"]),
                tuple(row["said"]),
                tuple(row["done"]),
            )
            for row in rows
            if row["slug"] in rules.conditions
        ]
        self._table = lru_cache(maxsize=400)(self._weights)

    def pick(self, day: dt.date, rng: Random) -> Scene:
        table = self._table(day)
        return self.all[bisect(table, rng.random() * table[-1])]

    def _weights(self, day: dt.date) -> list[float]:
        snow = snowed(day)
        return list(
            accumulate(
                s.weight * month_share(s.season, day) * (snow if s.condition.class_code == "10001" else 1.0)
                for s in self.all
            )
        )


def snowed(day: dt.date) -> float:
    """How much snow lies, against the mean of the season: on most days none."""
    before = (Random(day.toordinal() - ago).random() < 0.09 for ago in range(2))
    return sum(share * fell for share, fell in zip((6.0, 3.0), before, strict=True))


def channel(scene: Scene, rng: Random) -> str:
    if scene.condition.standard == "hotline-topics":
        return "hotline" if rng.random() < 0.85 else "portal"
    if scene.hours == "patrol" and rng.random() < 0.7:
        return "patrol"
    found = rng.choices(list(CHANNELS), weights=list(CHANNELS.values()))[0]
    # Nobody patrols at night; what is heard at night is told by residents.
    return "portal" if found == "patrol" and scene.hours == "night" else found


def told(scene: Scene, channel: str, where: str, rng: Random) -> str:
    """The report in the words of its channel."""
    core = rng.choice(scene.said).format(p=where)
    if channel == "patrol":
        return f"巡查发现，{core}。"
    if channel == "hotline":
        return f"市民来电反映：{core}。{rng.choice(_ASKS)}。"
    if channel == "open311":
        return f"{core}。"
    return rng.choice(_OPENERS) + core + rng.choice(_CLOSERS)


def told_again(scene: Scene, where: str, rng: Random) -> str:
    """Another resident about the same thing."""
    return rng.choice(_OPENERS) + rng.choice(scene.said).format(p=where) + rng.choice(_CLOSERS)


def work_done(scene: Scene, rng: Random) -> str:
    return rng.choice(scene.done)


def answer(work: str, where: str, rng: Random) -> str:
    """What the reporters are told at the end: the work that was done, and a word of thanks."""
    return f"您反映的{where}的问题，工作人员已到现场处理：{work}。{rng.choice(_THANKS)}"
