"""The same actions on matters in memory, rows written in bulk: imports, the demonstration, measuring.

A `Hall` runs `engine` exactly as `actions` does, without a lock or a permission check (its caller has
checked), and writes the rows that the actions would have written. A test compares both, row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from yiwang.core import worktime
from yiwang.core.geo import Point
from yiwang.kernel.matters import attaching, engine, extending, forms, search, store
from yiwang.kernel.matters.case import Case, CaseTask, Draft
from yiwang.kernel.matters.engine import Desk, whole_second
from yiwang.kernel.matters.tables import (
    MATTERS,
    PAUSES,
    TASKS,
    TIMERS,
    Story,
    matter_values,
    pause_values,
    task_values,
)
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.records.attachments import Checked


class Hall:
    """Holds new cases and their events until `write`. `new_id` may be seeded, so that a run can be repeated."""

    def __init__(
        self, rules: Rulebook, calendar: worktime.Calendar, new_id: Callable[[], UUID] = uuid7
    ) -> None:
        self.rules = rules
        self.calendar = calendar
        self.new_id = new_id
        self._empty()

    def open(self, *, actor: Any, case: Case, now: datetime) -> Case:
        """`case` comes with its id, number, place, class and texts; the process starts here."""
        case.opened_at = whole_second(now)
        draft, desk = self._draft(case, actor, now)
        engine.begin(draft, desk)
        self.cases.append(case)
        self._finish(draft, "open", actor, now)
        return case

    def new_case(
        self,
        *,
        id: UUID,
        number: str,
        kind: str,
        point: Point | None = None,
        **columns: Any,  # noqa: A002
    ) -> Case:
        place = point.to("CGCS2000") if point else None
        return Case(
            id=id,
            number=number,
            district=self.rules.district,
            kind=kind,
            pack=self.rules.id,
            lat=place.lat if place else None,
            lon=place.lon if place else None,
            system="CGCS2000" if place else "",
            **columns,
        )

    def claim(self, *, actor: Any, case: Case, task: CaseTask, now: datetime) -> None:
        self._do("claim", actor, case, now, lambda d, desk: engine.claim(d, desk, task))

    def complete(
        self,
        *,
        actor: Any,
        case: Case,
        task: CaseTask,
        outcome: str,
        now: datetime,
        note: str = "",
        data: Mapping[str, Any] | None = None,
        evidence: Sequence[dict] = (),
    ) -> tuple[forms.Answer, forms.Prepared]:
        """Gives what the form prepared: the caller writes what `Form.after` would."""
        answer = forms.Answer(outcome, note.strip(), data or {}, tuple(evidence))
        draft, desk = self._draft(case, actor, now)
        prepared = engine.complete(draft, desk, task, answer)[1]
        self._finish(draft, "complete", actor, now)
        return answer, prepared

    def hold(self, *, actor: Any, case: Case, reason: str, now: datetime, note: str) -> None:
        self._do("hold", actor, case, now, lambda d, desk: engine.hold(d, desk, reason, note, None))

    def resume(self, *, actor: Any, case: Case, now: datetime, note: str = "") -> None:
        self._do("resume", actor, case, now, lambda d, desk: engine.resume(d, desk, note))

    def extend(self, *, actor: Any, case: Case, task: CaseTask, limit: str, now: datetime, note: str) -> None:
        self._do("extend", actor, case, now, lambda d, desk: extending.extend(d, desk, task, limit, note))

    def reopen(self, *, actor: Any, case: Case, now: datetime, note: str = "") -> None:
        kept = note if actor.kind == "user" else ""
        self._do("reopen", actor, case, now, lambda d, desk: engine.reopen(d, desk, kept))

    def rate(self, *, actor: Any, case: Case, score: int, now: datetime, solved: bool | None = None) -> None:
        self._do("rate", actor, case, now, lambda d, desk: engine.rate(d, score, solved))

    def remind(self, *, actor: Any, case: Case, now: datetime, note: str) -> None:
        self._do("remind", actor, case, now, lambda d, desk: engine.remind(d, desk, note))

    def send_back(
        self, *, actor: Any, case: Case, task: CaseTask, now: datetime, note: str, to: str | None = None
    ) -> None:
        self._do("send_back", actor, case, now, lambda d, desk: engine.send_back(d, desk, task, to, note))

    def reassign(
        self,
        *,
        actor: Any,
        case: Case,
        task: CaseTask,
        now: datetime,
        note: str,
        unit: str | None = None,
        user: int | None = None,
    ) -> None:
        self._do(
            "reassign", actor, case, now, lambda d, desk: engine.reassign(d, desk, task, unit, user, note)
        )

    def merge(
        self, *, actor: Any, primary: Case, duplicates: Sequence[Case], now: datetime, note: str = ""
    ) -> None:
        for other in duplicates:
            self._do("merge", actor, other, now, lambda d, desk: engine.merge_into(d, desk, primary, note))
        numbers = [other.number for other in duplicates]
        self._do("merge", actor, primary, now, lambda d, desk: engine.take_in(d, numbers, note))

    def withdraw(self, *, actor: Any, case: Case, now: datetime, note: str = "") -> None:
        self._do("withdraw", actor, case, now, lambda d, desk: engine.withdraw(d, desk, note))

    def void(self, *, actor: Any, case: Case, now: datetime, note: str) -> None:
        self._do("void", actor, case, now, lambda d, desk: engine.void(d, desk, note))

    def close(self, *, actor: Any, case: Case, now: datetime, note: str) -> None:
        self._do("close", actor, case, now, lambda d, desk: engine.close(d, desk, note))

    def attach(
        self,
        *,
        actor: Any,
        case: Case,
        checked: Checked,
        stage: str,
        now: datetime,
        id: UUID,  # noqa: A002
    ) -> None:
        """The event only: the caller stores the file."""
        self._do("attach", actor, case, now, lambda d, desk: attaching.note_file(d, id, stage, checked))

    def write(self) -> int:
        """Writes all cases since the last write, in one transaction; gives how many."""
        with store.one_transaction():
            MATTERS.insert(map(matter_values, self.cases))
            search.add(self.cases)
            TASKS.insert((*task_values(task), case.id) for case in self.cases for task in case.tasks.values())
            PAUSES.insert(
                (*pause_values(pause), case.id) for case in self.cases for pause in case.pauses.values()
            )
            TIMERS.insert((t.token, t.node, t.fire_at, case.id) for case in self.cases for t in case.timers)
            self.story.write()
        count = len(self.cases)
        self._empty()
        return count

    def _empty(self) -> None:
        self.cases: list[Case] = []
        self.story = Story()

    def _do(
        self, action: str, actor: Any, case: Case, now: datetime, change: Callable[[Draft, Desk], None]
    ) -> None:
        draft, desk = self._draft(case, actor, now)
        change(draft, desk)
        self._finish(draft, action, actor, now)

    def _draft(self, case: Case, actor: Any, now: datetime) -> tuple[Draft, Desk]:
        desk = Desk(self.rules, self.calendar, actor, whole_second(now), self.new_id)
        return Draft(case, self.new_id), desk

    def _finish(self, draft: Draft, action: str, actor: Any, now: datetime) -> None:
        self.story.add(draft, draft.finish(action, actor.label, actor.name, whole_second(now)))
