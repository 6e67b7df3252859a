"""Joint meetings: who convenes, what departments say, what becomes of resolutions and of conditions."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.conftest import at
from tests.domains.approvals.building import registered
from tests.pages.approvals import act, meet
from tests.people import person
from yiwang.domains.approvals import changing, meetings
from yiwang.domains.approvals.models import Meeting, MeetingChange, MeetingOpinion, Resolution
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.matters import audit, store
from yiwang.kernel.matters.models import Event, Matter, Task
from yiwang.kernel.notices.audience import for_actor
from yiwang.kernel.notices.models import Notice

NOW = at("2026-09-07T10:00")
LEAD = "stage-lead-natural-resources"


@pytest.fixture
def pack(dadong):
    store.numbers.forget()
    yield dadong
    store.numbers.forget()


@pytest.fixture
def project(pack):
    return registered().project


def convene(project, **more):
    given = {
        "actor": person(LEAD),
        "id": uuid4(),
        "lead": "natural-resources",
        "at": NOW + timedelta(days=2),
        "place": "301",
        "agenda": [{"project": project.code, "permit": "scheme-review", "question": "退线距离"}],
        "attending": ["greening", "civil-defence", "greening"],
        "now": NOW,
    }
    return meetings.convene(**given | more)


def opinion(meeting, unit: str, said: str, reason: str = "") -> None:
    actor = person(f"service-reviewer-{unit}")
    act(meeting.matter, "opinion", "given", NOW, actor, unit, opinion_1=said, reason_1=reason)


def test_each_department_has_one_task_and_the_lead_closes_when_all_have_spoken(project):
    meeting = convene(project)
    tasks = Task.objects.filter(matter=meeting.pk, state="open")
    assert sorted(tasks.values_list("node", "unit")) == [
        ("opinion", "civil-defence"),
        ("opinion", "greening"),
    ]
    opinion(meeting, "greening", "agree")
    opinion(meeting, "civil-defence", "disagree", "口部位置不符合 GB 50038")
    assert list(Task.objects.filter(matter=meeting.pk, state="open").values_list("node", flat=True)) == [
        "conclude"
    ]
    assert set(MeetingOpinion.objects.values_list("unit", "opinion")) == {
        ("greening", "agree"),
        ("civil-defence", "disagree"),
    }


def test_conditions_and_objections_need_their_basis_and_every_item_an_opinion(project):
    meeting = convene(project)
    with pytest.raises(Invalid) as refused:
        opinion(meeting, "greening", "conditions")
    assert refused.value.where == "reason_1"
    with pytest.raises(Invalid) as refused:
        opinion(meeting, "greening", "")
    assert refused.value.where == "opinion_1" and not MeetingOpinion.objects.exists()


def test_a_resolution_and_a_condition_become_matters_with_limits_that_are_done_and_confirmed(project):
    meeting = meet(project, NOW)
    rows = list(Resolution.objects.filter(meeting=meeting).order_by("place"))
    assert [(one.unit, one.limit, one.opinion_id is None) for one in rows] == [
        ("municipal", "5wd", True),
        ("civil-defence", "10wd", False),
    ]
    assert rows[1].text == "人防口部须外移 2 米，依据 GB 50038"
    assert Matter.objects.get(pk=meeting.pk).state == "closed"
    task = Task.objects.get(matter=rows[1].pk)
    assert (task.node, task.due_at) == ("do", at("2026-09-20T17:30"))  # ten working days; the 20th is worked
    act(rows[1].matter, "do", "done", NOW, person("service-reviewer-civil-defence"), reason="已外移")
    act(rows[1].matter, "confirm", "again", NOW, person(LEAD), reason="请附图")
    act(rows[1].matter, "do", "done", NOW, person("service-reviewer-civil-defence"), reason="附图")
    act(rows[1].matter, "confirm", "confirmed", NOW, person(LEAD))
    assert Matter.objects.get(pk=rows[1].pk).state == "closed"
    assert Resolution.objects.get(pk=rows[1].pk).done == "附图"


@pytest.mark.parametrize(
    "change, where",
    [
        ({"lead": "greening"}, "lead"),
        ({"attending": []}, "attending"),
        ({"attending": ["nobody"]}, "attending"),
        ({"agenda": []}, "agenda"),
        ({"at": NOW - timedelta(days=3)}, "at"),
        ({"place": " "}, "place"),
        ({"agenda": [{"project": "2609", "question": "退线距离"}]}, "agenda.0.project"),
    ],
)
def test_what_is_wrong_with_a_notice_is_told_with_its_field_and_nothing_is_kept(project, change, where):
    with pytest.raises(Invalid) as refused:
        convene(project, **change)
    assert refused.value.where == where and not Meeting.objects.exists()


def test_only_the_lead_of_its_own_department_convenes_and_the_same_notice_twice_is_one_meeting(project):
    for post in ("stage-lead-construction", "project-guide", "service-reviewer-greening"):
        with pytest.raises(Denied):
            convene(project, actor=person(post))
    key = uuid4()
    assert convene(project, id=key).pk == convene(project, id=key).pk
    with pytest.raises(Conflict):
        convene(project, id=key, place="302")


def test_a_meeting_is_seen_by_its_lead_its_departments_and_guides_and_by_nobody_else(project):
    number = convene(project).matter.number
    for post in (LEAD, "service-reviewer-greening", "project-guide"):
        assert meetings.visible(person(post), number)
    for post in ("service-reviewer-water-affairs", "stage-lead-construction", "handler-lighting"):
        with pytest.raises(NotFound):
            meetings.visible(person(post), number)


def test_the_pages_convene_show_and_print_a_meeting(signed_in, world, time):
    from tests.pages import approvals

    project = approvals.make(time.now).project
    client = signed_in(LEAD)
    form = {
        "id": str(uuid4()),
        "lead": "natural-resources",
        "at": (time.now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "place": "301 会议室",
        "agenda.0.project": project.code,
        "agenda.0.permit": "scheme-review",
        "agenda.0.question": "",
        "attending": ["greening"],
    }
    slip = client.post("/meetings/new", form)
    assert slip.status_code == 422 and "301 会议室" in slip.content.decode()
    assert client.post("/meetings/new", form | {"agenda.0.question": "退线距离"}).status_code == 302
    meeting = Meeting.objects.get()
    page = client.get(f"/meetings/{meeting.matter.number}").content.decode()
    assert "退线距离" in page and "not given yet" in page
    assert meeting.matter.number in client.get("/meetings").content.decode()
    reviewer = signed_in("service-reviewer-greening")
    address = f"/matters/{meeting.matter.number}"
    assert 'name="opinion_1"' in reviewer.get(address).content.decode()
    task = Task.objects.get(matter=meeting.pk, node="opinion")
    answer = {"form": "x", "task": str(task.pk), "outcome": "given", "opinion_1": "conditions"}
    assert reviewer.post(f"{address}/do/complete", answer | {"reason_1": ""}).status_code == 422
    reviewer.post(f"{address}/do/complete", answer | {"reason_1": "移栽乔木 3 株"})
    assert 'name="condition_limit"' in client.get(address).content.decode()
    task = Task.objects.get(matter=meeting.pk, node="conclude")
    client.post(
        f"{address}/do/complete",
        {
            "form": "x",
            "task": str(task.pk),
            "outcome": "closed",
            "summary": "原则同意",
            "condition_limit": "10",
        },
    )
    minutes = client.get(f"/meetings/{meeting.matter.number}").content.decode()
    assert "Minutes of the joint meeting" in minutes and "移栽乔木 3 株" in minutes and "原则同意" in minutes
    assert signed_in("handler-lighting").get(f"/meetings/{meeting.matter.number}").status_code == 404


def test_the_api_convenes_lists_and_tells_a_meeting(signed_in, world, time):
    project = registered(time.now).project
    client = signed_in(LEAD)
    sent = {
        "lead": "natural-resources",
        "at": (time.now + timedelta(days=1)).isoformat(),
        "place": "301",
        "agenda": [{"project": project.code, "question": "退线距离"}],
        "attending": ["greening"],
    }
    made = client.post("/api/v1/meetings", sent, content_type="application/json")
    assert made.status_code == 200, made.content
    number = made.json()["number"]
    assert [row["number"] for row in client.get("/api/v1/meetings").json()["items"]] == [number]
    found = client.get(f"/api/v1/meetings/{number}").json()
    assert found["agenda"][0]["question"] == "退线距离" and found["resolutions"] == []
    wrong = client.post("/api/v1/meetings", sent | {"attending": []}, content_type="application/json")
    assert wrong.status_code == 422
    other = signed_in("handler-lighting")
    assert other.post("/api/v1/meetings", sent, content_type="application/json").status_code == 403
    assert other.get(f"/api/v1/meetings/{number}").status_code == 404


# After the notice went out


def told(post: str) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(for_actor(person(post)), topic="meeting").order_by("pk")
    return [(row.data["what"], row.data["note"]) for row in rows]


def test_a_meeting_is_moved_and_those_invited_are_told_who_changed_what_and_why(project):
    meeting = convene(project)
    later = NOW + timedelta(days=9)
    made = changing.change(
        actor=person(LEAD), meeting=meeting, reason="专家未到", now=NOW, at=later, place="405"
    )
    meeting.refresh_from_db()
    assert (meeting.at, meeting.place, made.kind) == (later, "405", "moved")
    assert made.fields["place"] == ["301", "405"] and made.by_id == person(LEAD).id
    assert told("service-reviewer-greening") == [("moved", "专家未到")]
    assert told("service-reviewer-water-affairs") == [] and told(LEAD) == []
    event = Event.objects.filter(matter=meeting.pk).order_by("-seq").first()
    assert (event.action, event.data["record"]["fields"]) == ("amend", ["at", "place"])
    assert not next(audit.verify(Matter.objects.filter(pk=meeting.pk)))[1]
    assert changing.change(actor=person(LEAD), meeting=meeting, reason="同上", now=NOW, place="405") is None


def test_the_agenda_changes_until_a_department_has_spoken(project):
    meeting = convene(project)
    new = [
        {"project": project.code, "permit": "", "question": "供水接入点"},
        {"project": project.code, "permit": "scheme-review", "question": "退线距离"},
    ]
    changing.change(actor=person(LEAD), meeting=meeting, reason="增加议题", now=NOW, agenda=new)
    act(meeting.matter, "opinion", "given", NOW, person("service-reviewer-greening"), "greening",
        opinion_1="agree", opinion_2="agree")  # fmt: skip
    assert MeetingOpinion.objects.count() == 2
    with pytest.raises(Invalid) as refused:
        changing.change(actor=person(LEAD), meeting=meeting, reason="再增加", now=NOW, agenda=new[:1])
    assert refused.value.where == "agenda"
    changing.change(actor=person(LEAD), meeting=meeting, reason="会议室占用", now=NOW, place="302")
    assert [one.kind for one in meeting.changes.order_by("place")] == ["changed", "changed"]


def test_of_two_who_change_a_notice_at_the_same_time_the_second_looks_again(project):
    meeting = convene(project)
    changing.change(actor=person(LEAD), meeting=meeting, reason="占用", now=NOW, place="302", seen=0)
    with pytest.raises(Conflict):
        changing.change(actor=person(LEAD), meeting=meeting, reason="占用", now=NOW, place="303", seen=0)


@pytest.mark.parametrize(
    "change, where",
    [({"reason": " "}, "reason"), ({"at": NOW - timedelta(days=9)}, "at"), ({"place": ""}, "place")],
)
def test_a_change_needs_its_reason_and_changes_nothing_when_it_is_wrong(project, change, where):
    meeting = convene(project)
    with pytest.raises(Invalid) as refused:
        changing.change(
            **{"actor": person(LEAD), "meeting": meeting, "reason": "专家未到", "now": NOW} | change
        )
    assert refused.value.where == where and not MeetingChange.objects.exists()


def test_a_cancelled_meeting_asks_nobody_any_more_and_tells_why(project):
    meeting = convene(project)
    for post in ("stage-lead-construction", "service-reviewer-greening"):
        with pytest.raises(Denied):
            changing.cancel(actor=person(post), meeting=meeting, reason="项目撤回", now=NOW)
        with pytest.raises(Denied):
            changing.change(actor=person(post), meeting=meeting, reason="项目撤回", now=NOW, place="1")
    with pytest.raises(Invalid):
        changing.cancel(actor=person(LEAD), meeting=meeting, reason="", now=NOW)
    changing.cancel(actor=person(LEAD), meeting=meeting, reason="项目撤回", now=NOW)
    assert not Task.objects.filter(matter=meeting.pk, state="open").exists()
    assert told("service-reviewer-civil-defence") == [("cancelled", "项目撤回")]
    assert meetings.visible(person("service-reviewer-greening"), meeting.matter.number)
    with pytest.raises(Conflict):
        changing.change(actor=person(LEAD), meeting=meeting, reason="反悔了", now=NOW, place="302")


def test_the_page_of_a_change_keeps_what_was_typed_and_shows_what_it_was(signed_in, world, time):
    project = registered(time.now).project
    meeting = convene(project, now=time.now, at=time.now + timedelta(days=1))
    address = f"/meetings/{meeting.matter.number}"
    client = signed_in(LEAD)
    assert f"{address}/change" in client.get(address).content.decode()
    form = {
        "seen": "0",
        "what": "change",
        "at": (time.now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
        "place": "405 会议室",
        "agenda.0.project": project.code,
        "agenda.0.permit": "scheme-review",
        "agenda.0.question": "退线距离与绿地率",
    }
    slip = client.post(f"{address}/change", form)
    assert slip.status_code == 422 and "405 会议室" in slip.content.decode()
    assert client.post(f"{address}/change", form | {"reason": "专家未到"}).status_code == 302
    page = client.get(address).content.decode()
    assert "<s>301</s>" in page and "专家未到" in page and "退线距离与绿地率" in page
    assert "专家未到" in signed_in("service-reviewer-greening").get(address).content.decode()
    assert signed_in("service-reviewer-greening").get(f"{address}/change").status_code == 403
    assert client.post(f"{address}/change", {"what": "cancel", "cancel_reason": ""}).status_code == 422
    assert client.post(f"{address}/change", {"what": "cancel", "cancel_reason": "撤回"}).status_code == 302
    assert client.get(f"{address}/change").status_code == 403


def test_the_api_changes_and_cancels_a_meeting(signed_in, world, time):
    project = registered(time.now).project
    meeting = convene(project, now=time.now, at=time.now + timedelta(days=1))
    client, address = signed_in(LEAD), f"/api/v1/meetings/{meeting.matter.number}"

    def send(client, what, **given):
        return client.post(f"{address}/{what}", given, content_type="application/json")

    made = send(client, "change", reason="占用", place="302", seen=0)
    assert made.status_code == 200, made.content
    assert made.json()["changes"][0]["fields"] == {"place": ["301", "302"]}
    assert send(client, "change", reason="占用", place="303", seen=0).status_code == 409
    assert send(signed_in("service-reviewer-greening"), "change", reason="占用", place="9").status_code == 403
    assert send(client, "cancel", reason="").status_code == 422
    assert send(client, "cancel", reason="撤回").json()["state"] == "void"
