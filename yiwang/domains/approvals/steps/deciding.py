"""Review, the decision with its reasons, the licence that follows from it, delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from yiwang.domains.approvals import inputs, pledging, sharing
from yiwang.domains.approvals.models import Decision, Item
from yiwang.domains.approvals.steps import reading
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import granting
from yiwang.kernel.matters.case import Case
from yiwang.kernel.matters.forms import Answer, Prepared
from yiwang.kernel.packs.approvals import Permit
from yiwang.kernel.packs.rulebook import rulebook as version
from yiwang.kernel.records.licences import actions as licences


class Review(granting.Review):  # 审查
    keep = staticmethod(reading.keep)

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        super().after(case, answer, prepared, actor, now)
        sharing.looked_at(reading.item_of(case), reading.permit_of(case, version(case.pack)))


class Deciding(granting.Deciding):  # 决定
    """Also against a department that was heard, or upon a version that nobody reviewed, it is granted with reasons."""

    keep = staticmethod(reading.keep)

    def doubt(self, case: Case, now: datetime) -> str:
        said = super().doubt(case, now)
        if not said and case.data.get("against"):
            return _("A department does not agree: give your reasons for granting it.")
        return said or self.new_versions(case)

    def new_versions(self, case: Case) -> str:
        item, permit = reading.item_of(case), reading.permit_of(case, version(case.pack))
        for one in sharing.newer(permit, item.versions, inputs.papers_of(item.project)):
            if one.used:
                return one.warning
        return ""

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        super().after(case, answer, prepared, actor, now)
        item, permit = reading.item_of(case), reading.permit_of(case, version(case.pack))
        sharing.looked_at(item, permit)
        if answer.outcome == "grant":
            if permit.licence:
                issue(item, permit, now)
            pledging.open_check(item, permit, now)


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


class Delivery(granting.Delivery):  # 送达
    def last_decision(self, case: Case) -> Decision | None:
        return Decision.objects.filter(item=case.id).order_by("-at", "-pk").first()
