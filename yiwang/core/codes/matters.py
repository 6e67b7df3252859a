"""The readable number of a matter: ``20260924-000123-7``, day of opening, sequence of that day, check digit.

It is read aloud on the phone and copied by hand, so the check digit is Damm's: it catches every single wrong digit
and every swap of two neighbours (H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004).
"""

import re
from dataclasses import dataclass
from datetime import date

from .errors import N_, CodeError
from .text import DASHES, DIGITS, compact, plain, require_characters, require_length

_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_LARGEST = 999_999
_ADVICE = N_("read the number again from the receipt; it looks like 20260924-000123-7")


@dataclass(frozen=True, slots=True)
class MatterNumber:  # 案件编号
    value: str
    day: date
    sequence: int


def _check_digit(digits: str) -> str:
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return str(state)


def matter_number(day: date, n: int) -> str:
    """The number of the `n`-th matter opened on `day`. Raises CodeError (range) unless 1 <= n <= 999,999."""
    if not 1 <= n <= _LARGEST:
        raise CodeError(
            "matter_number",
            "range",
            str(n),
            N_("a day has the numbers 1 to %(largest)d"),
            N_("number the matters of each district by themselves"),
            {"largest": _LARGEST},
        )
    body = f"{day:%Y%m%d}{n:06d}"
    if len(body) != 14:  # strftime does not pad years before 1000
        body = body.zfill(14)
    return f"{body[:8]}-{body[8:]}-{_check_digit(body)}"


def parse_matter_number(text: str) -> MatterNumber:
    """The matter number in a text as people type it: dashes and leading zeros of the sequence may be missing.

    Raises CodeError: length, characters, checksum, date.
    """
    kind = "matter_number"
    parts = [p for p in re.split(rf"[\s{re.escape(DASHES)}]+", plain(kind, text)) if p]
    if len(parts) == 3 and len(parts[0]) == 8 and len(parts[1]) < 6 and len(parts[2]) == 1:
        parts[1] = parts[1].zfill(6)
    value = compact(kind, "".join(parts))
    require_length(kind, value, (15,))
    require_characters(kind, value, DIGITS)
    shown = f"{value[:8]}-{value[8:14]}-{value[14]}"
    if _check_digit(value[:14]) != value[14]:
        raise CodeError(
            kind, "checksum", shown, N_("its check digit does not fit, so a digit is wrong"), _ADVICE
        )
    try:
        day = date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError:
        raise CodeError(kind, "date", shown, N_("its first 8 digits are not a date"), _ADVICE) from None
    if value[8:14] == "000000":
        raise CodeError(kind, "range", shown, N_("sequences begin at 1"), _ADVICE)
    return MatterNumber(shown, day, int(value[8:14]))
