"""Money as people write it, and whole fen as everything here keeps it."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid

MOST = 100_000_000  # fen: a million yuan; more is a slip of the hand
_YUAN = re.compile(r"^(\d{1,9})(?:\.(\d{1,2}))?$")


def fen(text: str, where: str, most: int = MOST) -> int:
    """`1,234.5` yuan as 123450 fen. Raises Invalid for what is no amount, and beyond `most`, a million yuan."""
    match = _YUAN.match(str(text).replace(",", "").replace("，", "").strip())
    if match is None:
        raise Invalid(_("Write an amount in yuan, such as 745 or 745.50."), where=where, code="no_amount")
    found = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    if found > most:
        raise Invalid(
            _("So much money cannot be right; look at the amount again."),
            where=where,
            code="too_much",
        )
    return found


def yuan(amount: int | None) -> str:
    """1,234.50; '' where there is no amount."""
    if amount is None:
        return ""
    sign, amount = ("-", -amount) if amount < 0 else ("", amount)
    return f"{sign}{amount // 100:,}.{amount % 100:02d}"


def month(text: str, where: str = "month") -> date:
    """`2026-12` as its first day. Raises Invalid."""
    try:
        found = date.fromisoformat(f"{str(text).strip()}-01")
    except ValueError:
        found = date.min
    if not 2000 <= found.year <= 2100:
        raise Invalid(_("Write a month, such as 2026-12."), where=where, code="no_month")
    return found


def next_month(day: date, months: int = 1) -> date:
    """The first day of the month so many months after the one of `day`."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def last_day(day: date) -> date:
    """The last day of the month of `day`."""
    return date.fromordinal(next_month(day).toordinal() - 1)
