"""What an application brings, checked before anything is written: who, what for, members, account, papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.core.codes import CodeError, mask_id, parse_resident_id
from yiwang.domains.assistance import programmes
from yiwang.domains.assistance.programmes import EMERGENCY, Programme
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import given, texts

CHANNELS: Mapping[str, Any] = {
    "counter": gettext_lazy("At the counter"),
    "online": gettext_lazy("On line"),
    "on_behalf": gettext_lazy("On behalf of the household"),
    "found": gettext_lazy("Found, not applied"),
    "call": gettext_lazy("By telephone"),
}
RELATIONS: Mapping[str, Any] = {
    "head": gettext_lazy("Applicant"),
    "spouse": gettext_lazy("Spouse"),
    "child": gettext_lazy("Child"),
    "parent": gettext_lazy("Parent"),
    "grandparent": gettext_lazy("Grandparent"),
    "grandchild": gettext_lazy("Grandchild"),
    "sibling": gettext_lazy("Brother or sister"),
    "other": gettext_lazy("Other"),
}
EMERGENCIES: Mapping[str, Any] = {
    "fire": gettext_lazy("Fire"),
    "accident": gettext_lazy("Accident"),
    "illness": gettext_lazy("Sudden serious illness"),
    "death": gettext_lazy("Death of who earned the living"),
    "other": gettext_lazy("Another sudden emergency"),
}
# What the applicant brings (57号 art. 10). What the checking mechanism can get itself must not be asked for.
MATERIALS: Mapping[str, Any] = {
    "form": gettext_lazy("Application form"),
    "promise": gettext_lazy("Promise that what is said is true"),
    "authorisation": gettext_lazy("Authorisation to check the household's economic situation"),
    "identity": gettext_lazy("Identity card or household register"),
    "agency": gettext_lazy("Written mandate, when somebody else applies"),
    "expenses": gettext_lazy("Receipts of large expenses, where they count"),
}
GIVEN, MISSING, NOT_NEEDED = "given", "missing", "not_needed"
MOST_MEMBERS = 20
LONGEST = {
    "name": 40,
    "address": 200,
    "situation": 2000,
    "bank": 60,
    "number": 40,
    "staff_unit": 80,
    "relation": 40,
}


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    relation: str
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """An application as it came in, cleaned. `digest` is the same whenever the same is sent again."""

    programme: Programme
    channel: str
    name: str
    id_number: str
    area: str
    phone: str = ""
    address: str = ""
    situation: str = ""
    emergency: str = ""
    members: tuple[Member, ...] = ()
    account: Mapping[str, str] = field(default_factory=dict)
    agent: Mapping[str, str] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)
    kin: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Keyed, because it is of personal data."""
        whole = [self.programme.slug, self.channel, self.name, self.id_number, self.area, self.phone]
        whole += [self.address, self.situation, self.emergency, [list(_tuple(one)) for one in self.members]]
        whole += [dict(self.account), dict(self.agent), dict(self.kin)]
        return keyed_hash(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS).decode())

    @property
    def members_json(self) -> str:
        return orjson.dumps(
            [dict(zip(("name", "relation", "id_number"), _tuple(one), strict=True)) for one in self.members]
        ).decode()


def _tuple(one: Member) -> tuple[str, str, str]:
    return one.name, one.relation, one.id_number


def content(
    *,
    programme: str,
    channel: str,
    name: str,
    id_number: str,
    area: str,
    phone: str = "",
    address: str = "",
    situation: str = "",
    emergency: str = "",
    members: Sequence[Mapping[str, str]] = (),
    account: Mapping[str, str] | None = None,
    agent: Mapping[str, str] | None = None,
    materials: Mapping[str, str] | None = None,
    kin: Mapping[str, str] | None = None,
) -> Content:
    """The checked content. Raises Invalid or TooLarge with the field; nothing was written then."""
    benefit = programmes.programme(programme)
    one_of(channel, CHANNELS, "channel")
    if channel == "online" and not benefit.online:
        raise Invalid(_("This is not applied for on line."), where="programme")
    if benefit.kind == EMERGENCY:
        one_of(emergency, EMERGENCIES, "emergency")
    who = _line(name, "name", _("Write the applicant's name."))
    # In an emergency papers come afterwards, the number too.
    number = resident_id(id_number) if id_number.strip() or benefit.kind != EMERGENCY else ""
    others = tuple(_member(row, place) for place, row in enumerate(members) if any(row.values()))
    if len(others) >= MOST_MEMBERS:
        raise Invalid(
            _("A household of more than %(most)d members is looked at by hand.") % {"most": MOST_MEMBERS},
            where="members",
        )
    return Content(
        programme=benefit,
        channel=channel,
        name=who,
        id_number=number,
        area=given.area(area),
        phone=texts.phone(phone, "phone"),
        address=_line(address, "address"),
        situation=texts.clean(situation, "situation", LONGEST["situation"]),
        emergency=emergency if benefit.kind == EMERGENCY else "",
        members=(Member(who, "head", number), *others),
        account=account_of(account or {}, who),
        agent=_agent(agent or {}, channel),
        materials=_materials(materials or {}),
        kin=kin_of(kin or {}),
    )


