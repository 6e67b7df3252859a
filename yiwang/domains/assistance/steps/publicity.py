"""Seven days in which the community may object. An objection leads to a new look; none, to the county."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.assistance import answers, publishing
from yiwang.domains.assistance.steps.looking import lengthen
from yiwang.kernel.matters.case import Case, CaseTask, Draft
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared


class Objecting(PlainForm):  # 异议登记
    """`objection`: what was objected, `contact` of who did (sealed). It ends the publicity; the case is looked at anew."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        answers.needed(answer, "objection", _("Write what was objected."), 2000)
        return Prepared(data={"complained": True})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        publishing.note_objection(
            case.id, answers.text(answer, "objection", 2000), answers.text(answer, "contact", 100), now
        )
        publishing.take_down(case.id, now)
        lengthen(case.id, "objection")


def objections(draft: Draft, desk: Any) -> str:
    """Whether anybody objected on the portal meanwhile; the seven days are over."""
    if not publishing.objected(draft.case.id):
        return "none"
    lengthen(draft.case.id, "objection")
    draft.set(data={**draft.case.data, "complained": True})
    return "some"
