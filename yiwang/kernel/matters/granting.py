"""The steps that everything has that is applied for and granted: what is missing, review, delivery.

A domain makes each its own by naming where it keeps what was decided: `keep`, `papers_of`, `last_decision`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import answering
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared, Words
from yiwang.kernel.matters.papers import LATER, RECEIVED

OPINIONS: Mapping[str, Any] = {
    "agree": gettext_lazy("meets the conditions"),
    "disagree": gettext_lazy("does not meet the conditions"),
}
YES_NO: Mapping[str, Any] = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no")}
WAYS: Mapping[str, Any] = {
    "window": gettext_lazy("handed over at the window"),
    "post": gettext_lazy("by mail"),
    "online": gettext_lazy("online"),
}


class Kept(PlainForm):
    """A step whose result is kept by the domain, with who decided and when."""

    def keep(self, case: Case, node: str, outcome: str, reason: str, actor: Any, now: datetime) -> None:
        raise NotImplementedError


class Supplement(Kept):  # 补正
    """Complete: what was missing is there. Withdrawn: the applicant gives up; `reason` says how that is known."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "withdrawn":
            answering.needed(answer, "reason", _("Say how you know that the applicant gives up."))
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if answer.outcome == "withdrawn":
            self.keep(case, "supplement", "withdrawn", answering.text(answer, "reason"), actor, now)


class Papers(PlainForm):  # 容缺补齐
    """`came`: yes or no. No: it can't be granted."""

    said = {"came": Words(gettext_lazy("Everything has come"), YES_NO)}

    def papers_of(self, case: Case) -> Any:
        """The row whose `materials` (slug -> as in `papers`) are those of the case."""
        raise NotImplementedError

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        came = answering.choice(answer, "came", YES_NO, _("Say whether everything has come."))
        return Prepared(data={"papers": came == "yes"}, record={"came": came})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if prepared.record["came"] == "yes":
            row = self.papers_of(case)
            row.materials = {
                slug: RECEIVED if state == LATER else state for slug, state in row.materials.items()
            }
            row.save(update_fields=["materials"])


class Review(Kept):  # 审查
    """`opinion`, and `reason` where the conditions are not met."""

    said = {"opinion": Words(gettext_lazy("Opinion"), OPINIONS)}

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        opinion = answering.choice(answer, "opinion", OPINIONS, _("Say whether the conditions are met."))
        if opinion == "disagree":
            answering.needed(answer, "reason", _("Say which condition is not met."))
        return Prepared(data={"opinion": opinion}, record={"opinion": opinion})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        self.keep(case, "review", prepared.record["opinion"], answering.text(answer, "reason"), actor, now)


class Deciding(Kept):  # 决定
    """grant, or refuse with `reason`. What was to be brought later and did not come can't be granted."""

    def doubt(self, case: Case, now: datetime) -> str:
        """What speaks against granting, as the sentence that asks for the reasons; '' where nothing does."""
        if case.data.get("opinion") == "disagree":
            return _("The review says no: give your reasons for granting it.")
        return ""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "refuse":
            answering.needed(answer, "reason", _("Give the reasons; the applicant is told so in writing."))
        elif case.data.get("conditional") and not case.data.get("papers"):
            raise Invalid(
                _("What was to be brought later has not come: it can't be granted."), where="outcome"
            )
        elif doubt := self.doubt(case, now):
            answering.needed(answer, "reason", doubt)
        return Prepared(data={"granted": answer.outcome == "grant"})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        self.keep(case, "decide", answer.outcome, answering.text(answer, "reason"), actor, now)


class AfterCheck(Kept):  # 事后核查
    """kept, or broken with `reason`: what was granted on the commitment does not stay."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "broken":
            answering.needed(answer, "reason", _("Say what is not as it was committed."))
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        self.keep(case, "after_check", answer.outcome, answering.text(answer, "reason"), actor, now)


class Delivery(PlainForm):  # 送达
    """`way`: how the applicant got the decision."""

    said = {"way": Words(gettext_lazy("How it was delivered"), WAYS)}

    def last_decision(self, case: Case) -> Any:
        """The newest decision (with `delivered_at`, `delivered_how`), or None."""
        raise NotImplementedError

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        return Prepared(
            record={"way": answering.choice(answer, "way", WAYS, _("Choose how it was delivered."))}
        )

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        last = self.last_decision(case)
        if last is not None:
            last.delivered_at, last.delivered_how = now, prepared.record["way"]
            last.save(update_fields=["delivered_at", "delivered_how"])
