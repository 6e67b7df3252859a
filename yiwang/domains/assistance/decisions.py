"""What a person decides, beside what the rules compute. The machine decides nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.domains.assistance.computing import NOTHING, Computed, compute
from yiwang.domains.assistance.models import Decision
from yiwang.kernel.errors import Denied, Invalid
from yiwang.kernel.matters.case import Case

FOR, AGAINST = "yes", "no"


def computed_for(household: UUID | None, person: UUID | None, programme: str, on: date) -> Computed:
    """What the rules say of this household on that day; NOTHING where they cannot be asked."""
    return compute(programme, household, person, on) if household else NOTHING


def need_reason(computed: Computed, decided: str, fen: int | None, reason: str) -> bool:
    """Whether the decision differs from what was computed. Raises Invalid when it does and no reason is written."""
    agrees = computed.says == decided and (decided == AGAINST or computed.fen == fen)
    if not agrees and len(reason) < 2:
        sentence = (
            _("The rules gave no answer. Write your reasons.")
            if computed.says not in (FOR, AGAINST)
            else _("This differs from what the rules give. Write why.")
        )
        raise Invalid(sentence, where="reason", code="no_reason")
    return computed.says in (FOR, AGAINST) and not agrees


def keep(
    case: Case,
    node: str,
    outcome: str,
    fen: int | None,
    reason: str,
    actor: Any,
    now: datetime,
    computed: Computed = NOTHING,
    differs: bool = False,
) -> Decision:
    return Decision.objects.create(
        id=uuid7(),
        matter_id=case.id,
        node=node,
        outcome=outcome,
        fen=fen,
        computed=computed.says,
        computed_fen=computed.fen,
        explanation=orjson.dumps(computed.explanation).decode() if computed.explanation else "",
        differs=differs,
        reason=reason,
        by_id=actor.id,
        at=now,
    )


def other_eyes(case: Case, node: str, actor: Any) -> None:
    """Nobody decides on the own proposal: raises Denied for who did `node` last."""
    done = [task for task in case.tasks.values() if task.node == node and task.state == "done"]
    last = max(done, key=lambda task: (task.done_at, task.token), default=None)
    if last is not None and last.done_by == actor.id:
        raise Denied(_("You made the proposal; somebody else decides on it."), code="own_proposal")
