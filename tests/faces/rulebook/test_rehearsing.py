"""The page on which a reform is rehearsed."""

import json
import subprocess
import sys
import threading
from urllib.parse import urlencode

import pytest

from yiwang.core.process.simulation import warming
from yiwang.faces.rulebook import rehearsing

pytestmark = pytest.mark.django_db
ADDRESS = "/rules/processes/incident/rehearse"


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """The compiler may take its time here."""
    monkeypatch.setattr(rehearsing, "WAIT", 300.0)


def test_the_page_shows_what_is_supposed_and_says_what_is_only_assumed(dadong, look):
    page = look(ADDRESS)
    assert page.status == 200
    assert "values are assumed: nobody counted them" in page.text
    assert "What a year brings" not in page.text


def test_a_reform_shows_its_change_beside_today(dadong, look):
    page = look(f"{ADDRESS}?run=1&cases=300&limit=10wd&add.duty_leader=%2B1&together=verify&together=close")
    assert "After the reform" in page.text
    assert "people.duty_leader=+1" in page.text and "parallel=verify,close" in page.text
    assert page.rows()[0][0] == "Counted working days, median"
    assert len(page.rows()[0]) == 4


def test_a_wrong_value_is_told_by_its_name_and_nothing_is_played(dadong, look):
    page = look(f"{ADDRESS}?run=1&cases=300&work.file=soon&was.work.file=x")
    assert page.status == 200
    assert "work.file: not a length of time" in page.text
    assert "What a year brings" not in page.text


def test_too_many_cases_are_refused(dadong, look):
    assert look(f"{ADDRESS}?run=1&cases=2000000").status in (400, 422)


def test_what_was_left_as_it_is_does_not_count_as_set(dadong, look):
    page = look(f"{ADDRESS}?run=1&cases=200&limit=10wd&people.handler=5&was.people.handler=5")
    assert "After the reform" not in page.text
    assert page.status == 200


def test_a_new_server_answers_at_once_that_it_prepares_and_later_with_the_result(dadong, look, monkeypatch):
    begun, may_end = threading.Event(), threading.Event()

    def make() -> None:
        begun.set()
        may_end.wait(60)

    with monkeypatch.context() as new:
        new.setattr(rehearsing, "WAIT", 0.01)
        new.setattr(warming, "ready", lambda: False)
        new.setattr(warming, "_running", None)
        new.setattr(warming, "_make", make)
        page = look(f"{ADDRESS}?run=1&cases=200&limit=10wd")
        assert page.status == 200 and "being prepared" in page.text and begun.wait(10)
        assert "What a year brings" not in page.text
        begun.clear()
        look(f"{ADDRESS}?run=1&cases=200&limit=10wd")
        assert not begun.is_set()  # a second request starts no second compiler
        may_end.set()
    page = look(f"{ADDRESS}?run=1&cases=200&limit=10wd")
    assert "What a year brings" in page.text and "being prepared" not in page.text


def test_the_compiler_in_a_process_of_its_own_leaves_what_others_load():
    command = [sys.executable, "-m", "yiwang.core.process.simulation.warming"]
    assert subprocess.run(command, timeout=300).returncode == 0
    assert warming.begin(300) and warming.ready()


def test_the_page_carries_where_the_cases_stand_day_by_day_for_the_diagram(dadong, look):
    page = look(f"{ADDRESS}?run=1&cases=300&limit=10wd&add.duty_leader=%2B1")
    data = json.loads(page.tree.find('.//script[@class="yw-flow-data"]').text)
    assert len(data["days"]) >= 365 and len(data["sides"]) == 2
    assert all(len(counts) == len(data["days"]) for counts in data["sides"][0]["steps"].values())
    assert "The flow on the diagram" in page.text


def test_a_material_no_longer_asked_for_is_ticked_and_its_change_stands_beside_today(dadong, look):
    address = "/rules/processes/approval/rehearse"
    page = look(address)
    box = "//input[@name='without.safety-measures']"
    assert "no longer asked for" in page.text and not page.tree.xpath(box + "/@checked")
    page = look(
        f"{address}?run=1&cases=200&limit=20wd&missing.accept.safety-measures=0.5&without.safety-measures=1"
    )
    assert "without=safety-measures" in page.text and "After the reform" in page.text
    assert page.tree.xpath(box + "/@checked")
    typed = page.tree.xpath("//tr[.//input[@name='missing.accept.safety-measures']]")[0]
    assert "set here" in typed.text_content() and "assumed" not in typed.text_content()
    page = look(f"{address}?run=1&cases=200&missing.accept.safety-measures=often")
    assert "missing.accept.safety-measures: not a number" in page.text


def test_the_form_of_the_largest_catalogue_fits_into_an_address(dadong, look):
    """A proxy takes request lines of 8,192 bytes."""
    page = look("/rules/processes/service/rehearse")
    form = page.tree.xpath("//form[contains(@class, 'yw-rehearse')]")[0]
    sent = urlencode([*form.form_values(), ("run", "1")])
    assert "missing.accept.floor-plan" in sent and len(sent) < 6500
    page = look(f"/rules/processes/service/rehearse?{sent}&cases=200")
    assert "What a year brings" in page.text and "After the reform" not in page.text
    assert "set here" not in page.text  # sent back as it came, nothing counts as set
