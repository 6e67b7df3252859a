"""Where matters stand and how long steps take, on the page of a process and of a step."""

import pytest

from tests.conftest import at
from tests.kernel.pace.test_counting import count_all
from yiwang.core.process import read
from yiwang.faces.rulebook import loops
from yiwang.kernel.packs.rulebook import current

pytestmark = pytest.mark.django_db


def test_the_drawing_has_a_number_for_each_step_and_the_table_the_same(look, at_step, time):
    for step in ("file", "dispatch", "handle", "handle", "verify"):
        at_step(step)
    page = look("/rules/processes/incident")
    assert "5 tasks are open now" in page.text
    badges = {row.get("data-node"): row.get("data-badge") for row in page.tree.xpath("//*[@data-node]")}
    assert badges == {
        "file": "1",
        "precheck": "0",
        "dispatch": "1",
        "handle": "2",
        "feedback": "0",
        "verify": "1",
        "close": "0",
    }
    assert {row[0].split(" ")[0]: row[2] for row in page.rows(0)}["Handle"] == "2"


def test_what_is_overdue_is_told_by_a_sign_and_a_word(look, at_step, time):
    at_step("dispatch")
    time.set("2026-10-09T09:00")
    page = look("/rules/processes/incident")
    assert page.tree.xpath("//*[@data-node='dispatch']/@data-late") == ["1"]
    assert "1 overdue" in " ".join(page.tree.xpath("string(//*[@data-node='dispatch'])").split())


def test_how_long_steps_took_is_told_with_its_days_and_number(look, at_step, time):
    for _n in range(3):
        at_step("close")
    time.set("2026-10-12T09:00")
    before = look("/rules/processes/incident").text
    assert "0 of 30 complete days are counted" in before
    count_all(at("2026-10-12T09:00"))
    page = look("/rules/processes/incident?days=90")
    assert "90 of 90 complete days are counted" in page.text
    assert {row[0].split(" ")[0]: row[9] for row in page.rows(0)}["Verify"] == "3"


def test_a_step_tells_form_results_limit_post_pauses_and_leads_to_its_matters(look, at_step):
    at_step("handle")
    page = look("/rules/processes/incident/steps/handle")
    for words in (
        "Handler",
        "by the filing condition",
        "photos before and after",
        "Severe weather",
        "goes on with the first clock",
    ):
        assert words in page.text
    assert [row[:2] for row in page.rows(0)] == [
        ["Done", "Confirm and give feedback"],
        ["Not our duty", "back to Dispatch"],
    ]
    assert "/matters?state=open&link=handle" in page.links()


def test_results_that_lead_back_are_the_reworks_and_returns(dadong):
    ways = {(way.task, way.outcome, way.target) for way in loops.ways_back(dadong.process("incident"))}
    assert ways == {
        ("dispatch", "return", "file"),
        ("handle", "not_ours", "dispatch"),
        ("feedback", "redo", "handle"),
        ("verify", "fail", "handle"),
        ("close", "rework", "handle"),
    }


def test_the_drawing_speaks_the_language_of_the_page(look, dadong):
    for language, name in (("en", "Handle"), ("zh-hans", "任务处理")):
        answer = look(f"/rules/processes/incident/drawing.bpmn?pack={dadong.id}", language).answer
        assert read(answer.content).nodes["handle"].name == name


def test_a_version_that_is_no_number_is_refused(look):
    assert look("/rules/processes/incident/drawing.bpmn?pack=x").status == 422
    assert look("/rules/processes/incident/drawing.bpmn?pack=999999").status == 404


def test_the_page_costs_few_queries_however_many_matters_stand(look, at_step, django_assert_max_num_queries):
    for _n in range(3):
        at_step("handle")
    look("/rules/processes/incident")
    from yiwang.kernel.pace import queries

    queries.reset_caches()
    with django_assert_max_num_queries(7):
        look("/rules/processes/incident")
    with django_assert_max_num_queries(8):
        look("/rules/processes/incident/steps/handle")


def test_the_only_kind_is_shown_at_once(look, monkeypatch):
    monkeypatch.setattr(current(), "kinds", {"incident": current().kinds["incident"]})
    answer = look("/rules/processes").answer
    assert answer.status_code == 302 and answer["Location"] == "/rules/processes/incident"
