"""A visit ends with the household wanting help: the worker applies for it in the same step, with its consent."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from tests import people as people_of
from tests.domains.assistance.conftest import NOW
from tests.domains.assistance.found import poor, refresh
from tests.kernel.people import made
from tests.kernel.people.made import HUALU
from tests.people import person
from yiwang.domains.assistance.discovery import screening, sending
from yiwang.domains.assistance.models import Application, Finding, Mandate
from yiwang.kernel.errors import Denied, Invalid
from yiwang.kernel.matters import actions, receipts, store
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.registers.fresh import reset_all
from yiwang.kernel.registers.people import queries as people


@pytest.fixture
def household(dadong, settings, tmp_path, moment):
    """A poor household, found by screening with the pack's own law and given to the community worker."""
    settings.HOME, settings.FILES_DIR = tmp_path, tmp_path / "files"
    reset_all()
    store.numbers.forget()
    house = poor(12, NOW)
    house.refresh_from_db()
    refresh(NOW.date())
    screening.screen(actor=person("aid-county"), now=NOW, residents=screening.everybody(NOW))
    sending.send(NOW)
    yield house
    reset_all()
    store.numbers.forget()


@pytest.fixture
def signed_in(household):
    def of(post: str, name: str = "") -> Client:
        client = Client(headers={"accept-language": "en"})
        client.cookies["yiwang_language"] = "en"
        client.force_login(
            people_of.user(post, name=name), backend="yiwang.kernel.access.signin.PostsBackend"
        )
        return client

    return of


def visit_of(house) -> Matter:
    return Matter.objects.filter(findings__household=house.pk).distinct().get()


def head_of(house):
    return next(one for one in people.members(house.pk) if one.relation == "head")


def task_of(house, node: str = "visit"):
    return visit_of(house).tasks.get(node=node, state="open")


def wish(house, **more) -> dict:
    own = {"apply": "1", "for-minimum_guarantee": "yes", "applicant": str(head_of(house).pk), "way": "signed"}
    return own | more


def visited(house, actor=None, outcome: str = "included", node: str = "visit", **data) -> Matter:
    actor = actor or person(f"worker-{HUALU}", name="陈社工")
    task, note = task_of(house, node).pk, "独居，愿意申请"
    with transaction.atomic():  # as a request has it: what is refused leaves nothing
        return actions.complete(actor=actor, task=task, outcome=outcome, note=note, data=data, now=NOW)


def test_one_step_ends_the_visit_and_makes_the_application_with_what_is_known(household):
    made.resident(household, "spouse", order=55)
    visit = visited(household, **wish(household, **{"paper-promise": "yes"}))
    head = head_of(household)
    row = Application.objects.get()
    assert (row.programme, row.channel, row.household, row.person) == (
        "minimum_guarantee",
        "on_behalf",
        household.pk,
        head.pk,
    )
    assert (row.name, row.id_number, row.address) == (head.name, head.id_number, household.address)
    assert row.members_count == 2 and '"spouse"' in row.members
    assert row.materials == {"agency": "given", "promise": "given"}
    assert row.matter.tasks.get(state="open").node == "accept" and row.matter.area_id == HUALU
    assert visit.state == "closed"  # nothing is left for the sub-district
    assert Finding.objects.get(cause="minimum_guarantee").state == "included"


def test_who_agreed_how_and_when_is_kept_with_the_visit_and_the_finding(household):
    visit = visited(household, **wish(household, way="mark", witness="李邻居"))
    mandate = Mandate.objects.get()
    assert (mandate.given_by, mandate.way, mandate.witness) == (head_of(household).pk, "mark", "李邻居")
    assert (mandate.visit_id, mandate.finding.cause) == (visit.pk, "minimum_guarantee")
    assert mandate.taken_by.name == "陈社工" and mandate.given_on.isoformat() == "2026-09-24"


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"way": ""}, "way"),
        ({"apply": ""}, "apply"),
        ({"way": "mark"}, "witness"),
        ({"applicant": ""}, "applicant"),
        ({"applicant": "018f0000-0000-7000-8000-000000000000"}, "applicant"),
        ({"for-minimum_guarantee": ""}, "for-minimum_guarantee"),
    ],
)
def test_nobody_applies_for_a_household_without_its_mandate(household, more, where):
    with pytest.raises(Invalid) as refused:
        visited(household, **wish(household, **more))
    assert refused.value.where == where
    assert not Application.objects.exists() and task_of(household)


