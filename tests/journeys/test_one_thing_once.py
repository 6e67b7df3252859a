"""One thing once: a family on a phone gets four results from one form; a restaurant opens from a desk."""

import pytest

from tests.browser import DESK, PHONE
from tests.domains.services.family import FAMILY, FOUR
from tests.faces.conftest import photo
from yiwang.domains.services.models import Application, Joint, JointPart, Paper
from yiwang.kernel.access import limits
from yiwang.kernel.matters.models import Matter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = {
    "name": "材料.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
}


@pytest.fixture(autouse=True)
def _limits():
    limits.forget()
    yield
    limits.forget()


def fill(page, answers: dict) -> None:
    """Types or ticks each answer as a person does."""
    for name, value in answers.items():
        many = value if isinstance(value, list) else [value]
        if page.locator(f'input[name="{name}"][type=radio], input[name="{name}"][type=checkbox]').count():
            for one in many:
                page.check(f'input[name="{name}"][value="{one}"]')
        else:
            page.fill(f'[name="{name}"]', value)


def work(desk, number: str, outcome: str, **fields: str) -> None:
    """One step on the page of a matter, by its form."""
    desk.goto(f"/matters/{number}")
    card = desk.locator(f'form:has(input[name="outcome"][value="{outcome}"])').first
    inside = card.locator("xpath=ancestor::details[not(@open)]")
    if inside.count():
        inside.locator("summary").first.click()
    for name, value in fields.items():
        field = card.locator(f'[name="{name}"]')
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    card.locator("button").last.click()
    desk.wait_for_load_state()


def look(page, name: str, viewport: dict) -> None:
    """A picture at this size, where the runner wants pictures."""
    import os

    folder = os.environ.get("YIWANG_PICTURES")
    if folder:
        page.set_viewport_size(viewport)
        page.screenshot(path=f"{folder}/{name}-{viewport['width']}.png", full_page=True)


def look_both(page, name: str) -> None:
    before = page.viewport_size
    look(page, name, PHONE)
    look(page, name, DESK)
    page.set_viewport_size(before)


def test_a_family_completes_the_newborn_bundle_on_a_phone_and_gets_four_results(browse, official, time):
    time("2026-09-07T09:00")
    phone = browse(PHONE)
    phone.goto("/services/once")
    phone.click("a:has-text('新生儿出生')")
    look_both(phone, "bundle-open")
    assert phone.locator("a:has-text('填写一张表')").count() == 0
    for question, answer in (("certificate", "yes"), ("here", "yes"), ("insured", "no")):
        phone.check(f'input[name="{question}"][value="{answer}"]')
    phone.click("button:has-text('查看我需要办什么'), form[method=get] button")
    look_both(phone, "bundle-answered")
    phone.click("a:has-text('填写一张表')")
    phone.locator("form[data-ready]").wait_for()
    fill(phone, {name: FAMILY[name] for name in ("child_name", "child_sex", "mother_phone")})
    photo_field = phone.locator('[data-material="photo"]')
    photo_field.locator("input[type=file]").set_input_files(
        {"name": "宝宝.jpg", "mimeType": "image/jpeg", "buffer": photo((300, 400))}
    )
    photo_field.locator(".yw-papers li").wait_for()
    look_both(phone, "bundle-form")

    # The baby cries: kept, and gone on with on the father's phone.
    phone.click("button[name=_save]")
    number, secret = phone.locator(".yw-pair dd").all_inner_texts()
    look_both(phone, "bundle-kept")
    father = browse(PHONE)
    father.goto("/services/drafts")
    father.fill("[name=number]", number)
    father.fill("[name=secret]", secret)
    father.click("main form button")
    father.locator("form[data-ready]").wait_for()
    assert father.input_value("[name=child_name]") == "王小满"
    assert father.locator('[data-material="photo"] .yw-papers li').count() == 1
    fill(father, FAMILY | {"mother_id": "110105194912310021"})
    father.select_option("[name=material_marriage-certificate]", "missing")
    father.check("[name=consent]")
    father.click("button.yw-submit")
    father.locator(".yw-form-errors a:has-text('母亲公民身份号码')").wait_for()
    fill(father, {"mother_id": FAMILY["mother_id"]})
    father.click("button.yw-submit")
    father.wait_for_url("**/done")
    look_both(father, "bundle-receipt")
    own = Joint.objects.select_related("matter").get()
    father.click("a:has-text('查看办理进度'), .yw-actions a")
    father.wait_for_url("**/follow/*")
    assert father.locator(".yw-part").count() == 4

    window = official("window-clerk", "周窗口")
    window.goto(f"/matters/{own.matter.number}")
    assert window.locator("dd:has-text('已由申请人提交或者带来') .yw-documents a").count() >= 0
    look_both(window, "window-accepts")
    work(window, own.matter.number, "accept", **{"material_marriage-certificate": "missing"})
    father.reload()
    assert father.locator(".yw-part-running").count() == 2
    look_both(father, "bundle-running")

    for service in FOUR[1], FOUR[0], FOUR[2], FOUR[3]:
        matter = JointPart.objects.get(joint=own, service=service).matter
        unit = matter.unit_id
        work(official(f"service-reviewer-{unit}", "吴审查"), matter.number, "done", opinion="agree")
        work(official(f"service-decider-{unit}", "郑决定"), matter.number, "grant")
        work(window, matter.number, "delivered", way="online")
    father.reload()
    assert father.locator(".yw-part-granted").count() == 4
    assert father.get_by_text("全部办结").count() >= 1
    look_both(father, "bundle-done")
    father.check('input[name="score"][value="5"]')
    father.click("section:has(#rating) button")
    father.wait_for_load_state()
    own.refresh_from_db()
    assert own.rating == 5
    assert Matter.objects.filter(state="open").count() == 0
    father.click(".yw-part a >> nth=0")
    assert father.locator("a:has-text('属于联办申请')").count() == 1
    look_both(father, "bundle-part")


