"""What can be done with a licence; each action checks its permission and writes one event in one transaction.

`issue`, `correct`, `revoke`, `report_lost`, `restore`, `expire_due`, and for other applications `authorise`, `look`,
`end_use`. Whoever works an open application that uses a licence is told when it is no longer valid.
"""

from __future__ import annotations

import base64
import calendar as months
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.core.codes import CodeError, parse_resident_id, parse_uscc
from yiwang.core.worktime import SHANGHAI
from yiwang.kernel.access.policy import LICENCE, Subject, require
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import store
from yiwang.kernel.packs.licences import LicenceType
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records import signing
from yiwang.kernel.records.licences import chain, document, noticing, rendering
from yiwang.kernel.records.models_licences import Licence, LicenceSerial, LicenceUse, LicenceVersion

VALID, REVOKED, LOST, EXPIRED = "valid", "revoked", "lost", "expired"
LONGEST_USE = timedelta(days=90)
SHORTEST_REASON = 4


def issue(
    *,
    actor: Any,
    type: str,  # noqa: A002 - the field's own name
    holder: str,
    holder_number: str,
    fields: Mapping[str, str],
    now: datetime,
    address: str,
    valid_from: date | None = None,
    area: str = "",
    matter: UUID | None = None,
    id: UUID | None = None,  # noqa: A002
) -> Licence:
    """A new licence with its signed file. `address` is where its code leads, without number and code.

    The same `id` again gives the licence that is there. Raises Denied, or Invalid with the field that is wrong.
    """
    rules = current()
    kind = _kind(type)
    require(actor, "issue", Subject(LICENCE, area or None, None, district=rules.district))
    name, number = _holder(kind, holder, holder_number)
    values = _values(kind, fields)
    first = valid_from or now.astimezone(SHANGHAI).date()
    with store.one_transaction():
        key = id or uuid7()
        there = Licence.objects.filter(pk=key).first()
        if there is not None:
            return there
        signing.remember(now)
        licence = Licence(
            id=key, district=rules.district, area=area, type=type, number=_number(kind, now), code="",
            holder_hash=holder_hash(number), holder=name, holder_number=number, matter_id=matter, status=VALID,
            version=1, issued_at=now, valid_from=first, valid_to=_last_day(first, kind.valid), last_hash="",
        )  # fmt: skip
        licence.code = keyed_hash(f"licence {licence.number}")[:16]
        licence.save(force_insert=True)
        version = _version(licence, kind, values, now, address)
        chain.append(licence, "issue", actor, now, version=1, sha256=version.sha256, key=version.key)
        return licence


def correct(
    *,
    actor: Any,
    licence: UUID,
    holder: str,
    fields: Mapping[str, str],
    reason: str,
    now: datetime,
    address: str,
) -> Licence:
    """A new version of a valid licence; the older file stays, and no longer verifies as the current one."""
    with store.one_transaction():
        found = _locked(licence)
        require(actor, "issue", Subject.of_licence(found))
        _must_be(found, VALID)
        kind = _kind(found.type)
        name, _number_ = _holder(kind, holder, found.holder_number)
        found.holder, found.version = name, found.version + 1
        signing.remember(now)
        version = _version(found, kind, _values(kind, fields), now, address)
        found.save(update_fields=["holder", "version"])
        chain.append(
            found, "correct", actor, now,
            version=version.version, sha256=version.sha256, key=version.key, reason=_reason(reason),
        )  # fmt: skip
        return found


def revoke(*, actor: Any, licence: UUID, reason: str, now: datetime) -> Licence:
    """Ends a licence for good (注销、吊销)."""
    return _change(actor, licence, "revoke", REVOKED, (VALID, LOST, EXPIRED), reason, now)


def report_lost(*, actor: Any, licence: UUID, reason: str, now: datetime) -> Licence:
    """Puts a licence out of use until it is found (挂失)."""
    return _change(actor, licence, "lost", LOST, (VALID,), reason, now)


def restore(*, actor: Any, licence: UUID, reason: str, now: datetime) -> Licence:
    """A lost licence is valid again, or has expired meanwhile (解除挂失)."""
    return _change(actor, licence, "restore", VALID, (LOST,), reason, now)


def expire_due(actor: Any, now: datetime, at_most: int = 200) -> int:
    """Marks licences whose last day is over; gives how many."""
    today = now.astimezone(SHANGHAI).date()
    due = Licence.objects.filter(status=VALID, valid_to__lt=today).order_by("valid_to", "pk")
    done = 0
    for key in list(due.values_list("pk", flat=True)[:at_most]):
        with store.one_transaction():
            found = _locked(key)
            if found.status != VALID:
                continue
            found.status = EXPIRED
            found.save(update_fields=["status"])
            chain.append(found, "expire", actor, now)
            noticing.tell_users(found, now)
            done += 1
    return done


