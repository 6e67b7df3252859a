"""What the wall says: values of `domains.operations.wall` with names, words and the list behind each."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.core.stats import Finding
from yiwang.domains.operations.wall import history, reach
from yiwang.domains.operations.wall.chiefs import Chief
from yiwang.domains.operations.wall.picture import Standing
from yiwang.domains.operations.wall.whole import Wall
from yiwang.faces.wall import links
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.queries import AreaRow
from yiwang.kernel.ui import moments

LINKS = ("file", "dispatch", "handle", "feedback", "verify", "close")
UNITS, LEAGUE, RISING = 7, 7, 5  # rows on the wall; the page of units has all
SURE = 1_000_000


def whole(seen: Wall, actor: Actor) -> dict[str, Any]:
    """Everything of the wall, ready to be written down or sent."""
    area, total = seen.area, seen.picture.total
    owners = by_owner(seen)
    rates = league(seen) if reach.may_evaluate(actor, area.code) else None
    return {
        "area": {"code": area.code, "name": area_name(area), "level": area.level},
        "above": [
            {"code": one.code, "name": area_name(one), "url": links.wall(one.code)}
            for one in reach.above(area, actor)
        ],
        "below": below(seen),
        "nowhere": nowhere(seen),
        "figures": figures(seen),
        "sentence": sentence(total, owners),
        "units": owners[:UNITS],
        "units_more": max(0, len(owners) - UNITS),
        "curve": curve(seen),
        "rising": [rising(seen, one) for one in seen.rising[:RISING]],
        "rising_more": max(0, len(seen.rising) - RISING),
        "flow": flow(seen),
        "league": rates[:LEAGUE] if rates is not None else None,
        "league_more": max(0, len(rates or ()) - LEAGUE),
        "chiefs": chiefs(seen),
        "counted": seen.counted_at is not None,
    }


def area_name(row: AreaRow) -> str:
    return registers.area_name(row.code, not moments.chinese())


def unit_name(code: str) -> str:
    return registers.unit_name(code, not moments.chinese()) if code else _("no unit yet")


def link_name(slug: str) -> str:
    return {
        "file": pgettext("link of the process", "Filing"),
        "dispatch": pgettext("link of the process", "Dispatch"),
        "handle": pgettext("link of the process", "Handling"),
        "feedback": pgettext("link of the process", "Confirming"),
        "verify": pgettext("link of the process", "Verifying"),
        "close": pgettext("link of the process", "Closing"),
    }.get(slug, slug)


def figures(seen: Wall) -> list[dict]:
    area, total = seen.area, seen.picture.total
    late = moments.percent(total.overdue / total.open if total.open else None, 0)
    found = [
        _figure("open", pgettext("of matters", "Open"), total.open, links.matters(area, state="open")),
        _figure(
            "overdue",
            pgettext("of matters", "Overdue"),
            total.overdue,
            links.matters(area, state="open", due="overdue"),
            _("%(share)s of the open") % {"share": late} if total.open else "",
            "overdue" if total.overdue else "",
        ),
        _figure(
            "today",
            _("Fall due today"),
            total.today,
            links.matters(area, state="open", due="today"),
            _("until midnight"),
            "soon" if total.today else "",
        ),
        _figure(
            "held", _("Clock paused"), total.held, links.matters(area, state="open", due="held"), "", "held"
        ),
    ]
    if seen.today is not None:
        found.append(
            _figure(
                "reports",
                _("Reported today"),
                seen.today.count,
                links.matters(area, since=seen.today.day),
                _usual_now(seen),
            )
        )
        closed = seen.passed["closed"][""]
        found.append(_figure("closed", _("Closed today"), closed, links.listed(area, "closed"), "", "done"))
    return found


def _figure(slug: str, label: str, value: int, url: str, note: str = "", tone: str = "") -> dict:
    return {"slug": slug, "label": label, "value": value, "url": url, "note": note, "tone": tone}


def _usual_now(seen: Wall) -> str:
    """How many there usually are at this hour."""
    usual = seen.today.usual
    if usual is None:
        return ""
    at = len(seen.today.curve) - 1
    low, high = round(usual.low[at]), round(usual.high[at])
    return _("usually %(low)s to %(high)s by now") % {
        "low": moments.number(low),
        "high": moments.number(high),
    }


def by_owner(seen: Wall) -> list[dict]:
    """Overdue by responsible unit, contractors with the unit above them, the most overdue first."""
    sums: dict[str, Standing] = defaultdict(Standing)
    for unit, count in seen.picture.by_unit.items():
        sums[_top(unit)].merge(count)
    late = {unit: count for unit, count in sums.items() if count.overdue}
    most = max((count.overdue for count in late.values()), default=1)
    ordered = sorted(late.items(), key=lambda pair: (-pair[1].overdue, pair[1].oldest, pair[0]))
    return [
        {
            "unit": unit,
            "name": unit_name(unit),
            "overdue": count.overdue,
            "open": count.open,
            "longest": moments.span((seen.at - count.oldest).total_seconds()) if count.oldest else "",
            "share": round(100 * count.overdue / most, 1),
            "url": links.matters(seen.area, state="open", due="overdue", unit=unit)
            if unit
            else links.listed(seen.area, "unassigned"),
        }
        for unit, count in ordered
    ]


def _top(unit: str) -> str:
    known = registers.units()
    for _step in range(len(known)):
        row = known.get(unit)
        if row is None or row.parent not in known:
            break
        unit = row.parent
    return unit


def sentence(total: Standing, owners: list[dict]) -> str:
    """What a leader should know first: with whom the overdue lie, and what it would change if they were done."""
    if not total.open:
        return _("Nothing is open here.")
    due = _("%(n)s more fall due today.") % {"n": moments.number(total.today)} if total.today else ""
    if not total.overdue:
        return f"{_('Nothing is overdue.')} {due}".strip()
    named = [row for row in owners if row["unit"]][:3]
    top = sum(row["overdue"] for row in named)
    if not named or top * 3 < total.overdue:
        said = _("%(n)s are overdue, spread over %(units)s units.") % {
            "n": moments.number(total.overdue),
            "units": len(owners),
        }
        return f"{said} {due}".strip()
    said = _(
        "Of %(n)s overdue, %(share)s lie with %(units)s; without these the overdue share falls from %(now)s to %(then)s."
    ) % {
        "n": moments.number(total.overdue),
        "share": moments.percent(top / total.overdue, 0),
        "units": pgettext("between names in a list", ", ").join(row["name"] for row in named),
        "now": moments.percent(total.overdue / total.open, 0),
        "then": moments.percent((total.overdue - top) / total.open, 0),
    }
    return f"{said} {due}".strip()


def below(seen: Wall) -> list[dict]:
    """The areas one level down with what is open and overdue in them."""
    none = Standing()
    found = []
    for row in reach.below(seen.area):
        count = seen.picture.by_area.get(row.code, none)
        share = count.overdue / count.open if count.open else 0.0
        found.append(
            {
                "code": row.code,
                "name": area_name(row),
                "open": count.open,
                "overdue": count.overdue,
                "share": share,
                "url": links.wall(row.code),
            }
        )
    return found


def nowhere(seen: Wall) -> int:
    """Open matters that lie in no area below: their place is not known closely enough."""
    return (
        seen.picture.by_area[""].open if seen.area.level != "community" and "" in seen.picture.by_area else 0
    )


def curve(seen: Wall) -> dict | None:
    if seen.today is None:
        return None
    usual = seen.today.usual
    return {
        "now": list(seen.today.curve),
        "low": [round(value, 1) for value in usual.low] if usual else [],
        "middle": [round(value, 1) for value in usual.middle] if usual else [],
        "high": [round(value, 1) for value in usual.high] if usual else [],
        "days": len(seen.today.days),
        "compared": _compared(seen),
    }


def _compared(seen: Wall) -> str:
    """Which days make the band."""
    days = seen.today.days
    if seen.today.usual is None:
        return _("Not enough days to compare with yet: %(n)s of 4.") % {"n": len(days)}
    weekdays = {day.weekday() for day in days}
    if len(weekdays) == 1:
        return _(
            "Band: 10th to 90th percentile of %(n)s days like this (%(weekday)s) in the past 8 weeks."
        ) % {
            "n": len(days),
            "weekday": moments.weekday(days[0]),
        }
    return _(
        "Band: 10th to 90th percentile of %(n)s days like this in the past 8 weeks, worked or off alike."
    ) % {"n": len(days)}


def rising(seen: Wall, found: Finding) -> dict:
    kind, span = found.family.split("-")
    since = history.first_day(span, seen.at)
    if kind == "class":
        standard, _bar, code = found.key.partition("|")
        row = current().class_def(standard, code)
        name = ((not moments.chinese() and row.name_en) or row.name) if row else code
        url = links.matters(seen.area, class_code=code, standard=standard, since=since)
    else:
        name, url = (
            registers.area_name(found.key, not moments.chinese()),
            links.matters(found.key, since=since),
        )
    return {
        "kind": kind,
        "span": span,
        "name": name,
        "count": found.now,
        "usual": round(found.expected, 1),
        "times": round(found.now / found.expected, 1) if found.expected else None,
        "said": _said(span, found),
        "chance": chance(found.p),
        "p": found.p,
        "url": url,
        "wall": links.wall(found.key) if kind == "community" else "",
    }


def _said(span: str, found: Finding) -> str:
    usual = moments.number(found.expected, 1 if found.expected < 10 else 0)
    if span == "today":
        return _("usually %(usual)s by now, today %(now)s") % {
            "usual": usual,
            "now": moments.number(found.now),
        }
    return _("usually %(usual)s a week, these 7 days %(now)s") % {
        "usual": usual,
        "now": moments.number(found.now),
    }


def chance(p: float) -> str:
    """About 1/2000: how often so many would come by chance."""
    if p < 1 / SURE:
        return _("under 1 in a million")
    once = 1 / p
    step = 10 ** max(0, len(str(int(once))) - 1)
    rounded = int(once / step + 0.5) * step if once >= 10 else max(2, round(once))
    return _("about 1/%(n)s") % {"n": rounded}


def flow(seen: Wall) -> list[dict]:
    """The links of the process: what stands there, what came and went today."""
    none = Standing()
    found = []
    for slug in LINKS:
        count = seen.picture.by_link.get(slug, none)
        row = {
            "link": slug,
            "name": link_name(slug),
            "standing": count.open,
            "overdue": count.overdue,
            "url": links.matters(seen.area, state="open", link=slug),
        }
        if seen.passed:
            for way in ("entered", "left"):
                row[way] = seen.passed[way][slug]
                row[f"{way}_url"] = links.listed(seen.area, way, link=slug)
        found.append(row)
    return found


def league(seen: Wall) -> list[dict]:
    return [
        {
            "unit": one.unit,
            "name": unit_name(one.unit),
            "rank": one.rank,
            "rate": one.rate,
            "on_time": one.on_time,
            "due": one.due,
            "low": one.low,
            "high": one.high,
            "url": links.listed(seen.area, "duties", unit=one.unit),
            "late_url": links.listed(seen.area, "duties", unit=one.unit, result="late"),
        }
        for one in seen.league
    ]


def _post_name(one: Chief, english: bool) -> str:
    """In a list of one level the area says which post it is; the level stands before it."""
    area = registers.areas().get(one.area)
    if area is None or area.level == "district":
        return (english and one.name_en) or one.name
    return _("%(level)s: %(area)s") % {"level": level_name(one.level), "area": area_name(area)}


def level_name(level: int) -> str:
    return {
        1: pgettext("of road chiefs", "First level"),
        2: pgettext("of road chiefs", "Second level"),
        3: pgettext("of road chiefs", "Third level"),
    }.get(level, str(level))


def chiefs(seen: Wall) -> list[dict]:
    english = not moments.chinese()
    return [
        {
            "post": one.post,
            "level": one.level,
            "name": _post_name(one, english),
            "holders": list(one.holders),
            "roads": one.roads,
        }
        for one in seen.chiefs
    ]
