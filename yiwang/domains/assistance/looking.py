"""Looking at what is sealed (查询留痕): with a purpose, and on record for the person concerned."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.domains.assistance.models import Application, Finding, Review
from yiwang.kernel.access import purposes
from yiwang.kernel.access.policy import Subject
from yiwang.kernel.errors import NotFound
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.registers.people import opening

FILE = "assistance_file"  # name, number, telephone, address, account, situation, findings, reasons


def look(*, actor: Any, matter: Matter, purpose: str, now: datetime) -> None:
    """Records that `actor` opens the file of an application, a review or a visit, with the pictures of the home.

    That of a visit opens the household: each member reads it. Raises Denied, Invalid, NotFound.
    """
    visited = Finding.objects.filter(matter=matter.pk).values_list("household", flat=True).first()
    if visited is not None:
        opening.open_household(actor=actor, household=visited, purpose=purpose, now=now)
        return
    kind, key = whose(matter)
    purposes.reveal(
        actor=actor,
        subject_kind=kind,
        subject_id=str(key),
        field=FILE,
        purpose=purpose,
        now=now,
        subject=Subject.of_matter(matter),
    )


def whose(matter: Matter) -> tuple[str, UUID]:
    """Who can read in the log that it was opened: the person of the register, else who holds the application's secret."""
    row = Application.objects.filter(pk=matter.pk).first()
    if row is not None:
        return ("person", row.person) if row.person else ("application", row.pk)
    review = Review.objects.select_related("award").filter(pk=matter.pk).first()
    if review is None:
        raise NotFound(_("There is no file to open."))
    award = review.award
    return ("person", award.payee) if award.payee else ("application", award.matter_id)


def looks(row: Application) -> list[dict]:
    """Who opened the file of this application, newest first: at, user_name, purpose."""
    found = purposes.looks("application", str(row.pk))
    if row.person:
        found += [one for one in purposes.looks("person", str(row.person)) if one["field"] == FILE]
    return sorted(found, key=lambda one: one["at"], reverse=True)
