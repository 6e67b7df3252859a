"""Somebody dies while an application is open (办理期间死亡): whoever works on it is told, looks, and decides.

The machine stops and changes nothing. Help is applied for by the household (57号 art. 6): without the applicant another
adult member goes on with it, or it is closed with reasons where nobody is left whom it concerns; without a member the
household is counted anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

import orjson
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.core.codes import CodeError, parse_resident_id
from yiwang.domains.assistance import applying, publishing
from yiwang.domains.assistance.answers import today
from yiwang.domains.assistance.decisions import keep
from yiwang.domains.assistance.models import Application, Bereavement
from yiwang.domains.assistance.programmes import programme
from yiwang.kernel.access.actors import SYSTEM, Reach
from yiwang.kernel.access.policy import tasks_filter
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.matters import actions, store, texts
from yiwang.kernel.matters.models import Task
from yiwang.kernel.registers.models_people import Person
from yiwang.kernel.registers.people import queries as people

GOES_ON, RECOUNT, CLOSED = "goes_on", "recount", "closed"
ANSWERS: Mapping[str, Any] = {
    GOES_ON: gettext_lazy("Another member goes on with it"),
    RECOUNT: gettext_lazy("It goes on; the household is counted anew"),
    CLOSED: gettext_lazy("It is closed, with reasons"),
}
ADULT = 18
LONGEST = 500
# Of record, in the language of the record. Nobody is named: the page of the matter says who.
TOLD = "登记显示办理期间该家庭有人死亡，请在事项页面核实后处理。"
DELIVERY = (
    "notify",
    "notify_refusal",
    "notify_not_accepted",
)  # it is decided: what follows is the award's review


def heard(*, household: UUID | None, person: UUID | None, on: date, now: datetime) -> list[Bereavement]:
    """A death as the registers tell it: every application that it concerns and that is not decided gets it once, and who
    works on it is reminded. In the caller's transaction; heard again it changes nothing."""
    if person is None:
        return []
    dead = Person.objects.filter(pk=person).first()
    concerned = Q(person=person)
    if household is not None:
        concerned |= Q(household=household)
    if dead is not None and dead.id_hash:
        concerned |= Q(id_hash=dead.id_hash)
    found = []
    for row in Application.objects.filter(concerned, matter__state="open").order_by("received_at", "pk"):
        own = row.person == person or bool(dead and dead.id_hash and row.id_hash == dead.id_hash)
        found += _note(row, person, own, on, now)
    return found


def known_already(row: Application, now: datetime) -> list[Bereavement]:
    """Who stands in an application that has just been linked with the registers, and has died by them."""
    numbers = [one["id_number"] for one in _members(row) if one["id_number"]]
    hashes = {keyed_hash(one) for one in numbers} | ({row.id_hash} if row.id_hash else set())
    dead = Person.objects.filter(id_hash__in=hashes, died__isnull=False).order_by("pk")
    return [made for one in dead for made in _note(row, one.pk, one.id_hash == row.id_hash, one.died, now)]


def _note(row: Application, person: UUID, own: bool, on: date, now: datetime) -> list[Bereavement]:
    if not _undecided(row.pk):
        return []
    made, new = Bereavement.objects.get_or_create(
        matter_id=row.pk,
        person=person,
        defaults={"id": uuid5(row.pk, f"died {person}"), "applicant": own, "died_on": on, "at": now},
    )
    if not new:
        return []
    actions.remind(actor=SYSTEM, matter=row.pk, now=now, note=TOLD)
    return [made]


def _undecided(matter: UUID) -> bool:
    return Task.objects.filter(matter=matter, state="open").exclude(node__in=DELIVERY).exists()


def of_matter(matter: UUID) -> list[Bereavement]:
    return list(Bereavement.objects.filter(matter=matter).select_related("by").order_by("at", "id"))


def require_answered(matter: UUID) -> None:
    """Before an opinion or a decision. Raises Conflict `died` while somebody has to look at a death."""
    if Bereavement.objects.filter(matter=matter, answer="").exists():
        raise Conflict(
            _(
                "Somebody of the household has died since. Look at it on this page first: who goes on, or is it closed?"
            ),
            code="died",
        )


def works_on(actor: Any, matter: UUID) -> bool:
    """Whether a step of it that is open is the actor's."""
    return Task.objects.filter(tasks_filter(actor), matter=matter, state="open").exists()


def one(id: UUID) -> Bereavement:
    row = Bereavement.objects.filter(pk=id).select_related("matter", "by").first()
    if row is None:
        raise NotFound(_("There is no such entry."))
    return row


