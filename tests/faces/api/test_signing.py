"""Signing in over the API: tokens with an end, sessions with their CSRF token, a lock after failures."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.faces.api.conftest import Caller, told
from tests.people import user
from yiwang.kernel.access.models import Token

PASSWORD = "correct horse battery staple"


@pytest.fixture
def wang(dadong, office):
    return user("dispatcher", name="王派遣", username="wang", password=PASSWORD)


def sign_in(caller: Caller, **given):
    return caller.post("/tokens", {"username": "wang", "password": PASSWORD} | given)


def test_a_name_and_a_password_give_a_token_that_ends(wang, anybody):
    got = sign_in(anybody, days=7)
    assert got.status == 201 and got["user"]["posts"][0]["code"] == "dispatcher"
    assert "hold" in got["user"]["actions"] and got.headers["Cache-Control"] == "no-store"
    with_token = Caller({"Authorization": f"Bearer {got['token']}"})
    assert with_token.get("/me")["name"] == "王派遣"
    days = (Token.objects.get().expires_at - timezone.now()).total_seconds() / 86400
    assert 6.99 < days <= 7
    assert with_token.delete("/tokens/current").status == 204
    ended = with_token.get("/me")
    assert ended.status == 401 and ended["type"].endswith("bad_token")
    assert ended.headers["WWW-Authenticate"] == "Bearer"


def test_a_wrong_password_and_an_unknown_name_are_told_alike(wang, anybody):
    wrong, unknown = sign_in(anybody, password="wrong"), sign_in(anybody, username="nobody")
    assert wrong.status == unknown.status == 401
    assert wrong["detail"] == unknown["detail"] and not Token.objects.exists()


def test_five_failures_lock_signing_in_even_with_the_right_password(wang, anybody):
    answers = [sign_in(anybody, password="wrong").status for _ in range(5)]
    assert answers[:4] == [401] * 4
    locked = sign_in(anybody)
    assert locked.status == 429 and locked["type"].endswith(":locked") and locked["until"]
    assert not Token.objects.exists()


@pytest.mark.parametrize("days", [0, 731, -1, "x"])
def test_a_token_holds_for_a_day_to_two_years(wang, anybody, days):
    got = sign_in(anybody, days=days)
    assert got.status == 422 and got["where"] == "days"


def test_without_signing_in_officials_addresses_stay_shut(anybody):
    for address in ("/queue", "/matters", "/me", "/evaluation", "/reports", "/matters/1"):
        got = anybody.get(address)
        assert got.status == 401 and got["type"].endswith("not_signed_in"), address
    assert Caller({"Authorization": "Bearer yw_nonsense"}).get("/queue").status == 401


def test_a_session_of_the_pages_reads_and_with_its_csrf_token_writes(wang):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(wang)
    assert told(client.get("/api/v1/me"))["username"] == "wang"
    address = "/api/v1/matters/1/actions/resume"
    without = told(client.post(address, "{}", "application/json"))
    assert without.status == 403 and without["type"].endswith(":csrf")
    token = "a" * 32
    client.cookies["csrftoken"] = token
    got = told(client.post(address, "{}", "application/json", headers={"X-CSRFToken": token}))
    assert got.status == 404 and got["type"].endswith(
        "not_found"
    )  # signed in: now the matter is what is missing


def test_a_session_reports_as_a_resident_unless_it_shows_its_csrf_token(wang):
    client = Client(enforce_csrf_checks=True)
    client.force_login(wang)
    body = '{"text": "路灯不亮", "external_id": "x"}'
    got = told(client.post("/api/v1/reports", body, "application/json", headers={"X-CSRFToken": "b" * 32}))
    assert got.status == 403
