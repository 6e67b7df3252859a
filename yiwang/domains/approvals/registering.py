"""The register of projects (项目库): a project comes in, its papers, the day of its land contract.

A project is a matter; its applicant follows it with the secret of the receipt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _

from yiwang.core.codes import CodeError, parse_phone, parse_project_code, parse_uscc
from yiwang.domains.approvals.models import Building, Project
from yiwang.kernel.access.policy import Subject, require
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.matters import actions, given, receipts, store, texts
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.approvals import ProjectClass
from yiwang.kernel.packs.rulebook import Rulebook, current

KIND = "approval_project"
MOST_M2, MOST_FEN, MOST_BUILDINGS = 100_000_000, 10**15, 60
INVESTORS = ("government", "social")


@dataclass(frozen=True, slots=True)
class Registered:
    """`secret` is what the applicant follows with; `created` says whether this call made it."""

    project: Project
    matter: Matter
    created: bool
    secret: str


def day_of(now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def class_of(rules: Rulebook, slug: str) -> ProjectClass:
    found = rules.approvals.classes.get(slug)
    if found is None:
        raise Invalid(_("Choose the class of the project."), where="project_class")
    return found


def register(
    *,
    actor: Any,
    id: UUID,
    code: str,
    name: str,
    project_class: str,
    investor: str,
    area: str,
    address: str,
    applicant: str,
    applicant_code: str,
    now: datetime,
    contact_name: str = "",
    contact_phone: str = "",
    land_m2: Any = 0,
    floor_m2: Any = 0,
    invest_fen: Any = 0,
    indices: Mapping[str, Any] | None = None,
    buildings: Sequence[Mapping[str, Any]] = (),
) -> Registered:
    """Takes a project into the register. `id` comes from the client: the same content again is the same project.

    Raises Invalid with the field, Conflict for a code that is taken, Denied.
    """
    rules = current()
    chosen = class_of(rules, project_class)
    if investor not in INVESTORS:
        raise Invalid(_("Say who invests."), where="investor")
    if chosen.investor not in ("any", investor):
        raise Invalid(
            _("%(name)s is not for this kind of investor.") % {"name": chosen.name}, where="project_class"
        )
    if chosen.promise(day_of(now)) is None:
        raise Invalid(
            _("Nothing is promised yet for %(name)s on this day.") % {"name": chosen.name},
            where="project_class",
        )
    values = {
        "code": _code(code, rules),
        "name": _text(name, "name", 100, _("Give the name of the project.")),
        "project_class": chosen.slug,
        "investor": investor,
        "area": given.area(area),
        "address": _text(address, "address", 200, _("Say where it is built.")),
        "land_m2": _whole(land_m2, "land_m2", MOST_M2),
        "floor_m2": _whole(floor_m2, "floor_m2", MOST_M2),
        "invest_fen": _whole(invest_fen, "invest_fen", MOST_FEN),
        "indices": _indices(indices or {}),
        "applicant": _text(applicant, "applicant", 100, _("Give the name of the applicant.")),
        "applicant_code": _uscc(applicant_code),
        "contact_name": texts.clean(contact_name, "contact_name", 40),
        "contact_phone": _phone(contact_phone),
    }
    built = [_building(place, one) for place, one in enumerate(buildings)]
    if len(built) > MOST_BUILDINGS:
        raise Invalid(_("At most %(most)d buildings.") % {"most": MOST_BUILDINGS}, where="buildings")
    digest = keyed_hash(orjson.dumps([values, built], option=orjson.OPT_SORT_KEYS).decode())
    now, secret = actions.whole_second(now), receipts.secret_for(id)
    there = _already(id, digest, secret)
    if there is not None:
        return there
    try:
        with store.one_transaction():
            if Project.objects.filter(code=values["code"]).exists():
                raise Conflict(
                    _("A project with the code %(code)s is in the register already.")
                    % {"code": values["code"]},
                    code="code_taken",
                    where="code",
                )
            matter = actions.open(
                actor=actor,
                kind=KIND,
                id=id,
                title=values["name"],
                source="counter" if actor.signed_in else "online",
                area=values["area"],
                address=values["address"],
                now=now,
                rules=rules,
                data={"project_class": chosen.slug},
            )
            project = Project(
                matter=matter,
                district=rules.district,
                registered_at=now,
                digest=digest,
                secret_hash=receipts.secret_hash(id, secret),
                **values,
            )
            project.save(force_insert=True)
            Building.objects.bulk_create(
                Building(project=project, place=place, **one) for place, one in enumerate(built, start=1)
            )
    except IntegrityError:
        there = _already(id, digest, secret)
        if there is None:
            raise Conflict(_("This project is in the register already."), code="id_taken") from None
        return there
    return Registered(project, matter, True, secret)


def _already(id: UUID, digest: str, secret: str) -> Registered | None:
    row = Project.objects.filter(pk=id).select_related("matter").first()
    if row is None:
        return None
    if row.digest != digest:
        raise Conflict(
            _("A project was already taken under this id with other content. Send it under a new id."),
            code="other_content",
            where="id",
        )
    return Registered(row, row.matter, False, secret)


def applicant(number: str, secret: str) -> Project:
    """The project with this code or number, for who has its secret. Raises NotFound, the same for wrong code or secret.

    A number may be that of the project's matter, of one of its stages or of one of its items.
    """
    rows = Project.objects.select_related("matter")
    row = (
        rows.filter(code=number).first()
        or rows.filter(matter__number=number).first()
        or rows.filter(stages__matter__number=number).first()
        or rows.filter(items__matter__number=number).first()
    )
    if row is None or not receipts.same_secret(row.pk, secret, row.secret_hash):
        raise NotFound(
            _("There is no project with this number and secret. Read both again from the receipt."),
            code="no_project",
            where="number",
        )
    return row


def require_own(actor: Any, project: Project, action: str = "open") -> None:
    """Officials by their posts; an applicant only for the own project. Raises Denied."""
    if actor.kind == "resident":
        if actor.matter_id != project.pk:
            raise Denied(_("Only the applicant can do this, with the code and the secret."), reason="not_own")
        return
    require(actor, action, Subject.of_matter(project.matter))


def change_size(
    *,
    actor: Any,
    project: Project,
    now: datetime,
    floor_m2: Any = None,
    land_m2: Any = None,
    address: str = "",
) -> Project:
    """Corrects what is built and where; pre-opinions given on the old figures don't hold any more."""
    require_own(actor, project)
    with store.one_transaction():
        store.lock(matter=project.pk)
        row = Project.objects.select_related("matter").get(pk=project.pk)
        if floor_m2 is not None:
            row.floor_m2 = _whole(floor_m2, "floor_m2", MOST_M2)
        if land_m2 is not None:
            row.land_m2 = _whole(land_m2, "land_m2", MOST_M2)
        if address:
            row.address = _text(address, "address", 200, "")
        row.save(update_fields=["floor_m2", "land_m2", "address"])
        return row


