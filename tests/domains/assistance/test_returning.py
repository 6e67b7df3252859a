"""A payment that came back from the bank is paid again with a later list: once, to the account that was put right."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import orjson
import pytest
from django.db import IntegrityError, transaction

from tests.conftest import at
from tests.domains.assistance.offices import granted, who
from tests.domains.assistance.test_paying import award, finance
from tests.people import person
from yiwang.domains.assistance import bankfile, paying, reports, returning
from yiwang.domains.assistance.models import Award, Payment, PaymentChange
from yiwang.kernel.errors import Conflict, Denied, Invalid

pytestmark = pytest.mark.usefixtures("dadong")
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
NOW, BACK, LATER = at("2026-09-25T10:00"), at("2026-10-08T10:00"), at("2026-10-20T10:00")
RIGHT = {"bank": "工商银行", "number": "6222021234567890128", "holder": "王秀兰"}


@pytest.fixture
def back() -> Payment:
    """October's payment of a household, paid and sent back by the bank; another one of the list stands."""
    first = Award.objects.get(matter=granted())
    award(50000)
    batch = paying.make_list(actor=finance(), month=OCTOBER, now=NOW)
    paying.confirm_paid(actor=finance(), batch=batch.pk, now=NOW + timedelta(days=5))
    row = Payment.objects.get(award=first)
    return returning.come_back(actor=finance(), payment=row.pk, why="账号户名不符", now=BACK)


def right(row: Payment, **more) -> Payment:
    given = {"actor": who("aid_window"), "account": RIGHT, "how": "核对银行卡原件", "now": BACK} | more
    return returning.correct(payment=row.pk, **given)


def november():
    return paying.make_list(actor=finance(), month=NOVEMBER, now=LATER)


def test_nothing_is_paid_again_before_the_account_was_put_right(back):
    batch = november()
    assert batch.count == 2
    assert not batch.payments.filter(repays__isnull=False).exists()


def test_it_is_paid_again_with_the_next_list_to_the_right_account_as_a_payment_that_points_to_the_first(back):
    right(back)
    assert paying.preview(NOVEMBER).again == 1
    batch = november()
    again = Payment.objects.get(repays=back)
    assert (again.batch, again.fen, again.month, again.award_id) == (batch, 98050, OCTOBER, back.award_id)
    assert (batch.count, batch.fen) == (3, 98050 * 2 + 50000)
    assert paying.reconcile(batch) == []
    name, data = bankfile.bank_file(actor=finance(), batch=batch.pk, now=LATER)
    lines = [line for line in data.decode().splitlines() if RIGHT["number"] in line]
    assert [("2026-10" in line, "补发" in line, "980.50" in line) for line in sorted(lines)].count(
        (True, True, True)
    ) == 1
    assert len(lines) == 2  # November's own payment goes to the right account too


def test_it_is_listed_again_only_once_and_the_database_refuses_a_second(back):
    right(back)
    november()
    for month in (OCTOBER, NOVEMBER):
        assert paying.make_list(actor=finance(), month=month, now=LATER) is None
    again = Payment.objects.get(repays=back)
    again.pk = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_it_can_go_out_in_the_same_month_and_never_with_an_earlier_one(back):
    right(back)
    assert paying.make_list(actor=finance(), month=date(2026, 9, 1), now=LATER) is None
    assert paying.make_list(actor=finance(), month=OCTOBER, now=LATER).count == 1


def test_what_comes_back_again_is_put_right_again_and_the_month_is_still_paid_once(back):
    right(back)
    november()
    second = Payment.objects.get(repays=back)
    returning.come_back(actor=finance(), payment=second.pk, why="账户已销户", now=LATER)
    assert not paying.waiting(NOVEMBER)
    right(second, now=LATER)
    third = paying.make_list(actor=finance(), month=NOVEMBER, now=LATER).payments.get()
    assert third.repays == second
    found = returning.balance(OCTOBER)
    assert (found.listed, found.stands, found.owed) == ((2, 148050), (2, 148050), (0, 0))
    assert found.agrees


