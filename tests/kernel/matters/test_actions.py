"""What people do to a matter, and what they are told when it cannot be done."""

from __future__ import annotations

import pytest
from django.db import transaction
from uuid_utils.compat import uuid7

from tests.conftest import at
from tests.people import person
from yiwang.kernel.access.actors import SYSTEM, resident
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Event, Link, Matter, Outbox, Task


def close_it(way, when="2026-09-28T10:00"):
    way.to_handle()
    for outcome in ("done", "confirm", "pass"):
        way.do(outcome, when)
    return way.do("close", when, answer="已补装井盖。")


def test_a_matter_passes_the_seven_links_and_is_closed(way):
    matter = close_it(way)
    assert (matter.state, matter.outcome, matter.closed_at) == ("closed", "close", at("2026-09-28T10:00"))
    links = Task.objects.filter(matter=way.id).order_by("token").values_list("link", flat=True)
    assert list(links) == ["file", "dispatch", "handle", "feedback", "verify", "close"]


def test_who_comes_second_is_told_who_finished_the_task_and_when(way, acceptor):
    way.open()
    task = way.task().id
    actions.complete(
        actor=acceptor,
        task=task,
        outcome="void",
        now=at("2026-09-24T16:40"),
        note="重复",
        data={"reason": "repeat"},
    )
    other = person("acceptor", "duty-leader", name="王二")
    with pytest.raises(Conflict, match="李受理.*2026-09-24 16:40"):
        actions.complete(actor=other, task=task, outcome="verify", now=at("2026-09-24T16:41"))


def test_a_claimed_task_is_only_for_who_claimed_it(way, acceptor):
    way.open()
    task = way.task().id
    actions.claim(actor=acceptor, task=task, now=at("2026-09-24T16:35"))
    other = person("acceptor", "duty-leader", name="王二")
    for attempt in (actions.claim, lambda **given: actions.complete(outcome="verify", **given)):
        with pytest.raises(Conflict, match="李受理"):
            attempt(actor=other, task=task, now=at("2026-09-24T16:36"))


def test_a_handler_cannot_file(way):
    way.open()
    handler = person("handler-municipal-central", name="钱处置")
    with pytest.raises(Denied):
        actions.complete(actor=handler, task=way.task().id, outcome="file", now=at("2026-09-24T16:40"))
    assert way.task().node == "file"


def test_an_outcome_that_the_step_does_not_have_is_refused_with_those_it_has(way):
    way.open()
    with pytest.raises(Invalid, match="file, verify, void"):
        way.do("done", "2026-09-24T16:40")


def test_nothing_is_written_when_a_form_is_not_filled(way):
    way.open()
    before = Event.objects.count()
    with pytest.raises(Invalid) as refusal:
        actions.complete(
            actor=SYSTEM,
            task=way.task().id,
            outcome="file",
            now=at("2026-09-24T16:40"),
            data={"class_code": "99999"},
        )
    assert refusal.value.where == "class_code"
    assert Event.objects.count() == before
    assert way.task().node == "file"


def test_merged_matters_end_and_point_to_the_one_that_goes_on(way, dadong):
    from tests.kernel.matters.conftest import Way

    other = Way(dadong)
    way.to_handle()
    other.open()
    actions.merge(actor=SYSTEM, primary=way.id, duplicates=[other.id], now=at("2026-09-25T09:00"))
    ended = other.matter()
    assert (ended.state, ended.merged_into_id, ended.due_at) == ("merged", way.id, None)
    assert Link.objects.filter(source=other.id, target=way.id, kind="merged_into").exists()
    assert Task.objects.filter(matter=other.id, state="open").count() == 0
    with pytest.raises(Conflict):
        actions.merge(actor=SYSTEM, primary=way.id, duplicates=[other.id], now=at("2026-09-25T09:01"))


def test_a_matter_cannot_be_merged_into_itself(way):
    way.open()
    with pytest.raises(Invalid):
        actions.merge(actor=SYSTEM, primary=way.id, duplicates=[way.id], now=at("2026-09-25T09:00"))
    assert way.matter().state == "open"


def test_what_one_report_says_of_two_things_becomes_two_matters(way):
    way.open()
    (part,) = actions.split(
        actor=SYSTEM, matter=way.id, parts=[{"title": "路灯不亮"}], now=at("2026-09-24T17:00")
    )
    assert part.area_id == way.matter().area_id
    assert Link.objects.filter(source=part.id, target=way.id, kind="split_from").exists()


