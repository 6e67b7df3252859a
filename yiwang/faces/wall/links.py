"""The address of the list behind a figure."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from yiwang.kernel.registers.queries import AreaRow


def wall(code: str = "") -> str:
    return reverse("wall") + (f"?{urlencode({'area': code})}" if code else "")


def matters(area: AreaRow | str, **filters: str | date) -> str:
    """The list of all matters; the district is not named, since matters without an area lie in it too."""
    code = area if isinstance(area, str) else area.code
    given = {"area": code} if len(code) > 6 else {}
    given |= {name: str(value) for name, value in filters.items() if value}
    return reverse("matters") + (f"?{urlencode(given)}" if given else "")


def listed(area: AreaRow, what: str, **more: str) -> str:
    """The wall's own lists: what passed today, the duties of a unit, a cell."""
    given = {"area": area.code, "what": what} | {name: value for name, value in more.items() if value}
    return f"{reverse('wall-list')}?{urlencode(given)}"
