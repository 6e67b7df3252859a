"""Codes of city management: components, matter classes, unit grids (GB/T 47678-2026, and GB/T 30428 before it)."""

from dataclasses import dataclass
from typing import Literal

from .errors import N_, CodeError
from .places import parse_area_code
from .text import DIGITS, compact, require_characters, require_length

Standard = Literal["GB/T 47678.5-2026", "GB/T 30428.2-2013"]
CURRENT: Standard = "GB/T 47678.5-2026"
LEGACY: Standard = "GB/T 30428.2-2013"
_COMPARE = N_("compare it with the catalogue of components and matters")


@dataclass(frozen=True, slots=True)
class ComponentCode:  # 管理部件标识码
    value: str
    standard: Standard  # told by the length: 17 digits current, 16 legacy
    area: str  # 6 digits
    class_code: str  # 5 digits current, 4 legacy
    sequence: int


@dataclass(frozen=True, slots=True)
class MatterClass:  # 事项代码
    value: str  # class code with the area before it, when it was given
    standard: Standard
    area: str | None
    class_code: str  # 5 digits current, 4 legacy
    major: str  # 2 digits
    minor: str  # 3 digits current, 2 legacy

    @property
    def mirrors_component(self) -> bool:
        """Whether the class is "something is wrong with a component" (majors 01–05 of the current standard)."""
        return self.standard == CURRENT and self.major <= "05"


@dataclass(frozen=True, slots=True)
class GridCode:  # 单元网格标识码
    value: str  # 15 digits
    area: str  # 6 digits
    community: str  # 12 digits
    sequence: int


def _standard(class_digits: int) -> Standard:
    return CURRENT if class_digits == 5 else LEGACY


def _require_area(kind: str, value: str) -> None:
    try:
        level = parse_area_code(value[:6]).level
    except CodeError:
        level = None
    if level != "county":
        raise CodeError(
            kind,
            "area",
            value,
            N_("its first 6 digits, %(area)s, are not the code of a district"),
            _COMPARE,
            {"area": value[:6]},
        )


def _require_class(kind: str, value: str, class_code: str) -> None:
    if class_code[:2] == "00" or not class_code[2:].strip("0"):
        raise CodeError(
            kind,
            "class",
            value,
            N_("%(class)s is no class"),
            _COMPARE,
            {"class": class_code},
        )


def parse_component_code(text: str) -> ComponentCode:
    """A component's code: 6 area + 5 class + 6 sequence (GB/T 47678.5), or 6 + 4 + 6 (GB/T 30428.2).

    Raises CodeError: length, characters, area, class.
    """
    kind = "component"
    value = compact(kind, text)
    require_length(kind, value, (17, 16))
    require_characters(kind, value, DIGITS)
    class_code = value[6:-6]
    _require_area(kind, value)
    _require_class(kind, value, class_code)
    return ComponentCode(value, _standard(len(class_code)), value[:6], class_code, int(value[-6:]))


def component_code(area: str, class_code: str, sequence: int) -> str:
    """The code of the `sequence`-th component of its class; the class has 5 digits (current) or 4 (legacy).

    Raises CodeError as `parse_component_code`, also for a sequence that needs more than 6 digits.
    """
    return parse_component_code(f"{area}{class_code}{sequence:06d}").value


def parse_matter_class(text: str) -> MatterClass:
    """A matter class: 5 digits, or 11 with the area before (GB/T 47678.5); 4 or 10 (GB/T 30428.2).

    Whether the class exists is for the catalogue of the pack to say.
    Raises CodeError: length, characters, area, class.
    """
    kind = "matter_class"
    value = compact(kind, text)
    require_length(kind, value, (5, 11, 4, 10))
    require_characters(kind, value, DIGITS)
    area, class_code = (value[:6], value[6:]) if len(value) > 5 else (None, value)
    if area is not None:
        _require_area(kind, value)
    _require_class(kind, value, class_code)
    return MatterClass(value, _standard(len(class_code)), area, class_code, class_code[:2], class_code[2:])


def parse_grid_code(text: str) -> GridCode:
    """A unit grid's code by GB/T 47678.3: 6 area + 3 sub-district + 3 community + 3 sequence.

    Raises CodeError: length, characters, area.
    """
    kind = "grid"
    value = compact(kind, text)
    require_length(kind, value, (15,))
    require_characters(kind, value, DIGITS)
    _require_area(kind, value)
    return GridCode(value, value[:6], value[:12], int(value[12:]))
