"""The language switch, the text size switch, and the pages for what goes wrong."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.kernel.errors import Denied
from yiwang.kernel.ui import languages
from yiwang.kernel.ui.problems import answer, from_django, server_fault

TEXT_SIZE_COOKIE = "yiwang_text_size"
THEME_COOKIE = "yiwang_theme"
THEMES = ("auto", "light", "dark")
log = logging.getLogger(__name__)

LAST_RESORT = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>系统故障</title>
<p>系统出现故障，已记录，请稍后重试。<p lang="en">Something went wrong and was recorded. Please try again soon."""


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language for a year and go back to the page."""
    response = _back(request)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        _remember(response, languages.COOKIE, code)
    return response


@require_POST
def set_text_size(request: HttpRequest) -> HttpResponse:
    """Remember large or ordinary text for a year and go back to the page."""
    response = _back(request)
    if request.POST.get("size") == "large":
        _remember(response, TEXT_SIZE_COOKIE, "large")
    else:
        response.delete_cookie(TEXT_SIZE_COOKIE)
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark for a year, or follow the machine again (auto), and go back to the page."""
    response = _back(request)
    theme = request.POST.get("theme", "")
    if theme in ("light", "dark"):
        _remember(response, THEME_COOKIE, theme)
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, from_django(exception))


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, from_django(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, from_django(exception))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.info("csrf check failed: %s", reason)
    text = _("The page was open for too long or cookies are off. Go back, reload the page and send it again.")
    return answer(request, Denied(text, code="page_too_old"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own fault. Must not fail itself: if even the error page can't be drawn, plain text is sent."""
    try:
        return answer(request, server_fault())
    except Exception:
        log.exception("the error page itself failed")
        return HttpResponse(LAST_RESORT, status=500)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=languages.COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
