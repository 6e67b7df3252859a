"""What residents do with a phone: a report in a minute, with a photo, without a map, with a weak connection."""

import gzip
import re

import pytest

from tests.browser import PHONE
from tests.faces.conftest import COMMUNITY, LAMP, photo
from yiwang.core.geo import Point
from yiwang.domains.operations import actions
from yiwang.domains.operations.models import Report
from yiwang.kernel.access import limits
from yiwang.kernel.access.actors import SYSTEM, resident
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.registers import queries as registers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST_PAGE_BYTES = 250 * 1024


@pytest.fixture(autouse=True)
def _limits():
    limits.forget()
    yield
    limits.forget()


def there() -> Point:
    area = registers.areas()[COMMUNITY]
    return Point(area.lon, area.lat, "WGS84")


def jpeg(name="现场.jpg", size=(640, 480), **options) -> dict:
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo(size, **options)}


def grainy(place: Point | None = None) -> dict:
    """A photo as large as a phone takes it."""
    import io

    from PIL import Image

    plain = Image.open(io.BytesIO(photo((64, 48), place=place)))
    noise, out = Image.effect_noise((2600, 1900), 80).convert("RGB"), io.BytesIO()
    noise.save(out, "JPEG", quality=92, exif=plain.getexif())
    return {"name": "大照片.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def number_of(page) -> str:
    return page.locator("#number").inner_text()


def lamp_reported(now, at_step: str = "handle") -> Matter:
    """Somebody else's report of a dark lamp, dispatched already."""
    from uuid_utils.compat import uuid7

    got = actions.report(
        id=uuid7(),
        channel="portal",
        text="小区门口路灯不亮好几天了，我是张小明",
        actor=resident(),
        point=there(),
        now=now,
    )
    condition = current().conditions_of(*LAMP)[0].slug
    for outcome, data in (
        ("file", {"class_code": LAMP[1], "standard": LAMP[0], "condition": condition}),
        ("dispatch", {}),
    ):
        work(got.matter, outcome, now, data)
    return Matter.objects.get(pk=got.matter.pk)


def work(matter, outcome: str, now, data: dict | None = None) -> None:
    task = Task.objects.get(matter=matter, state="open")
    matters.complete(actor=SYSTEM, task=task.pk, outcome=outcome, note="已处理", data=data or {}, now=now)


def test_a_photo_that_knows_its_place_is_made_small_and_gives_the_place(browse, time):
    phone = browse(PHONE)
    phone.goto("/report")
    big = grainy(place=there())
    phone.get_by_label("拍照或选择照片").set_input_files(big)
    phone.wait_for_selector("[data-kept] li[data-state=ready]")
    phone.locator("[data-place]", has_text="华炉社区").wait_for()
    phone.fill("[name=text]", "路灯不亮")
    phone.click("[data-send]")
    row = Matter.objects.get(number=number_of(phone))
    file = Attachment.objects.get(matter=row)
    assert row.area_id == COMMUNITY and max(file.width, file.height) == 1600
    assert len(big["buffer"]) > 2_000_000 and file.size < len(big["buffer"]) / 2
    assert (file.lat, file.lon) == (
        pytest.approx(there().lat, abs=1e-4),
        pytest.approx(there().lon, abs=1e-4),
    )


def test_somebody_elses_report_is_followed_instead(browse, time, district):
    from yiwang.kernel.ui import clock

    main = lamp_reported(clock.now())
    phone = browse(
        PHONE, geolocation={"latitude": there().lat, "longitude": there().lon}, permissions=["geolocation"]
    )
    phone.goto("/report")
    phone.click("[data-take]")
    phone.fill("[name=text]", "路灯坏了")
    found = phone.locator(".yw-similar li")
    found.wait_for()
    assert (
        "路灯" in found.inner_text()
        and "张小明" not in phone.content()
        and main.number not in phone.content()
    )
    found.get_by_role("button").click()
    number = number_of(phone)
    own = Matter.objects.get(number=number)
    assert (own.state, own.merged_into_id) == ("merged", main.pk)
    time("2026-09-24T17:00")
    for outcome, data in (("done", {}), ("confirm", {}), ("pass", {}), ("close", {"answer": "灯泡已更换。"})):
        work(main, outcome, clock.now(), data)
    phone.click("main a.btn-primary")
    phone.wait_for_selector(".yw-answer")
    assert "灯泡已更换。" in phone.locator(".yw-answer").inner_text()
    phone.check("input[name=solved][value=yes]")
    phone.check("input[name=score][value='5']")
    phone.click("form[action$='/rate'] button")
    phone.wait_for_selector(".yw-stars")
    assert Report.objects.get(matter=own).rating == 5


def test_who_hears_the_page_and_has_only_a_keyboard_reports_without_a_map(browse, time):
    """By names and roles alone, never by what a page looks like: what a screen reader offers is enough."""
    page = browse()
    page.goto("/")
    page.get_by_role("navigation", name="在这里可以").get_by_role("link", name="我要上报").press("Enter")
    page.get_by_role("heading", name="我要上报", level=1).wait_for()
    page.get_by_role("textbox", name="发生了什么问题").press_sequentially("楼前的垃圾桶满了，没人清")
    kinds = page.get_by_role("group", name="属于哪一类")
    kinds.wait_for()
    kinds.get_by_role("radio").first.press("Space")
    page.get_by_role("textbox", name="地址、道路、小区或公园").press_sequentially("华炉社区")
    choices = page.get_by_role("group", name="您指的是哪里")
    choices.wait_for()
    choices.get_by_role("radio", name="华炉社区").first.press("Space")
    assert page.get_by_role("combobox", name="社区").input_value() == COMMUNITY
    page.get_by_role("textbox", name="电话").press_sequentially("13812345678")
    page.get_by_role("button", name="提交").press("Enter")
    page.get_by_role("heading", name="已收到您的上报").wait_for()
    number = page.get_by_role("definition").first.inner_text()
    row = Matter.objects.get(number=number)
    assert row.area_id == COMMUNITY and row.class_code
    page.get_by_role("link", name="查看进度").press("Enter")
    page.get_by_role("heading", name="办理经过").wait_for()


def test_the_keyboard_reaches_everything_in_the_order_of_reading(browse, time):
    page = browse(PHONE)
    page.goto("/report")
    page.get_by_role("heading", level=1).click()
    met = []
    for _key in range(14):
        page.keyboard.press("Tab")
        met.append(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
    order = [
        met.index(name) for name in ("photos", "text", "address", "area", "contact_name", "contact_phone")
    ]
    assert order == sorted(order)


def test_a_phone_that_loses_its_connection_loses_nothing_and_sends_by_itself(browse, time):
    phone = browse(PHONE)
    phone.goto("/report")
    phone.context.set_offline(True)
    phone.locator("[name=photos]").set_input_files(jpeg())
    phone.wait_for_selector("[data-kept] li[data-state=failed]")
    phone.fill("[name=text]", "路灯不亮好几天了")
    phone.select_option("[name=area]", COMMUNITY)
    phone.click("[data-send]")
    phone.get_by_role("alert").filter(has_text="没有网络").wait_for()
    assert not Matter.objects.exists()
    phone.context.set_offline(False)
    row = Matter.objects.get(number=number_of(phone))
    assert row.area_id == COMMUNITY and Attachment.objects.filter(matter=row).count() == 1


def test_a_draft_is_there_again_after_the_page_was_closed_and_gone_once_it_was_sent(browse, time):
    phone = browse(PHONE)
    phone.goto("/report")
    phone.locator("[name=photos]").set_input_files(jpeg())
    phone.wait_for_selector("[data-kept] li[data-state=ready]")
    phone.fill("[name=text]", "路灯不亮好几天了")
    phone.select_option("[name=area]", COMMUNITY)
    phone.fill("[name=contact_phone]", "13812345678")
    phone.wait_for_function("() => (localStorage.getItem('yiwang-report') || '').includes('好几天')")
    phone.close()
    again = phone.context.new_page()
    again.goto("/report")
    again.get_by_text("您上次填写的内容还在").wait_for()
    assert (
        again.input_value("[name=text]") == "路灯不亮好几天了"
        and again.input_value("[name=area]") == COMMUNITY
    )
    # A phone number stays only as long as the page: others may use the computer later.
    assert again.input_value("[name=contact_phone]") == ""
    again.wait_for_selector("[data-kept] li[data-state=ready]")
    again.click("[data-send]")
    assert Attachment.objects.filter(matter__number=number_of(again)).count() == 1
    again.goto("/report")
    assert again.input_value("[name=text]") == "" and not again.locator("[data-draft]").is_visible()


def test_an_answer_that_comes_after_the_report_was_sent_brings_no_draft_back(browse, time):
    """The guess of the class may still be on its way then; it keeps the form when it arrives."""
    phone = browse(PHONE)
    phone.goto("/report")
    phone.fill("[name=text]", "路灯不亮好几天了")
    kept = phone.evaluate(
        """async () => {
          const draft = await import("/static/portal/draft.js");
          const form = document.getElementById("report");
          const there = () => localStorage.getItem("yiwang-report") !== null;
          draft.save(form);
          const before = there();
          await draft.finish();
          draft.save(form);
          return [before, there()];
        }"""
    )
    assert kept == [True, False]


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_a_refused_form_keeps_the_photos(browse, time, scripted):
    phone = browse(PHONE, java_script_enabled=scripted)
    phone.goto("/report")
    phone.locator("[name=photos]").set_input_files([jpeg(), jpeg("二.jpg", colour=(1, 90, 200))])
    if scripted:
        phone.wait_for_selector("[data-kept] li[data-state=ready] >> nth=1")
    phone.fill("[name=text]", "路灯不亮")
    phone.select_option("[name=area]", COMMUNITY)
    phone.fill("[name=contact_phone]", "138")
    phone.click("[data-send]")
    phone.wait_for_selector(".yw-form-errors")
    assert phone.locator("[data-kept] img").count() == 2 and phone.input_value("[name=text]") == "路灯不亮"
    phone.locator("[data-kept] button").first.click()
    phone.locator("[data-kept] img").nth(1).wait_for(state="detached")
    phone.fill("[name=contact_phone]", "13812345678")
    phone.click("[data-send]")
    assert Attachment.objects.filter(matter__number=number_of(phone)).count() == 1


def test_a_double_tap_is_one_report(browse, time):
    phone = browse(PHONE)
    phone.goto("/report")
    phone.fill("[name=text]", "路灯不亮")
    phone.select_option("[name=area]", COMMUNITY)
    phone.dblclick("[data-send]")
    assert number_of(phone) and Report.objects.count() == 1


def test_a_report_saved_on_the_phone_is_opened_from_the_first_page_and_can_be_removed(browse, time):
    phone = browse(PHONE)
    phone.goto("/report")
    phone.fill("[name=text]", "路灯不亮")
    phone.select_option("[name=area]", COMMUNITY)
    phone.click("[data-send]")
    number = number_of(phone)
    phone.get_by_role("button", name="保存到我的手机").click()
    phone.get_by_text("已保存在本浏览器中").wait_for()
    phone.context.clear_cookies()
    phone.goto("/")
    mine = phone.get_by_role("region", name="我的上报")
    assert number in mine.inner_text()
    mine.get_by_role("button", name=number).first.click()
    phone.wait_for_url(f"**/follow/{number}")
    phone.goto("/")
    phone.get_by_role("button", name=re.compile("从本机移除")).click()
    phone.context.clear_cookies()
    phone.goto("/")
    assert number not in phone.content()


def test_the_reporter_reads_who_looked_at_her_number_and_why(browse, official, time):
    phone = browse(PHONE)
    phone.goto("/report")
    phone.fill("[name=text]", "路灯不亮")
    phone.select_option("[name=area]", COMMUNITY)
    phone.fill("[name=contact_phone]", "13812345678")
    phone.click("[data-send]")
    number = number_of(phone)
    phone.click("main a.btn-primary")
    assert "还没有人查看" in phone.locator("section[aria-labelledby=looks]").inner_text()
    acceptor = official("acceptor", "王受理")
    acceptor.goto(f"/matters/{number}")
    asking = acceptor.locator("form[action*='/contact']")
    acceptor.locator("details.yw-reveal summary", has_text="查看联系方式").click()
    asking.locator("[name=purpose]").fill("电话核实具体位置")
    asking.locator("button").click()
    acceptor.get_by_text("13812345678").wait_for()
    phone.reload()
    told = phone.locator("section[aria-labelledby=looks]").inner_text()
    assert "电话核实具体位置" in told and "受理" in told and "王受理" not in told


def test_the_first_page_is_light_enough_for_one_bar_of_signal(browse, time):
    """Everything the browser fetches for the first page and for the form, as a server that compresses sends it."""
    for address in ("/", "/report"):
        phone, fetched = browse(PHONE), {}
        phone.on("response", lambda one, kept=fetched: kept.setdefault(one.url.split("#")[0], one))
        phone.goto(address)
        phone.wait_for_load_state("networkidle")
        sizes = {url: len(gzip.compress(one.body(), 6)) for url, one in fetched.items() if one.ok}
        assert sum(sizes.values()) < FIRST_PAGE_BYTES, sizes
        assert not any(name in url for url in sizes for name in ("maplibre", "echarts", "bpmn"))


EARLY = """document.addEventListener("readystatechange", () => {
  const text = document.querySelector("[name=text]");
  if (document.readyState === "interactive" && text) text.value = "人行道边道路破损，路面有个大坑";
})"""


def test_what_was_written_before_the_script_came_is_guessed_all_the_same(browse, time):
    """One bar of signal: the form is there, its script is still on the way."""
    phone = browse(PHONE)
    phone.context.add_init_script(EARLY)
    phone.goto("/report")
    phone.wait_for_selector("#kinds input[value$='06013']")
