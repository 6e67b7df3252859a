"""Open matters near a report that is being written, as anybody may see them, and joining one of them (同诉).

Only what is public is given: what it is about, roughly where, since when, and where it stands. No text, no photo,
no address, no number of anybody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.core.geo import Point, bbox, distance_m
from yiwang.domains.operations import actions
from yiwang.domains.operations.actions import Received
from yiwang.domains.operations.duplicates import Probe, candidates
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.queries import class_name
from yiwang.kernel.packs.rulebook import current, rulebook
from yiwang.kernel.registers import queries as registers

MOST = 3
WITHOUT_WORDS_M = 60.0  # where only the place is known, so near must another report be to be worth showing
LOOKED_AT = 50
STEP_M = 20  # distances are told in such steps


@dataclass(frozen=True, slots=True)
class Nearby:
    """One open matter as the public sees it. `distance_m` is rounded up to 20 m; None where a place is not exact."""

    id: UUID
    class_name: str
    area_name: str
    opened_at: datetime
    link: str
    held: bool
    distance_m: int | None


def nearby(
    *,
    text: str,
    now: datetime,
    point: Point | None = None,
    area: str | None = None,
    standard: str = "",
    class_code: str = "",
    english: bool = False,
) -> list[Nearby]:
    """The open matters that this may repeat, the likeliest first, at most three. Two queries, none without a place.

    Without words and without a class, what is open within 60 m of the point.
    """
    if len(text.strip()) >= 2 or class_code:
        probe = Probe(text=text, point=point, area=area, standard=standard, class_code=class_code)
        found = [(one.id, one.distance_m) for one in candidates(probe, now, most=MOST)]
    else:
        found = _around(point, now) if point else []
    return _told(found, english)


def _around(point: Point, now: datetime) -> list[tuple[UUID, int]]:
    box = bbox(point, WITHOUT_WORDS_M)
    rows = Matter.objects.filter(
        state="open",
        kind=actions.KIND,
        lat__gte=box.south,
        lat__lte=box.north,
        lon__gte=box.west,
        lon__lte=box.east,
        opened_at__gte=now - timedelta(days=current().settings["duplicate_days"]),
    ).values_list("pk", "lat", "lon")[:LOOKED_AT]
    far = [(pk, distance_m(point, Point(lon, lat))) for pk, lat, lon in rows]
    near = sorted((metres, str(pk), pk) for pk, metres in far if metres <= WITHOUT_WORDS_M)
    return [(pk, round(metres)) for metres, _text, pk in near[:MOST]]


def _told(found: list[tuple[UUID, int | None]], english: bool) -> list[Nearby]:
    columns = "pk standard class_code area_id opened_at link held pack_id".split()
    rows = Matter.objects.filter(pk__in=[pk for pk, _metres in found], kind=actions.KIND) if found else []
    by_id = {row["pk"]: row for row in (rows.values(*columns) if found else ())}
    return [
        Nearby(
            id=pk,
            class_name=class_name(rulebook(row["pack_id"]), row["standard"], row["class_code"], english),
            area_name=registers.area_name(row["area_id"], english),
            opened_at=row["opened_at"],
            link=row["link"],
            held=row["held"],
            distance_m=None if metres is None else -(-max(metres, 1) // STEP_M) * STEP_M,
        )
        for pk, metres in found
        if (row := by_id.get(pk))
    ]


def join(*, matter: UUID, text: str, now: datetime, **given: Any) -> Received:
    """The reporter means what an open matter is about: a report of her own, joined with that matter (并案).

    `given` is what `actions.report` takes besides. Her report has its own number and secret and gets the same
    answer. If the other matter ended meanwhile, her report is handled by itself; nothing is lost. Sent again it is
    the same report. Raises what `actions.report` raises.
    """
    received = actions.report(text=text.strip() or same_words(), now=now, **given)
    row = Matter.objects.get(pk=received.matter.pk)
    main = Matter.objects.filter(pk=matter).first()
    if row.state != "open" or main is None or actions.primary(main).pk == row.pk:
        return received
    try:
        matters.merge(
            actor=SYSTEM,  # a reporter may not merge; that she asked for it is said in the event
            primary=actions.primary(main).pk,
            duplicates=[row.pk],
            note=_("The reporter said that it is the same."),
            now=now,
        )
    except Conflict:
        return received  # one of them ended a moment ago: the report goes its own way
    row.refresh_from_db()
    return Received(received.report, row, received.created, received.secret)


def same_words() -> str:
    """The text of a report that says nothing but that it is the same."""
    return _("The same as an earlier report of this place.")
