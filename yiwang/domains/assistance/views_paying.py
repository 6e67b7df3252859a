"""Pages of the finance post: the list of a month, its batches, the bank's file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.core.codes.masks import mask_name
from yiwang.domains.assistance import bankfile, money, paying, returning, withholding
from yiwang.domains.assistance.answers import today
from yiwang.domains.assistance.models import Payment, PaymentBatch
from yiwang.domains.assistance.views import page
from yiwang.kernel.errors import Conflict, Invalid, NotFound, Problem
from yiwang.kernel.ui import clock, notices
from yiwang.kernel.ui.door import staff_only

MOST_BATCHES = 60
MOST_LINES = 500


@require_GET
@staff_only
def payments(request: HttpRequest) -> HttpResponse:
    return _payments(request, request.GET.get("month", ""))


def _payments(request: HttpRequest, month: str, problem: Problem | None = None) -> HttpResponse:
    """What a list would hold now, and the batches made so far."""
    paying.require_pay(request.actor)
    first = money.next_month(today(clock.now()))
    try:
        wanted = money.month(month) if month else first
    except Problem as wrong:
        wanted, problem = first, problem or wrong
    cash = Payment.objects.filter(batch=None, month=wanted).values_list("programme", "area_id", "fen")
    context = {
        "month": wanted,
        "preview": paying.preview(wanted),
        "cash": paying.totals(wanted, cash),
        "balance": returning.balance(wanted),
        "owed": returning.visible(request.actor).filter(pk__in=returning.waits().values("pk")).count(),
        "batches": PaymentBatch.objects.select_related("made_by").order_by("-month", "-number")[
            :MOST_BATCHES
        ],
        "problem": problem,
    }
    return page(request, "payments", context, problem)


@require_POST
@staff_only
def make(request: HttpRequest) -> HttpResponse:
    try:
        month = money.month(request.POST.get("month", ""))
        batch = paying.make_list(actor=request.actor, month=month, now=clock.now())
    except Problem as problem:
        return _payments(request, request.POST.get("month", ""), problem)
    if batch is None:
        notices.say(request, _("Nothing waits to be paid for this month."))
        return redirect("assistance-payments")
    notices.say(request, _("The list is made: %(count)d payments.") % {"count": batch.count})
    return redirect("assistance-batch", batch.pk)


@require_GET
@staff_only
def batch(request: HttpRequest, id: UUID) -> HttpResponse:
    return _batch(request, id)


def _batch(
    request: HttpRequest, id: UUID, problem: Problem | None = None, found: list[Payment] | None = None
) -> HttpResponse:
    paying.require_pay(request.actor)
    row = PaymentBatch.objects.select_related("made_by").filter(pk=id).first()
    if row is None:
        raise NotFound(_("There is no such batch."))
    lines = row.payments.select_related("award").order_by("area", "programme", "id")
    gone = lines.filter(state=returning.WITHHELD)
    out = gone.filter(repaid=None)
    shown = lines[:MOST_LINES] if found is None else found
    context = {
        "batch": row,
        "lines": shown,
        "found": found is not None,
        "more": 0 if found is not None else max(0, lines.count() - MOST_LINES),
        "since": withholding.since_made(row),
        "out": list(out[:MOST_LINES]),
        "sums": {"out": paying.summed(gone), "all": paying.summed(lines)},
        "causes": withholding.CAUSES,
        "names_masked": lambda one: mask_name(one.award.name),
        "older_file": row.state != "paid" and paying.changed_after_file(row),
        "typed": request.POST if problem else {},
        "wrong": paying.reconcile(row),
        "no_account": paying.without_account(row),
        "by_programme": sorted(row.totals.get("programme", {}).items()),
        "by_area": sorted(row.totals.get("area", {}).items()),
        "back": lines.filter(state="returned").count(),
        "again": lines.exclude(repays=None).count(),
        "problem": problem,
    }
    return page(request, "batch", context, problem)


@require_POST
@staff_only
def find(request: HttpRequest, id: UUID) -> HttpResponse:
    """The page with the line of a serial number or an ID number. Posted, so that no number stands in an address."""
    row = PaymentBatch.objects.filter(pk=id).first()
    if row is None:
        raise NotFound(_("There is no such batch."))
    try:
        found = withholding.find(actor=request.actor, batch=row, text=request.POST.get("find", "")[:40])
    except Invalid as problem:
        return _batch(request, id, problem)
    return _batch(request, id, found=found)


@require_POST
@staff_only
def bank(request: HttpRequest, id: UUID) -> HttpResponse:
    """The bank's file. Posted, because taking it opens accounts and is on record."""
    try:
        name, data = bankfile.bank_file(
            actor=request.actor, batch=id, now=clock.now(), despite=request.POST.get("despite", "")
        )
    except (Conflict, Invalid) as problem:
        return _batch(request, id, problem)
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_POST
@staff_only
def paid(request: HttpRequest, id: UUID) -> HttpResponse:
    try:
        paying.confirm_paid(actor=request.actor, batch=id, now=clock.now())
    except Conflict as problem:
        return _batch(request, id, problem)
    notices.say(request, _("The batch is paid."))
    return redirect("assistance-batch", id)


@require_POST
@staff_only
def came_back(request: HttpRequest, id: UUID) -> HttpResponse:
    try:
        returning.come_back(
            actor=request.actor, payment=_line(request), why=request.POST.get("why", ""), now=clock.now()
        )
    except Problem as problem:
        return _batch(request, id, problem)
    notices.say(request, _("It is written down that the payment came back."))
    return redirect("assistance-batch", id)


@require_POST
@staff_only
def take_out(request: HttpRequest, id: UUID) -> HttpResponse:
    """A line leaves the list before the bank pays it."""
    try:
        withholding.take_out(
            actor=request.actor,
            payment=_line(request),
            cause=request.POST.get("cause", ""),
            why=request.POST.get("why", ""),
            now=clock.now(),
        )
    except (Conflict, Invalid, NotFound) as problem:
        return _batch(request, id, problem)
    notices.say(request, _("The line is out of the list. It is not paid until somebody puts it back."))
    return redirect("assistance-batch", id)


@require_POST
@staff_only
def put_back(request: HttpRequest, id: UUID) -> HttpResponse:
    """A line that was taken out is paid after all."""
    try:
        row = withholding.put_back(
            actor=request.actor, payment=_line(request), why=request.POST.get("why", ""), now=clock.now()
        )
    except (Conflict, Invalid, NotFound) as problem:
        return _batch(request, id, problem)
    again = row.state == returning.WITHHELD
    notices.say(request, _("It is paid with the next list.") if again else _("It is in the list again."))
    return redirect("assistance-batch", id)


def _line(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("payment", ""))
    except ValueError:
        raise Invalid(_("There is no such payment."), where="payment") from None
