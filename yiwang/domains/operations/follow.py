"""What a reporter sees of the own report: where it stands, what comes next and by when, and what was told.

Nothing here names an official or another reporter, and no text of the staff is shown but the answers and the
reasons of a hold, which are written for residents.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.domains.operations.actions import primary, reporter
from yiwang.domains.operations.models import Report
from yiwang.kernel.matters import clock, store
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.models import Event, Matter
from yiwang.kernel.matters.queries import class_name
from yiwang.kernel.packs.rulebook import Rulebook, rulebook
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.calendars import current_calendar

# The links of the process in the order in which a resident meets them; precheck, feedback are inside matters.
STEPS = ("file", "dispatch", "handle", "verify", "close")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the public story. `kind` is for a mark beside it; `text` is a sentence in the reader's language."""

    at: datetime
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """The public page of a report. `strip` explains the due moment of the current step (see kernel.ui strip)."""

    number: str
    title: str
    text: str
    received_at: datetime
    state: str  # of the matter that goes on: open, closed, void, withdrawn
    merged_number: str  # the number of the matter this one was joined with, '' when it stands alone
    class_name: str
    area_name: str
    unit_name: str
    address: str
    link: str
    steps: tuple[tuple[str, str, str], ...]  # (link, name, done | now | next)
    next: str  # one sentence: what happens next and by when
    due_at: datetime | None
    late: bool
    held: bool
    strip: dict | None
    story: tuple[Told, ...]
    photos_before: tuple[UUID, ...]
    photos_after: tuple[UUID, ...]
    answer: str
    answered_at: datetime | None
    rating: int | None
    solved: bool | None
    may_rate: bool
    may_reopen: bool
    may_withdraw: bool


def follow(number: str, secret: str, now: datetime) -> Progress:
    """The progress of the report with this number and secret. Raises NotFound. Nine queries at most."""
    return progress_of(reporter(number, secret), now)


def progress_of(own: Report, now: datetime) -> Progress:
    main = primary(own.matter)
    case, rules = store.load(main), rulebook(main.pack_id)
    task = current_task(case)
    english = (get_language() or "").startswith("en")
    strip = clock.explain(task, case.pauses.values(), current_calendar()) if task and task.limit else None
    before, after = photos(own, main)
    ended = main.state != "open"
    reopen_until = rules.settings["reopen_days"] * 86400
    return Progress(
        number=own.matter.number,
        title=own.matter.title,
        text=own.text,
        received_at=own.received_at,
        state=main.state,
        merged_number=main.number if main.pk != own.matter_id else "",
        class_name=class_name(rules, main.standard, main.class_code, english),
        area_name=registers.area_name(main.area_id, english),
        unit_name=registers.unit_name(main.unit_id, english),
        address=own.matter.address,
        link=main.link,
        steps=steps(main),
        next=next_step(main, case, task, now, english),
        due_at=task.due_at if task else None,
        late=bool(task and task.due_at and task.due_at < now),
        held=main.held,
        strip=strip.as_dict() if strip else None,
        story=tuple(story(own, main, rules, english)),
        photos_before=before,
        photos_after=after,
        answer=own.answer,
        answered_at=own.answered_at,
        rating=own.rating,
        solved=own.solved,
        may_rate=main.state == "closed" and own.rated_at is None,
        may_reopen=main.state == "closed" and (now - main.closed_at).total_seconds() <= reopen_until,
        may_withdraw=not ended
        and main.pk == own.matter_id
        and not any(task.link == "handle" for task in case.tasks.values()),
    )


def current_task(case: Case) -> CaseTask | None:
    """The open task that the resident waits for: the one due last."""
    return max(case.open_tasks, key=lambda t: (t.due_at is not None, t.due_at or t.opened_at), default=None)


def photos(own: Report, main: Matter) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """The reporter's own photos, and those taken after the work; other reporters' photos stay theirs."""
    rows = Attachment.objects.filter(matter__in={own.matter_id, main.pk}, media_type__startswith="image/")
    before, after = [], []
    for pk, stage, matter in rows.order_by("added_at", "id").values_list("pk", "stage", "matter_id"):
        if stage == "after":
            after.append(pk)
        elif stage == "report" and matter == own.matter_id:
            before.append(pk)
    return tuple(before), tuple(after)


def steps(main: Matter) -> tuple[tuple[str, str, str], ...]:
    names = {
        "file": _("Accept"),
        "dispatch": _("Assign"),
        "handle": _("Mend"),
        "verify": _("Check"),
        "close": _("Close"),
    }
    here = "verify" if main.link == "feedback" else main.link
    at = STEPS.index(here) if here in STEPS else (len(STEPS) if main.state == "closed" else -1)
    return tuple(
        (link, names[link], "done" if n < at else "now" if n == at else "next")
        for n, link in enumerate(STEPS)
    )


