"""The county screens on a page, the community worker visits, the sub-district acts; each sees the own area only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.domains.assistance.conftest import NOW, lives
from tests.kernel.people.made import FUJIA, HUALU
from yiwang.domains.assistance.discovery import screening, sending
from yiwang.domains.assistance.models import Finding, Screening
from yiwang.kernel.matters.models import Matter


def get(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.fixture
def screened(lake, signed_in):
    """Two poor households in two communities, screened from the page and given out."""
    houses = lives(30_000, order=12), lives(20_000, area=FUJIA, order=13, ill=True)
    lake()
    county = signed_in("aid-county", name="周经办")
    assert county.post("/assistance/discovery/screen").status_code == 302
    assert screening.go_on(NOW) == 1
    sending.send(NOW)
    return houses


def number_of(house) -> str:
    return Matter.objects.filter(findings__household=house.pk).distinct().get().number


def test_the_board_counts_findings_by_class_state_and_area_and_says_that_nothing_is_decided(
    screened, signed_in
):
    shown = get(signed_in("aid-county"), "/assistance/discovery")
    assert "The machine decides nothing" in shown and "周经办" in shown
    assert "2 households, 3 findings raised" in shown


def test_screening_is_asked_for_once_however_often_the_button_is_pressed(lake, signed_in):
    lives(30_000)
    lake()
    for _press in range(3):
        signed_in("aid-county").post("/assistance/discovery/screen")
    assert Screening.objects.count() == 1
    assert (screening.go_on(NOW), screening.go_on(NOW)) == (1, 0)


def test_a_community_worker_sees_the_own_community_and_nobody_elses_visit(screened, signed_in):
    here, there = screened
    worker = signed_in(f"worker-{HUALU}")
    assert number_of(here) in get(worker, "/assistance/findings")
    assert number_of(there) not in get(worker, "/assistance/findings")
    assert worker.get(f"/assistance/visits/{number_of(there)}").status_code == 404
    assert worker.get("/assistance/discovery").status_code == 403
    assert worker.post("/assistance/discovery/screen").status_code == 403


def test_the_visit_shows_why_and_masks_who_lives_there(screened, signed_in):
    shown = get(signed_in(f"worker-{HUALU}"), f"/assistance/visits/{number_of(screened[0])}")
    assert "Income below the line" in shown and "第一条" in shown
    assert "测试甲" not in shown and "测**" in shown
    assert "30,000" not in shown and "402" not in shown


def test_the_worker_says_what_the_visit_found_and_the_sub_district_what_was_done(screened, signed_in):
    number = number_of(screened[0])
    worker = signed_in(f"worker-{HUALU}", name="陈社工")
    page = get(worker, f"/assistance/visits/{number}")
    task = Matter.objects.get(number=number).tasks.get(state="open").pk
    assert str(task) in page
    refused = worker.post(
        f"/assistance/visits/{number}/do", {"task": task, "outcome": "included", "note": ""}
    )
    assert refused.status_code == 422 and "Say what the visit found" in refused.content.decode()
    sent = {"task": task, "outcome": "included", "note": "住户情况属实"}
    assert worker.post(f"/assistance/visits/{number}/do", sent).status_code == 302
    assert Finding.objects.get(matter__number=number).state == "included"
    officer = signed_in("aid-officer-210104002")
    follow = Matter.objects.get(number=number).tasks.get(state="open").pk
    done = {"task": follow, "outcome": "done", "result": "declined", "note": "住户暂不申请"}
    assert officer.post(f"/assistance/visits/{number}/do", done).status_code == 302
    assert Matter.objects.get(number=number).state == "closed"


def test_the_general_page_of_the_matter_leads_to_the_visit(screened, signed_in):
    number = number_of(screened[0])
    shown = get(signed_in(f"worker-{HUALU}"), f"/matters/{number}")
    assert f"/assistance/visits/{number}" in shown


def test_the_list_is_filtered_and_goes_on_page_by_page(screened, signed_in, monkeypatch):
    from yiwang.domains.assistance.discovery import queries

    county = signed_in("aid-county")
    assert number_of(screened[1]) not in get(county, f"/assistance/findings?area={HUALU}")
    assert "Nothing here fits" in get(county, "/assistance/findings?says=ending")
    monkeypatch.setattr(queries, "PAGE", 2)
    first = get(county, "/assistance/findings")
    assert "after=" in first
    after = first.split("after=")[1].split('"')[0]
    assert get(county, f"/assistance/findings?after={after}").count("yw-queue-title") == 1


def test_how_long_findings_have_been_open_is_told(screened, signed_in, moment):
    moment.now = NOW + timedelta(days=20)
    shown = get(signed_in("aid-leader"), "/assistance/discovery")
    assert "14 to 30 days" in shown


def test_a_screening_that_runs_in_another_process_is_not_started_twice(lake, signed_in):
    lives(30_000)
    lake()
    signed_in("aid-county").post("/assistance/discovery/screen")
    with screening._alone():
        assert screening.go_on(NOW) == 0
    assert screening.go_on(NOW) == 1


def test_a_visit_takes_the_answer_to_its_own_step_only(screened, signed_in):
    here, there = (number_of(house) for house in screened)
    task = Matter.objects.get(number=there).tasks.get(state="open").pk
    sent = {"task": task, "outcome": "unfit", "note": "情况属实"}
    county = signed_in(f"worker-{FUJIA}", f"worker-{HUALU}")
    assert county.post(f"/assistance/visits/{here}/do", sent).status_code == 404
    assert Finding.objects.filter(matter__number=there, state="checking").exists()
