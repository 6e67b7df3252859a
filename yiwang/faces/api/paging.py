"""Keyset pages: a cursor in, rows and the next cursor out. Nothing is counted."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query

from yiwang.faces.api.given import YEARS
from yiwang.faces.api.replies import reply
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters.queries import Page, read_cursor

After = Query("", max_length=200, description="The cursor `next` of the page before.")
Many = Query(50, ge=1, le=200, description="How many rows.")


def checked(after: str, *, undated: bool = False) -> str:
    """The cursor, when it is one that this list may have given. Raises Invalid `bad_cursor`.

    `undated`: in this list some rows have no moment.
    """
    found = read_cursor(after)
    moment = found[0] if found else None
    if found is None or (undated and moment is None):
        return after
    if moment is None or moment.tzinfo is None or not YEARS[0] <= moment.year <= YEARS[1]:
        raise Invalid(
            _("This page mark is not valid; begin at the first page."), where="after", code="bad_cursor"
        )
    return after


def page(request: HttpRequest, rows: Sequence[dict], found: Page) -> HttpResponse:
    """One keyset page: `items`, and `next`, the cursor of the page after it (null at the end), also as a Link."""
    headers = {}
    if found.next:
        query = request.GET.copy()
        query["after"] = found.next
        address = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        headers["Link"] = f'<{address}>; rel="next"'
    return reply({"items": rows, "next": found.next or None}, headers=headers)
