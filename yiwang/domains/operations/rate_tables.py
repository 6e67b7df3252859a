"""Tables of the evaluation that were counted once and are kept, so that a year of a million matters is not counted
while somebody waits.

- A table belongs to what is evaluated, the period, the area and the reach of who asks (`rate_reach`).
- Few tasks in the period: it is counted at once, at every look, and not kept. More: the table is asked for, the
  worker counts it, and every later look shows what was counted with the moment it was counted.
- A period that goes on is counted anew when its table is ten minutes old and somebody looked within a day; a period
  that has ended, when something changed it (`rate_changes` says what does). What took long is not counted sooner
  than ten times as long after. Until then the table says that it is older (`Look.stale`).
- A period that ended after its table was counted has changed too: it is counted once more, as it stood at its end.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.domains.operations import evaluation, rate_changes, rate_reach
from yiwang.domains.operations.models import RateTable, Report
from yiwang.domains.operations.periods import Period
from yiwang.domains.operations.rates import Table, table
from yiwang.kernel.errors import Invalid, TooMany
from yiwang.kernel.matters import store
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.matters.queries import bounded

MEANING = 1  # raise it when the counting means something else: what was kept before is counted anew
SMALL = 2_000  # tasks done, matters and reports of a period that are counted while somebody waits
RENEWED = timedelta(minutes=10)
PATIENCE = 10  # times as long as the counting took, before it is done again
LOOKED = timedelta(days=1)  # a table that nobody looked at for so long is not renewed
ASKED_STEP = timedelta(hours=1)  # so exactly is it kept when somebody looked
ANEW = timedelta(
    minutes=1
)  # when a person asks for it: so long after the last time, or twice as long as it took
ABANDONED = timedelta(minutes=30)  # a counting that has not ended by then was killed
FORGOTTEN = timedelta(days=100)
MOST_WAITING = 40
COME_BACK = 30  # seconds


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to show. No `table`: it waits to be counted since `wanted_at`."""

    table: Table | None
    counted_at: datetime | None = None
    live: bool = False  # counted for this look
    stale: bool = False  # older than it should be: it is counted anew as soon as the worker comes to it
    wanted_at: datetime | None = None


def look(
    by: str, period: Period, now: datetime, *, level: str = "subdistrict", actor: Any = None, area: str = ""
) -> Look:
    """The table as it is kept, or counted at once, or none yet; then it is asked for. Raises Invalid, Denied, TooMany."""
    key = _key(by, period, level, actor, area)
    row = RateTable.objects.filter(**key).first()
    if row is None or not row.counted:
        if small(period, now):
            found = evaluation.evaluate(by, period, now, level=level, actor=actor, area=area)
            return Look(found, now, live=True)
        row = _ask(key, row, rate_reach.canonical(actor), now)
        return Look(None, wanted_at=row.wanted_at or row.began_at or now)
    changed, old = _changed(row, period, now), _renewable(row, now)
    stale = changed or (old if now < period.end else not rate_changes.watched(now))
    wants = row.wanted_at is None and old and (changed or now < period.end)
    if wants or now - row.asked_at >= ASKED_STEP:
        with store.one_transaction():
            new = {"asked_at": max(row.asked_at, now)} | ({"wanted_at": now} if wants else {})
            RateTable.objects.filter(pk=row.pk).update(**new)
            row.wanted_at = new.get("wanted_at", row.wanted_at)
    found = table(by, period, row.as_of, _read(row.counted))
    return Look(found, row.counted_at, stale=stale, wanted_at=row.wanted_at)


def anew(
    by: str, period: Period, now: datetime, *, level: str = "subdistrict", actor: Any = None, area: str = ""
) -> None:
    """Has a kept table counted anew soon. Raises TooMany when that was done just now, Denied."""
    row = RateTable.objects.filter(**_key(by, period, level, actor, area)).exclude(counted="").first()
    if row is None or row.wanted_at is not None:
        return
    wait = max(ANEW, timedelta(seconds=2 * row.took)) - (now - row.counted_at)
    if wait > timedelta(0):
        raise TooMany(
            _("This was counted only just now. It can be counted anew in %(seconds)d seconds.")
            % {"seconds": int(wait.total_seconds()) + 1},
            retry_after=int(wait.total_seconds()) + 1,
        )
    with store.one_transaction():
        RateTable.objects.filter(pk=row.pk).update(wanted_at=now, asked_at=now)


def small(period: Period, now: datetime) -> bool:
    """Whether so little happened in the period that it is counted while somebody waits. One query, read no further
    than it takes to know."""
    start, as_of = period.start, min(now, period.end)
    if start >= as_of:
        return True
    links = ("file", *evaluation.CASE_LINKS)
    found = bounded(
        {
            "done": Task.objects.filter(link__in=links, done_at__gte=start, done_at__lt=as_of),
            "due": Task.objects.filter(link__in=links, due_at__gte=start, due_at__lt=as_of),
            "opened": Matter.objects.filter(opened_at__gte=start, opened_at__lt=as_of),
            "closed": Matter.objects.filter(closed_at__gte=start, closed_at__lt=as_of),
            "reports": Report.objects.filter(received_at__gte=start, received_at__lt=as_of),
        },
        SMALL,
    )
    return max(found.values()) <= SMALL


