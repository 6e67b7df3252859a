"""Who comes in: everybody who is signed in. The rulebook is the district's, not of one post."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yiwang.kernel.ui.door import staff_only


def for_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page to read, for people who have signed in."""
    return require_safe(staff_only(view))
