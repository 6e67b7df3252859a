"""A problem as a page for people, as a document for programs (RFC 9457)."""

from __future__ import annotations

from urllib.parse import quote

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Denied, NotFound, NotSignedIn, Problem, TooLarge
from yiwang.kernel.ui.languages import is_machine


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The response for `problem`: sign-in, a page, or `application/problem+json`."""
    response = _answer(request, problem)
    return shown(response, problem) if response.status_code == problem.status else response


def shown(response: HttpResponse, problem: Problem | None) -> HttpResponse:
    """A page that shows a problem in its own place, with the problem's status, and when to come back."""
    if problem is not None:
        response.status_code = problem.status
        if "retry_after" in problem.extra:
            response.headers["Retry-After"] = str(problem.extra["retry_after"])
    return response


def _answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    if is_machine(request):
        body = problem.as_dict() | {"instance": request.path}
        response: HttpResponse = JsonResponse(
            body,
            status=problem.status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False, "default": str},
        )
        if isinstance(problem, NotSignedIn):
            response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if isinstance(problem, NotSignedIn):
        return to_sign_in(request)
    html = render_to_string("ui/error.html", {"problem": problem, "heading": heading(problem)}, request)
    return HttpResponse(html, status=problem.status)


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Sign-in, and back to this page afterwards; a form that was sent can't be repeated, so not to that."""
    from django.conf import settings

    address = resolve_url(settings.LOGIN_URL)
    if request.method in ("GET", "HEAD"):
        address += "?next=" + quote(request.get_full_path())
    return HttpResponseRedirect(address)


def heading(problem: Problem) -> str:
    """The few words above the sentence."""
    return {
        400: _("This request is not valid"),
        401: _("Please sign in"),
        403: _("You may not do this"),
        404: _("Not found"),
        409: _("Somebody was faster"),
        413: _("Too large"),
        415: _("This kind of file is not accepted"),
        422: _("Please check what you entered"),
        429: _("Too many requests"),
    }.get(problem.status, _("Something went wrong"))


def from_django(error: Exception) -> Problem:
    """Django's own refusals in our words."""
    if isinstance(error, Http404):
        return NotFound(_("There is nothing at this address. Check it, or start from the home page."))
    if isinstance(error, PermissionDenied):
        return Denied(_("Your posts do not allow this. Ask your duty leader if you need it."))
    if isinstance(error, RequestDataTooBig):
        return TooLarge(_("What you sent is too large. Send fewer or smaller photos."))
    return Problem(_("This request could not be read. Go back and try again."))


def server_fault() -> Problem:
    """What people read when the fault is ours."""
    return Problem(
        _(
            "The fault is ours, and it has been recorded. What you sent before is safe. Please try again soon."
        ),
        status=500,
        code="server_fault",
    )
