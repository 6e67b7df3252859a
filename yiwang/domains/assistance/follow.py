"""What an applicant sees of the own application: where it stands, what comes next and by when, what was decided.

Nothing here names an official or says who objected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yiwang.domains.assistance import looking, programmes, words
from yiwang.domains.assistance.intake import MATERIALS
from yiwang.domains.assistance.models import Application, Award, Decision, Payment, Publicity
from yiwang.domains.assistance.money import yuan
from yiwang.kernel.matters import clock, store
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.models import Event
from yiwang.kernel.packs.rulebook import rulebook
from yiwang.kernel.registers.calendars import current_calendar

# The steps as an applicant meets them: a stage and the nodes of the processes that lie in it.
STAGES = (
    ("accept", ("accept", "supplement", "confirm")),
    ("survey", ("arrange", "survey", "data_check", "self_care", "resurvey")),
    ("opinion", ("opinion",)),
    ("publicity", ("publicity",)),
    ("decide", ("county_visit", "county_review", "decide", "relieve")),
    ("tell", ("notify", "notify_refusal", "notify_not_accepted", "hand_over", "papers")),
)
SHORT = frozenset({"accept", "decide", "tell"})  # of an emergency


@dataclass(frozen=True, slots=True)
class Told:
    at: datetime
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    number: str
    title: str
    state: str
    received_at: datetime
    area_name: str
    steps: tuple[tuple[str, str, str], ...]  # (slug, name, done | now | next)
    next: str
    due_at: datetime | None
    whole_due: datetime | None
    held: bool
    strip: dict | None
    missing: tuple[str, ...]
    answer: str
    story: tuple[Told, ...]
    payments: tuple[Payment, ...]
    looks: list[dict]
    status: str


def progress(own: Application, now: datetime) -> Progress:
    matter = own.matter
    case, rules = store.load(matter), rulebook(matter.pack_id)
    task = max(
        case.open_tasks, key=lambda one: (one.due_at is not None, one.due_at or one.opened_at), default=None
    )
    strip = clock.explain(task, case.pauses.values(), current_calendar()) if task and task.limit else None
    stage = stage_of(case, task)
    return Progress(
        number=matter.number,
        title=programmes.name(own.programme),
        state=matter.state,
        received_at=own.received_at,
        area_name=words.area_name(matter.area_id),
        steps=_steps(matter, stage),
        next=_next(matter, case, task, stage, own),
        due_at=task.due_at if task else _publicity_end(case),
        whole_due=own.due_at if matter.state == "open" else None,
        held=matter.held,
        strip=strip.as_dict() if strip else None,
        missing=_missing(own, task),
        answer=_answer(own),
        story=tuple(_story(own)),
        payments=tuple(
            Payment.objects.filter(award__matter=matter.pk, repaid=None).order_by("month", "made_at")
        ),
        looks=looking.looks(own),
        status=rules.kind(matter.kind).status,
    )


def stage_of(case: Case, task: CaseTask | None) -> str:
    if task is None:
        return "publicity" if case.state == "open" else "end"
    return next((slug for slug, nodes in STAGES if task.node in nodes), "decide")


def _steps(matter, stage: str) -> tuple[tuple[str, str, str], ...]:
    names = {
        "accept": _("Accept"),
        "survey": _("Survey at home"),
        "opinion": _("First opinion"),
        "publicity": _("Publicity"),
        "decide": _("The bureau's decision"),
        "tell": _("Tell you"),
    }
    short = matter.kind == programmes.EMERGENCY
    order = [slug for slug, _nodes in STAGES if not short or slug in SHORT]
    at = order.index(stage) if stage in order else (len(order) if matter.state == "closed" else -1)
    return tuple(
        (slug, names[slug], "done" if n < at else "now" if n == at else "next")
        for n, slug in enumerate(order)
    )


def _publicity_end(case: Case) -> datetime | None:
    return min((timer.fire_at for timer in case.timers), default=None)


def _next(matter, case: Case, task: CaseTask | None, stage: str, own: Application) -> str:
    if matter.state == "void":
        closed = Decision.objects.filter(matter=own.pk, outcome="closed").exists()
        return _("It was closed. The reason stands below.") if closed else _("It was given up.")
    if matter.state != "open":
        return _("It is finished. What was decided stands below.")
    if task is not None and task.node == "supplement":
        return _("Papers are missing. Bring them to the window, or hand them in on line.")
    what = {
        "accept": _("We look at the papers and accept it"),
        "survey": _("Two people visit you at home, and departments are asked"),
        "opinion": _("The sub-district writes its first opinion"),
        "publicity": _(
            "Your name, the number of members and the amount are shown in the community for seven days"
        ),
        "decide": _("The civil affairs bureau decides"),
        "tell": _("You are told the decision in writing"),
    }.get(stage, _("It is being worked on"))
    due = task.due_at if task else _publicity_end(case)
    if due is None:
        return _("%(what)s.") % {"what": what}
    from yiwang.kernel.ui import moments

    return _("%(what)s, by %(when)s.") % {"what": what, "when": moments.moment(due)}


def _missing(own: Application, task: CaseTask | None) -> tuple[str, ...]:
    if task is None or task.node != "supplement":
        return ()
    return tuple(
        str(MATERIALS[slug])
        for slug, state in own.materials.items()
        if state == "missing" and slug in MATERIALS
    )


def _answer(own: Application) -> str:
    """What was decided, with the reason of a refusal: the applicant's own, and shown to nobody else."""
    award = Award.objects.filter(matter=own.pk).order_by("made_at").first()
    if award is not None:
        if award.rhythm == "never":
            return _("You are recognised until %(day)s.") % {"day": award.until.isoformat()}
        if award.rhythm == "once":
            return _("You get %(amount)s yuan, once.") % {"amount": yuan(award.fen)}
        return _("You get %(amount)s yuan a month from %(month)s on.") % {
            "amount": yuan(award.fen),
            "month": f"{award.since:%Y-%m}",
        }
    closed = Decision.objects.filter(matter=own.pk, outcome="closed").first()
    if closed is not None:
        return _("It was closed: %(reason)s You may ask for a review within sixty days, or go to court.") % {
            "reason": closed.reason
        }
    refusal = Decision.objects.filter(matter=own.pk, node__in=("accept", "decide", "confirm", "relieve"))
    last = refusal.filter(outcome__in=("refuse", "not_urgent")).order_by("-at").first()
    if last is None or last.delivered_at is None and own.matter.state == "open":
        return ""
    return _("It was not granted: %(reason)s You may ask for a review within sixty days, or go to court.") % {
        "reason": last.reason
    }


