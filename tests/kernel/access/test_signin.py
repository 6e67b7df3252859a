"""Signing in, being locked out, tokens and keys, and who a request acts for."""

import datetime as dt
import logging

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from yiwang.kernel.access import tokens, users
from yiwang.kernel.access.addresses import client_address
from yiwang.kernel.access.middleware import ActorMiddleware
from yiwang.kernel.access.models import Token
from yiwang.kernel.access.signin import PostsBackend, check_password, sign_in
from yiwang.kernel.errors import Conflict, Invalid, NotFound, NotSignedIn, TooMany

PASSWORD = "a long enough phrase"
TODAY = dt.date(2026, 9, 24)


@pytest.fixture
def wang(district):
    return users.add_user(username="wang", name="王芳", password=PASSWORD, posts=["station-1"], on=TODAY)


@pytest.fixture
def request_of(wang):
    """Requests as the middleware before ours leaves them; `address` is where they come from."""
    from django.contrib.sessions.backends.db import SessionStore

    def make(method="post", address="10.0.0.1", user=None, **headers):
        request = getattr(RequestFactory(), method)("/sign-in", REMOTE_ADDR=address, headers=headers)
        request.session = SessionStore()
        request.user = user or AnonymousUser()
        return request

    return make


def test_the_right_password_signs_in_and_is_kept_as_argon2(wang, request_of):
    request = request_of()
    assert sign_in(request, "wang", PASSWORD) == wang
    assert request.session["_auth_user_id"] == str(wang.pk)
    assert wang.password.startswith("argon2")


@pytest.mark.parametrize("name", [" wang ", "ｗａｎｇ"])
def test_blanks_and_full_width_letters_around_a_name_do_not_matter(request_of, wang, name):
    assert check_password(request_of(), name, PASSWORD) == wang


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("wang", "wrong"),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("wa\0ng", PASSWORD),
        ("wang", "x" * 5000),
        ("x" * 99, ""),
    ],
)
def test_what_was_wrong_is_not_told(request_of, name, password):
    with translation.override("en"), pytest.raises(NotSignedIn) as refused:
        check_password(request_of(), name, password)
    assert refused.value.detail == "The user name or the password is wrong."


def test_a_blocked_user_does_not_get_in(request_of, wang, now):
    users.set_active(wang, False, now)
    with pytest.raises(NotSignedIn):
        check_password(request_of(), "wang", PASSWORD)
    assert PostsBackend().get_user(wang.pk) is None


def fail(request_of, times, **where):
    for _ in range(times):
        try:
            check_password(request_of(**where), "wang", "wrong")
        except (NotSignedIn, TooMany) as refused:
            last = refused
    return last


def test_the_fifth_failure_locks_and_says_until_when(request_of):
    assert isinstance(fail(request_of, 4), NotSignedIn)
    request = request_of()
    with translation.override("en"), pytest.raises(TooMany) as refused:
        check_password(request, "wang", "wrong")
    until = dt.datetime.fromisoformat(refused.value.extra["until"])
    assert f"locked until {until:%H:%M}" in refused.value.detail
    assert dt.timedelta(minutes=14) < until - timezone.now() <= dt.timedelta(minutes=16)
    assert request.axes_locked_out is False  # otherwise the middleware of axes would answer in its own words
    with pytest.raises(TooMany):
        check_password(request_of(), "wang", PASSWORD)


def test_trying_while_locked_does_not_lengthen_the_lock(request_of):
    first = fail(request_of, 5).extra["until"]
    last = AccessAttempt.objects.get().attempt_time
    assert fail(request_of, 3).extra["until"] == first
    assert AccessAttempt.objects.get().attempt_time == last


def test_the_lock_opens_after_its_time_and_holds_for_one_address_only(request_of, wang):
    fail(request_of, 5)
    assert check_password(request_of(address="10.0.0.2"), "wang", PASSWORD) == wang
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=16))
    assert check_password(request_of(), "wang", PASSWORD) == wang


def test_success_forgets_the_failures_before_it(request_of, wang):
    fail(request_of, 4)
    check_password(request_of(), "wang", PASSWORD)
    assert isinstance(fail(request_of, 4), NotSignedIn)


def test_a_lock_can_not_be_walked_around_by_another_writing_of_the_name(request_of):
    fail(request_of, 5)
    for name in ("ｗａｎｇ", " wang"):
        with pytest.raises(TooMany):
            check_password(request_of(), name, PASSWORD)


def test_no_password_is_written_down_anywhere(request_of, caplog):
    with caplog.at_level(logging.DEBUG):
        request = request_of()
        request.POST = request.POST.copy()
        request.POST["password"] = "my secret words"
        with pytest.raises(NotSignedIn):
            check_password(request, "wang", "my secret words")
    assert "my secret words" not in caplog.text
    assert all(
        "my secret words" not in str(value) for row in AccessAttempt.objects.values_list() for value in row
    )


