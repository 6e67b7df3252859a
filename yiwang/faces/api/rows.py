"""Matters, tasks and their parts as plain values, with names in the language of the request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.core.codes.masks import mask_name, mask_phone
from yiwang.core.worktime import Calendar
from yiwang.domains.operations.models import Report
from yiwang.domains.operations.queries import reports_of
from yiwang.faces.api.replies import local
from yiwang.kernel.access.models import User
from yiwang.kernel.matters import clock
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.engine import VERIFICATION
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.queries import MatterView, class_name
from yiwang.kernel.packs.rulebook import Rulebook, rulebook
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.ui import words

ROOT = "/api/v1"


def english() -> bool:
    return (get_language() or "").startswith("en")


def area(code: str | None) -> dict | None:
    return {"code": code, "name": registers.area_name(code, english())} if code else None


def unit(code: str | None) -> dict | None:
    return {"code": code, "name": registers.unit_name(code, english())} if code else None


def class_of(rules: Rulebook, standard: str, code: str) -> dict | None:
    if not code:
        return None
    return {"standard": standard, "code": code, "name": class_name(rules, standard, code, english())}


def point(lon: float | None, lat: float | None, system: str) -> dict | None:
    return None if lon is None or lat is None or not system else {"lon": lon, "lat": lat, "system": system}


def queue_row(row: Mapping[str, Any], now: datetime) -> dict:
    due_at = row["due_at"]
    return {
        "task": row["task"],
        "matter": row["number"],
        "title": row["title"],
        "node": row["node"],
        "task_name": (english() and row["task_name_en"]) or row["task_name"],
        "link": row["link"],
        "kind": row["kind"],
        "post": row["post"],
        "source": row["source"],
        "limit": row["limit"],
        "due_at": local(due_at),
        "overdue": due_at is not None and due_at < now,
        "held": row["held"],
        "provisional": row["provisional"],
        "opened_at": local(row["opened_at"]),
        "matter_opened_at": local(row["matter_opened_at"]),
        "priority": row["priority"],
        "reworks": row["reworks"],
        "address": row["address"],
        "matter_class": class_of(rulebook(row["pack"]), row["standard"], row["class_code"]),
        "area": area(row["area_id"]),
        "unit": unit(row["unit_id"]),
        "assignee": row["assignee_name"],
    }


_PLAIN = "id number kind state link title source condition address priority held outcome".split()
_COUNTS = "reworks returns extensions reopenings rating".split()


def matter_row(row: Mapping[str, Any]) -> dict:
    """A row of `matters.queries.matters`, or the columns of one matter."""
    told = {name: row[name] for name in (*_PLAIN, *_COUNTS)}
    told |= {name: local(row[name]) for name in ("opened_at", "filed_at", "due_at", "closed_at")}
    return told | {
        "matter_class": class_of(rulebook(row["pack_id"]), row["standard"], row["class_code"]),
        "area": area(row["area_id"]),
        "unit": unit(row["unit_id"]),
        "point": point(row["lon"], row["lat"], row["system"]),
    }


def matter_page(view: MatterView, now: datetime) -> dict:
    """One matter with everything that belongs to it, for a person who may see it."""
    case, row = view.case, view.row
    people = names(case)
    calendar = current_calendar()
    return matter_row(vars(row)) | {
        "description": row.description,
        "merged_into": row.merged_into.number if row.merged_into_id else None,
        "process": {
            "pack": row.pack_id,
            "address": f"{ROOT}/processes/{row.kind}?pack={row.pack_id}",
            "position": [task.node for task in case.open_tasks],
        },
        "tasks": [
            task_row(case, task, view.rules, people, now, calendar)
            for task in sorted(case.tasks.values(), key=lambda t: (t.opened_at, t.token))
        ],
        "pauses": [pause_row(pause, view.rules) for pause in case.pauses.values()],
        "story": [event_row(event) for event in view.events],
        "links": view.links,
        "attachments": [attachment_row(one) for one in attachments(row)],
        "reports": [report_row(one) for one in reports(row)],
        "actions": [action_row(one) for one in view.actions],
    }


def done(matter: Matter, case: Case, now: datetime) -> dict:
    """What an action gives back: where the matter stands and the tasks that are open now."""
    rules, people, calendar = rulebook(case.pack), names(case), current_calendar()
    return {
        "id": case.id,
        "number": case.number,
        "state": case.state,
        "link": case.link,
        "outcome": case.outcome,
        "due_at": local(case.due_at),
        "held": case.held,
        "tasks": [task_row(case, task, rules, people, now, calendar) for task in case.open_tasks],
    }


def names(case: Case) -> dict[int, str]:
    """The names of everybody who has or did a task, in one query."""
    ids = {who for task in case.tasks.values() for who in (task.assignee, task.done_by) if who}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def task_row(
    case: Case, task: CaseTask, rules: Rulebook, people: Mapping[int, str], now: datetime, calendar: Calendar
) -> dict:
    node = rules.process(case.kind).nodes[task.node]
    return {
        "id": task.id,
        "node": task.node,
        "name": (english() and node.name_en) or node.name,
        "link": task.link,
        "post": task.post,
        "unit": unit(task.unit),
        "area": area(task.area),
        "state": task.state,
        "limit": task.limit,
        "extension": task.extension,
        "clock_from": local(task.clock_from),
        "opened_at": local(task.opened_at),
        "due_at": local(task.due_at),
        "overdue": task.due_at is not None and (task.done_at or now) > task.due_at,
        "held": task.held,
        "provisional": task.provisional,
        "assignee": person(task.assignee, people),
        "claimed_at": local(task.claimed_at),
        "done_at": local(task.done_at),
        "done_by": person(task.done_by, people),
        "outcome": task.outcome,
        "explanation": explanation(case, task, calendar),
    }


def explanation(case: Case, task: CaseTask, calendar: Calendar) -> dict | None:
    """Why the task is, or was, due when it says so; none where it was decided by a calendar no longer in force."""
    pauses: Iterable[Any] = case.pauses.values()
    if not task.is_open:
        pauses = [one for one in pauses if one.start < task.done_at]
    found = clock.explain(task, pauses, calendar)
    if found is None or (found.moment != task.due_at and not task.is_open):
        return None
    return explained(found.as_dict())


def explained(due: Mapping[str, Any]) -> dict:
    """What `Due.as_dict` tells, its moments with the district's offset."""

    def at(text: str | None) -> datetime | None:
        return local(datetime.fromisoformat(text)) if text else None

    holds = [hold | {"from": at(hold["from"]), "to": at(hold["to"])} for hold in due["holds"]]
    return {**due, "from": at(due["from"]), "holds": holds}


