"""What the steps look up, and the decision that they keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.approvals.models import Decision, Item
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters.case import Case
from yiwang.kernel.packs.approvals import Permit


def permit_of(case: Case, rulebook: Any) -> Permit:
    """The permit under the pack version that the matter keeps."""
    found = rulebook.approvals.permits.get(str(case.data.get("permit", "")))
    if found is None:
        raise Invalid(_("The pack of this matter does not have its permit any more."), code="no_permit")
    return found


def item_of(case: Case) -> Item:
    return Item.objects.select_related("project", "stage").get(pk=case.id)


def keep(case: Case, node: str, outcome: str, reason: str, actor: Any, now: datetime) -> Decision:
    """Writes down what was decided, why and by whom."""
    return Decision.objects.create(
        item_id=case.id, node=node, outcome=outcome, reason=reason, by_id=actor.user_id, at=now
    )
