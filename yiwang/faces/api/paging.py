"""Keyset pages: a cursor in, rows and the next cursor out. Nothing is counted."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from ninja import Query

from yiwang.faces.api.replies import reply
from yiwang.kernel.matters.pages import Page

After = Query("", max_length=200, description="The cursor `next` of the page before.")
Many = Query(50, ge=1, le=200, description="How many rows.")


def page(request: HttpRequest, rows: Sequence[dict], found: Page) -> HttpResponse:
    """One keyset page: `items`, and `next`, the cursor of the page after it (null at the end), also as a Link."""
    headers = {}
    if found.next:
        query = request.GET.copy()
        query["after"] = found.next
        address = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        headers["Link"] = f'<{address}>; rel="next"'
    return reply({"items": rows, "next": found.next or None}, headers=headers)