def next_step(main: Matter, case: Case, task: CaseTask | None, now: datetime, english: bool = False) -> str:
    """What happens next and by when, in one sentence."""
    if main.state == "closed":
        return _("It is closed. Tell us whether it is mended.")
    if main.state == "withdrawn":
        return _("You took it back.")
    if main.state != "open" or task is None:
        return _("It is not handled further; the reason stands below.")
    unit = registers.unit_name(task.unit, english)
    what = {
        "file": _("We look at what you wrote and accept it"),
        "dispatch": _("We give it to the unit that is responsible"),
        "handle": _("%(unit)s mends it") % {"unit": unit or _("The responsible unit")},
        "feedback": _("%(unit)s confirms that it is done") % {"unit": unit or _("The responsible unit")},
        "verify": _("An inspector looks at the place"),
        "close": _("We close it and write you the answer"),
    }.get(task.link, _("It is being worked on"))
    if task.held:
        return _("%(what)s; the clock stands for a reason given below.") % {"what": what}
    if task.due_at is None:
        return _("%(what)s.") % {"what": what}
    when = {"what": what, "when": _when(task.due_at)}
    if task.due_at < now:
        return _("%(what)s. It was due by %(when)s and is late.") % when
    return _("%(what)s, by %(when)s.") % when


def story(own: Report, main: Matter, rules: Rulebook, english: bool) -> list[Told]:
    """The events that concern the resident, oldest first; of a joined matter only from the joining on."""
    rows = list(Event.objects.filter(matter__in={own.matter_id, main.pk}).order_by("at", "matter_id", "seq"))
    joined = next((e.at for e in rows if e.action == "merge" and e.matter_id == own.matter_id), None)
    told = []
    for event in rows:
        foreign = event.matter_id != own.matter_id
        if foreign and (joined is None or event.at <= joined):
            continue
        line = _sentence(event.action, event.data, foreign, rules, english)
        if line is not None:
            told.append(Told(event.at, *line))
    return told


def _sentence(
    action: str, data: dict, foreign: bool, rules: Rulebook, english: bool
) -> tuple[str, str] | None:
    record, changed = data.get("record", {}), data.get("set", {})
    if action == "complete":
        return _completed(record, changed, rules, english)
    if action == "hold":
        reason = rules.reasons.get(record.get("reason", ""))
        name = (english and reason.name_en or reason.name) if reason else record.get("reason", "")
        return "hold", _("The clock was stopped: %(reason)s. %(note)s") % {
            "reason": name,
            "note": record.get("note", ""),
        }
    if action == "merge":
        # The main matter's own event says only that another report joined it: nothing to this reporter.
        return (
            ("merged", _("It was joined with an earlier report of the same problem."))
            if "into" in record
            else None
        )
    plain = {
        "open": ("open", _("We received your report.")),
        "resume": ("resume", _("The clock runs again.")),
        "extend": ("extend", _("More time was granted.")),
        "reassign": ("reassign", _("Another unit has it now.")),
        "send_back": ("return", _("It went back to an earlier step.")),
        "remind": ("remind", _("We chased the unit.")),
        "chase": ("remind", _("We chased the unit.")),
        "void": ("void", _("It is not handled further.")),
        "withdraw": ("withdrawn", _("It was taken back.")),
        "close": ("close", _("It was closed.")),
        "reopen": ("reopen", _("It was opened again.")),
        "rate": ("rate", _("It was rated.")),
    }
    if foreign and action in ("open", "rate", "withdraw"):
        return None
    return plain.get(action)


def _completed(record: dict, changed: dict, rules: Rulebook, english: bool) -> tuple[str, str] | None:
    node, outcome = record.get("node"), record.get("outcome")
    unit = registers.unit_name(record.get("unit") or changed.get("unit"), english)
    sentences = {
        ("file", "file"): ("file", _("It was accepted.")),
        ("file", "verify"): ("verify", _("An inspector looks at the place first.")),
        ("file", "void"): ("void", _("It is not handled further.")),
        ("precheck", "true"): ("verify", _("The inspector found it as you wrote.")),
        ("precheck", "false"): ("void", _("The inspector did not find it.")),
        ("dispatch", "dispatch"): (
            "dispatch",
            _("It was given to %(unit)s.") % {"unit": unit}
            if unit
            else _("It was given to the responsible unit."),
        ),
        ("dispatch", "return"): ("return", _("It went back to be looked at again.")),
        ("handle", "done"): ("handle", _("The unit says that it is mended.")),
        ("handle", "not_ours"): ("return", _("The unit says that another one is responsible.")),
        ("feedback", "redo"): ("rework", _("The unit does it again.")),
        ("verify", "pass"): ("verify", _("An inspector found it mended.")),
        ("verify", "fail"): ("rework", _("An inspector found it not mended; it is done again.")),
        ("close", "close"): ("close", _("It was closed.")),
        ("close", "rework"): ("rework", _("It is done again.")),
    }
    return sentences.get((node, outcome))


def _when(moment: datetime) -> str:
    from yiwang.kernel.ui import moments

    return moments.moment(moment)
