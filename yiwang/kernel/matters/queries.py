"""What people can see of matters: queues by due moment, and everything that the page of one matter shows.

Lists are keyset pages of plain dictionaries: no COUNT, no OFFSET, no query for a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from yiwang.kernel.access.policy import Subject, decide, matters_filter, tasks_filter
from yiwang.kernel.errors import NotFound
from yiwang.kernel.matters import clock, search, store
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.engine import back_targets
from yiwang.kernel.matters.filters import Filters
from yiwang.kernel.matters.models import Event, Link, Matter, Task
from yiwang.kernel.matters.pages import (
    Page,
    moment_of,
    ordered,
    page_of,
    read_cursor,
    sorted_out,
    walked,
    write_cursor,
)
from yiwang.kernel.packs.rulebook import Rulebook, rulebook
from yiwang.kernel.registers.calendars import current_calendar

MATTER_ACTIONS = ("hold", "resume", "remind", "merge", "split", "void", "close", "reopen", "relocate")
TASK_ACTIONS = ("claim", "complete", "send_back")
GRANTED_TASK_ACTIONS = ("reassign", "extend")

MATTER_ROW = tuple(
    "id number kind state link title source standard class_code condition address lat lon system priority "
    "opened_at filed_at due_at held closed_at outcome reworks returns extensions reopenings rating "
    "district area_id unit_id pack_id".split()
)
_MATTER_NAMES = {
    "area_name": F("area__name"),
    "area_name_en": F("area__name_en"),
    "unit_name": F("unit__name"),
    "unit_name_en": F("unit__name_en"),
}
_MOST_ASKED = 2000


def queue(
    actor: Any,
    *,
    after: str = "",
    limit: int = 50,
    order: str = "due",
    now: datetime | None = None,
    **filters: Any,
) -> Page:
    """The open tasks that this person may work, the earliest due first; those without a due moment last.

    `filters` are those of `Filters`; `now` is needed for `due`. `order` newest: the last opened first. Two queries
    at most, a few more when words are looked for that many matters have.
    """
    asked, newest = Filters(**filters), order == "newest"
    cursor = read_cursor(after, dated=newest)
    rows = None
    if wanted := asked.wanted_open():
        listed = asked.tasks(actor, now, by_index=False)
        if (matters := search.few(wanted)) is not None:
            rows = sorted_out(listed.filter(matter__in=matters), cursor, limit + 1, newest)
        else:
            rows = walked(listed, wanted, cursor, limit + 1, newest)
    if rows is None:
        rows = ordered(asked.tasks(actor, now), cursor, limit + 1, newest)
    return page_of([_named(row) for row in rows], limit, moment_of(newest))


def overdue(actor: Any, *, now: datetime, unit: str = "", after: str = "", limit: int = 50) -> Page:
    """Open tasks past their due moment in matters that the person may see, the longest overdue first.

    `unit`: only its tasks. What waits since before it was due is not overdue; what was overdue when its clock was
    stopped still is.
    """
    return queue(actor, whose="seen", due="overdue", unit=unit, now=now, after=after, limit=limit)


def matters(
    actor: Any,
    *,
    filters: Mapping[str, Any] | Filters,
    after: str = "",
    limit: int = 50,
    now: datetime | None = None,
) -> Page:
    """Matters that the person may see, the newest first. `filters`: those of `Filters`, `now` is needed for `due`."""
    asked = filters if isinstance(filters, Filters) else Filters(**{k: v for k, v in filters.items() if v})
    cursor = read_cursor(after, dated=True)
    wanted = asked.wanted(actor)
    if wanted:
        found = _indexed(actor, asked, wanted, cursor, limit + 1, now)
    else:
        rows = asked.matters(actor, now)
        if cursor:
            moment, key = cursor
            rows = rows.filter(Q(opened_at__lt=moment) | Q(opened_at=moment, id__lt=key))
        found = list(rows.order_by("-opened_at", "-id").values(*MATTER_ROW, **_MATTER_NAMES)[: limit + 1])
    for row in found:
        row["class_name"] = class_name(rulebook(row["pack_id"]), row["standard"], row["class_code"])
        row["class_name_en"] = class_name(
            rulebook(row["pack_id"]), row["standard"], row["class_code"], english=True
        )
    more = found[limit:]
    last = found[limit - 1] if more else None
    return Page(found[:limit], write_cursor(last["opened_at"], last["id"]) if last else "")


def _indexed(
    actor: Any, asked: Filters, wanted: search.Wanted, cursor: tuple | None, count: int, now: datetime | None
) -> list[dict]:
    """Rows in the order of the index: it says which may fit, newest first; permission and columns say which do.

    They are asked of the rows here: given to the database together with the ids, a filter by unit makes SQLite read
    all matters of the unit instead of these few.
    """
    below = search.before(asked.until) if asked.until else None
    since = search.before(asked.since) if asked.since else None
    if cursor:
        moment, key = cursor
        below = search.key_of(key) or search.before(moment)
    found: list[dict] = []
    size = count + 10
    while len(found) < count:
        batch = search.newest(wanted, below=below, since=since, count=size)
        ids = [matter for _key, matter in batch]
        fetched = Matter.objects.filter(pk__in=ids).values(*MATTER_ROW, **_MATTER_NAMES) if ids else ()
        known = {row["id"]: row for row in fetched if asked.fits(row, now) and _may_see(actor, row)}
        found += [known[matter] for matter in ids if matter in known]
        if len(batch) < size:
            break
        below, size = batch[-1][0], min(size * 4, _MOST_ASKED)
    return found[:count]


def _may_see(actor: Any, row: Mapping[str, Any]) -> bool:
    subject = Subject(
        row["kind"], row["area_id"], row["unit_id"], matter_id=row["id"], district=row["district"]
    )
    return bool(decide(actor, "see", subject))


def bounded(wholes: Mapping[str, QuerySet], most: int = 500) -> dict[str, int]:
    """How many rows each of these has, counted no further than `most` + 1: one query for all."""
    if not wholes:
        return {}
    parts, values = [], []
    for rows in wholes.values():
        try:
            sql, given = rows.order_by().values("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:
            sql, given = "SELECT 1 WHERE 1 = 0", ()
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 - written by Django
        values += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return dict(zip(wholes, cursor.fetchone(), strict=True))


def _named(row: dict) -> dict:
    rules = rulebook(row["pack"])
    node = rules.process(row["kind"]).nodes[row["node"]]
    row["task_name"], row["task_name_en"] = node.name, node.name_en
    row["class_name"] = class_name(rules, row["standard"], row["class_code"])
    row["class_name_en"] = class_name(rules, row["standard"], row["class_code"], english=True)
    return row


def class_name(rules: Rulebook, standard: str, code: str, english: bool = False) -> str:
    found = rules.class_def(standard, code) if code else None
    if found is None:
        return ""
    return (found.name_en or found.name) if english else found.name


@dataclass(frozen=True, slots=True)
class MatterView:
    """Everything that the page of one matter shows."""

    row: Matter
    case: Case
    rules: Rulebook
    events: list[dict]
    links: list[dict]
    strips: dict[UUID, dict]  # task id -> the explanation of its due moment
    actions: list[dict]  # what this person may do: {action, task?, outcomes?, form?}

    @property
    def process(self) -> Any:
        return self.rules.process(self.row.kind)


def see(actor: Any, number: str) -> MatterView:
    """One matter for a person who may see it; `NotFound` otherwise, so that numbers cannot be probed."""
    row = visible(actor, number)
    if row is None:
        raise NotFound(_("There is no matter %(number)s that you may see.") % {"number": number})
    case, rules = store.load(row), rulebook(row.pack_id)
    calendar = current_calendar()
    strips = {}
    for task in case.tasks.values():
        if task.is_open and task.limit:
            strips[task.id] = clock.explain(task, case.pauses.values(), calendar).as_dict()
    return MatterView(
        row, case, rules, story(row.pk), related(row.pk), strips, actions_for(actor, case, rules)
    )


def visible(actor: Any, number: str) -> Matter | None:
    """The row of a matter that this person may see, by a grant or by an open task; None otherwise."""
    rows = Matter.objects.filter(matters_filter(actor, "see"), number=number)
    return rows.select_related("area", "unit", "merged_into").first() or _by_task(actor, number)


def _by_task(actor: Any, number: str) -> Matter | None:
    """Whoever must work a task sees its matter, even without a grant to see others."""
    mine = Task.objects.filter(tasks_filter(actor), state="open", matter__number=number)
    return Matter.objects.filter(pk__in=mine.values("matter_id")).select_related("area", "unit").first()


def story(matter: UUID) -> list[dict]:
    """The events in order, with their recorded data."""
    rows = Event.objects.filter(matter=matter).order_by("seq")
    return [
        {
            "seq": e.seq,
            "at": e.at,
            "action": e.action,
            "actor": e.actor,
            "actor_name": e.actor_name,
            "data": e.data,
        }
        for e in rows
    ]


def related(matter: UUID) -> list[dict]:
    """Links in both directions, with the other matter's number, title and state."""
    rows = Link.objects.filter(Q(source=matter) | Q(target=matter)).values(
        "kind",
        "source_id",
        source_number=F("source__number"),
        source_title=F("source__title"),
        source_state=F("source__state"),
        target_number=F("target__number"),
        target_title=F("target__title"),
        target_state=F("target__state"),
    )
    found = []
    for row in rows:
        outward = row["source_id"] == matter
        side = "target" if outward else "source"
        found.append(
            {
                "kind": row["kind"] if outward else f"{row['kind']}_by",
                **{name: row[f"{side}_{name}"] for name in ("number", "title", "state")},
            }
        )
    return found


