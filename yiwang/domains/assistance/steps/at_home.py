"""What the forms that are filled in at a home ask, field by field: the same on a page and on a phone without a network.

Nothing that is sealed stands in them: members are named by their masked names, and of a fact that is known already only
where it comes from. What is typed there goes to `steps.looking`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.core.codes.masks import mask_name
from yiwang.domains.assistance import established, names
from yiwang.domains.assistance.steps.looking import ABILITIES, ABLE, HOUSING, HOW
from yiwang.kernel.packs.rulebook import Variable
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import queries as people
from yiwang.kernel.registers.people.facts import Fact
from yiwang.kernel.registers.people.variables import variables
from yiwang.kernel.ui import moments


@dataclass(frozen=True, slots=True)
class Asked:
    """One field. `kind`: text, long, day, money, number, choice, radio, tick or photos; a line is
    a title between fields. `group`: folded under this title.

    `facts` stands for many: those of `of` (household or person), each named by `name` before its own, with what is
    known in `known`. `expanded` makes fields of it; a phone does so by itself.
    """

    name: str
    label: str = ""
    kind: str = "text"
    value: str = ""
    hint: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    group: str = ""
    most: int = 200
    of: str = ""
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Home:
    """A household of the registers with who lives in it, the head first."""

    row: Household
    members: tuple[Person, ...]


def homes(households: Iterable[UUID]) -> dict[UUID, Home]:
    """Those that have not left the district. Two queries."""
    rows = {row.pk: row for row in Household.objects.filter(pk__in=set(households), left=None)}
    members: dict[UUID, list[Person]] = defaultdict(list)
    for one in Person.objects.filter(household__in=rows, died=None, left=None, erased_at=None):
        members[one.household_id].append(one)
    return {
        key: Home(
            row,
            tuple(sorted(members[key], key=lambda one: (one.pk != row.head_id, one.since, one.pk))),  # noqa: B023
        )
        for key, row in rows.items()
    }


def home_of(matter: UUID) -> Home | None:
    household = established.household_of(matter)
    return homes([household]).get(household) if household else None


Colleagues = Sequence[tuple[int, str]]


def survey(home: Home | None, second: Colleagues, data: Mapping[str, Any], on: date) -> list[Asked]:
    """The visit form of a survey, a review or the county (入户调查表). `second`: who may come along."""
    return [
        Asked("on", _("Visited on"), "day", on.isoformat(), required=True),
        _second(second, data),
        Asked("present", _("Who was at home")),
        Asked("housing", _("Home"), "choice", options=_options(HOUSING, _("not known"))),
        Asked(
            "income",
            _("Income of the household a month, yuan"),
            "money",
            hint=_("As said or seen. Left empty: not known."),
        ),
        Asked("spending", _("Necessary spending a month, yuan"), "money"),
        Asked("seen", _("What you saw and heard"), "long", required=True, most=2000),
        *found(home),
        Asked("signed_by", _("Signed for the household by"), most=40),
        Asked("unsigned_why", _("Nobody could sign, because")),
        Asked("photos", _("Photos of the home and of the signed form"), "photos"),
    ]


def again(home: Home | None, second: Colleagues, data: Mapping[str, Any], on: date) -> list[Asked]:
    """Looking again after an objection."""
    at_home = _("Only where it was surveyed at home again")
    return [
        Asked(
            "how",
            _("How it was looked at again"),
            "choice",
            required=True,
            options=_options(HOW, _("Choose")),
        ),
        Asked("seen", _("What came of it"), "long", required=True, most=2000),
        Asked("on", _("Visited on"), "day", on.isoformat(), group=at_home),
        replace(_second(second, data), required=False, group=at_home),
        *found(home),
    ]


def self_care(home: Home | None, second: Colleagues, data: Mapping[str, Any], on: date) -> list[Asked]:
    """The six items of self-care (43号)."""
    able = _options(ABLE)
    return [
        *(
            Asked(f"able_{slug}", str(name), "radio", required=True, options=able)
            for slug, name in ABILITIES.items()
        ),
        Asked("on", _("Assessed on"), "day", on.isoformat(), required=True),
        _second(second, data),
        Asked("seen", _("Remarks"), "long", most=2000),
    ]


def found(home: Home | None) -> list[Asked]:
    """What is established of the household, of each member, and who lives there besides."""
    if home is None:
        return []
    asked = [
        Asked(
            f"{established.OF}{established.HOUSEHOLD}-",
            kind="facts",
            of=established.HOUSEHOLD,
            group=_("The household's property and cost"),
            known=_known_of(people.known_household(home.row)),
        )
    ]
    for one in home.members:
        title = f"{mask_name(one.name)} · {names.relation(one.relation)}"
        known = _known_of(people.known(one))
        asked.append(Asked(f"{established.OF}{one.pk}-", kind="facts", of="person", group=title, known=known))
    return asked + _new()


def shared() -> dict[str, list[Asked]]:
    """What `facts` stands for: the fields of a household and of a person, by their own names."""
    lives = (("", _("lives here, as the register says")), ("gone", _("does not live here any more")))
    return {
        established.HOUSEHOLD: [_fact(what) for what in established.asked_of_household()],
        "person": [
            Asked(established.LIVES, _("Lives here"), "choice", options=lives),
            *(_fact(what) for what in established.asked_of_person()),
        ],
    }


def expanded(asked: Iterable[Asked]) -> list[Asked]:
    """The same with a field for each fact."""
    those, fields = shared(), []
    for one in asked:
        if one.kind != "facts":
            fields.append(one)
            continue
        fields += [
            replace(each, name=one.name + each.name, group=one.group, hint=one.known.get(each.name, ""))
            for each in those[one.of]
        ]
    return fields


def figures(home: Home | None) -> list[Asked]:
    """What the departments may have said of it, for the data check."""
    about = {slug for slugs in established.CHECKED.values() for slug in slugs}
    facts = [one for one in found(home) if one.kind == "facts"]
    return [one for one in expanded(facts) if one.name.rpartition("-")[2] in about]


def _fact(what: Variable) -> Asked:
    label = names.named(what)
    if what.type == "money":
        per = {"month": _("yuan a month"), "12 months": _("yuan in 12 months")}.get(what.unit, _("yuan"))
        return Asked(what.slug, f"{label}（{per}）" if moments.chinese() else f"{label} ({per})", "money")
    if what.type == "int":
        return Asked(what.slug, label, "number")
    options = (("yes", _("yes")), ("no", _("no"))) if what.type == "bool" else _words(what)
    return Asked(what.slug, label, "choice", options=(("", _("not known")), *options))


def _known_of(facts: Mapping[str, Fact]) -> dict[str, str]:
    """That a fact is known already, and from where; never what."""
    asked = {*established.OF_HOUSEHOLD, *established.OF_PERSON}
    return {slug: _known(fact) for slug, fact in facts.items() if slug in asked}


def _known(fact: Fact) -> str:
    source = _("the register") if fact.source == people.REGISTER else fact.source
    return _("known from %(source)s, %(day)s") % {"source": source, "day": fact.as_of.isoformat()}


def _words(what: Variable) -> tuple[tuple[str, str], ...]:
    side = 0 if moments.chinese() else 1
    return tuple((slug, words[side]) for slug, words in what.choices.items())


def _new() -> list[Asked]:
    title = _("Somebody else lives here")
    relations = tuple(one for one in _words(variables()["relation"]) if one[0] != "head")
    asked = []
    for n in range(established.NEW_ROWS):
        where = f"{established.NEW}{n}-"
        asked += [
            Asked(f"{where}name", _("Name"), group=title, most=40),
            Asked(
                f"{where}relation",
                _("Relation to the head"),
                "choice",
                options=(("", _("Choose")), *relations),
                group=title,
            ),
            Asked(f"{where}id_number", _("ID number"), group=title, most=18),
        ]
    return asked


def _second(there: Colleagues, data: Mapping[str, Any]) -> Asked:
    options = (("", _("Choose the second person")), *((str(pk), name) for pk, name in there))
    return Asked(
        "second",
        _("Who comes along"),
        "choice",
        str(data.get("second") or ""),
        required=True,
        options=options,
    )


def _options(known: Mapping[str, Any] | Iterable, first: str = "") -> tuple[tuple[str, str], ...]:
    rows = tuple((slug, str(text)) for slug, text in known.items())
    return (("", first), *rows) if first else rows
