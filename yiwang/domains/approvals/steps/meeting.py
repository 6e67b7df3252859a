"""The steps of a joint meeting and of what it resolved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core import worktime
from yiwang.domains.approvals import meetings
from yiwang.domains.approvals.models import Meeting, MeetingItem, MeetingOpinion, Resolution
from yiwang.domains.approvals.steps.opinions import SAID
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import answering
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared

ROWS = 6  # resolutions on one form
CONDITION_LIMIT = "10wd"


def agenda_of(matter: Any) -> list[MeetingItem]:
    return list(MeetingItem.objects.filter(meeting=matter).select_related("project").order_by("place"))


def limit_of(answer: Answer, name: str) -> str:
    """A number of working days, 1 to 90, as a limit."""
    text = answering.text(answer, name).removesuffix("wd")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 90):
        raise Invalid(_("Give a number of working days between 1 and 90."), where=name)
    return str(worktime.Limit.parse(f"{int(text)}wd"))


class Said(PlainForm):  # 会议意见
    """`opinion_N` on each item N of the agenda, and `reason_N` with conditions or reasons and their basis."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        for item in agenda_of(case.id):
            name = f"opinion_{item.place}"
            opinion = answering.choice(answer, name, SAID, _("Say whether the department agrees."))
            if opinion != "agree":
                sentence = _("Give the conditions or the reasons, with their basis.")
                answering.needed(answer, f"reason_{item.place}", sentence)
        return Prepared(record={"unit": task.unit})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        MeetingOpinion.objects.bulk_create(
            MeetingOpinion(
                item=item,
                unit=prepared.record["unit"],
                opinion=answering.text(answer, f"opinion_{item.place}"),
                reason=answering.text(answer, f"reason_{item.place}"),
                by_id=actor.user_id,
                at=now,
            )
            for item in agenda_of(case.id)
        )


class Concluded(PlainForm):  # 形成纪要
    """`summary`, `condition_limit`, and for N up to six `text_N`, `unit_N`, `limit_N` (working days), `item_N` or ''."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        answering.needed(answer, "summary", _("Say what the meeting came to."))
        places, units = (
            {str(one.place) for one in agenda_of(case.id)},
            dict.fromkeys(meetings.departments(rulebook)),
        )
        if MeetingOpinion.objects.filter(item__meeting=case.id, opinion="conditions").exists():
            limit_of(answer, "condition_limit")
        for n in range(1, ROWS + 1):
            if not answering.text(answer, f"text_{n}"):
                continue
            answering.needed(answer, f"text_{n}", _("Say what is to be done."))
            answering.choice(answer, f"unit_{n}", units, _("Choose who does it."))
            limit_of(answer, f"limit_{n}")
            item = answering.text(answer, f"item_{n}")
            if item and item not in places:
                raise Invalid(_("The agenda has no such item."), where=f"item_{n}")
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        meeting = Meeting.objects.get(pk=case.id)
        meeting.summary, meeting.concluded_at = answering.text(answer, "summary"), now
        meeting.save(update_fields=["summary", "concluded_at"])
        items = {str(one.place): one for one in agenda_of(case.id)}
        for n in range(1, ROWS + 1):
            if text := answering.text(answer, f"text_{n}"):
                meetings.resolve(
                    meeting,
                    unit=answering.text(answer, f"unit_{n}"),
                    limit=limit_of(answer, f"limit_{n}"),
                    text=text,
                    now=now,
                    item=items.get(answering.text(answer, f"item_{n}")),
                )
        conditions = MeetingOpinion.objects.filter(item__meeting=meeting, opinion="conditions")
        for said in conditions.select_related("item").order_by("item__place", "at", "pk"):
            meetings.resolve(
                meeting,
                unit=said.unit,
                limit=limit_of(answer, "condition_limit"),
                text=said.reason,
                now=now,
                item=said.item,
                opinion=said,
            )


class Done(PlainForm):  # 落实决议
    """`reason`: what was done. The department that convened the meeting confirms it."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        answering.needed(answer, "reason", _("Say what was done."))
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        Resolution.objects.filter(pk=case.id).update(done=answering.text(answer, "reason"))


class Confirmed(PlainForm):  # 确认落实
    """confirmed, or again with `reason`."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "again":
            answering.needed(answer, "reason", _("Say what is still missing."))
        return Prepared()
