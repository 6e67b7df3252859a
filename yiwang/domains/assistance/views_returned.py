"""Pages of what came back from the bank: the list, one payment with its story, the account put right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from uuid_utils.compat import uuid7

from yiwang.core.codes.masks import mask_id, mask_name
from yiwang.domains.assistance import returning, withholding
from yiwang.domains.assistance.models import Payment
from yiwang.domains.assistance.reach import corrects, works
from yiwang.domains.assistance.views import page
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.ui import clock, notices
from yiwang.kernel.ui.door import staff_only

MOST, MOST_DONE = 500, 50
FIELDS = ("account_bank", "account_number", "account_holder", "how")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def returned(request: HttpRequest) -> HttpResponse:
    """What came back and is still owed, and what was paid again. Posted: the lines of the bank's answer."""
    returning.require_see(request.actor)
    problem = None
    if request.method == "POST":
        try:
            lines = returning.read(request.POST.get("lines", ""))
            count = returning.come_back_all(actor=request.actor, lines=lines, now=clock.now())
        except Problem as wrong:
            problem = wrong
        else:
            notices.say(
                request, _("It is written down that %(count)d payments came back.") % {"count": count}
            )
            return redirect("assistance-returned")
    rows = returning.visible(request.actor).select_related("award", "repaid__batch")
    owed = rows.filter(state=returning.RETURNED, repaid=None).order_by("returned_at", "id")
    withheld = rows.filter(state=returning.WITHHELD, repaid=None).order_by("id")
    context = {
        "owed": [_line(row) for row in owed[:MOST]],
        "withheld": [_line(row) for row in withheld[:MOST]],
        "causes": withholding.CAUSES,
        "more": max(0, owed.count() - MOST),
        "done": [_line(row) for row in rows.exclude(repaid=None).order_by("-returned_at", "id")[:MOST_DONE]],
        "may_correct": corrects(request.actor),
        "may_pay": works(request.actor, "pay"),
        "typed": request.POST if problem else {},
        "problem": problem,
    }
    return page(request, "returned", context, problem)


def _line(row: Payment) -> dict[str, Any]:
    return {"row": row, "name": mask_name(row.award.name), "again": getattr(row, "repaid", None)}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def returned_one(request: HttpRequest, id: UUID) -> HttpResponse:
    """One payment that came back. Posted: the right account."""
    returning.require_see(request.actor)
    row = _row(request, id)
    if request.method != "POST":
        return _one(request, row)
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    account = {name: typed[f"account_{name}"] for name in ("bank", "number", "holder")}
    try:
        key = _key(request)
        returning.correct(
            actor=request.actor, payment=row.pk, account=account, how=typed["how"], now=clock.now(), id=key
        )
    except Problem as problem:
        return _one(request, row, problem, typed)
    notices.say(request, _("The account is put right. It is paid again with the next list."))
    return redirect("assistance-returned")


@require_POST
@staff_only
def stayed(request: HttpRequest, id: UUID) -> HttpResponse:
    """It did not come back after all."""
    row = _row(request, id)
    try:
        returning.stayed(
            actor=request.actor, payment=row.pk, why=request.POST.get("why", ""), now=clock.now()
        )
    except Problem as problem:
        return _one(request, row, problem)
    notices.say(request, _("It is written down that the payment did not come back."))
    return redirect("assistance-returned")


def _row(request: HttpRequest, id: UUID) -> Payment:
    rows = returning.visible(request.actor).select_related("award", "batch", "repaid__batch", "repays")
    row = rows.filter(pk=id).first()
    if row is None:
        raise NotFound(_("No such payment came back, or it lies elsewhere."))
    return row


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        raise Invalid(_("The form is damaged. Send it again."), where="id") from None


def _one(
    request: HttpRequest, row: Payment, problem: Problem | None = None, typed: Any = None
) -> HttpResponse:
    changes = [
        {"row": one, "account": _shown(one.account)}
        for one in row.changes.select_related("by").order_by("at", "id")
    ]
    kept = row.award.account if row.account is None else row.account
    context = {
        "one": row,
        "name": mask_name(row.award.name),
        "account": _shown(kept),
        "changes": changes,
        "out": row.state == returning.WITHHELD,
        "causes": withholding.CAUSES,
        "again": Payment.objects.filter(repays=row).select_related("batch").first(),
        "may_correct": corrects(request.actor),
        "may_pay": works(request.actor, "pay"),
        "id": request.POST.get("id") if problem else str(uuid7()),
        "typed": typed or {},
        "problem": problem,
    }
    return page(request, "returned_one", context, problem)


def _shown(account: str) -> str:
    """Bank, and the number masked."""
    if not account:
        return ""
    found = orjson.loads(account)
    return f"{found.get('bank', '')} {mask_id(found.get('number', ''))}".strip()
