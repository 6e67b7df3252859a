"""The rates of areas, units and posts with what stands behind them, and the facts that were overdue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.domains.operations import evaluation as rates
from yiwang.domains.operations import rate_tables
from yiwang.domains.operations.measures import COUNTERS, MEASURES
from yiwang.domains.operations.periods import CYCLES, Period
from yiwang.faces.workbench import naming
from yiwang.faces.workbench.supervising import tabs
from yiwang.kernel.errors import Denied, Invalid
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import clock, moments
from yiwang.kernel.ui.door import staff_only

YEARS = range(2000, 2101)
MOST = 200
FACT_DAYS = 7
LONGEST = timedelta(days=370)


@require_safe
@staff_only
def evaluation(request: HttpRequest) -> HttpResponse:
    """Every rate of the chosen objects and period, each with its numerator, denominator and definition."""
    if "evaluate" not in request.actor.reach:
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="evaluate")
    now = clock.now()
    asked = _Asked.of(request.GET, now)
    period = asked.period
    look = rate_tables.look(asked.by, period, now, level=asked.level, actor=request.actor)
    table = look.table
    kept = {"by": asked.by, "cycle": asked.cycle, "level": asked.level}
    context = {
        "look": look,
        "table": table,
        "period": period,
        "goes_on": now < period.end,
        "asked": asked,
        "same": urlencode(kept | {"day": asked.day.isoformat()}),
        "objects": [("unit", _("Units")), ("area", _("Areas")), ("post", _("Posts"))],
        "levels": [("subdistrict", _("Sub-districts")), ("community", _("Communities"))],
        "cycles": _cycles(),
        "before": urlencode(kept | {"day": (period.first - timedelta(days=1)).isoformat()}),
        "after": urlencode(kept | {"day": (period.last + timedelta(days=1)).isoformat()})
        if period.last < timezone.localdate(now)
        else "",
        "measures": [_measure(one) for one in MEASURES if asked.by in one.objects],
        "counters": [(slug, names[0] if moments.chinese() else names[1]) for slug, names in COUNTERS.items()],
    }
    answer = render(request, "workbench/evaluation.html", context, status=200 if table else 202)
    if table is None:
        answer.headers["Retry-After"] = str(rate_tables.COME_BACK)
    return answer


@require_POST
@staff_only
def anew(request: HttpRequest) -> HttpResponse:
    """Has the table counted anew that the person looks at, unless that was done just now."""
    now = clock.now()
    asked = _Asked.of(request.POST, now)
    rate_tables.anew(asked.by, asked.period, now, level=asked.level, actor=request.actor)
    chosen = {"by": asked.by, "cycle": asked.cycle, "level": asked.level, "day": asked.day.isoformat()}
    return redirect(f"{reverse('evaluation')}?{urlencode(chosen)}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is chosen on the page; what is not known is the usual."""

    by: str
    cycle: str
    level: str
    day: date

    @classmethod
    def of(cls, given: Mapping[str, str], now: datetime) -> _Asked:
        by, cycle, level = given.get("by"), given.get("cycle"), given.get("level")
        return cls(
            by if by in rates.OBJECTS else "unit",
            cycle if cycle in CYCLES else "month",
            level if level in rates.LEVELS else "subdistrict",
            _day(given.get("day", ""), "day") or timezone.localdate(now),
        )

    @property
    def period(self) -> Period:
        return Period.of(self.cycle, self.day)


def _cycles() -> list[tuple[str, str]]:
    names = {
        "day": _("Day"),
        "week": _("Week"),
        "month": _("Month"),
        "quarter": _("Quarter"),
        "year": _("Year"),
    }
    return [(cycle, names[cycle]) for cycle in CYCLES]


def _measure(one: Any) -> dict[str, Any]:
    chinese = moments.chinese()
    return {
        "slug": one.slug,
        "name": one.name if chinese else one.name_en,
        "formula": one.formula if chinese else one.formula_en,
        "good": one.good,
        "source": one.source,
    }


@require_safe
@staff_only
def facts(request: HttpRequest) -> HttpResponse:
    """Every task that fell due in the period and was not done by then, whatever became of an appeal."""
    now, asked = clock.now(), request.GET
    today = timezone.localdate(now)
    first = _day(asked.get("from", ""), "from") or today - timedelta(days=FACT_DAYS - 1)
    last = _day(asked.get("to", ""), "to") or today
    if last - first > LONGEST:
        raise Invalid(_("At most a year is shown at once."), where="to")
    unit = asked.get("unit", "")
    unit = unit if unit in registers.units() else ""
    rows = rates.overdue_facts(Period(first, last), now, actor=request.actor, unit=unit, most=MOST + 1)
    for row in rows:
        row["step"], row["unit_name"] = naming.link(row["link"]), naming.unit(row["unit_id"])
        row["area_name"] = naming.area(row["area_id"])
        row["late"] = moments.span(((row["done_at"] or now) - row["due_at"]).total_seconds())
    context = {
        "rows": rows[:MOST],
        "more": len(rows) > MOST,
        "most": MOST,
        "first": first,
        "last": last,
        "unit": unit,
        "units": sorted(((code, naming.unit(code)) for code in registers.units()), key=lambda one: one[1]),
        "tabs": tabs(request),
        "appeal_states": {
            "asked": _("appealed"),
            "supported": _("appealed"),
            "granted": _("appeal granted"),
            "refused": _("appeal refused"),
        },
    }
    return render(request, "workbench/facts.html", context)


def _day(text: str, where: str) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
        if found.year in YEARS:
            return found
    except ValueError:
        pass
    raise Invalid(_("Give a day, such as 2026-09-30."), where=where)
