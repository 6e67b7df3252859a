"""The public counts: past days are kept as rows by the worker, today is counted when somebody looks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.cache import cache

from yiwang.domains.operations import public
from yiwang.domains.operations.public import Counts
from yiwang.faces.portal.models import CountedDay
from yiwang.kernel.matters import store
from yiwang.kernel.packs.rulebook import current

SECONDS = 60  # that the public figures are kept
MISSING_SECONDS = 600  # that a past day is kept which the worker has not counted yet
AT_ONCE = 4  # days that one run of the worker counts
STILL_MOVING = 3  # days back; older days change slowly
FRESH, OLD = timedelta(minutes=10), timedelta(hours=6)


def counts(now: datetime, english: bool = False) -> dict[int, Counts]:
    """The counts of each window of days (7 and 30), at most a minute old."""
    return _counts(now, english, wait=True)


def ready_counts(now: datetime, english: bool = False) -> dict[int, Counts] | None:
    """As `counts`, or None while the worker has not counted the past days: for a page that must not wait."""
    return _counts(now, english, wait=False)


def _counts(now: datetime, english: bool, wait: bool) -> dict[int, Counts] | None:
    key = f"portal.counts.{english}.{current().digest}.{public.today(now)}"
    found = cache.get(key)
    if found is None and (wait or not cache.get(key + ".missing")):
        days = _days(now, wait)
        if days is None:
            cache.set(key + ".missing", True, SECONDS)
            return None
        found = {window: public.add_up(days, now, window, english) for window in public.WINDOWS}
        cache.set(key, found, SECONDS)
    return found


def _days(now: datetime, wait: bool) -> dict[date, dict] | None:
    newest, *past = public.last_days(now)
    kept = dict(CountedDay.objects.filter(day__in=past).values_list("day", "body"))
    missing = [day for day in past if day not in kept]
    if missing and not wait:
        return None
    boundary = public.last_days(now)[min(public.WINDOWS) - 1]
    for first, last in runs(missing, boundary):
        kept[last] = _missing(first, last, now)
    return kept | {newest: public.day_counts(newest, now)}


def runs(days: list[date], boundary: date) -> list[tuple[date, date]]:
    """Days, the newest first, as (first, last) of those that follow one another; none goes over `boundary`."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and found[-1][0] == day + timedelta(days=1) and found[-1][0] != boundary:
            found[-1] = (day, found[-1][1])
        else:
            found.append((day, day))
    return found


def _missing(first: date, last: date, now: datetime) -> dict:
    """Past days that the worker has not counted: counted here as one, and not again for ten minutes."""
    key = f"portal.days.{current().digest}.{first}.{last}"
    found = cache.get(key)
    if found is None:
        found = public.day_counts(first, now, last)
        cache.set(key, found, MISSING_SECONDS)
    return found


def refresh(now: datetime, at_most: int = AT_ONCE) -> int:
    """Counts again the past days whose counts are old, the newest first; gives how many. The worker calls it."""
    past = public.last_days(now)[1:]
    known = dict(CountedDay.objects.filter(day__in=past).values_list("day", "counted_at"))
    stale = [day for day in past if day not in known or known[day] < now - _keeps(day, now)]
    for day in stale[:at_most]:
        body = public.day_counts(day, now)
        with store.one_transaction():
            CountedDay.objects.update_or_create(day=day, defaults={"body": body, "counted_at": now})
    if stale:
        with store.one_transaction():
            CountedDay.objects.filter(day__lt=past[-1]).delete()
    return len(stale[:at_most])


def _keeps(day: date, now: datetime) -> timedelta:
    return FRESH if (public.today(now) - day).days <= STILL_MOVING else OLD