def test_a_resident_withdraws_before_it_is_handled_and_not_after(way, dadong):
    from tests.kernel.matters.conftest import Way

    way.to_handle()
    with pytest.raises(Conflict):
        actions.withdraw(actor=resident(way.id), matter=way.id, now=at("2026-09-25T09:00"))
    early = Way(dadong)
    early.open()
    assert (
        actions.withdraw(actor=resident(early.id), matter=early.id, now=at("2026-09-24T17:00")).state
        == "withdrawn"
    )


def test_a_resident_acts_on_the_own_matter_only(way, dadong):
    close_it(way)
    with pytest.raises(Denied):
        actions.rate(actor=resident(uuid7()), matter=way.id, score=1, now=at("2026-09-29T09:00"))


def test_not_fixed_brings_it_back_to_the_one_who_handled_it(way, dadong):
    way.to_handle()
    unit = way.task().unit_id
    handler = person(f"handler-{unit}", name="孙处置")
    way.do("done", "2026-09-28T10:00", actor=handler)
    for outcome in ("confirm", "pass"):
        way.do(outcome, "2026-09-28T11:00")
    way.do("close", "2026-09-28T12:00", answer="已修复。")
    matter = actions.reopen(
        actor=resident(way.id), matter=way.id, note="井盖又响了", now=at("2026-09-29T08:00")
    )
    task = way.task()
    assert (matter.state, matter.closed_at, matter.reopenings) == ("open", None, 1)
    assert (task.link, task.unit_id, task.assignee_id) == ("handle", unit, handler.id)
    # A new clock: 30 September, 8, 9, 10, 12 October.
    assert task.due_at == at("2026-10-12T17:00")
    assert "井盖又响了" not in Event.objects.get(matter=way.id, action="reopen").body


def test_the_lowest_of_several_ratings_is_kept(way):
    close_it(way)
    for score in (4, 2, 5):
        matter = actions.rate(actor=resident(way.id), matter=way.id, score=score, now=at("2026-09-29T09:00"))
    assert matter.rating == 2


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_rating_has_one_to_five_stars(way, score):
    close_it(way)
    with pytest.raises(Invalid):
        actions.rate(actor=resident(way.id), matter=way.id, score=score, now=at("2026-09-29T09:00"))


def test_sent_back_it_returns_to_the_step_before(way):
    way.to_handle()
    matter = actions.send_back(actor=SYSTEM, task=way.task().id, now=at("2026-09-25T09:00"), note="派错了")
    assert (way.task().node, matter.returns) == ("dispatch", 1)


def test_reassigned_to_another_unit_the_clock_runs_on(way):
    task = way.to_handle()
    actions.reassign(
        actor=SYSTEM, task=task.id, unit="municipal-north", now=at("2026-09-28T09:00"), note="片区调整"
    )
    assert (way.task().unit_id, way.task().due_at) == ("municipal-north", task.due_at)
    assert way.matter().unit_id == "municipal-north"


def test_a_chase_raises_the_priority_and_queues_a_notice(way, supervisor):
    way.to_handle()
    actions.remind(actor=supervisor, matter=way.id, now=at("2026-09-28T09:00"), note="学校门口，请今天处理")
    assert way.matter().priority == 1
    assert Outbox.objects.get(matter=way.id, topic="reminded").payload["note"] == "学校门口，请今天处理"


def test_a_matter_id_is_used_once(way):
    way.open()
    with pytest.raises(Conflict) as refusal, transaction.atomic():
        way.open()
    assert refusal.value.code == "id_taken"


@pytest.mark.parametrize(
    "name", ["20260924-999999-0", "not a number", "01890000-0000-7000-8000-00000000000z"]
)
def test_an_unknown_number_is_not_found(dadong, name):
    with pytest.raises(NotFound):
        actions.void(actor=SYSTEM, matter=name, now=at("2026-09-24T17:00"), note="x")


def test_a_running_matter_keeps_its_version_of_the_pack(way, dadong, tmp_path, settings):
    import shutil

    from yiwang.kernel.packs import rulebook
    from yiwang.kernel.packs.loader import load

    way.to_handle()
    for name in ("national", "dadong"):
        shutil.copytree(settings.PACKS_DIR / name, tmp_path / name)
    file = tmp_path / "national" / "processes" / "incident.bpmn"
    file.write_text(file.read_text().replace('"confirm:确认反馈,redo:重新处置"', '"confirm:确认,redo:重做"'))
    settings.PACKS_DIR = tmp_path
    load("dadong", now=at("2026-09-25T08:00"))
    assert rulebook.current().id != dadong.id
    way.do("done", "2026-09-28T10:00")
    assert way.matter().pack_id == dadong.id
    assert (
        rulebook.rulebook(way.matter().pack_id).process("incident").nodes["feedback"].outcomes["redo"]
        == "重新处置"
    )
    assert Matter.objects.get(pk=way.id).link == "feedback"
