"""What the community is shown (公示): the applicant's name, how many members, how much, until when. Nothing else.

57号 arts. 19 and 24: seven days for an opinion, and as long as it is paid for what was decided.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.domains.assistance.models import Application, Award, Objection, Publicity
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import store, texts
from yiwang.kernel.matters.case import Case

OPINION, AWARD, ENDING = "opinion", "award", "ending"
MOST_SHOWN = 200


def publish_opinion(case: Case, fen: int, now: datetime) -> Publicity:
    """From now until the timer of the step fires."""
    row = Application.objects.get(pk=case.id)
    until = next((timer.fire_at for timer in case.timers if timer.node == "seven_days"), None)
    return Publicity.objects.create(
        id=uuid7(),
        matter_id=case.id,
        kind=OPINION,
        programme=row.programme,
        area_id=case.area,
        name=row.name,
        members=row.members_count,
        fen=fen,
        since=now,
        until=until,
    )


def publish_award(award: Award, now: datetime) -> None:
    """Shown as long as it is paid; emergency relief and recognitions without money are not shown for long."""
    if award.rhythm == "monthly":
        _publish(award, AWARD, now, None)


def publish_ending(award: Award, now: datetime, until: datetime) -> None:
    """That support in extreme hardship ends is shown for seven days before (43号)."""
    _publish(award, ENDING, now, until)


def _publish(award: Award, kind: str, now: datetime, until: datetime | None) -> None:
    Publicity.objects.create(
        id=uuid7(),
        matter_id=award.matter_id,
        kind=kind,
        programme=award.programme,
        area_id=award.area_id,
        name=award.name,
        members=award.members,
        fen=award.fen,
        since=now,
        until=until,
    )


def take_down(matter: UUID, now: datetime, kind: str = OPINION) -> None:
    running = Q(until=None) | Q(until__gt=now)
    Publicity.objects.filter(running, matter=matter, kind=kind).update(until=now)


def shown(area: str, now: datetime, programme: str = "") -> list[Publicity]:
    """What is public in an area at this moment, the newest first."""
    rows = Publicity.objects.filter(Q(until=None) | Q(until__gt=now), since__lte=now)
    if area:
        rows = rows.filter(area__gte=area, area__lte=area.ljust(12, "9"))
    if programme:
        rows = rows.filter(programme=programme)
    return list(rows.order_by("-since", "-id")[:MOST_SHOWN])


def object_to(*, publicity: UUID, id: UUID, text: str, contact: str, now: datetime) -> Objection:
    """Somebody objects on the portal to an opinion that is shown. The same id again is the same objection."""
    text, contact = texts.clean(text, "text", 2000), texts.line(contact, "contact", 100)
    if len(text) < 4:
        raise Invalid(_("Write what you object to."), where="text")
    with store.one_transaction():
        known = Objection.objects.filter(pk=id).first()
        if known is not None:
            return known
        row = Publicity.objects.filter(pk=publicity).first()
        if row is None:
            raise NotFound(_("There is no such publicity."))
        if row.kind != OPINION or row.until is None or row.until <= now:
            raise Conflict(
                _("The seven days are over. Tell the sub-district office, or call 12345."), code="over"
            )
        return Objection.objects.create(id=id, publicity=row, at=now, text=text, contact=contact)


def note_objection(matter: UUID, text: str, contact: str, now: datetime) -> None:
    """An objection that came to the office, written down by the officer."""
    row = Publicity.objects.filter(matter=matter, kind=OPINION).order_by("-since").first()
    if row is None:
        raise Conflict(_("Nothing is shown to the public now."), code="not_shown")
    Objection.objects.create(id=uuid7(), publicity=row, at=now, text=text, contact=contact)


def objected(matter: UUID) -> bool:
    """Whether the last publicity of this matter met an objection."""
    last = Publicity.objects.filter(matter=matter, kind=OPINION).order_by("-since", "-id").first()
    return last is not None and last.objections.exists()