def _text(value: str, where: str, most: int, sentence: str) -> str:
    found = texts.clean(value or "", where, most)
    if len(found) < 2:
        raise Invalid(sentence, where=where)
    return found


def _code(text: str, rules: Rulebook) -> str:
    try:
        found = parse_project_code(text)
    except CodeError as wrong:
        raise Invalid(
            _("This is no project code. It looks like 2104-210104-04-01-123456 (form unverified)."),
            where="code",
            code=wrong.code,
        ) from None
    if found.area[:4] != rules.district[:4]:
        raise Invalid(_("The project code belongs to another city."), where="code", code="elsewhere")
    return found.value


def _uscc(text: str) -> str:
    try:
        return parse_uscc(text).value
    except CodeError as wrong:
        raise Invalid(
            _("This is no unified social credit code."), where="applicant_code", code=wrong.code
        ) from None


def _phone(text: str) -> str:
    if not (text or "").strip():
        return ""
    try:
        return parse_phone(text).value
    except CodeError as wrong:
        raise Invalid(_("This is no telephone number."), where="contact_phone", code=wrong.code) from None


def _whole(value: Any, where: str, most: int) -> int:
    try:
        number = int(value or 0)
    except (TypeError, ValueError):
        raise Invalid(_("Give a whole number."), where=where) from None
    if not 0 <= number <= most:
        raise Invalid(_("Give a whole number from 0 to %(most)d.") % {"most": most}, where=where)
    return number


def _indices(found: Mapping[str, Any]) -> dict[str, float]:
    """Figures of standard land by name, at most a dozen."""
    if len(found) > 12:
        raise Invalid(_("At most %(most)d figures.") % {"most": 12}, where="indices")
    try:
        return {str(name)[:40]: float(value) for name, value in found.items()}
    except (TypeError, ValueError):
        raise Invalid(_("Give numbers."), where="indices") from None


def _building(place: int, one: Mapping[str, Any]) -> dict[str, Any]:
    where = f"buildings.{place}"
    return {
        "name": _text(str(one.get("name") or ""), f"{where}.name", 60, _("Give the name of the building.")),
        "floor_m2": _whole(one.get("floor_m2"), f"{where}.floor_m2", MOST_M2),
        "storeys": _whole(one.get("storeys"), f"{where}.storeys", 200),
        "height_m": _whole(one.get("height_m"), f"{where}.height_m", 900),
    }