def _story(own: Application) -> list[Told]:
    told = [Told(own.received_at, "open", _("We received your application."))]
    sentences = {
        ("accept", "accept"): ("complete", _("It was accepted.")),
        ("accept", "missing"): ("send_back", _("You were told which papers are missing.")),
        ("accept", "refuse"): ("void", _("It was not accepted.")),
        ("supplement", "complete"): ("complete", _("The papers are complete.")),
        ("survey", "done"): ("complete", _("Two people visited you.")),
        ("papers", "done"): ("complete", _("The papers are complete.")),
        ("data_check", "done"): ("complete", _("The departments answered.")),
        ("self_care", "done"): ("complete", _("Self-care was assessed.")),
        ("resurvey", "done"): ("complete", _("It was looked at again.")),
        ("opinion", "support"): ("complete", _("The sub-district is for it; it is shown in the community.")),
        ("opinion", "against"): ("complete", _("The sub-district is against it; the bureau decides.")),
        ("publicity", "objection"): ("send_back", _("Somebody objected; it is looked at again.")),
        ("county_visit", "done"): ("complete", _("The bureau visited you.")),
        ("decide", "grant"): ("complete", _("It was granted.")),
        ("decide", "refuse"): ("void", _("It was not granted.")),
        ("confirm", "urgent"): ("complete", _("It was found urgent.")),
        ("confirm", "not_urgent"): ("void", _("It was found not urgent.")),
        ("relieve", "grant"): ("complete", _("It was granted.")),
        ("relieve", "refuse"): ("void", _("It was not granted.")),
        ("hand_over", "paid"): ("complete", _("The money was handed over.")),
        ("notify", "delivered"): ("complete", _("The decision was delivered.")),
        ("notify_refusal", "delivered"): ("complete", _("The decision was delivered.")),
        ("notify_not_accepted", "delivered"): ("complete", _("The decision was delivered.")),
    }
    for event in Event.objects.filter(matter=own.pk).order_by("seq"):
        record = event.data.get("record", {})
        line = (
            sentences.get((record.get("node"), record.get("outcome"))) if event.action == "complete" else None
        )
        if event.action == "timer" and Publicity.objects.filter(matter=own.pk, until__lte=event.at).exists():
            line = ("complete", _("The seven days of publicity are over."))
        if line:
            told.append(Told(event.at, *line))
    return told