@pytest.mark.parametrize(
    ("name", "password"), [("wang", "wrong"), ("nobody", PASSWORD), ("blocked", PASSWORD)]
)
def test_every_failure_costs_one_hash_so_that_time_tells_nothing(
    request_of, now, monkeypatch, name, password
):
    users.set_active(
        users.add_user(username="blocked", name="", password=PASSWORD, posts=[], on=TODAY), False, now
    )
    hashed = []
    for work in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, work)
        counted = lambda *args, real=real: hashed.append(1) or real(*args)  # noqa: E731
        monkeypatch.setattr(Argon2PasswordHasher, work, counted)
    with pytest.raises(NotSignedIn):
        check_password(request_of(), name, password)
    assert len(hashed) == 1


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.2.3.4", "10.0.0.1"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.1.1.1", "1.2.3.4"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "", "10.0.0.1"),
        (2, "1.2.3.4", "10.0.0.1"),
        (1, "unknown", "10.0.0.1"),
        (1, "1.2.3.4'; DROP", "10.0.0.1"),
    ],
)
def test_nobody_chooses_the_address_that_a_lock_counts_by(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address


# Tokens and keys


def test_a_token_is_shown_once_and_only_its_hash_is_kept(wang, now):
    token, secret = tokens.issue(wang, now=now, name="field app")
    assert secret.startswith("yw_")
    assert secret not in str(Token.objects.values_list().get())
    assert tokens.verify(secret, now) == wang


def test_a_token_costs_one_query_and_then_none(wang, now, django_assert_num_queries):
    _token, secret = tokens.issue(wang, now=now)
    with django_assert_num_queries(1):
        tokens.verify(secret, now)
    with django_assert_num_queries(0):
        assert tokens.verify(secret, now) == wang


def test_a_token_ends_by_time_by_revocation_by_a_new_password_and_with_its_user(wang, now):
    def fresh():
        token, secret = tokens.issue(wang, now=now, days=10)
        assert tokens.verify(secret, now) == wang
        return token, secret

    _token, secret = fresh()
    assert tokens.verify(secret, now + dt.timedelta(days=10)) is None
    token, secret = fresh()
    tokens.revoke(token.pk, now)
    assert tokens.verify(secret, now) is None
    _token, secret = fresh()
    users.set_password(wang, "another long phrase", now)
    assert tokens.verify(secret, now) is None
    _token, secret = fresh()
    users.set_active(wang, False, now)
    assert tokens.verify(secret, now) is None


def test_nobody_revokes_the_token_of_somebody_else(wang, now):
    token, secret = tokens.issue(wang, now=now)
    other = users.add_user(username="li", name="李雷", password=None, posts=[], on=TODAY)
    with pytest.raises(NotFound):
        tokens.revoke(token.pk, now, user=other)
    assert tokens.verify(secret, now) == wang


@pytest.mark.parametrize(
    "junk", ["", "yw_", "x" * 100_000, "yw_" + "é" * 43, "yw_\ud800", "yw_" + "A" * 43 + "\n"]
)
def test_junk_is_no_token_and_no_key(db, now, junk, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert tokens.verify(junk, now) is None
    assert tokens.verify_key(junk, now) is None


@pytest.mark.parametrize("days", [0, -1, 100_000])
def test_a_token_for_no_time_or_for_ever_is_refused(wang, now, days):
    with pytest.raises(Invalid):
        tokens.issue(wang, now=now, days=days)


def test_a_key_of_another_system(db, now, django_assert_num_queries):
    key, secret = tokens.add_key(name="12345", channel="hotline", now=now)
    assert tokens.verify_key(secret, now) == key
    with django_assert_num_queries(0):
        tokens.verify_key(secret, now)
    tokens.revoke_key(key.pk, now)
    assert tokens.verify_key(secret, now) is None
    tokens.add_key(name="demo", channel="open311", now=now, secret="demo")
    assert tokens.verify_key("demo", now).channel == "open311"
    with pytest.raises(Conflict):
        tokens.add_key(name="again", channel="open311", now=now, secret="demo")


# Who a request acts for


def answer(request, view=lambda request: HttpResponse(request.actor.label)):
    middleware = ActorMiddleware(view)
    middleware.process_view(request, view, (), {})
    return middleware(request)


def test_a_visitor_a_signed_in_user_and_a_bearer(wang, request_of):
    _token, secret = tokens.issue(wang, now=timezone.now())
    me = f"user:{wang.pk}".encode()
    assert answer(request_of()).content == b"resident"
    assert answer(request_of(user=wang)).content == me
    response = answer(request_of(authorization=f"Bearer {secret}"))
    assert response.content == me
    assert response["Cache-Control"] == "private, no-store"


def test_a_request_that_does_not_ask_who_acts_costs_nothing(wang, request_of, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer(request_of(user=wang), lambda request: HttpResponse())


def test_the_actor_is_worked_out_once_for_a_request(wang, request_of, django_assert_num_queries):
    answer(request_of(user=wang))
    with django_assert_num_queries(1):
        answer(request_of(user=wang), lambda request: HttpResponse(request.actor.label + request.actor.name))


def test_a_bad_token_is_refused_and_never_falls_back_to_the_session(wang, request_of):
    for header in ("Bearer yw_nothing", "bearer ", "Bearer"):
        with pytest.raises(NotSignedIn) as refused:
            answer(request_of(user=wang, authorization=header))
        assert "yw_nothing" not in refused.value.detail


def test_a_view_without_the_csrf_check_changes_nothing_for_a_session(wang, request_of):
    view = csrf_exempt(lambda request: HttpResponse(request.actor.label))
    assert answer(request_of("post", user=wang), view).content == b"resident"
    assert answer(request_of("get", user=wang), view).content == f"user:{wang.pk}".encode()
