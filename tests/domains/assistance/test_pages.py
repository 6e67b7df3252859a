"""What officers, the finance post and residents see of assistance, and what they do there."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests.conftest import at
from tests.domains.assistance.offices import (
    BEGIN,
    IDS,
    POSTS,
    applied,
    community,
    do,
    granted,
    task,
    until_opinion,
)
from tests.people import person, user
from yiwang.domains.assistance import paying
from yiwang.domains.assistance.models import Application, Award, Payment, PaymentBatch, Publicity
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.matters import timers
from yiwang.kernel.ui import clock

pytestmark = pytest.mark.usefixtures("dadong")


@pytest.fixture
def at_moment(monkeypatch):
    """Sets the moment at which pages are asked for."""

    def go(now):
        monkeypatch.setattr(clock, "now", lambda: now)

    go(BEGIN)
    return go


def desk(post: str) -> Client:
    client = Client()
    client.force_login(user(POSTS.get(post, post)), backend="yiwang.kernel.access.signin.PostsBackend")
    return client


def text(response) -> str:
    return response.content.decode()


FORM = {
    "programme": "minimum_guarantee",
    "channel": "counter",
    "name": "王秀兰",
    "id_number": IDS[0],
    "phone": "13840000001",
    "address": "长安路 12 号",
    "account_bank": "盛京银行",
    "account_number": "6222020000000001234",
    "member_name_0": "李小明",
    "member_relation_0": "child",
}


def test_a_clerk_takes_an_application_and_an_officer_finds_it_in_the_queue(at_moment):
    clerk = desk("aid_window")
    assert clerk.get("/assistance/apply").status_code == 200
    sent = clerk.post(
        "/assistance/apply", FORM | {"id": str(uuid4()), "area": community(), "papers": ["form", "promise"]}
    )
    assert sent.status_code == 302
    row = Application.objects.get()
    assert (row.members_count, row.materials) == (2, {"form": "given", "promise": "given"})
    shown = text(clerk.get(sent["Location"]))
    assert "王**" in shown
    assert "王秀兰" not in shown
    assert IDS[0] not in shown
    assert row.matter.number in text(clerk.get("/work?kind=assistance_application"))
    assert "材料审查与受理" in text(clerk.get("/assistance"))


def test_a_wrong_number_is_said_at_its_field_and_what_was_typed_stays(at_moment):
    clerk = desk("aid_window")
    sent = clerk.post(
        "/assistance/apply", FORM | {"id": str(uuid4()), "area": community(), "id_number": IDS[0][:-1] + "9"}
    )
    assert sent.status_code == 422
    assert "field-id_number-error" in text(sent)
    assert "李小明" in text(sent)


def test_the_file_is_opened_for_a_purpose_and_the_applicant_reads_who_opened_it(at_moment):
    matter = applied()
    officer = desk("aid_officer")
    closed = text(officer.get(f"/matters/{matter.number}"))
    assert "丈夫去世" not in closed
    opened = officer.post(f"/matters/{matter.number}/open", {"purpose": "办理：入户调查"})
    assert "丈夫去世" in text(opened)
    assert "王秀兰" in text(opened)
    log = PurposeLog.objects.get()
    assert (log.field, log.purpose) == ("assistance_file", "办理：入户调查")
    from yiwang.kernel.matters import receipts

    resident = Client()
    found = resident.post("/follow", {"number": matter.number, "secret": receipts.secret_for(matter.pk)})
    assert found.status_code == 302
    page = text(resident.get(found["Location"]))
    assert "办理：入户调查" in page


def test_without_a_purpose_nothing_is_opened(at_moment):
    matter = applied()
    refused = desk("aid_officer").post(f"/matters/{matter.number}/open", {"purpose": ""})
    assert refused.status_code == 422
    assert "丈夫去世" not in text(refused)
    assert not PurposeLog.objects.exists()


def send(client, matter, node, outcome, **data):
    row = task(matter, node)
    form = {"task": str(row.pk), "outcome": outcome, "form": f"complete-{outcome}-{row.token}", **data}
    return client.post(f"/matters/{matter.number}/do/complete", form)


def test_the_forms_of_the_steps_are_on_the_page_and_lead_to_the_decision(at_moment):
    from tests.domains.assistance.offices import FILLED, second

    matter = applied()
    today = "2026-09-01"
    papers = FILLED["accept"]
    assert send(desk("aid_window"), matter, "accept", "accept", **papers).status_code == 302
    officer, county = desk("aid_officer"), desk("aid_county")
    assert 'name="second"' in text(officer.get(f"/matters/{matter.number}"))
    assert send(officer, matter, "arrange", "arranged", second=second(), on=today).status_code == 302
    refused = send(officer, matter, "survey", "done", second=second(), on=today, seen="属实")
    assert refused.status_code == 422
    assert (
        send(officer, matter, "survey", "done", second=second(), on=today, **FILLED["survey"]).status_code
        == 302
    )
    assert 'name="check_tax"' in text(county.get(f"/matters/{matter.number}"))
    assert send(county, matter, "data_check", "done", **FILLED["data_check"]).status_code == 302
    page = text(officer.get(f"/matters/{matter.number}"))
    assert "由人决定" in page
    assert send(officer, matter, "opinion", "support", amount="900", reason="符合条件").status_code == 302
    shown = Publicity.objects.get(matter=matter)
    at_moment(shown.until)
    timers.fire_due(shown.until)
    assert send(county, matter, "county_review", "grant", amount="900", reason="同意").status_code == 302
    assert send(desk("aid_leader"), matter, "decide", "grant", amount="900", reason="同意").status_code == 302
    assert Award.objects.get(matter=matter).fen == 90000
    for post in ("aid_window", "aid_officer", "aid_county", "aid_leader", "aid-finance"):
        assert desk(post).get(f"/matters/{matter.number}").status_code == 200


def test_publicity_shows_the_name_the_members_and_the_amount_and_nothing_else(at_moment):
    matter = applied()
    now = until_opinion(matter)
    do(matter, "opinion", "support", now)
    at_moment(now + timedelta(days=1))
    resident = Client()
    page = text(resident.get("/publicity"))
    assert "王秀兰" in page
    assert "980.50" in page
    for hidden in (IDS[0], "13840000001", "长安路 12 号", "李小明", "丈夫去世"):
        assert hidden not in page
    row = Publicity.objects.get(matter=matter)
    sent = resident.post(
        f"/publicity/{row.pk}/object", {"id": str(uuid4()), "text": "该户有出租房屋", "contact": ""}
    )
    assert sent.status_code == 302
    assert row.objections.count() == 1
    at_moment(row.until)
    assert "王秀兰" not in text(resident.get("/publicity"))
    assert resident.get(f"/publicity/{row.pk}/object").status_code == 404


def test_a_resident_applies_on_line_and_follows_it_in_plain_words(at_moment):
    resident = Client()
    assert resident.get("/apply").status_code == 200
    sent = resident.post("/apply", FORM | {"id": str(uuid4()), "area": community()})
    assert sent.status_code == 302
    receipt = text(resident.get(sent["Location"]))
    row = Application.objects.get()
    assert row.channel == "online"
    assert row.matter.number in receipt
    page = text(resident.get(f"/follow/{row.matter.number}"))
    assert "最低生活保障" in page
    assert Client().get(f"/follow/{row.matter.number}").status_code == 302


def test_the_refused_reads_the_reason_and_the_way_to_object(at_moment):
    from yiwang.kernel.matters import receipts

    matter = applied()
    do(matter, "accept", "refuse", BEGIN, reason="户籍不在本区。")
    do(matter, "notify_not_accepted", "delivered", BEGIN)
    resident = Client()
    resident.post("/follow", {"number": matter.number, "secret": receipts.secret_for(matter.pk)})
    page = text(resident.get(f"/follow/{matter.number}"))
    assert "户籍不在本区。" in page


def test_a_household_page_hides_what_is_sealed_until_opened(at_moment):
    award = Award.objects.get(matter=granted())
    officer = desk("aid_officer")
    address = f"/assistance/households/{award.household}"
    page = text(officer.get(address))
    assert "980.50" in page
    assert "王秀兰" not in page
    opened = text(officer.post(address, {"purpose": "年度复核"}))
    assert "王秀兰" in opened
    assert "家中两人，无就业收入" in opened
    found = officer.post("/assistance/households/found", {"id_number": IDS[0]})
    assert found["Location"] == address
    elsewhere = desk("aid-officer-210104002")
    assert elsewhere.get(address).status_code == 404


def test_the_finance_post_makes_the_list_and_takes_the_file_and_every_account_is_on_record(at_moment):
    granted()
    now = at("2026-09-25T10:00")
    at_moment(now)
    finance = desk("aid-finance")
    assert "980.50" in text(finance.get("/assistance/payments"))
    made = finance.post("/assistance/payments/make", {"month": "2026-10"})
    assert made.status_code == 302
    batch = PaymentBatch.objects.get()
    page = text(finance.get(made["Location"]))
    assert "6222020000000001234" not in page
    sent = finance.post(f"/assistance/payments/{batch.pk}/bank.csv")
    lines = sent.content.decode("utf-8-sig").splitlines()
    assert "6222020000000001234" in lines[1]
    assert "980.50" in lines[1]
    assert "980.50" in lines[-1]
    assert PurposeLog.objects.filter(field="assistance_account").count() == 1
    assert (
        finance.post("/assistance/payments/make", {"month": "2026-10"})["Location"] == "/assistance/payments"
    )
    payment = Payment.objects.get()
    assert (
        finance.post(
            f"/assistance/payments/{batch.pk}/back", {"payment": str(payment.pk), "why": "户名不符"}
        ).status_code
        == 302
    )
    assert finance.post(f"/assistance/payments/{batch.pk}/paid").status_code == 302
    assert "户名不符" in text(finance.get(f"/assistance/payments/{batch.pk}"))


@pytest.mark.parametrize("post", ["aid_window", "aid_officer", "aid_county", "aid_leader", "acceptor"])
def test_nobody_else_gets_at_payments(at_moment, post):
    granted()
    batch = paying.make_list(actor=person("aid-finance"), month=date(2026, 10, 1), now=at("2026-09-25T10:00"))
    client = desk(post)
    assert client.get("/assistance/payments").status_code == 403
    assert client.post("/assistance/payments/make", {"month": "2026-10"}).status_code == 403
    assert client.get(f"/assistance/payments/{batch.pk}").status_code == 403
    assert client.post(f"/assistance/payments/{batch.pk}/bank.csv").status_code == 403
    assert client.post(f"/assistance/payments/{batch.pk}/paid").status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/assistance",
        "/assistance/apply",
        "/assistance/households",
        "/assistance/register",
        "/assistance/reports",
    ],
)
def test_who_does_not_work_on_assistance_sees_nothing_of_it(at_moment, address):
    assert desk("acceptor").get(address).status_code == 403
    assert Client().get(address).status_code in (302, 401)


def test_reports_add_up_by_programme_and_by_area(at_moment):
    granted()
    at_moment(at("2026-10-05T10:00"))
    paying.make_list(actor=person("aid-finance"), month=date(2026, 10, 1), now=at("2026-09-25T10:00"))
    page = text(desk("aid_leader").get("/assistance/reports?first=2026-09&until=2026-10"))
    assert "980.50" in page
    assert "最低生活保障" in page
    kin = {"name": "王某", "unit": "长安街道办事处", "relation": "兄妹"}
    applied(kin=kin)
    assert "长安街道办事处" in text(desk("aid_county").get("/assistance/register"))


def test_what_came_back_is_put_right_at_the_window_and_paid_again_by_the_finance_post(at_moment):
    matter = granted()
    batch = paying.make_list(actor=person("aid-finance"), month=date(2026, 10, 1), now=at("2026-09-25T10:00"))
    paying.confirm_paid(actor=person("aid-finance"), batch=batch.pk, now=at("2026-09-26T10:00"))
    payment = Payment.objects.get()
    at_moment(at("2026-10-08T10:00"))
    finance, window = desk("aid-finance"), desk("aid_window")
    wrong = finance.post("/assistance/payments/returned", {"lines": "12345,账号有误"})
    assert wrong.status_code == 422 and "12345,账号有误" in text(wrong)
    sent = finance.post("/assistance/payments/returned", {"lines": f"{payment.pk},账号有误"})
    assert sent.status_code == 302
    address = f"/assistance/payments/returned/{payment.pk}"
    assert "账号有误" in text(window.get("/assistance/payments/returned"))
    shown = text(window.get(address))
    assert "6222020000000001234" not in shown and "王秀兰" not in shown
    form = {"id": str(uuid4()), "account_bank": "工商银行", "account_number": "123", "how": "看过银行卡"}
    refused = window.post(address, form)
    assert refused.status_code == 422 and "工商银行" in text(refused)
    form["account_number"] = "6222 0212 3456 7890 128"
    assert finance.post(address, form).status_code == 403
    assert window.post(address, form).status_code == 302
    assert "1" in text(finance.get("/assistance/payments?month=2026-10"))
    made = finance.post("/assistance/payments/make", {"month": "2026-10"})
    again = Payment.objects.get(repays=payment)
    assert made["Location"] == f"/assistance/payments/{again.batch_id}"
    assert finance.post(f"{address}/stayed", {"why": "点错了"}).status_code == 409
    for page in (address, f"/assistance/payments/{again.batch_id}", "/assistance/payments/returned"):
        assert finance.get(page).status_code == 200
    assert "2026-10" in text(
        window.get(f"/assistance/households/{Award.objects.get(matter=matter).household}")
    )
    elsewhere = desk("aid-window-210104002")
    assert elsewhere.get(address).status_code == 404
    assert desk("aid_leader").get("/assistance/payments/returned").status_code == 403


def test_a_line_is_found_on_the_page_of_its_list_taken_out_with_a_reason_and_put_back(at_moment):
    granted()
    batch = paying.make_list(actor=person("aid-finance"), month=date(2026, 10, 1), now=at("2026-09-25T10:00"))
    payment = Payment.objects.get()
    at_moment(at("2026-09-26T10:00"))
    finance, address = desk("aid-finance"), f"/assistance/payments/{batch.pk}"
    page = text(finance.get(address))
    assert "移出名单" in page and "王秀兰" not in page
    assert finance.post(f"{address}/find", {"find": "123"}).status_code == 422
    assert str(payment.pk) in text(finance.post(f"{address}/find", {"find": IDS[0]}))
    form = {"payment": str(payment.pk), "cause": "", "why": "社区来电告知"}
    refused = finance.post(f"{address}/out", form)
    assert refused.status_code == 422 and "社区来电告知" in text(refused)
    assert desk("aid_window").post(f"{address}/out", form | {"cause": "died"}).status_code == 403
    assert finance.post(f"{address}/out", form | {"cause": "died"}).status_code == 302
    page = text(finance.get(address))
    assert "已移出" in page and "人员死亡" in page
    story = text(finance.get(f"/assistance/payments/returned/{payment.pk}"))
    assert "社区来电告知" in story
    assert "人员死亡" in text(desk("aid_window").get("/assistance/payments/returned"))
    assert (
        finance.post(f"{address}/in", {"payment": str(payment.pk), "why": "核实后仍应发放"}).status_code
        == 302
    )
    payment.refresh_from_db()
    assert payment.state == "listed"


def test_the_page_of_a_list_says_what_ended_since_and_the_file_waits_for_a_reason(at_moment):
    from yiwang.domains.assistance import awards

    granted()
    batch = paying.make_list(actor=person("aid-finance"), month=date(2026, 10, 1), now=at("2026-09-25T10:00"))
    at_moment(at("2026-09-26T10:00"))
    awards.end(Award.objects.get(), "stop", at("2026-09-26T09:00"))
    finance, address = desk("aid-finance"), f"/assistance/payments/{batch.pk}"
    assert "名单生成后的变化" in text(finance.get(address))
    refused = finance.post(f"{address}/bank.csv")
    assert refused.status_code == 409 and "名单生成后" in text(refused)
    assert finance.post(f"{address}/bank.csv", {"despite": "停发自十一月起"}).status_code == 200
    assert finance.post(f"{address}/paid").status_code == 302


def test_after_the_applicants_death_the_page_says_so_and_whoever_works_on_it_says_who_goes_on(at_moment):
    from yiwang.domains.assistance import bereavement
    from yiwang.kernel.registers.models_people import Person

    son = {"name": "李大明", "relation": "child", "id_number": IDS[1]}
    matter = applied(members=[son])
    until_opinion(matter)
    at_moment(at("2026-09-03T15:00"))
    own = Application.objects.get(pk=matter.pk)
    (row,) = bereavement.heard(
        household=own.household, person=own.person, on=date(2026, 9, 2), now=clock.now()
    )
    officer, address = desk("aid_officer"), f"/assistance/deaths/{row.pk}"
    assert address in text(officer.get(f"/matters/{matter.number}"))
    page = text(officer.get(address))
    assert "由其他成员继续申请" in page and "王秀兰" not in page and "李大明" not in page
    wrong = officer.post(address, {"answer": "goes_on", "successor": "", "why": "已与家属核实"})
    assert wrong.status_code == 422 and "已与家属核实" in text(wrong)
    form = {
        "answer": "goes_on",
        "why": "已与家属核实",
        "successor": str(Person.objects.exclude(pk=own.person).get().pk),
    }
    assert desk("aid_county").post(address, form).status_code == 403
    assert desk("aid-officer-210104002").get(address).status_code == 404
    assert officer.post(address, form).status_code == 302
    assert "由其他成员继续申请" in text(officer.get(f"/matters/{matter.number}"))
