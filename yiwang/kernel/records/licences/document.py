"""A licence as a file: a PDF with its statement and signature behind it. Pure; verified without a database.

Behind the PDF stand one comment line and the PDF's own last three lines once more, so that every reader opens it:

    %yiwang-licence-1 BASE64
    startxref
    NUMBER
    %%EOF

BASE64 is the canonical JSON of the statement (what the file is, and the SHA-256 of the PDF before the line) and the
signature of the statement. Everything is compared byte by byte, so there is no byte that can be changed unseen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from yiwang.kernel.records import signing
from yiwang.kernel.records.signing import Signature

MARK = b"\n%yiwang-licence-1 "
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
LARGEST = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Verified:
    """`faults` are codes: not_a_licence, changed, bad_signature, unknown_key; empty when all is well.

    `statement` is what was signed; None when there is nothing that could be read.
    """

    faults: tuple[str, ...]
    statement: Mapping[str, Any] | None = None
    key: str = ""

    @property
    def good(self) -> bool:
        return not self.faults


def canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def wrap(pdf: bytes, statement: Mapping[str, Any]) -> bytes:
    """The file: `pdf` with the signed statement. Raises ValueError when `pdf` does not end as a PDF does."""
    whole = {**statement, "sha256": hashlib.sha256(pdf).hexdigest()}
    signature = signing.sign(canonical(whole))
    return pdf + _tail(pdf, {"statement": whole, **signature.as_dict()})


def _tail(pdf: bytes, signed: Mapping[str, Any]) -> bytes:
    found = _START.search(pdf[-200:])
    if not found:
        raise ValueError("this is no PDF: it does not end with startxref and %%EOF")
    return MARK + signing.encode(canonical(signed)).encode() + b"\nstartxref\n" + found[1] + b"\n%%EOF\n"


def verify(data: bytes, keys: Mapping[str, bytes] | None = None) -> Verified:
    """What is wrong with a licence file. `keys`: the public keys that are trusted; None: whatever key it names."""
    at = data.rfind(MARK)
    if at < 0 or len(data) > LARGEST or not data.startswith(b"%PDF-"):
        return Verified(("not_a_licence",))
    pdf, tail = data[:at], data[at:]
    try:
        signed = orjson.loads(signing.decode(tail[len(MARK) :].split(b"\n", 1)[0].decode("ascii")))
        statement, signature = signed["statement"], Signature.of_dict(signed)
        same = _tail(pdf, signed) == tail and set(signed) == {"statement", *signature.as_dict()}
        digest = statement["sha256"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return Verified(("changed",))
    faults = []
    if not same or digest != hashlib.sha256(pdf).hexdigest():
        faults.append("changed")
    try:
        held = signature.holds(canonical(statement))
    except Exception:  # noqa: BLE001 - an unknown algorithm is a signature that does not hold
        held = False
    if not held:
        faults.append("bad_signature")
    if keys is not None and keys.get(signature.key) != signature.public:
        faults.append("unknown_key")
    return Verified(tuple(faults), statement if held else None, signature.key)
