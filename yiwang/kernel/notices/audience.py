"""Whom a notice concerns: the same rule as for whose a task is, asked from both sides.

`for_actor` is the filter of what a person reads, `people` the people whom a notice concerns; a test holds the two
together.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from yiwang.kernel.access.actors import Actor, HeldPost
from yiwang.kernel.access.models import Holding
from yiwang.kernel.access.policy import DISTRICT_DIGITS, inside
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.registers import queries as registers


def for_actor(actor: Actor) -> Q:
    """The notices that concern this person, as a filter over Notice; what the person did needs no telling."""
    found = Q(user=actor.id)
    for post in dict.fromkeys(actor.posts):
        found |= _of_post(post)
    return found & (Q(by=None) | ~Q(by=actor.id))


def _of_post(post: HeldPost) -> Q:
    own = Q(post=post.kind, user=None, unit__in=["", *sorted(post.unit_tree)])
    if len(post.area) == DISTRICT_DIGITS:
        return own
    return own & Q(area__gte=post.area, area__lte=post.area.ljust(12, "9"))


def concerns(notice: Notice, post: HeldPost) -> bool:
    """Whether a notice without a person concerns the holder of this post."""
    return (
        notice.post == post.kind
        and (not notice.unit or notice.unit in post.unit_tree)
        and inside(notice.area or None, post.area)
    )


def people(notice: Notice, on: date) -> set[int]:
    """The ids of the users whom a notice concerns on that day, who did it left out. One query at most."""
    if notice.user_id is not None:
        return {notice.user_id} - {notice.by}
    rows = Holding.objects.filter(
        Q(until=None) | Q(until__gte=on),
        since__lte=on,
        post__kind=notice.post,
        post__active=True,
        user__is_active=True,
    ).values_list("user_id", "post_id", "post__kind", "post__unit_id", "post__area_id")
    found = {
        user
        for user, code, kind, unit, area in rows
        if concerns(notice, HeldPost(code, kind, unit, registers.unit_tree(unit), area))
    }
    return found - {notice.by}
