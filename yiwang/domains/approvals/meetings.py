"""Joint meetings (集中审批会议): convened by a lead department, with an agenda of projects and permits.

Each attending department has one task: an opinion on every item, with its basis. The lead closes the meeting with what
was resolved. A resolution, and each condition of an opinion, is a matter with a limit: its department does it and the
lead confirms it. An opinion at a meeting decides no permit; that stays with the permit's own steps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from yiwang.domains.approvals import queries
from yiwang.domains.approvals.models import Meeting, MeetingChange, MeetingItem, Resolution
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.access.policy import Subject, decide, matters_filter, require, tasks_filter
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import actions, store, texts
from yiwang.kernel.matters.models import Task
from yiwang.kernel.packs.rulebook import Rulebook, current

KIND, RESOLUTION = "approval_meeting", "approval_resolution"
OPINION_LIMIT = "3wd"  # within which a department gives its opinions; illustrative
MOST_ITEMS, MOST_UNITS, LISTED = 20, 30, 50
AHEAD = timedelta(days=366)


def convene(
    *,
    actor: Any,
    id: UUID,
    lead: str,
    at: datetime,
    place: str,
    agenda: Sequence[Mapping[str, str]],
    attending: Iterable[str],
    now: datetime,
) -> Meeting:
    """Calls a meeting; every attending department has its task when this returns. The same `id` again gives the same.

    `agenda`: {project: code, permit: slug or '', question}. Raises Invalid with the field, Denied, Conflict, NotFound.
    """
    rules, now = current(), actions.whole_second(now)
    if lead not in {one.lead for one in rules.approvals.stages.values()}:
        raise Invalid(_("Only a department that leads a stage convenes a meeting."), where="lead")
    require(actor, "open", Subject(kind=KIND, area=rules.district, unit=lead, district=rules.district))
    moment_of(at, now)
    place = place_of(place)
    units = _units(attending, rules)
    items = items_of(actor, rules, agenda)
    digest = _digest(lead, at, place, units, items)
    with store.one_transaction():
        there = Meeting.objects.filter(pk=id).select_related("matter").first()
        if there is not None:
            if there.digest != digest:
                raise Conflict(_("There is a meeting with this id and other content."), where="id")
            return there
        matter = actions.open(
            actor=actor,
            kind=KIND,
            id=id,
            title=title_of(project.name for project, _permit, _question in items),
            source="counter",
            area=rules.district,
            unit=lead,
            now=now,
            rules=rules,
            data={"attending": units, "opinion_limit": OPINION_LIMIT},
        )
        meeting = Meeting.objects.create(
            matter=matter, lead=lead, at=at, place=place, attending=units, digest=digest
        )
        put_items(meeting, items)
    return meeting


def put_items(meeting: Meeting, items: Sequence[tuple[Any, str, str]]) -> None:
    MeetingItem.objects.bulk_create(
        MeetingItem(meeting=meeting, place=n, project=project, permit=permit, question=question)
        for n, (project, permit, question) in enumerate(items, 1)
    )


def moment_of(at: datetime, now: datetime) -> datetime:
    """When it is held. Raises Invalid."""
    if not now - timedelta(days=1) <= at <= now + AHEAD:
        raise Invalid(_("Give a moment from today on, within a year."), where="at")
    return at


def place_of(text: str) -> str:
    """Where it is held. Raises Invalid."""
    place = texts.clean(text, "place", 100)
    if not place:
        raise Invalid(_("Say where it is held."), where="place")
    return place


def items_of(actor: Any, rules: Rulebook, agenda: Sequence[Mapping[str, str]]) -> list[tuple[Any, str, str]]:
    """The agenda as (project, permit, question). Raises Invalid with the field of the wrong item."""
    items = [_item(actor, rules, one, n) for n, one in enumerate(agenda)]
    if not 1 <= len(items) <= MOST_ITEMS:
        raise Invalid(_("Put between one and %(n)s items on the agenda.") % {"n": MOST_ITEMS}, where="agenda")
    return items


def departments(rules: Rulebook) -> list[str]:
    """Who can attend and be given something to do: departments that decide permits or are heard on them."""
    known = rules.approvals.permits.values()
    return list(
        dict.fromkeys(unit for one in known for unit in (one.unit, *(o.unit for o in one.opinions)) if unit)
    )


def _units(attending: Iterable[str], rules: Rulebook) -> list[str]:
    found = list(dict.fromkeys(str(one)[:80] for one in attending if one))
    known = departments(rules)
    if wrong := next((one for one in found if one not in known), None):
        raise Invalid(_("There is no department %(unit)s.") % {"unit": wrong}, where="attending")
    if not 1 <= len(found) <= MOST_UNITS:
        raise Invalid(_("Choose the departments that attend."), where="attending")
    return found


def _item(actor: Any, rules: Rulebook, given: Mapping[str, str], n: int) -> tuple[Any, str, str]:
    where = f"agenda.{n}"
    try:
        project = queries.visible(actor, str(given.get("project", "")).strip()[:40])
    except NotFound as problem:
        raise Invalid(str(problem), where=f"{where}.project") from None
    permit = str(given.get("permit", ""))[:40]
    known = rules.approvals.permits.get(permit)
    if permit and (known is None or not known.for_class(project.project_class)):
        raise Invalid(_("The project does not need this permit."), where=f"{where}.permit")
    question = texts.clean(given.get("question", ""), f"{where}.question", 200)
    if len(question) < 2:
        raise Invalid(_("Say what is to be settled."), where=f"{where}.question")
    return project, permit, question


def title_of(projects: Iterable[str]) -> str:
    return ("集中审批会议：" + "、".join(dict.fromkeys(projects)))[:120]


def _digest(lead: str, at: datetime, place: str, units: list[str], items: Sequence[tuple]) -> str:
    plain = [lead, at.isoformat(), place, units, [[str(p.pk), permit, q] for p, permit, q in items]]
    return hashlib.sha256(orjson.dumps(plain)).hexdigest()


def resolve(
    meeting: Meeting,
    *,
    unit: str,
    limit: str,
    text: str,
    now: datetime,
    item: Any = None,
    opinion: Any = None,
) -> Resolution:
    """A matter for what must be done; called as the meeting is closed, in its transaction."""
    place = meeting.resolutions.count() + 1
    matter = actions.open(
        actor=SYSTEM,
        kind=RESOLUTION,
        id=uuid5(meeting.pk, f"resolution {place}"),
        title=f"会议决议 {meeting.matter.number} 第{place}项",
        source="meeting",
        area=meeting.matter.area_id,
        unit=unit,
        now=now,
        data={"limit": limit, "convenor": meeting.lead},
        part_of=meeting.pk,
    )
    return Resolution.objects.create(
        matter=matter,
        meeting=meeting,
        place=place,
        item=item,
        opinion=opinion,
        unit=unit,
        limit=limit,
        text=text,
    )


def _seen(actor: Any) -> Q:
    """Meetings whose matter the actor may see, or at which the actor's post has work to do."""
    if actor.kind == "system":  # whose filter is empty, which joined by "or" would mean nothing
        return Q()
    worked = Task.objects.filter(tasks_filter(actor), matter__kind=KIND)
    return matters_filter(actor, "see", of="matter__") | Q(pk__in=worked.values("matter"))


def listed(actor: Any) -> list[Meeting]:
    """The latest first, as far as the actor's posts reach."""
    changed = Exists(MeetingChange.objects.filter(meeting=OuterRef("pk")))
    rows = Meeting.objects.filter(_seen(actor)).annotate(changed=changed).select_related("matter")
    rows = rows.prefetch_related("agenda__project")
    return list(rows.order_by("-at", "-pk")[:LISTED])


def visible(actor: Any, number: str) -> Meeting:
    """The meeting of this number. NotFound also where it may not be seen."""
    found = Meeting.objects.filter(_seen(actor), matter__number=number).select_related("matter").first()
    if found is None:
        raise NotFound(_("There is no meeting %(number)s that you may see.") % {"number": number[:40]})
    return found


def may_convene(actor: Any, rules: Rulebook) -> list[str]:
    """The departments for which the actor may convene a meeting."""
    leads = dict.fromkeys(one.lead for one in rules.approvals.stages.values())
    return [
        unit
        for unit in leads
        if unit
        and decide(actor, "open", Subject(kind=KIND, area=rules.district, unit=unit, district=rules.district))
    ]
