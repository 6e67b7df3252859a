"""Finding out how the household lives: two people at the home, the departments' records, self-care."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.domains.assistance import answers, established
from yiwang.domains.assistance.decisions import keep
from yiwang.domains.assistance.models import Application, DataCheck, Kinship, Visit
from yiwang.domains.assistance.steps.accepting import set_total
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import given
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared, Words

SPECIAL: Mapping[str, Any] = {  # 民政部等 2022-10-20, art. 4: what allows 45 working days
    "objection": gettext_lazy("Objection to the publicity"),
    "separated": gettext_lazy("Lives elsewhere than registered"),
    "elsewhere": gettext_lazy("Members in other places"),
    "hard": gettext_lazy("Hard to survey"),
}
# Who is asked about what, 57号 art. 17.
CHECKS: Mapping[str, Any] = {
    "household": gettext_lazy("Household registration"),
    "tax": gettext_lazy("Tax"),
    "insurance": gettext_lazy("Social insurance"),
    "housing": gettext_lazy("Real estate"),
    "market": gettext_lazy("Business registration"),
    "fund": gettext_lazy("Housing fund"),
    "vehicle": gettext_lazy("Vehicles and ships"),
    "deposit": gettext_lazy("Bank deposits"),
    "commercial": gettext_lazy("Commercial insurance"),
    "securities": gettext_lazy("Securities"),
    "internet": gettext_lazy("Internet finance"),
}
CHECK_STATES: Mapping[str, Any] = {
    "agrees": gettext_lazy("Agrees with what was declared"),
    "differs": gettext_lazy("Differs"),
    "no_record": gettext_lazy("No record"),
    "no_answer": gettext_lazy("No answer yet"),
}
HOUSING: Mapping[str, Any] = {
    "owned": gettext_lazy("Own home"),
    "public": gettext_lazy("Public rented home"),
    "rented": gettext_lazy("Rented home"),
    "kin": gettext_lazy("With relatives"),
    "other": gettext_lazy("Other"),
}
ABILITIES: Mapping[str, Any] = {  # 43号: the six items of self-care
    "eat": gettext_lazy("Eats"),
    "dress": gettext_lazy("Dresses"),
    "bed": gettext_lazy("Gets in and out of bed"),
    "toilet": gettext_lazy("Uses the toilet"),
    "walk": gettext_lazy("Walks indoors"),
    "bath": gettext_lazy("Bathes"),
}
ABLE: Mapping[str, Any] = {"yes": gettext_lazy("By oneself"), "no": gettext_lazy("Not by oneself")}
PURPOSES = {"survey": "survey", "county_visit": "county", "papers": "emergency"}


class Arranging(PlainForm):  # 安排调查
    """`second`: a colleague who comes along, `on`: the day; `special` where the longer limit holds."""

    said = {"special": Words(gettext_lazy("Why the longer limit holds"), SPECIAL)}

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        second = whole(answer, "second")
        on = answers.day(answer, "on")
        if on < answers.today(now):
            raise Invalid(_("This day is over; choose today or later."), where="on")
        special = answers.choice(answer, "special", SPECIAL) if answers.text(answer, "special") else ""
        return Prepared(data={"second": second, "visit_on": on.isoformat()}, record={"special": special})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if prepared.data["second"] == actor.id:
            raise Invalid(_("Two people look: choose somebody besides yourself."), where="second")
        if prepared.record["special"]:
            lengthen(case.id, prepared.record["special"])


def whole(answer: Answer, name: str) -> int:
    value = answers.text(answer, name, 18)
    if not value.isdigit():
        raise Invalid(_("Choose who comes along: two people look."), where=name)
    return given.user(int(value))


def lengthen(matter: UUID, special: str) -> None:
    """The longer limit of the whole procedure holds from now on, for this reason."""
    row = Application.objects.filter(pk=matter).first()
    if row is not None and not row.special:
        row.special = special
        if row.accepted_at:
            set_total(row)
        row.save(update_fields=["special", "due_at"])


class Visiting(PlainForm):  # 入户
    """The visit form: `on`, `second`, `signed_by` (or `unsigned_why`), `present`, `housing`, `income`, `spending`, `seen`,
    and what was established of household and members (`established.read`), which goes into the registers.
    """

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        second, on = whole(answer, "second"), answers.past_day(answer, "on", now)
        signed, why = answers.text(answer, "signed_by", 40), answers.text(answer, "unsigned_why", 200)
        if not signed and not why:
            raise Invalid(_("Write who signed for the household, or why nobody could."), where="signed_by")
        findings(answer)
        purpose = PURPOSES.get(task.node, "survey")
        if case.kind == "assistance_review":
            purpose = "review"
        photos = len(answer.evidence)
        return Prepared(
            record={
                "visit": purpose,
                "on": on.isoformat(),
                "second": second,
                "photos": photos,
                "task_id": str(task.id),
            }
        )

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        record = prepared.record
        if record["second"] == actor.id:
            raise Invalid(_("Two people look: choose somebody besides yourself."), where="second")
        found = findings(answer)
        established.fits(case.id, established.household_of(case.id), established.Established.of(found))
        keep_visit(case, UUID(record["task_id"]), record["visit"], answer, found, actor, now)
        established.settle(case.id, now)
        if record["visit"] == "county":
            Kinship.objects.filter(matter=case.id, visited_at=None).update(visited_at=now)


def findings(answer: Answer) -> dict[str, Any]:
    """What was seen; an amount left empty is unknown."""
    found: dict[str, Any] = {
        "present": answers.text(answer, "present", 200),
        "housing": answers.choice(answer, "housing", HOUSING) if answers.text(answer, "housing") else "",
        "seen": answers.needed(answer, "seen", _("Write what you saw and heard."), 2000),
    }
    for name in ("income", "spending"):
        found[name] = answers.amount(answer, name) if answers.text(answer, name) else None
    return found | established.read(answer.data).as_dict()


def keep_visit(
    case: Case,
    id: UUID,
    purpose: str,
    answer: Answer,
    found: Mapping[str, Any],
    actor: Any,
    now: datetime,
) -> Visit:
    from yiwang.kernel.access.models import User

    second = int(answers.text(answer, "second", 18))
    on = answers.day(answer, "on")
    return Visit.objects.create(
        id=id,
        matter_id=case.id,
        household=established.household_of(case.id),
        purpose=purpose,
        at=datetime(on.year, on.month, on.day, 12, tzinfo=answers.ZONE),
        first_id=actor.id,
        second_id=second,
        second_name=User.objects.values_list("name", flat=True).get(pk=second),
        signed_by=answers.text(answer, "signed_by", 40),
        unsigned_why=answers.text(answer, "unsigned_why", 200),
        findings=orjson.dumps(dict(found)).decode(),
        received_at=now,
    )


class Checking(PlainForm):  # 信息核对
    """`check_<item>` for every department, `remark` on what differs, and the figures that the departments gave
    (`established.read`): they go into the registers as the departments'.
    """

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        found = {
            slug: answers.choice(answer, f"check_{slug}", CHECK_STATES, _("Say what came of every check."))
            for slug in CHECKS
        }
        if "differs" in found.values():
            answers.needed(answer, "remark", _("Write what differs."))
        for slug in {name for values in established.read(answer.data).facts.values() for name in values}:
            items = [item for item, facts in established.CHECKED.items() if slug in facts]
            if not items or found[items[0]] not in ("agrees", "differs"):
                raise Invalid(
                    _("A figure goes with a department that answered: look at its result again."),
                    where=f"check_{items[0]}" if items else "outcome",
                )
        return Prepared(record={"checks": found})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        DataCheck.objects.filter(matter=case.id).delete()
        remark = answers.text(answer, "remark")
        said = established.read(answer.data)
        established.fits(case.id, established.household_of(case.id), said)
        DataCheck.objects.bulk_create(
            DataCheck(
                matter_id=case.id,
                item=slug,
                state=state,
                note=remark if state == "differs" else "",
                figures=_figures(said, slug),
                at=now,
                by_id=actor.id,
            )
            for slug, state in prepared.record["checks"].items()
        )
        established.settle(case.id, now)
        established.take_figures(case.id, established.household_of(case.id), now)


def _figures(said: established.Established, item: str) -> str:
    """What one department said, as JSON of facts by whose they are; '' for nothing."""
    about = established.CHECKED.get(item, ())
    found = {
        key: own
        for key, values in said.facts.items()
        if (own := {slug: value for slug, value in values.items() if slug in about})
    }
    return orjson.dumps(found).decode() if found else ""


class SelfCare(PlainForm):  # 生活自理能力评估
    """`able_<item>` for each of the six; at most three not able is partial, four and more total loss (43号)."""

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        whole(answer, "second")
        answers.past_day(answer, "on", now)
        items = abilities(answer)
        return Prepared(data={"self_care": grade(items)}, record={"task_id": str(task.id)})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        items = abilities(answer)
        found = {"items": items, "grade": grade(items), "seen": answers.text(answer, "seen", 2000)}
        person = Application.objects.filter(pk=case.id).values_list("person", flat=True).first()
        if person:
            failed = sum(not able for able in items.values())
            found["facts"] = {str(person): {"selfcare_failed": failed}}
        keep_visit(case, UUID(prepared.record["task_id"]), "self_care", answer, found, actor, now)
        established.settle(case.id, now)


def abilities(answer: Answer) -> dict[str, bool]:
    return {
        slug: answers.choice(answer, f"able_{slug}", ABLE, _("Answer every item.")) == "yes"
        for slug in ABILITIES
    }


def grade(items: Mapping[str, bool]) -> str:
    """full, partial or none, after 43号: six able, one to three not able, four and more not able."""
    failed = sum(not able for able in items.values())
    return "full" if not failed else "partial" if failed <= 3 else "none"


HOW: Mapping[str, Any] = {
    "survey": gettext_lazy("Survey at home again"),
    "assembly": gettext_lazy("Democratic review"),
}


class Resurvey(PlainForm):  # 重新调查或民主评议
    """`how`, `seen`: what came of it; at home again: two people, the day, and what was established.

    The longer limit holds after an objection.
    """

    said = {"how": Words(gettext_lazy("How it was looked at again"), HOW)}

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        how = answers.choice(answer, "how", HOW, _("Choose how it was looked at again."))
        answers.needed(answer, "seen", _("Write what came of it."), 2000)
        said = established.read(answer.data)
        if how == "survey":
            whole(answer, "second")
            answers.past_day(answer, "on", now)
        elif said.as_dict():
            raise Invalid(
                _("Figures are established at the home by two people: choose that it was surveyed again."),
                where="how",
            )
        return Prepared(record={"how": how, "task_id": str(task.id)})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if prepared.record["how"] == "survey":
            said = established.read(answer.data)
            if whole(answer, "second") == actor.id:
                raise Invalid(_("Two people look: choose somebody besides yourself."), where="second")
            established.fits(case.id, established.household_of(case.id), said)
            found = {"seen": answers.text(answer, "seen", 2000)} | said.as_dict()
            keep_visit(case, UUID(prepared.record["task_id"]), "resurvey", answer, found, actor, now)
            established.settle(case.id, now)
        keep(case, "resurvey", prepared.record["how"], None, answers.text(answer, "seen", 2000), actor, now)
