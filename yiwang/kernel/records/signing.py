"""Signatures (电子签名): a small registry of algorithms, the key in use, and the public keys that were ever in use.

Nothing here needs the database but `known_keys` and `remember`: what was signed can be verified without it. The secret
is `settings.SIGN_KEY`; the private key is derived from it, so that there is one text to keep and to change. An old
signature verifies with the public key of its time, which is kept in `SigningKey` and inside the signed file.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from yiwang.kernel.access.sealed import derived_key
from yiwang.kernel.errors import Problem


class Algorithm(Protocol):  # 签名算法
    """What a plugin gives. A secret is 32 bytes; everything else is bytes as the algorithm's own standard writes them."""

    name: str

    def public(self, secret: bytes) -> bytes: ...

    def sign(self, secret: bytes, data: bytes) -> bytes: ...

    def verify(self, public: bytes, data: bytes, signature: bytes) -> bool: ...


class Ed25519:
    """RFC 8032: deterministic, so the same document is signed to the same bytes."""

    name = "ed25519"

    def public(self, secret: bytes) -> bytes:
        key = Ed25519PrivateKey.from_private_bytes(secret).public_key()
        return key.public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, secret: bytes, data: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(secret).sign(data)

    def verify(self, public: bytes, data: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True


_algorithms: dict[str, Algorithm] = {}


def register(algorithm: Algorithm) -> None:
    _algorithms[algorithm.name] = algorithm


register(Ed25519())


def algorithm(name: str) -> Algorithm:
    """The algorithm of this name; a name with a colon is imported (`package.module:name`) and registered.

    Raises Problem when there is none.
    """
    if ":" in name:
        found = import_string(name.replace(":", "."))
        found = found() if isinstance(found, type) else found
        register(found)
        return found
    if name in _algorithms:
        return _algorithms[name]
    raise Problem(
        _("There is no signature algorithm %(name)s here; there are: %(known)s.")
        % {"name": name, "known": ", ".join(sorted(_algorithms))},
        code="no_algorithm",
    )


@dataclass(frozen=True, slots=True)
class Signature:
    """`key` is the first 16 hexadecimal digits of the SHA-256 of the public key."""

    algorithm: str
    key: str
    public: bytes
    value: bytes

    def as_dict(self) -> dict[str, str]:
        return {
            "algorithm": self.algorithm, "key": self.key, "public": encode(self.public), "signature": encode(self.value)
        }  # fmt: skip

    @classmethod
    def of_dict(cls, given: dict[str, str]) -> Signature:
        """Raises ValueError or KeyError for what is none."""
        return cls(given["algorithm"], given["key"], decode(given["public"]), decode(given["signature"]))

    def holds(self, data: bytes) -> bool:
        """Whether it is the signature of `data` by the key that it names."""
        return key_of(self.public) == self.key and algorithm(self.algorithm).verify(
            self.public, data, self.value
        )


def key_of(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def decode(text: str) -> bytes:
    return base64.b64decode(text, altchars=b"-_", validate=True)


def sign(data: bytes) -> Signature:
    """`data` signed with the key in use."""
    chosen, secret, public = _own(settings.SIGN_KEY, settings.SIGN_ALGORITHM)
    return Signature(chosen.name, key_of(public), public, chosen.sign(secret, data))


def own_public() -> tuple[str, str, bytes]:
    """(algorithm, key, public key) in use."""
    chosen, _secret, public = _own(settings.SIGN_KEY, settings.SIGN_ALGORITHM)
    return chosen.name, key_of(public), public


@lru_cache(maxsize=4)
def _own(secret_text: str, name: str) -> tuple[Algorithm, bytes, bytes]:
    chosen = algorithm(name)
    secret = derived_key(secret_text, b"signature 1 " + chosen.name.encode())
    return chosen, secret, chosen.public(secret)


def remember(now: datetime) -> None:
    """Keeps the public key in use, so that what it signed can be verified after it was changed."""
    from yiwang.kernel.records.models import SigningKey

    name, key, public = own_public()
    SigningKey.objects.get_or_create(
        key=key, defaults={"algorithm": name, "public": encode(public), "since": now}
    )


def known_keys() -> dict[str, bytes]:
    """Key -> public key, of all that were ever in use here."""
    from yiwang.kernel.records.models import SigningKey

    found = {row.key: decode(row.public) for row in SigningKey.objects.all()}
    _name, key, public = own_public()
    return found | {key: public}
