"""Awards are looked at again: opened when due, heard before a cut, changed from the next month on."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.conftest import at
from tests.domains.assistance.offices import applied, do, granted, open_nodes, until_opinion
from yiwang.domains.assistance import awards, paying, reviewing
from yiwang.domains.assistance.discovery import alerts
from yiwang.domains.assistance.models import Award, Hearing, Publicity, Review
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.matters import timers
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.registers.people import actions as registry
from yiwang.kernel.registers.people import queries as registers

pytestmark = pytest.mark.usefixtures("dadong")
YEAR_ON = at("2027-09-02T09:00")
NOVEMBER = at("2026-11-10T09:00")


def reviewed(now=YEAR_ON):
    """The yearly review of a granted household, visited."""
    matter = granted()
    award = Award.objects.get(matter=matter)
    assert reviewing.open_due(now - timedelta(days=5)) == 0
    assert reviewing.open_due(now) == 1
    assert reviewing.open_due(now) == 0
    review = Review.objects.get(award=award)
    do(review.matter, "survey", "done", now, signed_by="王秀兰", seen="情况无变化")
    return award, review.matter


def test_a_review_is_opened_a_month_before_the_year_is_over_and_once():
    award, matter = reviewed()
    do(matter, "opinion", "keep", YEAR_ON, reason="情况无变化，维持")
    award.refresh_from_db()
    assert (award.state, award.fen, award.review_due) == ("running", 98050, date(2028, 9, 1))
    assert Matter.objects.get(pk=matter.pk).state == "closed"


def test_a_review_says_how_often_the_household_is_looked_at_from_now_on():
    award, matter = reviewed()
    with pytest.raises(Invalid):
        do(matter, "opinion", "keep", YEAR_ON, reason="维持", rhythm="3")
    do(matter, "opinion", "keep", YEAR_ON, reason="维持，灵活就业", rhythm="6")
    award.refresh_from_db()
    assert (award.review_months, award.review_due) == (6, date(2028, 3, 1))


def test_a_household_is_heard_before_its_help_is_cut():
    award, matter = reviewed()
    do(matter, "opinion", "cut", YEAR_ON, amount="500", why="income", reason="子女就业，收入增加")
    assert open_nodes(matter) == {"hearing"}
    with pytest.raises(Invalid) as caught:
        do(matter, "hearing", "heard", YEAR_ON, told="拟降低", said="")
    assert caught.value.where == "said"
    do(matter, "hearing", "heard", YEAR_ON, told="拟降低为每月500元，因收入增加", said="同意")
    do(matter, "decide", "confirm", YEAR_ON)
    assert Hearing.objects.get(matter=matter).said == "同意"
    award.refresh_from_db()
    follower = Award.objects.get(previous=award)
    assert (award.state, award.until, award.end_reason) == ("ended", date(2027, 9, 30), "changed")
    assert (follower.since, follower.fen, follower.state) == (date(2027, 10, 1), 50000, "running")
    assert [due.award.pk for due in paying.waiting(date(2027, 9, 1))] == [award.pk]
    assert [due.award.pk for due in paying.waiting(date(2027, 10, 1))] == [follower.pk]
    do(matter, "notify", "delivered", YEAR_ON)


def test_a_rise_needs_no_hearing():
    award, matter = reviewed()
    do(matter, "opinion", "raise", YEAR_ON, amount="1200", why="members", reason="增加一名成员", members="3")
    assert open_nodes(matter) == {"decide"}
    do(matter, "decide", "confirm", YEAR_ON)
    assert Award.objects.get(previous=award).members == 3


def test_a_cut_that_is_none_is_refused():
    _award, matter = reviewed()
    with pytest.raises(Invalid) as caught:
        do(matter, "opinion", "cut", YEAR_ON, amount="1200", why="income", reason="收入增加")
    assert caught.value.where == "amount"


def test_who_finds_work_leaves_slowly_at_most_six_months():
    award, matter = reviewed()
    with pytest.raises(Invalid):
        do(matter, "opinion", "exit", YEAR_ON, months="7", why="income", reason="就业后收入高于标准")
    do(matter, "opinion", "exit", YEAR_ON, months="6", why="income", reason="就业后收入高于标准")
    do(matter, "hearing", "heard", YEAR_ON, told="渐退六个月", said="知道了")
    do(matter, "decide", "confirm", YEAR_ON)
    award.refresh_from_db()
    assert (award.state, award.until) == ("ending", date(2028, 3, 31))
    assert paying.waiting(date(2028, 3, 1))
    assert not paying.waiting(date(2028, 4, 1))
    awards.close_over(date(2028, 4, 1))
    award.refresh_from_db()
    assert award.state == "ended"
    assert not Publicity.objects.filter(kind="award", until=None).exists()


def test_a_stop_pays_this_month_still_and_never_again():
    award, matter = reviewed()
    do(matter, "opinion", "stop", YEAR_ON, why="moved", reason="全家迁出本区")
    do(matter, "hearing", "heard", YEAR_ON, told="拟终止，因迁出", said="无异议")
    do(matter, "decide", "confirm", YEAR_ON)
    award.refresh_from_db()
    assert (award.state, award.end_reason) == ("ended", "moved")
    assert not paying.waiting(date(2027, 10, 1))


def dies(award, *, all_of_them=False, on=date(2026, 11, 8), now=NOVEMBER):
    """The head of the household dies, or everybody; the reading of the journal opens the review."""
    members = registers.members(award.household)
    for one in members if all_of_them else [one for one in members if one.pk == award.payee]:
        registry.die(actor=SYSTEM, person=one.pk, on=on, source="公安", now=now)
    while alerts.follow(now):
        pass
    return Review.objects.get(award=award, why="death").matter


def test_a_death_opens_a_review_within_three_months_of_it_and_the_dead_are_not_heard():
    award = Award.objects.get(matter=granted(members=[]))
    matter = dies(award)
    assert matter.review.due == date(2027, 2, 8)
    award.refresh_from_db()
    assert award.state == "running"  # nothing is stopped by a machine
    now = at("2026-11-10T09:00")
    do(matter, "survey", "done", now, signed_by="邻居", seen="本人已去世")
    do(matter, "opinion", "stop", now, why="died", reason="户内唯一成员去世")
    assert open_nodes(matter) == {"decide"}
    do(matter, "decide", "confirm", now)
    award.refresh_from_db()
    assert (award.state, award.end_reason) == ("ended", "died")
    with pytest.raises(Conflict):
        reviewing.open_review(actor=None, award=award, why="change", due=date(2026, 12, 1), now=now)


def test_who_lives_on_in_the_household_is_heard_before_its_help_is_cut_after_a_death():
    award = Award.objects.get(matter=granted())
    matter, now = dies(award), at("2026-11-10T09:00")
    do(matter, "survey", "done", now, signed_by="李小明", seen="户主已去世")
    do(matter, "opinion", "cut", now, amount="500", why="died", reason="成员减少", members="1")
    assert open_nodes(matter) == {"hearing"}


def test_several_deaths_before_the_visit_are_one_review():
    award = Award.objects.get(matter=granted())
    dies(award, all_of_them=True)
    assert Review.objects.filter(award=award).count() == 1


def test_a_death_that_is_heard_of_late_is_to_be_looked_at_at_once():
    award = Award.objects.get(matter=granted())
    assert dies(award, on=date(2026, 6, 30)).review.due == date(2026, 11, 10)
    assert reviewing.three_months_after(date(2026, 11, 30)) == date(2027, 2, 28)


def test_a_death_is_looked_at_also_during_a_gradual_exit():
    award = Award.objects.get(matter=granted(members=[]))
    awards.leave_slowly(award, 6, at("2026-11-01T09:00"))
    assert dies(award).review.why == "death"


def test_a_second_review_works_on_what_took_the_place_of_the_award_and_can_be_ended():
    award, yearly = reviewed()
    death = dies(award, now=YEAR_ON)
    do(yearly, "opinion", "cut", YEAR_ON, amount="500", why="income", reason="收入增加")
    do(yearly, "hearing", "heard", YEAR_ON, told="拟降低", said="同意")
    do(yearly, "decide", "confirm", YEAR_ON)
    follower = Award.objects.get(previous=award)
    do(death, "survey", "done", YEAR_ON, signed_by="李小明", seen="户主已去世")
    do(death, "opinion", "stop", YEAR_ON, why="died", reason="不再符合条件")
    do(death, "hearing", "heard", YEAR_ON, told="拟终止", said="同意")
    do(death, "decide", "confirm", YEAR_ON)
    follower.refresh_from_db()
    assert (follower.state, follower.end_reason) == ("ended", "died")
    do(death, "notify", "delivered", YEAR_ON)
    assert Matter.objects.get(pk=death.pk).state == "closed"


def test_two_reviews_that_both_stop_end_the_award_once_and_both_close():
    award, yearly = reviewed()
    death = dies(award, now=YEAR_ON)
    do(death, "survey", "done", YEAR_ON, signed_by="李小明", seen="户主已去世")
    for matter in (yearly, death):
        do(matter, "opinion", "stop", YEAR_ON, why="died", reason="不再符合条件")
        do(matter, "hearing", "heard", YEAR_ON, told="拟终止", said="同意")
        do(matter, "decide", "confirm", YEAR_ON)
        do(matter, "notify", "delivered", YEAR_ON)
        assert Matter.objects.get(pk=matter.pk).state == "closed"


def test_a_proposal_whose_amount_was_changed_meanwhile_is_given_back():
    award, yearly = reviewed()
    death = dies(award, now=YEAR_ON)
    do(death, "survey", "done", YEAR_ON, signed_by="李小明", seen="户主已去世")
    for matter, amount in ((yearly, "500"), (death, "600")):
        do(matter, "opinion", "cut", YEAR_ON, amount=amount, why="income", reason="收入增加")
        do(matter, "hearing", "heard", YEAR_ON, told="拟降低", said="同意")
    do(yearly, "decide", "confirm", YEAR_ON)
    with pytest.raises(Conflict):
        do(death, "decide", "confirm", YEAR_ON)


def test_a_recognition_without_money_is_kept_or_ended_and_keeping_it_opens_no_new_review():
    award = Award.objects.get(matter=granted("low_income_edge", amount=""))
    matter = dies(award)
    now = at("2026-11-10T09:00")
    do(matter, "survey", "done", now, signed_by="李小明", seen="户主已去世")
    with pytest.raises(Invalid):
        do(matter, "opinion", "raise", now, amount="100", why="members", reason="成员变化")
    do(matter, "opinion", "keep", now, reason="仍符合条件")
    award.refresh_from_db()
    assert award.review_due is None
    assert reviewing.open_due(now) == 0


def test_less_in_a_gradual_exit_is_still_that_exit_and_six_months_are_six_in_all():
    award = Award.objects.get(matter=granted())
    awards.leave_slowly(award, 3, at("2026-11-01T09:00"))
    awards.leave_slowly(award, 6, at("2026-12-01T09:00"))
    assert award.until == date(2027, 2, 28)
    matter = reviewing.open_review(
        actor=SYSTEM, award=award, why="change", due=date(2026, 12, 1), now=at("2026-12-01T09:00")
    )
    less = awards.change(award, 50000, matter.pk, 1, at("2026-12-02T09:00"))
    assert (less.state, less.until, less.review_due) == ("ending", date(2027, 2, 28), None)


def test_what_is_granted_anew_takes_the_place_of_a_gradual_exit():
    first = Award.objects.get(matter=granted())
    awards.leave_slowly(first, 6, at("2026-10-01T09:00"))
    again = Award.objects.get(matter=granted(now=at("2026-11-02T09:00"), id=uuid4()))
    first.refresh_from_db()
    assert (first.state, first.until) == ("ended", date(2026, 11, 30))
    assert [due.award.pk for due in paying.waiting(again.since)] == [again.pk]


def test_the_end_of_support_in_extreme_hardship_is_shown_for_seven_days():
    matter = granted("extreme_hardship", members=[], amount="1300")
    award = Award.objects.get(matter=matter)
    reviewing.open_due(YEAR_ON)
    review = Review.objects.get(award=award).matter
    do(review, "survey", "done", YEAR_ON, signed_by="王秀兰", seen="有法定赡养人")
    do(review, "opinion", "stop", YEAR_ON, why="other", reason="法定义务人有履行能力")
    do(review, "hearing", "heard", YEAR_ON, told="拟终止", said="同意")
    assert open_nodes(review) == set()
    shown = Publicity.objects.get(kind="ending")
    assert shown.until - YEAR_ON >= timedelta(days=7)
    timers.fire_due(shown.until)
    assert open_nodes(review) == {"decide"}


def test_where_income_is_unstable_the_review_is_due_after_half_a_year():
    matter = applied()
    now = until_opinion(matter)
    do(matter, "opinion", "support", now, unstable="1")
    now += timedelta(days=8)
    timers.fire_due(now)
    do(matter, "county_review", "grant", now)
    do(matter, "decide", "grant", now)
    award = Award.objects.get(matter=matter)
    assert (award.review_months, award.review_due) == (6, date(2027, 4, 1))
