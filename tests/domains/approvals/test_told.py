"""Projects on the command line and in the API: found by stage, class and lateness, one with its plan, files."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from tests.domains.approvals.building import accept, item, registered, started

PDF = b"%PDF-1.4\nx\n%%EOF"


@pytest.fixture
def projects(world, time):
    """One that is in its first stage since half a year, and one that has applied for nothing."""
    then = time.now - timedelta(days=180)
    late = registered(now=then).project
    started(late, "planning", then)
    accept(item(late, "project-filing"), then)
    fresh = registered(now=time.now, code="2609-210104-04-01-000002", project_class="industrial").project
    return late, fresh


@pytest.fixture
def command(monkeypatch, time):
    from yiwang.domains.approvals.management.commands import projects as module

    monkeypatch.setattr(module.timezone, "now", lambda: time.now)

    def run(*args: str) -> str:
        out = StringIO()
        call_command("projects", *args, stdout=out)
        return out.getvalue()

    return run


@pytest.mark.parametrize(
    "options, which",
    [
        ((), [1, 0]),
        (("--stage", "planning"), [0]),
        (("--stage", "works"), []),
        (("--class", "industrial"), [1]),
        (("--overdue",), [0]),
        (("--state", "closed"), []),
        (("--limit", "1"), [1]),
    ],
)
def test_the_command_lists_projects_by_stage_class_and_lateness(projects, command, options, which):
    found = json.loads(command("list", *options, "--json"))
    assert [one["code"] for one in found] == [projects[n].code for n in which]
    text = command("list", *options)
    assert all(projects[n].code in text for n in which)


def test_the_command_shows_promise_against_actual_of_one_project_and_nothing_of_people(projects, command):
    late, _fresh = projects
    text = command("show", late.code)
    assert late.name in text and item(late, "project-filing").matter.number in text
    whole = json.loads(command("show", late.matter.number, "--json"))
    assert [one["stage"] for one in whole["plan"]] == [one["stage"] for one in whole["stages"]]
    assert whole["stages"][0]["clock"]["light"] == "red"
    assert "13840000001" not in text + json.dumps(whole) and "王工程" not in text + json.dumps(whole)


@pytest.mark.parametrize(
    "args", [("show", "nothing"), ("list", "--stage", "nothing"), ("list", "--limit", "0")]
)
def test_the_command_says_what_is_not_there(projects, command, args):
    with pytest.raises(CommandError) as refused:
        command(*args)
    assert "nothing" in str(refused.value) or "limit" in str(refused.value)


def test_the_api_filters_and_tells_the_plan_to_those_who_may_see_the_project(signed_in, projects):
    late, fresh = projects
    client, address = signed_in("project-guide"), "/api/v1/projects"

    def codes(query: str) -> list[str]:
        return [row["code"] for row in client.get(f"{address}?{query}").json()["items"]]

    assert codes("stage=planning") == codes("overdue=true") == [late.code]
    assert codes("project_class=industrial") == [fresh.code]
    plan = client.get(f"{address}/{late.code}/plan")
    assert plan.status_code == 200, plan.content
    stage = plan.json()["stages"][0]
    assert stage["path"] and {row["permit"] for row in stage["permits"]} > set(stage["path"])
    assert stage["span"]["expected_end"] and stage["span"]["begin"] < stage["span"]["due"]
    other = signed_in("handler-lighting")
    for path in ("", "/plan", "/papers/drawings/1"):
        assert other.get(f"{address}/{late.code}{path}").status_code == 404
    assert other.get(address).json()["items"] == []


def test_the_api_takes_a_drawing_once_and_gives_it_back(signed_in, projects):
    late, _fresh = projects
    client, address = signed_in("project-guide"), f"/api/v1/projects/{late.code}/papers"

    def send(client, data=PDF, **fields):
        given = {"material": "drawings", "files": SimpleUploadedFile("总图.pdf", data)}
        return client.post(address, given | fields)

    made = send(client)
    assert made.status_code == 201, made.content
    assert send(client).status_code == 200 and send(client, PDF + b"\n%%EOF").json()["version"] == 2
    assert b"".join(client.get(f"{address}/drawings/1")) == PDF
    papers = client.get(f"/api/v1/projects/{late.code}").json()["papers"]
    assert [(one["material"], one["version"], one["file"]) for one in papers] == [("drawings", 2, True)]
    assert send(client, material="nothing").status_code == 422
    assert client.post(address, {"material": "drawings"}).status_code in (415, 422)
    reviewer = signed_in("service-reviewer-development-reform")
    assert send(reviewer, b"%PDF-1.4\ny\n%%EOF").status_code == 403
