"""The administrator at the command line."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command

from yiwang.kernel.access import tokens
from yiwang.kernel.access.models import User
from yiwang.kernel.errors import Invalid, NotFound


def run(*words, stdin=None, monkeypatch=None):
    if stdin is not None:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_a_new_colleague_gets_a_password_and_posts_and_leaves_again(district, monkeypatch):
    made = json.loads(
        run("users", "add", "wang", "--name", "王芳", "--post", "station-1", "--generate", "--json")
    )
    assert User.objects.get(username="wang").check_password(made["password"])
    assert "dabei-1" in run("users", "post", "wang", "dabei-1")
    assert "王芳\tdabei-1 大北监督员, station-1 环卫所处置" in run("users", "list")
    run("users", "post", "wang", "dabei-1", "--end")
    run(
        "users",
        "password",
        "wang",
        "--password-stdin",
        stdin="another long phrase\n",
        monkeypatch=monkeypatch,
    )
    assert User.objects.get(username="wang").check_password("another long phrase")
    run("users", "block", "wang")
    assert json.loads(run("users", "list", "--json"))[0]["active"] is False
    assert "(blocked)" in run("users", "list")
    run("users", "unblock", "wang")
    assert User.objects.get(username="wang").is_active


def test_without_a_terminal_the_command_says_how_to_give_a_password(district, monkeypatch):
    with pytest.raises(Invalid, match="--password-stdin"):
        run("users", "add", "wang", stdin="", monkeypatch=monkeypatch)


def test_tokens_are_issued_listed_and_revoked(district, now):
    run("users", "add", "wang", "--generate")
    issued = json.loads(run("tokens", "issue", "wang", "--name", "script", "--days", "7", "--json"))
    tokens.reset_caches()
    from django.utils import timezone

    assert tokens.verify(issued["token"], timezone.now()).username == "wang"
    listed = json.loads(run("tokens", "list", "wang", "--json"))
    assert listed[0]["id"] == issued["id"]
    assert "token" not in listed[0]
    assert "revoked" in run("tokens", "revoke", issued["id"])
    assert tokens.verify(issued["token"], timezone.now()) is None
    with pytest.raises(NotFound):
        run("tokens", "issue", "nobody")


def test_keys_are_added_listed_and_revoked(db, now, monkeypatch):
    added = json.loads(run("keys", "add", "12345", "--channel", "hotline", "--json"))
    assert tokens.verify_key(added["key"], now).name == "12345"
    chosen = run(
        "keys",
        "add",
        "demo",
        "--channel",
        "open311",
        "--secret-stdin",
        stdin="demo\n",
        monkeypatch=monkeypatch,
    )
    assert "key:" not in chosen  # whoever chose it knows it
    assert tokens.verify_key("demo", now).channel == "open311"
    assert len(json.loads(run("keys", "list", "--json"))) == 2
    run("keys", "revoke", str(added["id"]))
    assert tokens.verify_key(added["key"], now + dt.timedelta(days=9999)) is None
