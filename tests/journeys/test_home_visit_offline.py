"""Visits at home where there is no network: begun with one, finished without, sent once when it returns."""

from __future__ import annotations

import json
from urllib.parse import urlparse

import pytest

from tests import people
from tests.browser import violations
from tests.domains.assistance.found import poor, refresh
from tests.domains.assistance.offices import BEGIN, applied, do, second
from tests.journeys.conftest import PASSWORD
from tests.journeys.phone import Handset, Network
from tests.journeys.test_field_offline_day import file, offline, online, read_tasks
from tests.kernel.people.made import HUALU
from yiwang.domains.assistance.discovery import screening, sending
from yiwang.domains.assistance.models import Application, Finding, Mandate, Visit
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import receipts
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.registers.models_people import Household
from yiwang.kernel.registers.people import queries
from yiwang.kernel.ui import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Everything that lies in the app's own store, as text; sealed bytes are shown as their length.
LIES_HERE = """async () => {
  const db = await new Promise((done) => { const asked = indexedDB.open("yiwang-field"); asked.onsuccess = () => done(asked.result); });
  const { unseal } = await import(document.querySelector("script[src*='field/app']").src.replace("app.js", "seal.js"));
  const all = (name) => new Promise((done) => { db.transaction([name]).objectStore(name).getAll().onsuccess = (event) => done(event.target.result); });
  const key = (await all("person"))[0]?.key;
  const rows = [...await all("queue"), ...await all("kept")];
  const raw = JSON.stringify(rows.map((row) => ({ ...row, sealed: row.sealed?.data?.byteLength })));
  const open = await Promise.all(rows.map(async (row) => ({ name: String(row.id), value: await unseal(key, row.sealed) })));
  return JSON.stringify({ raw, open });
}"""


@pytest.fixture
def network(district):
    there = urlparse(district)
    made = Network(there.hostname, there.port)
    yield made
    made.close()


@pytest.fixture
def handset(playwright_driver, network, tmp_path):
    made = Handset(playwright_driver, network.address, tmp_path / "profile")
    yield made
    made.close()


def signed_in(handset, post: str, name: str):
    people.user(post, name=name, username="visitor", password=PASSWORD)
    handset.start()
    handset.sign_in("visitor", PASSWORD)
    handset.installed()
    return handset


def lies_here(page) -> dict:
    return json.loads(page.evaluate(LIES_HERE))


