"""At the window: accepted, with what may come later, by commitment; what is missing told once; not accepted and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.services.applying import LATER, MADE, MISSING, RECEIVED, STATES
from yiwang.domains.services.steps import answers
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared
from yiwang.kernel.packs.services import Service

HELD = {RECEIVED, "lookup"}


class Acceptance(PlainForm):  # 受理审核
    """`material_SLUG` for each material: received, looked up, later, missing. missing: `note_missing`; refuse: `reason`."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        service = answers.service_of(case, rulebook)
        if answer.outcome == "refuse":
            answers.needed(
                answer, "reason", _("Say why it is not accepted; the applicant is told so in writing.")
            )
            return Prepared()
        states = states_of(answer, service, in_bundle="joint" in case.data)
        lacking = [slug for slug, state in states.items() if state == MISSING and _required(service, slug)]
        later = [slug for slug, state in states.items() if state == LATER]
        if answer.outcome == "missing":
            return self._missing(case, states, lacking)
        if lacking:
            raise Invalid(
                _("%(name)s is missing. Tell the applicant what is missing, all at once.")
                % {"name": _name(service, lacking[0])},
                where=f"material_{lacking[0]}",
            )
        data = {"conditional": False, "commitment": False}
        if answer.outcome == "conditional":
            if not later:
                raise Invalid(
                    _("Nothing is to be brought later. Accept it without a condition."), where="outcome"
                )
            data["conditional"] = True
        elif later:
            raise Invalid(
                _("%(name)s is to be brought later: accept on that condition.")
                % {"name": _name(service, later[0])},
                where=f"material_{later[0]}",
            )
        if answer.outcome == "commitment":
            if service.commitment is None or case.data.get("way") != "commitment":
                raise Invalid(_("The applicant has not chosen to apply by commitment."), where="outcome")
            data["commitment"] = True
        return Prepared(data=data, changes={"filed_at": now}, record={"materials": states})

    def _missing(self, case: Case, states: dict[str, str], lacking: list[str]) -> Prepared:
        if case.data.get("told"):
            raise Invalid(
                _("What is missing is told once, all of it. It was told already: accept or refuse."),
                where="outcome",
            )
        if not lacking:
            raise Invalid(_("Mark what is missing."), where="outcome")
        return Prepared(data={"told": True}, record={"missing": lacking})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        row = answers.application(case)
        if answer.outcome == "refuse":
            answers.keep(case, "accept", "refuse", answers.text(answer, "reason"), actor, now)
            return
        if answer.outcome == "missing":
            row.missing, row.missing_note, row.told_at = (
                prepared.record["missing"],
                answers.text(answer, "note_missing"),
                now,
            )
            row.save(update_fields=["missing", "missing_note", "told_at"])
            return
        row.materials, row.accepted_at, row.missing = prepared.record["materials"], now, []
        row.save(update_fields=["materials", "accepted_at", "missing"])
        answers.keep(case, "accept", answer.outcome, "", actor, now)


def states_of(answer: Answer, service: Service, in_bundle: bool = False) -> dict[str, str]:
    """What the window says of each material; one that nobody marked is missing."""
    found: dict[str, str] = {}
    for needed in service.materials:
        slug = needed.material.slug
        value = answers.text(answer, f"material_{slug}") or MISSING
        if value not in STATES or (value == MADE and not in_bundle):
            raise Invalid(_("Choose what became of it."), where=f"material_{slug}")
        if value == LATER and not any(
            one.need == "deferrable" for one in service.materials if one.material.slug == slug
        ):
            raise Invalid(
                _("%(name)s may not be brought later.") % {"name": needed.material.name},
                where=f"material_{slug}",
            )
        found[slug] = value
    return found


def _required(service: Service, slug: str) -> bool:
    """Whether it is needed in every case; what is asked for only in some cases is the clerk's to judge."""
    return any(
        needed.need != "optional" and not needed.when
        for needed in service.materials
        if needed.material.slug == slug
    )


def _name(service: Service, slug: str) -> str:
    return next(needed.material.name for needed in service.materials if needed.material.slug == slug)


class Supplement(PlainForm):  # 补正
    """Complete: what was missing is there. Withdrawn: the applicant gives up; `reason` says how that is known."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "withdrawn":
            answers.needed(answer, "reason", _("Say how you know that the applicant gives up."))
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if answer.outcome == "withdrawn":
            answers.keep(case, "supplement", "withdrawn", answers.text(answer, "reason"), actor, now)


class Papers(PlainForm):  # 容缺补齐
    """`came`: yes or no. No: it can't be granted."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        came = answers.choice(answer, "came", {"yes": 1, "no": 1}, _("Say whether everything has come."))
        return Prepared(data={"papers": came == "yes"}, record={"came": came})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if prepared.record["came"] == "yes":
            row = answers.application(case)
            row.materials = {
                slug: RECEIVED if state == LATER else state for slug, state in row.materials.items()
            }
            row.save(update_fields=["materials"])
