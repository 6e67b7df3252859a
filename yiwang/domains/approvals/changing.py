"""A joint meeting after its notice went out: another moment, place or agenda, or no meeting at all.

Each change is kept with who made it, when and why, is an event of the meeting's matter, and those invited are told. The
agenda stands once a department has spoken: its opinions were given upon it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.approvals import meetings
from yiwang.domains.approvals.models import Meeting, MeetingChange, MeetingItem, MeetingOpinion
from yiwang.kernel.access.policy import Subject, decide, require
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.matters import actions, amending, store, texts
from yiwang.kernel.matters.case import Draft, EventRow
from yiwang.kernel.matters.refusals import must_be_open
from yiwang.kernel.notices import telling
from yiwang.kernel.packs.rulebook import current

CHANGED, MOVED, CANCELLED = "changed", "moved", "cancelled"
INVITED = "service_reviewer"  # the post that has the opinions of a department


def may_change(actor: Any, meeting: Meeting) -> bool:
    """Whether the actor convenes for the lead of this meeting, and it can still be changed."""
    return meeting.matter.state == "open" and bool(decide(actor, "open", _subject(meeting)))


def has_spoken(meeting: Meeting) -> bool:
    """Whether a department has given its opinions."""
    return MeetingOpinion.objects.filter(item__meeting=meeting).exists()


def change(
    *,
    actor: Any,
    meeting: Meeting,
    reason: str,
    now: datetime,
    at: datetime | None = None,
    place: str | None = None,
    agenda: Sequence[Mapping[str, str]] | None = None,
    seen: int | None = None,
) -> MeetingChange | None:
    """Changes what is given; None when nothing of it is another. `seen`: how many changes the caller knew of.

    Raises Invalid with the field, Denied, and Conflict when it has ended, when a department has spoken to the agenda, or
    when somebody else changed it meanwhile.
    """
    require(actor, "open", _subject(meeting))
    reason = _reason(reason, _("Say why it is changed; the departments read it."))
    now = actions.whole_second(now)
    with store.one_transaction():
        must_be_open(store.lock(matter=meeting.pk))
        meeting = Meeting.objects.select_related("matter").get(pk=meeting.pk)
        if seen is not None and seen != meeting.changes.count():
            raise Conflict(
                _("Somebody else has changed the notice meanwhile. Look at it again."), code="changed"
            )
        fields: dict[str, list[Any]] = {}
        if at is not None and at != meeting.at:
            fields["at"] = [meeting.at.isoformat(), meetings.moment_of(at, now).isoformat()]
            meeting.at = at
        if place is not None and (said := meetings.place_of(place)) != meeting.place:
            fields["place"] = [meeting.place, said]
            meeting.place = said
        columns = _agenda(actor, meeting, agenda, fields) if agenda is not None else {}
        if not fields:
            return None
        meeting.save(update_fields=["at", "place"])
        amending.amend(
            actor=actor, matter=meeting.pk, record={"fields": sorted(fields)}, note=reason, now=now,
            columns=columns,
        )  # fmt: skip
        kind = MOVED if "at" in fields else CHANGED
        return _keep(meeting, kind, fields, reason, actor.user_id, now)


def cancel(*, actor: Any, meeting: Meeting, reason: str, now: datetime) -> None:
    """There is no meeting (取消): it is void, open opinions are asked of nobody any more. Raises Invalid, Denied, Conflict."""
    reason = _reason(reason, _("Say why it is cancelled; the departments read it."))
    actions.void(actor=actor, matter=meeting.pk, note=reason, now=now)


def heard(draft: Draft, event: EventRow) -> None:
    """Listens to every action: in whatever way a meeting is voided, those invited are told that there is none."""
    if draft.case.kind == meetings.KIND and event.action == "void":
        meeting = Meeting.objects.get(pk=draft.case.id)
        kind, _colon, key = event.actor.partition(":")
        by = int(key) if kind == "user" else None
        _keep(meeting, CANCELLED, {}, str(draft.record.get("note") or ""), by, event.at)


def _reason(text: str, missing: str) -> str:
    said = texts.clean(text, "reason", 500)
    if len(said) < 2:
        raise Invalid(missing, where="reason")
    return said


def _agenda(
    actor: Any, meeting: Meeting, agenda: Sequence[Mapping[str, str]], fields: dict[str, list[Any]]
) -> dict[str, str]:
    """Puts the new agenda in place of the old one; gives the new title of the matter."""
    items = meetings.items_of(actor, current(), agenda)
    old = MeetingItem.objects.filter(meeting=meeting).select_related("project").order_by("place")
    before = [[one.project.code, one.permit, one.question] for one in old]
    after = [[project.code, permit, question] for project, permit, question in items]
    if after == before:
        return {}
    if has_spoken(meeting):
        raise Invalid(
            _("A department has given its opinions on this agenda already. Put it before another meeting."),
            where="agenda",
            code="spoken",
        )
    fields["agenda"] = [before, after]
    old.delete()
    meetings.put_items(meeting, items)
    return {"title": meetings.title_of(project.name for project, _permit, _question in items)}


def _keep(
    meeting: Meeting, kind: str, fields: dict[str, list[Any]], reason: str, by: int | None, now: datetime
) -> MeetingChange:
    place = meeting.changes.count() + 1
    row = MeetingChange.objects.create(
        meeting=meeting, place=place, kind=kind, fields=fields, reason=reason, by_id=by, at=now
    )
    for unit in meeting.attending:
        telling.tell(
            "meeting",
            key=f"{meeting.pk.hex}:change {place}:{unit}",
            now=now,
            matter=meeting.pk,
            post=INVITED,
            unit=unit,
            area=meeting.matter.area_id or "",
            by=by,
            what=kind,
            at=meeting.at.isoformat(),
            place=meeting.place,
            note=reason,
        )
    return row


def _subject(meeting: Meeting) -> Subject:
    return Subject.of_matter(meeting.matter)
