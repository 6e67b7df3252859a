"""What each step of the incident process asks of the person who does it (see packs/national/processes).

Filing chooses the class and its filing condition; limit and unit follow from them. Closing writes the answer
that every reporter gets.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.domains.operations import answers
from yiwang.domains.operations.models import Lesson, Report
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import forms, given
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.forms import Answer, PlainForm, Prepared
from yiwang.kernel.packs.rulebook import Condition, Rulebook
from yiwang.kernel.registers import queries as registers

LONGEST_ANSWER = 2000

# The ways out of the hotline (不予受理) follow 北京市接诉即办工作条例 art. 12-15 and common practice of the two centres.
VOID_REASONS: Mapping[str, Any] = {
    "not_found": gettext_lazy("We went there and found nothing to mend."),
    "not_ours": gettext_lazy("It is not a matter of city operations in this district."),
    "repeat": gettext_lazy("It repeats what was answered already and says nothing new."),
    "emergency": gettext_lazy("It is an emergency: please call 110, 119, 120 or 122."),
    "other_channel": gettext_lazy("The law gives it another way: court, arbitration, petition or review."),
    "unclear": gettext_lazy("It does not say what is wrong or where, and we could not reach the reporter."),
    "malicious": gettext_lazy("It is no report of a problem."),
}


class Filing(PlainForm):  # 立案
    """`standard`, `class_code`, `condition`; `area` and `unit` where they are not known yet; `reason` to void."""

    def prepare(
        self, case: Case, task: CaseTask, answer: Answer, rulebook: Rulebook, now: datetime
    ) -> Prepared:
        if answer.outcome == "void":
            return prepare_void(answer)
        if answer.outcome != "file":
            return Prepared()
        standard, code = chosen_class(case, answer, rulebook)
        condition = filing_condition(rulebook, standard, code, _text(answer, "condition"))
        area = given.area(_text(answer, "area") or case.area or "")
        unit = responsible(standard, code, area, _text(answer, "unit"))
        return Prepared(
            data={"limit": condition.limit, "unit": unit},
            changes={
                "standard": standard,
                "class_code": code,
                "condition": condition.slug,
                "area": area,
                "unit": unit,
                "filed_at": now,
            },
            record={"limit": condition.limit, "suggested": [case.standard, case.class_code]},
        )

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if answer.outcome == "void":
            answers.answer_reports(case.id, void_answer(answer), now)
        if answer.outcome != "file":
            return
        Report.objects.filter(matter=case.id, needs_person=True).update(needs_person=False)
        Lesson.objects.update_or_create(matter=case.id, defaults=lesson_of(case, now))


class Prechecking(PlainForm):  # 核实
    """Not true: the reason, as in filing."""

    def prepare(
        self, case: Case, task: CaseTask, answer: Answer, rulebook: Rulebook, now: datetime
    ) -> Prepared:
        return prepare_void(answer, default="not_found") if answer.outcome == "false" else Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if answer.outcome == "false":
            answers.answer_reports(case.id, void_answer(answer, default="not_found"), now)


class Dispatch(PlainForm):  # 派遣
    """`unit`, when it is another one than filing found; then a note says why."""

    def prepare(
        self, case: Case, task: CaseTask, answer: Answer, rulebook: Rulebook, now: datetime
    ) -> Prepared:
        if answer.outcome != "dispatch":
            need_note(answer, _("Say why it goes back to filing."))
            return Prepared()
        unit = known_unit(_text(answer, "unit") or case.unit)
        if unit != case.unit and case.unit:
            need_note(answer, _("Say why another unit than the duty table's gets it."))
        return Prepared(data={"unit": unit}, changes={"unit": unit}, record={"unit": unit})


class Handling(PlainForm):  # 处置
    """Done: what was done, in words or in a photo taken after. Not ours: the reason."""

    def prepare(
        self, case: Case, task: CaseTask, answer: Answer, rulebook: Rulebook, now: datetime
    ) -> Prepared:
        if answer.outcome == "done":
            shown = any(item.get("stage") == "after" for item in answer.evidence)
            if not shown:
                need_note(answer, _("Say what was done, or add a photo of the place afterwards."))
        else:
            need_note(answer, _("Say why it is not your unit's duty."))
        return Prepared()


class Looking(PlainForm):
    """A look at somebody's work: what is not good enough needs a word."""

    def __init__(self, good: str) -> None:
        self.good = good

    def prepare(
        self, case: Case, task: CaseTask, answer: Answer, rulebook: Rulebook, now: datetime
    ) -> Prepared:
        if answer.outcome != self.good:
            need_note(answer, _("Say what is still to be done."))
        return Prepared()


class Closing(PlainForm):  # 结案
    """`answer`: what every reporter is told. Rework: what is still to be done."""

    def prepare(
        self, case: Case, task: CaseTask, answer: Answer, rulebook: Rulebook, now: datetime
    ) -> Prepared:
        if answer.outcome != "close":
            need_note(answer, _("Say what is still to be done."))
            return Prepared()
        answer_text(answer)
        return Prepared(record={"answered": True})

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        if answer.outcome == "close":
            answers.answer_reports(case.id, answer_text(answer), now)


