"""The style page under the real policy for scripts, and beside it what a page looks like when something goes wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from yiwang.kernel.errors import Conflict, NotSignedIn
from yiwang.kernel.ui import notices, views
from yiwang.kernel.ui.styleguide import samples
from yiwang.kernel.ui.styleguide.views import components

NOW = samples.NOW

MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yiwang.kernel.ui.middleware.LanguageMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "yiwang.kernel.ui.middleware.ProblemMiddleware",
]
SETTINGS = {
    "ROOT_URLCONF": "tests.kernel.ui.gallery",
    "MIDDLEWARE": MIDDLEWARE,
    "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
    "CSRF_FAILURE_VIEW": "yiwang.kernel.ui.views.csrf_failure",
}


def told(request: HttpRequest) -> HttpResponse:
    """The style page after something was done: with the notices of the page before."""
    notices.say(request, "任务已签收。")
    notices.say(request, "该地点 50 米内有 2 件相似的上报。", "warning")
    return components(request)


def taken(request: HttpRequest) -> HttpResponse:
    raise Conflict("王受理已于 2026年9月28日 10:15 签收该任务。")


def private(request: HttpRequest) -> HttpResponse:
    raise NotSignedIn("请先登录")


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


handler404 = views.not_found
handler500 = views.server_error
urlpatterns = [
    path("", include("yiwang.kernel.ui.urls")),
    path("told", told),
    path("taken", taken),
    path("api/v1/taken", taken),
    path("private", private),
    path("broken", broken),
]
