"""A resident reads who looked at her data: an official opens it for a purpose, the counter gives a code, she reads it."""

import pytest

from tests.browser import PHONE
from tests.kernel.people.made import couple
from yiwang.kernel.access import limits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WINDOW = "aid-window-210104002"


@pytest.fixture(autouse=True)
def _limits():
    limits.forget()
    yield
    limits.forget()


def test_a_resident_reads_who_looked_at_her_data_when_and_why(browse, official):
    _house, head, spouse = couple()
    desk = official(WINDOW, "测试经办")
    desk.goto("/people")
    desk.fill("[name=number]", head.id_number)
    desk.click("section:has(#find) button")
    desk.wait_for_url("**/people/*")
    assert head.id_number not in desk.url
    assert head.id_number not in desk.content()
    desk.click("summary:has-text('打开密封信息')")
    desk.fill("#field-open-purpose", "核对低保申请材料")
    desk.click("details[open].yw-reveal button")
    desk.get_by_text(head.id_number).wait_for()
    desk.click("summary:has-text('发放本人查询码')")
    desk.check("#field-code-seen")
    desk.click("details[open] button:has-text('发放')")
    code = desk.locator(".yw-code strong").inner_text()

    phone = browse(PHONE)
    phone.goto("/")
    phone.click("a:has-text('谁看过我的信息')")
    phone.fill("#field-code-number", spouse.id_number)
    phone.fill("#field-code-word", code)
    phone.click("section:has(#by-code) button")
    phone.get_by_text("两项不相符").first.wait_for()
    phone.fill("#field-code-number", head.id_number)
    phone.fill("#field-code-word", code)
    phone.click("section:has(#by-code) button")
    phone.wait_for_url("**/my-data/held")
    looked = phone.locator("section:has(#looked)")
    assert "核对低保申请材料" in looked.inner_text()
    assert "社会救助窗口" in looked.inner_text()
    assert "测试经办" not in phone.content()
    assert head.id_number not in phone.content()
    assert "1960-05-01" in phone.locator("section:has(#held)").inner_text()
    with phone.expect_download() as got:
        phone.click("button:has-text('下载全部信息的副本')")
    assert got.value.suggested_filename == "my-data.zip"
    phone.click("button:has-text('退出本页')")
    phone.wait_for_url("**/my-data")
    phone.goto("/my-data/held")
    phone.wait_for_url("**/my-data")