def one_of(value: str, known: Mapping[str, Any], where: str) -> str:
    if value not in known:
        raise Invalid(
            _("%(value)s is not possible here. Possible: %(known)s.")
            % {"value": repr(value), "known": ", ".join(known)},
            where=where,
        )
    return value


def resident_id(text: str, where: str = "id_number") -> str:
    """A resident ID whose check digit is right. Raises Invalid, which shows the number masked."""
    try:
        return parse_resident_id(text).value
    except CodeError as wrong:
        raise Invalid(
            _("This is no resident ID number (%(shown)s). Compare it with the card, digit by digit.")
            % {"shown": mask_id(text.strip()[:20])},
            where=where,
            code=wrong.code,
        ) from None


def _line(text: str, where: str, missing: str = "", key: str = "") -> str:
    found = texts.line(text, where, LONGEST[key or where])
    if missing and not found:
        raise Invalid(missing, where=where)
    return found


def _member(row: Mapping[str, str], place: int) -> Member:
    where = f"members.{place}"
    name = texts.line(row.get("name", ""), where, LONGEST["name"])
    if not name:
        raise Invalid(_("Write the name of every member."), where=where)
    relation = one_of(row.get("relation", ""), RELATIONS, where)
    number = row.get("id_number", "").strip()
    return Member(name, relation, resident_id(number, where) if number else "")


def account_of(row: Mapping[str, str], holder: str) -> dict[str, str]:
    """Bank, number and holder, checked; {} without a number. Raises Invalid with the field."""
    number = "".join(row.get("number", "").split())
    if not number:
        return {}
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 22):
        raise Invalid(_("A bank account has 12 to 22 digits."), where="account_number")
    bank = texts.line(row.get("bank", ""), "account_bank", LONGEST["bank"])
    if not bank:
        raise Invalid(_("Write the name of the bank."), where="account_bank")
    owner = texts.line(row.get("holder", ""), "account_holder", LONGEST["name"]) or holder
    return {"bank": bank, "number": number, "holder": owner}


def _agent(row: Mapping[str, str], channel: str) -> dict[str, str]:
    if channel != "on_behalf":
        return {}
    name = texts.line(row.get("name", ""), "agent_name", LONGEST["name"])
    if not name:
        raise Invalid(_("Write who applies on behalf of the household."), where="agent_name")
    phone = texts.phone(row.get("phone", ""), "agent_phone")
    relation = texts.line(row.get("relation", ""), "agent_relation", LONGEST["relation"])
    return {"name": name, "phone": phone, "relation": relation}


def _materials(row: Mapping[str, str]) -> dict[str, str]:
    states = {GIVEN, MISSING, NOT_NEEDED}
    return {slug: row[slug] for slug in MATERIALS if row.get(slug) in states}


def kin_of(row: Mapping[str, str]) -> dict[str, str]:
    """A near relative of staff declares it (57号 art. 11): who, where, how related."""
    name = texts.line(row.get("name", ""), "kin_name", LONGEST["name"])
    if not name:
        return {}
    unit = texts.line(row.get("unit", ""), "kin_unit", LONGEST["staff_unit"])
    relation = texts.line(row.get("relation", ""), "kin_relation", LONGEST["relation"])
    if not unit or not relation:
        raise Invalid(
            _("Say where the relative works and how you are related."),
            where="kin_unit" if not unit else "kin_relation",
        )
    return {"name": name, "unit": unit, "relation": relation}
