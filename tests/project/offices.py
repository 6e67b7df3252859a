"""The demonstration's office once more, with the real actions: what the one in memory is compared to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yiwang.domains.operations import actions as operations
from yiwang.kernel.matters import actions, store
from yiwang.kernel.matters.attaching import attach
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.records import attachments
from yiwang.project.demo.office import Ids
from yiwang.project.demo.season import moment


@dataclass
class Told:
    """A report that the actions took, seen as a course sees it."""

    id: UUID
    number: str
    secret: str

    @property
    def case(self) -> Case:
        return store.load(Matter.objects.get(pk=self.id))

    @property
    def task(self) -> CaseTask:
        return next(task for task in self.case.tasks.values() if task.state == "open")


class ActionOffice:
    """Every method is one action of the domain or of the kernel; rows are there when it returns."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids

    def _now(self, at: int) -> Any:
        self.ids.at = at
        return moment(at)

    def report(self, *, at: int, actor: Any, channel: str, text: str, files: Any = (), **given: Any) -> Told:
        now = self._now(at)
        got = operations.report(
            id=self.ids(), channel=channel, text=text, now=now, actor=actor, files=files, **given
        )
        return Told(got.matter.pk, got.matter.number, got.secret)

    def photo(self, told: Told, data: bytes, stage: str, actor: Any, at: int) -> dict:
        now, checked = self._now(at), attachments.check(data, "photo.jpg")
        key = self.ids()
        attach(actor=actor, matter=told.id, checked=checked, stage=stage, now=now, id=key)
        return {"id": str(key), "stage": stage}

    def complete(self, told, outcome, *, at, actor, note="", evidence=(), **data) -> None:
        actions.complete(
            actor=actor,
            task=told.task.id,
            outcome=outcome,
            now=self._now(at),
            note=note,
            data=data,
            evidence=evidence,
        )

    def claim(self, told, *, at, actor) -> None:
        actions.claim(actor=actor, task=told.task.id, now=self._now(at))

    def send_back(self, told, *, at, actor, note) -> None:
        actions.send_back(actor=actor, task=told.task.id, now=self._now(at), note=note)

    def reassign(self, told, *, at, actor, unit, note) -> None:
        actions.reassign(actor=actor, task=told.task.id, now=self._now(at), unit=unit, note=note)

    def extend(self, told, *, at, actor, limit, note) -> None:
        actions.extend(actor=actor, task=told.task.id, now=self._now(at), limit=limit, note=note)

    def hold(self, told, *, at, actor, reason, note) -> None:
        actions.hold(actor=actor, matter=told.id, now=self._now(at), reason=reason, note=note)

    def resume(self, told, *, at, actor, note) -> None:
        actions.resume(actor=actor, matter=told.id, now=self._now(at), note=note)

    def remind(self, told, *, at, actor, note) -> None:
        actions.remind(actor=actor, matter=told.id, now=self._now(at), note=note)

    def merge(self, main, other, *, at, actor, note) -> None:
        actions.merge(actor=actor, primary=main.id, duplicates=[other.id], now=self._now(at), note=note)

    def withdraw(self, told, *, at) -> None:
        operations.withdraw(number=told.number, secret=told.secret, now=self._now(at))

    def close(self, told, *, at, actor, answer, note) -> None:
        operations.close(actor=actor, matter=told.id, answer=answer, now=self._now(at), note=note)

    def rate(self, told, *, at, score, solved, note="") -> None:
        operations.rate(
            number=told.number, secret=told.secret, score=score, solved=solved, note=note, now=self._now(at)
        )

    def reopen(self, told, *, at, note) -> None:
        operations.reopen(number=told.number, secret=told.secret, note=note, now=self._now(at))
