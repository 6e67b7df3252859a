"""Personal values at rest: sealed columns (AES-256-GCM) and the keyed hash that finds them.

Both keys are derived from `settings.SEAL_KEY`. A sealed value is bound to its table and column, so it can't
be read after being copied to another one; renaming a sealed column needs a migration that seals it again.
"""

from __future__ import annotations

import base64
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Problem

PREFIX = "s1:"
NONCE_BYTES = 12


class SealBroken(Problem):
    """A sealed value can't be read: another seal key, or the stored text was changed."""

    status, code = 500, "seal_broken"


@lru_cache(maxsize=8)
def derived_key(secret: str, use: bytes) -> bytes:
    """The key for one use (as "keyed hash 1") out of the seal key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"yiwang " + use).derive(secret.encode())


@lru_cache(maxsize=2)
def _box(secret: str) -> AESGCM:
    return AESGCM(derived_key(secret, b"sealed column 1"))


def seal(text: str, place: str) -> str:
    """`text` encrypted for `place` ("table.column"); two calls never give the same. '' stays ''."""
    if not text:
        return ""
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + _box(settings.SEAL_KEY).encrypt(nonce, text.encode(), place.encode())
    return PREFIX + base64.urlsafe_b64encode(sealed).decode()


def unseal(sealed: str, place: str) -> str:
    """What `seal` was given. Raises SealBroken, which names the place and never shows the value."""
    if not sealed:
        return ""
    try:
        if not sealed.startswith(PREFIX):
            raise ValueError
        raw = base64.b64decode(sealed[len(PREFIX) :], altchars=b"-_", validate=True)
        return _box(settings.SEAL_KEY).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()).decode()
    except (ValueError, InvalidTag):
        raise SealBroken(
            _(
                "A sealed value in %(place)s can't be read. Check that YIWANG_SEAL_KEY is the key it was sealed with."
            )
            % {"place": place},
            where=place,
        ) from None


def keyed_hash(text: str) -> str:
    """HMAC-SHA256 of `text` as 64 hex digits, to find a sealed value by. The caller normalises `text` first."""
    return hmac.digest(derived_key(settings.SEAL_KEY, b"keyed hash 1"), text.encode(), "sha256").hex()


class _EmptyOnly(Exact):
    """Asks whether a sealed column is empty. Any other question can't be answered by the database."""

    def get_prep_lookup(self):
        if self.rhs != "":
            raise FieldError(
                f"{self.lhs.field} is sealed: it can only be compared with ''. "
                "Keep a column with its keyed_hash() and filter by that."
            )
        return ""


class SealedTextField(models.TextField):
    """Text that lies encrypted in the database and is plain text on the instance.

    Filters: `field=''` and `field__isnull` only; everything else raises FieldError.
    """

    def _place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return seal(value, self._place()) if value else value

    def from_db_value(self, value, expression, connection):
        return unseal(value, self._place()) if value else value

    def get_lookup(self, lookup_name):
        if lookup_name == "exact":
            return _EmptyOnly
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj):
        raise FieldError(f"{self} is sealed and is not exported; back up the database with its own tools.")
