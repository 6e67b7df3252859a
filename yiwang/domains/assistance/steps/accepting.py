"""At the window: are the papers complete, what is missing, is it accepted; and at the end, the decision delivered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.core import worktime
from yiwang.domains.assistance import answers, applying, bereavement, households
from yiwang.domains.assistance.decisions import keep
from yiwang.domains.assistance.intake import GIVEN, MATERIALS, MISSING, NOT_NEEDED, account_of, kin_of
from yiwang.domains.assistance.models import Application, Decision
from yiwang.domains.assistance.programmes import programme
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared, Words
from yiwang.kernel.registers.calendars import current_calendar

MATERIAL_STATES = {
    GIVEN: gettext_lazy("Given"),
    MISSING: gettext_lazy("Missing"),
    NOT_NEEDED: gettext_lazy("Not needed"),
}
WAYS: Mapping[str, Any] = {
    "in_person": gettext_lazy("Handed over"),
    "post": gettext_lazy("By post"),
    "online": gettext_lazy("On line, with the applicant's consent"),
    "home": gettext_lazy("Brought to the home"),
}


class Acceptance(PlainForm):  # 受理
    """`material_<slug>` for each paper; missing: told once what is missing; refuse: `reason`.

    `account_bank`, `account_number`, `account_holder`: where the application came without an account, such as one on
    behalf of a household; it can stay empty, and is asked for before it is paid. `kin_name`, `kin_unit`, `kin_relation`:
    the near relative on the staff, where nobody has declared one yet (57号 art. 11).
    """

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "refuse":
            answers.needed(
                answer, "reason", _("Say why it is not accepted; the applicant is told so in writing.")
            )
            return Prepared()
        own_account(answer, "")
        papers = materials(answer)
        lacking = [slug for slug, state in papers.items() if state == MISSING]
        if answer.outcome == "missing":
            if case.data.get("notified"):
                raise Invalid(
                    _("What is missing is told once, all of it. It was told already: accept or refuse."),
                    where="outcome",
                )
            if not lacking:
                raise Invalid(_("Mark what is missing."), where="material_form")
            return Prepared(data={"notified": True}, record={"missing": lacking})
        if lacking:
            raise Invalid(
                _("%(name)s is still missing. Tell the applicant what is missing, or mark it as given.")
                % {"name": MATERIALS[lacking[0]]},
                where=f"material_{lacking[0]}",
            )
        data = {"kin": True} if own_kin(answer) else {}
        return Prepared(changes={"filed_at": now}, data=data, record={"materials": papers})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        row = Application.objects.get(pk=case.id)
        if answer.outcome == "refuse":
            keep(case, "accept", answer.outcome, None, answers.text(answer, "reason"), actor, now)
            return
        row.materials = materials(answer)
        if not row.account and (account := own_account(answer, row.name)):
            row.account = orjson.dumps(account).decode()
        if answer.outcome == "accept":
            if not row.kin and (kin := own_kin(answer)):
                row.kin = True
                applying.register_kin(case.id, kin, actor, now)
            row.accepted_at = now
            households.link(row, actor, now)
            set_total(row)
        row.save(
            update_fields=["materials", "accepted_at", "due_at", "household", "person", "account", "kin"]
        )
        if answer.outcome == "accept":
            bereavement.known_already(row, now)


def own_kin(answer: Answer) -> dict[str, str]:
    """The relative on the staff that was written down; {} for none."""
    return kin_of({name: answers.text(answer, f"kin_{name}", 80) for name in ("name", "unit", "relation")})


def own_account(answer: Answer, holder: str) -> dict[str, str]:
    """What was written of an account, checked; {} where nothing was."""
    typed = {name: answers.text(answer, f"account_{name}", 60) for name in ("bank", "number", "holder")}
    return account_of(typed, holder)


def materials(answer: Answer) -> dict[str, str]:
    """What was marked; a paper that nobody marked is missing."""
    return {
        slug: answers.choice(answer, f"material_{slug}", MATERIAL_STATES)
        if answer.data.get(f"material_{slug}")
        else MISSING
        for slug in MATERIALS
    }


def set_total(row: Application) -> None:
    """When the decision is due, counted from acceptance: 30 working days, 45 for a reason of the list."""
    benefit = programme(row.programme)
    limit = worktime.Limit.parse(benefit.special_total if row.special else benefit.total)
    row.due_at = worktime.due(current_calendar(), row.accepted_at, limit).moment


class Supplement(PlainForm):  # 补正
    """Complete: the papers are there. Withdrawn: the applicant gives up; `reason` says how that is known."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        if answer.outcome == "withdrawn":
            answers.needed(answer, "reason", _("Say how you know that the applicant gives up."))
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if answer.outcome == "withdrawn":
            keep(case, "supplement", answer.outcome, None, answers.text(answer, "reason"), actor, now)


class Notice(PlainForm):  # 书面告知
    """`way`, `on`: how and when the household got the decision in writing."""

    said = {"way": Words(gettext_lazy("How it was delivered"), WAYS)}

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        way = answers.choice(answer, "way", WAYS, _("Choose how it was delivered."))
        on = answers.past_day(answer, "on", now)
        last = _decision(case)
        if last is not None and on < answers.today(last.at):
            raise Invalid(_("It was decided after this day."), where="on")
        return Prepared(record={"way": way, "on": on.isoformat()})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        last = _decision(case)
        if last is not None:
            on = date.fromisoformat(prepared.record["on"])
            noon = datetime(on.year, on.month, on.day, 12, tzinfo=answers.ZONE)
            last.delivered_at = now if on == answers.today(now) else max(noon, last.at)
            last.delivered_how = prepared.record["way"]
            last.save(update_fields=["delivered_at", "delivered_how"])


def _decision(case: Case) -> Decision | None:
    """The one that the household is told."""
    return Decision.objects.filter(matter=case.id).order_by("-at", "-id").first()
