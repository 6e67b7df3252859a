"""An application on behalf of a household (代为申请), in the step that found that it wants one.

The household says yes: who of it, how and when is kept beside the application, with the visit and the finding. What
the registers know is filled in; what they do not know the sub-district's window asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

import orjson
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.core.codes import CodeError, parse_resident_id
from yiwang.domains.assistance import applying
from yiwang.domains.assistance.answers import today
from yiwang.domains.assistance.applying import Applied
from yiwang.domains.assistance.intake import GIVEN, LONGEST, MATERIALS, RELATIONS
from yiwang.domains.assistance.models import Application, Award, Finding, Mandate
from yiwang.domains.assistance.programmes import EMERGENCY, PROGRAMMES
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import texts
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import queries as people

FOR, PAPER = "for-", "paper-"  # fields: for-<programme>, paper-<material>
ADULT = 18
AGENT = "入户工作人员"  # in what relation the agent of the application stands to the household
WAYS: Mapping[str, Any] = {
    "signed": gettext_lazy("Signed a mandate"),
    "mark": gettext_lazy("Put a fingerprint to it, before a witness"),
    "guardian": gettext_lazy("The legal guardian agreed"),
}
# The mandate is taken here; an emergency is called in, not applied for after a visit.
PAPERS = tuple(slug for slug in MATERIALS if slug != "agency")
OFFERED = tuple(slug for slug, one in PROGRAMMES.items() if one.kind != EMERGENCY)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the household wants applied for, and how it said so."""

    programmes: tuple[str, ...]
    applicant: UUID
    way: str
    witness: str
    papers: tuple[str, ...]


def asks(data: Mapping[str, Any]) -> bool:
    """Whether the answer of a visit asks for an application. Raises Invalid where it is filled in and not asked for."""
    if not data.get("apply") and any(data.get(name) for name in ("applicant", "way", "witness")):
        raise Invalid(
            _("Tick that you apply now in the name of the household, or leave that part empty."),
            where="apply",
        )
    return bool(data.get("apply"))


def is_field(name: str) -> bool:
    return name in ("apply", "applicant", "way", "witness") or name.startswith((FOR, PAPER))


def wish(data: Mapping[str, Any]) -> Wish:
    """The checked wish. Raises Invalid with the field."""
    wanted = tuple(slug for slug in OFFERED if data.get(f"{FOR}{slug}"))
    if not wanted:
        raise Invalid(_("Choose what the household applies for."), where=f"{FOR}{OFFERED[0]}")
    try:
        applicant = UUID(str(data.get("applicant", "")))
    except ValueError:
        raise Invalid(_("Choose who of the household applies."), where="applicant") from None
    way = str(data.get("way", ""))
    if way not in WAYS:
        raise Invalid(
            _("Say how the household agreed: nobody applies for others without a mandate."), where="way"
        )
    witness = texts.line(data.get("witness") or "", "witness", LONGEST["name"])
    if way != "signed" and not witness:
        raise Invalid(_("Write the name of the witness or of the guardian."), where="witness")
    papers = tuple(slug for slug in PAPERS if data.get(f"{PAPER}{slug}"))
    return Wish(wanted, applicant, way, witness, papers)


def keys(task: UUID, wanted: Wish) -> list[str]:
    """The ids that the applications of a step get: done again, they are the same ones."""
    return [str(uuid5(task, slug)) for slug in wanted.programmes]


