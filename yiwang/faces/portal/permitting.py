"""The applicant lets the own application use a licence, or takes that back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.domains.services import drafts, licences
from yiwang.faces.portal import serving
from yiwang.kernel.access import limits
from yiwang.kernel.errors import Problem
from yiwang.kernel.ui import clock, notices


@require_POST
def licence(request: HttpRequest, number: str) -> HttpResponse:
    """Only for the browser that follows the application; who permits proves to be the holder."""
    secret = serving.secret_of(request, number)
    if not secret:
        return redirect(reverse("find") + f"?number={number[:20]}")
    sent = request.POST
    given = {
        "number": number,
        "secret": secret,
        "holder_number": sent.get("holder_number", "")[:40],
        "now": clock.now(),
    }
    try:
        limits.PROOFS.take(request)
        if "use" in sent:
            licences.take_back(use=drafts.uuid_of(sent["use"]), **given)
            notices.say(request, _("The licence can no longer be used for this application."))
        else:
            days = sent.get("days", "")
            licences.authorise(
                licence=sent.get("licence", "")[:60],
                days=int(days) if days in map(str, licences.DAYS) else 0,
                **given,
            )
            notices.say(
                request,
                _("The offices of this application may now look at the licence. Each look is recorded."),
            )
    except Problem as problem:
        return serving.page(request, number, secret, problem)
    return redirect("follow", number)
