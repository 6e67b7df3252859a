"""Errors for the person who can act: what was wrong, where, what to do.

The API renders them as RFC 9457 problem documents, pages show `detail`, commands print it.
"""

from __future__ import annotations

from collections.abc import Sequence


class Problem(Exception):
    """Something that was refused, with an HTTP status, a stable `code` and a sentence for people."""

    status = 400
    code = "bad_request"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        where: str = "",
        errors: Sequence[dict] = (),
        status: int | None = None,
        **extra: object,
    ) -> None:
        super().__init__(str(detail))
        self.detail = str(detail)
        self.code = code or self.code
        self.where = where
        self.errors = list(errors)
        self.extra = extra
        if status is not None:
            self.status = status

    def as_dict(self) -> dict:
        """The RFC 9457 document: type, title, status, detail, and `where`/`errors` if there are any."""
        body = {
            "type": f"urn:yiwang:problem:{self.code}",
            "title": self.code.replace("_", " "),
            "status": self.status,
            "detail": self.detail,
        }
        if self.where:
            body["where"] = self.where
        if self.errors:
            body["errors"] = self.errors
        return body | self.extra


class Invalid(Problem):
    status, code = 422, "invalid"


class Denied(Problem):
    status, code = 403, "denied"


class NotSignedIn(Problem):
    status, code = 401, "not_signed_in"


class NotFound(Problem):
    status, code = 404, "not_found"


class Conflict(Problem):
    status, code = 409, "conflict"


class TooLarge(Problem):
    status, code = 413, "too_large"


class Unsupported(Problem):
    status, code = 415, "unsupported"


class TooMany(Problem):
    status, code = 429, "too_many"
