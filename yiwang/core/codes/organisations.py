"""Codes of organisations: unified social credit code (GB 32100) and the organisation code in it (GB 11714)."""

from dataclasses import dataclass

from .errors import N_, CodeError
from .text import DIGITS, LETTERS, compact, require_characters, require_length

#: GB 32100 leaves out the letters that look like digits.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: n for n, character in enumerate(_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_COMPARE = N_("compare it with the licence; I, O, S, V and Z never occur in it")
_COMPARE_ORG = N_("compare it with the certificate")


@dataclass(frozen=True, slots=True)
class OrgCode:  # 组织机构代码
    value: str  # 9 characters

    @property
    def dashed(self) -> str:
        return f"{self.value[:8]}-{self.value[8]}"


@dataclass(frozen=True, slots=True)
class Uscc:  # 统一社会信用代码
    value: str  # 18 characters
    registrar: str  # 登记管理部门代码, 1 character
    category: str  # 机构类别代码, 1 character
    area: str  # 登记管理机关行政区划码, 6 digits
    organisation: OrgCode


def _org_check(body: str) -> str:
    total = sum(int(c, 36) * w for c, w in zip(body, _ORG_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _uscc_check(body: str) -> str:
    total = sum(_VALUES[c] * w for c, w in zip(body, _USCC_WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def parse_org_code(text: str) -> OrgCode:
    """A 9-character organisation code by GB 11714-1997. Raises CodeError: length, characters, checksum."""
    kind = "org_code"
    value = compact(kind, text)
    require_length(kind, value, (9,))
    require_characters(kind, value, DIGITS | LETTERS)
    if value[8] != _org_check(value[:8]):
        raise CodeError(kind, "checksum", value, N_("its check character does not fit"), _COMPARE_ORG)
    return OrgCode(value)


def parse_uscc(text: str) -> Uscc:
    """An 18-character unified social credit code by GB 32100-2015, with the organisation code inside it checked too.

    Raises CodeError: length, characters, checksum.
    """
    kind = "uscc"
    value = compact(kind, text)
    require_length(kind, value, (18,))
    for place, character in enumerate(value, start=1):
        if character not in (DIGITS if 3 <= place <= 8 else _VALUES):
            raise CodeError(
                kind,
                "characters",
                value,
                N_("character %(place)d is %(character)s, which cannot stand there"),
                _COMPARE,
                {"place": place, "character": character},
            )
    if value[17] != _uscc_check(value[:17]) or value[16] != _org_check(value[8:16]):
        raise CodeError(kind, "checksum", value, N_("its check character does not fit"), _COMPARE)
    return Uscc(value, value[0], value[1], value[2:8], OrgCode(value[8:17]))
