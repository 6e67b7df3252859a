"""Review, the decision with its reasons, the licence that follows from it, delivery."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.domains.approvals.models import Decision, Item
from yiwang.domains.approvals.steps import reading
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import answering
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared
from yiwang.kernel.packs.approvals import Permit
from yiwang.kernel.packs.rulebook import rulebook as version
from yiwang.kernel.records.licences import actions as licences

REVIEWS: Mapping[str, Any] = {
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
        opinion = answering.choice(answer, "opinion", REVIEWS, _("Say whether the conditions are met."))
        if opinion == "disagree":
            answering.needed(answer, "reason", _("Say which condition is not met."))
        return Prepared(data={"opinion": opinion}, record={"opinion": opinion})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        reading.keep(case, "review", prepared.record["opinion"], answering.text(answer, "reason"), actor, now)


class Deciding(PlainForm):  # 决定
    """grant, or refuse with `reason`. Against the review or a department that was heard it is granted with reasons."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "refuse":
            answering.needed(answer, "reason", _("Give the reasons; the applicant is told so in writing."))
        elif case.data.get("conditional") and not case.data.get("papers"):
            raise Invalid(
                _("What was to be brought later has not come: it can't be granted."), where="outcome"
            )
        elif case.data.get("opinion") == "disagree":
            answering.needed(answer, "reason", _("The review says no: give your reasons for granting it."))
        elif case.data.get("against"):
            answering.needed(
                answer, "reason", _("A department does not agree: give your reasons for granting it.")
            )
        return Prepared(data={"granted": answer.outcome == "grant"})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        reading.keep(case, "decide", answer.outcome, answering.text(answer, "reason"), actor, now)
        if answer.outcome == "grant":
            permit = reading.permit_of(case, version(case.pack))
            if permit.licence:
                issue(reading.item_of(case), permit, now)


def issue(item: Item, permit: Permit, now: datetime) -> None:
    """The e-licence of a granted permit; Yiwang draws and signs what a person has decided."""
    project = item.project
    facts: dict[str, str] = {
        "name": project.name,
        "code": project.code,
        "address": project.address,
        "applicant": project.applicant,
        "land_area": f"{project.land_m2}平方米",
        "floor_area": f"{project.floor_m2}平方米",
        "investment": f"{project.invest_fen / 1_000_000:.2f}万元",
        "buildings": "、".join(project.buildings.order_by("place").values_list("name", flat=True)),
    }
    facts |= {name: str(value) for name, value in orjson.loads(item.stage.answers or "{}").items()}
    found = licences.issue(
        actor=SYSTEM,
        type=permit.licence,
        holder=project.applicant,
        holder_number=project.applicant_code,
        fields={field: facts.get(source, "") for field, source in permit.shows.items()},
        now=now,
        address=settings.NOTIFIER_OPTIONS["mail"]["address"],
        area=project.area,
        matter=item.pk,
        id=item.pk,
    )
    item.licence = found.pk
    item.save(update_fields=["licence"])


class Delivery(PlainForm):  # 送达
    """`way`: how the applicant got the decision."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        return Prepared(
            record={"way": answering.choice(answer, "way", WAYS, _("Choose how it was delivered."))}
        )

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        last = Decision.objects.filter(item=case.id).order_by("-at", "-pk").first()
        if last is not None:
            last.delivered_at, last.delivered_how = now, prepared.record["way"]
            last.save(update_fields=["delivered_at", "delivered_how"])
