"""Drafts (草稿): answers kept sealed, gone on with on any device with number and secret, moved to a new form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from yiwang.core import forms
from yiwang.domains.services import bundles, prefill, uploads
from yiwang.domains.services.models import Draft
from yiwang.kernel.errors import Invalid, NotFound, TooLarge
from yiwang.kernel.matters import receipts, store
from yiwang.kernel.packs.rulebook import Rulebook, rulebook

KEEP_DAYS = 60
LARGEST = 200_000  # bytes of answers
AT_ONCE = 500  # drafts that are forgotten in one go
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Resumed:
    """`dropped`: what the form of today has no place for."""

    draft: Draft
    answers: Mapping[str, Any]
    dropped: tuple[forms.Dropped, ...]
    beside: Mapping[str, Any]


def number_of(id: UUID) -> str:  # noqa: A002
    """A number that can be read over the telephone: nine digits and a check digit (Luhn)."""
    digits = f"{id.int % 10**DIGITS:0{DIGITS}d}"
    total = sum(
        sum(divmod(int(one) * (2 if n % 2 == 0 else 1), 10)) for n, one in enumerate(reversed(digits))
    )
    return f"{digits}{-total % 10}"


def save(
    *,
    id: UUID,  # noqa: A002
    rules: Rulebook,
    answers: Mapping[str, Any],
    now: datetime,
    service: str = "",
    bundle: str = "",
    form: str = "",
    beside: Mapping[str, Any] | None = None,
) -> tuple[Draft, str]:
    """Keeps answers under `id`; again, it is the same draft with the newer answers. (draft, secret). Raises TooLarge.

    Of a service with the slug of its form, or of a bundle; `beside`: what stands outside of the form.
    """
    text, more = orjson.dumps(answers).decode(), orjson.dumps(beside or {}).decode()
    if len(text.encode()) + len(more.encode()) > LARGEST:
        raise TooLarge(_("There is too much in this form to be kept."), where="answers")
    secret = receipts.secret_for(id)
    with store.one_transaction():
        row, _new = Draft.objects.update_or_create(
            id=id,
            defaults={
                "number": number_of(id),
                "secret_hash": receipts.secret_hash(id, secret),
                "service": service,
                "bundle": bundle,
                "form": form,
                "pack": rules.id,
                "answers": text,
                "beside": more,
                "saved_at": now,
                "until": now + timedelta(days=KEEP_DAYS),
            },
        )
    return row, secret


def find(number: str, secret: str, now: datetime) -> Draft:
    """Raises NotFound, the same for a wrong number, a wrong secret and a draft that is forgotten."""
    plain = "".join(letter for letter in number if letter.isdigit())
    row = Draft.objects.filter(number=plain, until__gt=now).first()
    if row is None or not receipts.same_secret(row.pk, secret, row.secret_hash):
        raise NotFound(
            _("There is no draft with this number and secret. Drafts are kept for %(days)d days.")
            % {"days": KEEP_DAYS},
            code="no_draft",
            where="number",
        )
    return row


def resume(row: Draft, form: forms.Form) -> Resumed:
    """The answers as far as the form of today takes them."""
    moved = forms.move(orjson.loads(row.answers), form, _old_form(row))
    return Resumed(row, moved.answers, moved.dropped, orjson.loads(row.beside) if row.beside else {})


def _old_form(row: Draft) -> forms.Form | None:
    """The form under which it was kept; None where that version is gone: then half-typed answers can't be told from
    unfit ones."""
    try:
        rules = rulebook(row.pack)
    except NotFound:
        return None
    if row.bundle:
        bundle = rules.bundles.get(row.bundle)
        said = orjson.loads(row.beside).get("said", {}) if row.beside else {}
        return bundles.plan(rules, bundle, said).form if bundle else None
    known = rules.forms.get(row.form)
    return known.form if known else None


def forget(row_id: UUID) -> None:
    """The draft of an application that was sent."""
    Draft.objects.filter(pk=row_id).delete()


def forget_old(now: datetime) -> int:
    """Removes drafts whose time is over, and files of forms that nobody keeps or sent; how many."""
    old = list(Draft.objects.filter(until__lte=now).values_list("pk", flat=True)[:AT_ONCE])
    with store.one_transaction():
        uploads.forget(old)
        gone = Draft.objects.filter(pk__in=old).delete()[0] if old else 0
    return gone + uploads.forget_old(now) + prefill.forget_old(now)


def uuid_of(text: str) -> UUID:
    """Raises Invalid for a damaged one."""
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("The page was damaged on its way. Please send the form again."), where="id") from None
