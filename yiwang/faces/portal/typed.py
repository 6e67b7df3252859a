"""What the person has entered into the form of a report, as text; shown again when something is wrong."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.core.geo import GeoError, Point
from yiwang.kernel.errors import Invalid
from yiwang.kernel.registers import queries as registers

TEXTS = (
    (
        "text address area place class contact_name contact_phone lat lon photo_place id"  # the fields of the form
    ).split()
)
MOST_KEPT = 20  # ids of photos that are looked at


@dataclass(frozen=True, slots=True)
class Typed:
    """`files` came with this request; `kept` are photos that came before."""

    values: dict[str, str]
    files: list = field(default_factory=list)
    kept: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, request: HttpRequest) -> Typed:
        values = {name: request.POST.get(name, "") for name in TEXTS}
        kept = [found for text in request.POST.getlist("kept")[:MOST_KEPT] if (found := _uuid(text))]
        chosen = _place(values["place"])
        if chosen:
            # A place that was found and chosen says the community, and how it is called.
            values["area"], label = chosen
            values["address"] = values["address"].strip() or label
        values["place"] = ""
        return cls(
            values, [one for one in request.FILES.getlist("photos") if one.name], tuple(dict.fromkeys(kept))
        )

    @classmethod
    def nothing(cls) -> Typed:
        return cls(dict.fromkeys(TEXTS, "") | {"id": str(uuid7())})

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def with_new_id(self) -> Typed:
        return replace(self, values=self.values | {"id": str(uuid7())})

    @property
    def id(self) -> UUID:
        """Raises Invalid for a damaged one."""
        found = _uuid(self["id"])
        if found is None:
            raise Invalid(
                _("The page was damaged on its way. Please send the form again."), where="id"
            ) from None
        return found

    @property
    def point(self) -> Point | None:
        """The position that was given (WGS 84), None when none was. Raises Invalid."""
        lat, lon = self["lat"], self["lon"]
        if not lat and not lon:
            return None
        try:
            return Point(float(lon), float(lat), "WGS84")
        except (ValueError, GeoError):
            raise Invalid(
                _("The position could not be read. Take it again, or write the address."), where="point"
            ) from None

    @property
    def trusts_photos(self) -> bool:
        """Whether the place of a photo is the place of the report; the person may say that it is not."""
        return self["photo_place"] != "no"

    @property
    def whole_address(self) -> str:
        return address_of(self["area"], self["address"])

    @property
    def kind(self) -> tuple[str, str]:
        """(standard, class code) that the person chose, each '' when none."""
        standard, _bar, code = self["class"].rpartition("|")
        return standard, code


def _uuid(text: str) -> UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _place(text: str) -> tuple[str, str] | None:
    """(area, label) of a chosen place, written as area|label."""
    area, bar, label = text.partition("|")
    return (area, label[:120]) if bar and area in registers.areas() else None


def address_of(area: str, address: str) -> str:
    """The address with the chosen community before it, as people write it, so that the words name the place."""
    known = registers.areas()
    if area not in known:
        return address
    above = known.get(known[area].parent or "")
    names = f"{above.name if above and above.level != 'district' else ''}{known[area].name}"
    return address if names in address else f"{names} {address}".strip()
