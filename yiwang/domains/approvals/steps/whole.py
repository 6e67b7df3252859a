"""The steps of a stage, which Yiwang does by itself, and of a project, which its guide ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.approvals.models import StageRun
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters import answering
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared


class ByItself(PlainForm):
    """Follows from the items of the stage; nobody ends it by hand."""

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if actor.kind != "system":
            raise Conflict(
                _("The stage goes on by itself with its permits; it is not ended by hand."), code="by_itself"
            )


class Accompanied(PlainForm):  # 帮办
    """finished, once no stage is open; dropped with `reason`."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "dropped":
            answering.needed(answer, "reason", _("Say why the project ends."))
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if StageRun.objects.filter(project=case.id, matter__state="open").exists():
            raise Conflict(_("A stage of the project is still open."), code="stage_open")
