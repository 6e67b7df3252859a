"""What people type as a number, an amount, a date or a code, read into its value.

Each reader takes a cleaned text and gives the value, or raises Unreadable with a code. The patterns are also the
browser's: `describing` sends them along.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from yiwang.core.codes import CodeError, parse_resident_id, parse_uscc

FIRST_YEAR, LAST_YEAR = 1900, 2100
# Written so that Python (with re.ASCII) and browsers (with the flag u) read them alike; each must fit the whole text.
PATTERNS = {
    "whole": r"[+-]?[0-9]{1,15}",
    "grouped": r"[+-]?[0-9]{1,3}(?:,[0-9]{3}){1,4}",
    "money": r"(-?)[¥￥]?([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.([0-9]{1,2}))?元?",
    "date": r"([0-9]{4})(?:[-/.]|年)([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})日?",
    "compact_date": r"([0-9]{4})([0-9]{2})([0-9]{2})",
    "country": r"(?:\+|00)?86(1[3-9][0-9]{9})",
    "mobile": r"1[3-9][0-9]{9}",
    "id-number": r"[0-9]{17}[0-9X]",
    "org-code": r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}",
    "landline": r"(010|02[0-9]|0[3-9][0-9]{2})([2-8][0-9]{6,7})",
}
_COMPILED = {name: re.compile(pattern, re.ASCII) for name, pattern in PATTERNS.items()}
_SEPARATORS = re.compile(r"[ \-()]")


class Unreadable(ValueError):
    """The text is not what was asked for; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def _fits(name: str, text: str) -> re.Match[str] | None:
    return _COMPILED[name].fullmatch(text)


def whole(text: str) -> int:
    """A whole number of at most 15 digits; 1,234 is read too."""
    if not (_fits("whole", text) or _fits("grouped", text)):
        raise Unreadable("whole")
    return int(text.replace(",", ""))


def money(text: str) -> int:
    """An amount in yuan as whole fen: 1,234.5 is 123450."""
    found = _fits("money", text)
    if found is None:
        raise Unreadable("money")
    fen = int(found[2].replace(",", "")) * 100 + int((found[3] or "0").ljust(2, "0"))
    return -fen if found[1] else fen


def day(text: str) -> str:
    """A date as ISO text: 2026-9-1, 2026年9月1日 and 20260901 are read too."""
    found = _fits("date", text) or _fits("compact_date", text)
    if found is None:
        raise Unreadable("date")
    year, month, of_month = (int(part) for part in found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable("date")
    try:
        return date(year, month, of_month).isoformat()
    except ValueError:
        raise Unreadable("date") from None


def resident_id(text: str) -> str:
    plain = _plain(text)
    if not _fits("id-number", plain):
        raise Unreadable("id-number")
    try:
        return parse_resident_id(plain).value
    except CodeError:
        raise Unreadable("id-number") from None


def organisation(text: str) -> str:
    plain = _plain(text)
    if not _fits("org-code", plain):
        raise Unreadable("org-code")
    try:
        return parse_uscc(plain).value
    except CodeError:
        raise Unreadable("org-code") from None


def phone(text: str) -> str:
    """A mobile number, or a landline with its area code as 024-88000000."""
    plain = _SEPARATORS.sub("", text)
    if found := _fits("country", plain):
        plain = found[1]
    if _fits("mobile", plain):
        return plain
    found = _fits("landline", plain)
    if found is None:
        raise Unreadable("phone")
    return f"{found[1]}-{found[2]}"


def _plain(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


READERS: dict[str, Callable[[str], Any]] = {
    "whole": whole,
    "money": money,
    "date": day,
    "id-number": resident_id,
    "org-code": organisation,
    "phone": phone,
}
