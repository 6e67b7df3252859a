"""Who acts: a user through the posts held, a resident, another system by its key, or Yiwang itself.

An actor is a value: it is built once for a request and then asked without the database.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.kernel.access.models import ApiKey, Holding, User
from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers.queries import unit_tree

# How far a grant reaches. A grant that names several reaches only where all of them hold.
SCOPES = frozenset({"district", "area", "unit"})


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post that somebody holds today: its kind says what, its unit and area say where."""

    code: str
    kind: str
    unit: str
    unit_tree: frozenset[str]  # the unit and every unit below it
    area: str  # area code; what begins with it lies inside


@dataclass(frozen=True, slots=True)
class Reach:
    """Where one grant of one held post holds; None means no limit of that sort."""

    kinds: frozenset[str] | None
    area: str | None
    units: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is user, resident, key or system. `reach` maps an action to the places where it is granted."""

    kind: str
    id: int | None = None
    name: str = ""
    posts: tuple[HeldPost, ...] = ()
    reach: Mapping[str, tuple[Reach, ...]] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    matter_id: uuid.UUID | None = None  # of a resident: the matter that was proven to be the resident's own
    channel: str = ""  # of a key: the channel it may report through

    @property
    def label(self) -> str:
        """How the story names the actor: user:12, key:3, resident, system; sheet:ID for a form not sent yet."""
        if self.kind == "sheet":
            return f"{self.kind}:{self.name}"
        return f"{self.kind}:{self.id}" if self.id is not None else self.kind

    @property
    def user_id(self) -> int | None:
        return self.id if self.kind == "user" else None

    @property
    def signed_in(self) -> bool:
        return self.kind == "user"


SYSTEM = Actor("system", name="Yiwang")


def resident(matter_id: uuid.UUID | None = None, name: str = "") -> Actor:
    """A resident; with `matter_id`, one who has shown the secret of that matter. Without it: any visitor."""
    return Actor("resident", name=name, matter_id=matter_id)


def key_actor(key: ApiKey) -> Actor:
    return Actor("key", id=key.pk, name=key.name, channel=key.channel)


def user_actor(user: User, posts: Iterable[HeldPost], post_kinds: Mapping) -> Actor:
    """The actor that `user` is with these posts under the rulebook's `post_kinds`."""
    posts = tuple(posts)
    return Actor("user", id=user.pk, name=user.name, posts=posts, reach=reach_of(posts, post_kinds))


def reach_of(posts: Iterable[HeldPost], post_kinds: Mapping) -> Mapping[str, tuple[Reach, ...]]:
    """Action -> where it is granted. A grant without a scope, or with one unknown here, grants nothing."""
    found: dict[str, dict[Reach, None]] = {}
    for post in posts:
        kind = post_kinds.get(post.kind)
        for grant in kind.grants if kind else ():
            if not grant.scope or not grant.scope <= SCOPES:
                continue
            reach = Reach(
                kinds=grant.kinds,
                area=_area_of(post, grant.scope),
                units=post.unit_tree if "unit" in grant.scope else None,
            )
            for action in grant.actions:
                found.setdefault(action, {})[reach] = None
    return MappingProxyType({action: tuple(reaches) for action, reaches in found.items()})


def _area_of(post: HeldPost, scope: frozenset[str]) -> str | None:
    if "area" in scope:
        return post.area
    return post.area[:6] if "district" in scope else None


def held_on(user_id: int, on: dt.date) -> list[tuple[str, str, str, str]]:
    """(code, kind, unit, area) of the active posts that the user holds on that day, in one query."""
    return list(
        Holding.objects.filter(
            Q(until=None) | Q(until__gte=on), user=user_id, since__lte=on, post__active=True
        )
        .order_by("post_id")
        .distinct()
        .values_list("post_id", "post__kind", "post__unit_id", "post__area_id")
    )


def actor_named(username: str, on: dt.date) -> Actor:
    """The official of that name, for a command that is given in her name. Raises NotFound for nobody, or one who may not sign in."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise NotFound(_("There is no user %(name)s.") % {"name": username}, where="username")
    return actor_for(user, on)


def actor_for(user: User, on: dt.date) -> Actor:
    """The actor that `user` is on that day, in one query while the pack is fresh in memory.

    Raises Problem no_pack when no pack is loaded.
    """
    held = held_on(user.pk, on)
    posts = [HeldPost(code, kind, unit, unit_tree(unit), area) for code, kind, unit, area in held]
    return user_actor(user, posts, rulebook.current().post_kinds)