def authorise(
    *,
    actor: Any,
    licence: UUID,
    holder_number: str,
    matter: UUID,
    purpose: str,
    until: datetime,
    now: datetime,
) -> LicenceUse:
    """The holder allows one application to use the licence for one purpose until a moment (用证授权).

    The holder proves to be it by the number that the licence was issued to. Raises NotFound when it is another's,
    Conflict when the licence is not valid, Invalid for a purpose or an end that says nothing.
    """
    why = _reason(purpose, "purpose")
    if not now < until <= now + LONGEST_USE:
        raise Invalid(
            _("Choose an end within the next %(n)d days.") % {"n": LONGEST_USE.days},
            where="until",
            code="bad_until",
        )
    with store.one_transaction():
        found = _locked(licence)
        if found.holder_hash != holder_hash(holder_number):
            raise NotFound(_("There is no licence of this number with this holder."), code="no_licence")
        _must_be(found, VALID, now)
        store.lock(matter=matter)
        use = LicenceUse.objects.filter(licence=found, matter_id=matter, ended_at=None).first()
        if use is not None and use.until > now:
            return use
        if use is not None:
            _close(use, found, actor, now)
        use = LicenceUse.objects.create(
            id=uuid7(), licence=found, matter_id=matter, purpose=why, granted_at=now, until=until
        )
        chain.append(found, "authorise", actor, now, matter=str(matter), purpose=why, until=until.isoformat())
        return use


def look(*, actor: Any, use: UUID, now: datetime) -> tuple[Licence, dict[str, Any]]:
    """The content of a licence for the application that it was authorised for; each look is an event.

    Who may see the application may look. Raises NotFound, Denied, Conflict when the authorisation or the licence ended.
    """
    with store.one_transaction():
        given = LicenceUse.objects.select_related("matter").filter(pk=use).first()
        if given is None:
            raise NotFound(_("There is no such authorisation."), code="no_use")
        require(actor, "see", Subject.of_matter(given.matter))
        found = _locked(given.licence_id)
        if given.ended_at is not None or given.until <= now:
            raise Conflict(_("The authorisation has ended."), code="use_ended")
        _must_be(found, VALID, now)
        LicenceUse.objects.filter(pk=use).update(looks=given.looks + 1)
        chain.append(
            found, "use", actor, now, use=str(use), matter=str(given.matter_id), purpose=given.purpose
        )
        version = found.versions.get(version=found.version)
        return found, json.loads(version.content)


def end_use(*, actor: Any, use: UUID, holder_number: str, now: datetime) -> LicenceUse:
    """The holder takes an authorisation back."""
    with store.one_transaction():
        given = LicenceUse.objects.filter(pk=use).first()
        found = _locked(given.licence_id) if given else None
        if found is None or found.holder_hash != holder_hash(holder_number):
            raise NotFound(_("There is no such authorisation."), code="no_use")
        if given.ended_at is None:
            _close(given, found, actor, now)
        return given


def holder_hash(number: str) -> str:
    """By which the licences of a holder are found."""
    return keyed_hash(f"licence holder {''.join(number.split()).upper()}")


def status_of(licence: Licence, now: datetime) -> str:
    """The status at a moment: a licence whose last day is over has expired, whether or not it was marked yet."""
    over = licence.valid_to is not None and licence.valid_to < now.astimezone(SHANGHAI).date()
    return EXPIRED if licence.status == VALID and over else licence.status


def _close(use: LicenceUse, licence: Licence, actor: Any, now: datetime) -> None:
    use.ended_at = now
    use.save(update_fields=["ended_at"])
    chain.append(licence, "end", actor, now, use=str(use.pk), matter=str(use.matter_id))


def _change(
    actor: Any, key: UUID, action: str, status: str, before: tuple, reason: str, now: datetime
) -> Licence:
    why = _reason(reason)
    with store.one_transaction():
        found = _locked(key)
        require(actor, "revoke", Subject.of_licence(found))
        if found.status not in before:
            raise Conflict(
                _("The licence %(number)s is %(status)s; this cannot be done with it.")
                % {"number": found.number, "status": status_word(found.status)},
                code="wrong_status",
            )
        found.status = status
        found.save(update_fields=["status"])
        chain.append(found, action, actor, now, reason=why)
        if status != VALID:
            noticing.tell_users(found, now)
        return found


def _locked(key: UUID) -> Licence:
    found = Licence.objects.select_for_update().filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such licence."), code="no_licence")
    return found


def _must_be(licence: Licence, status: str, now: datetime | None = None) -> None:
    is_now = status_of(licence, now) if now else licence.status
    if is_now != status:
        raise Conflict(
            _("The licence %(number)s is %(status)s; this cannot be done with it.")
            % {"number": licence.number, "status": status_word(is_now)},
            code="wrong_status",
        )


def status_word(status: str) -> str:
    return {
        VALID: _("valid"),
        REVOKED: _("revoked"),
        LOST: _("reported lost"),
        EXPIRED: _("expired"),
    }.get(status, status)


