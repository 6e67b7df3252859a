"""The opinions and the decision. Each keeps what the rules gave beside what the person decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.assistance import answers, awards, bereavement, publishing, spotcheck
from yiwang.domains.assistance.computing import Computed
from yiwang.domains.assistance.decisions import computed_for, keep, need_reason, other_eyes
from yiwang.domains.assistance.models import Application
from yiwang.domains.assistance.programmes import HARDSHIP, NEVER, programme
from yiwang.domains.assistance.steps.looking import lengthen
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared


def judged(case: Case, answer: Answer, now: datetime, decided: str) -> tuple[int | None, Computed, bool]:
    """(amount in fen, what the rules give, whether they differ). Raises Invalid without the reason that it takes."""
    row = Application.objects.get(pk=case.id)
    found = computed_for(row.household, row.person, row.programme, answers.today(now))
    fen = None
    if decided == "yes":
        fen = 0 if programme(row.programme).rhythm == NEVER else answers.amount(answer)
    differs = need_reason(found, decided, fen, answers.text(answer, "reason"))
    return fen, found, differs


class Judging(PlainForm):
    """`amount` in yuan where it is for it, `reason` where it is against it or differs from the rules."""

    yes, no, again = "grant", "refuse", "again"

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == self.again:
            answers.needed(answer, "reason", _("Say what is still to be found out."))
            return Prepared()
        bereavement.require_answered(case.id)
        if answer.outcome == self.no:
            answers.needed(answer, "reason", _("Write the reasons; the household is told them."))
        fen, _found, differs = judged(case, answer, now, "yes" if answer.outcome == self.yes else "no")
        kept, counted = self.kept(case, answer, fen, now), bereavement.counted(case)
        changes = {"title": counted.pop("title")} if counted else {}
        return Prepared(changes=changes, data=kept | counted, record={"fen": fen, "differs": differs})

    def kept(self, case: Case, answer: Answer, fen: int | None, now: datetime) -> dict[str, Any]:
        return {"fen": fen}

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        reason, node = answers.text(answer, "reason"), self.node
        if answer.outcome == self.again:
            keep(case, node, answer.outcome, None, reason, actor, now)
            return
        fen, found, differs = judged(case, answer, now, "yes" if answer.outcome == self.yes else "no")
        keep(case, node, answer.outcome, fen, reason, actor, now, found, differs)


class Opinion(Judging):  # 初步审核意见
    """For it: the opinion is shown for seven days. In extreme hardship the draw says whether the county visits.

    `unstable`: income is unstable or somebody is able to work, so the award is looked at every half year.
    """

    node, yes, no = "opinion", "support", "against"

    def kept(self, case: Case, answer: Answer, fen: int | None, now: datetime) -> dict[str, Any]:
        data: dict[str, Any] = {"fen": fen, "unstable": answers.text(answer, "unstable", 1) == "1"}
        # Every case that goes to the county, also with an opinion against it.
        if case.kind == HARDSHIP and "draw" not in case.data:
            draw = spotcheck.draw(case.data["programme"], case.id, now)
            data |= {"draw": draw.number, "spot_check": draw.drawn}
        return data

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        super().after(case, answer, prepared, actor, now)
        if answer.outcome == self.yes:
            publishing.publish_opinion(case, prepared.data["fen"], now)
        if "draw" in prepared.data:
            spotcheck.keep(case, now)
        special = answers.text(answer, "special")
        if special:
            lengthen(case.id, special)


class CountyReview(Judging):  # 区级审核意见
    """Other eyes than those of the first opinion."""

    node = "county_review"

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        other_eyes(case, "opinion", actor)
        super().after(case, answer, prepared, actor, now)


class Deciding(Judging):  # 审核确认
    """The decision. Granted, the award starts with the next month; nobody decides on the own proposal."""

    node, again = "decide", "back"

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        for proposal in ("opinion", "county_review"):
            other_eyes(case, proposal, actor)
        super().after(case, answer, prepared, actor, now)
        if answer.outcome == self.yes:
            award = awards.start(case, prepared.data["fen"], now)
            publishing.publish_award(award, now)
