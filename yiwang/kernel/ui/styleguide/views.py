"""The style page: for staff, and in a demonstration for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel.errors import NotSignedIn
from yiwang.kernel.ui.styleguide import asked as asked_sample
from yiwang.kernel.ui.styleguide import colours, samples


def _open(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if settings.PRODUCTION and not (actor and actor.signed_in):
            raise NotSignedIn(_("Sign in first."))
        return view(request)

    return guarded


@_open
def components(request: HttpRequest) -> HttpResponse:
    """Every component with every state."""
    more = {"pairs": colours.pairs(), "tokens": colours.tokens(), "tones": colours.TONES}
    return render(request, "ui/styleguide/components.html", samples.context() | more)


@_open
def form(request: HttpRequest) -> HttpResponse:
    """A form of the portal that was refused."""
    return render(request, "ui/styleguide/form.html", samples.context())


@_open
def asked(request: HttpRequest) -> HttpResponse:
    """A form made of a schema, refused, and its answers to be read."""
    return render(request, "ui/styleguide/asked.html", asked_sample.context())


@_open
def maps(request: HttpRequest) -> HttpResponse:
    """A map to look at, one to choose a place on, and a chart."""
    return render(request, "ui/styleguide/maps.html", samples.context())


@_open
def points(request: HttpRequest) -> HttpResponse:
    return JsonResponse(samples.points())


@_open
def cells(request: HttpRequest) -> HttpResponse:
    return JsonResponse(samples.cells())