def _kind(slug: str) -> LicenceType:
    found = current().licences.get(slug)
    if found is None:
        raise Invalid(
            _("The pack has no kind of licence %(slug)s.") % {"slug": slug[:60]}, where="type", code="no_type"
        )
    return found


def _holder(kind: LicenceType, holder: str, number: str) -> tuple[str, str]:
    name = " ".join(holder.split())
    if not 1 <= len(name) <= 100:
        raise Invalid(_("Give the holder's name, at most 100 characters."), where="holder", code="no_holder")
    parse = parse_resident_id if kind.holder == "person" else parse_uscc
    try:
        return name, parse(number).value
    except CodeError as wrong:
        what = (
            _("This is no resident identity number.")
            if kind.holder == "person"
            else _("This is no unified social credit code.")
        )
        raise Invalid(what, where="holder_number", code=wrong.code) from None


def _values(kind: LicenceType, given: Mapping[str, str]) -> dict[str, str]:
    unknown = set(given) - {field.name for field in kind.fields}
    if unknown:
        raise Invalid(
            _("The licence has no field %(name)s.") % {"name": sorted(unknown)[0][:40]},
            where="fields",
            code="no_field",
        )
    found = {}
    for field in kind.fields:
        text = " ".join(str(given.get(field.name, "")).split())
        if not text and field.required:
            raise Invalid(_("Fill in: %(label)s.") % {"label": field.label}, where=field.name, code="missing")
        if len(text) > 300:
            raise Invalid(
                _("At most 300 characters: %(label)s.") % {"label": field.label},
                where=field.name,
                code="long",
            )
        if text and field.type == "date":
            try:
                text = date.fromisoformat(text).isoformat()
            except ValueError:
                raise Invalid(
                    _("Give a day such as 2026-09-24: %(label)s.") % {"label": field.label},
                    where=field.name,
                    code="date",
                ) from None
        found[field.name] = text
    return found


def _reason(text: str, where: str = "reason") -> str:
    why = " ".join(text.split())
    if not SHORTEST_REASON <= len(why) <= 200:
        raise Invalid(
            _("Give the reason in %(least)d to %(most)d characters.") % {"least": SHORTEST_REASON, "most": 200},
            where=where, code="no_reason",
        )  # fmt: skip
    return why


def _number(kind: LicenceType, now: datetime) -> str:
    """PREFIX-YEAR-SERIAL, without gaps within a kind and a year."""
    year = now.astimezone(SHANGHAI).year
    LicenceSerial.objects.get_or_create(type=kind.slug, year=year)
    row = LicenceSerial.objects.select_for_update().get(type=kind.slug, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return f"{kind.prefix}-{year}-{row.last:06d}"


def _last_day(first: date, valid: int | None) -> date | None:
    """The day before the same day so many months later."""
    if valid is None:
        return None
    year, month = divmod(first.year * 12 + first.month - 1 + valid, 12)
    day = min(first.day, months.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def _version(
    licence: Licence, kind: LicenceType, values: dict[str, str], now: datetime, address: str
) -> LicenceVersion:
    content = _content(licence, kind, values, now)
    pdf = rendering.render(content, f"{address.rstrip('/')}/v/{licence.number}/{licence.code}")
    file = document.wrap(pdf, statement(licence))
    return LicenceVersion.objects.create(
        licence=licence, version=licence.version, content=json.dumps(content, ensure_ascii=False, sort_keys=True),
        document=base64.b64encode(file).decode(), sha256=hashlib.sha256(file).hexdigest(),
        key=signing.own_public()[1], made_at=now,
    )  # fmt: skip


def statement(licence: Licence) -> dict[str, Any]:
    """What is signed beside the digest of the PDF: which licence, which version, from when to when."""
    return {
        "what": "licence", "type": licence.type, "number": licence.number, "version": licence.version,
        "district": licence.district, "issued": licence.issued_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "from": licence.valid_from.isoformat(), "to": licence.valid_to.isoformat() if licence.valid_to else None,
    }  # fmt: skip


def _content(licence: Licence, kind: LicenceType, values: dict[str, str], now: datetime) -> dict[str, Any]:
    label = "公民身份号码" if kind.holder == "person" else "统一社会信用代码"
    who = "姓名" if kind.holder == "person" else "名称"
    rows = [[who, licence.holder], [label, licence.holder_number]]
    rows += [
        [field.label, _chinese_day(values[field.name]) if field.type == "date" else values[field.name]]
        for field in kind.fields
        if values[field.name]
    ]
    first, last = licence.valid_from, licence.valid_to
    rows.append(["有效期", f"{_day(first)}至{_day(last)}" if last else f"{_day(first)}起长期有效"])
    return {
        "title": kind.name, "title_en": kind.name_en, "number": licence.number, "rows": rows, "values": values,
        "issuer": kind.issuer, "issued": _day(now.astimezone(SHANGHAI).date()),
        "note": "样式为示例，未经核定" if kind.status == "illustrative" else "",
    }  # fmt: skip


def _chinese_day(text: str) -> str:
    return _day(date.fromisoformat(text)) if text else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
