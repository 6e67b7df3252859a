"""At the window: accepted, accepted although something comes later, told once what is missing, not accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.approvals.steps import reading
from yiwang.kernel.matters import answering, papers
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared


class Acceptance(PlainForm):  # 受理审核
    """`material_SLUG` for each material of the item. missing: `note_missing`; refuse: `reason`."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        permit = reading.permit_of(case, rulebook)
        if answer.outcome == "refuse":
            answering.needed(
                answer, "reason", _("Say why it is not accepted; the applicant is told so in writing.")
            )
            return Prepared()
        _states, found = papers.seen_at_the_window(case, answer, permit.materials)
        return found if answer.outcome == "missing" else replace(found, changes={"filed_at": now})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if answer.outcome == "refuse":
            reading.keep(case, "accept", "refuse", answering.text(answer, "reason"), actor, now)
            return
        item = reading.item_of(case)
        if answer.outcome == "missing":
            item.missing, item.told_at = prepared.record["missing"], now
            item.missing_note = answering.text(answer, "note_missing")
            item.save(update_fields=["missing", "missing_note", "told_at"])
            return
        item.materials, item.missing = prepared.record["materials"], []
        item.save(update_fields=["materials", "missing"])
        reading.keep(case, "accept", answer.outcome, "", actor, now)


class Supplement(PlainForm):  # 补正
    """Complete: what was missing is there. Withdrawn: the applicant gives up; `reason` says how that is known."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "withdrawn":
            answering.needed(answer, "reason", _("Say how you know that the applicant gives up."))
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if answer.outcome == "withdrawn":
            reading.keep(case, "supplement", "withdrawn", answering.text(answer, "reason"), actor, now)


class Papers(PlainForm):  # 容缺补齐
    """`came`: yes or no. No: it can't be granted."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        came = answering.choice(answer, "came", {"yes": 1, "no": 1}, _("Say whether everything has come."))
        return Prepared(data={"papers": came == "yes"}, record={"came": came})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if prepared.record["came"] == "yes":
            item = reading.item_of(case)
            item.materials = {
                slug: papers.RECEIVED if state == papers.LATER else state
                for slug, state in item.materials.items()
            }
            item.save(update_fields=["materials"])
