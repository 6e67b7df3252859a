"""Area codes: GB/T 2260 to the county, statistical codes to the community."""

from dataclasses import dataclass
from typing import Literal

from .errors import N_, CodeError
from .text import DIGITS, compact, require_characters, require_length

#: The first two digits of GB/T 2260.
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_COMPARE = N_("compare it with the list of areas")

Level = Literal["province", "city", "county", "subdistrict", "community"]
_ENDS = {"province": 2, "city": 4, "county": 6, "subdistrict": 9, "community": 12}


@dataclass(frozen=True, slots=True)
class AreaCode:  # 行政区划代码 / 统计用区划代码
    value: str  # as it was given: 6, 9 or 12 digits
    level: Level

    @property
    def full(self) -> str:
        """12 digits, zeros behind."""
        return self.value.ljust(12, "0")

    @property
    def county(self) -> str:
        """The 6 digits of the district or county."""
        return self.value[:6]

    @property
    def prefix(self) -> str:
        """The digits that all areas inside begin with."""
        return self.full[: _ENDS[self.level]]

    def contains(self, other: "AreaCode") -> bool:
        return other.full.startswith(self.prefix)


def parse_area_code(text: str) -> AreaCode:
    """An area code of 6 (GB/T 2260), 9 or 12 digits (statistical or civil-affairs).

    Raises CodeError: length, characters, area.
    """
    kind = "area"
    value = compact(kind, text)
    require_length(kind, value, (6, 9, 12))
    require_characters(kind, value, DIGITS)
    if value[:2] not in PROVINCES:
        raise CodeError(
            kind,
            "area",
            value,
            N_("it begins with %(prefix)s, which is no province"),
            _COMPARE,
            {"prefix": value[:2]},
        )
    full = value.ljust(12, "0")
    level: Level = "province"
    ended_at = ""
    start = 2
    for name, end in list(_ENDS.items())[1:]:
        if full[start:end].strip("0"):
            if ended_at:
                raise CodeError(
                    kind,
                    "gap",
                    value,
                    N_("it names a %(level)s, but its %(missing)s is zero"),
                    _COMPARE,
                    {"level": name, "missing": ended_at},
                )
            level = name
        else:
            ended_at = ended_at or name
        start = end
    return AreaCode(value, level)
