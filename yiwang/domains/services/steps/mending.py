"""The steps after a bad rating: calling back, and looking whether the rating was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.domains.services.models import Followup
from yiwang.kernel.matters import answering
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared, Words
from yiwang.kernel.matters.granting import YES_NO

REACHED: Mapping[str, Any] = YES_NO


class Mending(PlainForm):  # 回访整改
    """`reached`: whether the applicant was spoken to; `reply`: what was done, which the applicant reads."""

    said = {"reached": Words(gettext_lazy("The applicant was reached"), REACHED)}

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        reached = answering.choice(answer, "reached", REACHED, _("Say whether the applicant was reached."))
        answering.needed(answer, "reply", _("Write what was done; the applicant reads it."))
        return Prepared(record={"reached": reached})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        row = Followup.objects.get(pk=case.id)
        row.outcome, row.reached = answer.outcome, prepared.record["reached"] == "yes"
        row.reply, row.answered_at = answering.text(answer, "reply"), now
        row.save(update_fields=["outcome", "reached", "reply", "answered_at"])


class Rechecking(PlainForm):  # 申诉复核
    """confirm: the rating was wrong; back with `reason`: it was not, and the unit mends."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "back":
            answering.needed(answer, "reason", _("Say why the rating stands."))
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        row = Followup.objects.get(pk=case.id)
        if answer.outcome == "confirm":
            row.confirmed_at = now
        else:
            row.outcome, row.answered_at = "", None
        row.save(update_fields=["outcome", "answered_at", "confirmed_at"])
