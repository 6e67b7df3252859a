"""The service hall on the workbench: the counter that calls, the guide who gives tickets, waiting times."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from uuid_utils.compat import uuid7

from yiwang.domains.services import words
from yiwang.domains.services.drafts import uuid_of
from yiwang.domains.services.hall import bookings, counter, figures, lines, opening, tickets
from yiwang.domains.services.models import HallDay, Ticket
from yiwang.kernel.access.policy import decide, require
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.matters import receipts
from yiwang.kernel.packs.halls import Hall
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.ui import clock, notices, problems
from yiwang.kernel.ui.door import staff_only

FIGURE_DAYS = 30


@require_safe
@staff_only
def halls(request: HttpRequest) -> HttpResponse:
    """Which hall and which counter; nothing is kept of the choice but the address."""
    found = [
        hall for hall in current().halls.values() if decide(request.actor, "see", tickets.subject_of(hall))
    ]
    if not found:
        require(request.actor, "see", tickets.subject_of(next(iter(current().halls.values()))))
    return render(
        request, "workbench/halls.html", {"words": words, "halls": found, "may": _may(request, found)}
    )


def _may(request: HttpRequest, found: list[Hall]) -> dict[str, set[str]]:
    return {
        hall.slug: {
            action for action in ("call", "ticket") if decide(request.actor, action, tickets.subject_of(hall))
        }
        for hall in found
    }


@require_safe
@staff_only
def desk(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    return _desk(request, slug, name)


def _desk(request: HttpRequest, slug: str, name: str, problem: Problem | None = None) -> HttpResponse:
    """One counter: who is before it, what can be done, who waits."""
    hall = _hall(request, slug, "call")
    if name not in hall.desks:
        return redirect("halls")
    day = HallDay.objects.filter(hall=slug, day=opening.local_day(clock.now())).first()
    ticket = tickets.at_desk(slug, day, name)
    context = {
        "words": words, "hall": hall, "desk": name, "ticket": ticket, "problem": problem,
        "line": hall.line(ticket.line) if ticket else None,
        "service": current().services.get(ticket.service) if ticket else None,
        "services": counter.services_of(current(), hall, ticket.line) if ticket and ticket.state == "serving" else [],
        "bundles": counter.bundles_of(current(), hall, ticket.line) if ticket and ticket.state == "serving" else [],
        "open": opening.is_open(current_calendar(), clock.now(), hall.early),
        "number": _number_of(ticket),
    } | _waiting(hall, name)  # fmt: skip
    return problems.shown(render(request, "workbench/hall_desk.html", context), problem)


def _number_of(ticket: Ticket | None) -> str:
    return ticket.matter.number if ticket is not None and ticket.matter is not None else ""


@require_safe
@staff_only
def waiting(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Who waits for a counter, asked for every few seconds."""
    hall = _hall(request, slug, "call")
    return render(
        request, "workbench/hall_waiting.html", {"words": words, "hall": hall} | _waiting(hall, name)
    )


def _waiting(hall: Hall, name: str) -> dict[str, Any]:
    board = tickets.board(hall, clock.now())
    return {
        "board": board,
        "lines": [(line, board.waiting[line.slug]) for line in hall.lines_at(name)],
    }


@require_POST
@staff_only
def act(request: HttpRequest, slug: str, name: str, action: str) -> HttpResponse:
    """next, or again, begin, pass, finish on the ticket before the counter."""
    does = {
        "again": tickets.call_again,
        "begin": tickets.begin,
        "pass": tickets.pass_over,
        "finish": tickets.finish,
    }
    try:
        if action == "next":
            got = tickets.call_next(actor=request.actor, hall=slug, desk=name, now=clock.now())
            if got is None:
                notices.say(request, _("Nobody waits."))
        elif action in does:
            does[action](actor=request.actor, ticket=uuid_of(request.POST.get("ticket", "")), now=clock.now())
        else:
            raise Invalid(_("There is no such action."), where="action", code="no_action")
    except Problem as problem:
        return _desk(request, slug, name, problem)
    return redirect("hall-desk", slug, name)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def give(request: HttpRequest, slug: str) -> HttpResponse:
    """Tickets at the entrance: for a service, for an appointment, or again for who was passed over."""
    hall = _hall(request, slug, "ticket")
    problem, key = None, str(uuid7())
    if request.method == "POST":
        try:
            return redirect("hall-ticket", _given(request, slug).pk)
        except Problem as refused:
            problem = refused
    now = clock.now()
    passed = Ticket.objects.filter(hall=slug, day=opening.local_day(now), state="passed").order_by("label")
    context = {
        "words": words, "hall": hall, "problem": problem, "key": key, "passed": list(passed[:50]),
        "board": tickets.board(hall, now), "open": opening.is_open(current_calendar(), now, hall.early),
        "lines": [(line, [current().services[one] for one in line.services if one in current().services]) for line in hall.lines],
        "number": request.POST.get("number", "")[:20],
    }  # fmt: skip
    return problems.shown(render(request, "workbench/hall_tickets.html", context), problem)


def _given(request: HttpRequest, slug: str) -> Ticket:
    sent, now = request.POST, clock.now()
    if sent.get("back"):
        return tickets.come_back(actor=request.actor, ticket=uuid_of(sent["back"]), now=now)
    if "number" in sent:
        return bookings.come(number=sent["number"][:20], secret=sent.get("secret", "").strip()[:64], now=now)
    return tickets.take(
        actor=request.actor, hall=slug, service=sent.get("service", "")[:40], id=uuid_of(sent.get("id", "")), now=now
    )  # fmt: skip


@require_safe
@staff_only
def ticket(request: HttpRequest, id: UUID) -> HttpResponse:
    """A ticket to be printed: the number, what for, how many are before it."""
    found, hall = tickets.one(request.actor, id)
    now = clock.now()
    context = {
        "words": words, "ticket": found, "hall": hall, "line": hall.line(found.line),
        "service": current().services.get(found.service), "ahead": lines.ahead_of(found, hall, now),
        "at": opening.local(found.taken_at), "booked_for": found.booked_for and opening.local(found.booked_for),
        "screen": receipts.qr_svg(request.build_absolute_uri(reverse("hall-screen", args=[hall.slug]))),
    }  # fmt: skip
    return render(request, "workbench/hall_ticket.html", context)


@require_safe
@staff_only
def waits(request: HttpRequest, slug: str) -> HttpResponse:
    """How long people waited: today, or the last thirty days."""
    hall = _hall(request, slug, "see")
    today = opening.local_day(clock.now())
    days = 1 if request.GET.get("days") == "1" else FIGURE_DAYS
    found = figures.of(hall, today - timedelta(days=days - 1), today)
    context = {
        "words": words, "hall": hall, "figures": found, "days": days,
        "rows": [(hall.line(one.line), one) for one in found.waits],
    }  # fmt: skip
    return render(request, "workbench/hall_figures.html", context)


def _hall(request: HttpRequest, slug: str, action: str) -> Hall:
    hall = opening.hall_of(current(), slug)
    require(request.actor, action, tickets.subject_of(hall))
    return hall
