"""How a resident proves who she is, without an account: to read what is held about her and who looked at it (本人查询).

Either by a code that the counter gives out after looking at the ID card, together with the ID number; or by number and
secret of something of her own, such as an application: a domain registers how.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.core import codes
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.policy import Subject, require
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Denied, NotFound
from yiwang.kernel.matters.transactions import one_transaction
from yiwang.kernel.registers.models_people import AccessCode, Person
from yiwang.kernel.registers.people import queries

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else
LENGTH = 12  # 58 bits: not to be guessed, however many tries
HOLDS = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Issued:
    """`code` is shown once, in groups of four, and is not kept."""

    code: str
    expires_at: dt.datetime


Prove = Callable[[str, str], UUID | None]  # number and secret -> whose they are, None when nobody's
_proofs: dict[str, Prove] = {}


def register(name: str, prove: Prove) -> None:
    """A domain's own way: `prove(number, secret)` gives the person, None where there is none. Raises nothing."""
    _proofs[name] = prove


def issue(*, actor: Actor, person: UUID, now: dt.datetime) -> Issued:
    """A new code for a person whose ID card the official has looked at; earlier ones end. Raises Denied, NotFound."""
    if not actor.signed_in:
        raise Denied(_("Only a person may look."))
    with one_transaction():
        row = queries.see_person(actor, person)
        require(actor, "prove", Subject.of_person(row))
        AccessCode.objects.filter(person=row, revoked_at=None).update(revoked_at=now)
        code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
        expires = now + HOLDS
        AccessCode.objects.create(
            digest=_digest(code), person=row, issued_by_id=actor.id, issued_at=now, expires_at=expires
        )
    return Issued("-".join(code[at : at + 4] for at in range(0, LENGTH, 4)), expires)


def revoke(*, actor: Actor, person: UUID, now: dt.datetime) -> int:
    """Ends the codes of a person, when a paper was lost; gives how many there were."""
    row = queries.see_person(actor, person)
    require(actor, "prove", Subject.of_person(row))
    return AccessCode.objects.filter(person=row, revoked_at=None).update(revoked_at=now)


def by_code(id_number: str, code: str, now: dt.datetime) -> Person:
    """The person of this ID number and code. Raises NotFound, the same whatever is wrong."""
    try:
        number = keyed_hash(codes.parse_resident_id(id_number).value)
    except codes.CodeError:
        number = ""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())[: LENGTH * 2]
    row = (
        AccessCode.objects.filter(
            digest=_digest(plain), revoked_at=None, expires_at__gt=now, person__erased_at=None
        )
        .select_related("person")
        .first()
    )
    if row is None or not number or not secrets.compare_digest(row.person.id_hash or "", number):
        raise _wrong()
    return row.person


def by_secret(number: str, secret: str) -> Person:
    """The person whose application, or the like, has this number and secret. Raises NotFound."""
    for prove in _proofs.values():
        key = prove(number, secret)
        row = Person.objects.filter(pk=key, erased_at=None).first() if key else None
        if row is not None:
            return row
    raise _wrong()


def issued_codes(person: UUID) -> list[AccessCode]:
    """The codes that were given out for a person, newest first: she sees them too."""
    return list(AccessCode.objects.filter(person=person).order_by("-issued_at")[:50])


def _digest(code: str) -> str:
    return keyed_hash(f"access code {code}")


def _wrong() -> NotFound:
    return NotFound(
        _("These two do not belong together, or the code has ended. Read both again, or ask the counter."),
        code="not_proven",
    )
