"""Open reports near the one that is being written: shown without anybody's words, and followed instead."""

import re
from datetime import timedelta

import pytest

from tests.faces.conftest import COMMUNITY, photo
from yiwang.domains.operations.intake import File
from yiwang.domains.operations.models import Report
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.records.models import Attachment

KEY = "0199bbbb-0000-7000-8000-000000000001"


def near(client, inside, **fields):
    given = {"id": KEY, "text": "门口的路灯坏了不亮", "lat": inside.lat, "lon": inside.lon} | fields
    return client.post("/report/around", given).json()


def offer(told: dict) -> str:
    return re.search(r'name="join" value="([^"]+)"', told["html"])[1]


def follow_it(client, told: dict, **fields):
    return client.post("/report", {"id": KEY, "join": offer(told)} | fields)


def test_what_is_open_here_is_shown_by_kind_place_day_and_step_only(visitor, at_step, inside):
    at_step(
        "handle",
        text="小区门口路灯不亮，我是三号楼的张小明",
        address="幸福里三号楼",
        files=[File(photo(), "a.jpg")],
    )
    html = near(visitor, inside)["html"]
    assert "about 20 m away" in html and "since 24 Sep" in html and "being mended" in html
    own = Matter.objects.get()
    for private in ("张小明", "幸福里", "三号楼", own.number, str(own.pk), "img"):
        assert private not in html


def test_the_place_that_was_found_is_said(visitor, world, inside):
    assert near(visitor, inside)["said"].startswith("The place you gave lies in: ")
    assert near(visitor, inside, lat="", lon="", area=COMMUNITY)["area"] == COMMUNITY
    outside = near(visitor, inside, lat="39.9", lon="116.4")
    assert outside["wrong"] and "outside" in outside["said"] and outside["html"].count("<section") == 0


def test_with_a_place_but_no_word_yet_only_what_is_very_near_is_shown(visitor, reported, inside):
    reported(text="垃圾桶满了没人清")
    assert "join" in near(visitor, inside, text="")["html"]
    assert "join" not in near(visitor, inside, text="", lat=inside.lat + 0.0008)["html"]


def test_without_a_place_and_without_likeness_nothing_is_shown(visitor, reported, inside):
    reported()
    assert "join" not in near(visitor, inside, lat="", lon="")["html"]
    assert "join" not in near(visitor, inside, text="共享单车乱停挡路")["html"]


def test_who_follows_gets_a_number_of_her_own_and_the_same_answer(visitor, at_step, inside, time):
    main = at_step("handle")
    answer = follow_it(visitor, near(visitor, inside), contact_phone="13812345678")
    assert answer["Location"] == f"/report/{KEY}/done"
    receipt = visitor.get(answer["Location"]).content.decode()
    assert "You follow an earlier report" in receipt
    own = Report.objects.get(pk=KEY)
    assert own.matter.number != main.number and own.matter.number in receipt
    assert (own.matter.state, own.matter.merged_into_id) == ("merged", main.matter.pk)
    for outcome, data in (("done", {}), ("confirm", {}), ("pass", {}), ("close", {"answer": "路灯已修好。"})):
        task = Task.objects.get(matter=main.matter, state="open")
        matters.complete(actor=SYSTEM, task=task.pk, outcome=outcome, note="好", data=data, now=time.now)
    text = visitor.get(f"/follow/{own.matter.number}").content.decode()
    assert "路灯已修好。" in text and "Rate the result" in text


def test_following_twice_is_following_once(visitor, at_step, inside):
    at_step("handle")
    told = near(visitor, inside)
    first, second = follow_it(visitor, told), follow_it(visitor, told)
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 2 and Matter.objects.filter(state="merged").count() == 1


def test_what_ended_meanwhile_leaves_the_report_to_be_handled_by_itself(visitor, at_step, inside, time):
    main = at_step("handle")
    told = near(visitor, inside)
    matters.void(actor=SYSTEM, matter=main.matter.pk, now=time.now, note="x")
    assert follow_it(visitor, told, text="路灯不亮").status_code == 302
    own = Report.objects.get(pk=KEY).matter
    assert (own.state, own.link, own.merged_into_id) == ("open", "file", None)


def test_what_was_joined_with_another_meanwhile_leads_to_that_one(visitor, at_step, reported, inside, time):
    main = at_step("handle")
    told = near(visitor, inside)
    other = reported(text="完全不同的另一件事情").matter
    matters.merge(actor=SYSTEM, primary=other.pk, duplicates=[main.matter.pk], now=time.now)
    follow_it(visitor, told)
    assert Report.objects.get(pk=KEY).matter.merged_into_id == other.pk


@pytest.mark.parametrize("offered", ["", "0199bbbb-0000-7000-8000-000000000009", "x:y:z"])
def test_an_offer_that_we_did_not_make_joins_nothing(visitor, at_step, offered):
    main = at_step("handle")
    answer = visitor.post("/report", {"id": KEY, "text": "路灯不亮", "join": offered or str(main.matter.pk)})
    assert answer.status_code == 422 and "This offer is too old" in answer.content.decode()
    assert Report.objects.count() == 1


def test_the_one_who_follows_sees_no_photo_of_the_one_who_reported_first(visitor, at_step, inside):
    at_step("handle", files=[File(photo(), "a.jpg")])
    follow_it(visitor, near(visitor, inside))
    number = Report.objects.get(pk=KEY).matter.number
    first = Attachment.objects.get()
    assert "/photos/" not in visitor.get(f"/follow/{number}").content.decode()
    assert visitor.get(f"/follow/{number}/photos/{first.pk}").status_code == 404


def test_looking_around_takes_few_queries(visitor, reported, inside, django_assert_max_num_queries):
    for _n in range(4):
        reported()
    near(visitor, inside)
    with django_assert_max_num_queries(2):
        near(visitor, inside)


def test_old_reports_are_not_offered(visitor, reported, inside, time):
    reported(now=time.now - timedelta(days=30))
    assert "join" not in near(visitor, inside)["html"]


def test_without_script_a_button_of_the_form_looks_and_the_answer_can_be_followed(visitor, at_step, inside):
    at_step("handle")
    page = visitor.post(
        "/report",
        {
            "id": KEY,
            "text": "路灯不亮",
            "area": COMMUNITY,
            "lat": inside.lat,
            "lon": inside.lon,
            "step": "around",
        },
    )
    assert page.status_code == 200 and "Already reported near here?" in page.content.decode()
    token = re.search(r'name="join" value="([^"]+)"', page.content.decode())[1]
    assert visitor.post("/report", {"id": KEY, "join": token}).status_code == 302
