"""Every refusal in one shape: RFC 9457 `application/problem+json`, whatever went wrong and wherever.

What a person can mend says what was wrong, where (`where`, and one line a field in `errors`) and what to do.
What is our own fault says only an incident id, under which the log has the rest.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError

from yiwang.core.geo import GeoError
from yiwang.core.worktime import WorktimeError
from yiwang.faces.api import fields, parsing
from yiwang.kernel.errors import Denied, Invalid, NotFound, NotSignedIn, Problem, TooLarge
from yiwang.kernel.ui import problems as pages
from yiwang.kernel.worktime_words import told

log = logging.getLogger("yiwang.api")


def respond(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to an exception of any kind."""
    problem = as_problem(error) or incident(request, error)
    response = pages.answer(request, problem)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def as_problem(error: Exception) -> Problem | None:
    """The problem that an exception tells of; None when it is a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValidationError):
        return fields.problem_of(error.errors)
    if isinstance(error, AuthenticationError):
        return NotSignedIn(
            _("Sign in first: send a bearer token, or the session cookie with the CSRF token.")
        )
    if isinstance(error, HttpError):
        return _from_ninja(error)
    return _from_core(error) or _from_django(error)


def _from_ninja(error: HttpError) -> Problem:
    # The parser's own refusal comes wrapped; anything else that made the body unreadable is said plainly.
    cause = error.__cause__
    known = as_problem(cause) if isinstance(cause, Exception) else None
    return known or Problem(
        _("This request could not be read."), code="bad_request", status=error.status_code
    )


def _from_core(error: Exception) -> Problem | None:
    if isinstance(error, GeoError):
        return Invalid(_(error.reason) % error.params, where="point", code=f"point_{error.code}")
    if isinstance(error, WorktimeError):
        where = "limit" if type(error).__name__ == "LimitError" else ""
        return Invalid(told(error), where=where, code=f"worktime_{error.code}")
    return None


def _from_django(error: Exception) -> Problem | None:
    if isinstance(error, Http404):
        return NotFound(_("There is nothing at this address."))
    if isinstance(error, PermissionDenied):
        return Denied(_("Your posts do not allow this."))
    if isinstance(error, RequestDataTooBig):
        return TooLarge(_("What you sent is too large."))
    if isinstance(error, TooManyFilesSent | TooManyFieldsSent):
        return TooLarge(_("You sent too many files or fields."), code="too_many_fields")
    if isinstance(
        error, MultiPartParserError | RawPostDataException | UnreadablePostError | SuspiciousOperation
    ):
        return Problem(_("What you sent is cut off or badly formed."), code="malformed")
    return None


def incident(request: HttpRequest, error: Exception) -> Problem:
    """Our own fault: logged with an id, of which the caller is told and no more."""
    number = uuid.uuid4().hex[:12]
    log.error("incident %s: %s %s", number, request.method, request.path, exc_info=error)
    return Problem(
        _("The fault is ours, and it has been recorded as incident %(number)s. Please try again soon.")
        % {"number": number},
        status=500,
        code="server_fault",
        incident=number,
    )


def guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose every refusal is a problem document, also before and beside the view itself.

    HEAD is GET without the body. A query that is no UTF-8 text is refused, since Django would read it with holes.
    """

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        try:
            _check_query(request)
            parsing.check_size(request)
            response = view(request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the last place where it can still become a problem document
            response = respond(request, error)
        if response.status_code == 405:
            response = _not_allowed(request, response)
        return _without_body(response) if head else response

    run.csrf_exempt = True  # sessions are checked by `callers`, tokens and keys need no such check
    return run


def no_such_address(request: HttpRequest) -> HttpResponse:
    raise NotFound(
        _("There is nothing at this address. The addresses there are: %(where)s.")
        % {"where": "/api/v1/openapi.json"}
    )


def _check_query(request: HttpRequest) -> None:
    raw = request.META.get("QUERY_STRING", "")
    try:
        text = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        raise Problem(_("The address holds bytes that are no UTF-8 text."), code="invalid_utf8") from None
    if "\0" in text or "\0" in request.path:
        raise Problem(_("The address holds a character that is no text."), code="control_character")


def _not_allowed(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    allowed = ", ".join(sorted(one.strip() for one in refused.headers.get("Allow", "").split(",")))
    problem = Problem(
        _("%(method)s is not possible here; possible: %(allowed)s.")
        % {"method": request.method, "allowed": allowed},
        status=405,
        code="method_not_allowed",
    )
    response = respond(request, problem)
    response.headers["Allow"] = allowed
    return response


def _without_body(response: HttpResponse) -> HttpResponse:
    if response.streaming:
        response.close()
    else:
        response.headers["Content-Length"] = str(len(response.content))
    bare = HttpResponse(status=response.status_code)
    bare.headers = response.headers
    return bare
