"""Signing in with a name and a password: Argon2, and a lock after too many failures that says until when."""

from __future__ import annotations

import datetime as dt
import unicodedata

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.contrib import auth
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.access.models import User
from yiwang.kernel.errors import NotSignedIn, TooMany

SIGNED_OUT_COOKIE = "yiwang_signed_out"  # for the scripts of pages that work without a network
SIGNED_OUT_AGE = 30 * 24 * 3600
LONGEST_NAME = 64
LONGEST_PASSWORD = 256  # a longer one would only keep the hash function busy


class PostsBackend(BaseBackend):
    """Checks name and password. What the user may do comes from the posts held, so it knows no permissions."""

    def authenticate(self, request, username: str | None = None, password: str | None = None, **kwargs):
        if username is None or password is None or len(password) > LONGEST_PASSWORD:
            return None
        user = User.objects.filter(username=username).first()
        if user is None or not user.is_active:
            User().set_password(
                password
            )  # as slow as a real check, so that time tells nobody which names exist
            return None
        return user if user.check_password(password) else None

    def get_user(self, user_id) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


def clean_username(text: str) -> str:
    """A user name as it is stored: full-width letters as plain ones, no blanks around."""
    return unicodedata.normalize("NFKC", text).strip()


def check_password(request: HttpRequest, username: str, password: str) -> User:
    """The user with this name and password, without signing in (to issue a token).

    Raises NotSignedIn when one of them is wrong, TooMany while sign-in is locked; failures are counted.
    """
    username = clean_username(username)
    if not 0 < len(username) <= LONGEST_NAME or "\0" in username or "\0" in password:
        raise _wrong()
    credentials = {"username": username}
    # Asked before trying, so that a try while it is locked does not lengthen the lock.
    if not AxesProxyHandler.is_allowed(request, credentials):
        raise _locked(request, username)
    user = auth.authenticate(request, username=username, password=password)
    if user is not None:
        AxesProxyHandler.reset_attempts(username=username, ip_address=request.axes_ip_address)
        return user
    if getattr(request, "axes_locked_out", False):
        request.axes_locked_out = (
            False  # the page or the API says it in our words, not the middleware in its own
        )
        raise _locked(request, username)
    raise _wrong()


def sign_in(request: HttpRequest, username: str, password: str) -> User:
    """Signs the session in. Raises as `check_password` does."""
    user = check_password(request, username, password)
    auth.login(request, user)
    return user


def _wrong() -> NotSignedIn:
    return NotSignedIn(_("The user name or the password is wrong."), code="wrong_password")


def _locked(request: HttpRequest, username: str) -> TooMany:
    until = locked_until(request, username)
    return TooMany(
        _("Too many failed attempts. Signing in is locked until %(time)s.")
        % {"time": timezone.localtime(until).strftime("%H:%M")},
        code="locked",
        until=timezone.localtime(until).isoformat(timespec="seconds"),
    )


def locked_until(request: HttpRequest, username: str) -> dt.datetime:
    """When sign-in is open again for this name from this address, rounded up to the minute."""
    last = (
        AccessAttempt.objects.filter(username=username, ip_address=request.axes_ip_address)
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    end = (last or timezone.now()) + (get_cool_off(request) or dt.timedelta())
    return end.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
