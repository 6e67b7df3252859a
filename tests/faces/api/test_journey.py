"""One report from a phone to closed and rated, over the API alone, across the National Day of 2026.

The due moments are computed by hand from: days off 25 to 27 September and 1 to 7 October; Saturday 10 October
worked; office hours 8:30-11:30 and 13:30-17:30 until 30 September, 8:30-11:30 and 13:00-17:00 from 1 October;
the limit of three working days of the filing condition “stump of a lamp post left behind”.
"""

from __future__ import annotations

import pytest

from tests.faces.api.conftest import inside, open_task, photo
from yiwang.kernel.matters.audit import verify
from yiwang.kernel.matters.models import Matter


@pytest.fixture
def people(official):
    posts = "acceptor dispatcher handler-lighting reviewer-lighting inspector-district duty-leader".split()
    return {post.split("-")[0]: official(post) for post in posts}


def test_a_report_travels_from_a_phone_to_closed_and_rated(anybody, people, office, dadong):
    place = inside()

    def finish(who: str, outcome: str, **given) -> dict:
        """Completes the open task and gives the one that comes next, None at the end."""
        caller = people[who]
        mine = [row for row in caller.get("/queue")["items"] if row["matter"] == number]
        assert len(mine) == 1, f"{who} has {len(mine)} tasks"
        caller.post(f"/tasks/{mine[0]['task']}/actions/claim")
        done = caller.post(f"/tasks/{mine[0]['task']}/actions/complete", {"outcome": outcome} | given)
        assert done.status == 200, done.body
        return done["tasks"][0] if done["tasks"] else None

    def due(task: dict) -> str:
        assert task["explanation"]["due"] == task["due_at"]
        return task["due_at"].removesuffix("+08:00")

    # Thursday 24 September, 16:30: a resident reports. An hour at any time of day to look at it.
    office("2026-09-24T16:30")
    text = "小区门口废弃的路灯杆残桩一直没拆，老人绊倒过"
    sent = {"text": text, "contact_phone": "13800138000", "files": [photo()]}
    receipt = anybody.form("/reports", sent | {name: place[name] for name in ("lon", "lat", "system")})
    assert receipt.status == 201, receipt.body
    number, secret = receipt["number"], {"X-Report-Secret": receipt["secret"]}
    assert due(open_task(people["acceptor"], number)) == "2026-09-24T17:30:00"

    # Filed at 16:40. One office hour to dispatch: 50 minutes today, 10 on Monday the 28th.
    office("2026-09-24T16:40")
    filing = {"standard": dadong.default_standard, "class_code": "01037", "condition": "01037-stump"}
    task = finish("acceptor", "file", data=filing)
    assert task["node"] == "dispatch" and due(task) == "2026-09-28T08:40:00"

    # Dispatched at 16:50. Three working days without the first: 28, 29, 30 September, summer's close.
    office("2026-09-24T16:50")
    task = finish("dispatcher", "dispatch")
    assert (task["limit"], task["unit"]["code"]) == ("3wd", "lighting")
    assert due(task) == "2026-09-30T17:30:00"

    # The 29th, 10:00: waiting for a part. The clock stands.
    office("2026-09-29T10:00")
    hold = {"reason": "material", "note": "拆除机械进场需协调"}
    held = people["dispatcher"].post(f"/matters/{number}/actions/hold", hold)
    assert held["held"] and held["tasks"][0]["due_at"] is None
    assert anybody.get(f"/reports/{number}/follow", **secret)["held"] is True

    # 8 October, 9:00: it runs again. Counted are the 28th, 9 October and Saturday 10 October, a make-up workday;
    # not the 29th nor 8 October, on which the hold began and ended. Winter's close.
    office("2026-10-08T09:00")
    resumed = people["dispatcher"].post(f"/matters/{number}/actions/resume")
    task = resumed["tasks"][0]
    assert due(task) == "2026-10-10T17:00:00"
    counted = [day["date"] for day in task["explanation"]["days"] if day["counted"]]
    assert counted == ["2026-09-28", "2026-10-09", "2026-10-10"]

    # Friday 9 October, 15:00: done. Two office hours to confirm: to 17:00, the very close.
    office("2026-10-09T15:00")
    shown = people["handler"].form(f"/matters/{number}/attachments", {"files": photo(), "stage": "after"})
    assert shown.status == 201
    task = finish("handler", "done", attachments=[shown["id"]])
    assert task["node"] == "feedback" and due(task) == "2026-10-09T17:00:00"

    # Confirmed at 15:30. Four office hours to verify: an hour and a half today, the rest on Saturday.
    office("2026-10-09T15:30")
    task = finish("reviewer", "confirm")
    assert task["node"] == "verify" and due(task) == "2026-10-10T11:00:00"

    # Saturday, 10:00: not good enough. The first clock goes on without the time of verification, from Friday
    # 15:00 to now, whose two days do not count: the 28th, Monday 12 and Tuesday 13 October.
    office("2026-10-10T10:00")
    task = finish("inspector", "fail", note="残桩还露出地面")
    assert task["node"] == "handle" and due(task) == "2026-10-13T17:00:00"
    counted = [day["date"] for day in task["explanation"]["days"] if day["counted"]]
    assert counted == ["2026-09-28", "2026-10-12", "2026-10-13"]
    assert Matter.objects.get(number=number).reworks == 1

    # Monday 12 October, 11:00: done again. Half an hour before noon, an hour and a half after.
    office("2026-10-12T11:00")
    task = finish("handler", "done", note="已连根拆除并恢复路面")
    assert due(task) == "2026-10-12T14:30:00"
    office("2026-10-12T11:10")
    task = finish("reviewer", "confirm")
    assert due(task) == "2026-10-12T16:40:00"
    office("2026-10-12T14:00")
    task = finish("inspector", "pass")
    assert task["node"] == "close" and due(task) == "2026-10-12T16:00:00"

    # Closed at 15:00; the reporter reads the answer and rates.
    office("2026-10-12T15:00")
    answer = "残桩已拆除，路面已恢复，感谢您的反映。"
    assert finish("duty", "close", data={"answer": answer}) is None
    office("2026-10-13T09:00")
    seen = anybody.get(f"/reports/{number}/follow", **secret)
    assert (seen["state"], seen["answer"], seen["may_rate"]) == ("closed", answer, True)
    assert len(seen["photos_before"]) == len(seen["photos_after"]) == 1
    assert "rework" in [line["kind"] for line in seen["story"]]
    rated = anybody.post(f"/reports/{number}/rate", {"score": 5, "solved": True, "note": "很快"}, **secret)
    assert (rated.status, rated["rating"], rated["may_rate"]) == (200, 5, False)
    assert anybody.post(f"/reports/{number}/rate", {"score": 1}, **secret).status == 409

    # What the officials see of it: nothing was late, and the chain of events holds.
    page = people["duty"].get(f"/matters/{number}").body
    assert (page["state"], page["rating"], page["outcome"]) == ("closed", 5, "close")
    assert not any(task["overdue"] for task in page["tasks"])
    assert [task["node"] for task in page["tasks"]] == (
        "file dispatch handle feedback verify handle feedback verify close".split()
    )
    assert {pause["reason"] for pause in page["pauses"]} == {"material", "verification"}
    assert [event["action"] for event in page["story"] if event["action"] not in ("claim", "complete")] == (
        "open hold resume attach rate".split()
    )
    assert list(verify(Matter.objects.filter(number=number))) == [(number, [])]
