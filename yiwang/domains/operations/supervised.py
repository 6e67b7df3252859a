"""The lists of those above: chases that run, requests that wait, what hangs. Keyset pages, no query for a row."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from yiwang.domains.operations.models import Chase, Request
from yiwang.domains.operations.supervision import DECIDES
from yiwang.kernel.access.policy import matters_filter
from yiwang.kernel.matters.models import Pause
from yiwang.kernel.matters.pages import Page, read_cursor, write_cursor

ROWS = 50
MOST = 1000  # a count stops there

_MATTER = {
    "number": F("matter__number"),
    "title": F("matter__title"),
    "link": F("matter__link"),
    "state_now": F("matter__state"),
    "due_at": F("matter__due_at"),
    "held": F("matter__held"),
    "area": F("matter__area_id"),
    "matter_unit": F("matter__unit_id"),
}
_CHASE = ("id", "note", "reply_by", "chased_at", "reply", "replied_at", "unit_id")
_REQUEST = (
    "id",
    "kind",
    "limit",
    "review_on",
    "note",
    "state",
    "asked_by_id",
    "asked_at",
    "decided_at",
    "opinion",
)


def chases(actor: Any, *, unit: str = "", after: str = "", limit: int = ROWS) -> Page:
    """Chases without a reply in open matters that the person may see: the longest overdue first. One query."""
    rows = _running(actor)
    rows = rows.filter(unit=unit) if unit else rows
    cursor = read_cursor(after, dated=True)
    if cursor:
        rows = rows.filter(reply_by__gte=cursor[0]).exclude(reply_by=cursor[0], id__lte=cursor[1])
    found = list(
        rows.order_by("reply_by", "id").values(*_CHASE, chased_by_name=F("chased_by__name"), **_MATTER)[
            : limit + 1
        ]
    )
    return _page(found, limit, "reply_by")


def replied(actor: Any, limit: int = ROWS) -> list[dict]:
    """The chases that were replied to last, in matters that the person may see."""
    rows = Chase.objects.filter(_seen(actor, "see"), replied_at__isnull=False)
    return list(
        rows.order_by("-replied_at", "-id").values(
            *_CHASE, chased_by_name=F("chased_by__name"), replied_by_name=F("replied_by__name"), **_MATTER
        )[:limit]
    )


def to_decide(actor: Any, limit: int = 200) -> list[dict]:
    """Requests that wait for a decision of this person, the oldest first. One query."""
    return _requests(_waiting(actor).order_by("asked_at", "id"), limit)


def asked(actor: Any, limit: int = ROWS) -> list[dict]:
    """What was asked in matters that the person may see, decided or not, the newest first."""
    rows = Request.objects.filter(_seen(actor, "see"))
    return _requests(rows.order_by("-asked_at", "-id"), limit)


def hanging(actor: Any, *, after: str = "", limit: int = ROWS) -> Page:
    """What hangs, in matters that the person may see: what is to be looked at first, first. One query."""
    rows = Request.objects.filter(_seen(actor, "see"), kind="hang_up", state="approved", matter__state="open")
    rows = rows.filter(Exists(Pause.objects.filter(pk=OuterRef("pause_id"), end=None)))
    cursor = read_cursor(after, dated=True)
    if cursor:
        day = cursor[0].date()
        rows = rows.filter(review_on__gte=day).exclude(review_on=day, id__lte=cursor[1])
    found = _requests(rows.order_by("review_on", "id"), limit + 1)
    return _page(found, limit, "review_on")


def of_matter(matter: UUID) -> tuple[list[dict], list[dict]]:
    """The chases and the requests of a matter, in order. Two queries."""
    chased = Chase.objects.filter(matter=matter).order_by("chased_at", "id")
    return (
        list(
            chased.values(*_CHASE, chased_by_name=F("chased_by__name"), replied_by_name=F("replied_by__name"))
        ),
        _requests(Request.objects.filter(matter=matter).order_by("asked_at", "id"), 100),
    )


def counts(actor: Any, now: datetime) -> dict[str, int]:
    """For the digest of those above: chases without a reply in time, requests to decide; nothing for others."""
    found = {}
    if "chase" in actor.reach:
        late = _running(actor).filter(reply_by__lt=now)
        found["chases"] = _count(late)
    if set(DECIDES.values()) & actor.reach.keys():
        found["requests"] = _count(_waiting(actor))
    return found


def _running(actor: Any) -> QuerySet[Chase]:
    return Chase.objects.filter(_seen(actor, "see"), replied_at=None, matter__state="open")


def _waiting(actor: Any) -> QuerySet[Request]:
    own = Q(pk__in=[])
    for kind, action in DECIDES.items():
        if action in actor.reach or actor.kind == "system":
            own |= Q(_seen(actor, action), kind=kind, matter__state="open")
    return Request.objects.filter(own, state="asked").exclude(asked_by=actor.id)


def _seen(actor: Any, action: str) -> Q:
    """Rows of matters on which the person may do this: through the row's own matter, so that few rows stay few."""
    return matters_filter(actor, action, of="matter__")


def _requests(rows: QuerySet[Request], limit: int) -> list[dict]:
    names = {"asked_by_name": F("asked_by__name"), "decided_by_name": F("decided_by__name")}
    return list(rows.values(*_REQUEST, **names, **_MATTER)[:limit])


def _page(found: list[dict], limit: int, order: str) -> Page:
    if len(found) <= limit:
        return Page(found, "")
    last = found[limit - 1]
    return Page(found[:limit], write_cursor(_moment(last[order]), last["id"]))


def _moment(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)


def _count(rows: QuerySet) -> int:
    return len(rows.values_list("pk", flat=True)[:MOST])
