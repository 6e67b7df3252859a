"""The wall's values of an area, for other screens and for reports."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router

from yiwang.domains.operations.wall import reach, whole
from yiwang.domains.operations.wall.picture import Standing
from yiwang.faces.api import told_wall
from yiwang.faces.api.callers import OFFICIALS
from yiwang.faces.api.replies import local, reply
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import clock

router = Router(by_alias=True, tags=["evaluation"], auth=OFFICIALS)
AREA = Query(
    "", max_length=12, description="Code of an area that the caller sees as a whole; the widest by default."
)


@router.get("/wall", response={200: told_wall.WallOut}, operation_id="wall", summary="An area now")
def wall(request: HttpRequest, area: str = AREA) -> HttpResponse:
    """What is open and overdue, today against the usual, what is rising, and rates by unit. At most 8 seconds old."""
    row = reach.choose(request.auth, area)
    seen = whole.kept_look(row, clock.now())
    english = (get_language() or "").startswith("en")
    return reply(
        {
            "area": row.code,
            "name": registers.area_name(row.code, english),
            "at": local(seen.at),
            "counted_at": local(seen.counted_at),
            "total": _standing(seen.picture.total),
            "by_unit": {key: _standing(one) for key, one in sorted(seen.picture.by_unit.items())},
            "by_link": {key: _standing(one) for key, one in sorted(seen.picture.by_link.items())},
            "by_area": {key: _standing(one) for key, one in sorted(seen.picture.by_area.items())},
            "today": _today(seen),
            "rising": [_rising(one) for one in seen.rising],
            "entered": dict(seen.passed.get("entered", {})),
            "left": dict(seen.passed.get("left", {})),
            "closed": seen.passed["closed"][""] if seen.passed else None,
            "handled_on_time": _league(seen) if reach.may_evaluate(request.auth, row.code) else None,
            "road_chiefs": [
                {
                    "post": one.post,
                    "level": one.level,
                    "area": one.area,
                    "name": (english and one.name_en) or one.name,
                    "holders": list(one.holders),
                    "roads": one.roads,
                }
                for one in seen.chiefs
            ],
        }
    )


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "open": one.open,
        "overdue": one.overdue,
        "due_today": one.today,
        "held": one.held,
        "oldest_due": local(one.oldest),
    }


def _today(seen: whole.Wall) -> dict[str, Any] | None:
    if seen.today is None:
        return None
    usual = seen.today.usual
    return {
        "day": seen.today.day,
        "hours": list(seen.today.curve),
        "low": list(usual.low) if usual else [],
        "median": list(usual.middle) if usual else [],
        "high": list(usual.high) if usual else [],
        "days": list(seen.today.days),
    }


def _rising(one: Any) -> dict[str, Any]:
    kind, window = one.family.split("-")
    return {
        "kind": kind,
        "key": one.key,
        "window": window,
        "count": one.now,
        "expected": one.expected,
        "windows": one.windows,
        "dispersion": one.dispersion,
        "chance": one.p,
        "corrected": one.q,
    }


def _league(seen: whole.Wall) -> list[dict[str, Any]]:
    return [
        {
            "unit": one.unit,
            "on_time": one.on_time,
            "due": one.due,
            "rank": one.rank,
            "low": one.low,
            "high": one.high,
        }
        for one in seen.league
    ]
