"""Who stands before the wall, and which area it shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yiwang.domains.operations.wall import reach
from yiwang.kernel.errors import NotSignedIn
from yiwang.kernel.registers.queries import AreaRow


def of_an_area(view: Callable[[HttpRequest, AreaRow], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A view of the area that `?area=` asks for, when the signed-in person may look at it as a whole."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not request.actor.signed_in:
            raise NotSignedIn(_("Sign in first."))
        area = reach.choose(request.actor, request.GET.get("area", "").strip()[:12])
        response = view(request, area)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded
