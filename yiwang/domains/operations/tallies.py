"""Tallies: how many matters came, were closed, passed a link, were handled in time, by hour or day and area.

The wall's history is summed from them, so that it does not read a million matters. `follow` keeps them right: it
counts the last hours anew, and every hour and day that a later change touched; `rebuild` counts all anew. Counting
an hour replaces its rows, so doing it twice changes nothing. What is counted, and how far back:

what       by                key            days kept
opened     hour, all areas   -              70
class      hour, district    standard|code  70      also by sub-district; a community's few are read from its matters
entered    hour, all areas   link           2       tasks that began
left       hour, all areas   link           2       tasks that were done
closed     hour, all areas   -              2
duty       day, all areas    unit           35      handling to be judged, as `evaluation` defines it
on_time    day, all areas    unit           35
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

import orjson
from django.db import connection
from django.db.models import Max, Min, Q

from yiwang.domains.operations.evaluation import (
    CASE_LINKS,
    KIND,
    done_in_time,
    exempt,
    fell_due,
    given_back_in_time,
)
from yiwang.domains.operations.models import Appeal, Tally, TallyState
from yiwang.kernel.matters import store
from yiwang.kernel.matters.models import Event, Matter, Task
from yiwang.kernel.matters.store import ZONE
from yiwang.kernel.packs.rulebook import current

HISTORY, FLOW, DUTIES = 70, 2, 35  # days kept
LAST_HOURS = 2  # counted anew each time
# Events looked at again: on PostgreSQL a lower id may be seen after a higher one, so many behind, so long after.
OVERLAP, LATE = 200, timedelta(minutes=10)
MOST_EVENTS = 20_000  # more since the last time: counting all anew is quicker
MOST_DAYS = 5  # past days counted anew at one time; the rest waits for the next
LEVELS = (6, 9, 12)  # digits of the code of a district, sub-district, community
CLASS_LEVELS = (6, 9)
LINKS = ("file", *CASE_LINKS)
HOURLY, DAILY = ("opened", "class"), ("duty", "on_time")
PASSING = ("entered", "left", "closed")
BLOCK = 6  # hours that are counted anew in one transaction
ROWS = 2000  # written by one statement

Counts = Counter[tuple[str, str, int, str]]  # (area, what, hour, key) -> how many
Progress = Callable[[int, int], None]  # days done, days in all


def hour_of(moment: datetime) -> int:
    """Whole hours since 1970 in UTC."""
    return int(moment.timestamp()) // 3600


def moment_of(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * 3600, UTC)


def first_hour(day: date) -> int:
    """The hour in which a day of the district begins."""
    return hour_of(datetime.combine(day, time(), ZONE))


def day_of(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def key_of_class(standard: str, code: str) -> str:
    return f"{standard}|{code}" if code else ""


def state() -> TallyState | None:
    """How far the tallies have come; None until they were made once to the end."""
    row = TallyState.objects.first()
    return row if row is not None and hour_of(row.at) > row.since else None


def follow(now: datetime) -> int:
    """Brings the tallies up to `now`; gives how many hours and days were counted. The first time: all of them."""
    kept = state()
    if kept is None or hour_of(now) - hour_of(kept.at) > 24:
        return rebuild(now)
    events = _events(kept.event, kept.at - LATE)
    if len(events) > MOST_EVENTS:
        return rebuild(now)
    touched = _touched(events, now)
    days = {*kept.days, *touched.days, *_granted(kept.at)}
    first = min(hour_of(kept.at), hour_of(now)) - LAST_HOURS + 1
    hours = {*range(first, hour_of(now) + 1), *touched.hours}
    for begin, end in _runs(hours):
        _replace(HOURLY, begin, end, lambda b=begin, e=end: _opened(b, e))
    passing = first_hour(day_of(now)) if touched.reopened else first
    _replace(PASSING, min(passing, first), hour_of(now), lambda: _passed(min(passing, first), hour_of(now)))
    today = first_hour(day_of(now))
    past = sorted((day for day in days if today - 24 * DUTIES <= day < today), reverse=True)
    # The day before is judged whole once the new one has begun.
    again = [today, *([today - 24] if first_hour(day_of(kept.at)) < today else []), *past[:MOST_DAYS]]
    for day in dict.fromkeys(again):
        _replace(DAILY, day, day, lambda d=day: _duties(d, now))
    _forget(now)
    with _alone() as row:
        row.at, row.event = now, max([kept.event, *(event["id"] for event in events)])
        row.days = past[MOST_DAYS:]
        row.save()
    return len(hours) + len(again)


def rebuild(now: datetime, progress: Progress | None = None) -> int:
    """Counts everything anew, a day at a time; gives how many days. The old tallies serve until each is replaced."""
    current()  # no pack: refused before anything is touched
    event = Event.objects.aggregate(last=Max("id"))["last"] or 0
    today = day_of(now)
    first_matter = Matter.objects.filter(kind=KIND).aggregate(first=Min("opened_at"))["first"] or now
    since = max(day_of(first_matter), today - timedelta(days=HISTORY))
    with store.one_transaction():
        known = TallyState.objects.select_for_update().first()
        row = known or TallyState(at=datetime.combine(since, time(), ZONE))
        row.since = first_hour(since)
        row.save()
        Tally.objects.filter(hour__lt=row.since).delete()
    days = [since + timedelta(days=n) for n in range((today - since).days + 1)]
    for done, day in enumerate(days, 1):
        begin, end = first_hour(day), min(first_hour(day) + 23, hour_of(now))
        for first in range(begin, end + 1, BLOCK):  # short transactions: others write between them
            last = min(first + BLOCK - 1, end)
            _replace(HOURLY, first, last, lambda b=first, e=last: _opened(b, e))
        if (today - day).days < DUTIES:
            _replace(DAILY, begin, begin, lambda b=begin: _duties(b, now))
        if (today - day).days < FLOW:
            _replace(PASSING, begin, end, lambda b=begin, e=end: _passed(b, e))
        if progress:
            progress(done, len(days))
    _forget(now)
    with _alone() as row:
        row.at, row.event, row.days = now, event, []
        row.save()
    return len(days)


# What later changes touched


class _Touched:
    def __init__(self) -> None:
        self.hours: set[int] = set()
        self.days: set[int] = set()
        self.reopened = False


def _events(after: int, late: datetime) -> list[dict]:
    new = Q(id__gt=after) | Q(id__gt=after - OVERLAP, at__gte=late)
    rows = Event.objects.filter(new, id__gt=after - OVERLAP).order_by("id")
    return list(rows.values("id", "action", "body", "matter__opened_at")[: MOST_EVENTS + 1])


def _touched(events: Iterable[dict], now: datetime) -> _Touched:
    found, today = _Touched(), first_hour(day_of(now))
    oldest = today - 24 * DUTIES
    for event in events:
        body, opened = orjson.loads(event["body"]), event["matter__opened_at"]
        changed = body.get("set", {})
        if event["action"] == "open" or not changed.keys().isdisjoint(("area", "class_code", "standard")):
            found.hours.add(hour_of(opened))
        if "closed_at" in changed and changed["closed_at"] is None:
            found.reopened = True
        for task in body.get("open", ()):
            if task.get("due_at"):
                found.days.add(first_hour(day_of(datetime.fromisoformat(task["due_at"]))))
        if any(_moved(task) for task in body.get("tasks", ())):
            # Where the task was counted before is not in the event: on some day since the matter was opened.
            found.days.update(range(max(oldest, first_hour(day_of(opened))), today, 24))
    found.hours = {hour for hour in found.hours if hour <= hour_of(now)}
    return found


def _moved(task: dict) -> bool:
    return not task.keys().isdisjoint(("due_at", "unit", "area")) or task.get("state") == "dropped"


def _granted(since: datetime) -> set[int]:
    """The days of tasks whose appeal was granted since then."""
    rows = Appeal.objects.filter(state="granted", second_at__gte=since - LATE)
    return {first_hour(day_of(due)) for due in rows.values_list("task__due_at", flat=True) if due}


def _runs(hours: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Hours as (first, last) of at most a day without gaps."""
    begin = end = None
    for hour in sorted(hours):
        if begin is not None and hour == end + 1 and hour - begin < 24:
            end = hour
            continue
        if begin is not None:
            yield begin, end
        begin = end = hour
    if begin is not None:
        yield begin, end


