"""The check after a commitment, and the decision on the revocation where it was not kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.approvals import pledging
from yiwang.domains.approvals.models import Pledge
from yiwang.kernel.matters import answering, granting
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared


def pledge_of(case: Case) -> Pledge:
    return Pledge.objects.select_related("stage__project", "stage__matter").get(check_matter=case.id)


class AfterCheck(granting.AfterCheck):  # 事后核查
    def keep(self, case: Case, node: str, outcome: str, reason: str, actor: Any, now: datetime) -> None:
        pledging.checked(pledge_of(case), outcome, reason, actor, now)


class Revocation(PlainForm):  # 决定撤销
    """revoke or keep, each with `reason`; the applicant is told so in writing."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        answering.needed(answer, "reason", _("Give the reasons; the applicant is told so in writing."))
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        result = pledging.REVOKED if answer.outcome == "revoke" else pledging.NOT_REVOKED
        pledging.checked(pledge_of(case), result, answering.text(answer, "reason"), actor, now)
