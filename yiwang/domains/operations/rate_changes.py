"""What makes a kept table of a period that has ended wrong, found in the events and appeals since.

A past period is judged as it stood at its end, so most of what happens later changes nothing in it: a task that is
done, a matter that is closed, a report that is rated. What does change it:

- an event that is dated before its end (reports and matters brought in late, what came in its last seconds);
- an appeal that is granted (`granted`, in the transaction of the review);
- a task's due moment, extension or clock changed, or its unit, area or post: it may have been late in the period;
- a late task done, claimed or given to somebody: it counts for that person (tables of posts only);
- a late task dropped; one given back as not the unit's duty (its dispatch was not right); a rework whose clock goes
  on from a due moment in the period;
- the unit or area of a matter, a rework, filing anew, opening again, and an ending other than closing once filed.

Each says from when on periods may be concerned; the tables of all that end later are marked, and counted anew. To
mark one too many costs a counting, one too few a wrong figure: what is not known to be harmless marks everything since
the matter was opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
from django.db.models import Count, F, Max, Q

from yiwang.domains.operations.models import RateState, RateTable
from yiwang.kernel.matters import store
from yiwang.kernel.matters.models import Event, Task

EVERY = timedelta(seconds=30)
UNWATCHED = timedelta(minutes=5)
MOST_EVENTS = 20_000  # more since the last time: all tables are counted anew
GAP_KEPT = timedelta(hours=1)  # a transaction that takes longer than this is not waited for
MOST_GAPS = 100
ALL, UNIT, POST = "", "unit", "post"  # which tables: all; those by unit or of some units; those by post
BATCH = 500
BEGINNING = datetime(1900, 1, 2, tzinfo=UTC)

# Columns of a matter that no table counts, or whose change counts only from its own moment on.
HARMLESS = frozenset(
    "link due_at held tokens data seq head priority extensions returns reopenings outcome rating number"
    " standard class_code condition lat lon system source opened_at pack id merged_into".split()
)
DONE = frozenset("id state done_at done_by outcome held assignee claimed_at provisional limit".split())
PLACED = frozenset({"unit", "area", "post"})

Concerned = dict[str, datetime]  # which tables -> since when


def follow(now: datetime, *, at_once: bool = False) -> int:
    """Marks the tables that the events since the last time may have changed; gives how many events it looked at.

    Another worker may do so at the same moment: then only one of them moves on.
    """
    state = RateState.objects.first()
    if state is not None and not at_once and timedelta(0) <= now - state.at < EVERY:
        return 0
    if state is None:  # what was kept before anybody looked is not known to be right
        last = Event.objects.aggregate(last=Max("id"))["last"] or 0
        state = RateState(at=now, event=last)
        with store.one_transaction():
            state.save()
            _mark({ALL: BEGINNING}, now)
        return 0
    missed = _events(_in_gaps(state.gaps)) if state.gaps else []
    new = _events(Q(id__gt=state.event))
    if len(new) > MOST_EVENTS:
        found, ids = {ALL: BEGINNING}, _ids(state.event)
    else:
        found, ids = concerned([*missed, *new]), [event["id"] for event in new]
    gaps = _left(state.gaps, {event["id"] for event in missed}, now)
    last = state.event
    for number in ids:
        if number > last + 1:
            gaps.append([last + 1, number - 1, now.isoformat()])
        last = number
    with store.one_transaction():
        if RateState.objects.filter(pk=state.pk, event=state.event, at=state.at).update(
            at=now, event=last, gaps=_few(gaps)
        ):
            _mark(found, now)
    return len(missed) + len(new)


def watched(now: datetime) -> bool:
    """Whether the events were looked at lately: else nobody knows what has changed."""
    state = RateState.objects.first()
    return state is not None and now - state.at < UNWATCHED


def granted(task: Task, now: datetime) -> None:
    """An appeal against this late task was granted: it leaves the counts of its period. In the review's transaction."""
    if task.due_at is not None:
        _mark({ALL: task.due_at}, now)


def concerned(events: Iterable[dict]) -> Concerned:
    """From when on periods that have ended may be counted otherwise after these events, for each sort of table."""
    found = _Since()
    tasks: list[tuple[dict, dict]] = []
    filed: list[dict] = []
    for event in events:
        body = orjson.loads(event["body"])
        found.note(ALL, event["at"])
        _of_matter(found, event, body, filed)
        for opened in body.get("open", ()):
            if opened.get("due_at"):
                found.note(ALL, datetime.fromisoformat(opened["due_at"]), before=event["at"])
        tasks += [(event, change) for change in body.get("tasks", ())]
    known = _tasks(UUID(change["id"]) for _event, change in tasks)
    for event, change in tasks:
        _of_task(found, event, change, known.get(UUID(change["id"])))
    _of_filings(found, filed)
    return found.since


