"""The pages of project approvals: what staff and applicants read and do, in few queries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.domains.approvals.building import ANSWERS, accept, decided, item, permits, registered, started
from tests.pages import approvals as made
from yiwang.domains.approvals.models import HoldNotice, Project
from yiwang.kernel.matters.models import Matter, Task


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def project(world, time) -> Project:
    return made.make(time.now).project


def test_a_guide_sees_every_stage_with_its_lights_and_what_waits_for_what(
    signed_in, project, django_assert_max_num_queries
):
    client = signed_in("project-guide")
    client.get(f"/projects/{project.code}")
    with django_assert_max_num_queries(22):
        page = text(client.get(f"/projects/{project.code}"))
    for said in (
        "40 working days",
        "clock stands",
        "begins when these are granted",
        "Planning permit for construction",
        "expected until",
        "agrees",
        "example value",
    ):
        assert said in page, said
    assert "13840000001" not in page and "王工程" not in page


def test_the_list_of_projects_takes_as_many_queries_for_many_as_for_two(
    signed_in, project, time, django_assert_max_num_queries
):
    client = signed_in("project-guide")
    client.get("/projects")
    for n in range(10, 18):
        registered(time.now + timedelta(seconds=n), code=f"2607-210104-04-01-0000{n}", name=f"项目{n}")
    with django_assert_max_num_queries(9):
        page = text(client.get("/projects"))
    assert "项目17" in page and project.name in page


def test_the_contact_is_opened_for_a_purpose_that_the_applicant_can_read(signed_in, visitor, project):
    client = signed_in("project-guide")
    refused = client.post(f"/projects/{project.code}/contact", {"purpose": ""})
    assert refused.status_code == 422 and "13840000001" not in text(refused)
    shown = text(client.post(f"/projects/{project.code}/contact", {"purpose": "约看现场"}))
    assert "13840000001" in shown and "王工程" in shown
    assert "约看现场" in text(follow(visitor, project))


def follow(visitor, project, number: str = ""):
    from yiwang.kernel.matters import receipts

    secret = receipts.secret_for(project.pk)
    got = visitor.post("/follow", {"number": number or project.code, "secret": secret}, follow=True)
    assert got.status_code == 200, text(got)
    return got


def test_the_applicant_follows_by_code_or_by_the_number_of_any_part_and_reads_holds(visitor, project):
    page = text(follow(visitor, project))
    assert "方案报专家评审" in page and "expected until" in page
    number = item(project, "soil-plan").matter.number
    assert project.name in text(follow(visitor, project, number))
    wrong = visitor.post("/follow", {"number": project.code, "secret": "wrong"})
    assert wrong.status_code == 404


def test_the_applicant_applies_for_the_next_stage_and_slips_come_back_with_their_field(visitor, world, time):
    project = registered(time.now, project_class="industrial").project
    follow(visitor, project)
    address = f"/follow/{project.matter.number}/stages/planning"
    assert "Planning permit for land use" in text(visitor.get(address))
    slip = visitor.post(address, {"land_use": "", "plot_ratio": "1", "consent": "1"})
    assert slip.status_code == 422 and "land_use" in text(slip)
    assert permits(project) == set()
    sent = visitor.post(address, ANSWERS["planning"] | {"consent": "1"}, follow=True)
    assert sent.status_code == 200 and "project-filing" in permits(project)


def test_who_has_not_the_post_neither_sees_nor_registers(signed_in, project):
    client = signed_in("handler-lighting")
    assert client.get(f"/projects/{project.code}").status_code == 404
    assert client.get("/projects/new").status_code == 403
    assert project.name not in text(client.get("/projects"))
    reviewer = signed_in("service-reviewer-greening")  # is heard on the scheme
    assert reviewer.get(f"/projects/{project.code}").status_code in (200, 404)


def test_a_project_is_registered_by_form_with_its_buildings(signed_in, world):
    client = signed_in("window-clerk")
    form = {
        "id": "01a21770-0630-70e3-8944-8ce90e999e5c",
        "name": "东塔街仓库",
        "code": "2609-210104-04-01-000077",
        "project_class": "simple",
        "investor": "social",
        "area": "210104012001",
        "address": "东塔街 7 号",
        "applicant": "沈阳东塔仓储有限公司",
        "applicant_code": "91350100M000100Y43",
        "invest_wan": "3200.5",
        "buildings.0.name": "1 号库",
        "buildings.0.floor_m2": "800",
    }
    slip = client.post("/projects/new", form | {"invest_wan": "viel"})
    assert slip.status_code == 422 and "3200.5" in text(slip)
    more = text(client.post("/projects/new", form | {"_more": "1"}))
    assert "buildings.1.name" in more and not Project.objects.filter(code=form["code"]).exists()
    done = client.post("/projects/new", form, follow=True)
    found = Project.objects.get(code=form["code"])
    assert done.status_code == 200 and found.invest_fen == 3_200_500_000
    assert list(found.buildings.values_list("name", "floor_m2")) == [("1 号库", 800)]


def test_an_approver_holds_resumes_and_decides_by_the_forms_of_the_page(signed_in, world, time):
    project = registered(time.now, project_class="small-social").project
    started(project, "construction", time.now)
    shelter = item(project, "civil-defence-design")
    accept(shelter, time.now)
    client = signed_in("service-decider-civil-defence")
    address = f"/matters/{shelter.matter.number}"
    assert 'name="expected"' in text(client.get(address))
    slip = client.post(
        f"{address}/do/hold", {"form": "hold", "reason": "testing", "note": "送检", "expected": ""}
    )
    assert slip.status_code == 422 and not HoldNotice.objects.filter(item=shelter).exists()
    client.post(
        f"{address}/do/hold", {"form": "hold", "reason": "testing", "note": "送检", "expected": "2026-10-12"}
    )
    assert HoldNotice.objects.get(item=shelter).expected.isoformat() == "2026-10-12"
    assert "送检" in text(client.get(address))
    time.now += timedelta(days=1)
    client.post(f"{address}/do/resume", {"form": "resume", "note": ""})
    assert not Matter.objects.get(pk=shelter.pk).held
    reviewer = signed_in("service-reviewer-civil-defence")
    task = Task.objects.get(matter=shelter.pk, node="review")
    done = reviewer.post(
        f"{address}/do/complete",
        {"form": "x", "task": str(task.pk), "outcome": "done", "opinion": "agree"},
        follow=True,
    )
    assert done.status_code == 200
    task = Task.objects.get(matter=shelter.pk, node="decide")
    client.post(
        f"{address}/do/complete", {"form": "x", "task": str(task.pk), "outcome": "grant"}, follow=True
    )
    assert item(project, "civil-defence-design").outcome == "granted"
    decided(item(project, "drawing-review"), time.now)


def test_the_api_tells_stages_and_clocks_and_nothing_of_a_person(signed_in, project):
    client = signed_in("project-guide")
    rows = client.get("/api/v1/projects").json()
    assert project.code in {row["code"] for row in rows["items"]} and rows["next"] is None
    found = client.get(f"/api/v1/projects/{project.code}").json()
    assert [stage["stage"] for stage in found["stages"]] == [
        "planning",
        "works",
        "construction",
        "acceptance",
    ]
    assert found["promised"] == "40wd" and "contact" not in str(found)
    held = next(one for one in found["stages"][0]["items"] if one["permit"] == "soil-plan")
    assert held["state"] == "held" and held["clock"]["held"] and held["beside"]
    assert signed_in("handler-lighting").get(f"/api/v1/projects/{project.code}").status_code == 404
