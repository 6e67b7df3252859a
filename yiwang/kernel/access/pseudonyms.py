"""Pseudonyms (假名): an id under which something leaves the database, and the way back for who has the key.

A permutation of the 128 bits of a UUID by AES under a key of its own: no two ids get the same pseudonym, no table is
kept, and without the key a pseudonym can't be joined with ids in addresses, logs or the database.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from yiwang.kernel.access.sealed import derived_key

BYTES = 16


@lru_cache(maxsize=2)
def _cipher(secret: str) -> Cipher:
    # One block each, and ids are all different: a permutation is what is wanted here, no chaining.
    return Cipher(algorithms.AES(derived_key(secret, b"lake pseudonym 1")), modes.ECB())  # noqa: S305


def pseudonyms(ids: np.ndarray) -> np.ndarray:
    """Rows of 16 bytes (n × 16, uint8) -> their pseudonyms, in the same shape."""
    return _through(_cipher(settings.SEAL_KEY).encryptor(), ids)


def behind(pseudonyms: np.ndarray) -> np.ndarray:
    """The ids behind pseudonyms, n × 16 bytes."""
    return _through(_cipher(settings.SEAL_KEY).decryptor(), pseudonyms)


def _through(context: object, rows: np.ndarray) -> np.ndarray:
    flat = np.ascontiguousarray(rows, np.uint8)
    if flat.ndim != 2 or flat.shape[1] != BYTES:
        raise ValueError("ids are rows of 16 bytes")
    made = context.update(flat.tobytes()) + context.finalize()
    return np.frombuffer(made, np.uint8).reshape(-1, BYTES)