def test_a_minor_gives_no_mandate_but_the_guardian_does(household):
    child = made.resident(household, "child", "测试小", "20150505", 33)
    with pytest.raises(Invalid) as refused:
        visited(household, **wish(household, applicant=str(child.pk)))
    assert refused.value.where == "way"
    visited(household, **wish(household, applicant=str(child.pk), way="guardian", witness="测试甲"))
    assert Application.objects.get().person == child.pk


def test_what_is_applied_for_already_is_not_applied_for_twice(household):
    visited(household, **wish(household, **{"for-minimum_guarantee": "", "for-low_income_edge": "yes"}))
    officer, again = person("aid-officer-210104002"), wish(household, **{"for-low_income_edge": "yes"})
    with pytest.raises(Invalid) as refused:
        visited(household, officer, "done", "follow", result="applied", **again)
    assert refused.value.code == "applied_already"
    assert Application.objects.get().programme == "low_income_edge"


def test_what_fits_and_was_not_applied_for_goes_to_the_sub_district_which_applies_in_its_step(household):
    visited(household)
    officer = person("aid-officer-210104002", name="孙经办")
    closed = visited(
        household, actor=officer, outcome="done", node="follow", result="applied", **wish(household)
    )
    assert closed.state == "closed" and Mandate.objects.get().taken_by.name == "孙经办"


def test_applied_is_not_said_without_an_application(household):
    visited(household)
    with pytest.raises(Invalid):
        visited(household, person("aid-officer-210104002"), outcome="done", node="follow", result="applied")
    assert visit_of(household).state == "open"


def test_an_application_goes_with_what_fits(household):
    with pytest.raises(Invalid) as refused:
        visited(household, outcome="unfit", **wish(household))
    assert refused.value.where == "outcome"


def test_who_may_not_apply_there_does_not_end_the_visit_either(household, monkeypatch):
    from dataclasses import replace

    worker = person(f"worker-{HUALU}")
    reach = {name: where for name, where in worker.reach.items() if name != "open"}
    with pytest.raises(Denied):
        visited(household, actor=replace(worker, reach=reach), **wish(household))
    assert not Application.objects.exists()
    assert Finding.objects.get(cause="minimum_guarantee").state == "checking"


def test_the_page_of_the_visit_takes_the_application_and_tells_number_and_secret(household, signed_in):
    worker = signed_in(f"worker-{HUALU}", name="陈社工")
    address = f"/assistance/visits/{visit_of(household).number}"
    page = worker.get(address).content.decode()
    assert "apply on its behalf now" in page and "测试甲" not in page
    sent = {"task": task_of(household).pk, "outcome": "included", "note": "愿意申请"} | wish(household)
    wrong = worker.post(f"{address}/do", sent | {"way": ""})
    assert wrong.status_code == 422 and 'name="apply"' in wrong.content.decode()
    assert worker.post(f"{address}/do", sent).status_code == 302
    row = Application.objects.get()
    shown = worker.get(address).content.decode()
    assert row.matter.number in shown and receipts.secret_for(row.pk) in shown
    window = signed_in("aid-window-210104002")
    file = window.get(f"/matters/{row.matter.number}").content.decode()
    assert "Mandate" in file and "Signed a mandate" in file and address in file


def test_the_person_reads_the_mandate_in_what_is_held_and_erasing_empties_it(household):
    from yiwang.domains.assistance import held

    visited(household, **wish(household, way="mark", witness="李邻居"))
    head = head_of(household)
    given = held.give(head)["applications"][0]["mandate"]
    assert (given["way"], given["witness"], given["taken_by"]) == ("mark", "李邻居", "陈社工")
    held.erase(head, NOW)
    mandate = Mandate.objects.get()
    assert mandate.witness == "" and mandate.given_by is None
