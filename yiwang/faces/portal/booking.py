"""Appointments in the service hall: choosing a time, the own appointment, and the screen that calls numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from uuid_utils.compat import uuid7

from yiwang.core.codes.masks import mask_phone
from yiwang.domains.services import words
from yiwang.domains.services.drafts import uuid_of
from yiwang.domains.services.hall import bookings, lines, opening, tickets
from yiwang.faces.portal import own
from yiwang.kernel.access import limits
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.matters import receipts
from yiwang.kernel.packs.halls import Hall, HallLine
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.ui import clock, notices, problems

SHOWN = 9  # numbers that a screen can show so large


@require_safe
def halls(request: HttpRequest) -> HttpResponse:
    """Where one can book, and the own appointments of this browser."""
    rules = current()
    context = {
        "words": words,
        "halls": [
            {"hall": hall, "lines": [(line, _services(line)) for line in hall.lines if line.capacity]}
            for hall in rules.halls.values()
        ],
        "own": own.numbers(request, own.BOOKINGS),
    }
    return render(request, "portal/halls.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, slug: str) -> HttpResponse:
    """Day, time and telephone for one service. POST books and leads to the appointment."""
    hall = opening.hall_of(current(), slug)
    asked = request.POST if request.method == "POST" else request.GET
    service = asked.get("service", "")[:40]
    line = hall.line_of(service)
    if line is None:
        return redirect("appointments")
    typed = {"id": str(uuid7()), "at": "", "phone": ""}
    problem = None
    if request.method == "POST":
        typed = {name: request.POST.get(name, "")[:40] for name in typed}
        try:
            limits.BOOKINGS.take(request)
            got = bookings.book(
                id=uuid_of(typed["id"]), hall=slug, service=service, at=moment(typed["at"]), phone=typed["phone"],
                now=clock.now(),
            )  # fmt: skip
            own.remember(request, got.booking.number, got.secret, own.BOOKINGS)
            notices.say(request, _("Your appointment is booked."))
            return redirect("appointment", got.booking.number)
        except Problem as refused:
            problem = refused
            if problem.where == "id":
                typed["id"] = str(uuid7())
    context = {
        "words": words,
        "hall": hall,
        "line": line,
        "service": current().services.get(service),
        "typed": typed,
        "problem": problem,
    } | choice(hall, line, asked.get("day", ""), typed["at"])
    return problems.shown(render(request, "portal/appointment_book.html", context), problem)


def moment(text: str) -> datetime:
    """A time as a form or a program sends it. Raises Invalid."""
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError
    except ValueError:
        raise Invalid(_("Choose one of the times that are offered."), where="at", code="no_slot") from None
    return found


def choice(hall: Hall, line: HallLine, asked: str, chosen: str = "") -> dict[str, Any]:
    """The days that can be booked and the times of one of them: the one asked for, else the first with a place."""
    now = clock.now()
    days = opening.days(hall, current_calendar(), now)
    try:
        day = date.fromisoformat(asked or chosen[:10])
    except ValueError:
        day = None
    if day not in days:
        day = next((one for one in days if any(s.free for s in bookings.free(hall, line, one, now))), None)
    slots = bookings.free(hall, line, day, now) if day else []
    return {"days": days, "day": day, "slots": [(opening.local(one.at), one.free) for one in slots]}


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Asks for number and secret; right, the appointment's own page."""
    number = (request.POST if request.method == "POST" else request.GET).get("number", "")[:20]
    problem = None
    if request.method == "POST":
        secret = request.POST.get("secret", "").strip()[:64]
        try:
            limits.FOLLOWS.take(request)
            found = bookings.find(number, secret)
        except Problem as refused:
            problem = refused
        else:
            own.remember(request, found.number, secret, own.BOOKINGS)
            return redirect("appointment", found.number)
    context = {"number": number, "problem": problem}
    return problems.shown(render(request, "portal/appointment_find.html", context), problem)


@require_safe
def by_code(request: HttpRequest, number: str) -> HttpResponse:
    """Where the printed code leads; the secret stands after the # and is posted by the browser."""
    context = {"number": number[:20], "problem": None}
    return render(request, "portal/appointment_find.html", context)


@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, number)


def _page(request: HttpRequest, number: str, problem: Problem | None = None) -> HttpResponse:
    """The own appointment with its receipt; once one has come, the ticket and how many are ahead."""
    secret = own.secret_of(request, number, own.BOOKINGS)
    if not secret:
        return redirect(reverse("appointment-find") + f"?number={number[:20]}")
    row, now = bookings.find(number, secret), clock.now()
    hall = current().halls.get(row.hall)
    line = hall.line(row.line) if hall else None
    state = bookings.state_of(row, now)
    ticket = getattr(row, "ticket", None) if row.state == "arrived" else None
    context: dict[str, Any] = {
        "words": words, "row": row, "at": opening.local(row.at), "state": state, "secret": secret, "hall": hall,
        "line": line, "service": current().services.get(row.service), "phone": mask_phone(row.phone),
        "qr": receipts.qr_svg(request.build_absolute_uri(reverse("appointment-code", args=[row.number])) + "#" + secret),
        "ticket": ticket, "ahead": lines.ahead_of(ticket, hall, now) if ticket and hall else None, "problem": problem,
        "may_change": state == "booked" and row.at > now, "may_come": _may_come(row, hall, now, state),
        "moves_left": max(bookings.MOST_MOVES - row.moves, 0),
    }  # fmt: skip
    if context["may_change"] and hall and line:
        context |= choice(hall, line, request.GET.get("day", "") or opening.local(row.at).date().isoformat())
    response = problems.shown(render(request, "portal/appointment.html", context), problem)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _may_come(row: Any, hall: Hall | None, now: datetime, state: str) -> bool:
    soon = hall is not None and (row.at - now).total_seconds() <= 60 * hall.early
    return state == "booked" and soon and row.day == opening.local_day(now)


@require_POST
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Moves or cancels the own appointment, or says that one is in the hall."""
    secret = own.secret_of(request, number, own.BOOKINGS)
    if not secret:
        return redirect(reverse("appointment-find") + f"?number={number[:20]}")
    given = {"number": number, "secret": secret, "now": clock.now()}
    try:
        limits.BOOKINGS.take(request)
        if action == "move":
            bookings.move(at=moment(request.POST.get("at", "")[:40]), **given)
            notices.say(request, _("Your appointment was moved."))
        elif action == "cancel":
            bookings.cancel(**given)
            notices.say(request, _("Your appointment was cancelled. Somebody else can have the time now."))
        else:
            ticket = bookings.come(**given)
            notices.say(request, _("Your number is %(label)s.") % {"label": ticket.label})
    except Problem as problem:
        return _page(request, number, problem)
    return redirect("appointment", number)


@require_safe
def screen(request: HttpRequest, slug: str) -> HttpResponse:
    """The screen in the hall: numbers and counters, and nothing else."""
    return render(request, "portal/screen.html", _board(slug))


@require_safe
def screen_now(request: HttpRequest, slug: str) -> HttpResponse:
    """What changes on the screen, asked for every few seconds."""
    response = render(request, "portal/screen_now.html", _board(slug))
    response.headers["Cache-Control"] = "no-store"
    return response


def _board(slug: str) -> dict[str, Any]:
    hall = opening.hall_of(current(), slug)
    board = tickets.board(hall, clock.now())
    return {"words": words, "hall": hall, "board": board, "shown": (board.called + board.serving)[:SHOWN]}


def _services(line: HallLine) -> list[Any]:
    rules = current()
    return [rules.services[slug] for slug in line.services if slug in rules.services]