# Counting


def _opened(begin: int, end: int) -> Counts:
    rows = Matter.objects.filter(kind=KIND, opened_at__gte=moment_of(begin), opened_at__lt=moment_of(end + 1))
    found: Counts = Counter()
    for area, home, moment, standard, code in rows.values_list(
        "area_id", "district", "opened_at", "standard", "class_code"
    ).iterator(chunk_size=5000):
        hour, key = hour_of(moment), key_of_class(standard, code)
        for digits in LEVELS:
            place = (area or home)[:digits]
            if len(place) == digits:
                found[place, "opened", hour, ""] += 1
                if digits in CLASS_LEVELS:
                    found[place, "class", hour, key] += 1
    return found


def _passed(begin: int, end: int) -> Counts:
    """Tasks that began and that were done, matters that were closed, by hour."""
    first, after = moment_of(begin), moment_of(end + 1)
    found: Counts = Counter()
    # By link, since the index of done tasks begins with it.
    ended = Task.objects.filter(kind=KIND, link__in=LINKS, done_at__gte=first)
    for area, link, state_, opened, done in ended.values_list(
        "area_id", "link", "state", "opened_at", "done_at"
    ).iterator(chunk_size=5000):
        if state_ == "done" and done < after:
            _add(found, area, "left", hour_of(done), link)
        if first <= opened < after:
            _add(found, area, "entered", hour_of(opened), link)
    running = Task.objects.filter(kind=KIND, state="open", opened_at__gte=first, opened_at__lt=after)
    for area, link, opened in running.values_list("area_id", "link", "opened_at"):
        _add(found, area, "entered", hour_of(opened), link)
    # The state is looked at here: asked for in SQL, it would lure the database to the index of states.
    ended_matters = Matter.objects.filter(kind=KIND, closed_at__gte=first, closed_at__lt=after)
    for area, state_, at in ended_matters.values_list("area_id", "state", "closed_at"):
        if state_ == "closed":
            _add(found, area, "closed", hour_of(at), "")
    return found