def test_the_balance_of_a_month_says_what_is_still_owed(back):
    found = returning.balance(OCTOBER)
    assert (found.listed, found.stands, found.owed) == ((2, 148050), (1, 50000), (1, 98050))
    assert found.agrees
    Payment.objects.filter(pk=back.pk).update(state="paid")
    right_one = Payment.objects.get(pk=back.pk)
    Payment.objects.create(
        **{f.attname: getattr(right_one, f.attname) for f in Payment._meta.concrete_fields}
        | {"id": uuid4(), "repays_id": back.pk}
    )
    assert not returning.balance(OCTOBER).agrees


def test_paid_again_counts_once_in_the_reports(back):
    leader = who("aid_leader")
    assert reports.report(leader, OCTOBER, OCTOBER).total.paid == 50000
    right(back)
    november()
    assert reports.report(leader, OCTOBER, OCTOBER).total.paid == 148050


def test_who_pays_changes_no_account_and_who_changes_accounts_pays_nothing(back):
    with pytest.raises(Denied):
        right(back, actor=finance())
    both = person("aid-finance", "aid-window-210104012", name="两职")
    with pytest.raises(Denied):
        right(back, actor=both)
    for post in ("aid_window", "aid_county"):
        with pytest.raises(Denied):
            returning.come_back(actor=who(post), payment=back.pk, why="账号有误", now=BACK)
        with pytest.raises(Denied):
            returning.stayed(actor=who(post), payment=back.pk, why="点错了", now=BACK)


@pytest.mark.parametrize("post", ["aid-window-210104002", "aid_leader", "aid_street_leader", "community"])
def test_an_account_is_put_right_only_where_the_household_lives(back, post):
    from tests.domains.assistance.offices import community

    with pytest.raises(Denied):
        right(back, actor=who(f"worker-{community()}" if post == "community" else post))
    assert not PaymentChange.objects.filter(what="account").exists()


def test_an_account_needs_all_its_digits_and_a_word_on_how_it_is_known(back):
    for wrong, where in (
        ({"account": RIGHT | {"number": ""}}, "account_number"),
        ({"account": RIGHT | {"number": "123"}}, "account_number"),
        ({"account": RIGHT | {"bank": ""}}, "account_bank"),
        ({"how": ""}, "how"),
    ):
        with pytest.raises(Invalid) as caught:
            right(back, **wrong)
        assert caught.value.where == where
    back.refresh_from_db()
    assert back.ready_at is None


def test_sent_twice_it_is_one_correction_and_its_account_lies_sealed(back):
    key = uuid4()
    for _twice in range(2):
        right(back, id=key)
    change = PaymentChange.objects.get(what="account")
    assert orjson.loads(change.account)["number"] == RIGHT["number"]
    raw = PaymentChange.objects.extra(select={"raw": "account"}).values_list("raw", flat=True)
    assert RIGHT["number"] not in str(list(raw))


def test_what_was_listed_before_goes_to_the_account_it_was_listed_for(back):
    standing = back.batch
    before = bankfile.bank_file(actor=finance(), batch=standing.pk, now=LATER)[1]
    right(back)
    assert bankfile.bank_file(actor=finance(), batch=standing.pk, now=LATER)[1] == before
    assert Payment.objects.get(pk=back.pk).account != Award.objects.get(pk=back.award_id).account


def test_two_months_that_came_back_are_put_right_together(back):
    november()
    second = Payment.objects.get(award=back.award, month=NOVEMBER)
    returning.come_back(actor=finance(), payment=second.pk, why="账号户名不符", now=LATER)
    right(second, now=LATER)
    batch = paying.make_list(actor=finance(), month=NOVEMBER, now=LATER)
    assert {row.repays_id for row in batch.payments.all()} == {back.pk, second.pk}


def test_the_wrong_line_is_taken_back_as_long_as_nothing_was_paid_again(back):
    returning.stayed(actor=finance(), payment=back.pk, why="银行回单核对，未退回", now=BACK)
    back.refresh_from_db()
    assert (back.state, back.ready_at, back.returned_why) == ("paid", None, "")
    assert not [due for due in paying.waiting(NOVEMBER) if due.repays]
    returning.come_back(actor=finance(), payment=back.pk, why="账号户名不符", now=BACK)
    right(back)
    november()
    with pytest.raises(Conflict):
        returning.stayed(actor=finance(), payment=back.pk, why="银行回单核对，未退回", now=LATER)
    with pytest.raises(Conflict):
        right(back)


