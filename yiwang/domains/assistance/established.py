"""What a survey established goes into the registers (家庭经济状况调查结果入库), with its origin: the matter, the day.

Two people saw it at the home and the household signed; the departments were asked. What they say otherwise is not taken
from what was said at home but from them, where the clerk wrote it down. What was left empty is unknown, never zero. A
newer fact is never replaced by an older one: that is the registers' own rule (`facts.take`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from yiwang.domains.assistance import intake, money
from yiwang.domains.assistance.answers import today
from yiwang.domains.assistance.models import Application, DataCheck, Review, Visit
from yiwang.domains.assistance.programmes import HARDSHIP, LIVING, RELIEF
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import texts
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.rulebook import Variable
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import actions, queries
from yiwang.kernel.registers.people.facts import Fact
from yiwang.kernel.registers.people.variables import checked, variables

HOUSEHOLD = "household"
# What can be seen or is said at the home, in the order of the form; a pack without one of them is not asked for it.
OF_HOUSEHOLD = (
    "deposits",
    "securities",
    "other_assets",
    "market_capital",
    "housing_count",
    "housing_unsafe",
    "public_housing",
    "rent",
    "vehicles",
    "vehicles_exempt",
    "living_rigid_cost",
    "other_rigid_cost",
)
OF_PERSON = (
    "shared_living",
    "excluded",
    "student",
    "labour_ability",
    "employed",
    "wage",
    "work_cost",
    "business_income",
    "property_income",
    "transfer_income",
    "other_income",
    "disability_kind",
    "disability_grade",
    "serious_illness",
    "medical_own_paid",
    "education_cost",
    "rehab_cost",
)
# Which facts each check of the departments is about (57号 art. 17).
CHECKED: Mapping[str, tuple[str, ...]] = {
    "tax": ("wage", "business_income", "property_income"),
    "insurance": ("employed", "transfer_income"),
    "housing": ("housing_count",),
    "market": ("market_capital",),
    "vehicle": ("vehicles",),
    "deposit": ("deposits",),
    "commercial": ("other_assets",),
    "securities": ("securities",),
}
DOUBTFUL = frozenset({"differs", "no_answer"})
ASKS_DEPARTMENTS = frozenset({LIVING, HARDSHIP, RELIEF})  # kinds whose procedure has the step `data_check`
SURVEY, CHECK, CARE = "入户调查", "信息核对", "自理能力评估"  # sources, before the number of the matter
NUMBER = re.compile(r"\d{8}-\d{6}-\d")
MOST_FEN = 10**11
NEW_ROWS = 2
OF, NEW, LIVES = "of-", "new-", "lives"


@dataclass(frozen=True, slots=True)
class Established:
    """Facts by whose they are (`household`, or a person's id as text), who is gone, and who lives there besides."""

    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    new: tuple[Mapping[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in (("facts", self.facts), ("gone", self.gone), ("new", self.new))
            if value
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Established:
        return cls(kept.get("facts", {}), tuple(kept.get("gone", ())), tuple(kept.get("new", ())))


def asked_of_household() -> list[Variable]:
    return [kinds[slug] for slug in OF_HOUSEHOLD if slug in (kinds := variables())]


def asked_of_person() -> list[Variable]:
    return [kinds[slug] for slug in OF_PERSON if slug in (kinds := variables())]


def read(data: Mapping[str, Any]) -> Established:
    """What the fields of a form say: `of-household-<fact>`, `of-<person>-<fact>`, `of-<person>-lives`,
    `new-<n>-<name|relation|id_number>`. Empty is unknown. Raises Invalid with the field. Reads no database.
    """
    found: dict[str, dict[str, Any]] = {}
    gone = []
    for name, text in data.items():
        if not name.startswith(OF) or text in ("", None):
            continue
        whose, _dash, slug = name.removeprefix(OF).rpartition("-")
        if slug == LIVES:
            if text == "gone":
                gone.append(_person(whose, name))
            continue
        known = OF_HOUSEHOLD if whose == HOUSEHOLD else OF_PERSON
        what = variables().get(slug)
        if slug not in known or what is None:
            raise Invalid(_("There is no such field."), where=name)
        key = HOUSEHOLD if whose == HOUSEHOLD else _person(whose, name)
        found.setdefault(key, {})[slug] = value(what, str(text), name)
    new = tuple(row for n in range(NEW_ROWS) if (row := _new(data, n)))
    return Established(found, tuple(gone), new)


def _person(text: str, where: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise Invalid(_("There is no such person."), where=where) from None


def value(what: Variable, text: str, where: str) -> bool | int | str:
    """What was typed, as the registers keep it: money in fen. Raises Invalid with the field."""
    text = text.strip()
    found: bool | int | str = text
    if what.type == "money":
        minus = what.negative and text.startswith(("-", "－"))
        found = money.fen(text[1:] if minus else text, where, MOST_FEN) * (-1 if minus else 1)
    elif what.type == "int":
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Invalid(_("Write a whole number."), where=where)
        found = int(text)
    elif what.type == "bool":
        if text not in ("yes", "no"):
            raise Invalid(_("Choose yes or no, or leave it unknown."), where=where)
        found = text == "yes"
    try:
        return checked(what, found)
    except Invalid as wrong:
        raise Invalid(str(wrong), where=where, code=wrong.code) from None


def _new(data: Mapping[str, Any], n: int) -> dict[str, str] | None:
    """Somebody who lives there and is not in the register's household: the number makes sure who it is."""
    row = {
        name: str(data.get(f"{NEW}{n}-{name}") or "").strip() for name in ("name", "relation", "id_number")
    }
    if not row["name"] and not row["id_number"]:
        return None
    name = texts.line(row["name"], f"{NEW}{n}-name", 40)
    if len(name) < 2:
        raise Invalid(_("Write the name of every member."), where=f"{NEW}{n}-name")
    number = intake.resident_id(row["id_number"], f"{NEW}{n}-id_number")
    relation = row["relation"]
    if relation == "head" or relation not in variables()["relation"].choices:
        raise Invalid(_("Choose how this member is related to the head."), where=f"{NEW}{n}-relation")
    return {"name": name, "relation": relation, "id_number": number}


def fits(matter: UUID, household: UUID | None, said: Established) -> None:
    """Checks what was read against who lives there. Raises Invalid with the field."""
    if household is None and said.as_dict():
        raise Invalid(_("The application is not linked with a household."), where="seen")
    members = {str(one.pk) for one in queries.members(household)} if household else set()
    for key in {*said.facts, *said.gone} - {HOUSEHOLD}:
        if key not in members:
            raise Invalid(_("This person does not live in the household."), where=f"{OF}{key}-{LIVES}")
    applicant = Application.objects.filter(pk=matter).values_list("person", flat=True).first()
    if applicant and str(applicant) in said.gone:
        raise Invalid(
            _("Who applies lives there, or the application is given up."), where=f"{OF}{applicant}-{LIVES}"
        )
    for n, row in enumerate(said.new):
        there = Person.objects.filter(id_hash=keyed_hash(row["id_number"])).first()
        if there is not None and there.household_id not in (None, household):
            raise Invalid(
                _("This person is registered in another household. It is sorted out at the register first."),
                where=f"{NEW}{n}-id_number",
                code="elsewhere",
            )
        if there is not None and not there.active:
            raise Invalid(
                _("By the register this person has died or left."),
                where=f"{NEW}{n}-id_number",
                code="not_here",
            )


def settle(matter: UUID, now: datetime) -> None:
    """Writes what is established by now, once, in the caller's transaction: after the visit and the departments.

    Whoever worked the step stands with the visit and the check; the journal says that Yiwang wrote it.
    """
    row = Matter.objects.only("kind", "number").get(pk=matter)
    checks = list(DataCheck.objects.filter(matter=matter))
    if row.kind in ASKS_DEPARTMENTS and not checks:
        return
    differs = {slug for one in checks if one.state in DOUBTFUL for slug in CHECKED.get(one.item, ())}
    for visit in Visit.objects.filter(matter=matter, known_at=None).order_by("at", "id"):
        said = Established.of(orjson.loads(visit.findings) if visit.findings else {})
        on = today(visit.at)
        source = f"{CARE if visit.purpose == 'self_care' else SURVEY} {row.number}"
        # Who looks again, or comes from the county, knows what the departments said.
        doubtful = differs if visit.purpose == "survey" else frozenset()
        if visit.household and Household.objects.filter(pk=visit.household, left=None).exists():
            _write(visit.household, said.facts, source, on, now, doubtful)
            _move(visit.household, said, on, now)
        visit.known_at = now
        visit.save(update_fields=["known_at"])


def take_figures(matter: UUID, household: UUID | None, now: datetime) -> None:
    """What the departments say goes into the registers as of today, each with its department."""
    if household is None or not Household.objects.filter(pk=household, left=None).exists():
        return
    number = Matter.objects.values_list("number", flat=True).get(pk=matter)
    for check in DataCheck.objects.filter(matter=matter).exclude(figures=""):
        for key, values in orjson.loads(check.figures).items():
            for slug, found in values.items():
                what = variables().get(slug)
                source = " ".join(filter(None, (CHECK, what.department if what else "", number)))
                _write(household, {key: {slug: found}}, source, today(now), now)


def _write(
    household: UUID,
    facts: Mapping[str, Mapping[str, Any]],
    source: str,
    on: date,
    now: datetime,
    doubtful: Collection[str] = (),
) -> None:
    people = {str(one.pk): one for one in queries.members(household)}
    for key, values in facts.items():
        own = key == HOUSEHOLD
        if not own and key not in people:
            continue  # has died or left since
        known = (
            queries.known_household(Household.objects.get(pk=household))
            if own
            else queries.known(people[key])
        )
        wanted = {
            slug: found
            for slug, found in values.items()
            if slug not in doubtful and slug in variables() and not _said_today(known.get(slug), on, source)
        }
        if wanted:
            whose = {"household": household} if own else {"person": UUID(key)}
            actions.set_facts(actor=SYSTEM, values=wanted, source=source, as_of=on, now=now, **whose)


def _said_today(known: Fact | None, on: date, source: str) -> bool:
    """Whether a department said it as of the same day: that stands, and what was said at home does not replace it."""
    return known is not None and known.as_of == on and not is_ours(known.source) and is_ours(source)


def is_ours(source: str) -> bool:
    """Whether a fact comes from a look at the home in a procedure of assistance."""
    return source.startswith((SURVEY, CARE))


def _move(household: UUID, said: Established, on: date, now: datetime) -> None:
    """Members who came, then those who are gone: a household that somebody is left in does not end in between."""
    house = Household.objects.get(pk=household)
    for row in said.new:
        there = Person.objects.filter(id_hash=keyed_hash(row["id_number"])).first()
        into = {"household": household, "relation": row["relation"]}
        if there is None:
            actions.register_person(
                actor=SYSTEM,
                name=row["name"],
                id_number=row["id_number"],
                area=house.area_id,
                since=on,
                now=now,
                **into,
            )
        elif there.active and there.household_id is None:
            actions.join_household(actor=SYSTEM, person=there.pk, on=on, now=now, **into)
    for key in said.gone:
        if Person.objects.filter(pk=key, household=household, died=None, left=None).exists():
            actions.leave_household(actor=SYSTEM, person=UUID(key), on=on, now=now)


def household_of(matter: UUID) -> UUID | None:
    """Whose household a matter of assistance is about, as far as the registers know."""
    found = Application.objects.filter(pk=matter).values_list("household", flat=True).first()
    return found or Review.objects.filter(pk=matter).values_list("award__household", flat=True).first()


def origins(sources: Collection[str]) -> dict[str, dict[str, Any]]:
    """For sources that are a step of assistance: the matter's number, and who looked. Three queries at most."""
    numbers = {text: found[0] for text in sources if (found := NUMBER.search(text))}
    matters = dict(Matter.objects.filter(number__in=set(numbers.values())).values_list("number", "pk"))
    seen: dict[UUID, list[str]] = {}
    for visit in Visit.objects.filter(matter__in=matters.values()).select_related("first").order_by("at"):
        seen.setdefault(visit.matter_id, []).extend((visit.first.name, visit.second_name))
    asked = dict(
        DataCheck.objects.filter(matter__in=matters.values()).values_list("matter", "by__name").distinct()
    )
    found = {}
    for text, number in numbers.items():
        if number in matters:
            key = matters[number]
            who = [asked[key]] if text.startswith(CHECK) and key in asked else seen.get(key, [])
            found[text] = {"number": number, "who": list(dict.fromkeys(who))}
    return found
