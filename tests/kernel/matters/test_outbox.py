"""Notices are delivered at least once, tried again, and given up with the reason kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import at
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions, outbox
from yiwang.kernel.matters.models import Outbox

NOW = at("2026-09-28T09:00")


@pytest.fixture
def notice(way):
    way.to_handle()
    Outbox.objects.all().delete()
    actions.remind(actor=SYSTEM, matter=way.id, now=NOW, note="快")
    return Outbox.objects.get()


@pytest.fixture
def notifier(monkeypatch):
    """A plugin that fails as long as `broken` is set."""
    sent, state = [], {"broken": False}

    def plugin(row, number):
        if state["broken"]:
            raise ConnectionError("no route")
        sent.append((row.topic, number))

    monkeypatch.setattr(outbox, "chosen", lambda: [("test", plugin)])
    return sent, state


def test_a_notice_is_sent_once(notice, notifier):
    assert outbox.deliver(NOW) == (1, 0)
    assert outbox.deliver(NOW) == (0, 0)
    assert notifier[0] == [("reminded", notice.matter.number)]


def test_a_failed_notice_is_tried_again_later_and_its_reason_is_kept(notice, notifier):
    notifier[1]["broken"] = True
    assert outbox.deliver(NOW) == (0, 1)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.reason) == ("waiting", 1, "ConnectionError: no route")
    assert outbox.deliver(NOW) == (0, 0)
    notifier[1]["broken"] = False
    assert outbox.deliver(NOW + timedelta(minutes=1)) == (1, 0)


def test_after_eight_failures_it_is_given_up_and_stays_to_be_seen(notice, notifier):
    notifier[1]["broken"] = True
    now = NOW
    for _try in range(outbox.TRIES):
        outbox.deliver(now)
        now += timedelta(days=1)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("failed", outbox.TRIES)
    assert outbox.deliver(now) == (0, 0)


def test_a_worker_that_died_while_sending_loses_no_notice(notice, monkeypatch):
    def killed(row, number):
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "chosen", lambda: [("test", killed)])
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver(NOW)
    sent = []
    monkeypatch.setattr(outbox, "chosen", lambda: [("test", lambda row, number: sent.append(row.pk))])
    assert outbox.deliver(NOW + timedelta(minutes=1)) == (0, 0)  # another worker might still be at it
    assert outbox.deliver(NOW + outbox.LEASE) == (1, 0)
    assert sent == [notice.pk]
