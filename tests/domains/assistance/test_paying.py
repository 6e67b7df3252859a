"""The payment list: everything once, totals that add up, and nothing doubled whatever is retried."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import at
from tests.domains.assistance.offices import BEGIN, granted, who
from tests.people import person
from yiwang.domains.assistance import awards, paying, returning, reviewing
from yiwang.domains.assistance.models import Award, Payment, PaymentBatch
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Denied, Invalid

pytestmark = pytest.mark.usefixtures("dadong")
OCTOBER, NOW = date(2026, 10, 1), at("2026-09-25T10:00")


def finance():
    return person("aid-finance", name="孙出纳")


def award(fen: int = 98050, **more) -> Award:
    """An award beside the granted one, without its procedure."""
    first = Award.objects.order_by("made_at").first() or Award.objects.get(matter=granted())
    row = Award.objects.get(pk=first.pk)
    row.pk, row.household, row.fen = uuid4(), uuid4(), fen
    for name, value in more.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def test_a_list_holds_every_award_of_the_month_once_and_adds_up():
    for n in range(12):
        award(10000 + n, programme="minimum_guarantee" if n % 2 else "single_guarantee")
    batch = paying.make_list(actor=finance(), month=OCTOBER, now=NOW)
    assert batch.count == 13
    assert batch.fen == 98050 + sum(10000 + n for n in range(12))
    assert sum(fen for _n, fen in batch.totals["programme"].values()) == batch.fen
    assert sum(n for n, _fen in batch.totals["area"].values()) == batch.count
    assert paying.reconcile(batch) == []


def test_asked_again_it_lists_only_what_is_new():
    award()
    first = paying.make_list(actor=finance(), month=OCTOBER, now=NOW)
    assert paying.make_list(actor=finance(), month=OCTOBER, now=NOW) is None
    late = award(50000)
    second = paying.make_list(actor=finance(), month=OCTOBER, now=NOW + timedelta(days=3))
    assert (first.number, second.number, second.count) == (1, 2, 1)
    assert Payment.objects.get(batch=second).award_id == late.pk


def test_the_database_refuses_a_second_payment_of_a_month():
    row = award()
    paying.make_list(actor=finance(), month=OCTOBER, now=NOW)
    again = Payment.objects.get(award=row)
    again.pk = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_only_the_finance_post_pays():
    award()
    for post in ("aid_county", "aid_leader", "aid_window"):
        with pytest.raises(Denied):
            paying.make_list(actor=who(post), month=OCTOBER, now=NOW)
    assert not PaymentBatch.objects.exists()


def test_no_list_is_made_far_ahead():
    with pytest.raises(Invalid):
        paying.make_list(actor=finance(), month=date(2026, 12, 1), now=NOW)


def test_what_is_paid_once_is_listed_once_and_recognitions_are_not_paid():
    once = award(
        300000,
        rhythm="once",
        programme="relief_expenditure",
        until=date(2026, 9, 30),
        since=date(2026, 9, 1),
    )
    award(0, rhythm="never", programme="low_income_edge")
    paying.make_list(actor=finance(), month=OCTOBER, now=NOW)
    assert Payment.objects.filter(award=once).count() == 1
    paying.make_list(actor=finance(), month=date(2026, 11, 1), now=at("2026-10-20T10:00"))
    assert Payment.objects.filter(award=once).count() == 1
    assert not Payment.objects.filter(programme="low_income_edge").exists()


def test_a_batch_that_the_bank_has_paid_is_paid_once_and_what_came_back_is_not():
    row = award()
    batch = paying.make_list(actor=finance(), month=OCTOBER, now=NOW)
    back = Payment.objects.get(award=row)
    returning.come_back(actor=finance(), payment=back.pk, why="账号有误", now=NOW)
    for _twice in range(2):
        paying.confirm_paid(actor=finance(), batch=batch.pk, now=NOW + timedelta(days=5))
    back.refresh_from_db()
    assert (back.state, back.returned_why) == ("returned", "账号有误")
    assert Payment.objects.filter(batch=batch, state="paid").count() == batch.count - 1


def test_a_batch_that_was_tampered_with_does_not_add_up():
    award()
    batch = paying.make_list(actor=finance(), month=OCTOBER, now=NOW)
    Payment.objects.filter(batch=batch).update(fen=1)
    assert len(paying.reconcile(batch)) == 2


def test_the_first_month_is_the_one_after_the_decision():
    granted(now=BEGIN)
    assert not paying.waiting(date(2026, 9, 1))
    assert paying.waiting(OCTOBER)


def test_a_payment_without_an_account_is_listed_and_said():
    award(account="")
    batch = paying.make_list(actor=finance(), month=OCTOBER, now=NOW)
    assert batch.count == 2
    assert paying.without_account(batch) == 1
    assert paying.reconcile(batch) == []


def changed(old: Award, fen: int) -> Award:
    """Another amount, decided on September 28."""
    then = at("2026-09-28T10:00")
    review = reviewing.open_review(actor=SYSTEM, award=old, why="change", due=then.date(), now=then)
    return awards.change(old, fen, review.pk, 1, then)


def test_a_list_made_ahead_and_a_change_after_it_pay_the_month_once():
    """October is listed on September 25; on the 28th the amount changes from October on."""
    old = award(98050)
    paying.make_list(actor=finance(), month=OCTOBER, now=NOW)
    more = changed(old, 120000)
    batch = paying.make_list(actor=finance(), month=OCTOBER, now=at("2026-09-29T10:00"))
    assert [(row.award_id, row.fen) for row in batch.payments.all()] == [(more.pk, 120000 - 98050)]
    paying.make_list(actor=finance(), month=date(2026, 11, 1), now=at("2026-10-20T10:00"))
    assert Payment.objects.get(award=more, month=date(2026, 11, 1)).fen == 120000


def test_a_cut_after_a_list_made_ahead_takes_effect_with_the_month_after():
    old = award(98050)
    paying.make_list(actor=finance(), month=OCTOBER, now=NOW)
    less = changed(old, 50000)
    assert paying.make_list(actor=finance(), month=OCTOBER, now=at("2026-09-29T10:00")) is None
    paying.make_list(actor=finance(), month=date(2026, 11, 1), now=at("2026-10-20T10:00"))
    assert Payment.objects.get(award=less).month == date(2026, 11, 1)


def test_two_awards_of_one_household_for_the_same_programme_are_paid_once_a_month():
    old = award(60000, state="ending", until=date(2026, 12, 31))
    award(98050, household=old.household)
    paying.make_list(actor=finance(), month=OCTOBER, now=NOW)
    assert sum(Payment.objects.filter(household=old.household).values_list("fen", flat=True)) == 98050
