"""The rules of the phone's queue and its track, run where they run: in the browser."""

from __future__ import annotations

import math

import pytest

from yiwang.domains.streets.track import Fix, believed, length_m

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = 1_000_000


@pytest.fixture
def rules(browse):
    """`rules("ready(items, now)", items=…, now=…)` in the module queue.js."""
    page = browse()
    page.goto("/field/manifest.webmanifest")

    def run(call: str, module: str = "queue", **values):
        names = ", ".join(values)
        return page.evaluate(
            f"async (given) => {{ const m = await import('/static/field/{module}.js');"
            f" const {{ {names} }} = given; return m.{call}; }}",
            values,
        )

    return run


def item(n: int, group: str, state: str = "waiting", next_at: int = 0, tries: int = 0) -> dict:
    return {"n": n, "group": group, "state": state, "next_at": next_at, "tries": tries}


def test_what_is_sent_next(rules):
    def next_of(*items):
        found = rules("ready(items, now)", items=list(items), now=NOW)
        return found and found["n"]

    assert next_of() is None
    assert next_of(item(2, "a"), item(1, "b")) == 1  # the order in which it was done
    # A refused thing holds back its own matter, not the others.
    assert next_of(item(1, "a", "refused"), item(2, "a"), item(3, "b")) == 3
    assert next_of(item(1, "a", "refused"), item(2, "a")) is None
    # One that waits after a failure holds back its own matter, not the others.
    assert next_of(item(1, "a", next_at=NOW + 1), item(2, "a"), item(3, "b")) == 3
    assert next_of(item(1, "a", "sent"), item(2, "a")) == 2
    assert next_of(item(1, "a", "sending"), item(2, "a")) is None


def test_when_it_is_tried_again(rules):
    waits = [rules("pause(tries)", tries=tries) for tries in range(1, 12)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (5_000, 300_000)
    assert rules("wake(items, now)", items=[item(1, "a", next_at=NOW + 700)], now=NOW) == 700
    assert rules("wake(items, now)", items=[item(1, "a", "refused")], now=NOW) is None


@pytest.mark.parametrize(
    ("status", "code", "means"),
    [
        (200, "", "sent"),
        (0, "", "offline"),
        (401, "not_signed_in", "signin"),
        (403, "other_user", "signin"),
        (403, "page_too_old", "token"),
        (403, "not_the_post", "refused"),
        (422, "no_upload", "photos"),
        (422, "no_note", "refused"),
        (409, "task_done", "refused"),
        (413, "too_large", "refused"),
        (429, "too_many", "later"),
        (500, "server_fault", "later"),
        (503, "", "later"),
    ],
)
def test_what_an_answer_means(rules, status, code, means):
    assert rules("meaning(status, code)", status=status, code=code) == means


def test_what_an_answer_makes_of_a_thing(rules):
    def after(means, wait=0, **more):
        return rules(
            "after(item, means, now, wait)", item=item(1, "a", **more), means=means, now=NOW, wait=wait
        )

    assert after("sent")["state"] == "sent"
    assert after("refused")["state"] == "refused"
    assert after("signin") == {"state": "waiting", "next_at": 0}  # no time is lost by signing in
    assert after("offline", tries=1) == {"state": "waiting", "tries": 2, "next_at": NOW + 10_000}
    assert after("later", wait=90)["next_at"] == NOW + 90_000


def test_the_phone_measures_a_way_as_the_server_does(rules):
    walked = [
        [
            10.0 * n + (400 if n > 25 else 0),
            round(41.8 + 0.0002 * math.sin(n / 3) + 0.0001 * n, 6),
            round(123.45 + 0.00015 * n, 6),
            5 + (n * 37) % 70,
        ]
        for n in range(60)
    ]
    line = believed(Fix(*fix) for fix in walked)
    assert [list(fix) for fix in line] == rules("believed(fixes)", "track", fixes=walked)
    there = rules("length(m.believed(fixes))", "track", fixes=walked)
    assert 0 < len(line) < len(walked)
    assert abs(there - length_m(line)) < 1e-6


def test_the_ids_are_version_7_and_in_the_order_of_time(rules):
    ids = [rules("uuid7(now)", "uuid", now=1_790_000_000_000 + n) for n in range(3)]
    assert ids == sorted(ids)
    assert {one[14] for one in ids} == {"7"}
    assert all(one[19] in "89ab" for one in ids)
