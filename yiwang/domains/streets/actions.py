"""What happens to a patrol: its track arrives in pieces, each taken once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.domains.streets.models import Patrol, TrackPiece
from yiwang.domains.streets.track import Fix, believed, length_m
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotSignedIn
from yiwang.kernel.matters.store import one_transaction

MOST_FIXES = 2000  # in one piece
MOST_PIECES = 500  # of one patrol
LONGEST = timedelta(hours=24)


def walk(
    *,
    actor: Actor,
    id: UUID,
    post: str,
    began_at: datetime,
    first: int,
    fixes: Sequence[Fix],
    now: datetime,
    ended_at: datetime | None = None,
) -> Patrol:
    """Takes the next piece of a patrol (巡查); the first one begins it, one with `ended_at` ends it.

    `first`: how many positions were sent before; a piece that is there already changes nothing. The length is computed
    from all pieces. Raises NotSignedIn, Denied (another's patrol, a post that is not held), Invalid, Conflict.
    """
    if not actor.signed_in:
        raise NotSignedIn(_("Sign in first."))
    _check(began_at, fixes, ended_at, now)
    with one_transaction():
        patrol = Patrol.objects.select_for_update(of=("self",)).filter(pk=id).first()
        if patrol is None:
            if post not in {held.code for held in actor.posts}:
                raise Denied(_("You do not hold this post today."), code="not_the_post")
            patrol = Patrol.objects.create(
                id=id, user_id=actor.id, post_id=post, began_at=began_at, received_at=now
            )
        elif patrol.user_id != actor.id:
            raise Denied(_("This is another person's patrol."), code="not_own")
        _add(patrol, first, fixes, now)
        if ended_at:
            patrol.ended_at = ended_at
        patrol.save(update_fields=["ended_at", "length_m", "points"])
    return patrol


def _check(began_at: datetime, fixes: Sequence[Fix], ended_at: datetime | None, now: datetime) -> None:
    if len(fixes) > MOST_FIXES:
        raise Invalid(
            _("A piece of a track has at most %(most)d positions.") % {"most": MOST_FIXES}, where="fixes"
        )
    last = ended_at or began_at
    if began_at > now + timedelta(minutes=5) or last < began_at or last - began_at > LONGEST:
        raise Invalid(_("The times of this patrol cannot be true."), where="began_at", code="bad_time")
    for number, fix in enumerate(fixes):
        at = datetime.fromtimestamp(fix.t, UTC)
        if not began_at - timedelta(minutes=5) <= at <= began_at + LONGEST:
            raise Invalid(
                _("Position %(number)d of the track lies outside the patrol's time.")
                % {"number": number + 1},
                where=f"fixes[{number}]",
                code="bad_time",
            )


def _add(patrol: Patrol, first: int, fixes: Sequence[Fix], now: datetime) -> None:
    """Keeps the piece and computes the patrol anew from all of them: they may come late."""
    pieces = dict(patrol.pieces.order_by("first").values_list("first", "fixes"))
    new = [list(fix) for fix in fixes]
    if first in pieces and pieces[first] != new:
        raise Conflict(
            _("This piece of the track was sent before with other positions."), code="other_content"
        )
    if fixes and first not in pieces:
        if len(pieces) >= MOST_PIECES:
            raise Invalid(_("This patrol has too many pieces. Begin a new one."), code="too_long")
        TrackPiece.objects.create(patrol=patrol, first=first, fixes=new, received_at=now)
        pieces[first] = new
    line = believed(line_of(pieces))
    patrol.points, patrol.length_m = len(line), round(length_m(line), 1)


def line_of(pieces: dict[int, list]) -> list[Fix]:
    """All positions of the pieces in the order in which they were taken."""
    return [Fix(*fix) for first in sorted(pieces) for fix in pieces[first]]