def person(user: int | None, people: Mapping[int, str]) -> dict | None:
    return {"id": user, "name": people.get(user, "")} if user else None


def pause_row(pause: Any, rules: Rulebook) -> dict:
    reason = rules.reasons.get(pause.reason)
    name = (english() and reason.name_en) or reason.name if reason else pause.reason
    if pause.reason == VERIFICATION:
        name = _("verification of the work, not charged to the handler")
    return {
        "id": pause.id,
        "task": pause.task_id,
        "reason": pause.reason,
        "name": name,
        "note": pause.note,
        "start": local(pause.start),
        "end": local(pause.end),
    }


def event_row(event: Mapping[str, Any]) -> dict:
    return {
        "seq": event["seq"],
        "at": local(event["at"]),
        "action": event["action"],
        "name": words.action_name(event["action"]),
        "actor": event["actor"],
        "actor_name": event["actor_name"],
        "record": event["data"].get("record", {}),
    }


def action_row(action: Mapping[str, Any]) -> dict:
    return {name: action.get(name) for name in ("action", "task", "form", "outcomes", "targets")}


def attachments(matter: Matter) -> Iterable[Attachment]:
    return Attachment.objects.filter(matter=matter).order_by("added_at", "id")


def attachment_row(one: Attachment) -> dict:
    address = f"{ROOT}/attachments/{one.pk}"
    return {
        "id": one.pk,
        "stage": one.stage,
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "sha256": one.sha256,
        "width": one.width,
        "height": one.height,
        "taken_at": local(one.taken_at),
        "point": point(one.lon, one.lat, "WGS84"),
        "added_at": local(one.added_at),
        "added_by": one.added_by,
        "address": address,
        "thumbnail": f"{address}/thumbnail" if one.thumb_sha256 else None,
    }


def reports(matter: Matter) -> Iterable[Report]:
    """Its own, and those of the matters that were merged into it."""
    return reports_of(matter.pk).select_related("matter").order_by("received_at", "id")


def report_row(one: Report) -> dict:
    return {
        "id": one.pk,
        "number": one.matter.number,
        "channel": one.channel,
        "text": one.text,
        "received_at": local(one.received_at),
        "contact_name": mask_name(one.contact_name),
        "contact_phone": mask_phone(one.contact_phone),
        "located_by": one.located_by,
        "needs_person": one.needs_person,
        "suggestions": one.suggestions,
        "answer": one.answer,
        "answered_at": local(one.answered_at),
        "rating": one.rating,
        "solved": one.solved,
        "rating_note": one.rating_note,
    }