def _duties(day: int, now: datetime) -> Counts:
    """Handling that was done in time on that day, or fell due; never beyond `now`. See `evaluation`."""
    start = moment_of(day)
    as_of = min(now, moment_of(day + 24))
    tasks = Task.objects.filter(kind=KIND, link="handle").exclude(state="dropped")
    tasks = tasks.annotate(exempt_=exempt()).filter(exempt_=False)
    in_time = done_in_time(start, as_of)
    found: Counts = Counter()
    for area, unit in (
        tasks.filter(in_time).exclude(given_back_in_time(in_time)).values_list("area_id", "unit_id")
    ):
        _add(found, area, "duty", day, unit or "")
        _add(found, area, "on_time", day, unit or "")
    for area, unit in tasks.filter(fell_due(start, as_of)).values_list("area_id", "unit_id"):
        _add(found, area, "duty", day, unit or "")
    return found


def _add(found: Counts, area: str | None, what: str, hour: int, key: str) -> None:
    area = area or current().district
    for digits in LEVELS:
        if len(area) >= digits:
            found[area[:digits], what, hour, key] += 1


# Writing


@contextmanager
def _alone() -> Iterator[TallyState]:
    """One transaction that holds the state: nobody else counts meanwhile."""
    with store.one_transaction():
        yield TallyState.objects.select_for_update().get()


def _replace(what: tuple[str, ...], begin: int, end: int, count: Callable[[], Counts]) -> None:
    """Puts counts in the place of what stood for these hours; only what is different is written."""
    # On SQLite this process alone counts, and its lock stops every writer: so the counting comes before it.
    counted = count() if connection.vendor == "sqlite" else None
    with _alone():
        new = count() if counted is None else counted
        old = Tally.objects.filter(hour__gte=begin, hour__lte=end, what__in=what)
        gone = []
        for row in old.values_list("id", "area", "what", "hour", "key", "count").iterator(chunk_size=5000):
            if new.get(row[1:5]) == row[5]:
                del new[row[1:5]]
            else:
                gone.append(row[0])
        for at in range(0, len(gone), 500):
            Tally.objects.filter(id__in=gone[at : at + 500]).delete()
        rows = [
            Tally(area=area, what=kind, hour=hour, key=key, count=number)
            for (area, kind, hour, key), number in sorted(new.items())
        ]
        Tally.objects.bulk_create(rows, batch_size=ROWS)


def _forget(now: datetime) -> None:
    today = day_of(now)
    for what, days in ((HOURLY, HISTORY), (DAILY, DUTIES), (PASSING, FLOW)):
        oldest = first_hour(today - timedelta(days=days))
        with _alone() as row:
            Tally.objects.filter(hour__lt=oldest, what__in=what).delete()
            if what == HOURLY and row.since < oldest:
                row.since = oldest
                row.save(update_fields=["since"])
