"""Needs and offers: the best assignment, held against every assignment there is."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.core.geo import Point
from yiwang.domains.assistance.forces.matching import Match, Offered, Wanted, fits, match, way_m, worth

TODAY = date(2026, 9, 1)
PLACES = [Point(123.45, 41.80), Point(123.47, 41.81), Point(123.50, 41.83)]
AREAS = ["210104003001", "210104003002", "210104015001"]


def wanted(id: str = "n", quantity: int = 1, **other) -> Wanted:
    fields = {
        "kind": "goods",
        "item": "rice",
        "weight": 1,
        "area": AREAS[0],
        "point": PLACES[0],
        "until": TODAY + timedelta(days=7),
    }
    return Wanted(id=id, quantity=quantity, **(fields | other))


def offered(id: str = "o", capacity: int = 1, **other) -> Offered:
    fields = {
        "kind": "goods",
        "item": "rice",
        "area": "210104",
        "point": PLACES[0],
        "since": TODAY,
        "until": TODAY + timedelta(days=30),
    }
    return Offered(id=id, capacity=capacity, **(fields | other))


ITEMS = st.sampled_from([("goods", "rice"), ("goods", "quilt"), ("money", "money")])


@st.composite
def markets(draw) -> tuple[list[Wanted], list[Offered]]:
    needs = [
        wanted(
            f"n{at}",
            draw(st.integers(1, 3)),
            kind=kind,
            item=item,
            weight=draw(st.sampled_from([1, 3, 9])),
            area=draw(st.sampled_from(AREAS)),
            point=draw(st.sampled_from(PLACES)),
            until=TODAY + timedelta(days=draw(st.integers(-1, 3))),
            whole=draw(st.booleans()),
        )
        for at, (kind, item) in enumerate(draw(st.lists(ITEMS, max_size=3)))
    ]
    offers = [
        offered(
            f"o{at}",
            draw(st.integers(1, 4)),
            kind=kind,
            item=item,
            area=draw(st.sampled_from(["210104", "210104003", *AREAS])),
            point=draw(st.sampled_from(PLACES)),
            since=TODAY + timedelta(days=draw(st.integers(-1, 2))),
            radius_m=draw(st.sampled_from([0, 0, 1500, 4000])),
        )
        for at, (kind, item) in enumerate(draw(st.lists(ITEMS, max_size=3)))
    ]
    return needs, offers


def every_assignment(needs, offers):
    arcs = [(need, offer) for need in needs for offer in offers if fits(need, offer, TODAY)]
    choices = [
        (0, need.quantity) if need.whole else range(min(need.quantity, offer.capacity) + 1)
        for need, offer in arcs
    ]
    for amounts in product(*choices):
        got: dict[str, int] = {}
        for (need, offer), amount in zip(arcs, amounts, strict=True):
            got[need.id] = got.get(need.id, 0) + amount
            got[offer.id] = got.get(offer.id, 0) + amount
        if all(got.get(one.id, 0) <= one.quantity for one in needs) and all(
            got.get(one.id, 0) <= one.capacity for one in offers
        ):
            yield [
                Match(need.id, offer.id, amount, way_m(need, offer))
                for (need, offer), amount in zip(arcs, amounts, strict=True)
                if amount
            ]


@settings(max_examples=150)
@given(markets())
def test_no_assignment_meets_more_need_or_does_so_by_a_shorter_way(market):
    needs, offers = market
    best = max(
        (worth(one, needs) for one in every_assignment(needs, offers)), key=lambda two: (two[0], -two[1])
    )
    assert worth(match(needs, offers, TODAY), needs) == best


@settings(max_examples=50)
@given(markets(), st.randoms())
def test_the_order_in_which_needs_and_offers_come_changes_nothing(market, chance):
    needs, offers = market
    first = match(needs, offers, TODAY)
    chance.shuffle(needs)
    chance.shuffle(offers)
    assert match(needs, offers, TODAY) == first


def test_the_urgent_household_is_served_first_when_there_is_not_enough():
    needs = [wanted("calm", 2), wanted("urgent", 2, weight=9, point=PLACES[2])]
    assert match(needs, [offered(capacity=3)], TODAY) == [
        Match("calm", "o", 1, 0),
        Match("urgent", "o", 2, way_m(needs[1], offered())),
    ]


def test_of_two_givers_who_have_enough_the_nearer_one_gives():
    near, far = offered("near", 5), offered("far", 5, point=PLACES[2])
    assert [one.offer for one in match([wanted(quantity=2)], [far, near], TODAY)] == ["near"]


def test_what_cannot_be_split_comes_from_one_giver_or_not_at_all():
    halves = [offered("a", 1), offered("b", 1)]
    assert match([wanted(quantity=2, whole=True)], halves, TODAY) == []
    assert len(match([wanted(quantity=2)], halves, TODAY)) == 2


def test_an_offer_serves_only_its_own_area_and_only_while_it_lasts():
    elsewhere = offered(area=AREAS[2])
    over = offered(until=TODAY - timedelta(days=1))
    later = offered(since=TODAY + timedelta(days=8))
    assert match([wanted()], [elsewhere, over, later], TODAY) == []


def test_large_sums_of_money_are_matched_to_the_fen():
    needs = [
        wanted("a", 123_456_789, kind="money", item="money"),
        wanted("b", 7, kind="money", item="money", weight=9),
    ]
    giver = offered(capacity=100_000_001, kind="money", item="money")
    assert [(one.need, one.quantity) for one in match(needs, [giver], TODAY)] == [("a", 99_999_994), ("b", 7)]