def test_a_survey_is_filled_in_without_a_network_and_sent_once(handset, network, time):
    time("2026-09-03T10:00")
    matter = applied()
    do(matter, "accept", "accept", BEGIN)
    do(matter, "data_check", "done", BEGIN)
    do(matter, "arrange", "arranged", BEGIN)
    officer = signed_in(handset, "aid-officer-210104012", "孙经办")
    read_tasks(officer, 1)
    page = officer.page
    page.click(".f-task")
    page.wait_for_selector("main[data-page=task]")
    shown = page.inner_text("main")
    assert "王**" in shown and "王秀兰" not in shown and "3-2-1" not in shown
    page.click("main a:has-text('调查完成')")
    page.fill("#at-seen", "家中两人，无就业收入，")
    page.wait_for_selector("#at-seen[data-kept]")
    offline(officer, network)  # in the middle of the form
    officer.die()
    page = officer.start()
    page.wait_for_selector(".f-task")
    page.context.set_offline(True)
    page.click(".f-task")
    page.wait_for_selector("main[data-page=task]")
    page.click("main a:has-text('调查完成')")
    assert page.input_value("#at-seen") == "家中两人，无就业收入，"
    page.fill("#at-seen", "家中两人，无就业收入，患病。")
    assert page.input_value("#at-second") == second()
    page.click("main button:has-text('提交')")
    page.wait_for_selector("main[data-page=queue]")
    officer.to("tasks")
    page.click(".f-task")
    page.wait_for_selector("main[data-page=task]")
    assert "等待发送" in page.inner_text("main")
    officer.to("queue")
    page.click(".f-item a:has-text('修改')")
    page.click("summary:has-text('家庭财产和支出')")
    page.fill("#at-of-household-deposits", "1200")
    page.click("summary:has-text('王** · 户主')")
    page.locator("details:has-text('王** · 户主') input[id$=-wage]").fill("300")
    page.fill("#at-signed_by", "王秀兰")
    page.set_input_files("#photos-visit", file((90, 90, 90)))
    page.locator("main figure img").first.wait_for()
    assert violations(page) == []
    page.click("main button:has-text('提交')")
    page.wait_for_selector("main[data-page=queue]")
    there = lies_here(page)
    assert "1200" not in there["raw"] and "王秀兰" not in there["raw"] and "1200" in json.dumps(there["open"])
    assert not Visit.objects.exists()

    network.lose_answer_to("/field/api/do")  # it arrives, and the phone does not hear of it
    network.up()
    page.context.set_offline(False)
    officer.sign_in("visitor", PASSWORD)
    network.was_cut.wait(60)
    online(officer, network)
    officer.sign_in("visitor", PASSWORD)
    officer.wait_until_sent()

    visit = Visit.objects.get()
    assert visit.signed_by == "王秀兰" and "患病" in visit.findings
    assert Attachment.objects.get(matter=visit.matter).stage == "visit"
    house = Household.objects.get(pk=visit.household)
    known = queries.known_household(house)["deposits"]
    assert (known.value, known.source) == (120_000, f"入户调查 {visit.matter.number}")
    there = json.dumps(lies_here(page)["open"], ensure_ascii=False)
    assert "1200" not in there and "王秀兰" not in there and "患病" not in there


def test_on_a_visit_without_a_network_the_household_is_applied_for(handset, network, time):
    time("2026-09-28T10:00")
    house = poor(112, clock.now())
    refresh(clock.now().date())
    screening.screen(actor=SYSTEM, now=clock.now(), residents=screening.everybody(clock.now()))
    sending.send(clock.now())
    worker = signed_in(handset, f"worker-{HUALU}", "陈社工")
    read_tasks(worker, 1)
    offline(worker, network)
    page = worker.page
    page.click(".f-task")
    page.wait_for_selector("main[data-page=task]")
    shown = page.inner_text("main")
    assert "最低生活保障" in shown and "测**" in shown and "测试甲" not in shown and "402" not in shown
    page.click("main a:has-text('符合，应予纳入')")
    page.click("main button:has-text('提交')")
    page.wait_for_selector("#note-wrong:has-text('请')")
    page.fill("#note", "独居，收入属实，愿意申请")
    page.click("summary:has-text('住户愿意申请')")
    page.check("#at-apply")
    page.select_option("#at-applicant", index=1)
    page.check("input[name=way][value=mark]")
    page.click("main button:has-text('提交')")
    page.wait_for_selector("main[data-page=queue]")
    assert not Application.objects.exists()
    online(worker, network)
    refused = page.locator(".f-item-refused")
    refused.wait_for()
    assert "见证人" in refused.inner_text()
    page.click(".f-item a:has-text('修改')")
    page.wait_for_selector(
        "#at-witness[aria-invalid]"
    )  # the fold stands open, the field says what is missing
    page.fill("#at-witness", "李邻居")
    page.click("main button:has-text('提交')")
    worker.wait_until_sent()
    row = Application.objects.get()
    assert Mandate.objects.get().witness == "李邻居" and row.household == house.pk
    assert Finding.objects.get(cause="minimum_guarantee").state == "included"
    worker.to("queue")
    card = page.locator(".f-item-sent")
    assert receipts.secret_for(row.pk) in card.inner_text() and row.matter.number in card.inner_text()
    page.click("main button:has-text('住户已知悉')")
    page.locator("main button:has-text('住户已知悉')").wait_for(state="detached")
    assert receipts.secret_for(row.pk) not in json.dumps(lies_here(page)["open"])
