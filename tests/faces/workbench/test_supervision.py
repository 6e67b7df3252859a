"""Those above find what is overdue, chase it, decide what units ask for; units reply and ask."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.faces.conftest import LAMP
from tests.faces.workbench.test_matter_page import do, done, page
from yiwang.domains.operations import loads, rate_tables
from yiwang.domains.operations.models import Appeal, Chase, Request
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Event, Matter, Task
from yiwang.kernel.notices.models import Notice, Reader
from yiwang.kernel.records.models import Attachment

REPLY_BY = "2026-10-09T17:00"


@pytest.fixture(autouse=True)
def _fresh_rates():
    loads.forget()
    yield
    loads.forget()


def late(at_step, time):
    """A street lamp in the hands of the lighting office, a day overdue."""
    at = at_step("handle")
    time.now = at.task.due_at + timedelta(days=1)
    return at


def get(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_supervisor_chases_from_the_list_of_the_overdue_and_the_unit_replies(signed_in, at_step, time):
    first, second = late(at_step, time), at_step("handle")
    time.now = max(first.task.due_at, second.task.due_at) + timedelta(days=1)
    boss = signed_in("supervisor", name="赵督办")
    listed = get(boss, "/supervision")
    assert first.number in listed and second.number in listed
    reply_by = (time.now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    sent = {"numbers": [first.number, second.number], "note": "请今日处置", "reply_by": reply_by}
    assert boss.post("/supervision/chase", sent).status_code == 302
    assert Chase.objects.count() == 2
    assert "请今日处置" in get(boss, "/supervision/chases")
    handler = signed_in("handler-lighting", name="李师傅")
    shown = page(handler, first.number)
    assert "Chased by 赵督办" in shown and "Reply to the chase" in shown
    chase = Chase.objects.get(matter=first.matter)
    done(handler, first, "reply", chase=str(chase.pk), note="下午换灯泡", form="x")
    assert "下午换灯泡" in get(boss, "/supervision/chases?show=replied")
    assert "下午换灯泡" in page(boss, first.number)


def test_many_are_chased_all_or_none_and_what_was_typed_stays(signed_in, at_step, time):
    at = late(at_step, time)
    boss = signed_in("supervisor")
    for wrong in (
        {"numbers": [], "note": "快", "reply_by": REPLY_BY},
        {"numbers": [at.number], "note": "", "reply_by": REPLY_BY},
        {"numbers": [at.number], "note": "请今日处置", "reply_by": "soon"},
        {"numbers": [at.number, "20200101-000001-1"], "note": "请今日处置", "reply_by": REPLY_BY},
        {"numbers": [f"2026{n:04}-000001-1" for n in range(60)], "note": "快", "reply_by": REPLY_BY},
    ):
        answer = boss.post("/supervision/chase", wrong)
        assert answer.status_code in (404, 422), wrong
        if wrong["note"]:
            assert wrong["note"] in answer.content.decode()
    assert not Chase.objects.exists()
    assert boss.get("/supervision/chase").status_code == 405


def test_a_handler_does_not_chase_and_sees_only_the_own_units_overdue(signed_in, at_step, time):
    at = late(at_step, time)
    assert at.number in get(signed_in("handler-lighting"), "/supervision")
    other = signed_in("handler-sanitation")
    assert at.number not in get(other, "/supervision")
    answer = other.post(
        "/supervision/chase", {"numbers": [at.number], "note": "快", "reply_by": "2027-01-01T10:00"}
    )
    assert answer.status_code == 403 and not Chase.objects.exists()


def test_more_time_is_asked_for_on_the_page_and_granted_there(signed_in, at_step):
    at, handler = at_step("handle"), signed_in("handler-lighting")
    unit = at.task.limit.lstrip("0123456789")
    done(handler, at, "ask_extension", amount="1", unit=unit, note="等配件")
    assert "等配件" in get(signed_in("supervisor"), "/supervision/requests")
    row = Request.objects.get()
    assert do(handler, at, "decide", request=str(row.pk), decision="yes").status_code == 403
    boss = signed_in("supervisor")
    assert do(boss, at, "decide", request=str(row.pk), decision="perhaps").status_code == 422
    done(boss, at, "decide", request=str(row.pk), decision="yes")
    assert Task.objects.get(pk=at.task.pk).due_at > at.task.due_at
    assert "approved" in get(handler, "/supervision/requests")


def test_what_hangs_is_listed_with_why_since_and_until(signed_in, at_step, time):
    at = at_step("handle")
    done(signed_in("reviewer-lighting"), at, "ask_hang_up", note="等征收完成", review_on="2026-10-20")
    leader = signed_in("duty-leader")
    assert "等征收完成" not in get(leader, "/supervision/hanging")
    done(leader, at, "decide", request=str(Request.objects.get().pk), decision="yes", opinion="同意")
    listed = get(leader, "/supervision/hanging")
    assert "等征收完成" in listed and "look at it now" not in listed
    assert "On the books since" in page(leader, at.number)
    time.set("2026-10-20T09:00")
    assert "look at it now" in get(leader, "/supervision/hanging")
    row = Request.objects.get()
    done(leader, at, "keep_hanging", request=str(row.pk), note="征收未完", review_on="2026-12-01")
    assert "look at it now" not in get(leader, "/supervision/hanging")
    done(signed_in("dispatcher"), at, "resume")
    assert "等征收完成" not in get(leader, "/supervision/hanging")


def test_the_pause_of_the_clock_does_not_offer_what_needs_approval(signed_in, at_step):
    at, client = at_step("handle"), signed_in("dispatcher")
    text = page(client, at.number)
    assert 'value="material"' in text and 'value="hangup"' not in text
    assert do(client, at, "hold", reason="hangup", note="等征收").status_code == 422


def closed_late(at_step, time):
    """Handled a day too late, and closed."""
    at = at_step("handle")
    time.now = at.task.due_at + timedelta(days=1)
    for outcome, note, data in (("done", "换了", {}), ("confirm", "", {}), ("pass", "", {})):
        task = Task.objects.get(matter=at.matter, state="open")
        actions.complete(actor=SYSTEM, task=task.pk, outcome=outcome, note=note, data=data, now=time.now)
    task = Task.objects.get(matter=at.matter, state="open")
    actions.complete(
        actor=SYSTEM, task=task.pk, outcome="close", note="", data={"answer": "已修好。"}, now=time.now
    )
    at.matter.refresh_from_db()
    return at


def test_a_unit_appeals_and_two_people_review_it(signed_in, at_step, time):
    at = closed_late(at_step, time)
    unit = signed_in("reviewer-lighting")
    assert "Appeal: “Handle”" in page(unit, at.number)
    assert do(unit, at, "appeal", reason="短", form="x").status_code == 422
    done(unit, at, "appeal", reason="现场被车辆占压")
    first, second = signed_in("duty-leader", name="钱值班"), signed_in("supervisor", name="赵督办")
    assert "现场被车辆占压" in get(first, "/appeals")
    row = Appeal.objects.get()
    done(first, at, "review_appeal", appeal=str(row.pk), decision="yes")
    assert do(first, at, "review_appeal", appeal=str(row.pk), decision="yes").status_code == 403
    done(second, at, "review_appeal", appeal=str(row.pk), decision="yes")
    row.refresh_from_db()
    assert row.state == "granted"
    assert "granted" in get(unit, "/appeals")
    told = Notice.objects.get(topic="appeal", user__isnull=False)
    assert told.data["state"] == "granted" and told.user.username == "reviewer-lighting"
    # That it was overdue stays on record.
    listed = get(second, f"/supervision/facts?from={at.task.due_at.date()}&to={time.now.date()}")
    assert at.number in listed and "appeal granted" in listed


def test_days_that_are_none_are_refused(signed_in, at_step):
    client = signed_in("supervisor")
    for query in (
        "from=yesterday",
        "to=2026-13-01",
        "from=2020-01-01&to=2026-01-01",
        "from=2026-09-02&to=2026-09-01",
    ):
        assert client.get(f"/supervision/facts?{query}").status_code == 422, query
    assert client.get("/evaluation?day=0001-01-01").status_code == 422


def test_the_evaluation_shows_every_rate_with_what_it_is_made_of(signed_in, at_step, time):
    closed_late(at_step, time)
    client = signed_in("supervisor")
    for by in ("unit", "area", "post"):
        text = get(client, f"/evaluation?by={by}&cycle=year")
        assert re.search(r"\d+\.\d% ?<small[^>]*>\d+ / \d+</small>|\d+\.\d%<small", text), by
    assert "handled" in text and 'id="measure-' in text
    assert get(client, "/evaluation?by=nonsense&cycle=century&level=moon")
    assert signed_in("handler-lighting").get("/evaluation").status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/supervision",
        "/supervision/chases",
        "/supervision/requests",
        "/supervision/hanging",
        "/supervision/facts",
        "/appeals",
        "/evaluation",
        "/notices",
        "/notices/settings",
    ],
)
def test_every_page_of_those_above_takes_few_queries(
    signed_in, at_step, time, address, django_assert_max_num_queries
):
    late(at_step, time)
    client = signed_in("supervisor")
    get(client, address)
    with django_assert_max_num_queries(14):
        get(client, address)


def test_the_dispatcher_sees_why_a_unit_is_suggested_and_what_it_has_on_its_hands(signed_in, at_step, time):
    busy, at = late(at_step, time), at_step("dispatch")
    text = page(signed_in("dispatcher"), at.number)
    assert "Duty table: classes" in text and "suggested" in text
    assert "1 open" in text and "1 overdue" in text
    assert "example value" in text
    assert busy.task.unit_id == "lighting" and 'value="lighting" required checked' in text
    assert "Street Lighting Office · 1 open, 1 overdue" in text


def test_another_unit_than_the_suggested_is_chosen_from_the_whole_list_with_a_reason(signed_in, at_step):
    at, client = at_step("dispatch"), signed_in("dispatcher")
    sent = {"outcome": "dispatch", "unit": "another", "another": "municipal"}
    assert do(client, at, "complete", **sent).status_code == 422
    assert done(client, at, "complete", **sent, note="灯杆归市政").unit_id == "municipal"
    empty = at_step("dispatch")
    sent = {"outcome": "dispatch", "unit": "another", "another": "", "note": "?"}
    done(client, empty, "complete", **sent)
    assert Matter.objects.get(pk=empty.matter.pk).unit_id == "lighting"  # as filing found


def test_a_document_is_added_and_is_part_of_the_story(signed_in, at_step):
    at, client = at_step("handle"), signed_in("handler-lighting")
    paper = SimpleUploadedFile("报价单.pdf", PDF, "application/pdf")
    done(client, at, "attach", document=paper)
    assert Attachment.objects.get().stage == "document"
    text = page(client, at.number)
    assert "报价单.pdf" in text and "added a file" in text
    assert do(client, at, "attach", form="attach").status_code == 422
    auditor = signed_in("auditor")
    assert "Add a document" not in page(auditor, at.number)
    assert do(auditor, at, "attach", document=SimpleUploadedFile("x.pdf", PDF)).status_code == 403


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_the_map_shows_only_the_open_matters_near_it_that_one_may_see(signed_in, at_step):
    at, near = at_step("handle"), at_step("file")
    boss = signed_in("supervisor")
    points = boss.get(f"/matters/{at.number}/near.geojson").json()["features"]
    assert [one["properties"]["url"] for one in points] == [f"/matters/{near.number}"]
    handler = signed_in("handler-lighting")
    assert handler.get(f"/matters/{at.number}/near.geojson").json()["features"] == []
    assert signed_in("handler-sanitation").get(f"/matters/{at.number}/near.geojson").status_code == 404


def test_the_sheet_has_every_step_and_no_contact(signed_in, at_step):
    at = at_step("verify", contact_name="张小明", contact_phone="13812345678")
    text = get(signed_in("supervisor"), f"/matters/{at.number}/sheet")
    assert at.number in text and "Dispatch" in text and "Signatures" in text
    for private in ("13812345678", "5678", "张小明"):
        assert private not in text
    assert signed_in("handler-sanitation").get(f"/matters/{at.number}/sheet").status_code == 404


def test_who_answers_for_the_place_stands_on_the_page(signed_in, at_step):
    from tests import people

    people.user("inspector-210104002", name="孙监督")
    assert "孙监督" in page(signed_in("supervisor"), at_step("handle").number)


def test_the_bell_counts_and_notices_are_read(signed_in, at_step):
    at = at_step("handle")
    client = signed_in("handler-lighting")
    text = get(client, "/notices")
    assert at.number in text and "A new task: Handle" in text and 'class="yw-bell-count">1' in text
    notice = Notice.objects.get(topic="task", unit="lighting")
    assert client.post("/notices/read", {"notice": str(notice.pk)}).status_code == 302
    assert "yw-bell-count" not in get(client, "/notices")
    for wrong in ({}, {"notice": "x"}, {"all_to": "-3"}):
        assert client.post("/notices/read", wrong).status_code == 422
    assert client.post("/notices/read", {"notice": "999999999"}).status_code == 404
    assert client.post("/notices/read", {"all_to": str(notice.pk)}).status_code == 302
    assert Reader.objects.get().read_to == notice.pk


def test_looking_at_notices_changes_nothing(signed_in, at_step):
    at_step("handle")
    client = signed_in("handler-lighting")
    get(client, "/notices"), get(client, "/notices/settings")
    assert not Reader.objects.exists()
    assert "yw-bell-count" in get(client, "/notices")


def test_a_person_chooses_how_to_be_told(signed_in):
    client = signed_in("handler-lighting")
    assert client.post("/notices/settings", {"mail": "pigeon"}).status_code == 422
    client.post("/notices/settings", {"mail": "each", "digest": "1", "wanted": ["overdue"]})
    own = Reader.objects.get()
    assert (own.mail, own.digest) == ("each", True)
    assert "task" in own.muted and "chased" not in own.muted


def test_every_event_of_supervision_is_told_in_words(signed_in, at_step, time):
    at = at_step("handle")
    boss, unit = signed_in("supervisor"), signed_in("reviewer-lighting")
    done(boss, at, "chase", note="快", reply_by="2026-09-30T17:00")
    done(unit, at, "reply", chase=str(Chase.objects.get().pk), note="在修")
    done(unit, at, "ask_hang_up", note="等征收完成", review_on="2026-10-20")
    done(boss, at, "decide", request=str(Request.objects.get().pk), decision="no", opinion="可以先修")
    told = page(boss, at.number)
    for words in (
        "chased",
        "replied to the chase",
        "asked to put it on the books",
        "refused the request",
        "可以先修",
    ):
        assert words in told
    assert Event.objects.filter(matter=at.matter, action="refuse").count() == 1
    assert LAMP


def test_a_large_evaluation_is_counted_by_the_worker_and_the_page_says_when(
    signed_in, at_step, time, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(rate_tables, "SMALL", 0)
    late(at_step, time)
    boss = signed_in("supervisor")
    address = "/evaluation?by=unit&cycle=year&level=subdistrict&day=2026-09-01"
    waits = boss.get(address)
    assert waits.status_code == 202 and int(waits.headers["Retry-After"]) > 0
    told = waits.content.decode()
    assert "This period is being counted" in told and "<table" not in told
    assert address.partition("?")[2].replace("&", "&amp;") in told
    assert rate_tables.work(time.now) == 1
    with django_assert_max_num_queries(9):
        text = get(boss, address)
    assert "Counted" in text and "Count anew" in text and 'id="measure-' in text
    sent = {"by": "unit", "cycle": "year", "level": "subdistrict", "day": "2026-09-01"}
    assert boss.post("/evaluation/anew", sent).status_code == 429
    time.now += timedelta(minutes=5)
    again = boss.post("/evaluation/anew", sent)
    assert again.status_code == 302 and again.headers["Location"] == address
    assert "It is being counted anew" in get(boss, address)
    assert rate_tables.work(time.now) == 1
    assert "It is being counted anew" not in get(boss, address)
    assert signed_in("handler-lighting").post("/evaluation/anew", sent).status_code == 403
