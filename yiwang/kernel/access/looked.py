"""Who looked at sealed values of somebody: for the person concerned, who has a right to know (查询留痕)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from django.utils.translation import pgettext

from yiwang.kernel.access.models import Holding, PurposeLog

ZONE = timezone(timedelta(hours=8))
MOST = 100


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when, which fields, by whom (unit and post, never the name of a person), and what for."""

    at: datetime
    fields: tuple[str, ...]
    who: str
    purpose: str


def looks_at(subject_kind: str, subject_id: object, english: bool = False, most: int = MOST) -> list[Look]:
    """Who looked at values of this subject, the newest first; fields seen at one moment are one look. Two queries."""
    rows = PurposeLog.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by(
        "-at", "-pk"
    )
    found: dict[tuple, list[str]] = {}
    for at, user, field, purpose in rows.values_list("at", "user_id", "field", "purpose")[:most]:
        found.setdefault((at, user, purpose), []).append(field)
    who = holders([(user, at) for at, user, _purpose in found], english)
    return [
        Look(at, tuple(sorted(fields)), name, purpose)
        for ((at, _user, purpose), fields), name in zip(found.items(), who, strict=True)
    ]


def holders(moments: Iterable[tuple[int | None, datetime]], english: bool = False) -> list[str]:
    """For each user and moment the unit and post that the user held then; '' for nobody or none. One query."""
    moments = list(moments)
    held = _posts({user for user, _at in moments if user is not None}, english)
    return [_who(held.get(user, ()), at) for user, at in moments]


def _posts(users: set[int], english: bool) -> dict[int, list[tuple]]:
    """(since, until, unit and post) of each user."""
    found: dict[int, list[tuple]] = {}
    if not users:
        return found
    rows = Holding.objects.filter(user__in=users).order_by("post_id")
    columns = (
        "user_id",
        "since",
        "until",
        "post__name",
        "post__name_en",
        "post__unit__name",
        "post__unit__name_en",
    )
    for user, since, until, post, post_en, unit, unit_en in rows.values_list(*columns):
        names = ((unit_en or unit), (post_en or post)) if english else (unit, post)
        # Most posts are named after their unit; then the unit is not said twice.
        name = names[1] if names[1].startswith(names[0]) else " ".join(names)
        found.setdefault(user, []).append((since, until, name))
    return found


def _who(posts: list[tuple] | tuple, at: datetime) -> str:
    on = at.astimezone(ZONE).date()
    names = [name for since, until, name in posts if since <= on and (until is None or until >= on)]
    return pgettext("between names in a list", ", ").join(dict.fromkeys(names))