def choices(row: Bereavement) -> list[str]:
    """What can be answered. Of a benefit for one person nobody goes on in that person's place."""
    if not row.applicant:
        return [RECOUNT]
    slug = Application.objects.values_list("programme", flat=True).get(pk=row.matter_id)
    return [CLOSED] if programme(slug).alone else [GOES_ON, CLOSED]


def successors(row: Bereavement, now: datetime) -> list[Person]:
    """The adult members of the household who can go on with an application."""
    household = Application.objects.filter(pk=row.matter_id).values_list("household", flat=True).first()
    members = people.members(household) if household else []
    return [
        one for one in members if one.pk != row.person and one.died is None and _adult(one.id_number, now)
    ]


def _adult(number: str, now: datetime) -> bool:
    try:
        born = parse_resident_id(number).birth
    except CodeError:
        return False
    on = today(now)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) >= ADULT


def answer(
    *, actor: Any, id: UUID, answer: str, why: str, now: datetime, successor: UUID | None = None
) -> Bereavement:
    """What whoever works on the application decides about a death. The same answer again is the same.

    `successor`: the adult member who goes on in the applicant's place. Raises Denied, Invalid with the field, Conflict,
    NotFound.
    """
    with store.one_transaction():
        row = one(id)
        case = store.lock(matter=row.matter_id)
        row = Bereavement.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.answer:
            if row.answer == answer:
                return row
            raise Conflict(_("Somebody has decided this already."), code="answered")
        if not works_on(actor, row.matter_id):
            raise Denied(
                _("Who works on the open step of this application decides this."), reason="not_the_post"
            )
        if answer not in choices(row):
            raise Invalid(_("Choose what follows."), where="answer")
        why = texts.clean(why, "why", LONGEST)
        if len(why) < 2:
            raise Invalid(_("Write what you found out."), where="why")
        own = Application.objects.select_for_update(of=("self",)).get(pk=row.matter_id)
        if answer == GOES_ON:
            _hand_on(own, row, successor, now)
        if answer != CLOSED:
            _without(own, row.person)
        row.answer, row.why, row.by_id, row.answered_at = answer, why, actor.user_id, now
        row.save(update_fields=["answer", "why", "by", "answered_at"])
        if answer == CLOSED:
            keep(case, "died", CLOSED, None, why, actor, now)
            publishing.take_down(row.matter_id, now)
            _close(actor, case, now)
        return row


def _hand_on(own: Application, row: Bereavement, successor: UUID | None, now: datetime) -> None:
    """Another member is the applicant from now on; the account of who died is nobody's."""
    found = next((one for one in successors(row, now) if one.pk == successor), None)
    if found is None:
        raise Invalid(_("Choose the adult member who goes on with the application."), where="successor")
    own.person, own.name, own.id_number = found.pk, found.name, found.id_number
    own.id_hash, own.phone, own.account, own.agent = found.id_hash or "", found.phone or "", "", ""
    rest = [one for one in _members(own) if one["id_number"] != found.id_number and one["relation"] != "head"]
    first = {"name": found.name, "relation": "head", "id_number": found.id_number}
    own.members, own.members_count = orjson.dumps([first, *rest]).decode(), 1 + len(rest)
    own.save(
        update_fields=[
            "person", "name", "id_number", "id_hash", "phone", "account", "agent", "members", "members_count",
        ]
    )  # fmt: skip


def _without(own: Application, person: UUID) -> None:
    dead = Person.objects.filter(pk=person).first()
    number = dead.id_number if dead else ""
    rest = [one for one in _members(own) if not number or one["id_number"] != number]
    own.members, own.members_count = orjson.dumps(rest).decode(), max(1, len(rest))
    own.save(update_fields=["members", "members_count"])


def _members(row: Application) -> list[dict]:
    return orjson.loads(row.members) if row.members else []


def _close(actor: Any, case: Any, now: datetime) -> None:
    """Ends the matter in the name of who decided it: for this reason whoever works on it may."""
    reach = MappingProxyType({**actor.reach, "void": (Reach(frozenset({case.kind}), None, None),)})
    allowed = replace(actor, reach=reach)
    actions.void(actor=allowed, matter=case.id, now=now, note="申请人死亡，无人继续申请，终止办理。")


def counted(case: Any) -> dict[str, Any]:
    """What an opinion or a decision sets anew of the matter after a death: members and title; {} where nobody died."""
    if not Bereavement.objects.filter(matter=case.id).exclude(answer="").exists():
        return {}
    own = Application.objects.get(pk=case.id)
    return {
        "members": own.members_count,
        "title": applying.title(programme(own.programme), own.members_count),
    }
