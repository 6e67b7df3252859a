"""Which cases the county visits (抽查): at least three of every ten of a year, by a draw that anybody can do again.

Cases of a year are numbered in the order of their opinions, in blocks of ten. SHA-256 of seed, block and place gives
every place of a block a rank; the first three are drawn. The seed comes from the seal key and the block: nobody on the
outside can know a draw beforehand, and the rows keep the seed so that an auditor can draw again. Nobody knows which case
is the year's last, so whenever fewer than 30 % of the cases so far would be drawn, the case is drawn as well.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from yiwang.domains.assistance.answers import today
from yiwang.domains.assistance.models import SpotDraw
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters.case import Case

BLOCK, DRAWN = 10, 3  # 民发〔2021〕43号: not less than thirty percent


@dataclass(frozen=True, slots=True)
class Draw:
    number: int  # of the year, from 1
    drawn: bool
    made_up: bool = False  # the seed did not draw it; without it there would be fewer than thirty percent


def least(cases: int) -> int:
    """How many of so many cases are to be drawn: thirty percent, rounded up."""
    return -(-cases * DRAWN // BLOCK)


def is_drawn(seed: str, number: int) -> bool:
    """Whether case `number` (from 1) of its block is among the three that the seed draws."""
    ranks = sorted(range(BLOCK), key=lambda place: hashlib.sha256(f"{seed} {place}".encode()).digest())
    return (number - 1) % BLOCK in ranks[:DRAWN]


def seed_of(programme: str, year: int, number: int) -> str:
    return keyed_hash(f"spot check {programme} {year} block {(number - 1) // BLOCK}")


def next_draw(seed: str, number: int, cases: int, drawn: int) -> Draw:
    """The draw of the case `number` after so many `cases` of the year, of which `drawn` were. Pure.

    After every case at least `least` are drawn; the seed alone draws three of each ten, and at most three more are made
    up in a year, because what was made up counts from then on.
    """
    by_seed = is_drawn(seed, number)
    made_up = not by_seed and drawn < least(cases + 1)
    return Draw(number, by_seed or made_up, made_up)


def draw(programme: str, matter: UUID, now: datetime) -> Draw:
    """The draw of a case; drawn before, it stays as it was."""
    known = SpotDraw.objects.filter(matter=matter).first()
    if known is not None:
        return Draw(known.number, known.drawn, known.made_up)
    year = today(now).year
    so_far = SpotDraw.objects.filter(programme=programme, year=year).aggregate(
        last=Max("number"), cases=Count("pk"), drawn=Count("pk", filter=Q(drawn=True))
    )
    number = (so_far["last"] or 0) + 1
    return next_draw(seed_of(programme, year, number), number, so_far["cases"], so_far["drawn"])


def keep(case: Case, now: datetime) -> None:
    """Writes the draw down. Raises Conflict when another case took the number at this very moment."""
    programme, year = case.data["programme"], today(now).year
    found = draw(programme, case.id, now)
    try:
        SpotDraw.objects.get_or_create(
            matter_id=case.id,
            defaults={
                "programme": programme,
                "year": year,
                "number": found.number,
                "seed": seed_of(programme, year, found.number),
                "drawn": found.drawn,
                "made_up": found.made_up,
                "at": now,
            },
        )
    except IntegrityError:
        raise Conflict(
            _("Another case was drawn at this very moment. Send it again."), code="drawn"
        ) from None
