"""The language of a request, and what a person or a program sees when something was refused."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from yiwang.kernel.errors import Problem
from yiwang.kernel.ui.languages import language_of
from yiwang.kernel.ui.problems import answer, from_django

Handler = Callable[[HttpRequest], HttpResponse]


class PolicyMiddleware(CSPMiddleware):
    """The Content-Security-Policy of the settings; put together once for the answers that ask for no other."""

    def __init__(self, get_response: Handler) -> None:
        super().__init__(get_response)
        given = settings.CONTENT_SECURITY_POLICY
        special = "EXCLUDE_URL_PREFIXES" in given or hasattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY")
        self.usual = "" if special else build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        own = any(name.startswith("_csp") for name in (*vars(response), *vars(request)))
        if own or not self.usual:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response


class LanguageMiddleware:
    """Speaks the language that the person chose for the time of the request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie", "Accept-Language", "Accept"))
        return response


class ProblemMiddleware:
    """Turns a Problem raised by a view into a page or, for programs, a problem document (RFC 9457)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Problem):
            return answer(request, error)
        if isinstance(error, Http404 | PermissionDenied | RequestDataTooBig | SuspiciousOperation):
            return answer(request, from_django(error))
        return None  # a fault of ours: logged by Django, shown by views.server_error
