"""Those above chase and decide, units reply and ask; each is one event, and the other person decides."""

from datetime import date, timedelta

import pytest

from tests.budgets import Asked
from tests.conftest import at
from tests.domains.operations.conftest import NOW
from yiwang.domains.operations import appeals, supervised, supervision
from yiwang.domains.operations.evaluation import overdue_facts
from yiwang.domains.operations.models import Chase, Request
from yiwang.domains.operations.periods import Period
from yiwang.domains.operations.queries import visible_reports
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.matters import actions, audit, queries
from yiwang.kernel.matters.models import Event, Matter, Outbox, Pause, Task

MONDAY = at("2026-09-28T17:00")
OCTOBER = date(2026, 10, 20)


@pytest.fixture
def handling(filed, work):
    got = filed()
    work(got.id, "dispatch", "dispatch", NOW)
    got.task = Task.objects.get(matter=got.id, state="open")
    return got


def whole(matter) -> bool:
    return [found for _number, found in audit.verify(Matter.objects.filter(pk=matter))] == [[]]


def events(matter) -> list[str]:
    return list(Event.objects.filter(matter=matter).order_by("seq").values_list("action", flat=True))


def chased(handling, staff, **given):
    given = {"note": "请今日到场", "reply_by": MONDAY, "now": NOW} | given
    return supervision.chase(actor=staff("supervisor"), matter=handling.id, **given)


def test_a_supervisor_chases_and_the_unit_that_has_it_replies(handling, staff):
    row = chased(handling, staff)
    assert (row.unit_id, row.replied_at) == ("lighting", None)
    assert Matter.objects.get(pk=handling.id).priority == 1
    told = {(row.payload["unit"], row.payload["post"]) for row in Outbox.objects.filter(topic="chased")}
    assert told == {("lighting", "handler"), ("lighting", "unit_reviewer")}
    supervision.reply(actor=staff("handler-lighting"), chase=row.pk, note="已派人，下午修好", now=NOW)
    row.refresh_from_db()
    assert (row.reply, row.replied_by.username) == ("已派人，下午修好", "handler-lighting")
    assert events(handling.id)[-2:] == ["chase", "reply"]
    assert Outbox.objects.get(topic="chase_replied").payload["user"] == row.chased_by_id
    assert whole(handling.id)


def test_a_chase_says_what_is_to_be_done_and_until_when(handling, staff):
    for wrong in (
        {"note": " "},
        {"reply_by": NOW},
        {"reply_by": NOW - timedelta(days=1)},
        {"reply_by": NOW + timedelta(days=800)},
        {"note": "长" * 501},
    ):
        with pytest.raises(Invalid):
            chased(handling, staff, **wrong)
    assert "chase" not in events(handling.id) and not Chase.objects.exists()


def test_a_second_tap_is_the_same_chase(handling, staff):
    first = chased(handling, staff)
    assert chased(handling, staff, id=first.pk).pk == first.pk
    assert events(handling.id).count("chase") == 1


def test_who_does_not_stand_above_cannot_chase_and_another_unit_cannot_reply(handling, staff):
    for post in ("handler-lighting", "dispatcher", "leader"):
        with pytest.raises(Denied):
            supervision.chase(actor=staff(post), matter=handling.id, note="快", reply_by=MONDAY, now=NOW)
    row = chased(handling, staff)
    with pytest.raises(Denied):
        supervision.reply(actor=staff("handler-sanitation"), chase=row.pk, note="好的", now=NOW)


def test_a_chase_is_replied_to_once_and_not_after_the_end(handling, staff):
    row = chased(handling, staff)
    reviewer = staff("reviewer-lighting")
    supervision.reply(actor=reviewer, chase=row.pk, note="在修", now=NOW)
    with pytest.raises(Conflict):
        supervision.reply(actor=reviewer, chase=row.pk, note="在修", now=NOW)
    other = chased(handling, staff)
    actions.void(actor=staff("duty-leader"), matter=handling.id, now=NOW, note="重复")
    with pytest.raises(Conflict):
        supervision.reply(actor=reviewer, chase=other.pk, note="在修", now=NOW)


