"""A report travels from a phone to closed and rated, over the National Day of 2026, with a hold and a rework.

Days off: 25–27 September, 1–7 October. Worked weekend days: 20 September, 10 October. Office hours: until the end
of September 08:30–11:30 and 13:30–17:30, from October 08:30–11:30 and 13:00–17:00.
"""

import pytest

from tests.browser import PHONE
from tests.faces.conftest import COMMUNITY, photo
from yiwang.core.geo import Point
from yiwang.domains.operations.models import Report
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.registers import queries as registers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def jpeg(name: str, **options) -> dict:
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo((640, 480), **options)}


def fits(page) -> None:
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def due_in_queue(page, number: str) -> str:
    """The due moment that the queue shows for the matter."""
    page.goto("/work")
    fits(page)
    row = page.locator("tr", has=page.locator(f"a[href='/matters/{number}']"))
    return row.locator(".yw-due-at").inner_text()


def open_matter(page, number: str) -> None:
    page.goto("/work")
    page.click(f"a[href='/matters/{number}']")
    page.wait_for_selector(".yw-process[data-drawn=yes]")
    fits(page)


def form(page, action: str, outcome: str = ""):
    """The form of an action, unfolded if it is folded."""
    found = page.locator(f"form[action$='/do/{action}']")
    if outcome:
        found = found.filter(has=page.locator(f"input[name=outcome][value={outcome}]"))
    block = page.locator("details", has=found)
    if block.count() and block.get_attribute("open") is None:
        block.locator("summary").first.click()
    return found


def send(page, found) -> None:
    found.locator("button").click()
    page.wait_for_selector(".alert-success")


def finish(page, number: str, outcome: str, note: str = "", files: list | None = None) -> None:
    open_matter(page, number)
    found = form(page, "complete", outcome)
    if note:
        found.locator("[name=note]").fill(note)
    if files:
        found.locator("[name=photos]").set_input_files(files)
    send(page, found)


def strip_of(page) -> dict[str, str]:
    """What the time strip says of each day: '9/29' -> what is read aloud."""
    return {line.split("：")[0]: line for line in page.locator(".yw-strip .yw-cell .yw-sr").all_inner_texts()}


