"""What `domains.operations.actions` does, on matters in memory: reports, lessons, answers and ratings in bulk.

Made for the demonstration and for measuring. A test plays the same histories through the actions and through
this office and compares every table.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from random import Random
from typing import Any

from django.db.models import F
from django.utils.translation import override

from yiwang.core import worktime
from yiwang.core.codes import matter_number
from yiwang.domains.operations import actions, answers, forms, intake
from yiwang.domains.operations.models import Lesson, Report
from yiwang.kernel.access.actors import Actor, resident
from yiwang.kernel.matters import receipts, store
from yiwang.kernel.matters.bulk import Hall
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.models import NumberBlock, Outbox
from yiwang.kernel.matters.rows import Table
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.records import attachments
from yiwang.project.demo.season import moment

_REPORT_COLUMNS = tuple(f.attname for f in Report._meta.concrete_fields)
_report = attrgetter(*_REPORT_COLUMNS)
_REPORTS = Table(Report, _REPORT_COLUMNS)
_LESSONS = Table(Lesson, ("matter", "text", "standard", "class_code", "at"))
_ANSWERED = Table(Outbox, ("matter_id", "topic", "payload", "next_at", "created_at"))


class Ids:
    """UUIDv7 of the moment `at` (seconds), the rest from a seeded generator: the same in every run."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.at = rng, 0

    def __call__(self) -> uuid.UUID:
        bits = self.rng.getrandbits(84)
        high = (self.at * 1000 + (bits & 1023) % 1000) << 16 | 0x7000 | (bits >> 10 & 0xFFF)
        return uuid.UUID(int=high << 64 | 0x8000000000000000 | bits >> 22)


class Numbers:
    """The readable numbers of each day, from 1.

    What arises on one day (`home`) and is reported again on a later one gets numbers of its own there, so that
    the days can be made in any order, and by several processes.
    """

    def __init__(self, most: int = 500_000) -> None:
        self.most = most  # numbers of a day that are its own
        self.home = dt.date.min
        self.last: dict[tuple[dt.date, dt.date], int] = {}

    def next(self, at: dt.datetime) -> str:
        day = at.astimezone(store.ZONE).date()
        home = self.home if self.home > dt.date.min else day
        first = self.most * (day - home).days
        sequence = self.last[home, day] = self.last.get((home, day), first) + 1
        return matter_number(day, sequence)

    def taken(self) -> dict[str, int]:
        """The highest number of each day."""
        found: dict[str, int] = {}
        for (_home, day), last in self.last.items():
            key = f"{day:%Y%m%d}"
            found[key] = max(last, found.get(key, 0))
        return found


def keep_numbers(taken: dict[str, int]) -> None:
    """Tells the program which numbers are given out."""
    for day, last in sorted(taken.items()):
        NumberBlock.objects.update_or_create(day=day, defaults={"last": last})


@dataclass(slots=True)
class Filed:
    """A report and its matter, as a course works with them."""

    case: Case
    report: Report
    joined: list[Filed] = field(default_factory=list)  # matters merged into this one

    @property
    def id(self) -> uuid.UUID:
        return self.case.id

    @property
    def task(self) -> CaseTask:
        """The open task: the incident process has one at a time."""
        return next(task for task in self.case.tasks.values() if task.state == "open")