class Void(Prechecking):  # 作废
    """For processes in which voiding is a step of its own, whatever its outcome is called."""

    def prepare(
        self, case: Case, task: CaseTask, answer: Answer, rulebook: Rulebook, now: datetime
    ) -> Prepared:
        return prepare_void(answer)

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        answers.answer_reports(case.id, void_answer(answer), now)


FORMS = {
    "filing": Filing(),
    "prechecking": Prechecking(),
    "dispatch": Dispatch(),
    "handling": Handling(),
    "feedback": Looking("confirm"),
    "verifying": Looking("pass"),
    "closing": Closing(),
    "void": Void(),
}


def register_all() -> None:
    for name, form in FORMS.items():
        forms.register(name, form)


# What the forms check


def chosen_class(case: Case, answer: Answer, rules: Rulebook) -> tuple[str, str]:
    """The standard and the class that the answer means; a class without its standard is one of the case's, if
    it is there, else one of the standard in force."""
    standard, code = _text(answer, "standard"), _text(answer, "class_code")
    if code and not standard:
        known = case.standard and rules.class_def(case.standard, code)
        return (case.standard if known else rules.default_standard), code
    standard = standard or case.standard or rules.default_standard
    return standard, code or (case.class_code if standard == case.standard else "")


def filing_condition(rules: Rulebook, standard: str, code: str, slug: str) -> Condition:
    """The chosen filing condition. Raises Invalid when the class or the condition is not in the pack."""
    if not code:
        raise Invalid(_("Choose the class."), where="class_code", code="no_class")
    if rules.class_def(standard, code) is None:
        raise Invalid(
            _("There is no class %(code)s in %(standard)s.") % {"code": code, "standard": standard},
            where="class_code",
            code="unknown_class",
        )
    offered = rules.conditions_of(standard, code)
    if not offered:
        raise Invalid(
            _("The pack has no filing condition for class %(code)s; add one to its conditions.")
            % {"code": code},
            where="condition",
            code="no_condition",
        )
    chosen = next((one for one in offered if one.slug == slug), None)
    if chosen is None and slug:
        raise Invalid(
            _("%(slug)s is no filing condition of class %(code)s. Possible: %(known)s.")
            % {"slug": repr(slug), "code": code, "known": ", ".join(one.slug for one in offered)},
            where="condition",
            code="unknown_condition",
        )
    if chosen is None:
        raise Invalid(_("Choose the filing condition."), where="condition", code="no_condition")
    return chosen


def known_unit(code: str | None) -> str:
    if not code:
        raise Invalid(_("Choose the unit that handles it."), where="unit", code="no_unit")
    return given.unit(code)


def responsible(standard: str, class_code: str, area: str, chosen: str = "") -> str:
    """The unit that was chosen, else the duty table's. Raises Invalid when the table names none."""
    if chosen:
        return known_unit(chosen)
    duty = registers.responsible_unit(standard, class_code, area)
    if duty is None:
        raise Invalid(
            _("The duty table names no unit for class %(code)s here; choose one.") % {"code": class_code},
            where="unit",
            code="no_unit",
        )
    return duty.unit


def prepare_void(answer: Answer, default: str = "") -> Prepared:
    return Prepared(record={"reason": void_reason(answer, default)}, state="void")


def void_reason(answer: Answer, default: str = "") -> str:
    reason = _text(answer, "reason") or default
    if reason not in VOID_REASONS:
        raise Invalid(
            _("Choose why it is void. Possible: %(known)s.") % {"known": ", ".join(VOID_REASONS)},
            where="reason",
            code="no_reason",
        )
    return reason


def void_answer(answer: Answer, default: str = "") -> str:
    """What the reporter is told: the words given, else the reason's own sentence."""
    return _text(answer, "answer")[:LONGEST_ANSWER] or str(VOID_REASONS[void_reason(answer, default)])


def answer_text(answer: Answer) -> str:
    text = _text(answer, "answer")
    if not text:
        raise Invalid(_("Write the answer that the reporters get."), where="answer", code="no_answer")
    if len(text) > LONGEST_ANSWER:
        raise Invalid(
            _("The answer has %(count)d characters; at most %(most)d are sent.")
            % {"count": len(text), "most": LONGEST_ANSWER},
            where="answer",
        )
    return text


def need_note(answer: Answer, sentence: str) -> None:
    if not answer.note:
        raise Invalid(sentence, where="note", code="no_note")


def lesson_of(case: Case, now: datetime) -> dict:
    """What the classifier learns from a filed matter: its words and the class that a person chose."""
    text = (
        case.description if case.description.startswith(case.title) else f"{case.title}\n{case.description}"
    )
    return {"text": text.strip(), "standard": case.standard, "class_code": case.class_code, "at": now}


def _text(answer: Answer, name: str) -> str:
    value = answer.data.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid(_("%(field)s must be text.") % {"field": name}, where=name)
    return value.strip()