def test_a_report_travels_from_a_phone_to_closed_and_rated(browse, official, time):
    area = registers.areas()[COMMUNITY]
    place = Point(area.lon, area.lat, "WGS84")
    acceptor = official("acceptor", "王受理")
    dispatcher = official("dispatcher", "赵派遣")
    handler = official("handler-municipal-central", "李师傅", PHONE)
    reviewer = official("reviewer-municipal", "周审核")
    inspector = official("inspector-district", "孙监督", PHONE)
    leader = official("duty-leader", "钱值班")

    # Thursday 24 September, 16:30: a resident with a phone. The photo knows where it was taken.
    time("2026-09-24T16:30")
    resident = browse(PHONE)
    resident.goto("/")
    fits(resident)
    resident.click("main a[href='/report']")
    resident.fill("[name=text]", "人行道边道路破损，路面有个大坑，老人容易摔倒")
    resident.locator("[name=photos]").set_input_files(jpeg("坑.jpg", place=place))
    resident.fill("[name=contact_phone]", "13812345678")
    resident.wait_for_selector("#kinds input[value$='06013']")
    fits(resident)
    resident.click("[data-send]")
    number = resident.locator("#number").inner_text()
    secret = resident.locator("#secret").inner_text()
    fits(resident)
    row = Matter.objects.get(number=number)
    assert row.area_id == COMMUNITY

    # One emergency hour to file: 17:30, day or night.
    assert due_in_queue(acceptor, number) == "2026年9月24日 17:30"
    time("2026-09-24T16:40")
    open_matter(acceptor, number)
    assert "138****5678" in acceptor.content() and "13812345678" not in acceptor.content()
    acceptor.fill("#find-class", "道路破损")
    acceptor.locator("#find-class").press("Enter")
    acceptor.locator(".yw-guesses a", has_text="06013").click()
    found = form(acceptor, "complete", "file")
    found.locator("input[name=condition][value='06013-pothole']").check()
    send(acceptor, found)

    # One working hour to dispatch, from 16:40: 50 minutes until 17:30, the other 10 on Monday 28 from 08:30.
    assert due_in_queue(dispatcher, number) == "2026年9月28日 08:40"
    time("2026-09-28T08:35")
    finish(dispatcher, number, "dispatch")

    # Five working days to mend, the 28th not counted: 29, 30 September, 8, 9 and Saturday 10 October (worked).
    assert due_in_queue(handler, number) == "2026年10月10日 17:00"
    time("2026-09-29T09:00")
    open_matter(handler, number)
    send(handler, form(handler, "claim"))

    # From 29 September 10:00 to 8 October 11:00 the clock stands; neither day counts.
    time("2026-09-29T10:00")
    dispatcher.goto(f"/matters/{number}")
    found = form(dispatcher, "hold")
    found.locator("[name=reason]").select_option("material")
    found.locator("[name=note]").fill("沥青混合料节后到货")
    send(dispatcher, found)
    handler.goto("/work?show=held")
    assert handler.locator(f"a[href='/matters/{number}']").count() == 1
    resident.goto(f"/follow/{number}")
    assert "沥青混合料节后到货" in resident.content()
    fits(resident)
    time("2026-10-08T11:00")
    dispatcher.goto(f"/matters/{number}")
    send(dispatcher, form(dispatcher, "resume"))
    # Counted: 9, 10 (worked Saturday), 12, 13, 14 October.
    assert due_in_queue(handler, number) == "2026年10月14日 17:00"
    open_matter(handler, number)
    days = handler.locator(".yw-strip .yw-cell").evaluate_all(
        "cells => cells.map(c => [c.querySelector('.yw-cell-date').innerText.split('/').pop(),"
        " c.className.match(/yw-cell-(\\w+)/)[1]])"
    )
    told = [kind for _day, kind in days]
    assert [day for day, _kind in days][0] == "28" and [day for day, _kind in days][-1] == "14"
    # The 28th starts it, from the 29th to the 8th it stands, over the holiday too; 9 and the worked Saturday 10 count,
    # Sunday 11 not; 12 and 13 count, it is due on the 14th.
    assert told == ["start", *["hold"] * 10, "counted", "makeup", "rest", "counted", "counted", "due"]

    # Tuesday 13 October: done, with a photo. Two working hours for the unit's reviewer: 10:00–11:30, 13:00–13:30.
    time("2026-10-13T10:00")
    finish(handler, number, "done", "坑槽已填补压实", [jpeg("修后.jpg", colour=(40, 160, 60))])
    assert due_in_queue(reviewer, number) == "2026年10月13日 13:30"
    time("2026-10-13T11:00")
    finish(reviewer, number, "confirm")
    # Four working hours to look at the place: 11:00–11:30 and 13:00–16:30.
    assert due_in_queue(inspector, number) == "2026年10月13日 16:30"
    time("2026-10-13T15:00")
    open_matter(inspector, number)
    found = form(inspector, "complete", "fail")
    found.locator("[name=note]").fill("边缘未压实，仍有落差")
    send(inspector, found)

    # Rework goes on with the first clock: 9, 10, 12 October used three days, the 13th was under verification and
    # does not count, so 14 and 15 are the fourth and fifth. (Anew it would have been until the 20th.)
    assert due_in_queue(handler, number) == "2026年10月15日 17:00"
    time("2026-10-14T16:00")
    finish(handler, number, "done", "重新切边压实")
    # Two working hours from 16:00: one on the 14th, one on the 15th from 08:30.
    assert due_in_queue(reviewer, number) == "2026年10月15日 09:30"
    time("2026-10-14T16:30")
    finish(reviewer, number, "confirm")
    # Four working hours from 16:30: half an hour, three on the 15th until 11:30, half from 13:00.
    assert due_in_queue(inspector, number) == "2026年10月15日 13:30"
    time("2026-10-15T09:00")
    finish(inspector, number, "pass")
    assert due_in_queue(leader, number) == "2026年10月15日 11:00"
    time("2026-10-15T09:30")
    open_matter(leader, number)
    found = form(leader, "complete", "close")
    found.locator("[name=answer]").fill("路面坑槽已修补平整，感谢您的反映。")
    send(leader, found)

    # In the evening the resident looks, on another phone, with number and secret from the receipt.
    time("2026-10-15T20:00")
    other = browse(PHONE)
    other.goto("/follow")
    other.fill("#find [name=number]", number)
    other.fill("#find [name=secret]", secret)
    other.click("#find button")
    other.wait_for_selector(".yw-answer")
    fits(other)
    assert "路面坑槽已修补平整" in other.locator(".yw-answer").inner_text()
    assert other.locator(".yw-photos img").count() == 2
    other.check("input[name=solved][value=yes]")
    other.check("input[name=score][value='4']")
    other.click("form[action$='/rate'] button")
    other.wait_for_selector(".yw-stars")
    fits(other)

    row.refresh_from_db()
    assert (row.state, row.rating, row.reworks) == ("closed", 4, 1)
    own = Report.objects.get(matter=row)
    assert (own.rating, own.solved) == (4, True)
    late = [task for task in Task.objects.filter(matter=row) if task.done_at > task.due_at]
    assert late == []


def test_the_printed_code_opens_the_report_without_the_secret_in_any_address(browse, district, time):
    resident = browse(PHONE)
    resident.goto("/report")
    resident.fill("[name=text]", "路灯不亮")
    resident.select_option("[name=area]", COMMUNITY)
    resident.click("[data-send]")
    number, secret = (resident.locator(f"#{name}").inner_text() for name in ("number", "secret"))
    other, asked = browse(PHONE), []
    other.on("request", lambda request: asked.append(request.url))
    other.goto(f"/f/{number}#{secret.replace(' ', '')}")
    other.wait_for_url(f"**/follow/{number}")
    assert "路灯不亮" in other.content()
    # What a server, a proxy or a log gets to see of an address ends before the #.
    assert not any(secret.replace(" ", "") in url.split("#")[0] for url in asked)


def test_a_phone_gives_its_position_and_without_script_the_form_does_all_the_same(browse, time):
    area = registers.areas()[COMMUNITY]
    phone = browse(
        PHONE,
        geolocation={"latitude": area.lat, "longitude": area.lon, "accuracy": 12},
        permissions=["geolocation"],
    )
    phone.goto("/report")
    phone.fill("[name=text]", "垃圾桶满了没人清")
    phone.click("[data-take]")
    phone.wait_for_function("document.querySelector('[name=lat]').value !== ''")
    phone.click("[data-send]")
    assert Matter.objects.get(number=phone.locator("#number").inner_text()).area_id == COMMUNITY
    plain = browse(PHONE, java_script_enabled=False)
    plain.goto("/report")
    assert not plain.locator("[data-take]").is_visible()
    plain.fill("[name=text]", "垃圾桶满了没人清")
    plain.select_option("[name=area]", COMMUNITY)
    plain.click("[data-send]")
    assert Matter.objects.get(number=plain.locator("#number").inner_text()).area_id == COMMUNITY
