"""Review, decision with reasons, delivery, and the check after a commitment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.services import extending, licences
from yiwang.domains.services.models import Decision
from yiwang.domains.services.steps import answers
from yiwang.kernel.matters import granting
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, Prepared


class Review(granting.Review):  # 审查
    keep = staticmethod(answers.keep)


class Deciding(granting.Deciding):  # 决定
    """Also where a licence that the application uses has ended meanwhile, it is granted with reasons."""

    keep = staticmethod(answers.keep)

    def doubt(self, case: Case, now: datetime) -> str:
        if licences.broken(case.id, now):
            return _(
                "A licence that this application uses is no longer valid: give your reasons for granting it."
            )
        return super().doubt(case, now)


class Delivery(granting.Delivery):  # 送达
    def last_decision(self, case: Case) -> Decision | None:
        own = Decision.objects.filter(matter=case.id).exclude(node=extending.NODE)
        return own.order_by("-at", "-pk").first()


class AfterCheck(granting.AfterCheck):  # 事后核查
    keep = staticmethod(answers.keep)

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        prepared = super().prepare(case, task, answer, rulebook, now)
        return replace(prepared, data={"withdrawn": True}) if answer.outcome == "broken" else prepared
