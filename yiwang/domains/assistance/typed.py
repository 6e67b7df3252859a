"""The form of an application as it was typed: flat fields of a page, and what `applying.apply` is given of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.domains.assistance.intake import GIVEN, MATERIALS
from yiwang.domains.assistance.words import english
from yiwang.kernel.errors import Invalid
from yiwang.kernel.registers import queries as registers

MEMBER_ROWS = 5  # lines for further members on the form
PLAIN = ("programme", "channel", "name", "id_number", "phone", "area", "address", "situation", "emergency")


@dataclass(frozen=True, slots=True)
class Typed:
    values: Mapping[str, str]
    papers: tuple[str, ...] = ()

    @classmethod
    def new(cls, **values: str) -> Typed:
        return cls({"id": str(uuid7()), "channel": "counter", **values})

    @classmethod
    def of(cls, post: Any) -> Typed:
        return cls({name: value.strip() for name, value in post.items()}, tuple(post.getlist("papers")))

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def id(self) -> UUID:
        try:
            return UUID(self["id"])
        except ValueError:
            raise Invalid(_("The form is damaged. Send it again."), where="id") from None

    def with_id(self, new: UUID) -> Typed:
        return Typed({**self.values, "id": str(new)}, self.papers)

    @property
    def rows(self) -> list[dict[str, str]]:
        """The lines of further members, empty ones too."""
        return [
            {name: self[f"member_{name}_{n}"] for name in ("name", "relation", "id_number")}
            for n in range(MEMBER_ROWS)
        ]

    def given(self, channel: str = "") -> dict[str, Any]:
        members = [row for row in self.rows if row["name"] or row["id_number"]]
        return {
            **{name: self[name] for name in PLAIN},
            "channel": channel or self["channel"],
            "members": members,
            "account": {
                "bank": self["account_bank"],
                "number": self["account_number"],
                "holder": self["account_holder"],
            },
            "agent": {
                "name": self["agent_name"],
                "phone": self["agent_phone"],
                "relation": self["agent_relation"],
            },
            "kin": {"name": self["kin_name"], "unit": self["kin_unit"], "relation": self["kin_relation"]},
            "materials": {slug: GIVEN for slug in MATERIALS if slug in self.papers},
        }


def communities() -> list[tuple[str, list[tuple[str, str]]]]:
    """Communities under their sub-districts, for a choice."""
    known, eng = registers.areas(), english()
    members: dict[str, list[tuple[str, str]]] = {}
    for row in known.values():
        if row.level == "community":
            name = row.name_en if eng and row.name_en else row.name
            members.setdefault(row.parent or "", []).append((row.code, name))
    return [(registers.area_name(code, eng), found) for code, found in sorted(members.items())]
