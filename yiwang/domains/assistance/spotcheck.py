"""Which cases the county visits (抽查): at least three of every ten, by a draw that anybody can do again.

Cases are numbered in the order of their opinions, in blocks of ten. SHA-256 of seed, block and place gives every place
of a block a rank; the first three are drawn. The seed comes from the seal key and the block: nobody on the outside can
know a draw beforehand, and the rows keep the seed so that an auditor can draw again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from yiwang.domains.assistance.models import SpotDraw
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters.case import Case

BLOCK, DRAWN = 10, 3  # 民发〔2021〕43号: not less than thirty percent


@dataclass(frozen=True, slots=True)
class Draw:
    number: int  # from 1
    drawn: bool


def is_drawn(seed: str, number: int) -> bool:
    """Whether case `number` (from 1) of its block is among the three that the seed draws."""
    ranks = sorted(range(BLOCK), key=lambda place: hashlib.sha256(f"{seed} {place}".encode()).digest())
    return (number - 1) % BLOCK in ranks[:DRAWN]


def seed_of(programme: str, number: int) -> str:
    return keyed_hash(f"spot check {programme} block {(number - 1) // BLOCK}")


def draw(programme: str, matter: UUID) -> Draw:
    """The draw of a case; drawn before, it stays as it was."""
    known = SpotDraw.objects.filter(matter=matter).first()
    if known is not None:
        return Draw(known.number, known.drawn)
    last = (
        SpotDraw.objects.filter(programme=programme)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    number = (last or 0) + 1
    return Draw(number, is_drawn(seed_of(programme, number), number))


def keep(case: Case, number: int, now: datetime) -> None:
    """Writes the draw down. Raises Conflict when another case took the number at this very moment."""
    programme = case.data["programme"]
    seed = seed_of(programme, number)
    try:
        SpotDraw.objects.get_or_create(
            matter_id=case.id,
            defaults={
                "programme": programme,
                "number": number,
                "seed": seed,
                "drawn": is_drawn(seed, number),
                "at": now,
            },
        )
    except IntegrityError:
        raise Conflict(
            _("Another case was drawn at this very moment. Send it again."), code="drawn"
        ) from None
