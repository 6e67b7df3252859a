"""What a domain changes of its own matter beside the steps (变更): an event in the chain says what, by whom and when.

The caller has checked who may, and keeps the content in its own tables; the event holds no free text of residents.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from yiwang.kernel.matters import store
from yiwang.kernel.matters.case import Draft
from yiwang.kernel.matters.engine import whole_second
from yiwang.kernel.matters.refusals import must_be_open


def amend(
    *,
    actor: Any,
    matter: UUID,
    record: Mapping[str, Any],
    now: datetime,
    note: str = "",
    columns: Mapping[str, Any] | None = None,
) -> int:
    """Writes the event and the changed `columns` of the matter; gives the number of the event. Raises Conflict `not_open`."""
    now = whole_second(now)
    with store.one_transaction():
        case = store.lock(matter=matter)
        must_be_open(case)
        draft = Draft(case, uuid7)
        draft.set(**columns or {})
        draft.record.update(record, note=note)
        event = draft.finish("amend", actor.label, actor.name, now)
        store.save(draft, event)
        return event.seq
