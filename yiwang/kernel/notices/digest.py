"""每日摘要: one a person a working day, from 08:00: what is overdue, due today and new.

The row of a person and a day is the proof that it was made: made twice it is one, and after the machine was down it
is made for the day on which it runs, never for one that has gone. Domains add what their posts wait for (`add`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, Q

from yiwang.core.worktime import Calendar
from yiwang.kernel.access.actors import Actor, actor_for
from yiwang.kernel.access.models import User
from yiwang.kernel.access.policy import tasks_filter
from yiwang.kernel.matters import store
from yiwang.kernel.matters.models import Task
from yiwang.kernel.matters.outbox import FIRST_WAIT, TRIES
from yiwang.kernel.notices import telling
from yiwang.kernel.notices.models import Digest, Reader
from yiwang.kernel.registers.calendars import current_calendar

HOUR = time(8, 0)
Part = Callable[[Actor, datetime], dict[str, int]]
Send = Callable[[User, Digest], None]
_parts: list[Part] = []


def add(part: Part) -> None:
    """A domain's own counts for a person: names of `topics.digest_line` with how many."""
    if part not in _parts:
        _parts.append(part)


def day_of(now: datetime, calendar: Calendar) -> date | None:
    """The day whose digest is to be made at this moment; None before eight and on days off."""
    local = now.astimezone(store.ZONE)
    if local.time() < HOUR or not calendar.day(local.date()).working:
        return None
    return local.date()


def make(now: datetime, at_most: int = 50) -> int:
    """Makes the day's digests that are not there yet, `at_most` at a time; gives how many."""
    calendar = current_calendar()
    day = day_of(now, calendar)
    if day is None:
        return 0
    made = Digest.objects.filter(day=day).values("user_id")
    people = User.objects.filter(is_active=True).filter(
        Q(holdings__until=None) | Q(holdings__until__gte=day),
        holdings__since__lte=day,
        holdings__post__active=True,
    )
    waiting = people.exclude(pk__in=made).order_by("pk").distinct()[:at_most]
    since = datetime.combine(_before(day, calendar), HOUR, store.ZONE)
    return sum(_make(user, day, since, now) for user in waiting)


def _before(day: date, calendar: Calendar) -> date:
    """The working day before: what came since its digest is new."""
    found = day - timedelta(days=1)
    for _step in range(30):
        if calendar.day(found).working:
            break
        found -= timedelta(days=1)
    return found


def _make(user: User, day: date, since: datetime, now: datetime) -> int:
    actor = actor_for(user, day)
    counts = counts_of(actor, day, since, now)
    reader = Reader.objects.filter(user=user.pk).first() or Reader(user=user)
    mailed = bool("mail" in settings.NOTIFIERS and user.email and reader.digest and any(counts.values()))
    with store.one_transaction():
        if Digest.objects.select_for_update().filter(user=user, day=day).exists():
            return 0  # another worker was faster
        Digest.objects.create(
            user=user,
            day=day,
            made_at=now,
            counts=counts,
            state="waiting" if mailed else "",
            next_at=now if mailed else None,
        )
        if any(counts.values()):
            telling.tell("digest", key=f"digest:{user.pk}:{day}", now=now, user=user.pk, **counts)
    return 1


def counts_of(actor: Actor, day: date, since: datetime, now: datetime) -> dict[str, int]:
    """overdue, today (still to come), new: of the open tasks of this person; and what domains add. One query and theirs."""
    tomorrow = datetime.combine(day + timedelta(days=1), time(), store.ZONE)
    mine = Q(assignee=None) | Q(assignee=actor.id)
    counts = Task.objects.filter(tasks_filter(actor), mine, state="open").aggregate(
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=tomorrow)),
        new=Count("pk", filter=Q(opened_at__gte=since)),
    )
    for part in _parts:
        counts |= part(actor, now)
    return counts


def deliver(now: datetime, send: Send, at_most: int = 50) -> tuple[int, int]:
    """Sends the digests whose mail waits; gives (sent, failed). A day that has gone is not sent any more."""
    sent = failed = 0
    today = now.astimezone(store.ZONE).date()
    waiting = Digest.objects.filter(state="waiting", next_at__lte=now).order_by("next_at", "pk")
    for row in list(waiting.select_related("user")[:at_most]):
        try:
            if row.day != today:
                raise TimeoutError("the day has gone")
            send(row.user, row)
            row.state, row.reason = "sent", ""
            sent += 1
        except Exception as error:  # noqa: BLE001 - any failure of a mail server is kept with its reason
            row.attempts += 1
            row.reason = f"{type(error).__name__}: {error}"[:300]
            row.state = "failed" if row.day != today or row.attempts >= TRIES else "waiting"
            row.next_at = now + FIRST_WAIT * 2 ** (row.attempts - 1)
            failed += 1
        with store.one_transaction():
            row.save(update_fields=["state", "attempts", "next_at", "reason"])
    return sent, failed
