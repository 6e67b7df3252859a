"""What a person has not read, and reading it. The count on every page is one query, and stops at a hundred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from yiwang.kernel.access.actors import Actor
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.matters import store
from yiwang.kernel.notices.audience import for_actor
from yiwang.kernel.notices.models import Notice, Reader, Seen
from yiwang.kernel.notices.topics import ALWAYS, TOPICS

KEPT = timedelta(days=30)  # what is older is read, whether it was or not
MOST = 100
PER_PAGE = 50
MAIL = ("none", "each")


@dataclass(frozen=True, slots=True)
class Page:
    """Notices, the newest first; `next`: the id after which the next page begins, '' at the end."""

    rows: list[dict[str, Any]]
    next: str
    newest: int


def reader(actor: Actor) -> Reader:
    """How this person wants to be told; what holds for everybody where nothing was chosen."""
    return Reader.objects.filter(user=actor.id).first() or Reader(user_id=actor.id)


def unread(actor: Actor, now: datetime) -> int:
    """How many notices this person has not read, at most `MOST`. One query, for it stands on every page."""
    own = Reader.objects.filter(user=actor.id)
    rows = _of(actor, Reader(), now).filter(
        pk__gt=Coalesce(Subquery(own.values("read_to")[:1]), 0), seen=False
    )
    found = rows.values_list("topic", Subquery(own.values("muted")[:1]))[: 2 * MOST]
    return min(MOST, sum(topic not in (muted or ()) for topic, muted in found))


def page(actor: Actor, now: datetime, *, after: str = "", topic: str = "") -> Page:
    """The person's notices of the last thirty days. Three queries at most."""
    own = reader(actor)
    rows = _of(actor, own, now)
    if topic in TOPICS:
        rows = rows.filter(topic=topic)
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Invalid(
                _("This page mark is not valid; begin at the first page."), where="after", code="bad_cursor"
            )
        rows = rows.filter(pk__lt=int(after))
    found = list(
        rows.order_by("-pk").values(
            "id",
            "topic",
            "at",
            "data",
            "seen",
            number=F("matter__number"),
            title=F("matter__title"),
            kind=F("matter__kind"),
            pack=F("matter__pack_id"),
        )[: PER_PAGE + 1]
    )
    for row in found:
        row["unread"] = row["id"] > own.read_to and not row["seen"]
    more = len(found) > PER_PAGE
    found = found[:PER_PAGE]
    return Page(found, str(found[-1]["id"]) if more else "", found[0]["id"] if found else 0)


def mark_read(actor: Actor, notice: int, now: datetime) -> None:
    """This one is read. Raises NotFound for one that is not theirs."""
    if not _of(actor, reader(actor), now).filter(pk=notice).exists():
        raise NotFound(_("There is no such notice."))
    with store.one_transaction():
        Seen.objects.bulk_create([Seen(user_id=actor.id, notice_id=notice)], ignore_conflicts=True)


def mark_all_read(actor: Actor, up_to: int) -> None:
    """Everything up to this one is read; what came since the page was shown is not."""
    with store.one_transaction():
        own = reader(actor)
        if up_to > own.read_to:
            newest = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            Reader.objects.update_or_create(user_id=actor.id, defaults={"read_to": min(up_to, newest)})
        Seen.objects.filter(user=actor.id, notice__lte=up_to).delete()


def choose(actor: Actor, *, mail: str, digest: bool, wanted: list[str]) -> Reader:
    """Keeps how this person wants to be told. Raises Invalid."""
    if mail not in MAIL:
        raise Invalid(_("Choose one of the ways."), where="mail")
    muted = [topic for topic in TOPICS if topic not in wanted and topic not in ALWAYS]
    with store.one_transaction():
        row, _made = Reader.objects.update_or_create(
            user_id=actor.id, defaults={"mail": mail, "digest": digest, "muted": muted}
        )
    return row


def _of(actor: Actor, own: Reader, now: datetime) -> QuerySet[Notice]:
    seen = Exists(Seen.objects.filter(user=actor.id, notice=OuterRef("pk")))
    rows = Notice.objects.filter(for_actor(actor), at__gte=now - KEPT).annotate(seen=seen)
    return rows.exclude(topic__in=own.muted) if own.muted else rows
