"""One digest a person a working day: never twice, never for a day that has gone."""

from datetime import date, timedelta

import pytest

from tests.conftest import at
from tests.people import person, user
from yiwang.kernel.notices import digest, inbox
from yiwang.kernel.notices.models import Digest, Notice
from yiwang.kernel.registers.calendars import current_calendar

# 25–27 September 2026 are off; Monday the 28th is worked, and Sunday the 20th is a make-up day.
MONDAY = at("2026-09-28T08:00")


@pytest.fixture
def waiting(way):
    task = way.to_handle("2026-09-24T16:30")
    return person("handler-drainage", name="李师傅"), task


def test_it_is_made_from_eight_on_working_days_and_for_that_day(dadong):
    calendar = current_calendar()
    assert digest.day_of(MONDAY - timedelta(minutes=1), calendar) is None
    assert digest.day_of(MONDAY, calendar) == date(2026, 9, 28)
    assert digest.day_of(at("2026-09-28T23:30"), calendar) == date(2026, 9, 28)
    assert digest.day_of(at("2026-09-26T09:00"), calendar) is None
    assert digest.day_of(at("2026-09-20T09:00"), calendar) == date(2026, 9, 20)


def test_it_says_what_is_overdue_due_today_and_new(waiting):
    handler, task = waiting
    assert digest.make(MONDAY) >= 1
    row = inbox.page(handler, MONDAY).rows[0]
    assert row["topic"] == "digest"
    assert row["data"]["new"] == 1 and row["data"]["overdue"] == 0
    late = task.due_at + timedelta(days=1)
    day = late.replace(hour=2)  # 10:00 in China
    digest.make(day)
    counts = Digest.objects.get(user=handler.id, day=day.date()).counts
    assert (counts["overdue"], counts["new"]) == (1, 0)


def test_however_often_it_is_tried_it_is_one(waiting):
    handler, _task = waiting
    digest.make(MONDAY)
    assert digest.make(MONDAY + timedelta(hours=5)) == 0
    assert Digest.objects.filter(user=handler.id).count() == 1
    assert Notice.objects.filter(topic="digest", user=handler.id).count() == 1


def test_after_the_machine_was_down_it_is_made_for_the_day_on_which_it_runs(waiting):
    handler, _task = waiting
    digest.make(at("2026-09-29T11:00"))
    assert [row.day for row in Digest.objects.filter(user=handler.id)] == [date(2026, 9, 29)]


def test_who_has_nothing_to_do_is_not_disturbed(dadong):
    nobody = person("handler-sanitation")
    digest.make(MONDAY)
    assert Digest.objects.filter(user=nobody.id).count() == 1
    assert not Notice.objects.filter(user=nobody.id).exists()


def test_it_is_made_a_few_people_at_a_time(dadong):
    for post in ("acceptor", "dispatcher", "supervisor"):
        user(post)
    total = 0
    while made := digest.make(MONDAY, at_most=2):
        assert made <= 2
        total += made
    assert total == Digest.objects.count() >= 3


class Box:
    def __init__(self, broken: bool = False) -> None:
        self.broken, self.sent = broken, []

    def __call__(self, to, row) -> None:
        if self.broken:
            raise ConnectionError("no mail server")
        self.sent.append(to.username)


def mailed(post: str = "handler-drainage") -> str:
    row = user(post)
    row.email = "li@example.cn"
    row.save()
    return row.username


def test_its_mail_is_tried_again_and_given_up_when_the_day_has_gone(waiting, settings):
    settings.NOTIFIERS = ["mail"]
    name = mailed()
    digest.make(MONDAY)
    broken, box = Box(broken=True), Box()
    assert digest.deliver(MONDAY, broken) == (0, 1)
    assert digest.deliver(MONDAY, box) == (0, 0)  # not before its next try
    assert digest.deliver(MONDAY + timedelta(minutes=2), box) == (1, 0)
    assert box.sent == [name]
    Digest.objects.update(state="waiting", next_at=MONDAY)
    assert digest.deliver(MONDAY + timedelta(days=1), box) == (0, 1)
    assert Digest.objects.get(user__username=name).state == "failed" and box.sent == [name]


def test_there_is_no_mail_without_an_address_or_for_who_does_not_want_it(waiting, settings):
    settings.NOTIFIERS = ["mail"]
    digest.make(MONDAY)
    assert not Digest.objects.filter(state="waiting").exists()
    handler, _task = waiting
    mailed()
    inbox.choose(handler, mail="none", digest=False, wanted=[])
    digest.make(MONDAY + timedelta(days=1))
    assert not Digest.objects.filter(state="waiting").exists()