def test_a_restaurant_opens_on_the_desk(browse, official, time):
    from tests.domains.services.restaurant import RESTAURANT

    time("2026-09-07T09:00")
    owner = browse(DESK)
    owner.goto("/services?q=我想开个小饭店")
    owner.goto("/services/once/restaurant?licence=no&sign=yes&gathering=no&fumes=yes")
    owner.click("a:has-text('填写一张表')")
    owner.locator("form[data-ready]").wait_for()
    own_answers = {
        name: value
        for name, value in RESTAURANT.items()
        if name not in ("staff", "enterprise_code", "registered")
    }
    fill(
        owner,
        own_answers
        | {
            "registered": "no",
            "business_scope": "餐饮服务",
            "seals": ["official", "invoice"],
            "taxpayer_kind": "small",
            "sign_text": "老味道饭店",
            "sign_width_cm": "400",
            "sign_height_cm": "80",
            "project_name": "老味道饭店项目",
            "fumes": "purifier",
        },
    )
    fill(owner, {"staff.0.name": "王大厨", "staff.0.health_until": "2027-06-30"})
    plan = owner.locator('[data-material="floor-plan"]')
    plan.locator("input[type=file]").set_input_files(PDF)
    plan.locator(".yw-papers li").wait_for()
    owner.check("[name=consent]")
    look_both(owner, "restaurant-form")
    owner.click("button.yw-submit")
    owner.wait_for_url("**/done")
    own = Joint.objects.select_related("matter").get()
    assert own.materials["business-licence"] == "made"
    assert Paper.objects.get().matter_id == own.pk

    window = official("window-clerk", "周窗口")
    window.goto(f"/matters/{own.matter.number}")
    assert window.locator(".yw-documents a:has-text('材料.pdf')").count() >= 1
    with window.expect_download() as got:
        window.locator(".yw-documents a:has-text('材料.pdf')").first.click()
    assert got.value.suggested_filename == "材料.pdf"  # never shown in the page: a PDF may hold a script
    work(window, own.matter.number, "accept")
    services = ["individual-business", "environment-form", "seal-engraving", "taxpayer-information"]
    services += ["food-business-licence", "signboard"]
    for service in services:
        matter = JointPart.objects.get(joint=own, service=service).matter
        unit = matter.unit_id
        work(official(f"service-reviewer-{unit}", "吴审查"), matter.number, "done", opinion="agree")
        work(official(f"service-decider-{unit}", "郑决定"), matter.number, "grant")
        if service == "food-business-licence":
            kitchen = official(f"service-reviewer-{unit}", "吴审查")
            kitchen.goto(f"/matters/{matter.number}")
            assert kitchen.locator(".yw-documents a:has-text('材料.pdf')").count() >= 1
            look_both(kitchen, "restaurant-office")
        work(window, matter.number, "delivered", way="window")
    own.matter.refresh_from_db()
    assert own.matter.state == "closed"
    assert Application.objects.filter(matter__state="closed").count() == len(services)
    owner.goto(f"/follow/{own.matter.number}")
    assert owner.locator(".yw-part-granted").count() == len(services)
    look_both(owner, "restaurant-done")


def test_a_mother_who_shows_who_she_is_has_the_form_filled_in_and_corrects_it(browse, time):
    from tests.kernel.people.made import couple
    from tests.people import person
    from yiwang.kernel.registers.people import proving
    from yiwang.kernel.ui import clock

    time("2026-09-24T16:30")
    _house, _father, mother = couple()
    code = proving.issue(actor=person("aid-window-210104002"), person=mother.pk, now=clock.now()).code
    phone = browse(PHONE)
    phone.goto("/services/once/newborn/apply?certificate=yes&here=yes&insured=no")
    phone.click("a:has-text('去证明身份')")
    phone.fill("#field-code-number", mother.id_number)
    phone.fill("#field-code-word", code)
    phone.click("section:has(#by-code) button")
    phone.wait_for_url("**/apply?*")
    look_both(phone, "fill-offer")
    assert mother.id_number not in phone.content()  # nothing is shown before she agrees
    phone.click("button[name=_fill]")
    phone.locator(".yw-form-errors").wait_for()
    phone.check("[name=fill_consent]")
    phone.click("button[name=_fill]")
    phone.locator(".yw-filled").first.wait_for()
    assert phone.input_value("[name=mother_id]") == mother.id_number
    assert phone.input_value("[name=household_address]") == "大东路12号3单元402"
    assert phone.input_value("[name=father_name]") == ""
    look_both(phone, "fill-done")
    fill(phone, {name: value for name, value in FAMILY.items() if not name.startswith("mother_")})
    phone.fill("[name=mother_phone]", "13900000009")
    phone.check("[name=consent]")
    phone.click("button.yw-submit")
    phone.wait_for_url("**/done")
    own = Joint.objects.get()
    assert own.filled["mother_id"]["same"] and not own.filled["mother_phone"]["same"]
    phone.goto("/my-data/held")
    assert "预填到“新生儿出生一件事”表单" in phone.locator("section:has(#looked)").inner_text()
    assert "您本人" in phone.locator("section:has(#looked)").inner_text()
    look_both(phone, "fill-on-record")
