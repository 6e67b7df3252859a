"""Signing in: by name and password, locked after too many failures, back to where one wanted to go."""

import pytest
from axes.models import AccessAttempt
from django.test import Client

from tests import people

PASSWORD = "correct horse battery staple"


@pytest.fixture
def dispatcher(world):
    AccessAttempt.objects.all().delete()
    return people.user("dispatcher", name="赵派遣", password=PASSWORD)


@pytest.fixture
def client(world):
    client = Client()
    client.cookies["yiwang_language"] = "en"
    return client


def sign_in(client, password, **more):
    return client.post("/sign-in", {"username": "dispatcher", "password": password} | more)


def test_whoever_is_signed_out_is_led_to_sign_in_and_back(client, dispatcher):
    away = client.get("/work?show=mine")
    assert (away.status_code, away["Location"]) == (302, "/sign-in?next=/work%3Fshow%3Dmine")
    assert 'value="/work?show=mine"' in client.get(away["Location"]).content.decode()
    back = sign_in(client, PASSWORD, next="/work?show=mine")
    assert (back.status_code, back["Location"]) == (302, "/work?show=mine")
    assert "赵派遣" in client.get("/work").content.decode()


def test_nobody_is_sent_to_another_site_after_signing_in(client, dispatcher):
    assert sign_in(client, PASSWORD, next="https://elsewhere.example/work")["Location"] == "/work"


def test_a_wrong_password_keeps_the_name_and_never_shows_the_password(client, dispatcher):
    answer = sign_in(client, "wrong password")
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "The user name or the password is wrong." in page
    assert 'value="dispatcher"' in page and "wrong password" not in page.replace("password is wrong", "")


def test_after_five_failures_signing_in_is_locked_and_the_page_says_until_when(client, dispatcher):
    for _try in range(5):
        answer = sign_in(client, "wrong password")
    assert answer.status_code == 429
    assert "Signing in is locked until" in answer.content.decode()
    assert sign_in(client, PASSWORD).status_code == 429


def test_signing_out_is_a_form_and_ends_the_session(client, dispatcher):
    sign_in(client, PASSWORD)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out")["Location"] == "/"
    assert client.get("/work").status_code == 302


def test_without_a_post_the_queue_says_who_gives_posts(client, world):
    client.force_login(people.user(username="new"), backend="yiwang.kernel.access.signin.PostsBackend")
    assert "You hold no post today" in client.get("/work").content.decode()
