"""Users and the posts they hold: what the administrator does on the command line."""

from __future__ import annotations

import datetime as dt
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from yiwang.kernel.access import tokens
from yiwang.kernel.access.models import Holding, User
from yiwang.kernel.access.signin import LONGEST_NAME, LONGEST_PASSWORD, clean_username
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.registers.models import Post


def find_user(username: str) -> User:
    """Raises NotFound."""
    user = User.objects.filter(username=clean_username(username)).first()
    if user is None:
        raise NotFound(_("There is no user %(name)s.") % {"name": username}, where="username")
    return user


def find_post(code: str) -> Post:
    """An active post. Raises NotFound."""
    post = Post.objects.filter(code=code, active=True).first()
    if post is None:
        raise NotFound(
            _("There is no active post %(code)s. Posts come from the pack (posts_held.yaml).")
            % {"code": code},
            where="post",
        )
    return post


def new_password() -> str:
    """A password to hand out once: 15 random characters, about 90 bits."""
    return secrets.token_urlsafe(11)


def add_user(
    *,
    username: str,
    name: str,
    password: str | None,
    posts: list[str],
    on: dt.date,
    email: str = "",
    language: str = "",
) -> User:
    """A new user who holds these posts from `on`. Nothing is made when a part is wrong.

    Without a password the user can't sign in yet. Raises Invalid, NotFound (a post), Conflict (the name is taken).
    """
    username = clean_username(username)
    if not 0 < len(username) <= LONGEST_NAME or any(c.isspace() or not c.isprintable() for c in username):
        raise Invalid(
            _("A user name has 1 to %(most)d characters and no blanks.") % {"most": LONGEST_NAME},
            where="username",
        )
    if email:
        _check(validate_email, email, where="email")
    user = User(username=username, name=name.strip() or username, email=email, language=language)
    _put_password(user, password)
    found = [find_post(code) for code in posts]
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            Holding.objects.bulk_create(
                Holding(user=user, post=post, since=on) for post in dict.fromkeys(found)
            )
    except IntegrityError:
        raise Conflict(
            _("There is already a user %(name)s.") % {"name": username}, where="username"
        ) from None
    return user


def set_password(user: User, password: str, now: dt.datetime) -> None:
    """A new password; it ends the user's sessions and tokens. Raises Invalid with every rule that it breaks."""
    _put_password(user, password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        tokens.revoke_all(user, now)


def set_active(user: User, active: bool, now: dt.datetime) -> None:
    """Blocks a user, which ends sessions and tokens at once, or lets the user in again."""
    user.is_active = active
    with transaction.atomic():
        user.save(update_fields=["is_active"])
        if not active:
            tokens.revoke_all(user, now)


def give_post(user: User, code: str, *, since: dt.date, until: dt.date | None = None) -> Holding:
    """The user holds the post from `since` to `until`, both included. Giving it again changes the end only."""
    if until is not None and until < since:
        raise Invalid(_("The post would end before it begins."), where="until")
    post = find_post(code)
    with transaction.atomic():
        held = Holding.objects.filter(Q(until=None) | Q(until__gte=since), user=user, post=post)
        holding = held.order_by("since").first()
        if holding is None or (until is not None and until < holding.since):
            return Holding.objects.create(user=user, post=post, since=since, until=until)
        holding.since, holding.until = min(holding.since, since), until
        holding.save(update_fields=["since", "until"])
        return holding


def end_post(user: User, code: str, on: dt.date) -> None:
    """From `on` the user no longer holds the post. Raises NotFound when the user does not hold it."""
    with transaction.atomic():
        held = list(Holding.objects.filter(Q(until=None) | Q(until__gte=on), user=user, post_id=code))
        if not held:
            raise NotFound(
                _("%(name)s does not hold the post %(code)s.") % {"name": user.username, "code": code},
                where="post",
            )
        for holding in held:
            if holding.since >= on:
                holding.delete()  # it never began
            else:
                holding.until = on - dt.timedelta(days=1)
                holding.save(update_fields=["until"])


def list_users(on: dt.date) -> list[dict]:
    """Every user with the posts held on that day."""
    today = Holding.objects.filter(Q(until=None) | Q(until__gte=on), since__lte=on).select_related("post")
    users = User.objects.order_by("username").prefetch_related(
        Prefetch("holdings", today.order_by("post_id"))
    )
    return [
        {
            "username": user.username,
            "name": user.name,
            "active": user.is_active,
            "posts": [
                {"code": h.post_id, "name": h.post.name, "kind": h.post.kind} for h in user.holdings.all()
            ],
        }
        for user in users
    ]


def _put_password(user: User, password: str | None) -> None:
    if password is not None:
        if len(password) > LONGEST_PASSWORD or "\0" in password:
            raise Invalid(
                _("A password has at most %(most)d characters.") % {"most": LONGEST_PASSWORD},
                where="password",
            )
        _check(validate_password, password, where="password")
    user.set_password(password)


def _check(validator, value: str, *, where: str) -> None:
    try:
        validator(value)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), where=where) from None
