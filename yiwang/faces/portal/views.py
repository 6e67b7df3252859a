"""The home page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.faces.portal import counting, own
from yiwang.kernel.errors import Problem
from yiwang.kernel.ui import clock, moments


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What one can do here, what one has reported, and what came of everybody's reports."""
    try:
        counts = counting.ready_counts(clock.now(), not moments.chinese())
    except Problem:  # no pack is loaded yet: the page says what one can do all the same
        counts = None
    context = {"own": own.numbers(request), "counts": counts[30] if counts else None}
    return render(request, "portal/home.html", context)
