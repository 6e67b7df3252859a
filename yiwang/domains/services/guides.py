"""The catalogue as people look through it, and what a guide adds to an entry: when it would be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from yiwang.core import worktime
from yiwang.domains.services import finding
from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.packs.services import Service, Topic
from yiwang.kernel.registers.calendars import current_calendar

MOST_FOUND = 30


def service_of(rules: Rulebook, slug: str) -> Service:
    """Raises NotFound for a service that the pack does not have."""
    found = rules.services.get(slug)
    if found is None:
        raise NotFound(
            _("There is no service %(slug)s. Look for it by its name.") % {"slug": slug[:60]},
            code="no_service",
        )
    return found


def listed(
    rules: Rulebook, now: datetime, question: str = "", topic: str = "", unit: str = "", audience: str = ""
) -> list[Service]:
    """The services in force that fit: the best first for a question, else in the pack's order."""
    found: Iterable[Service] = (
        finding.find(rules, question, MOST_FOUND) if question.strip() else rules.services.values()
    )
    day = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return [
        one
        for one in found
        if one.in_force(day)
        and (not topic or topic in one.topics)
        and (not unit or one.unit == unit)
        and (not audience or audience in one.audience)
    ]


@dataclass(frozen=True, slots=True)
class Group:
    """Services under a topic."""

    topic: Topic
    services: tuple[Service, ...]


def by_topic(rules: Rulebook, now: datetime) -> list[Group]:
    """Every topic that has services, in the pack's order."""
    there = listed(rules, now)
    groups = [
        Group(topic, tuple(one for one in there if slug in one.topics))
        for slug, topic in rules.topics.items()
    ]
    return [group for group in groups if group.services]


def by_unit(rules: Rulebook, now: datetime) -> list[tuple[str, int]]:
    """(unit, how many services) of every unit that does some, in the pack's order."""
    counts: dict[str, int] = {}
    for one in listed(rules, now):
        counts[one.unit] = counts.get(one.unit, 0) + 1
    return list(counts.items())


@dataclass(frozen=True, slots=True)
class Rates:
    """What is published of a catalogue (目录质量指标). Shares are of all services, None where there are none."""

    services: int
    online: float | None  # 网上可办率
    whole_online: float | None  # 全程网办率
    instant: float | None  # 即办率
    one_visit: float | None  # 最多跑一次率: at most one visit
    no_visit: float | None  # 零跑动率
    shortened: (
        float | None
    )  # 承诺时限压缩比: mean of (statutory − promised) / statutory where both count the same days


def rates(services: Iterable[Service]) -> Rates:
    """The catalogue's own figures. A service whose visits are unknown counts neither as one nor as none."""
    found = list(services)
    n = len(found)

    def share(fits: Iterable[bool]) -> float | None:
        return sum(fits) / n if n else None

    ratios = [ratio for one in found if (ratio := shortened(one)) is not None]
    return Rates(
        n,
        share(one.online for one in found),
        share(one.online_depth == "whole" for one in found),
        share(one.handling == "instant" for one in found),
        share(one.visits is not None and one.visits <= 1 for one in found),
        share(one.visits == 0 for one in found),
        sum(ratios) / len(ratios) if ratios else None,
    )


def shortened(one: Service) -> float | None:
    """By what share the promise is shorter than the law's limit; None where the two can't be compared."""
    if not one.statutory or not one.promised:
        return None
    statutory, promised = worktime.Limit.parse(one.statutory), worktime.Limit.parse(one.promised)
    if statutory.unit != promised.unit or not statutory.amount:
        return None
    return (statutory.amount - promised.amount) / statutory.amount


def promised_by(one: Service, now: datetime) -> worktime.Due | None:
    """When it would be done, day by day, were it accepted now."""
    return worktime.due(current_calendar(), now, worktime.Limit.parse(one.promised)) if one.promised else None
