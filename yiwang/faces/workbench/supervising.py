"""Pages of those above: what is overdue and is chased from there, chases, requests, what hangs, appeals."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from yiwang.domains.operations import appeals, loads, supervised, supervision
from yiwang.faces.workbench import above, naming
from yiwang.faces.workbench.sent import Sent
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.matters import queries
from yiwang.kernel.matters.pages import Page
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import clock, notices
from yiwang.kernel.ui.door import staff_only

ROWS = 50
MOST_AT_ONCE = 50


def tabs(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """(address, name, whether it is this one) of the pages of supervision."""
    names = (
        ("supervision", _("Overdue now")),
        ("chases", _("Chases")),
        ("requests", _("Requests")),
        ("hanging", _("On the books")),
        ("appeals", _("Appeals")),
        ("overdue-facts", _("Overdue facts")),
    )
    return [(reverse(name), label, request.path == reverse(name)) for name, label in names]


@require_safe
@staff_only
def overdue(request: HttpRequest) -> HttpResponse:
    return _overdue(request)


def _overdue(request: HttpRequest, problem: Problem | None = None) -> HttpResponse:
    """Open tasks that are overdue, the longest first, to be chased one by one or many at once."""
    actor, now = request.actor, clock.now()
    asked = request.POST if problem else request.GET
    unit = asked.get("unit", "")
    unit = unit if unit in registers.units() else ""
    page = queries.overdue(actor, now=now, unit=unit, after=request.GET.get("after", ""), limit=ROWS)
    context = {
        "page": page,
        "tabs": tabs(request),
        "units": _units_overdue(now),
        "unit": unit,
        "unit_name": naming.unit(unit),
        "query": urlencode({"unit": unit}) if unit else "",
        "may_chase": "chase" in actor.reach,
        "fields": above.chase_fields(now),
        "problem": problem,
        "typed": request.POST if problem else {},
        "chosen": set(request.POST.getlist("numbers")) if problem else set(),
    }
    return render(request, "workbench/overdue.html", context, status=problem.status if problem else 200)


def _units_overdue(now) -> list[tuple[str, str, loads.Load]]:
    """Units with something overdue, the most first."""
    found = [(code, naming.unit(code), load) for code, load in loads.loads(now).items() if load.overdue]
    return sorted(found, key=lambda one: (-one[2].overdue, one[0]))


@require_POST
@staff_only
def chase_many(request: HttpRequest) -> HttpResponse:
    """One instruction to all the matters that were ticked; each is a chase of its own, and all are made or none."""
    numbers = list(dict.fromkeys(request.POST.getlist("numbers")))
    try:
        if not numbers:
            raise Invalid(_("Tick at least one matter."), where="numbers")
        if len(numbers) > MOST_AT_ONCE:
            raise Invalid(
                _("At most %(most)d matters are chased at once.") % {"most": MOST_AT_ONCE}, where="numbers"
            )
        sent = Sent(request, "", clock.now())
        supervision.chase_all(
            actor=request.actor,
            matters=numbers,
            note=sent["note"],
            reply_by=sent.moment("reply_by"),
            now=sent.now,
        )
    except Problem as refused:
        return _overdue(request, refused)
    said = ngettext("%(n)d matter is chased.", "%(n)d matters are chased.", len(numbers))
    notices.say(request, said % {"n": len(numbers)})
    return redirect("chases")


@require_safe
@staff_only
def chases(request: HttpRequest) -> HttpResponse:
    """Chases that wait for a reply, the longest overdue first; and those that were replied to last."""
    show = "replied" if request.GET.get("show") == "replied" else ""
    page = (
        Page(supervised.replied(request.actor), "")
        if show
        else supervised.chases(request.actor, after=request.GET.get("after", ""))
    )
    for row in page.rows:
        row["unit_name"] = naming.unit(row["unit_id"] or row["matter_unit"])
        row["area_name"] = naming.area(row["area"])
    return render(
        request, "workbench/chases.html", {"page": page, "tabs": tabs(request), "show": show, "query": ""}
    )


@require_safe
@staff_only
def requests(request: HttpRequest) -> HttpResponse:
    """What this person is to decide, and what was asked for before."""
    waiting = supervised.to_decide(request.actor)
    known = {one["id"] for one in waiting}
    others = [one for one in supervised.asked(request.actor) if one["id"] not in known]
    context = {
        "waiting": [_request(one) for one in waiting],
        "others": [_request(one) for one in others],
        "tabs": tabs(request),
        "states": {"asked": _("waits for a decision"), "approved": _("approved"), "refused": _("refused")},
    }
    return render(request, "workbench/requests.html", context)


def _request(one: dict) -> dict:
    return one | {
        "what": above.request_what(one),
        "line": above.request_line(one),
        "unit_name": naming.unit(one["matter_unit"]),
        "area_name": naming.area(one["area"]),
    }


@require_safe
@staff_only
def hanging(request: HttpRequest) -> HttpResponse:
    """What is on the books: why, since when, and when it is looked at again; what is to be looked at first, first."""
    page = supervised.hanging(request.actor, after=request.GET.get("after", ""))
    rows = [_request(one) for one in page.rows]
    context = {
        "page": page,
        "rows": rows,
        "tabs": tabs(request),
        "today": clock.now().astimezone(queries.store.ZONE).date(),
        "query": "",
        "reason": next((one for one in current().reasons.values() if one.approval), None),
    }
    return render(request, "workbench/hanging.html", context)


@require_safe
@staff_only
def appeals_page(request: HttpRequest) -> HttpResponse:
    """Appeals that wait for a review by this person, then all that it may see."""
    actor = request.actor
    waiting = appeals.waiting(actor) if "review_appeal" in actor.reach else []
    known = {one["id"] for one in waiting}
    context = {
        "waiting": [_appeal(one) for one in waiting],
        "others": [_appeal(one) for one in appeals.listed(actor) if one["id"] not in known],
        "tabs": tabs(request),
        "states": {
            "asked": _("waits for the first review"),
            "supported": _("waits for the second review"),
            "granted": _("appeal granted"),
            "refused": _("appeal refused"),
        },
    }
    return render(request, "workbench/appeals.html", context)


def _appeal(one: dict) -> dict:
    return one | {"unit_name": naming.unit(one["task__unit_id"]), "step": naming.link(one["task__link"])}
