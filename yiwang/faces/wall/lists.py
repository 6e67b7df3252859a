"""The pages behind the wall: all units, the lists behind its own figures, and how each figure is made."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.domains.operations.measures import BY_SLUG
from yiwang.domains.operations.wall import history, lists, reach, whole
from yiwang.faces.wall import links, told
from yiwang.faces.wall.door import of_an_area
from yiwang.kernel.errors import Denied, Invalid, NotFound
from yiwang.kernel.matters.pages import Page
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.queries import AreaRow
from yiwang.kernel.ui import clock, moments

KEPT = ("what", "link", "unit", "result", "cell")


@require_safe
@of_an_area
def units(request: HttpRequest, area: AreaRow) -> HttpResponse:
    """Every unit with overdue matters, the whole league, everything that rises."""
    seen = whole.kept_look(area, clock.now())
    context = {
        "area": _area(area),
        "units": told.by_owner(seen),
        "rising": [told.rising(seen, one) for one in seen.rising],
        "league": told.league(seen) if reach.may_evaluate(request.actor, area.code) else None,
        "counted": seen.counted_at is not None,
    }
    return render(request, "wall/units.html", context)


@require_safe
@of_an_area
def listed(request: HttpRequest, area: AreaRow) -> HttpResponse:
    """`?what=` entered, left (with `link`), closed, unassigned, duties (with `unit`, `result`), cell (with `cell`)."""
    asked = {name: request.GET.get(name, "").strip()[:40] for name in KEPT}
    heading, page = _rows(request, area, asked)
    english = not moments.chinese()
    for row in page.rows:
        row["area_name"] = registers.area_name(row["area_id"], english)
        row["unit_name"] = registers.unit_name(row["unit_id"], english)
        row["class"] = (english and row["class_name_en"]) or row["class_name"]
    kept = {"area": area.code} | {name: value for name, value in asked.items() if value}
    context = {
        "area": _area(area),
        "heading": heading,
        "page": page,
        "query": urlencode(kept),
        "asked": asked,
    }
    return render(request, "wall/list.html", context)


def _rows(request: HttpRequest, area: AreaRow, asked: dict[str, str]) -> tuple[str, Page]:
    now, after, what = clock.now(), request.GET.get("after", "")[:200], asked["what"]
    if what in ("entered", "left"):
        if asked["link"] not in told.LINKS:
            raise NotFound(_("There is no such list."), where="link")
        words = _("Came to %(link)s today") if what == "entered" else _("Went on from %(link)s today")
        return words % {"link": told.link_name(asked["link"])}, lists.moved(
            area, what, asked["link"], now, after
        )
    if what == "closed":
        return _("Closed today"), lists.closed(area, now, after)
    if what == "unassigned":
        return _("Overdue, and no unit has it yet"), lists.unassigned(area, now, after)
    if what == "duties":
        return _duties(request, area, asked, after)
    if what == "cell":
        return _("Open matters in this cell of the map"), Page(lists.in_cell(area, asked["cell"]), "")
    raise NotFound(_("There is no such list."), where="what")


def _duties(request: HttpRequest, area: AreaRow, asked: dict[str, str], after: str) -> tuple[str, Page]:
    if not reach.may_evaluate(request.actor, area.code):
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="evaluate")
    if asked["unit"] not in registers.units():
        raise NotFound(_("There is no such unit."), where="unit")
    if asked["result"] not in lists.RESULTS:
        raise Invalid(_("There is no such list."), where="result")
    words = {
        "": _("%(unit)s: handling to be judged in 30 days"),
        "on_time": _("%(unit)s: handled on time in 30 days"),
        "late": _("%(unit)s: not handled on time in 30 days"),
    }[asked["result"]]
    page = lists.duties(area, asked["unit"], asked["result"], clock.now(), after)
    return words % {"unit": told.unit_name(asked["unit"])}, page


@require_safe
@of_an_area
def method(request: HttpRequest, area: AreaRow) -> HttpResponse:
    """What each figure of the wall counts, and how it is found."""
    measure = BY_SLUG["handling_on_time_rate"]
    context = {
        "area": _area(area),
        "formula": measure.formula if moments.chinese() else measure.formula_en,
        "source": measure.source,
        "few": history.FEW,
        "days": history.LEAGUE_DAYS,
        "weeks": history.WEEKS,
    }
    return render(request, "wall/method.html", context)


def _area(area: AreaRow) -> dict[str, str]:
    return {"code": area.code, "name": told.area_name(area), "url": links.wall(area.code)}
