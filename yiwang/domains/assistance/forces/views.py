"""Pages of social forces: needs and offers beside each other, proposals to decide, vouchers and what was given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.domains.assistance import names
from yiwang.domains.assistance.forces import actions, checks, queries, vouchers
from yiwang.domains.assistance.models import Finding
from yiwang.kernel.errors import Denied, Invalid, NotFound, Problem
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.people import queries as people
from yiwang.kernel.ui import clock, notices
from yiwang.kernel.ui.door import staff_only


@require_safe
@staff_only
def home(request: HttpRequest) -> HttpResponse:
    return _home(request)


def _home(request: HttpRequest, problem: Problem | None = None, form: str = "") -> HttpResponse:
    """Everything of social forces that this person works with, and the forms; refused ones with what was typed."""
    actor = request.actor
    if not queries.areas(actor):
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="help")
    today = localdate(clock.now())
    context = {
        "needs": queries.needs(actor),
        "offers": queries.offers(actor),
        "proposed": queries.matches(actor, "proposed"),
        "confirmed": queries.matches(actor, "confirmed"),
        "names": names,
        "amount": amount,
        "giver": queries.giver,
        "phone": queries.phone,
        "urgencies": urgencies(),
        "may_match": current().district in queries.areas(actor),
        "items": items(),
        "communities": _areas("community"),
        "served": _served(actor),
        "problem": problem,
        "form": form,
        "typed": request.POST if problem else {},
        "new_id": uuid4(),
        "today": today,
        "visit": request.GET.get("visit", ""),
    }
    return render(request, "assistance/help.html", context, status=problem.status if problem else 200)


def urgencies() -> list[tuple[str, str]]:
    return [("normal", _("normal")), ("soon", _("soon")), ("urgent", _("urgent"))]


def items() -> list[tuple[str, list[tuple[str, str]]]]:
    """Kinds of help by their sort, each with its unit."""
    sorts = {
        "goods": _("Goods"),
        "services": _("Services"),
        "money": _("Money"),
        "volunteers": _("Volunteers"),
    }
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in sorts}
    for row in current().help_items.values():
        found[row.kind].append((row.slug, f"{names.named(row)} ({unit(row.slug)})"))
    return [(sorts[name], rows) for name, rows in found.items() if rows]


def unit(item: str) -> str:
    row = current().help_items.get(item)
    return names.help_unit(row) if row else ""


def amount(kind: str, item: str, quantity: int) -> str:
    """So much of an item, in its unit; money in yuan."""
    value = names.yuan(quantity) if kind == "money" else f"{quantity:,}"
    return f"{value} {unit(item)}"


def _areas(level: str) -> list[tuple[str, str]]:
    rows = [row for row in registers.areas().values() if row.level == level]
    return sorted(((row.code, names.area(row.code)) for row in rows), key=lambda one: one[0])


def _served(actor: Any) -> list[tuple[str, str]]:
    """The areas that an offer entered by this person may serve."""
    wholes = tuple(queries.areas(actor))
    rows = registers.areas().values()
    return [(row.code, names.area(row.code)) for row in rows if row.code.startswith(wholes)]


# what is sent


def _sent(view: Callable[[HttpRequest], str], form: str) -> Callable[..., HttpResponse]:
    """A form of the page: done, the page says so; refused, it comes back with what was typed."""

    @require_POST
    @staff_only
    def sent(request: HttpRequest, **where: Any) -> HttpResponse:
        try:
            said = view(request, **where)
        except Problem as refused:
            return _home(request, refused, form)
        notices.say(request, said)
        return redirect("assistance-help")

    return sent


def _need(request: HttpRequest) -> str:
    posted = request.POST
    item = posted.get("item", "")
    actions.ask(
        actor=request.actor,
        id=_uuid(posted.get("id", ""), "id"),
        household=_household(request),
        item=item,
        quantity=_quantity(item, posted.get("quantity", "")),
        urgency=posted.get("urgency", ""),
        until=_day(posted.get("until", ""), "until"),
        note=posted.get("note", ""),
        now=clock.now(),
    )
    return _("The need is entered.")


def _household(request: HttpRequest) -> UUID:
    """Whose need it is: of a visit, or found by the resident ID of a member."""
    number = request.POST.get("visit", "").strip()
    if number:
        row = Finding.objects.filter(matter__number=number).first()
        if row is None:
            raise NotFound(_("There is no visit %(number)s.") % {"number": number}, where="visit")
        return row.household
    found = people.find(request.actor, id_number=request.POST.get("id_number", ""))
    if found.household_id is None:
        raise Invalid(_("This person belongs to no household."), where="id_number")
    return found.household_id


def _offer(request: HttpRequest) -> str:
    posted = request.POST
    item = posted.get("item", "")
    actions.offer(
        actor=request.actor,
        id=_uuid(posted.get("id", ""), "id"),
        giver=posted.get("giver", ""),
        giver_kind=posted.get("giver_kind", ""),
        phone=posted.get("phone", ""),
        item=item,
        capacity=_quantity(item, posted.get("capacity", ""), "capacity"),
        place=posted.get("place", ""),
        serves=posted.get("serves", ""),
        radius_m=round(float(_number(posted.get("radius_km", "") or "0", "radius_km")) * 1000),
        since=_day(posted.get("since", ""), "since"),
        until=_day(posted.get("until", ""), "until"),
        now=clock.now(),
    )
    return _("The offer is entered.")


def _propose(request: HttpRequest) -> str:
    found = actions.propose(actor=request.actor, now=clock.now())
    return _("%(n)d matches are proposed. Look at each one and decide.") % {"n": len(found)}


def _decide(request: HttpRequest, id: UUID) -> str:
    if request.POST.get("decision") == "confirm":
        actions.confirm(actor=request.actor, match=id, now=clock.now())
        return _("The match is made.")
    actions.refuse(actor=request.actor, match=id, why=request.POST.get("why", ""), now=clock.now())
    return _("The match is refused.")


def _end(request: HttpRequest, what: str, id: UUID) -> str:
    if what == "need":
        actions.end_need(actor=request.actor, need=id, now=clock.now())
    else:
        actions.end_offer(actor=request.actor, offer=id, now=clock.now())
    return _("It is ended.")


def _redeem(request: HttpRequest) -> str:
    record = vouchers.redeem(actor=request.actor, code=request.POST.get("code", ""), now=clock.now())
    row = record.match
    return _("The voucher is used: %(what)s %(amount)s.") % {
        "what": names.help_item(row.need.item),
        "amount": amount(row.need.kind, row.need.item, record.quantity),
    }


need, offer = _sent(_need, "need"), _sent(_offer, "offer")
propose, decide, end = _sent(_propose, "propose"), _sent(_decide, "decide"), _sent(_end, "end")
redeem = _sent(_redeem, "redeem")


# one match


@require_safe
@staff_only
def match(request: HttpRequest, id: UUID) -> HttpResponse:
    return _match(request, id)


def _match(request: HttpRequest, id: UUID, problem: Problem | None = None, code: str = "") -> HttpResponse:
    """A confirmed match: vouchers, what was given. `code` of a voucher just issued is shown this once."""
    row = queries.match(request.actor, id)
    given = queries.records(row)
    context = {
        "match": row,
        "vouchers": queries.vouchers(row),
        "records": given,
        "left": row.quantity - sum(one.quantity for one in given),
        "code": code,
        "names": names,
        "amount": amount,
        "giver": queries.giver(row.offer),
        "phone": queries.phone(row.offer),
        "problem": problem,
        "typed": request.POST if problem else {},
        "new_id": uuid4(),
        "states": _voucher_states(clock.now()),
        "hows": {"code": _("by the code"), "signed": _("signed"), "phone": _("by telephone")},
    }
    return render(request, "assistance/match.html", context, status=problem.status if problem else 200)


def _voucher_states(now: Any) -> Callable[[Any], str]:
    def state(one: Any) -> str:
        if one.state == "issued" and one.expires_at <= now:
            return _("expired")
        return {"issued": _("can be used"), "used": _("used"), "void": _("withdrawn")}[one.state]

    return state


@require_POST
@staff_only
def on_match(request: HttpRequest, id: UUID, what: str) -> HttpResponse:
    """Issue or withdraw a voucher, record what was given, note the household's confirmation."""
    posted, now = request.POST, clock.now()
    try:
        row = queries.match(request.actor, id)
        if what == "voucher":
            _voucher, code = vouchers.issue(actor=request.actor, match=id, now=now)
            return _match(request, id, code=code)
        if what == "withdraw":
            vouchers.withdraw(
                actor=request.actor, voucher=_uuid(posted.get("voucher", ""), "voucher"), now=now
            )
        elif what == "record":
            vouchers.record(
                actor=request.actor,
                id=_uuid(posted.get("id", ""), "id"),
                match=id,
                quantity=_quantity(row.need.item, posted.get("quantity", "")),
                given_at=now,
                note=posted.get("note", ""),
                now=now,
            )
        elif what == "confirm":
            satisfied = posted.get("satisfied", "")
            vouchers.confirm(
                actor=request.actor,
                record=_uuid(posted.get("record", ""), "record"),
                how=posted.get("how", ""),
                satisfied=int(satisfied) if satisfied.isdigit() else None,
                now=now,
            )
        else:
            raise NotFound(_("There is no such action."))
    except Problem as refused:
        return _match(request, id, refused)
    notices.say(request, _("Kept."))
    return redirect("assistance-match", id)


# reading fields


def _quantity(item: str, text: str, where: str = "quantity") -> int:
    """A whole number of the item's unit; money is typed in yuan."""
    number = _number(text, where)
    if checks.item(item).kind == "money":
        number *= 100
    if number != number.to_integral_value():
        raise Invalid(_("Give a whole number above zero."), where=where)
    return int(number)


def _number(text: str, where: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", "").strip())
        if found.is_finite() and abs(found) < 10**12:
            return found
    except InvalidOperation:
        pass
    raise Invalid(_("Write a number."), where=where)


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Give a day, such as 2026-09-30."), where=where) from None


def _uuid(text: str, where: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("The form has no id. Open the page again."), where=where) from None
