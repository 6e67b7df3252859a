"""What the steps of looking into a finding ask: what the visit found, and what was done about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from yiwang.core.codes.masks import mask_numbers
from yiwang.domains.assistance import reviewing
from yiwang.domains.assistance.discovery import keeping, on_behalf
from yiwang.domains.assistance.models import Award, Finding
from yiwang.domains.assistance.programmes import ONCE, PROGRAMMES
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

    `apply`: the household wants help, and it is applied for at once (`on_behalf.wish`). What then is left to do, help
    that is due or that may end, leads to the step of the sub-district (`act`): the machine starts neither.
    """

    def prepare(
        self, case: Case, task: CaseTask, answer: Answer, rulebook: Rulebook, now: datetime
    ) -> Prepared:
        if not answer.note:
            raise Invalid(_("Say what the visit found."), where="note")
        _without_numbers(answer.note)
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
        record: dict[str, Any] = {"outcomes": sorted(outcomes)}
        applied: tuple[str, ...] = ()
        if on_behalf.asks(answer.data):
            if "included" not in outcomes:
                raise Invalid(
                    _("An application goes with what fits: choose that the household is to be included."),
                    where="outcome",
                )
            wanted = on_behalf.wish(answer.data)
            applied = wanted.programmes
            record["applications"] = on_behalf.keys(task.id, wanted)
        act = _is_left(case.data, answer.outcome, own, applied)
        return Prepared(data={"act": "yes" if act else "no"}, record=record)

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if answer.outcome == "checking":
            return
        if on_behalf.asks(answer.data):
            _apply(case, answer, prepared, actor, now)
        keeping.lock(case.district)
        own = _own(answer.data)
        by = User.objects.filter(pk=actor.user_id).first()
        for one in Finding.objects.filter(matter=case.id, state="checking"):
            one.state, one.done_at, one.done_by = own.get(one.pk, answer.outcome), now, by
            one.save(update_fields=["state", "done_at", "done_by"])


def _without_numbers(note: str) -> None:
    """The note stands in the chain of events, which nobody can erase: no ID number and no phone goes into it."""
    if mask_numbers(note) != note:
        raise Invalid(
            _("Leave out ID numbers and phones: what is written here stays for good."), where="note"
        )


def _is_left(
    data: Mapping[str, Any], outcome: str, own: Mapping[UUID, str], applied: tuple[str, ...]
) -> bool:
    """Whether the sub-district has something to do: help that fits and is not applied for, or that may end."""
    finds = data.get("finds")
    if finds is None:  # a visit that was opened before each finding stood in it
        outcomes, says = {outcome, *own.values()}, set(data.get("says", ()))
        due = "included" in outcomes and says != {"ending"} and not applied
        return due or ("unfit" in outcomes and "ending" in says)
    for key, (says, cause) in finds.items():
        found = own.get(UUID(key), outcome)
        if says == "ending":
            if found == "unfit":
                return True
        elif found == "included" and cause not in applied and not (applied and not cause):
            return True
    return False


def _apply(case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
    on_behalf.apply_for(
        matter=case.id,
        keys=[UUID(key) for key in prepared.record["applications"]],
        wanted=on_behalf.wish(answer.data),
        note=answer.note,
        actor=actor,
        now=now,
    )


class Following(PlainForm):  # 代为申请或发起复核
    """`result`: what came of it. Applied: the application is made (`on_behalf.wish`). Declined and other need a word."""

    def prepare(
        self, case: Case, task: CaseTask, answer: Answer, rulebook: Rulebook, now: datetime
    ) -> Prepared:
        result = str(answer.data.get("result", "")).strip()
        if result not in RESULTS:
            raise Invalid(_("Say what was done."), where="result")
        if result in ("declined", "other") and not answer.note:
            raise Invalid(_("Say why."), where="note")
        _without_numbers(answer.note)
        record: dict[str, Any] = {"result": result}
        if result == "applied":
            record["applications"] = on_behalf.keys(task.id, on_behalf.wish(answer.data))
        return Prepared(record=record)

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        """`reviewed`: opens the review of each award that the visit found may end, after an alert of all that run.

        A person decides in it.
        """
        if answer.data.get("result") == "applied":
            _apply(case, answer, prepared, actor, now)
        if answer.data.get("result") != "reviewed":
            return
        looked = Finding.objects.filter(matter=case.id)
        ending = looked.filter(says="ending", state="unfit", cause__in=PROGRAMMES)
        which = Q(pk__in=[])
        for one in ending:
            which |= Q(household=one.household, programme=one.cause)
        for one in looked.filter(says="alert", state__in=("included", "unfit")):
            which |= Q(household=one.household)
        running = Award.objects.filter(which, state="running").exclude(rhythm=ONCE)
        for award in running.order_by("made_at", "id"):
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