def apply_for(
    *, matter: UUID, keys: Sequence[UUID], wanted: Wish, note: str, actor: Any, now: datetime
) -> list[Applied]:
    """Applies in the caller's transaction; `keys`: the ids of the applications. Raises Invalid with the field, Denied where the actor may not apply."""
    findings = list(Finding.objects.filter(matter=matter).order_by("-severity", "pk"))
    row = Household.objects.filter(pk=findings[0].household, left=None).first() if findings else None
    if row is None:
        raise Invalid(_("This household has left the district."), where="apply")
    members = people.members(row.pk)
    who = next((one for one in members if one.pk == wanted.applicant), None)
    if who is None:
        raise Invalid(_("Choose who of the household applies."), where="applicant")
    if _is_minor(who, today(now)) and wanted.way != "guardian":
        raise Invalid(_("A minor gives no mandate: the legal guardian agrees."), where="way")
    for slug in wanted.programmes:
        _refuse_second(row.pk, who, slug)
    done = []
    for key, slug in zip(keys, wanted.programmes, strict=True):
        got = applying.apply(
            actor=actor,
            id=key,
            now=now,
            channel="on_behalf",
            household=row.pk,
            person=who.pk,
            programme=slug,
            **known(row, who, members),
            situation=note,
            agent={"name": actor.name, "relation": AGENT},
            materials={"agency": GIVEN, **dict.fromkeys(wanted.papers, GIVEN)},
        )
        Mandate.objects.create(
            application=got.application,
            visit_id=matter,
            finding=next((one for one in findings if one.cause == slug), findings[0]),
            given_by=who.pk,
            way=wanted.way,
            witness=wanted.witness,
            given_on=today(now),
            taken_by_id=actor.user_id,
            taken_at=now,
        )
        done.append(got)
    return done


def of_task(task: UUID) -> list[Application]:
    """What was applied for in this step."""
    ids = [uuid5(task, slug) for slug in OFFERED]
    return list(Application.objects.filter(pk__in=ids).select_related("matter").order_by("pk"))


def known(row: Household, who: Person, members: list[Person]) -> dict[str, Any]:
    """What the registers know of an application's fields, and the account to which this person is paid already."""
    others = [
        {"name": one.name, "relation": _relation(one, who), "id_number": one.id_number}
        for one in sorted(members, key=lambda one: (one.since, one.pk))
        if one.pk != who.pk
    ]
    paid = Award.objects.filter(payee=who.pk).exclude(account="").order_by("-made_at").first()
    return {
        "name": who.name,
        "id_number": who.id_number,
        "phone": who.phone,
        "area": row.area_id,
        "address": row.address,
        "members": others,
        "account": orjson.loads(paid.account) if paid else None,
    }


def _relation(one: Person, who: Person) -> str:
    """To the applicant. The registers know relations to the head; what does not follow from them is `other`."""
    if who.relation == "head":
        return one.relation if one.relation in RELATIONS and one.relation != "head" else "other"
    if who.relation == "spouse" and one.relation in ("head", "child"):
        return "spouse" if one.relation == "head" else "child"
    if who.relation == "child" and one.relation in ("head", "spouse", "child"):
        return "sibling" if one.relation == "child" else "parent"
    if who.relation == "parent" and one.relation == "head":
        return "child"
    return "other"


def _is_minor(who: Person, on: date) -> bool:
    try:
        birth = parse_resident_id(who.id_number).birth
    except CodeError:
        return False  # no number in the register: the window looks at the card
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)) < ADULT


def _refuse_second(household: UUID, who: Person, slug: str) -> None:
    """One application at a time for the same help. Raises Invalid."""
    mine = Application.objects.filter(programme=slug, matter__state="open")
    there = mine.filter(household=household).first()
    if there is None and who.id_hash:
        there = mine.filter(id_hash=who.id_hash).first()
    if there is not None:
        raise Invalid(
            _("%(programme)s is applied for already, as %(number)s.")
            % {"programme": PROGRAMMES[slug], "number": there.matter.number},
            where=f"{FOR}{slug}",
            code="applied_already",
        )
    running = Award.objects.filter(household=household, programme=slug, state="running").exclude(
        rhythm="once"
    )
    if PROGRAMMES[slug].alone:  # another member's does not count; one that names nobody may be hers
        running = running.filter(Q(person=who.pk) | Q(person=None))
    if running.exists():
        raise Invalid(
            _("The household gets %(programme)s already.") % {"programme": PROGRAMMES[slug]},
            where=f"{FOR}{slug}",
            code="runs_already",
        )