class Office:
    """Keeps what happens until `write`. Every method takes the moment `at` in seconds since 1970 (UTC)."""

    def __init__(
        self, rules: Rulebook, calendar: worktime.Calendar, ids: Callable[[], uuid.UUID], numbers: Numbers
    ) -> None:
        self.rules, self.ids, self.numbers = rules, ids, numbers
        self.hall = Hall(rules, calendar, ids)
        self._empty()

    def _empty(self) -> None:
        self.reports: list[Report] = []
        self.lessons: dict[uuid.UUID, dict] = {}
        self.answered: list[tuple] = []
        self.files: list[Callable[[], Any]] = []

    def report(
        self, *, at: int, actor: Actor, channel: str, text: str, files: Sequence[Any] = (), **given: Any
    ) -> Filed:
        id, now = self._id(at), moment(at)
        came = intake.content(self.rules, channel=channel, text=text, files=files, **given)
        checked = intake.checked_files(came)
        judged = actions.judge(came, self.rules, [file.point for file in checked if file.point])
        case = self.hall.new_case(
            id=id,
            number=self.numbers.next(now),
            kind=actions.KIND,
            source=came.channel,
            title=came.title,
            description=came.text,
            standard=judged.standard,
            class_code=judged.class_code,
            area=judged.located.area,
            point=judged.located.point,
            address=came.address,
            data=came.data,
        )
        self.hall.open(actor=actor, case=case, now=now)
        row = actions.report_row(id, came, judged, came.digest, receipts.secret_for(id), now)
        self.reports.append(row)
        for number, file in enumerate(checked):
            key = uuid.uuid5(id, f"file {number} {file.sha256}")
            self._keep_file(file, id, "report", actor, now, key)
        return Filed(case, row)

    def photo(self, filed: Filed, data: bytes, stage: str, actor: Actor, at: int) -> dict:
        """Stores a picture of the work; gives the evidence for `complete`."""
        key, checked = self._id(at), attachments.check(data, "photo.jpg")
        self.hall.attach(actor=actor, case=filed.case, checked=checked, stage=stage, now=moment(at), id=key)
        self._keep_file(checked, filed.id, stage, actor, moment(at), key)
        return {"id": str(key), "stage": stage}

    def complete(
        self,
        filed: Filed,
        outcome: str,
        *,
        at: int,
        actor: Actor,
        note: str = "",
        evidence: Sequence[dict] = (),
        **data: Any,
    ) -> None:
        task, now = filed.task, self._now(at)
        form = self.rules.process(filed.case.kind).nodes[task.node].form
        given, _prepared = self.hall.complete(
            actor=actor,
            case=filed.case,
            task=task,
            outcome=outcome,
            now=now,
            note=note,
            data=data,
            evidence=evidence,
        )
        if form == "filing" and outcome == "file":
            filed.report.needs_person = False
            self.lessons[filed.id] = forms.lesson_of(filed.case, now)
        elif (form, outcome) == ("filing", "void"):
            self._answer(filed, forms.void_answer(given), now)
        elif (form, outcome) == ("prechecking", "false"):
            self._answer(filed, forms.void_answer(given, default="not_found"), now)
        elif (form, outcome) == ("closing", "close"):
            self._answer(filed, forms.answer_text(given), now)

    def claim(self, filed: Filed, *, at: int, actor: Actor) -> None:
        self.hall.claim(actor=actor, case=filed.case, task=filed.task, now=self._now(at))

    def send_back(self, filed: Filed, *, at: int, actor: Actor, note: str) -> None:
        self.hall.send_back(actor=actor, case=filed.case, task=filed.task, now=self._now(at), note=note)

    def reassign(self, filed: Filed, *, at: int, actor: Actor, unit: str, note: str) -> None:
        self.hall.reassign(
            actor=actor, case=filed.case, task=filed.task, now=self._now(at), note=note, unit=unit
        )

    def extend(self, filed: Filed, *, at: int, actor: Actor, limit: str, note: str) -> None:
        self.hall.extend(
            actor=actor, case=filed.case, task=filed.task, limit=limit, now=self._now(at), note=note
        )

    def hold(self, filed: Filed, *, at: int, actor: Actor, reason: str, note: str) -> None:
        self.hall.hold(actor=actor, case=filed.case, reason=reason, now=self._now(at), note=note)

    def resume(self, filed: Filed, *, at: int, actor: Actor, note: str) -> None:
        self.hall.resume(actor=actor, case=filed.case, now=self._now(at), note=note)

    def remind(self, filed: Filed, *, at: int, actor: Actor, note: str) -> None:
        self.hall.remind(actor=actor, case=filed.case, now=self._now(at), note=note)

    def merge(self, main: Filed, other: Filed, *, at: int, actor: Actor, note: str) -> None:
        self.hall.merge(actor=actor, primary=main.case, duplicates=[other.case], now=self._now(at), note=note)
        main.joined.append(other)

    def withdraw(self, filed: Filed, *, at: int) -> None:
        self.hall.withdraw(actor=resident(filed.id), case=filed.case, now=self._now(at))

    def close(self, filed: Filed, *, at: int, actor: Actor, answer: str, note: str) -> None:
        now = self._now(at)
        self.hall.close(actor=actor, case=filed.case, now=now, note=note)
        self._answer(filed, answer, now)

    def rate(self, filed: Filed, *, at: int, score: int, solved: bool, note: str = "") -> None:
        now = self._now(at)
        self.hall.rate(actor=resident(filed.id), case=filed.case, score=score, now=now, solved=solved)
        row = filed.report
        row.rating, row.solved, row.rating_note, row.rated_at = score, solved, note, now

    def reopen(self, filed: Filed, *, at: int, note: str) -> None:
        self.hall.reopen(actor=resident(filed.id), case=filed.case, now=self._now(at), note=note)
        filed.report.rating_note = note

    def write(self, delivered_before: int | None = None) -> int:
        """Writes everything in one transaction; gives how many matters.

        `delivered_before`: notices from before this moment were sent long ago, as the worker would have.
        """
        with store.one_transaction():
            after = Outbox.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            count = self.hall.write()
            _REPORTS.insert(map(_report, self.reports))
            _LESSONS.insert(
                (key, one["text"], one["standard"], one["class_code"], one["at"])
                for key, one in self.lessons.items()
            )
            _ANSWERED.insert(self.answered)
            if delivered_before is not None:
                self._delivered(after, delivered_before)
        for keep in self.files:
            keep()
        self._empty()
        return count

    def _delivered(self, after: int, before: int) -> None:
        old = Outbox.objects.filter(pk__gt=after, created_at__lt=moment(before))
        old.update(state="sent", attempts=1, sent_at=F("created_at"))

    def _answer(self, filed: Filed, text: str, now: dt.datetime) -> None:
        """The answer for every reporter of the matter and of what was merged into it."""
        front = [filed]
        while front:
            one = front.pop()
            front += one.joined
            one.report.answer, one.report.answered_at = text, now
            payload = {"report": str(one.report.pk), "channel": one.report.channel}
            self.answered.append((one.id, answers.ANSWERED, payload, now, now))

    def _keep_file(
        self,
        file: attachments.Checked,
        matter: uuid.UUID,
        stage: str,
        actor: Actor,
        now: dt.datetime,
        key: uuid.UUID,
    ) -> None:
        self.files.append(
            lambda: attachments.store(file, matter=matter, stage=stage, actor=actor, now=now, id=key)
        )

    def _id(self, at: int) -> uuid.UUID:
        self._now(at)
        return self.ids()

    def _now(self, at: int) -> dt.datetime:
        if isinstance(self.ids, Ids):
            self.ids.at = at
        return moment(at)


def in_chinese() -> Any:
    """The sentences that the program itself writes to residents are kept in the district's language."""
    return override("zh-hans")
