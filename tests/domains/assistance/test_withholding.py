"""A line is taken out of a payment list before the bank pays: the totals follow, and the month is paid once or never."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.conftest import at
from tests.domains.assistance.offices import IDS, applied, granted, who
from tests.domains.assistance.test_paying import award, finance
from tests.domains.assistance.test_returning import right
from yiwang.domains.assistance import awards, bankfile, paying, reports, returning, withholding
from yiwang.domains.assistance.models import Award, Payment, PaymentBatch, PaymentChange
from yiwang.kernel.errors import Conflict, Denied, Invalid
from yiwang.kernel.registers.models_people import Person

pytestmark = pytest.mark.usefixtures("dadong")
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
NOW, LATER, NEXT = at("2026-09-25T10:00"), at("2026-09-28T10:00"), at("2026-10-20T10:00")


@pytest.fixture
def batch() -> PaymentBatch:
    """October's list of two households, made and not yet given to the bank."""
    granted()
    award(50000)
    return paying.make_list(actor=finance(), month=OCTOBER, now=NOW)


def line(batch: PaymentBatch, fen: int = 98050) -> Payment:
    return batch.payments.get(fen=fen)


def out(row: Payment, cause: str = "died", now=LATER, **more) -> Payment:
    given = {"actor": finance(), "why": "社区来电告知"} | more
    return withholding.take_out(payment=row.pk, cause=cause, now=now, **given)


def back(row: Payment, now=LATER) -> Payment:
    return withholding.put_back(actor=finance(), payment=row.pk, why="核实后仍应发放", now=now)


def text_of(batch: PaymentBatch, now=LATER, despite: str = "") -> str:
    return bankfile.bank_file(actor=finance(), batch=batch.pk, now=now, despite=despite)[1].decode()


def test_a_line_that_is_taken_out_is_not_in_the_banks_file_and_the_totals_agree_without_it(batch):
    row = out(line(batch))
    batch.refresh_from_db()
    assert (batch.count, batch.fen) == (1, 50000)
    assert sum(fen for _n, fen in batch.totals["programme"].values()) == 50000
    assert paying.reconcile(batch) == []
    text = text_of(batch)
    assert str(row.pk) not in text and "1笔" in text and "500.00" in text
    found = returning.balance(OCTOBER)
    assert (found.listed, found.stands, found.withheld) == ((2, 148050), (1, 50000), (1, 98050))
    assert found.agrees
    assert reports.report(who("aid_leader"), OCTOBER, OCTOBER).total.paid == 50000


def test_who_took_it_out_when_and_why_stays_on_record_and_sealed(batch):
    out(line(batch))
    change = PaymentChange.objects.get(what="withheld")
    assert (change.why, change.at, change.by.name) == ("社区来电告知", LATER, "孙出纳")
    raw = PaymentChange.objects.extra(select={"raw": "assistance_paymentchange.why"})
    assert "社区" not in str(list(raw.values_list("raw", flat=True)))


def test_taken_out_twice_it_left_once(batch):
    for _twice in range(2):
        out(line(batch))
    batch.refresh_from_db()
    assert (batch.count, batch.fen) == (1, 50000)
    assert PaymentChange.objects.filter(what="withheld").count() == 1


def test_it_is_never_paid_by_itself_neither_with_this_list_nor_with_a_later_one_of_the_month(batch):
    row = out(line(batch))
    paying.confirm_paid(actor=finance(), batch=batch.pk, now=LATER)
    row.refresh_from_db()
    assert (row.state, row.paid_at) == ("withheld", None)
    assert paying.make_list(actor=finance(), month=OCTOBER, now=NEXT) is None
    november = paying.make_list(actor=finance(), month=NOVEMBER, now=NEXT)
    assert not november.payments.filter(month=OCTOBER).exists()


def test_put_back_before_the_bank_pays_it_is_in_the_same_list_again(batch):
    out(line(batch))
    for _twice in range(2):
        row = back(Payment.objects.get(fen=98050))
    batch.refresh_from_db()
    assert (row.state, batch.count, batch.fen) == ("listed", 2, 148050)
    assert paying.reconcile(batch) == []
    assert str(row.pk) in text_of(batch)


def test_put_back_after_the_bank_paid_the_list_it_is_paid_once_with_the_next_one(batch):
    row = out(line(batch))
    paying.confirm_paid(actor=finance(), batch=batch.pk, now=LATER)
    for _twice in range(2):
        back(row, NEXT)
    november = paying.make_list(actor=finance(), month=NOVEMBER, now=NEXT)
    again = Payment.objects.get(repays=row)
    assert (again.batch, again.month, again.fen) == (november, OCTOBER, 98050)
    assert paying.reconcile(november) == []
    for month in (OCTOBER, NOVEMBER):
        assert paying.make_list(actor=finance(), month=month, now=NEXT) is None
    with pytest.raises(Conflict):
        back(row, NEXT)
    assert returning.balance(OCTOBER).agrees


def test_with_a_wrong_account_it_goes_out_when_the_sub_district_has_put_it_right(batch):
    row = out(line(batch), cause="account")
    paying.confirm_paid(actor=finance(), batch=batch.pk, now=LATER)
    right(row, now=NEXT)
    november = paying.make_list(actor=finance(), month=NOVEMBER, now=NEXT)
    assert november.payments.get(repays=row).month == OCTOBER
    assert text_of(november, NEXT).count("6222021234567890128") == 2


