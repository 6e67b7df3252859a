"""The demonstration district has the look of life, and its people can work in it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import transaction
from django.test import override_settings

from tests.conftest import at
from yiwang.domains.operations.models import Report
from yiwang.kernel.access import signin, tokens
from yiwang.kernel.matters import actions, audit, queries
from yiwang.kernel.matters.models import Event, Matter, Outbox, Task
from yiwang.kernel.packs.loader import load
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.registers import queries as registers
from yiwang.project.demo import accounts, make

UNTIL = at("2026-11-23T10:30")


@pytest.fixture(scope="module", autouse=True)
def _district(django_db_setup, django_db_blocker, tmp_path_factory):
    """Made once for all tests of this file, in a transaction around their own."""
    files = override_settings(FILES_DIR=tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock(), files:
        registers.reset_caches()
        whole = transaction.atomic()
        whole.__enter__()
        load("dadong", now=at("2026-01-05T08:00"))
        make.create(until=UNTIL, scale=0.25, seed=1)
    with files:
        yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)
        registers.reset_caches()


def test_every_link_of_the_process_has_open_matters_and_every_chain_holds(db):
    open_links = set(Matter.objects.filter(state="open").values_list("link", flat=True))
    assert {"file", "dispatch", "handle", "feedback", "verify", "close"} - open_links <= {"dispatch"}
    assert set(Matter.objects.values_list("state", flat=True)) == {
        "open",
        "closed",
        "void",
        "merged",
        "withdrawn",
    }
    happened = set(Event.objects.values_list("action", flat=True))
    assert {"claim", "hold", "extend", "remind", "merge", "rate", "reopen", "reassign"} <= happened
    assert [fault for _number, faults in audit.verify() for fault in faults] == []
    assert not Event.objects.filter(at__gt=UNTIL).exists()
    assert Task.objects.filter(state="open", due_at__lt=UNTIL).exists()


def test_reports_lie_in_their_communities_and_photos_show_before_and_after(db):
    point = Matter.objects.filter(lat__isnull=False, area__isnull=False)
    assert set(point.values_list("area", flat=True)) <= set(registers.areas())
    of_reports = Attachment.objects.exclude(stage="document")  # those are the drawings of projects
    assert {"report", "after"} == set(of_reports.values_list("stage", flat=True))
    assert set(Report.objects.values_list("channel", flat=True)) == {"portal", "hotline", "open311", "staff"}


def test_the_accounts_sign_in_and_find_their_work(db, rf):
    for name, *_words in accounts.SHOWN:
        request = rf.post("/sign-in")
        user = signin.PostsBackend().authenticate(request, username=name, password=accounts.PASSWORD)
        assert user is not None and user.username == name
    found = accounts.staff(date(2026, 11, 23))
    assert queries.queue(found.post("acceptor")).rows
    assert queries.queue(found.post("duty-leader")).rows
    assert tokens.verify_key(accounts.KEY, UNTIL).channel == "open311"


def test_a_new_report_gets_a_number_that_the_demonstration_did_not_use(db):
    row = actions.open(
        actor=accounts.staff(date(2026, 11, 23)).post("acceptor"),
        kind="incident",
        id=UUID(int=1),
        title="x",
        source="portal",
        now=UNTIL,
    )
    assert row.number not in set(Matter.objects.exclude(pk=row.pk).values_list("number", flat=True))


def test_old_notices_were_sent_long_ago(db):
    assert not Outbox.objects.filter(state="waiting", created_at__lt=at("2026-11-23T10:00")).exists()
