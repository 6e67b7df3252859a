"""What can be done with a licence; each action checks its permission and writes one event in one transaction.

`issue`, `correct`, `revoke`, `report_lost`, `restore`, `expire_due`, and for other applications `authorise`, `look`,
`end_use`. Whoever works an open application that uses a licence is told when it is no longer valid.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.core.worktime import SHANGHAI
from yiwang.kernel.access.policy import LICENCE, Subject, require
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import store
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records import signing
from yiwang.kernel.records.licences import chain, content, noticing
from yiwang.kernel.records.models_licences import Licence, LicenceUse

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
    kind = content.kind_of(type)
    require(actor, "issue", Subject(LICENCE, area or None, None, district=rules.district))
    name, number = content.holder_of(kind, holder, holder_number)
    values = content.values_of(kind, fields)
    first = valid_from or now.astimezone(SHANGHAI).date()
    with store.one_transaction():
        key = id or uuid7()
        there = Licence.objects.filter(pk=key).first()
        if there is not None:
            return there
        signing.remember(now)
        licence = Licence(
            id=key, district=rules.district, area=area, type=type, number=content.next_number(kind, now), code="",
            holder_hash=holder_hash(number), holder=name, holder_number=number, matter_id=matter, status=VALID,
            version=1, issued_at=now, valid_from=first, valid_to=content.last_day(first, kind.valid), last_hash="",
        )  # fmt: skip
        licence.code = keyed_hash(f"licence {licence.number}")[:16]
        licence.save(force_insert=True)
        version = content.write_version(licence, kind, values, now, address)
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
        kind = content.kind_of(found.type)
        name, _number_ = content.holder_of(kind, holder, found.holder_number)
        found.holder, found.version = name, found.version + 1
        signing.remember(now)
        version = content.write_version(found, kind, content.values_of(kind, fields), now, address)
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


def _reason(text: str, where: str = "reason") -> str:
    why = " ".join(text.split())
    if not SHORTEST_REASON <= len(why) <= 200:
        raise Invalid(
            _("Give the reason in %(least)d to %(most)d characters.") % {"least": SHORTEST_REASON, "most": 200},
            where=where, code="no_reason",
        )  # fmt: skip
    return why
