"""What is typed into the form of a new project, kept as it is until it is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.kernel.errors import Invalid
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import moments

PLAIN = (
    "code", "name", "project_class", "investor", "area", "address", "applicant", "applicant_code",
    "contact_name", "contact_phone", "land_m2", "floor_m2",
)  # fmt: skip
BUILDING = ("name", "floor_m2", "storeys", "height_m")
MOST = 12
FEN_OF_WAN = 1_000_000


@dataclass(frozen=True, slots=True)
class Typed:
    id: UUID
    values: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Mapping[str, str], ...] = ({},)

    @classmethod
    def empty(cls) -> Typed:
        return cls(uuid7(), {"investor": "social"})

    @classmethod
    def of(cls, data: Any) -> Typed:
        try:
            key = UUID(data.get("id", ""))
        except ValueError:
            key = uuid7()
        values = {name: data.get(name, "").strip()[:300] for name in (*PLAIN, "invest_wan")}
        rows = []
        for place in range(MOST):
            row = {name: data.get(f"buildings.{place}.{name}", "").strip()[:80] for name in BUILDING}
            if any(row.values()):
                rows.append(row)
        if "_more" in data and len(rows) < MOST:
            rows.append({})
        return cls(key, values, tuple(rows) or ({},))

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def anew(self) -> Typed:
        """The same under a new id: another project has the old one."""
        return replace(self, id=uuid7())

    def given(self) -> dict[str, Any]:
        """What `registering.register` takes. Raises Invalid for an amount that is none."""
        text = self["invest_wan"] or "0"
        try:
            invest = round(float(text) * FEN_OF_WAN)
        except (ValueError, OverflowError):
            raise Invalid(
                _("Give the investment in ten thousand yuan, such as 3200.5."), where="invest_wan"
            ) from None
        return {
            **{name: self[name] for name in PLAIN},
            "invest_fen": invest,
            "buildings": [row for row in self.rows if any(row.values())],
        }


def communities() -> list[tuple[str, list[tuple[str, str]]]]:
    """Communities under their sub-districts, for a choice."""
    known, english = registers.areas(), not moments.chinese()
    members: dict[str, list[tuple[str, str]]] = {}
    for row in known.values():
        if row.level == "community":
            name = (english and row.name_en) or row.name
            members.setdefault(row.parent or "", []).append((row.code, name))
    return [(registers.area_name(code, english), found) for code, found in sorted(members.items())]
