"""Needs, offers, vouchers: what people do with them, and what never happens twice."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from tests.conftest import at
from tests.kernel.people.made import HUALU, household
from tests.people import person
from yiwang.domains.assistance.forces import actions, vouchers
from yiwang.domains.assistance.models import HelpMatch, ServiceRecord
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound

NOW = at("2026-09-24T10:00")
LATER = NOW + timedelta(days=3)


@pytest.fixture
def worker(dadong):
    return person(f"worker-{HUALU}")


@pytest.fixture
def county(dadong):
    return person("aid-county")


@pytest.fixture
def house(dadong):
    return household(HUALU)


def need(actor, house, *, item="rice", quantity=10, urgency="normal", id=None):  # noqa: A002
    return actions.ask(
        actor=actor,
        id=id or uuid4(),
        household=house.pk,
        item=item,
        quantity=quantity,
        urgency=urgency,
        until=date(2026, 10, 10),
        now=NOW,
    )


def offer(actor, *, item="rice", capacity=10, serves="210104", id=None):  # noqa: A002
    return actions.offer(
        actor=actor,
        id=id or uuid4(),
        giver="东塔慈善超市",
        giver_kind="organisation",
        item=item,
        capacity=capacity,
        place="210104015",
        serves=serves,
        since=date(2026, 9, 1),
        until=date(2026, 12, 31),
        now=NOW,
    )


def confirmed(county, house, quantity=10, capacity=10):
    need(county, house, quantity=quantity)
    offer(county, capacity=capacity)
    (proposed,) = actions.propose(actor=county, now=NOW)
    return actions.confirm(actor=county, match=proposed.id, now=NOW)


def test_a_retry_of_a_need_is_the_same_need_and_other_content_is_refused(worker, house):
    first = need(worker, house)
    assert need(worker, house, id=first.id).id == first.id
    with pytest.raises(Conflict):
        need(worker, house, quantity=11, id=first.id)


def test_a_community_worker_enters_needs_of_the_own_community_only(dadong):
    elsewhere = household("210104015001")
    with pytest.raises(Denied):
        need(person(f"worker-{HUALU}"), elsewhere)


def test_nothing_is_given_before_a_person_has_confirmed_the_match(county, house):
    need(county, house)
    offer(county)
    (proposed,) = actions.propose(actor=county, now=NOW)
    assert proposed.state == "proposed"
    with pytest.raises(Conflict):
        vouchers.issue(actor=county, match=proposed.id, now=NOW)


def test_matching_anew_replaces_what_was_only_proposed_and_keeps_what_was_confirmed(county, house):
    kept = confirmed(county, house, quantity=10, capacity=4)
    offer(county, capacity=3)
    (first,) = actions.propose(actor=county, now=NOW)
    (second,) = actions.propose(actor=county, now=LATER)
    assert (kept.quantity, first.quantity, second.quantity) == (4, 3, 3)
    states = dict(HelpMatch.objects.values_list("pk", "state"))
    assert states == {kept.pk: "confirmed", first.pk: "lapsed", second.pk: "proposed"}


def test_two_that_a_person_did_not_want_together_are_not_proposed_again(county, house):
    need(county, house)
    offer(county)
    (proposed,) = actions.propose(actor=county, now=NOW)
    actions.refuse(actor=county, match=proposed.id, why="住户不愿接受", now=NOW)
    assert actions.propose(actor=county, now=LATER) == []


def test_a_match_of_an_offer_that_was_ended_meanwhile_cannot_be_confirmed(county, house):
    need(county, house)
    given = offer(county)
    (proposed,) = actions.propose(actor=county, now=NOW)
    actions.end_offer(actor=county, offer=given.id, now=NOW)
    with pytest.raises(Conflict):
        actions.confirm(actor=county, match=proposed.id, now=NOW)


def test_a_voucher_is_used_once_and_its_use_is_the_households_confirmation(county, worker, house):
    match = confirmed(county, house)
    voucher, code = vouchers.issue(actor=county, match=match.id, now=NOW)
    record = vouchers.redeem(actor=worker, code=code.lower(), now=LATER)
    assert (record.quantity, record.confirmed_how) == (10, "code")
    with pytest.raises(Conflict, match="used before|已经使用"):
        vouchers.redeem(actor=worker, code=code, now=LATER)
    assert ServiceRecord.objects.filter(voucher=voucher).count() == 1


def test_a_voucher_that_has_expired_opens_nothing_and_another_one_can_be_issued(county, house):
    match = confirmed(county, house)
    _voucher, code = vouchers.issue(actor=county, match=match.id, now=NOW)
    with pytest.raises(Conflict):
        vouchers.issue(actor=county, match=match.id, now=NOW)
    late = NOW + timedelta(days=30)
    with pytest.raises(Conflict):
        vouchers.redeem(actor=county, code=code, now=late)
    _again, second = vouchers.issue(actor=county, match=match.id, now=late)
    with pytest.raises(Conflict):
        vouchers.redeem(actor=county, code=code, now=late)
    assert vouchers.redeem(actor=county, code=second, now=late).quantity == 10


def test_a_wrong_code_and_one_that_was_withdrawn_are_refused(county, house):
    match = confirmed(county, house)
    voucher, code = vouchers.issue(actor=county, match=match.id, now=NOW)
    with pytest.raises(NotFound):
        vouchers.redeem(actor=county, code="2222-2222-2222", now=NOW)
    vouchers.withdraw(actor=county, voucher=voucher.id, now=NOW)
    with pytest.raises(Conflict):
        vouchers.redeem(actor=county, code=code, now=NOW)


def test_no_more_is_given_than_was_matched_beside_an_open_voucher(county, house):
    match = confirmed(county, house, quantity=10)
    key = uuid4()
    for _retry in range(2):
        vouchers.record(actor=county, id=key, match=match.id, quantity=6, given_at=NOW, now=NOW)
    voucher, _code = vouchers.issue(actor=county, match=match.id, now=NOW)
    assert voucher.quantity == 4
    with pytest.raises(Conflict):
        vouchers.record(actor=county, id=uuid4(), match=match.id, quantity=1, given_at=NOW, now=NOW)


def test_the_household_says_that_it_got_it_and_how_good_it_was(county, house):
    match = confirmed(county, house)
    record = vouchers.record(actor=county, id=uuid4(), match=match.id, quantity=2, given_at=NOW, now=NOW)
    assert record.confirmed_at is None
    done = vouchers.confirm(actor=county, record=record.id, how="phone", satisfied=5, now=LATER)
    assert (done.confirmed_at, done.satisfied) == (LATER, 5)


@pytest.mark.parametrize("wrong", [{"quantity": 0}, {"urgency": "now"}, {"item": "gold"}])
def test_a_need_that_cannot_be_is_refused_with_its_field(worker, house, wrong):
    with pytest.raises(Invalid) as refused:
        need(worker, house, **wrong)
    assert refused.value.where in wrong


def test_a_household_that_has_left_gets_nothing_and_one_that_moved_gets_it_where_it_lives(
    county, worker, house
):
    from tests.kernel.people.made import FUJIA, resident
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.registers.people import actions as people

    gone = household(HUALU)
    one, _other = resident(gone, order=12), resident(house, order=14)
    there, here = need(worker, gone), need(worker, house)
    offer(county, capacity=100)
    people.move_away(actor=SYSTEM, person=one.pk, on=date(2026, 9, 20), now=NOW)
    people.move_household(
        actor=SYSTEM, household=house.pk, area=FUJIA, address="大东路9号", on=date(2026, 9, 20), now=NOW
    )
    (found,) = actions.propose(actor=county, now=NOW)
    here.refresh_from_db()
    assert found.need_id == here.pk != there.pk and here.area_id == FUJIA
    with pytest.raises(NotFound):
        need(worker, gone)


def test_the_most_urgent_needs_are_shown_however_many_there_are(worker, house, monkeypatch):
    from yiwang.domains.assistance.forces import queries

    monkeypatch.setattr(queries, "MOST", 1)
    for _n in range(6):
        need(worker, house)
    last = need(worker, house, urgency="urgent", id=UUID(int=2**128 - 1))
    assert [one.pk for one in queries.needs(worker)] == [last.pk]


def test_a_record_is_shown_to_nobody_of_another_area_by_its_id(county, worker, house):
    match = confirmed(county, house)
    given = {"id": uuid4(), "match": match.pk, "quantity": 2, "given_at": NOW, "now": NOW}
    vouchers.record(actor=worker, **given)
    with pytest.raises(Denied):
        vouchers.record(actor=person("worker-210104002013"), **given)
