"""Anybody verifies a licence by its number and code: status and masked holder, nothing more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.kernel.access import limits
from yiwang.kernel.errors import Problem
from yiwang.kernel.records.licences import actions, queries
from yiwang.kernel.records.licences.queries import PublicLicence
from yiwang.kernel.ui import clock, moments, problems


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The form; with number and code, the answer."""
    number, code = (request.GET.get(name, "").strip()[:40] for name in ("number", "code"))
    if not number or not code:
        return _page(request, number)
    return by_code(request, number.upper(), code.lower())


@require_safe
def by_code(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Where the printed code leads."""
    try:
        limits.VERIFIES.take(request)
        found = queries.public(number, code, clock.now())
    except Problem as problem:
        return _page(request, number[:40], problem=problem)
    return _page(request, found.number, found)


def _page(
    request: HttpRequest, number: str, found: PublicLicence | None = None, problem: Problem | None = None
) -> HttpResponse:
    context: dict = {"number": number, "found": found, "problem": problem}
    if found is not None:
        chinese = moments.chinese()
        context |= {
            "word": actions.status_word(found.status),
            "name": found.type if chinese else found.type_en,
            "issuer": found.issuer if chinese else found.issuer_en,
        }
    response = problems.shown(render(request, "portal/licence.html", context), problem)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
