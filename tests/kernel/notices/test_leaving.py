"""What leaves by e-mail and webhook: to whom, with what in it, once, and only where it may go."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from tests.conftest import at
from tests.people import person, user
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions, outbox
from yiwang.kernel.matters.models import Matter, Outbox
from yiwang.kernel.notices import inbox, registry
from yiwang.kernel.notices.contrib.webhook.plugin import WebhookNotifier, WebhookOptions, signature
from yiwang.kernel.notices.topics import without_numbers

NOW = at("2026-09-24T16:30")
SECRET = "s" * 32


@pytest.fixture
def mails(settings, tmp_path):
    """The folder in which mails arrive, and a reader of what is in it."""
    settings.NOTIFIERS = ["mail"]
    settings.NOTIFIER_OPTIONS = {"mail": {"folder": str(tmp_path), "address": "https://city.example"}}

    def read() -> list[str]:
        return [file.read_text() for file in sorted(tmp_path.glob("*.log"))]

    return read


def wanting(post: str, address: str = "li@example.cn"):
    row = user(post)
    row.email, row.language = address, "en"
    row.save()
    actor = person(post)
    inbox.choose(actor, mail="each", digest=True, wanted=list(inbox.TOPICS))
    return actor


def test_whoever_wants_a_mail_for_each_notice_gets_one_with_no_word_of_the_resident(way, mails):
    wanting("handler-drainage")
    wanting("handler-lighting", "wang@example.cn")
    way.to_handle()
    Matter.objects.filter(pk=way.id).update(title="井盖丢失，联系 13812345678", description="张先生家门口")
    actions.remind(actor=SYSTEM, matter=way.id, now=NOW, note="请回电 13912345678")
    assert outbox.deliver(NOW)[1] == 0
    text = "\n".join(mails())
    number = Matter.objects.get(pk=way.id).number
    assert text.count("To: li@example.cn") == 2 and "wang@example.cn" not in text
    assert number in text and f"https://city.example/matters/{number}" in text
    for private in ("13812345678", "13912345678", "张先生", "井盖丢失"):
        assert private not in text


def test_a_mail_that_is_tried_again_goes_only_to_who_has_not_got_it(way, mails, settings, tmp_path):
    wanting("handler-drainage")
    way.to_handle()
    outbox.deliver(NOW)
    Outbox.objects.update(state="waiting", next_at=NOW)
    outbox.deliver(NOW)
    assert sum(text.count("To: li@example.cn") for text in mails()) == 1


class Receiver:
    """A system that takes webhooks, on this machine."""

    def __init__(self) -> None:
        got = self.got = []
        answers = self.answers = {"status": 204, "to": ""}

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append((self.path, dict(self.headers), body))
                self.send_response(answers["status"])
                if answers["to"]:
                    self.send_header("Location", answers["to"])
                self.end_headers()

            def log_message(self, *args) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/yiwang?from=test"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(settings):
    made = Receiver()
    settings.NOTIFIERS = ["webhook"]
    settings.NOTIFIER_OPTIONS = {"webhook": {"urls": (made.url,), "secret": SECRET}}
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_another_system_gets_what_happens_signed_and_without_words_of_people(way, receiver):
    way.to_handle()
    actions.remind(actor=SYSTEM, matter=way.id, now=NOW, note="请回电 13912345678")
    assert outbox.deliver(NOW)[1] == 0
    told = [json.loads(body) for _path, _headers, body in receiver.got]
    assert {one["topic"] for one in told} == {"task", "reminded"}
    assert all(one["matter"] == Matter.objects.get(pk=way.id).number for one in told)
    path, headers, body = receiver.got[0]
    assert path == "/yiwang?from=test"
    expected = hmac.new(SECRET.encode(), headers["X-Yiwang-Timestamp"].encode() + b"." + body, hashlib.sha256)
    assert headers["X-Yiwang-Signature"] == "sha256=" + expected.hexdigest()
    assert signature(SECRET, headers["X-Yiwang-Timestamp"], body) == expected.hexdigest()
    assert not any("139" in body.decode() and "note" in body.decode() for _p, _h, body in receiver.got)


def test_a_redirect_is_not_followed_and_is_a_failure(way, receiver):
    way.to_handle()
    Outbox.objects.all().delete()
    actions.remind(actor=SYSTEM, matter=way.id, now=NOW, note="快")
    receiver.answers.update(status=302, to="http://127.0.0.1:9/elsewhere")
    Outbox.objects.filter(topic="notice").delete()
    assert outbox.deliver(NOW) == (0, 1)
    assert len(receiver.got) == 1
    row = Outbox.objects.get()
    assert row.state == "waiting" and "redirects" in row.reason


def test_one_notifier_that_fails_does_not_stop_the_others(way, monkeypatch):
    way.to_handle()
    Outbox.objects.all().delete()
    actions.remind(actor=SYSTEM, matter=way.id, now=NOW, note="快")
    sent = []

    def broken(row, number):
        raise ConnectionError("no route")

    monkeypatch.setattr(
        outbox, "chosen", lambda: [("a", broken), ("b", lambda row, number: sent.append(row.topic))]
    )
    assert outbox.deliver(NOW) == (0, 1)
    assert sent == ["reminded"]


@pytest.mark.parametrize(
    "url",
    [
        "http://city.example/hook",
        "ftp://city.example/hook",
        "city.example",
        "https://",
        "https://user:secret@city.example/hook",
    ],
)
def test_a_webhook_goes_only_to_a_plain_https_address(url):
    with pytest.raises(ValueError):
        WebhookOptions(urls=(url,), secret=SECRET)


def test_where_only_public_receivers_are_allowed_a_private_one_is_refused(monkeypatch):
    given = WebhookOptions(urls=("https://city.example/hook",), secret=SECRET, public_only=True)
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("10.0.0.5", 443))])
    with pytest.raises(ConnectionError, match="private"):
        WebhookNotifier(given).post("https://city.example/hook", b"{}", "k", NOW)


@pytest.mark.parametrize(
    ("names", "options"),
    [
        (["pigeon"], {}),
        (["webhook"], {}),
        (["webhook"], {"webhook": {"urls": ("https://city.example",), "secret": "short"}}),
        (["mail"], {"mail": {"port": "99999"}}),
    ],
)
def test_wrong_settings_are_named(settings, names, options):
    settings.NOTIFIERS, settings.NOTIFIER_OPTIONS = names, options
    with pytest.raises(ImproperlyConfigured, match="YIWANG_"):
        registry.in_use()


def test_the_check_sends_a_test_and_says_for_each_notifier_whether_it_arrived(
    db, receiver, settings, tmp_path
):
    settings.NOTIFIERS = ["log", "webhook", "mail"]
    settings.NOTIFIER_OPTIONS["mail"] = {"folder": str(tmp_path)}
    out = StringIO()
    call_command("notices", "check", "--to", "li@example.cn", "--json", stdout=out)
    said = {one["notifier"]: one["sent"] for one in json.loads(out.getvalue())}
    assert said == {"log": True, "webhook": True, "mail": True}
    assert json.loads(receiver.got[0][2])["topic"] == "test"
    receiver.answers["status"] = 500
    with pytest.raises(CommandError):
        call_command("notices", "check", stdout=StringIO())


def test_a_number_in_a_note_is_masked_but_a_matter_number_and_a_date_stay():
    assert without_numbers("见 20260924-000001-3，2026-09-30 前") == "见 20260924-000001-3，2026-09-30 前"
    assert "12345678" not in without_numbers("电话13812345678")
    assert "024-2345 6789" not in without_numbers("座机 024-2345 6789")
    assert without_numbers("长 1200 米，3 处") == "长 1200 米，3 处"
