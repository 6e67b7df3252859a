"""Review, decision with reasons, delivery, and the check after a commitment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.domains.services import extending, licences
from yiwang.domains.services.models import Decision
from yiwang.domains.services.steps import answers
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import answering
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared

OPINIONS: Mapping[str, Any] = {
    "agree": gettext_lazy("meets the conditions"),
    "disagree": gettext_lazy("does not meet the conditions"),
}
WAYS: Mapping[str, Any] = {
    "window": gettext_lazy("handed over at the window"),
    "post": gettext_lazy("by mail"),
    "online": gettext_lazy("online"),
}


class Review(PlainForm):  # 审查
    """`opinion`, and `reason` where the conditions are not met."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        opinion = answering.choice(answer, "opinion", OPINIONS, _("Say whether the conditions are met."))
        if opinion == "disagree":
            answering.needed(answer, "reason", _("Say which condition is not met."))
        return Prepared(data={"opinion": opinion}, record={"opinion": opinion})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        answers.keep(case, "review", prepared.record["opinion"], answering.text(answer, "reason"), actor, now)


class Deciding(PlainForm):  # 决定
    """grant, or refuse with `reason`. What was to be brought later and did not come can't be granted."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "refuse":
            answering.needed(answer, "reason", _("Give the reasons; the applicant is told so in writing."))
        elif case.data.get("conditional") and not case.data.get("papers"):
            raise Invalid(
                _("What was to be brought later has not come: it can't be granted."), where="outcome"
            )
        elif licences.broken(case.id, now):
            sentence = _(
                "A licence that this application uses is no longer valid: give your reasons for granting it."
            )
            answering.needed(answer, "reason", sentence)
        elif case.data.get("opinion") == "disagree":
            answering.needed(answer, "reason", _("The review says no: give your reasons for granting it."))
        return Prepared(data={"granted": answer.outcome == "grant"})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        answers.keep(case, "decide", answer.outcome, answering.text(answer, "reason"), actor, now)


class Delivery(PlainForm):  # 送达
    """`way`: how the applicant got the decision."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        return Prepared(
            record={"way": answering.choice(answer, "way", WAYS, _("Choose how it was delivered."))}
        )

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        own = Decision.objects.filter(matter=case.id).exclude(node=extending.NODE)
        last = own.order_by("-at", "-pk").first()
        if last is not None:
            last.delivered_at, last.delivered_how = now, prepared.record["way"]
            last.save(update_fields=["delivered_at", "delivered_how"])


class AfterCheck(PlainForm):  # 事后核查
    """kept, or broken with `reason`: what was granted on the commitment is withdrawn."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "broken":
            answering.needed(answer, "reason", _("Say what is not as it was committed."))
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        answers.keep(case, "after_check", answer.outcome, answering.text(answer, "reason"), actor, now)
