"""At the window: accepted, with what may come later, by commitment; what is missing told once; not accepted and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.services.steps import answers
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import answering, granting, papers
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared


class Acceptance(PlainForm):  # 受理审核
    """`material_SLUG` for each material: received, looked up, later, missing. missing: `note_missing`; refuse: `reason`."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        service = answers.service_of(case, rulebook)
        if answer.outcome == "refuse":
            answering.needed(
                answer, "reason", _("Say why it is not accepted; the applicant is told so in writing.")
            )
            return Prepared()
        by_commitment = answer.outcome == "commitment"
        if by_commitment and (service.commitment is None or case.data.get("way") != "commitment"):
            raise Invalid(_("The applicant has not chosen to apply by commitment."), where="outcome")
        instead = service.instead if by_commitment else ()
        _states, found = papers.seen_at_the_window(case, answer, service.materials, instead)
        if answer.outcome == "missing":
            return found
        data = {**found.data, "commitment": by_commitment}
        return replace(found, data=data, changes={"filed_at": now})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        row = answers.application(case)
        if answer.outcome == "refuse":
            answers.keep(case, "accept", "refuse", answering.text(answer, "reason"), actor, now)
            return
        if answer.outcome == "missing":
            row.missing, row.missing_note, row.told_at = (
                prepared.record["missing"],
                answering.text(answer, "note_missing"),
                now,
            )
            row.save(update_fields=["missing", "missing_note", "told_at"])
            return
        row.materials, row.accepted_at, row.missing = prepared.record["materials"], now, []
        row.save(update_fields=["materials", "accepted_at", "missing"])
        answers.keep(case, "accept", answer.outcome, "", actor, now)


class Supplement(granting.Supplement):  # 补正
    keep = staticmethod(answers.keep)


class Papers(granting.Papers):  # 容缺补齐
    def papers_of(self, case: Case) -> Any:
        return answers.application(case)
