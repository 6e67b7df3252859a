"""What a pack says of the halls where people come in person (办事大厅): lines, counters, appointments, calling."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from yiwang.kernel.packs.entries import Code, English, Entry, Name, Slug
from yiwang.kernel.packs.entries_services import Line, Part

Letter = Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
Counter = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,4}$")]


class LinePart(Part):  # 业务队列
    """People who wait for the same counters. `capacity`: appointments that begin at the same time."""

    slug: Slug
    name: Name
    name_en: English = ""
    letter: Letter
    capacity: Annotated[int, Field(ge=0, le=50)]
    desks: Annotated[list[Counter], Field(min_length=1, max_length=60)]
    services: Annotated[list[Slug], Field(min_length=1)]


class HallEntry(Entry):  # 办事大厅
    """`slot` minutes; `ahead` working days; `early` and `late` minutes around the time of an appointment; `each` open
    appointments of one telephone; `missed` of them in ninety days end booking; `in_row` appointments called in a row."""

    slug: Slug
    name: Name
    name_en: English = ""
    place: Line
    place_en: English = ""
    unit: Code
    slot: Annotated[int, Field(ge=5, le=120)] = 20
    ahead: Annotated[int, Field(ge=0, le=60)] = 10
    each: Annotated[int, Field(ge=1, le=10)] = 2
    missed: Annotated[int, Field(ge=1, le=20)] = 3
    early: Annotated[int, Field(ge=0, le=120)] = 30
    late: Annotated[int, Field(ge=0, le=60)] = 10
    in_row: Annotated[int, Field(ge=1, le=10)] = 2
    lines: Annotated[list[LinePart], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def lines_are_told_apart(self) -> HallEntry:
        for name, values in (
            ("slug", [line.slug for line in self.lines]),
            ("letter", [line.letter for line in self.lines]),
            ("service", [slug for line in self.lines for slug in line.services]),
        ):
            twice = sorted({one for one in values if values.count(one) > 1})
            if twice:
                raise ValueError(f"two lines have the same {name} {twice[0]}")
        return self
