"""A receipt: the number, the secret with which its holder follows a matter, and both as a code to photograph."""

from __future__ import annotations

import base64
import hmac
import unicodedata
import uuid
from typing import Any

from yiwang.kernel.access.sealed import keyed_hash

SECRET_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - none that look alike on paper
SECRET_LENGTH = 10


def secret_for(report: uuid.UUID) -> str:
    """The secret of a report. Derived with the seal key, so that a retry gets the same one and none is stored."""
    digest = bytes.fromhex(keyed_hash(f"follow {report}"))
    return "".join(SECRET_LETTERS[byte % len(SECRET_LETTERS)] for byte in digest[:SECRET_LENGTH])


def secret_hash(report: uuid.UUID, secret: str) -> str:
    return keyed_hash(f"secret {report} {plain_secret(secret)}")


def plain_secret(secret: str) -> str:
    """As people type it: half-width, without blanks and dashes, in lower case."""
    text = unicodedata.normalize("NFKC", secret).casefold()
    return "".join(letter for letter in text if letter.isalnum())


def same_secret(report: uuid.UUID, secret: str, kept: str) -> bool:
    return bool(kept) and hmac.compare_digest(secret_hash(report, secret), kept)


def qr_svg(text: str) -> str:
    """A QR code as an SVG data address, black on white."""
    import segno

    code = segno.make(text, error="m")
    return "data:image/svg+xml;base64," + base64.b64encode(_svg(code)).decode()


def _svg(code: Any) -> bytes:
    import io

    out = io.BytesIO()
    code.save(out, kind="svg", scale=4, border=4, xmldecl=False, svgns=True)
    return out.getvalue()