def work(now: datetime) -> int:
    """Counts the table that waits longest, or else renews the oldest that somebody looks at; gives how many. For the
    worker."""
    rate_changes.follow(now)
    row = _next(now)
    if row is None:
        _forget(now)
        return 0
    if not _take(row, now):
        return 1  # another worker was quicker; there may be more
    period = Period(row.first, row.last)
    if now >= period.end:
        rate_changes.follow(now, at_once=True)  # so that what is counted now is not noticed as a change later
    known = RateTable.objects.values_list("changes", flat=True).get(pk=row.pk)
    began, as_of = time.monotonic(), min(now, period.end)
    try:
        found = evaluation.count(
            row.by,
            period,
            as_of,
            level=row.level or "subdistrict",
            actor=rate_reach.actor_of(row.reach),
            area=row.area,
        )
    except BaseException:
        with store.one_transaction():  # it is tried again, but lets the others go first
            RateTable.objects.filter(pk=row.pk).update(began_at=None, wanted_at=now + RENEWED)
        raise
    with store.one_transaction():
        RateTable.objects.filter(pk=row.pk).update(
            counted=_written(found),
            as_of=as_of,
            counted_at=now,
            took=time.monotonic() - began,
            known=known,
            began_at=None,
            wanted_at=None,
        )
    return 1


# Rows


def _key(by: str, period: Period, level: str, actor: Any, area: str) -> dict[str, Any]:
    if by not in evaluation.OBJECTS:
        raise Invalid(_("Evaluated are: %(known)s.") % {"known": ", ".join(evaluation.OBJECTS)}, where="by")
    return {
        "by": by,
        "level": level if by == "area" else "",
        "first": period.first,
        "last": period.last,
        "area": area,
        "scope": rate_reach.name_of(rate_reach.canonical(actor)),
        "meaning": MEANING,
    }


def _ask(key: dict[str, Any], row: RateTable | None, reach: rate_reach.Canonical, now: datetime) -> RateTable:
    """The row of a table that waits to be counted. Raises TooMany while too many wait."""
    if row is not None and (row.wanted_at or row.began_at):
        return row
    if row is None and RateTable.objects.filter(counted="").count() >= MOST_WAITING:
        raise TooMany(
            _("Too many evaluations wait to be counted. Try again in a few minutes."), retry_after=300
        )
    with store.one_transaction():
        found, made = RateTable.objects.get_or_create(
            **key, defaults={"reach": reach, "asked_at": now, "wanted_at": now}
        )
        if not made and not found.counted and not found.wanted_at and not found.began_at:
            found.wanted_at = found.asked_at = now
            found.save(update_fields=["wanted_at", "asked_at"])
    return found


def _changed(row: RateTable, period: Period, now: datetime) -> bool:
    """Whether a period that has ended is kept otherwise than it would be counted now, or may be."""
    return now >= period.end and (row.as_of < period.end or row.changes > row.known)


def _renewable(row: RateTable, now: datetime) -> bool:
    return now - row.counted_at >= max(RENEWED, timedelta(seconds=PATIENCE * row.took))


def _next(now: datetime) -> RateTable | None:
    free = Q(began_at=None) | Q(began_at__lt=now - ABANDONED)
    rows = RateTable.objects.filter(free, meaning=MEANING).defer("counted")
    waiting = rows.filter(wanted_at__lte=now).order_by("wanted_at", "id").first()
    if waiting is not None:
        return waiting
    old = rows.filter(asked_at__gt=now - LOOKED, counted_at__lte=now - RENEWED).order_by("counted_at", "id")
    for row in old:
        period = Period(row.first, row.last)
        if _renewable(row, now) and (now < period.end or _changed(row, period, now)):
            return row
    return None


def _take(row: RateTable, now: datetime) -> bool:
    with store.one_transaction():
        same = RateTable.objects.filter(pk=row.pk, began_at=row.began_at)
        return bool(same.update(began_at=now))


def _forget(now: datetime) -> None:
    """Removes what nobody has looked at for long, and what an older version counted."""
    old = RateTable.objects.filter(~Q(meaning=MEANING) | Q(asked_at__lt=now - FORGOTTEN))
    if old.exists():
        with store.one_transaction():
            old.delete()


# JSON


def _written(found: dict[str, dict[str, Any]]) -> str:
    """As text; what is not there is nought. A mean time is kept to the microsecond, so that nothing is rounded twice."""
    micro = timedelta(microseconds=1)
    rows = {
        key: {
            name: value // micro if isinstance(value, timedelta) else value
            for name, value in row.items()
            if isinstance(value, timedelta) or value
        }
        for key, row in found.items()
    }
    return orjson.dumps(rows).decode()


def _read(text: str) -> dict[str, dict[str, Any]]:
    rows = orjson.loads(text)
    for row in rows.values():
        if "handling_time" in row:
            row["handling_time"] = timedelta(microseconds=row["handling_time"])
    return rows
