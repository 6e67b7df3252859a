"""What a phone takes along of a home, and what it may send about one."""

from __future__ import annotations

import pytest

from tests import people
from tests.domains.assistance.found import poor, refresh
from tests.domains.assistance.offices import STREET, applied, community, do
from tests.faces.field.conftest import Phone
from tests.kernel.people.made import HUALU
from yiwang.domains.assistance.discovery import screening, sending
from yiwang.domains.assistance.models import Application, Visit
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import receipts
from yiwang.kernel.registers.fresh import reset_all

pytestmark = pytest.mark.django_db
OFFICER = f"aid-officer-{STREET}"


@pytest.fixture
def officer(signed_in):
    return Phone(signed_in(OFFICER, name="孙经办"), people.user(OFFICER))


@pytest.fixture
def surveys(world, time):
    def of(count: int):
        found = []
        for number in range(count):
            matter = applied(now=time.now, name=f"王秀{'甲乙丙丁戊己'[number]}")
            do(matter, "accept", "accept", time.now)
            do(matter, "data_check", "done", time.now)
            do(matter, "arrange", "arranged", time.now)
            found.append(matter)
        return found

    return of


@pytest.fixture
def finding(world, time, settings, tmp_path):
    settings.HOME = tmp_path
    reset_all()
    house = poor(12, time.now)
    refresh(time.now.date())
    screening.screen(actor=SYSTEM, now=time.now, residents=screening.everybody(time.now))
    sending.send(time.now)
    yield house
    reset_all()


@pytest.fixture
def worker(signed_in):
    return Phone(signed_in(f"worker-{HUALU}", name="陈社工"), people.user(f"worker-{HUALU}"))


def fields_of(task: dict, result: int = 0) -> dict:
    return {one["name"]: one for one in task["results"][result]["fields"]}


def survey(task: dict, **more) -> dict:
    second = fields_of(task)["second"]["options"][-1][0]
    on = fields_of(task)["on"]["value"]
    data = {"second": second, "on": on, "seen": "情况属实", "signed_by": "王秀甲"} | more
    return {"task": task["id"], "outcome": "done", "data": data}


def test_the_phone_gets_the_form_and_of_the_household_nothing_that_is_sealed(officer, surveys):
    (matter,) = surveys(1)
    body = officer.client.get("/field/api/tasks")
    (task,) = body.json()["tasks"]
    row = Application.objects.get(pk=matter.pk)
    for sealed in (row.name, row.id_number, row.phone, row.address, "6222020000000001234"):
        assert sealed not in body.content.decode()
    assert task["private"] and task["who"].startswith("王*") and task["photos"] == []
    assert fields_of(task)["seen"]["required"] and f"of-{row.person}-" in fields_of(task)
    assert {one["name"] for one in body.json()["shared"]["household"]} >= {"deposits", "vehicles"}


def test_what_is_filled_in_arrives_as_the_visit(officer, surveys):
    surveys(1)
    (task,) = officer.tasks()
    answer = officer.do("complete", survey(task, **{"of-household-deposits": "12.50"}))
    assert answer.status_code == 200, answer.content.decode()
    assert '"deposits":1250' in Visit.objects.get().findings
    assert officer.tasks() == []


def test_what_is_wrong_is_refused_with_its_field(officer, surveys):
    surveys(1)
    (task,) = officer.tasks()
    answer = officer.do("complete", survey(task, **{"of-household-deposits": "viel"}))
    assert answer.status_code == 422 and answer.json()["where"] == "of-household-deposits"
    assert not Visit.objects.exists()


def test_fields_and_photos_of_a_home_belong_to_a_visit_only(officer, phone, surveys, at_step):
    at_step("handle")
    (task,) = phone.tasks()
    body = {"task": task["id"], "outcome": "done", "note": "已修复"}
    assert phone.do("complete", body | {"data": {"unit": "x"}}).json()["where"] == "data"
    photo = phone.upload().json()["id"]
    sent = phone.do("complete", body | {"photos": [{"id": photo, "stage": "visit"}]})
    assert sent.json()["where"] == "photos"


def test_the_list_of_visits_costs_as_many_queries_for_five_as_for_one(
    officer, surveys, django_assert_max_num_queries
):
    surveys(5)
    officer.tasks()
    with django_assert_max_num_queries(16):
        assert len(officer.tasks()) == 5


def test_a_finding_goes_along_with_why_and_what_is_masked(worker, finding):
    body = worker.client.get("/field/api/tasks")
    (task,) = body.json()["tasks"]
    assert task["why"] and task["who"] == "测**" and "402" not in body.content.decode()
    assert [one["slug"] for one in task["results"]] == ["included", "unfit", "referred", "checking"]
    assert fields_of(task)["for-minimum_guarantee"]["value"] == "1"


def test_who_applied_from_the_phone_gets_number_and_secret_and_the_receipt_keeps_none(worker, finding):
    from uuid_utils.compat import uuid7

    from yiwang.faces.field.models import Receipt

    (task,) = worker.tasks()
    applicant = fields_of(task)["applicant"]["options"][-1][0]
    data = {"apply": "1", "for-minimum_guarantee": "1", "applicant": applicant, "way": "signed"}
    body = {"task": task["id"], "outcome": "included", "note": "愿意申请", "data": data}
    id = uuid7()
    first, again = (worker.do("complete", body, id=id).json() for _time in range(2))
    row = Application.objects.get()
    assert first["applied"] == again["applied"]
    assert first["applied"][0]["secret"] == receipts.secret_for(row.pk) and not again["new"]
    assert receipts.secret_for(row.pk) not in str(Receipt.objects.get(pk=id).answer)


def test_another_streets_officer_gets_nothing_of_it(signed_in, surveys, finding):
    surveys(1)
    other = Phone(signed_in("aid-officer-210104002"), people.user("aid-officer-210104002"))
    assert community() and other.tasks() == []
