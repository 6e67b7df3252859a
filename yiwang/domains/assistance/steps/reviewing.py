"""A review: its outcome, the household heard before its help is cut or stopped, the decision and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from yiwang.domains.assistance import answers, awards, publishing, reviewing
from yiwang.domains.assistance.computing import Computed
from yiwang.domains.assistance.decisions import computed_for, keep, need_reason, other_eyes
from yiwang.domains.assistance.models import Award, Review
from yiwang.domains.assistance.models import Hearing as HearingRow
from yiwang.domains.assistance.programmes import NEVER
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared

MONTHS: Mapping[str, Any] = {str(n): str(n) for n in range(1, awards.LONGEST_EXIT + 1)}
RHYTHMS: Mapping[str, Any] = {
    "6": gettext_lazy("Every half year: income is unstable, or somebody is able to work"),
    "12": gettext_lazy("Every year"),
}
REASONS: Mapping[str, Any] = {
    "income": gettext_lazy("Income above the standard"),
    "property": gettext_lazy("Property above the limit"),
    "died": gettext_lazy("Death"),
    "moved": gettext_lazy("Moved away"),
    "refused": gettext_lazy("Gives up"),
    "members": gettext_lazy("Members changed"),
    "other": gettext_lazy("Another reason"),
}


class Outcome(PlainForm):  # 复核意见
    """raise, cut: `amount`; exit: `months`; all but keep: `why` of the list and `reason`. `members` where they changed.

    `rhythm`: 6 or 12, where the household is looked at so often from now on (57号 art. 31).
    """

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        award, outcome = award_of(case), answer.outcome
        if award.rhythm == NEVER and outcome in ("raise", "cut", "exit"):
            raise Invalid(
                _("This is a recognition without money of its own: it is kept, or it ends."), where="outcome"
            )
        found, fen, differs = self._weighed(award, answer, now)
        data: dict[str, Any] = {"stop": outcome == "stop", "fen": fen, "months": None, "cause": ""}
        data["survivors"] = reviewing.somebody_to_hear(award)
        if outcome != "keep":
            data["cause"] = answers.choice(answer, "why", REASONS, _("Choose the reason."))
            answers.needed(answer, "reason", _("Write the reasons; the household is told them."))
        if outcome == "exit":
            data["months"] = int(answers.choice(answer, "months", MONTHS, _("Choose how many months.")))
        if answers.text(answer, "members"):
            data["members"] = _members(answer)
        data["rhythm"] = (
            int(answers.choice(answer, "rhythm", RHYTHMS)) if answers.text(answer, "rhythm") else None
        )
        record = {"fen": fen, "differs": differs, "cause": data["cause"], "computed": found.says}
        return Prepared(data=data, record=record)

    def _weighed(self, award: Award, answer: Answer, now: datetime) -> tuple[Computed, int | None, bool]:
        outcome = answer.outcome
        found = computed_for(award.household, award.person, award.programme, answers.today(now))
        if outcome in ("raise", "cut"):
            fen = answers.amount(answer)
            if not is_change(outcome, fen, award):
                raise Invalid(
                    _("The household gets %(amount)s yuan now; this is no such change.")
                    % {"amount": f"{award.fen / 100:.2f}"},
                    where="amount",
                )
        else:
            fen = award.fen if outcome in ("keep", "exit") else None
        decided = "no" if outcome in ("stop", "exit") else "yes"
        return found, fen, need_reason(found, decided, fen, answers.text(answer, "reason"))

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        award = award_of(case)
        found, fen, differs = self._weighed(award, answer, now)
        reason = answers.text(answer, "reason")
        keep(case, "opinion", answer.outcome, fen, reason, actor, now, found, differs)
        Review.objects.filter(pk=case.id).update(outcome=answer.outcome)
        if answer.outcome == "keep":
            awards.looked_at(award, now, prepared.data["rhythm"])
        else:
            show_ending(case, award, now)  # where nobody is left to be heard; else after the hearing


def is_change(outcome: str, fen: int, award: Award) -> bool:
    """Whether the amount is more for a raise, less for a cut, than what the household gets."""
    return fen > award.fen if outcome == "raise" else fen < award.fen


def _members(answer: Answer) -> int:
    text = answers.text(answer, "members", 2)
    if not text.isdigit() or not 1 <= int(text) <= 20:
        raise Invalid(_("Write how many members there are now."), where="members")
    return int(text)


def show_ending(case: Case, award: Award, now: datetime) -> None:
    """The end of support in extreme hardship is shown for seven days before it is decided."""
    timer = next((timer for timer in case.timers if timer.node == "ending_publicity"), None)
    if timer is not None:
        publishing.publish_ending(award, now, timer.fire_at)


def award_of(case: Case, lock: bool = False) -> Award:
    """The award under review, or what took its place meanwhile."""
    review = Review.objects.select_related("award").filter(pk=case.id).first()
    if review is None:
        raise Conflict(_("This matter is no review of an award."), code="no_review")
    return awards.latest(review.award, lock)


class Hearing(PlainForm):  # 听取意见
    """`told`: what is intended and why, as the household was told; `said`: what it says to that (社会救助法 art. 48)."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        answers.needed(answer, "told", _("Write what you told the household."), 2000)
        answers.needed(answer, "said", _("Write what the household says to it."), 2000)
        answers.past_day(answer, "on", now)
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        on = answers.day(answer, "on")
        HearingRow.objects.create(
            id=uuid7(),
            matter_id=case.id,
            at=datetime(on.year, on.month, on.day, 12, tzinfo=answers.ZONE),
            by_id=actor.id,
            told=answers.text(answer, "told", 2000),
            said=answers.text(answer, "said", 2000),
        )
        if answer.outcome == "heard":
            show_ending(case, award_of(case), now)


class Deciding(PlainForm):  # 复核决定
    """confirm: what was proposed takes effect; back: `reason`."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "back":
            answers.needed(answer, "reason", _("Say what is still to be found out."))
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        other_eyes(case, "opinion", actor)
        award = award_of(case, lock=True)
        reason = answers.text(answer, "reason")
        keep(case, "decide", answer.outcome, case.data.get("fen"), reason, actor, now)
        if answer.outcome != "confirm":
            return
        outcome = Review.objects.values_list("outcome", flat=True).get(pk=case.id)
        if award.state == awards.ENDED:
            if outcome in ("raise", "cut"):
                raise Conflict(_("This award has ended already."), code="ended")
        elif outcome in ("raise", "cut"):
            if not is_change(outcome, case.data["fen"], award):
                raise Conflict(
                    _("The amount has changed meanwhile. Give it back for another opinion."), code="changed"
                )
            members = case.data.get("members") or award.members
            after = awards.change(award, case.data["fen"], case.id, members, now, case.data.get("rhythm"))
            publishing.publish_award(after, now)
        elif outcome == "exit":
            awards.leave_slowly(award, case.data["months"], now)
        else:
            awards.end(award, case.data["cause"], now)
