"""Relieve first, papers after (先行救助): from the call to the money within the hours of its own clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from yiwang.domains.assistance import answers, awards, households, paying
from yiwang.domains.assistance.decisions import keep, other_eyes
from yiwang.domains.assistance.models import Application
from yiwang.domains.assistance.steps.accepting import set_total
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared, Words


class Confirming(PlainForm):  # 核实急难情形
    """`reason`: what was found, by telephone or on the spot."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        answers.needed(answer, "reason", _("Write what you found."))
        return Prepared(changes={"filed_at": now})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        keep(case, "confirm", answer.outcome, None, answers.text(answer, "reason"), actor, now)
        row = Application.objects.get(pk=case.id)
        row.accepted_at = row.accepted_at or row.received_at  # the clock of an emergency starts with the call
        set_total(row)
        households.link(row, actor, now)
        row.save(update_fields=["accepted_at", "due_at", "household", "person"])


class Relieving(PlainForm):  # 先行救助审批
    """`amount` and `reason`. The rules give no amount: in an emergency a person weighs what is needed now."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        answers.needed(answer, "reason", _("Write the reasons."))
        fen = answers.amount(answer) if answer.outcome == "grant" else None
        if fen == 0:
            raise Invalid(_("Write the amount that is given now."), where="amount")
        return Prepared(data={"fen": fen}, record={"fen": fen})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        other_eyes(case, "confirm", actor)
        keep(
            case, "relieve", answer.outcome, prepared.data["fen"], answers.text(answer, "reason"), actor, now
        )
        if answer.outcome == "grant":
            awards.start(case, prepared.data["fen"], now)


class HandingOver(PlainForm):  # 发放救助金
    """`way` bank or cash, `signed_by` who received it. The payment is written down with the step, once."""

    said = {"way": Words(gettext_lazy("How it was paid"), paying.WAYS)}

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        way = answers.choice(answer, "way", paying.WAYS, _("Choose how it was paid."))
        answers.needed(answer, "signed_by", _("Write who received it."), 40)
        return Prepared(record={"way": way})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        paying.pay_now(
            case.id, prepared.record["way"], answers.text(answer, "signed_by", 40), now, id=uuid7()
        )


class Recording(PlainForm):  # 区级备案审查
    """`reason`: what the county says of it; nothing needs to be written."""

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        keep(case, "county_review", answer.outcome, None, answers.text(answer, "reason"), actor, now)
