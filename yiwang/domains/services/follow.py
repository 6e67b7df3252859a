"""What an applicant sees of the own application: where it stands, by when it is done, what is missing, what was decided.

Nothing here names an official.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.utils.translation import gettext as _

from yiwang.core import worktime
from yiwang.domains.services import extending, followups, guides, prefill, words
from yiwang.domains.services.models import Application, Decision, Joint
from yiwang.kernel.access import purposes
from yiwang.kernel.matters import store
from yiwang.kernel.matters.case import Case
from yiwang.kernel.matters.papers import state_said
from yiwang.kernel.packs.rulebook import Rulebook, rulebook
from yiwang.kernel.packs.services import Service
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.ui import schema_forms

# The steps as an applicant meets them: a stage and the nodes of the process that lie in it.
ACCEPTING = ("accept", "supplement", "tell_refusal")
Stage = tuple[str, str, tuple[str, ...]]  # slug, name, its nodes


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    action: str
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    number: str
    title: str
    service: Service
    unit: str
    state: str
    received_at: datetime
    steps: tuple[tuple[str, str, str], ...]  # (slug, name, done | now | next)
    next: str
    due: worktime.Due | None  # of the whole: the promised limit from acceptance, without what does not count
    held: bool
    missing: tuple[str, ...]
    missing_note: str
    later: tuple[str, ...]
    answer: str
    extended: str  # by how much the limit was extended, once; '' for not
    extended_why: str
    refused: bool
    story: tuple[Line, ...]
    lines: tuple[schema_forms.Line, ...]
    materials: tuple[tuple[str, str], ...]
    may_rate: bool
    may_withdraw: bool
    rating: int | None
    followup: followups.Told | None  # what came of a bad rating
    looks: list[dict]
    marks: dict[str, str]  # by path: from where an answer came


def progress(own: Application, now: datetime) -> Progress:
    matter = own.matter
    case, rules = store.load(matter), rulebook(matter.pack_id)
    service = guides.service_of(rules, own.service)
    rows = list(Decision.objects.filter(matter=matter.pk).order_by("at", "pk"))
    decisions, extended = extending.split(rows)
    last = decisions[-1] if decisions else None
    nodes = {task.node for task in case.open_tasks}
    names = {needed.material.slug: words.name_of(needed.material) for needed in service.materials}
    optional = optional_of(service)
    waits = "supplement" in nodes
    return Progress(
        number=matter.number,
        title=matter.title,
        service=service,
        unit=words.unit_of(service.unit),
        state=matter.state,
        received_at=own.received_at,
        steps=stepped(case, nodes, _stages()),
        next=next_words(case, nodes, _working()),
        due=whole_due(own, case, service),
        held=matter.held,
        missing=tuple(names.get(slug, slug) for slug in own.missing) if waits else (),
        missing_note=own.missing_note if waits else "",
        later=tuple(names.get(slug, slug) for slug, state in own.materials.items() if state == "later")
        if "papers" in nodes
        else (),
        answer=answer_of(last),
        extended=extended.outcome if extended else "",
        extended_why=extended.reason if extended else "",
        refused=last is not None and last.outcome in ("refuse", "broken"),
        story=tuple(_story(own, decisions, extended)),
        lines=tuple(lines_of(own, rules)),
        materials=tuple(
            (names.get(slug, slug), state_said(state, slug in optional))
            for slug, state in own.materials.items()
        ),
        may_rate=matter.state == "closed" and own.rated_at is None,
        may_withdraw=nodes == {"accept"},
        rating=own.rating,
        followup=followups.told(matter),
        looks=purposes.looks("service_application", str(own.pk)),
        marks=marks_of(own),
    )


def marks_of(own: Application | Joint) -> dict[str, str]:
    """By path, from where an answer was filled in, and whether it was corrected."""
    return {path: prefill.said(mark) for path, mark in own.filled.items()}


def optional_of(service: Service) -> set[str]:
    """The materials that not every case needs."""
    binding = {one.material.slug for one in service.materials if one.need != "optional" and not one.when}
    return {one.material.slug for one in service.materials} - binding


def lines_of(own: Application, rules: Rulebook) -> list[schema_forms.Line]:
    """What was answered, to be read."""
    form = rules.forms.get(own.form)
    return schema_forms.read_out(form.form, orjson.loads(own.answers)) if form else []


def whole_due(own: Application, case: Case, service: Service) -> worktime.Due | None:
    """When the whole is due: the promised limit from acceptance to decision; what lawfully stops a clock does not
    count, overlapping holds count once. None before acceptance."""
    if own.accepted_at is None or not service.promised:
        return None
    holds = [worktime.Hold(pause.start, pause.end, pause.reason) for pause in case.pauses.values()]
    promised = worktime.Limit.parse(service.promised)
    more = extending.more_time(case, promised)
    return worktime.due(current_calendar(), own.accepted_at, promised, holds, more)


def stepped(case: Case, nodes: set[str], stages: Iterable[Stage]) -> tuple[tuple[str, str, str], ...]:
    """(slug, name, done | now | next) of each stage; `nodes`: where the open tasks stand."""
    stages = tuple(stages)
    at = next((n for n, (_slug, _name, inside) in enumerate(stages) if nodes & set(inside)), len(stages))
    if case.state not in ("open", "closed"):
        at = 0
    return tuple(
        (slug, name, "done" if n < at else "now" if n == at else "next")
        for n, (slug, name, _in) in enumerate(stages)
    )


def next_words(case: Case, nodes: set[str], working: Iterable[tuple[str, str]]) -> str:
    """What happens next, for the applicant; `working`: (node, sentence) after acceptance, the first that is open counts."""
    if case.state == "withdrawn":
        return _("You took the application back.")
    if case.state == "void":
        return _("The application was given up.")
    if case.state != "open":
        return _("It is done.")
    window = (
        ("supplement", _("Something is missing. Please send or bring all of it.")),
        ("accept", _("The window looks at your application.")),
    )
    for node, text in (*window, *working):
        if node in nodes:
            return text
    return _("The decision is on its way to you.")


def _stages() -> tuple[Stage, ...]:
    return (
        ("accept", _("Acceptance"), ACCEPTING),
        ("review", _("Review"), ("review", "papers")),
        ("decide", _("Decision"), ("decide",)),
        ("deliver", _("Delivery"), ("deliver", "tell_no", "after_check")),
    )


def _working() -> tuple[tuple[str, str], ...]:
    return (
        ("review", _("The office reviews your application.")),
        ("papers", _("It waits for what you bring later.")),
        ("decide", _("The office decides.")),
        ("after_check", _("It is granted; the office checks what you committed to.")),
    )


def answer_of(last: Decision | None) -> str:
    """The decision with its reasons, in words for the applicant; '' while there is none."""
    if last is None:
        return ""
    said = {
        ("accept", "refuse"): _("Your application is not accepted."),
        ("decide", "grant"): _("Your application is granted."),
        ("decide", "refuse"): _("Your application is refused."),
        ("after_check", "kept"): _("Your application is granted, and the commitment was found to be kept."),
        ("after_check", "broken"): _("What was granted is withdrawn: the commitment was not kept."),
        ("supplement", "withdrawn"): _("The application was given up."),
    }.get((last.node, last.outcome), "")
    return "\n".join(filter(None, (said, last.reason if said else "")))


def _story(own: Application, decisions: list[Decision], extended: Decision | None) -> list[Line]:
    found = [Line(own.received_at, "open", _("Your application came in."))]
    if extended is not None:
        found.append(Line(extended.at, "extend", _("More time was granted for the decision.")))
    if own.told_at:
        found.append(Line(own.told_at, "send_back", _("You were told, all at once, what is missing.")))
    said = {
        ("accept", "accept"): _("Accepted"),
        ("accept", "conditional"): _("Accepted; something may be brought later"),
        ("accept", "commitment"): _("Accepted by commitment"),
        ("accept", "refuse"): _("Not accepted"),
        ("review", "agree"): _("Reviewed"),
        ("review", "disagree"): _("Reviewed"),
        ("decide", "grant"): _("Granted"),
        ("decide", "refuse"): _("Refused"),
        ("after_check", "kept"): _("Checked: the commitment was kept"),
        ("after_check", "broken"): _("Checked: the commitment was not kept; withdrawn"),
        ("supplement", "withdrawn"): _("Given up"),
    }
    for one in decisions:
        found.append(Line(one.at, "complete", said.get((one.node, one.outcome), one.outcome)))
        if one.delivered_at:
            found.append(Line(one.delivered_at, "complete", _("Delivered")))
    return sorted(found, key=lambda line: line.at)
