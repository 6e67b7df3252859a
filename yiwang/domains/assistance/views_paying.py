"""Pages of the finance post: the list of a month, its batches, the bank's file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.domains.assistance import bankfile, money, paying, returning
from yiwang.domains.assistance.answers import today
from yiwang.domains.assistance.models import Payment, PaymentBatch
from yiwang.domains.assistance.views import page
from yiwang.kernel.errors import Invalid, NotFound, Problem
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
        "owed": returning.visible(request.actor).filter(repaid=None).count(),
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


def _batch(request: HttpRequest, id: UUID, problem: Problem | None = None) -> HttpResponse:
    paying.require_pay(request.actor)
    row = PaymentBatch.objects.select_related("made_by").filter(pk=id).first()
    if row is None:
        raise NotFound(_("There is no such batch."))
    lines = row.payments.select_related("award").order_by("area", "programme", "id")
    context = {
        "batch": row,
        "lines": lines[:MOST_LINES],
        "more": max(0, row.count - MOST_LINES),
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
def bank(request: HttpRequest, id: UUID) -> HttpResponse:
    """The bank's file. Posted, because taking it opens accounts and is on record."""
    name, data = bankfile.bank_file(actor=request.actor, batch=id, now=clock.now())
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_POST
@staff_only
def paid(request: HttpRequest, id: UUID) -> HttpResponse:
    paying.confirm_paid(actor=request.actor, batch=id, now=clock.now())
    notices.say(request, _("The batch is paid."))
    return redirect("assistance-batch", id)


@require_POST
@staff_only
def came_back(request: HttpRequest, id: UUID) -> HttpResponse:
    try:
        try:
            key = UUID(request.POST.get("payment", ""))
        except ValueError:
            raise Invalid(_("There is no such payment."), where="payment") from None
        returning.come_back(
            actor=request.actor, payment=key, why=request.POST.get("why", ""), now=clock.now()
        )
    except Problem as problem:
        return _batch(request, id, problem)
    notices.say(request, _("It is written down that the payment came back."))
    return redirect("assistance-batch", id)
