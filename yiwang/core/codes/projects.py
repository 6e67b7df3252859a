"""The national code of a construction project: ``2104-210104-04-01-123456``, 24 characters with its four hyphens.

Year and month, area, industry, kind of project, serial number. The form is UNVERIFIED: it is the one that is seen on
published approvals; whether one of the digits is a check digit is not known, so none is computed and none is made up.
"""

from dataclasses import dataclass

from .errors import N_, CodeError
from .text import DIGITS, compact, require_characters, require_length

PARTS = (4, 6, 2, 2, 6)
_ADVICE = N_("copy it from the filing notice; it looks like 2104-210104-04-01-123456")


@dataclass(frozen=True, slots=True)
class ProjectCode:  # 投资项目统一代码
    value: str  # with its hyphens: 24 characters
    year: int
    month: int
    area: str  # 6 digits
    industry: str
    kind: str
    serial: int


def parse_project_code(text: str) -> ProjectCode:
    """The project code in a text as people type it: hyphens may be missing.

    Raises CodeError: length, characters, date (a month that is none), area, range (a serial of zeros).
    """
    kind = "project_code"
    value = compact(kind, text)
    require_length(kind, value, (sum(PARTS),))
    require_characters(kind, value, DIGITS)
    parts, start = [], 0
    for length in PARTS:
        parts.append(value[start : start + length])
        start += length
    shown = "-".join(parts)
    if not 1 <= int(parts[0][2:]) <= 12:
        raise CodeError(
            kind, "date", shown, N_("its first 4 digits are not a year with two digits and a month"), _ADVICE
        )
    if parts[1].startswith("0") or parts[1].endswith("0000"):
        raise CodeError(
            kind, "area", shown, N_("digits 5 to 10 are not the code of a county or district"), _ADVICE
        )
    if not int(parts[4]):
        raise CodeError(kind, "range", shown, N_("serial numbers begin at 1"), _ADVICE)
    return ProjectCode(
        shown, 2000 + int(parts[0][:2]), int(parts[0][2:]), parts[1], parts[2], parts[3], int(parts[4])
    )
