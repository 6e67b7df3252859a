"""A phone is cut off in the middle of a photo, killed, and brought back: one report, its photos once, in order."""

from __future__ import annotations

from urllib.parse import urlparse

import pytest

from tests import people
from tests.faces.conftest import photo
from tests.journeys.conftest import PASSWORD
from tests.journeys.phone import Handset, Network
from yiwang.domains.operations.models import Report
from yiwang.kernel.matters.models import Event, Matter
from yiwang.kernel.records.models import Attachment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
INSPECTOR = "inspector-210104002"


@pytest.fixture
def network(district):
    there = urlparse(district)
    made = Network(there.hostname, there.port)
    yield made
    made.close()


@pytest.fixture
def handset(playwright_driver, network, tmp_path):
    people.user(INSPECTOR, name="孙监督", password=PASSWORD)
    made = Handset(playwright_driver, network.address, tmp_path / "profile")
    made.start()
    made.sign_in(INSPECTOR, PASSWORD)
    made.installed()
    yield made
    made.close()


def shots() -> list[dict]:
    """Three photos, each of some hundred kilobytes, all different."""
    return [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": photo((640, 480), colour=colour)}
        for n, colour in enumerate([(200, 30, 30), (30, 200, 30), (30, 30, 200)])
    ]


def write_report(page) -> None:
    page.click("#tabs a[href='#report']")
    page.set_input_files("#photos-report", shots())
    page.locator("main figure img").nth(2).wait_for()
    page.fill("#text", "人行道地砖缺失，老人容易绊倒")
    page.fill("#address", "华炉社区3号楼门前")
    page.click("main button:has-text('提交')")
    page.wait_for_selector("main[data-page=queue]")


def brought_back(handset) -> None:
    """A browser that dies may forget that somebody was signed in: then the same person signs in, and it goes on."""
    handset.sign_in(INSPECTOR, PASSWORD)
    handset.wait_until_sent()


def the_report_is_there_once() -> Matter:
    matter = Matter.objects.get()
    assert Report.objects.count() == 1
    photos = Attachment.objects.order_by("added_at", "pk")
    assert {one.matter_id for one in photos} == {matter.pk}
    assert [one.stage for one in photos] == ["report"] * 3
    assert len({one.sha256 for one in photos}) == 3
    assert list(Event.objects.values_list("action", flat=True)) == ["open"]
    return matter


def test_the_network_is_cut_in_the_second_photo_and_the_phone_dies(handset, network):
    network.cut_upload_after(7000)  # the first photo goes, the second does not arrive whole
    write_report(handset.page)
    assert network.was_cut.wait(20)
    handset.die()
    assert not Matter.objects.exists()
    page = handset.start()  # in the cellar: the app opens all the same, and shows what waits
    page.wait_for_selector("#tabs:not([hidden])")
    assert handset.queue() == ["等待发送"]
    network.up()
    brought_back(handset)
    matter = the_report_is_there_once()
    assert matter.description == "人行道地砖缺失，老人容易绊倒"
    assert handset.queue() == ["已发送"]
    assert handset.page.locator(".f-item a").inner_text() == matter.number


def test_the_answer_is_lost_after_the_server_took_it_and_the_phone_dies(handset, network):
    network.lose_answer_to("/field/api/do")
    write_report(handset.page)
    assert network.was_cut.wait(20)
    handset.die()
    number = the_report_is_there_once().number
    network.up()
    handset.start()
    brought_back(handset)
    assert the_report_is_there_once().number == number


def test_the_answer_to_a_photo_is_lost_and_the_photo_is_there_once(handset, network):
    network.lose_answer_to("/field/api/uploads")
    write_report(handset.page)
    assert network.was_cut.wait(20)
    handset.die()
    network.up()
    handset.start()
    brought_back(handset)
    the_report_is_there_once()


def test_a_phone_that_dies_while_somebody_writes_keeps_the_words_and_the_photos(handset):
    page = handset.page
    page.click("#tabs a[href='#report']")
    page.set_input_files("#photos-report", shots()[:1])
    page.locator("main figure img").nth(0).wait_for()
    page.fill("#text", "写到一半没电了")
    page.wait_for_selector("#text[data-kept]")
    handset.die()
    page = handset.start("/field#report")
    page.wait_for_selector("main[data-page=report] figure img")
    assert page.input_value("#text") == "写到一半没电了"
