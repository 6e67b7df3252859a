"""What the steps read from an answer. All raise Invalid with the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.services.models import Application, Decision
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import texts
from yiwang.kernel.matters.case import Case
from yiwang.kernel.matters.forms import Answer
from yiwang.kernel.packs.services import Service

LONGEST = 1000


def text(answer: Answer, name: str) -> str:
    value = answer.data.get(name, "")
    return texts.clean("" if value is None else value, name, LONGEST)


def needed(answer: Answer, name: str, sentence: str) -> str:
    """The text of a field that must be filled in; `sentence` asks for it."""
    found = text(answer, name)
    if len(found) < 2:
        raise Invalid(sentence, where=name)
    return found


def choice(answer: Answer, name: str, known: Mapping[str, Any], sentence: str) -> str:
    value = text(answer, name)
    if value not in known:
        raise Invalid(sentence, where=name)
    return value


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
