"""Officials for tests: a user who holds posts of the loaded pack, as the actor that actions take."""

from __future__ import annotations

from datetime import date

from yiwang.kernel.access.actors import Actor, actor_for
from yiwang.kernel.access.models import Holding, User


def user(*posts: str, name: str = "", username: str = "", password: str | None = None) -> User:
    """A user who holds these posts (codes of posts_held.yaml) since 2026-01-01."""
    username = username or "-".join(posts)
    found = User.objects.filter(username=username).first()
    if found:
        return found
    made = User.objects.create_user(username, password, name=name or username)
    Holding.objects.bulk_create([Holding(user=made, post_id=post, since=date(2026, 1, 1)) for post in posts])
    return made


def person(*posts: str, name: str = "", on: date = date(2026, 9, 1)) -> Actor:
    return actor_for(user(*posts, name=name), on)
