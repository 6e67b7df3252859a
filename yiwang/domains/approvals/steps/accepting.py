"""At the window: accepted, accepted although something comes later, told once what is missing, not accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.approvals import pledging, sharing
from yiwang.domains.approvals.steps import reading
from yiwang.kernel.matters import answering, granting, papers
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared
from yiwang.kernel.packs.rulebook import rulebook as version


class Acceptance(PlainForm):  # 受理审核
    """`material_SLUG` for each material of the item. missing: `note_missing`; refuse: `reason`."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        permit = reading.permit_of(case, rulebook)
        if answer.outcome == "refuse":
            answering.needed(
                answer, "reason", _("Say why it is not accepted; the applicant is told so in writing.")
            )
            return Prepared()
        _states, found = papers.seen_at_the_window(case, answer, pledging.to_see(permit, case.data))
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
        pledged = {slug: state for slug, state in item.materials.items() if state == papers.COMMITTED}
        item.materials, item.missing = pledged | prepared.record["materials"], []
        item.save(update_fields=["materials", "missing"])
        if not case.data.get("converted"):  # what was pre-reviewed was looked at before
            sharing.looked_at(item, reading.permit_of(case, version(case.pack)))
        reading.keep(case, "accept", answer.outcome, "", actor, now)


class Supplement(granting.Supplement):  # 补正
    keep = staticmethod(reading.keep)


class Papers(granting.Papers):  # 容缺补齐
    def papers_of(self, case: Case) -> Any:
        return reading.item_of(case)