def test_taken_out_for_a_death_it_does_not_go_out_because_another_account_was_put_right(batch):
    row = out(line(batch))
    with pytest.raises(Conflict):
        right(row, now=NEXT)
    row.refresh_from_db()
    assert row.ready_at is None


def test_put_back_it_goes_to_the_account_that_was_put_right_meanwhile(batch):
    row = out(line(batch), cause="account")
    right(row, now=LATER)
    back(row)
    assert "6222021234567890128" in text_of(batch)


def test_an_award_that_ended_before_the_month_is_not_paid_for_it_any_more(batch):
    row = out(line(batch), cause="stopped")
    awards.end(row.award, "stop", LATER)
    with pytest.raises(Conflict) as caught:
        back(row)
    assert caught.value.code == "not_due"


def test_what_was_cut_after_the_list_was_made_is_listed_with_its_new_amount_and_the_old_line_stays_out(batch):
    row = out(line(batch), cause="stopped")
    awards.change(row.award, 30000, applied(id_number=IDS[3], members=[]).pk, 1, LATER)
    found = [due for due in paying.waiting(OCTOBER) if due.award.household == row.household]
    assert [due.fen for due in found] == [30000]
    paying.make_list(actor=finance(), month=OCTOBER, now=LATER)
    with pytest.raises(Conflict):
        back(row)


def test_only_the_finance_post_takes_lines_out_and_only_with_a_reason(batch):
    row = line(batch)
    for post in ("aid_window", "aid_officer", "aid_county", "aid_leader"):
        for act in (
            out,
            lambda one, actor: withholding.put_back(actor=actor, payment=one.pk, why="核实", now=NOW),
        ):
            with pytest.raises(Denied):
                act(row, actor=who(post))
    for more, where in (({"cause": "因为"}, "cause"), ({"why": ""}, "why")):
        with pytest.raises(Invalid) as caught:
            out(row, **more)
        assert caught.value.where == where
    paying.confirm_paid(actor=finance(), batch=batch.pk, now=LATER)
    with pytest.raises(Conflict):
        out(row)


def test_the_list_says_before_it_goes_to_the_bank_what_ended_and_who_died_since_it_was_made(batch):
    row = line(batch)
    assert withholding.since_made(batch) == []
    awards.end(row.award, "stop", LATER)
    Person.objects.filter(pk=Award.objects.get(payments__fen=50000).payee).update(died=date(2026, 9, 26))
    found = withholding.since_made(batch)
    assert [(one.row.fen, one.what, one.cause) for one in found] == [
        (98050, "ended", "stopped"),
        (50000, "died", "died"),
    ]
    with pytest.raises(Conflict) as caught:
        text_of(batch)
    assert (caught.value.code, caught.value.where) == ("changed", "despite")
    out(row, cause="stopped")
    assert "500.00" in text_of(batch, despite="家属已办理代领手续")
    assert PaymentChange.objects.get(what="kept").payment.fen == 50000
    assert text_of(batch)  # it has been looked at


def test_a_review_after_a_death_is_told_and_stops_nothing(batch):
    from yiwang.domains.assistance import reviewing

    row = line(batch)
    reviewing.died(household=row.household, person=uuid4(), on=date(2026, 9, 26), now=LATER)
    assert [(one.row.pk, one.what) for one in withholding.since_made(batch)] == [(row.pk, "review")]
    assert str(row.pk) in text_of(batch)


def test_a_file_that_was_taken_before_a_line_left_does_not_count_as_paid(batch):
    text_of(batch, NOW + timedelta(hours=1))
    out(line(batch))
    batch.refresh_from_db()
    assert paying.changed_after_file(batch)
    with pytest.raises(Conflict) as caught:
        paying.confirm_paid(actor=finance(), batch=batch.pk, now=NEXT)
    assert caught.value.code == "older_file"
    text_of(batch, NEXT)
    assert paying.confirm_paid(actor=finance(), batch=batch.pk, now=NEXT).state == "paid"


def test_a_line_is_found_by_its_serial_number_or_the_persons_id_number(batch):
    row = line(batch)
    found = withholding.find(actor=finance(), batch=batch, text=str(row.pk))
    assert found == [row]
    for wrong in ("", "210104", str(uuid4())):
        with pytest.raises(Invalid) as caught:
            withholding.find(actor=finance(), batch=batch, text=wrong)
        assert caught.value.where == "find"


def test_the_command_takes_a_line_out_and_puts_it_back(batch, capsys):
    import json

    from django.core.management import call_command

    row = line(batch)
    call_command("assistance", "take-out", str(row.pk), "--cause", "died", "--why", "社区来电告知", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["count"], told["fen"]) == ("withheld", 1, 50000)
    call_command("assistance", "put-back", str(row.pk), "--why", "核实后仍应发放", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["count"], told["fen"]) == ("listed", 2, 148050)
    with pytest.raises(Invalid):
        call_command("assistance", "take-out", "123", "--cause", "died", "--why", "社区来电告知")
