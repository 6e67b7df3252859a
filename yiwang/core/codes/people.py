"""Codes of persons: resident ID (GB 11643) and phone numbers."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .errors import N_, CodeError
from .masks import mask_phone
from .places import PROVINCES
from .text import DIGITS, compact, cut, personal, plain, require_characters, require_length

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_COMPARE = N_("compare it with the card, digit by digit")


@dataclass(frozen=True, slots=True)
class ResidentId:  # 公民身份号码
    value: str
    area: str  # the 6-digit area where it was first issued; may no longer exist
    birth: date
    sex: Literal["female", "male"]

    @property
    def masked(self) -> str:
        return personal(self.value)


def parse_resident_id(text: str, today: date | None = None) -> ResidentId:
    """An 18-character resident ID by GB 11643-1999, also that of a residence permit of the same format.

    `today`, when given, refuses a date of birth after it.
    Raises CodeError: length, characters, area, birth_date, future, checksum.
    """
    kind = "resident_id"
    value = compact(kind, text, personal)
    shown = personal(value)
    if len(value) == 15 and value.isascii() and value.isdigit():
        raise CodeError(
            kind,
            "old_format",
            shown,
            N_("it is a 15-digit number of the first generation"),
            N_("ask for the 18-digit number; the old ones ended on 1 January 2013"),
        )
    require_length(kind, value, (18,), shown)
    require_characters(kind, value[:17], DIGITS, shown)
    require_characters(kind, value[17:], DIGITS | {"X"}, shown)
    # 9… is the foreign permanent resident's ID card of 2023: 9, province, nationality.
    if value[:2] not in PROVINCES and not (value[0] == "9" and value[1:3] in PROVINCES):
        raise CodeError(
            kind,
            "area",
            shown,
            N_("it begins with %(prefix)s, which is no province"),
            _COMPARE,
            {"prefix": value[:2]},
        )
    birth = _birth(kind, value, shown, today)
    if _CHECKS[sum(int(d) * w for d, w in zip(value, _WEIGHTS, strict=False)) % 11] != value[17]:
        raise CodeError(kind, "checksum", shown, N_("its check character does not fit"), _COMPARE)
    return ResidentId(value, value[:6], birth, "male" if int(value[16]) % 2 else "female")


def _birth(kind: str, value: str, shown: str, today: date | None) -> date:
    year, month, day = int(value[6:10]), int(value[10:12]), int(value[12:14])
    try:
        birth = date(year, month, day)
    except ValueError:
        birth = None
    if birth is None or year < 1850:
        raise CodeError(kind, "birth_date", shown, N_("digits 7 to 14 are not a date of birth"), _COMPARE)
    if today is not None and birth > today:
        raise CodeError(kind, "future", shown, N_("its date of birth has not come yet"), _COMPARE)
    return birth


@dataclass(frozen=True, slots=True)
class Phone:
    value: str  # 13800000000; 024-88000000; 024-88000000-123; 4000000000; 12345
    kind: Literal["mobile", "landline", "service"]

    @property
    def masked(self) -> str:
        return mask_phone(self.value)


_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1[3-9]\d{9}$|0?[1-9]\d{8,11}$)")
_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_LANDLINE = re.compile(r"^(010|02\d|0[3-9]\d{2})([2-8]\d{6,7})$")
_LOCAL = re.compile(r"^[2-8]\d{6,7}$")
_SERVICE = re.compile(r"^(?:[48]00\d{7}|1[0-2]\d{1,4}|9[5-9]\d{3,7})$")
_EXTENSION = re.compile(r"^(.*\d.*?)\s*(?:转|#|EXT\.?|-)\s*(\d{1,5})$")


def _shown_phone(text: str) -> str:
    return mask_phone(cut(text))


def parse_mobile(text: str) -> Phone:
    """A mobile number of mainland China: 11 digits; +86, spaces and dashes are accepted.

    Raises CodeError: length, characters, prefix.
    """
    kind = "mobile"
    value = _COUNTRY.sub("", compact(kind, text, _shown_phone))
    require_length(kind, value, (11,), _shown_phone(value))
    require_characters(kind, value, DIGITS, _shown_phone(value))
    if not _MOBILE.match(value):
        raise CodeError(
            kind,
            "prefix",
            _shown_phone(value),
            N_("no mobile number begins with %(prefix)s"),
            N_("give the 11 digits of a mobile number of mainland China"),
            {"prefix": value[:2]},
        )
    return Phone(value, "mobile")


def parse_phone(text: str, home: str | None = None) -> Phone:
    """A mobile, landline (with its area code, or with `home` such as ``024`` put before it) or service number.

    Raises CodeError: characters, format.
    """
    kind = "phone"
    whole = plain(kind, text, _shown_phone)
    found = _match_phone(compact(kind, text, _shown_phone).replace("(", "").replace(")", ""), home)
    if found is None and (split := _EXTENSION.match(whole)):
        rest = compact(kind, split[1], _shown_phone).replace("(", "").replace(")", "")
        line = _match_phone(rest, home)
        if line is not None and line.kind == "landline":
            found = Phone(f"{line.value}-{split[2]}", "landline")
    if found is None:
        raise CodeError(
            kind,
            "format",
            _shown_phone(whole),
            N_("it is neither a mobile number nor a landline with area code"),
            N_("write it like 13800000000 or 024-88000000"),
        )
    return found


def _match_phone(value: str, home: str | None) -> Phone | None:
    national = _COUNTRY.sub("", value)
    if national != value and national[0] != "0" and not _MOBILE.match(national):
        # +86 24 …: from abroad the 0 of the area code is left out.
        national = "0" + national
    if _MOBILE.match(national):
        return Phone(national, "mobile")
    if line := _LANDLINE.match(national):
        return Phone(f"{line[1]}-{line[2]}", "landline")
    if _SERVICE.match(national):
        return Phone(national, "service")
    if home and _LOCAL.match(national):
        return Phone(f"{home}-{national}", "landline")
    return None
