"""Officials work over the API: queues, lists, the page of a matter, every action on matters and tasks."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.budgets import Asked
from tests.conftest import at
from tests.faces.api.conftest import COMMUNITY, inside, lamp, lamp_condition, open_task
from yiwang.domains.operations import rate_tables
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.matters.models import Matter


@pytest.fixture
def dispatcher(official):
    return official("dispatcher", name="张派遣")


@pytest.fixture
def supervisor(official):
    return official("supervisor", name="赵督办")


@pytest.fixture
def handler(official):
    return official("handler-lighting", name="李师傅")


@pytest.fixture
def dispatched(filed, dispatcher):
    """A matter that lies with the lighting office: its number."""

    def make(**given) -> str:
        number = filed(**given)["number"]
        task = open_task(dispatcher, number)
        assert dispatcher.post(f"/tasks/{task['id']}/actions/complete", {"outcome": "dispatch"}).status == 200
        return number

    return make


def act(caller, number: str, action: str, **given):
    return caller.post(f"/matters/{number}/actions/{action}", given)


# Lists


def test_the_queue_holds_what_the_posts_work_the_earliest_due_first(filed, dispatcher, handler, office):
    office("2026-09-24T15:00")
    late = filed()["number"]
    office("2026-09-24T10:00")
    early = filed()["number"]
    rows = dispatcher.get("/queue")["items"]
    assert [row["matter"] for row in rows] == [early, late]
    assert rows[0]["task_name"] == "任务派遣" and rows[0]["matter_class"]["code"] == "01037"
    assert rows[0]["due_at"] == "2026-09-24T11:00:00+08:00" and not rows[0]["overdue"]
    assert handler.get("/queue")["items"] == []
    assert dispatcher.get("/queue", {"mine": "true"})["items"] == []
    office("2026-09-24T15:30")
    assert [row["overdue"] for row in dispatcher.get("/queue")["items"]] == [True, False]
    assert [row["matter"] for row in dispatcher.get("/overdue")["items"]] == [early]


def test_pages_follow_each_other_by_cursor_and_link_without_counting(filed, dispatcher):
    numbers = [filed()["number"] for _ in range(5)]
    seen, query, pages = [], {"limit": 2}, 0
    with Asked() as queries:
        while query:
            got = dispatcher.get("/matters", query)
            seen += [row["number"] for row in got["items"]]
            pages += 1
            assert ('rel="next"' in got.headers.get("Link", "")) == (got["next"] is not None)
            query = {"limit": 2, "after": got["next"]} if got["next"] else None
    assert sorted(seen) == sorted(numbers) and len(set(seen)) == 5 and pages == 3
    assert not any("COUNT(" in one["sql"].upper() for one in queries.captured_queries)
    assert len(queries) <= 3 * 4


def test_a_page_of_the_queue_costs_few_queries_however_long_it_is(filed, dispatcher):
    for _ in range(4):
        filed()
    dispatcher.get("/queue")
    with Asked() as queries:
        assert len(dispatcher.get("/queue")["items"]) == 4
    assert len(queries) <= 4


def test_matters_are_filtered_by_what_they_are_and_where(filed, dispatcher, official):
    number = filed()["number"]
    found = {"state": "open", "area": "210104002", "unit": "lighting", "class_code": "01037"}
    found |= {"source": "portal", "since": "2026-09-24T00:00", "until": "2026-09-25"}
    assert [row["number"] for row in dispatcher.get("/matters", found)["items"]] == [number]
    for name, value in (
        ("state", "void"),
        ("area", "210104003"),
        ("unit", "municipal"),
        ("until", "2026-09-24T00:00:00+08:00"),
    ):
        assert dispatcher.get("/matters", found | {name: value})["items"] == [], name
    assert dispatcher.get("/matters", {"state": "gone"})["where"] == "state"
    assert dispatcher.get("/matters", {"limit": 1000})["where"] == "limit"
    assert official("handler-greening").get("/matters")["items"] == []


# The page of a matter


def test_the_page_of_a_matter_tells_everything_to_those_who_may_see_it(dispatched, handler, official):
    number = dispatched(contact_name="张三丰", contact_phone="13800138000")
    page = handler.get(f"/matters/{number}").body
    assert [task["node"] for task in page["tasks"]] == ["file", "dispatch", "handle"]
    handling = page["tasks"][-1]
    assert handling["explanation"]["due"] == handling["due_at"] and handling["unit"]["code"] == "lighting"
    assert page["tasks"][0]["explanation"]["limit"] == "1eh"
    assert [event["action"] for event in page["story"]] == ["open", "complete", "complete"]
    assert page["process"]["position"] == ["handle"]
    assert {one["action"] for one in page["actions"]} == {"claim", "complete", "send_back"}
    assert (
        page["reports"][0]["contact_phone"] == "138****8000" and page["reports"][0]["contact_name"] == "张**"
    )
    hidden = official("handler-greening").get(f"/matters/{number}")
    assert hidden.status == 404  # as if there were none


def test_the_page_of_a_matter_costs_a_bounded_number_of_queries(dispatched, dispatcher):
    number = dispatched()
    dispatcher.get(f"/matters/{number}")
    with Asked() as queries:
        dispatcher.get(f"/matters/{number}")
    assert len(queries) <= 12


def test_a_contact_is_shown_for_a_purpose_and_on_record(dispatched, official, handler):
    number = dispatched(contact_phone="13800138000")
    acceptor = official("acceptor")
    report = acceptor.get(f"/matters/{number}")["reports"][0]["id"]
    address = f"/matters/{number}/reports/{report}/reveal"
    asked = {"field": "contact_phone", "purpose": "回访核实位置"}
    shown = acceptor.post(address, asked)
    assert shown["value"] == "13800138000" and shown.headers["Cache-Control"] == "no-store"
    log = PurposeLog.objects.get()
    assert (log.subject_id, log.field, log.purpose) == (report, "contact_phone", "回访核实位置")
    assert acceptor.post(address, asked | {"purpose": "aaaa"})["where"] == "purpose"
    assert acceptor.post(address, asked | {"field": "digest"})["where"] == "field"
    assert handler.post(address, asked).status == 403
    assert PurposeLog.objects.count() == 1


# Actions


def test_a_task_goes_from_hand_to_hand_by_its_actions(dispatched, handler, supervisor, official):
    number = dispatched()
    task = open_task(handler, number)["id"]
    assert handler.post(f"/tasks/{task}/actions/claim")["tasks"][0]["assignee"]["name"] == "李师傅"
    longer = supervisor.post(f"/tasks/{task}/actions/extend", {"limit": "1d", "note": "等灯杆"})
    assert longer.status == 422 and longer["where"] == "limit"  # another unit than the limit's
    limit = open_task(handler, number)["limit"]
    unit = limit.lstrip("0123456789")
    longer = supervisor.post(f"/tasks/{task}/actions/extend", {"limit": f"1{unit}", "note": "等灯杆"})
    assert longer.status == 200 and longer["tasks"][0]["extension"] == f"1{unit}"
    moved = supervisor.post(f"/tasks/{task}/actions/reassign", {"unit": "municipal", "note": "灯杆归市政"})
    assert moved["tasks"][0]["unit"]["code"] == "municipal" and moved["tasks"][0]["assignee"] is None
    nowhere = supervisor.post(f"/tasks/{task}/actions/reassign", {"unit": "nobody", "note": "x"})
    assert nowhere.status == 422 and nowhere["where"] == "unit"
    unknown = supervisor.post(f"/tasks/{task}/actions/reassign", {"user": "ghost", "note": "x"})
    assert unknown.status == 422 and unknown["where"] == "user"
    other = official("handler-municipal")
    back = other.post(f"/tasks/{task}/actions/send_back", {"note": "不归我们", "to": "dispatch"})
    assert back.status == 200 and back["tasks"][0]["node"] == "dispatch"


def test_sending_back_to_where_a_task_cannot_go_is_a_wrong_field(dispatched, handler):
    task = open_task(handler, dispatched())["id"]
    for to in ("nowhere", "handle", "collect", "verify"):
        got = handler.post(f"/tasks/{task}/actions/send_back", {"note": "x", "to": to})
        assert got.status == 422 and got["where"] == "to", got.body


def test_a_hold_stops_the_clock_and_resuming_lets_it_run(dispatched, dispatcher):
    number = dispatched()
    held = act(dispatcher, number, "hold", reason="weather", note="大雨")
    assert held["held"] is True and held["tasks"][0]["explanation"]["held"] is True
    assert act(dispatcher, number, "hold", reason="weather", note="x").status == 409
    assert act(dispatcher, number, "hold", reason="tired", note="x")["where"] == "reason"
    page = dispatcher.get(f"/matters/{number}")
    assert page["pauses"][0]["name"] == "恶劣天气" and page["pauses"][0]["end"] is None
    assert act(dispatcher, number, "resume")["held"] is False


def test_a_reminder_raises_the_priority_and_says_so_in_the_story(dispatched, dispatcher):
    number = dispatched()
    assert act(dispatcher, number, "remind", note="请尽快").status == 200
    assert act(dispatcher, number, "remind", note=" ")["where"] == "note"
    page = dispatcher.get(f"/matters/{number}", **{"Accept-Language": "en"})
    assert page["priority"] == 1 and page["story"][-1]["name"] == "sent a reminder"


def test_merged_matters_point_at_each_other_and_the_doubles_were_suggested(dispatched, anybody, dispatcher):
    main = dispatched()
    double = anybody.post("/reports", lamp())["number"]
    suggested = dispatcher.get(f"/matters/{main}/duplicates")["items"]
    assert [one["number"] for one in suggested] == [double] and "near" in suggested[0]["why"]
    assert act(dispatcher, main, "merge", duplicates=[double, double]).status == 200
    assert dispatcher.get(f"/matters/{double}")["merged_into"] == main
    page = dispatcher.get(f"/matters/{main}")
    assert page["links"] == [
        {"kind": "merged_into_by", "number": double, "title": lamp()["text"], "state": "merged"}
    ]
    assert {report["number"] for report in page["reports"]} == {main, double}
    assert act(dispatcher, main, "merge", duplicates=[main]).status == 422
    assert act(dispatcher, main, "merge", duplicates=["20260101-000001-1"]).status == 404


def test_what_one_report_also_says_becomes_matters_of_their_own(dispatched, official):
    leader = official("duty-leader")
    number = dispatched()
    made = act(leader, number, "split", parts=[{"title": "井盖松动", "class_code": "01003"}])
    assert made.status == 200, made.body
    assert leader.get(f"/matters/{made['items'][0]['number']}")["matter_class"]["code"] == "01003"
    wrong = act(leader, number, "split", parts=[{"title": "x"}, {"title": "y", "class_code": "99999"}])
    assert wrong.status == 422 and wrong["where"] == "parts[1].class_code"
    assert Matter.objects.count() == 2


def test_a_matter_that_is_none_is_voided_with_a_reason_and_the_reporter_told(anybody, official):
    leader = official("duty-leader")
    got = anybody.post("/reports", lamp())
    assert act(leader, got["number"], "void", reason="because", note="x")["where"] == "reason"
    assert act(leader, got["number"], "void", reason="repeat", note="重复")["state"] == "void"
    told = anybody.post(f"/reports/{got['number']}/follow", {"secret": got["secret"]})
    assert told["state"] == "void" and told["answer"]
    again = act(leader, got["number"], "void", reason="repeat", note="重复")
    assert again.status == 409 and "2026-09-24 16:30" in again["detail"]


def test_closing_by_hand_answers_the_reporter_and_opening_again_needs_handling(anybody, official):
    leader = official("duty-leader")
    got = anybody.post("/reports", lamp())
    closed = act(leader, got["number"], "close", answer="已当场修好。", note="巡查处置")
    assert closed["state"] == "closed" and closed["tasks"] == []
    assert act(leader, got["number"], "reopen", note="又坏了").status == 422


def test_a_place_is_corrected_by_point_or_area_and_never_to_one_that_is_not(dispatched, dispatcher):
    number = dispatched()
    moved = act(dispatcher, number, "relocate", point=inside(), address="某某路1号")
    assert moved["tasks"][0]["area"]["code"] == COMMUNITY
    assert act(dispatcher, number, "relocate", area="210104003").status == 200
    assert act(dispatcher, number, "relocate", area="999")["where"] == "area"
    assert act(dispatcher, number, "relocate")["where"] == "area"
    both = act(dispatcher, number, "relocate", area="210104003", point=inside())
    assert both.status == 422 and both["where"] == "area"


def test_what_the_posts_do_not_allow_is_refused_with_who_may(dispatched, handler, anybody):
    number = dispatched()
    got = act(handler, number, "hold", reason="weather", note="x")
    assert got.status == 403 and "派遣员" in got["detail"]
    task = open_task(handler, number)["id"]
    assert anybody.post(f"/tasks/{task}/actions/claim").status == 401


def test_what_is_not_there_is_not_found(dispatcher):
    assert act(dispatcher, "20260101-000001-1", "resume").status == 404
    assert dispatcher.post(f"/tasks/{uuid4()}/actions/claim").status == 404
    assert dispatcher.get("/matters/none").status == 404
    assert act(dispatcher, "x" * 36, "resume").status == 404


def test_a_forms_field_that_is_wrong_is_named_and_nothing_has_moved(anybody, official, dadong):
    acceptor = official("acceptor")
    number = anybody.post("/reports", lamp())["number"]
    address = f"/tasks/{open_task(acceptor, number)['id']}/actions/complete"
    good = {"condition": lamp_condition(dadong)}
    for data, where in (
        ({}, "condition"),
        (good | {"class_code": "99999"}, "class_code"),
        (good | {"unit": "nobody"}, "unit"),
        (good | {"area": 7}, "area"),
    ):
        got = acceptor.post(address, {"outcome": "file", "data": data})
        assert got.status == 422 and got["where"] == where, got.body
    assert acceptor.post(address, {"outcome": "fly"})["where"] == "outcome"
    assert open_task(acceptor, number)["node"] == "file"


def test_an_appeal_is_reviewed_by_two_others(filed, dispatcher, official, office):
    office("2026-09-24T09:00")
    number = filed()["number"]
    office("2026-09-24T15:00")  # an hour of office time was allowed
    task = open_task(dispatcher, number)["id"]
    dispatcher.post(f"/tasks/{task}/actions/complete", {"outcome": "dispatch"})
    reviewer = official("reviewer-lighting")
    early = reviewer.post(f"/tasks/{task}/appeal", {"reason": "系统故障"})
    assert early.status == 409
    act(official("duty-leader"), number, "close", answer="好", note="好")
    made = reviewer.post(f"/tasks/{task}/appeal", {"reason": "系统故障无法派遣"})
    assert made.status == 201, made.body
    first, second = official("duty-leader"), official("supervisor")
    assert [one["id"] for one in first.get("/appeals")["items"]] == [made["id"]]
    review = f"/appeals/{made['id']}/review"
    assert first.post(review, {"support": True})["state"] == "supported"
    assert first.post(review, {"support": True}).status == 403
    assert second.post(review, {"support": True})["state"] == "granted"


def test_the_rates_have_their_numerators_and_denominators(filed, official, office):
    filed()
    office("2026-09-24T17:00")
    leader = official("leader")
    got = leader.get("/evaluation", {"by": "area", "cycle": "day", "day": "2026-09-24"})
    assert got.status == 200 and got["from"] == got["to"] == "2026-09-24"
    rate = next(one for one in got["total"]["rates"] if one["measure"] == "filing_on_time_rate")
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (1, 1, 1.0)
    assert leader.get("/evaluation", {"from": "2026-10-01", "to": "2026-09-01"})["where"] == "to"
    assert leader.get("/evaluation", {"day": "0001-01-01"})["where"] == "day"
    assert official("handler-lighting").get("/evaluation").status == 403
    assert {one["slug"] for one in leader.get("/evaluation/measures")["items"]} >= {"handling_rate"}


def test_a_large_evaluation_is_told_to_be_counted_and_when_to_ask_again(official, filed, office, monkeypatch):
    monkeypatch.setattr(rate_tables, "SMALL", 0)
    filed()
    office("2026-09-24T17:00")
    leader = official("leader")
    asked = {"by": "area", "cycle": "day", "day": "2026-09-24"}
    waits = leader.get("/evaluation", asked)
    assert waits.status == 202 and waits["state"] == "counting"
    assert waits["from"] == waits["to"] == "2026-09-24" and waits["retry_after"] > 0
    assert rate_tables.work(at("2026-09-24T17:00")) == 1
    got = leader.get("/evaluation", asked)
    assert got.status == 200 and got["stale"] is False and got["counted_at"] == "2026-09-24T17:00:00+08:00"
    assert got["total"]["counters"]["filed"] == 1


def test_the_reports_that_nobody_is_sure_of_are_listed(anybody, official):
    anybody.post("/reports", lamp())
    unsure = anybody.post("/reports", {"text": "请问怎么办理居住证"})
    acceptor = official("acceptor")
    got = acceptor.get("/reports", {"needs_person": "true"})
    assert [row["number"] for row in got["items"]] == [unsure["number"]]
    assert len(acceptor.get("/reports")["items"]) == 2