def test_more_time_is_asked_by_the_unit_and_granted_by_somebody_else(handling, staff):
    before = handling.task.due_at
    asked = supervision.ask_extension(
        actor=staff("handler-lighting"), task=handling.task.pk, limit="2wd", note="要定制灯杆", now=NOW
    )
    assert Outbox.objects.get(topic="request_asked").payload["post"] == "supervisor"
    with pytest.raises(Denied):
        supervision.decide_request(actor=staff("duty-leader"), request=asked.pk, approve=True, now=NOW)
    supervision.decide_request(actor=staff("supervisor"), request=asked.pk, approve=True, now=NOW)
    assert Task.objects.get(pk=handling.task.pk).due_at > before
    assert events(handling.id)[-2:] == ["ask_extend", "extend"]
    assert Matter.objects.get(pk=handling.id).extensions == 1
    assert whole(handling.id)


def test_what_was_asked_in_time_is_granted_in_time_although_it_is_decided_late(handling, staff):
    asked = supervision.ask_extension(
        actor=staff("handler-lighting"), task=handling.task.pk, limit="2wd", note="要定制灯杆", now=NOW
    )
    late = handling.task.due_at + timedelta(hours=3)
    supervision.decide_request(actor=staff("supervisor"), request=asked.pk, approve=True, now=late)
    assert Task.objects.get(pk=handling.task.pk).due_at > late
    with pytest.raises(Invalid):
        supervision.ask_extension(
            actor=staff("handler-lighting"), task=handling.task.pk, limit="1wd", note="还要", now=late
        )


def test_a_refusal_says_why_and_changes_no_limit(handling, staff):
    asked = supervision.ask_extension(
        actor=staff("handler-lighting"), task=handling.task.pk, limit="2wd", note="要定制灯杆", now=NOW
    )
    boss = staff("supervisor")
    with pytest.raises(Invalid):
        supervision.decide_request(actor=boss, request=asked.pk, approve=False, now=NOW)
    supervision.decide_request(actor=boss, request=asked.pk, approve=False, opinion="有备件", now=NOW)
    assert Task.objects.get(pk=handling.task.pk).due_at == handling.task.due_at
    assert events(handling.id)[-1] == "refuse"
    with pytest.raises(Conflict):
        supervision.decide_request(actor=boss, request=asked.pk, approve=True, now=NOW)


def test_the_same_thing_is_asked_once_at_a_time(handling, staff):
    given = {"actor": staff("handler-lighting"), "task": handling.task.pk, "limit": "1wd", "now": NOW}
    supervision.ask_extension(note="要定制灯杆", **given)
    with pytest.raises(Conflict):
        supervision.ask_extension(note="要定制灯杆", **given)
    with pytest.raises(Denied):
        supervision.ask_extension(note="要定制灯杆", **given | {"actor": staff("handler-sanitation")})
    with pytest.raises(Invalid):
        supervision.ask_extension(note="要定制灯杆", **given | {"limit": "2eh"})


def test_nothing_hangs_without_the_duty_leaders_approval(handling, staff):
    with pytest.raises(Invalid) as refused:
        actions.hold(actor=staff("dispatcher"), matter=handling.id, reason="hangup", note="等拆迁", now=NOW)
    assert refused.value.code == "needs_approval"
    asked = supervision.ask_hang_up(
        actor=staff("reviewer-lighting"), matter=handling.id, review_on=OCTOBER, note="等征收完成", now=NOW
    )
    assert not Matter.objects.get(pk=handling.id).held
    with pytest.raises(Denied):
        supervision.decide_request(actor=staff("dispatcher"), request=asked.pk, approve=True, now=NOW)
    supervision.decide_request(
        actor=staff("duty-leader"), request=asked.pk, approve=True, opinion="同意", now=NOW
    )
    matter, pause = Matter.objects.get(pk=handling.id), Pause.objects.get(matter=handling.id)
    assert matter.held and pause.reason == "hangup"
    assert Request.objects.get().pause_id == pause.pk
    assert events(handling.id)[-2:] == ["ask_hang_up", "hold"]
    assert whole(handling.id)


