"""The steps of a joint application: accepted once for all services, ended when the last of them has."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.services import bundles, joint, parts
from yiwang.domains.services.applying import COMMITMENT
from yiwang.domains.services.models import Joint
from yiwang.domains.services.steps import answers
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import answering
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared
from yiwang.kernel.matters.papers import COMMITTED, FILLED, LATER, LOOKUP, MADE, MISSING, RECEIVED


def plan_of(case: Case, rulebook: Any) -> bundles.Plan:
    """The plan under the pack version that the matter keeps."""
    bundle = rulebook.bundles.get(str(case.data.get("bundle", "")))
    if bundle is None:
        raise Invalid(_("The pack of this application does not have its bundle any more."), code="no_bundle")
    return bundles.plan_of(rulebook, bundle, case.data.get("services", ()))


def committed_of(own: Joint) -> list[str]:
    """The services of it that are applied for by commitment."""
    return list(own.parts.filter(way=COMMITMENT).values_list("service", flat=True))


def states_for(once: bundles.Once, committed: Collection[str] = ()) -> list[str]:
    """What the window may say of a material of the one list; a single state is what it is."""
    if once.how == bundles.MADE:
        return [MADE]
    if once.replaced(committed):
        return [COMMITTED]
    if once.how == bundles.FILLED:
        return [FILLED, RECEIVED]  # or on paper
    found = [RECEIVED, *([LOOKUP] if once.material.shared else []), MISSING]
    return [*found, LATER] if once.deferrable and not once.at_once(committed) else found


class JointAcceptance(PlainForm):  # 一窗受理
    """`material_SLUG` for each material of the one list, as `Acceptance`. missing: `note_missing`; refuse: `reason`."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        plan = plan_of(case, rulebook)
        if answer.outcome == "refuse":
            answering.needed(
                answer, "reason", _("Say why it is not accepted; the applicant is told so in writing.")
            )
            return Prepared()
        states = self._states(answer, plan, committed_of(Joint.objects.get(pk=case.id)))
        lacking = [
            once for once in plan.materials if states[once.material.slug] == MISSING and not once.optional
        ]
        if answer.outcome == "missing":
            if case.data.get("told"):
                raise Invalid(
                    _("What is missing is told once, all of it. It was told already: accept or refuse."),
                    where="outcome",
                )
            if not lacking:
                raise Invalid(_("Mark what is missing."), where="outcome")
            return Prepared(data={"told": True}, record={"missing": [one.material.slug for one in lacking]})
        if lacking:
            first = lacking[0].material
            raise Invalid(
                _("%(name)s is missing. Tell the applicant what is missing, all at once.")
                % {"name": first.name},
                where=f"material_{first.slug}",
            )
        return Prepared(changes={"filed_at": now}, record={"materials": states})

    def _states(self, answer: Answer, plan: bundles.Plan, committed: Collection[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for once in plan.materials:
            where = f"material_{once.material.slug}"
            allowed = states_for(once, committed)
            own = allowed[0] if len(allowed) == 1 or allowed[0] == FILLED else MISSING
            value = answering.text(answer, where) or own
            if value not in allowed:
                raise Invalid(_("Choose what became of it."), where=where)
            found[once.material.slug] = value
        return found

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        own = Joint.objects.select_related("matter").get(pk=case.id)
        if answer.outcome == "refuse":
            answers.keep(case, "accept", "refuse", answering.text(answer, "reason"), actor, now)
            own.parts.filter(state=joint.WAITING).update(state=joint.STOPPED)
            return
        if answer.outcome == "missing":
            own.missing, own.told_at = prepared.record["missing"], now
            own.missing_note = answering.text(answer, "note_missing")
            own.save(update_fields=["missing", "missing_note", "told_at"])
            return
        own.materials, own.accepted_at, own.missing = prepared.record["materials"], now, []
        own.save(update_fields=["materials", "accepted_at", "missing"])
        answers.keep(case, "accept", "accept", "", actor, now)
        parts.begin(own, now)


class ByItself(PlainForm):  # 自动办结
    """A step that ends with the last of the parts: nobody ends it before."""

    def __init__(self, node: str) -> None:
        self.ready = parts.READY[node]

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if not case.data.get(self.ready):
            raise Invalid(
                _("This step ends by itself when the last of the services has ended."),
                where="outcome",
                code="parts_open",
            )
        return Prepared()
