"""What the steps of looking into a finding ask: what the visit found, and what was done about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from yiwang.domains.assistance import reviewing
from yiwang.domains.assistance.discovery import keeping
from yiwang.domains.assistance.models import Award, Finding
from yiwang.domains.assistance.programmes import PROGRAMMES
from yiwang.kernel.access.models import User
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared
from yiwang.kernel.packs.rulebook import Rulebook

OUTCOMES = ("included", "unfit", "referred", "checking")
RESULTS = ("applied", "reviewed", "declined", "other")
OF_FINDING = "finding-"  # fields that answer for one finding of several: finding-<id>


class Visiting(PlainForm):  # 入户核实
    """The outcome for the household; `finding-<id>`: another outcome for one of its findings. A note says what was seen.

    Help that is due, or that may end, leads to the step of the sub-district (`act`): the machine starts neither.
    """

    def prepare(
        self, case: Case, task: CaseTask, answer: Answer, rulebook: Rulebook, now: datetime
    ) -> Prepared:
        if not answer.note:
            raise Invalid(_("Say what the visit found."), where="note")
        own = _own(answer.data)
        if answer.outcome == "checking":
            own = {}
        elif "checking" in own.values():
            raise Invalid(
                _(
                    "A finding that is still being looked into keeps the visit open: choose that for the whole."
                ),
                where="outcome",
            )
        outcomes = {answer.outcome, *own.values()}
        says = set(case.data.get("says", ()))
        act = "included" in outcomes and says != {"ending"} or ("unfit" in outcomes and "ending" in says)
        return Prepared(data={"act": "yes" if act else "no"}, record={"outcomes": sorted(outcomes)})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if answer.outcome == "checking":
            return
        keeping.lock(case.district)
        own = _own(answer.data)
        by = User.objects.filter(pk=actor.user_id).first()
        for one in Finding.objects.filter(matter=case.id, state="checking"):
            one.state, one.done_at, one.done_by = own.get(one.pk, answer.outcome), now, by
            one.save(update_fields=["state", "done_at", "done_by"])


class Following(PlainForm):  # 代为申请或发起复核
    """`result`: what came of it. Declined and other need a word."""

    def prepare(
        self, case: Case, task: CaseTask, answer: Answer, rulebook: Rulebook, now: datetime
    ) -> Prepared:
        result = str(answer.data.get("result", "")).strip()
        if result not in RESULTS:
            raise Invalid(_("Say what was done."), where="result")
        if result in ("declined", "other") and not answer.note:
            raise Invalid(_("Say why."), where="note")
        return Prepared(record={"result": result})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        """`reviewed`: opens the review of each award that the visit found may end; a person decides in it."""
        if answer.data.get("result") != "reviewed":
            return
        ending = Finding.objects.filter(matter=case.id, says="ending", state="unfit", cause__in=PROGRAMMES)
        for one in ending:
            running = Award.objects.filter(household=one.household, programme=one.cause, state="running")
            for award in running:
                reviewing.open_review(actor=actor, award=award, why="alert", due=localdate(now), now=now)


def _own(data: Mapping[str, Any]) -> dict[UUID, str]:
    """The outcomes of single findings. Raises Invalid for one that is none."""
    found = {}
    for name, value in data.items():
        if not name.startswith(OF_FINDING) or not value:
            continue
        try:
            key = UUID(name.removeprefix(OF_FINDING))
        except ValueError:
            raise Invalid(_("There is no such finding."), where=name) from None
        if value not in OUTCOMES:
            raise Invalid(_("Choose what came of it."), where=name)
        found[key] = value
    return found