def test_what_hangs_is_looked_at_again_until_its_clock_runs(handling, staff):
    asked = supervision.ask_hang_up(
        actor=staff("dispatcher"), matter=handling.id, review_on=OCTOBER, note="等征收完成", now=NOW
    )
    boss = staff("duty-leader")
    supervision.decide_request(actor=boss, request=asked.pk, approve=True, now=NOW)
    given = {"actor": boss, "request": asked.pk, "note": "征收未完", "now": at("2026-10-20T09:00")}
    with pytest.raises(Invalid):
        supervision.keep_hanging(review_on=OCTOBER, **given)
    supervision.keep_hanging(review_on=date(2026, 12, 1), **given)
    assert Request.objects.get().review_on == date(2026, 12, 1)
    actions.resume(actor=staff("dispatcher"), matter=handling.id, now=at("2026-10-21T09:00"))
    with pytest.raises(Conflict):
        supervision.keep_hanging(review_on=date(2026, 12, 2), **given)


def test_nobody_decides_what_they_asked_for(handling, staff):
    boss = staff("supervisor")
    asked = supervision.ask_hang_up(
        actor=staff("dispatcher"), matter=handling.id, review_on=OCTOBER, note="等征收完成", now=NOW
    )
    Request.objects.filter(pk=asked.pk).update(asked_by=boss.id)
    with pytest.raises(Denied):
        supervision.decide_request(actor=boss, request=asked.pk, approve=True, now=NOW)


def test_what_does_not_exist_is_not_found(staff):
    for call in (
        lambda: supervision.reply(actor=staff("dispatcher"), chase=NOWHERE, note="好的", now=NOW),
        lambda: supervision.decide_request(actor=staff("supervisor"), request=NOWHERE, approve=True, now=NOW),
    ):
        with pytest.raises(NotFound):
            call()


NOWHERE = "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("post", "sees"), [("duty-leader", True), ("handler-lighting", True), ("handler-greening", False)]
)
def test_lists_of_supervision_show_only_what_the_person_may_see(handling, staff, post, sees):
    asked = supervision.ask_hang_up(
        actor=staff("dispatcher"), matter=handling.id, review_on=OCTOBER, note="等征收完成", now=NOW
    )
    chased(handling, staff)
    supervision.decide_request(actor=staff("duty-leader"), request=asked.pk, approve=True, now=NOW)
    actor = staff(post)
    assert [row["id"] for row in supervised.hanging(actor).rows] == ([asked.pk] if sees else [])
    assert [row["id"] for row in supervised.asked(actor)] == ([asked.pk] if sees else [])
    assert len(supervised.chases(actor).rows) == sees


@pytest.mark.parametrize(
    "listed",
    [
        supervised.replied,
        supervised.asked,
        supervised.to_decide,
        lambda actor: supervised.hanging(actor).rows,
        lambda actor: supervised.chases(actor).rows,
        appeals.listed,
        appeals.waiting,
        lambda actor: overdue_facts(Period.of("week", NOW.date()), NOW, actor=actor),
        lambda actor: visible_reports(actor).rows,
        lambda actor: queries.overdue(actor, now=NOW).rows,
    ],
)
def test_no_list_for_those_above_collects_all_matters_first(staff, listed):
    """A list of ids of every matter of the district took seconds out of a million."""
    actor = staff("supervisor")
    with Asked() as asked:
        listed(actor)
    assert asked.captured_queries
    assert not [one["sql"] for one in asked.captured_queries if "IN (SELECT" in one["sql"]]
