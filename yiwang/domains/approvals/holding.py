"""Stopping the clock of an item, and letting it run again: with the law's reason and a written notice until when.

The kernel stops the clock; here is what 行政许可法 art. 45 asks for beside it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.domains.approvals.models import HoldNotice, Item
from yiwang.domains.approvals.registering import day_of
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import actions, given, store
from yiwang.kernel.matters.models import Matter

LONGEST = timedelta(days=730)
KINDS = ("approval", "approval_opinion")


def needed(number: str) -> bool:
    """Whether a matter is held by these rules: it is a permit of a construction project."""
    return Matter.objects.filter(number=number, kind__in=KINDS).exists()


def hold(
    *,
    actor: Any,
    matter: Any,
    reason: str,
    note: str,
    expected: date | None,
    now: datetime,
    task: Any = None,
) -> Matter:
    """Stops the clock of an item (暂停计时). `expected`: the last day on which it is expected to stand.

    Raises Invalid with the field, Conflict when it stands already, Denied.
    """
    given.reason(note, _("Say why the clock stops; the applicant will read it."))
    if expected is None:
        raise Invalid(_("Say until when the clock is expected to stand."), where="expected", code="no_notice")
    if not day_of(now) <= expected <= day_of(now) + LONGEST:
        raise Invalid(_("Give a day from today on, within two years."), where="expected")
    with store.one_transaction():
        case = store.lock(matter=matter)
        item = Item.objects.filter(pk=case.id).first()
        if item is None:
            raise NotFound(_("There is no such permit."))
        if HoldNotice.objects.filter(item=item, ended_at=None).exists():
            raise Conflict(_("The clock already stands."))
        with transaction.atomic():  # refused, the notice is gone even where a caller goes on
            HoldNotice.objects.create(
                item=item, reason=reason, note=note.strip(), expected=expected, at=actions.whole_second(now)
            )
            return actions.hold(actor=actor, matter=case.id, reason=reason, note=note, now=now, task=task)
