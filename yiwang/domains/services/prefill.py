"""What registers and licences know of a person, put into a form at the person's own wish (预填).

Only for somebody who has proven who she is, only with consent, for this form only; each time is on record where the
person reads who looked at her data. What was filled in stays marked and may be corrected. Of other people in the
household nothing is filled in: their consent is not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from yiwang.core import codes, forms
from yiwang.core.forms.answers import clean
from yiwang.domains.services.models import Draft, Filled
from yiwang.kernel.access import purposes
from yiwang.kernel.access.actors import resident
from yiwang.kernel.access.policy import PERSON
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import store
from yiwang.kernel.packs.forms import LICENCE
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records.licences import holding
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import held

REGISTER = "register"
ALONE = timedelta(days=1)
FIELD = "prefill"


@dataclass(frozen=True, slots=True)
class Known:
    """A question that can be filled in: its path, what would be typed, and from where (`register`, or `licence:NUMBER`)."""

    path: str
    field: forms.Field
    text: str
    source: str


def known(form: forms.Form, person: Person, now: datetime) -> list[Known]:
    """What of a form registers and valid licences know of the person, in the form's order. Nothing is on record yet:
    show names of questions and sources only."""
    register = origins_of(person)
    wanted = {
        one.split(".")[1] for _path, field in form.every() for one in field.origin if one.startswith(LICENCE)
    }
    licences = holding.valid(person.id_number, wanted, now) if wanted and person.id_number else {}
    said = {kind: holding.values(row) for kind, row in licences.items()}
    found = []
    for path, field in form.every():
        for origin in field.origin:
            text, source = register.get(origin, ""), REGISTER
            if origin.startswith(LICENCE):
                _word, kind, name = origin.split(".")
                text = said.get(kind, {}).get(name, "")
                source = f"{LICENCE}:{licences[kind].number}" if text else ""
            if text:
                found.append(Known(path, field, text, source))
                break
    return found


def origins_of(person: Person) -> dict[str, str]:
    """Origin -> what the register of residents says; nothing of anybody else."""
    said = {"self.name": person.name, "self.id_number": person.id_number, "self.phone": person.phone}
    house = Household.objects.filter(pk=person.household_id).first() if person.household_id else None
    if house is not None and person.active:
        said["home.address"] = house.address
        if house.head_id == person.pk:
            said["home.head"] = person.name
    try:
        sex = codes.parse_resident_id(person.id_number).sex
    except codes.CodeError:
        return said
    parent = "mother" if sex == "female" else "father"
    own = {name.partition(".")[2]: text for name, text in said.items() if name.startswith("self.")}
    return said | {f"{parent}.{name}": text for name, text in own.items()}


def source_said(source: str) -> str:
    """Where it came from, in words."""
    kind, _colon, number = source.partition(":")
    return (
        _("e-licence %(number)s") % {"number": number} if kind == LICENCE else _("the register of residents")
    )


def fill(
    *,
    sheet: UUID,
    person: Person,
    form: forms.Form,
    answers: Mapping[str, Any],
    consent: bool,
    what: str,
    now: datetime,
) -> dict[str, Any]:
    """The answers with what is known in the places that are still empty; it is on record for the person.

    `what`: the name of what is applied for. Raises Invalid without consent, or when nothing is known.
    """
    if not consent:
        raise Invalid(
            _("Tick that you agree; then it is filled in."), where="fill_consent", code="no_consent"
        )
    found = known(form, person, now)
    fresh = [one for one in found if not _at(answers, one.path)]
    if not fresh:
        raise Invalid(
            _("There is nothing to fill in: every such answer is there already."), where="fill_consent"
        )
    purpose = _("Filled into the form “%(name)s” at your own wish") % {"name": what}
    changed: dict[str, Any] = orjson.loads(orjson.dumps(answers))
    with store.one_transaction():
        row = Filled.objects.filter(pk=sheet, person=person).first()
        values = orjson.loads(row.values) if row else {}
        for one in fresh:
            _put(changed, one.path, one.text)
            values[one.path] = [one.text, one.source]
        numbers = {one.source.partition(":")[2] for one in fresh if one.source.startswith(LICENCE)}
        if numbers:
            for licence in holding.valid(person.id_number, current().licences, now).values():
                if licence.number in numbers:
                    holding.read(licence, resident(), purpose[:200], now)
        Filled.objects.update_or_create(
            pk=sheet, defaults={"person": person, "values": orjson.dumps(values).decode(), "at": now}
        )
        purposes.own_use(
            subject_kind=PERSON, subject_id=str(person.pk), field=FIELD, purpose=purpose[:200], now=now
        )
    return changed


def marks(sheet: UUID, answers: Mapping[str, Any]) -> dict[str, tuple[str, bool]]:
    """path -> (source, whether it stands as it came) of what was filled into a form that is not sent yet."""
    row = Filled.objects.filter(pk=sheet).first()
    found = orjson.loads(row.values) if row else {}
    return {path: (source, _same(answers, path, text)) for path, (text, source) in found.items()}


def settle(sheet: UUID, answers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What an application keeps of it when it is sent: source and whether it was left as it came, no values."""
    found = {path: {"source": source, "same": same} for path, (source, same) in marks(sheet, answers).items()}
    Filled.objects.filter(pk=sheet).delete()
    return found


def said(mark: Mapping[str, Any]) -> str:
    """How an answer of an application came, in words for those who work on it and for the applicant."""
    source = source_said(str(mark["source"]))
    if mark["same"]:
        return _("as in %(source)s") % {"source": source}
    return _("corrected by the applicant; %(source)s says otherwise") % {"source": source}


def forget_old(now: datetime) -> int:
    """Forgets what was filled into forms that nobody kept or sent."""
    old = Filled.objects.filter(at__lt=now - ALONE).exclude(
        pk__in=Draft.objects.filter(until__gt=now).values("pk")
    )
    return old.delete()[0]


def register() -> None:
    """What waits in forms that are not sent is a person's own data too."""
    held.register(held.Part("service_forms", _give, erase=_erase))


def _give(person: Person) -> dict[str, Any]:
    rows = Filled.objects.filter(person=person)
    return {"filled_in": [{"at": row.at.isoformat(), "values": orjson.loads(row.values)} for row in rows]}


def _erase(person: Person, _now: datetime) -> dict[str, int]:
    gone = Filled.objects.filter(person=person).delete()[0]
    return {"service_forms": gone} if gone else {}


def _at(answers: Any, path: str) -> str:
    for name in path.split("."):
        answers = answers.get(name) if isinstance(answers, Mapping) else None
    return clean(answers) if isinstance(answers, str) else ""


def _same(answers: Mapping[str, Any], path: str, text: str) -> bool:
    return _at(answers, path) == clean(text)


def _put(answers: dict[str, Any], path: str, text: str) -> None:
    *above, name = path.split(".")
    for one in above:
        answers = answers.setdefault(one, {})
    answers[name] = text