def actions_for(actor: Any, case: Case, rules: Rulebook) -> list[dict]:
    """What this person may do now, in the order in which a page offers it."""
    found: list[dict] = []
    process = rules.process(case.kind)
    for task in sorted(case.open_tasks, key=lambda t: t.token):
        found += _task_actions(actor, case, task, process.nodes[task.node], rules)
    subject = Subject(case.kind, case.area, case.unit, matter_id=case.id, district=case.district)
    for action in MATTER_ACTIONS:
        if _makes_sense(action, case) and decide(actor, action, subject):
            found.append({"action": action})
    return found


def _task_actions(actor: Any, case: Case, task: CaseTask, node: Any, rules: Rulebook) -> list[dict]:
    subject = Subject(case.kind, task.area, task.unit, task.post, task.assignee, case.id, case.district)
    found: list[dict] = []
    if decide(actor, "complete", subject) and task.assignee in (None, actor.id):
        if task.assignee is None:
            found.append({"action": "claim", "task": task.id})
        found.append(
            {"action": "complete", "task": task.id, "form": node.form, "outcomes": dict(node.outcomes)}
        )
        targets = back_targets(case, rules.process(case.kind), task)
        if targets:
            found.append({"action": "send_back", "task": task.id, "targets": targets})
    whole = Subject(case.kind, case.area, case.unit, matter_id=case.id, district=case.district)
    for action in GRANTED_TASK_ACTIONS:
        if decide(actor, action, whole):
            found.append({"action": action, "task": task.id})
    return found


def _makes_sense(action: str, case: Case) -> bool:
    if action == "reopen":
        return case.state == "closed"
    if case.state != "open":
        return False
    if action == "resume":
        return any(p.end is None for p in case.pauses.values())
    return True
