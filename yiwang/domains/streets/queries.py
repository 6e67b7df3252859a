"""What people can see of patrols: each their own."""

from __future__ import annotations

from yiwang.domains.streets.models import Patrol
from yiwang.kernel.access.actors import Actor

LATEST = 20


def own(actor: Actor) -> list[dict]:
    """The person's latest patrols, the newest first: id, post, began_at, ended_at, length_m, points."""
    rows = Patrol.objects.filter(user=actor.id).order_by("-began_at", "-pk")
    return list(rows.values("id", "post_id", "began_at", "ended_at", "length_m", "points")[:LATEST])
