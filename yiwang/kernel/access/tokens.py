"""Bearer tokens of users and keys of other systems: made once, shown once, kept as SHA-256 only.

A verified secret is remembered in the process for a few seconds, so that a busy client costs no query; a
revocation holds at once in the process that made it, and within CACHE_SECONDS in all others.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
import threading
import time
import uuid

from django.utils.translation import gettext as _

from yiwang.kernel.access.models import ApiKey, Token, User
from yiwang.kernel.errors import Conflict, Invalid, NotFound

CACHE_SECONDS = 10
CACHE_ENTRIES = 4096
DEFAULT_DAYS = 90
LONGEST_DAYS = 730
TOKEN_PREFIX = "yw_"  # noqa: S105 - lets a scanner of logs and repositories recognise a leaked token
KEY_PREFIX = "ywk_"
_TOKEN_FORM = re.compile(r"yw_[A-Za-z0-9_-]{43}")
_LONGEST_KEY = 200


class _Cache:
    """Digest -> row for CACHE_SECONDS. Holds only what the database knew, so junk can't fill it."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[float, object]] = {}
        self._lock = threading.Lock()

    def get(self, digest: str):
        kept = self._rows.get(digest)
        return kept[1] if kept and kept[0] > time.monotonic() else None

    def put(self, digest: str, row: object) -> None:
        with self._lock:
            if len(self._rows) >= CACHE_ENTRIES:
                self._rows.clear()
            self._rows[digest] = (time.monotonic() + CACHE_SECONDS, row)

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()


_tokens = _Cache()
_keys = _Cache()


def reset_caches() -> None:
    """Forgets every verified secret in this process; call it after changing users, tokens or keys."""
    _tokens.clear()
    _keys.clear()


def digest_of(secret: str) -> str:
    # Plain SHA-256 is enough: the secrets are random, 256 bits long, so there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def issue(user: User, *, now: dt.datetime, name: str = "", days: int = DEFAULT_DAYS) -> tuple[Token, str]:
    """A new token of `user` and its secret, which can't be shown again. Raises Invalid for 0 or too many days."""
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(_("A token holds for 1 to %(most)d days.") % {"most": LONGEST_DAYS}, where="days")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        name=name[:100],
        digest=digest_of(secret),
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    return token, secret


def verify(secret: str, now: dt.datetime) -> User | None:
    """The active user whose valid token this is, or None. At most one query."""
    if not _TOKEN_FORM.fullmatch(secret):
        return None
    digest = digest_of(secret)
    token = _tokens.get(digest)
    if token is None:
        token = Token.objects.select_related("user").filter(digest=digest).first()
        if token is None:
            return None
        _tokens.put(digest, token)
    valid = token.revoked_at is None and now < token.expires_at and token.user.is_active
    return token.user if valid else None


def revoke(token_id: uuid.UUID, now: dt.datetime, *, user: User | None = None) -> Token:
    """Ends a token (of `user`, when given) for good; ending it twice keeps the first moment. Raises NotFound."""
    found = (
        Token.objects.filter(pk=token_id) if user is None else Token.objects.filter(pk=token_id, user=user)
    )
    token = found.first()
    if token is None:
        raise NotFound(_("There is no such token."), where="token")
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
    _tokens.clear()
    return token


def revoke_all(user: User, now: dt.datetime) -> int:
    """Ends every token of `user`, for example with a new password; gives how many ended."""
    ended = Token.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
    _tokens.clear()
    return ended


def add_key(*, name: str, channel: str, now: dt.datetime, secret: str | None = None) -> tuple[ApiKey, str]:
    """A key for another system that reports through `channel`, and its secret, which can't be shown again.

    A chosen `secret` is for demonstrations and for systems that can't change theirs. Raises Conflict when it is
    already somebody's key.
    """
    chosen = secret or KEY_PREFIX + secrets.token_urlsafe(32)
    key, created = ApiKey.objects.get_or_create(
        digest=digest_of(chosen), defaults={"name": name[:100], "channel": channel[:40], "created_at": now}
    )
    if not created:
        raise Conflict(_("This secret is already in use. Choose another one."), where="secret")
    return key, chosen


def verify_key(secret: str, now: dt.datetime) -> ApiKey | None:
    """The key in force with this secret, or None. At most one query."""
    if not secret or len(secret) > _LONGEST_KEY:
        return None
    digest = digest_of(secret)
    key = _keys.get(digest)
    if key is None:
        key = ApiKey.objects.filter(digest=digest).first()
        if key is None:
            return None
        _keys.put(digest, key)
    return key if key.revoked_at is None or key.revoked_at > now else None


def revoke_key(key_id: int, now: dt.datetime) -> ApiKey:
    """Ends a key for good. Raises NotFound."""
    key = ApiKey.objects.filter(pk=key_id).first()
    if key is None:
        raise NotFound(_("There is no such key."), where="key")
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
    _keys.clear()
    return key
