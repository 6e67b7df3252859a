"""Opinions: of a department that is heard on a permit, of one that is asked by itself, and of a pre-review."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.core import worktime
from yiwang.domains.approvals import inputs, sharing
from yiwang.domains.approvals.models import Opinion, PreReview
from yiwang.domains.approvals.registering import day_of
from yiwang.domains.approvals.steps import reading
from yiwang.domains.approvals.words import OPINIONS, PRE_OPINIONS
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters import answering
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared, Words
from yiwang.kernel.packs.rulebook import rulebook as version
from yiwang.kernel.registers.calendars import current_calendar

SILENT = "silent"
SAID = {slug: text for slug, text in OPINIONS.items() if slug != SILENT}


def _said(case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> str:
    if answer.outcome != SILENT:
        opinion = answering.choice(answer, "opinion", SAID, _("Say whether the department agrees."))
        if opinion != "agree":
            answering.needed(answer, "reason", _("Give the conditions or the reasons, with their basis."))
        return opinion
    if not reading.permit_of(case, rulebook).silence:
        raise Conflict(_("Here silence does not count as agreement."), code="no_silence")
    if task.held or task.due_at is None or task.due_at >= now:
        raise Conflict(_("The limit of this opinion is not over."), code="not_over")
    return SILENT


class Heard(PlainForm):  # 征求意见
    """`opinion`, and `reason` where it is not plain agreement. The permit is decided once all are heard."""

    said = {"opinion": Words(gettext_lazy("Opinion"), OPINIONS)}

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        opinion = _said(case, task, answer, rulebook, now)
        data = {"against": True} if opinion == "disagree" else {}
        return Prepared(data=data, record={"opinion": opinion, "unit": task.unit})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        Opinion.objects.create(
            item_id=case.id,
            unit=prepared.record["unit"],
            opinion=prepared.record["opinion"],
            reason=answering.text(answer, "reason"),
            by_id=actor.user_id,
            at=now,
        )
        if task_of_itself(case):
            sharing.looked_at(reading.item_of(case), reading.permit_of(case, version(case.pack)))


def task_of_itself(case: Case) -> bool:
    """Whether the case is an opinion that is asked for by itself, and not one beside a review."""
    return any(task.node == "give" for task in case.tasks.values())


class Given(Heard):  # 出具意见
    """The same for an item that is itself an opinion."""

    said = Heard.said

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        opinion = _said(case, task, answer, rulebook, now)
        return Prepared(data={"opinion": opinion}, record={"opinion": opinion, "unit": task.unit})


class Previewed(PlainForm):  # 预审意见
    """`opinion`, and `reason` unless it is plainly favourable. No legal act: nothing is granted by it."""

    said = {"opinion": Words(gettext_lazy("Opinion"), PRE_OPINIONS)}

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        opinion = answering.choice(answer, "opinion", PRE_OPINIONS, _("Say what the pre-review came to."))
        if opinion != "favourable":
            answering.needed(answer, "reason", _("Say what has to be changed."))
        return Prepared(record={"opinion": opinion})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        row = PreReview.objects.select_related("project").get(pk=case.id)
        permit = reading.permit_of(case, version(case.pack))
        last = worktime.due(current_calendar(), now, worktime.Limit.parse(permit.preview or "180d")).moment
        row.parts = inputs.parts_of(row.project, permit, version(case.pack))  # as it lay before who gave it
        row.inputs = inputs.digest_of(row.parts)
        row.opinion, row.reason = prepared.record["opinion"], answering.text(answer, "reason")
        row.given_at, row.by_id, row.valid_to = now, actor.user_id, day_of(last)
        row.save(update_fields=["opinion", "reason", "given_at", "by", "valid_to", "parts", "inputs"])