def test_twice_back_is_once_and_keeps_the_first_reason(back):
    again = returning.come_back(actor=finance(), payment=back.pk, why="别的", now=LATER)
    assert (again.returned_why, again.returned_at) == ("账号户名不符", BACK)


def test_cash_does_not_come_back_from_the_bank(back):
    Payment.objects.filter(pk=back.pk).update(way="cash", state="paid")
    with pytest.raises(Conflict):
        returning.come_back(actor=finance(), payment=back.pk, why="账号有误", now=BACK)


def test_an_answer_of_the_bank_is_taken_whole_or_not_at_all(back):
    other = Payment.objects.exclude(pk=back.pk).get()
    text = f"流水号,原因\n{other.pk}\t账户已冻结\n\n{back.pk},账号户名不符\n"
    assert returning.come_back_all(actor=finance(), lines=returning.read(text), now=LATER) == 1
    assert returning.come_back_all(actor=finance(), lines=returning.read(text), now=LATER) == 0
    other.refresh_from_db()
    assert other.returned_why == "账户已冻结"
    returning.stayed(actor=finance(), payment=other.pk, why="点错了", now=LATER)
    with pytest.raises(Invalid) as caught:
        returning.come_back_all(
            actor=finance(), lines=[(other.pk, "账户已冻结"), (uuid4(), "账户已冻结")], now=LATER
        )
    assert caught.value.where == "lines"
    other.refresh_from_db()
    assert other.state == "paid"
    with pytest.raises(Invalid):
        returning.read("不是流水号,账户已冻结")


def test_what_has_no_account_is_not_in_the_file_and_not_paid_when_the_bank_paid():
    granted()
    poor = award(account="")
    batch = paying.make_list(actor=finance(), month=OCTOBER, now=NOW)
    text = bankfile.bank_file(actor=finance(), batch=batch.pk, now=NOW)[1].decode()
    own = Payment.objects.get(award=poor)
    assert str(own.pk) not in text and "1笔" in text
    paying.confirm_paid(actor=finance(), batch=batch.pk, now=BACK)
    own.refresh_from_db()
    assert (own.state, own.returned_why) == ("returned", paying.NO_ACCOUNT)
    right(own)
    assert november().payments.filter(repays=own).exists()


def test_only_the_own_area_sees_what_came_back(back):
    for actor, count in (
        (finance(), 1),
        (who("aid_window"), 1),
        (who("aid_county"), 1),
        (person("aid-window-210104002", name="别处"), 0),
    ):
        assert returning.visible(actor).count() == count
    for post in ("aid_leader", "aid_street_leader"):
        with pytest.raises(Denied):
            returning.require_see(who(post))


def test_the_household_gets_its_accounts_with_what_is_held_of_it(back):
    from yiwang.domains.assistance import held
    from yiwang.kernel.registers.models_people import Person

    right(back)
    told = held.give(Person.objects.get(pk=back.award.payee))
    assert [one["account"]["number"] for one in told["accounts"]] == [RIGHT["number"]]


def test_the_command_takes_the_banks_answer_and_says_what_is_owed(back, tmp_path, capsys):
    import json

    from django.core.management import call_command

    other = Payment.objects.exclude(pk=back.pk).get()
    answer = tmp_path / "back.csv"
    answer.write_text(f"{other.pk},账户已冻结\n", "utf-8")
    call_command("assistance", "returned", "--file", str(answer), "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["taken"], [(one["fen"], one["why"], one["ready"]) for one in told["owed"]]) == (
        1,
        [(98050, "账号户名不符", False), (50000, "账户已冻结", False)],
    )
    answer.write_bytes(b"\xff\xfe")
    with pytest.raises(Invalid):
        call_command("assistance", "returned", "--file", str(answer))