class _Since:
    def __init__(self) -> None:
        self.since: Concerned = {}

    def note(self, which: str, since: datetime, before: datetime | None = None) -> None:
        """`before`: what is not earlier than this concerns no period that had ended then."""
        if before is None or since < before:
            self.since[which] = min(since, self.since.get(which, since))


def _of_matter(found: _Since, event: dict, body: dict, filed: list[dict]) -> None:
    changed, opened, at = body.get("set", {}), event["matter__opened_at"], event["at"]
    if event["action"] == "open":
        found.note(ALL, opened)
        return
    names = changed.keys() - HARMLESS
    if "filed_at" in names:
        filed.append(event)
    if "unit" in names:
        found.note(UNIT, opened, at)
    ends = names & {"state", "closed_at"}
    closes = changed.get("state", "closed") == "closed" and changed.get("closed_at") is not None
    if ends and not closes and (event["matter__filed_at"] is not None or changed.get("state") == "open"):
        found.note(ALL, opened, at)
    if names - {"filed_at", "unit", "state", "closed_at"}:
        found.note(ALL, opened, at)


def _of_task(found: _Since, event: dict, change: dict, task: dict | None) -> None:
    opened, at = event["matter__opened_at"], event["at"]
    names = change.keys() - DONE
    if task is None or names - PLACED:
        found.note(ALL, opened, at)
        return
    ended = [moment for moment in (task["due_at"], task["done_at"]) if moment is not None]
    if names or change.get("state") == "dropped":
        for moment in ended:
            found.note(ALL, moment, at)
    if change.get("outcome") == "not_ours":
        found.note(ALL, task["opened_at"], at)
    if task["due_at"] is not None:
        found.note(POST, task["due_at"], at)


def _of_filings(found: _Since, filed: list[dict]) -> None:
    """Those that were not the first of their matter: the matter counted from another moment before."""
    matters = [event["matter_id"] for event in filed]
    for at in range(0, len(matters), BATCH):
        rows = Task.objects.filter(matter__in=matters[at : at + BATCH], node="file", outcome="file")
        again = rows.order_by().values("matter").annotate(n=Count("pk")).filter(n__gt=1)
        several = set(again.values_list("matter", flat=True))
        for event in filed:
            if event["matter_id"] in several:
                found.note(ALL, event["matter__opened_at"], event["at"])


def _tasks(wanted: Iterable[UUID]) -> dict[UUID, dict]:
    ids, found = list(dict.fromkeys(wanted)), {}
    for at in range(0, len(ids), BATCH):
        rows = Task.objects.filter(pk__in=ids[at : at + BATCH])
        found |= {row["id"]: row for row in rows.values("id", "opened_at", "due_at", "done_at")}
    return found


def _mark(found: Concerned, now: datetime) -> None:
    """Tables of periods that end after these moments and have ended; those that go on are renewed anyway."""
    ended = RateTable.objects.filter(last__lt=now.astimezone(store.ZONE).date())
    for which, since in found.items():
        rows = ended.filter(last__gte=since.astimezone(store.ZONE).date())
        if which == UNIT:
            rows = rows.filter(~Q(scope="") | Q(by=UNIT))
        elif which == POST:
            rows = rows.filter(by=POST)
        rows.update(changes=F("changes") + 1)


# Events


def _events(which: Q) -> list[dict]:
    names = "id", "at", "action", "body", "matter_id", "matter__opened_at", "matter__filed_at"
    return list(Event.objects.filter(which).order_by("id").values(*names)[: MOST_EVENTS + 1])


def _ids(after: int) -> Iterator[int]:
    return Event.objects.filter(id__gt=after).order_by("id").values_list("id", flat=True).iterator(10_000)


# Numbers that were not there: on PostgreSQL a lower one may be seen after a higher one, when its transaction ends.


def _in_gaps(gaps: list) -> Q:
    found = Q()
    for first, last, _when in gaps:
        found |= Q(id__gte=first, id__lte=last)
    return found


def _left(gaps: list, seen: set[int], now: datetime) -> list:
    """What is still missing of the gaps, without those that will not be filled any more."""
    left = []
    for first, last, when in gaps:
        if now - datetime.fromisoformat(when) > GAP_KEPT:
            continue
        for number in sorted(one for one in seen if first <= one <= last):
            if number > first:
                left.append([first, number - 1, when])
            first = number + 1
        if first <= last:
            left.append([first, last, when])
    return left


def _few(gaps: list) -> list:
    """At most so many; several become one with what lies between, which is then looked at again."""
    gaps = sorted(gaps)
    if len(gaps) <= MOST_GAPS:
        return gaps
    first = gaps[: len(gaps) - MOST_GAPS + 1]
    return [[first[0][0], first[-1][1], max(one[2] for one in first)], *gaps[len(first) :]]
