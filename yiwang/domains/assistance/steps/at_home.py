"""What the forms that are filled in at a home ask, field by field: the same on a page and on a phone without a network.

Nothing that is sealed stands in them: members are named by their masked names, and of a fact that is known already only
where it comes from. What is typed there goes to `steps.looking`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.core.codes.masks import mask_name
from yiwang.core.process import UserTask
from yiwang.domains.assistance import established, names, queries
from yiwang.domains.assistance.steps.looking import ABILITIES, ABLE, HOUSING, HOW
from yiwang.kernel.packs.rulebook import Variable
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import queries as people
from yiwang.kernel.registers.people.facts import Fact
from yiwang.kernel.registers.people.variables import variables
from yiwang.kernel.ui import moments


@dataclass(frozen=True, slots=True)
class Asked:
    """One field. `kind`: text, long, day, money, number, choice, radio or photos. `group`: folded under this title."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    group: str = ""
    most: int = 200


def survey(matter: UUID, area: str | None, data: Mapping[str, Any], node: UserTask, on: date) -> list[Asked]:
    """The visit form of a survey, a review or the county (入户调查表)."""
    return [
        Asked("on", _("Visited on"), "day", on.isoformat(), required=True),
        _second(area, data, node, on),
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
        *found(matter),
        Asked("signed_by", _("Signed for the household by"), most=40),
        Asked("unsigned_why", _("Nobody could sign, because")),
        Asked("photos", _("Photos of the home and of the signed form"), "photos"),
    ]


def again(matter: UUID, area: str | None, data: Mapping[str, Any], node: UserTask, on: date) -> list[Asked]:
    """Looking again after an objection."""
    at_home = _("Only where it was surveyed at home again")
    second = _second(area, data, node, on)
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
        Asked(second.name, second.label, second.kind, second.value, options=second.options, group=at_home),
        *found(matter),
    ]


def self_care(
    matter: UUID, area: str | None, data: Mapping[str, Any], node: UserTask, on: date
) -> list[Asked]:
    """The six items of self-care (43号)."""
    able = _options(ABLE)
    return [
        *(
            Asked(f"able_{slug}", str(name), "radio", required=True, options=able)
            for slug, name in ABILITIES.items()
        ),
        Asked("on", _("Assessed on"), "day", on.isoformat(), required=True),
        _second(area, data, node, on),
        Asked("seen", _("Remarks"), "long", most=2000),
    ]


def found(matter: UUID) -> list[Asked]:
    """What is established of the household, of each member, and who lives there besides."""
    row, members = _home(matter)
    if row is None:
        return []
    own = people.known_household(row)
    asked = [
        _fact(established.HOUSEHOLD, what, own, _("The household's property and cost"))
        for what in established.asked_of_household()
    ]
    lives = (("", _("lives here, as the register says")), ("gone", _("does not live here any more")))
    for one in members:
        title = f"{mask_name(one.name)} · {names.relation(one.relation)}"
        known = people.known(one)
        field = f"{established.OF}{one.pk}-{established.LIVES}"
        asked.append(Asked(field, _("Lives here"), "choice", options=lives, group=title))
        asked += [_fact(str(one.pk), what, known, title) for what in established.asked_of_person()]
    return asked + _new()


def figures(matter: UUID) -> list[Asked]:
    """What the departments may have said of it, for the data check."""
    about = {slug for slugs in established.CHECKED.values() for slug in slugs}
    return [
        one
        for one in found(matter)
        if one.name.startswith(established.OF) and one.name.rpartition("-")[2] in about
    ]


def _home(matter: UUID) -> tuple[Household | None, list[Person]]:
    household = established.household_of(matter)
    row = Household.objects.filter(pk=household, left=None).first() if household else None
    if row is None:
        return None, []
    return row, sorted(people.members(row.pk), key=lambda one: (one.pk != row.head_id, one.since, one.pk))


def _fact(whose: str, what: Variable, known: Mapping[str, Fact], group: str) -> Asked:
    name, label = f"{established.OF}{whose}-{what.slug}", names.named(what)
    hint = _known(known.get(what.slug))
    if what.type == "money":
        per = {"month": _("yuan a month"), "12 months": _("yuan in 12 months")}.get(what.unit, _("yuan"))
        return Asked(
            name,
            f"{label}（{per}）" if moments.chinese() else f"{label} ({per})",
            "money",
            hint=hint,
            group=group,
        )
    if what.type == "int":
        return Asked(name, label, "number", hint=hint, group=group)
    options = (("yes", _("yes")), ("no", _("no"))) if what.type == "bool" else _words(what)
    return Asked(name, label, "choice", hint=hint, options=(("", _("not known")), *options), group=group)


def _known(fact: Fact | None) -> str:
    """That it is known already, and from where; never what."""
    if fact is None:
        return ""
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


def _second(area: str | None, data: Mapping[str, Any], node: UserTask, on: date) -> Asked:
    there = queries.colleagues(area, on, county=node.id == "county_visit")
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
