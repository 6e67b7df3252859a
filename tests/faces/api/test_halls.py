"""Appointments, tickets and waiting times over the API."""

from __future__ import annotations

import pytest

from yiwang.faces.api.told_halls import BoardOut, BookingReceipt, Halls, WaitsOut

HALL, FOOD = "service-centre", "food-business-licence"


@pytest.fixture(autouse=True)
def morning(anybody, office):
    office("2026-09-08T08:40")


def booked(anybody, at: str = "2026-09-08T09:10:00+08:00", **more):
    given = {"service": FOOD, "at": at, "phone": "13800000001"} | more
    return anybody.post(f"/halls/{HALL}/bookings", given)


def test_halls_say_their_lines_and_the_times_that_are_free(anybody):
    halls = Halls.model_validate_json(anybody.get("/halls").content)
    assert [hall.slug for hall in halls.items] == [HALL, "marriage-office"]
    got = anybody.get(f"/halls/{HALL}/slots", {"service": FOOD})
    assert got["day"] == "2026-09-08" and got["slots"][0] == {"at": "2026-09-08T08:50:00+08:00", "free": 4}
    assert anybody.get(f"/halls/{HALL}/slots", {"service": FOOD, "day": "2026-09-12"})["slots"] == []
    assert anybody.get(f"/halls/{HALL}/slots", {"service": "identity-card"}).status == 422
    assert anybody.get("/halls/nowhere/slots", {"service": FOOD}).status == 404


def test_an_appointment_is_booked_moved_kept_called_and_measured(anybody, official, office):
    got = booked(anybody, id="0198f3a2-7c11-7aaa-8000-1234567890ab")
    assert got.status == 201 and got.headers["Cache-Control"] == "no-store"
    BookingReceipt.model_validate_json(got.content)
    again = booked(anybody, id="0198f3a2-7c11-7aaa-8000-1234567890ab")
    assert (again.status, again["secret"]) == (200, got["secret"])
    assert (
        booked(anybody, "2026-09-08T09:30:00+08:00", id="0198f3a2-7c11-7aaa-8000-1234567890ab").status == 409
    )
    secret = {"X-Report-Secret": got["secret"]}
    own = f"/bookings/{got['number']}"
    assert anybody.get(own).status == 404 and anybody.get(own, **secret)["state"] == "booked"
    assert "13800000001" not in anybody.get(own, **secret).content.decode()
    moved = anybody.post(f"{own}/move", {"at": "2026-09-08T08:50:00+08:00"}, **secret)
    assert moved["at"] == "2026-09-08T08:50:00+08:00" and moved["moves_left"] == 2
    assert anybody.post(f"{own}/move", {"at": "2026-09-08T08:50:00"}, **secret).status == 422
    guide, clerk = official("hall-guide"), official("window-clerk")
    walk = guide.post(f"/halls/{HALL}/tickets", {"service": FOOD})
    assert (walk.status, walk["label"], walk["ahead"]) == (201, "A001", 0)
    assert anybody.post(f"{own}/come", **secret)["ticket"]["label"] == "YA001"
    office("2026-09-08T08:55")
    first = clerk.post(f"/halls/{HALL}/next", {"desk": "1"})["ticket"]
    assert (first["label"], first["state"], first["desk"]) == ("YA001", "called", "1")
    board = BoardOut.model_validate_json(anybody.get(f"/halls/{HALL}/board").content)
    assert [(one.label, one.desk) for one in board.calls] == [("YA001", "1")] and board.waiting[
        "enterprises"
    ] == 1
    for action, status in (("again", 409), ("pass", 409), ("begin", 200), ("finish", 200), ("finish", 409)):
        if action == "again":
            office("2026-09-08T08:55")
        assert clerk.post(f"/tickets/{first['id']}/actions/{action}").status == status, action
    assert clerk.post(f"/halls/{HALL}/next", {"desk": "1"})["ticket"]["label"] == "A001"
    waits = WaitsOut.model_validate_json(clerk.get(f"/halls/{HALL}/waits").content)
    assert waits.whole.called == 2 and waits.whole.median == (5 * 60 + 15 * 60) / 2 and waits.kept == 1
    assert clerk.post(f"/tickets/{first['id']}/actions/dance").status == 422


def test_cancelled_it_can_be_had_by_another(anybody):
    got = booked(anybody)
    own = f"/bookings/{got['number']}"
    assert anybody.post(f"{own}/cancel", **{"X-Report-Secret": got["secret"]})["state"] == "cancelled"
    assert anybody.post(f"{own}/come", **{"X-Report-Secret": got["secret"]}).status == 409


def test_only_who_works_in_the_hall_gives_tickets_calls_and_sees_figures(anybody, official):
    for caller, status in ((anybody, 401), (official("dispatcher"), 403)):
        assert caller.post(f"/halls/{HALL}/tickets", {"service": FOOD}).status == status
        assert caller.post(f"/halls/{HALL}/next", {"desk": "1"}).status == status
        assert caller.get(f"/halls/{HALL}/waits").status == status
    assert official("hall-guide").post(f"/halls/{HALL}/next", {"desk": "1"}).status == 403
    clerk = official("window-clerk")
    for query in (
        {"first": "2026-09-09", "last": "2026-09-08"},
        {"first": "0001-01-01"},
        {"last": "0001-01-02"},
    ):
        assert clerk.get(f"/halls/{HALL}/waits", query).status in (200, 422)


def test_who_books_without_end_is_told_to_wait(anybody):
    answers = [booked(anybody, phone=f"138{n:08d}").status for n in range(32)]
    assert answers[:5] == [201, 201, 201, 201, 409] and answers[-1] == 429
