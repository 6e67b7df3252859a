"""What the steps of an application look up, and the decision that they keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.services.models import Application, Decision
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters.case import Case
from yiwang.kernel.packs.services import Service


def service_of(case: Case, rulebook: Any) -> Service:
    """The service under the pack version that the matter keeps."""
    found = rulebook.services.get(str(case.data.get("service", "")))
    if found is None:
        raise Invalid(
            _("The pack of this application does not have its service any more."), code="no_service"
        )
    return found


def keep(case: Case, node: str, outcome: str, reason: str, actor: Any, now: datetime) -> Decision:
    """Writes down what was decided, why and by whom."""
    return Decision.objects.create(
        matter_id=case.id, node=node, outcome=outcome, reason=reason, by_id=actor.user_id, at=now
    )


def application(case: Case) -> Application:
    return Application.objects.get(pk=case.id)
