"""Signing in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.kernel.access import signin
from yiwang.kernel.errors import Problem


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; then back to where the person wanted to go."""
    onward = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        onward = resolve_url(settings.LOGIN_REDIRECT_URL)
    problem, username = None, ""
    if request.method == "POST":
        username = request.POST.get("username", "")
        try:
            signin.sign_in(request, username, request.POST.get("password", ""))
            response = HttpResponseRedirect(onward)
            response.delete_cookie(signin.SIGNED_OUT_COOKIE)
            return response
        except Problem as wrong:
            problem = wrong
    elif request.actor.signed_in:
        return HttpResponseRedirect(onward)
    context = {"problem": problem, "username": username, "onward": onward}
    return render(request, "workbench/sign_in.html", context, status=problem.status if problem else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    response = HttpResponseRedirect(resolve_url(settings.LOGOUT_REDIRECT_URL))
    # The field app reads it, also without a network: what it kept for this person is not shown any more.
    response.set_cookie(
        signin.SIGNED_OUT_COOKIE,
        "yes",
        max_age=signin.SIGNED_OUT_AGE,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
