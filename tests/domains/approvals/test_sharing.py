"""Shared materials of a project: uploaded once, used by every permit, in versions that open permits notice."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.conftest import at
from tests.domains.approvals.building import accept, decided, item, registered, started, step
from tests.people import person
from yiwang.domains.approvals import previews, registering, sharing
from yiwang.domains.approvals.models import Paper
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound, Problem
from yiwang.kernel.matters import actions, receipts, store
from yiwang.kernel.matters.models import Event, Task
from yiwang.kernel.notices.audience import for_actor
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.packs.rulebook import current

NOW = at("2026-09-07T10:00")
DWG = b"AC1032" + bytes(range(200))


def pdf(text: str) -> bytes:
    return b"%PDF-1.4\n" + text.encode() + b"\n%%EOF"


@pytest.fixture
def pack(dadong, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    store.numbers.forget()
    yield dadong
    store.numbers.forget()


@pytest.fixture
def project(pack):
    return registered(now=NOW).project


def put(project, data: bytes, name: str = "方案.pdf", material: str = "design-scheme", **more):
    given = {"actor": resident(project.pk), "project": project, "material": material, "now": NOW}
    return sharing.put_paper(**given | {"file": sharing.check(SimpleUploadedFile(name, data))} | more)


def told(post: str) -> list[tuple[str, int]]:
    rows = Notice.objects.filter(for_actor(person(post)), topic="paper").order_by("pk")
    return [(row.data["name_en"], row.data["version"]) for row in rows]


def test_a_file_is_kept_once_with_its_hash_and_the_projects_story_says_so(project):
    row = put(project, pdf("第一版"))
    assert put(project, pdf("第一版")).pk == row.pk and Paper.objects.count() == 1
    assert (row.version, row.reference) == (1, "方案.pdf")
    assert row.sha256 == hashlib.sha256(pdf("第一版")).hexdigest()
    event = Event.objects.filter(matter=project.pk, action="attach").get()
    assert event.data["record"]["sha256"] == row.sha256
    second = put(project, pdf("第二版"), reference="方案 2026-11", actor=person("project-guide"))
    assert (second.version, second.by_id) == (2, person("project-guide").id)
    assert sharing.file_of(project, "design-scheme", 1).sha256 == row.sha256
    with pytest.raises(NotFound):
        sharing.file_of(project, "design-scheme", 3)


def test_drawings_come_as_dwg_and_what_else_is_no_drawing_is_refused_by_name(project):
    assert put(project, DWG, "总平.dwg", "drawings").reference == "总平.dwg"
    with pytest.raises(Problem) as refused:
        put(project, b"MZ" + bytes(200), "总平.dwg", "drawings")
    assert "DWG" in str(refused.value) and refused.value.where == "总平"
    with pytest.raises(Invalid) as missing:
        sharing.put_paper(actor=resident(project.pk), project=project, material="drawings", now=NOW)
    assert missing.value.where == "reference"
    with pytest.raises(Denied):
        put(project, DWG, actor=resident(registered(code="2609-210104-04-01-000002").project.pk))


def test_an_open_permit_notices_a_new_version_and_is_granted_only_with_reasons(project):
    put(project, pdf("第一版"))
    started(project, "planning", NOW)
    for permit in ("project-filing", "land-planning-permit", "geological-hazard"):
        decided(item(project, permit), NOW)
    started(project, "works", NOW + timedelta(hours=1))
    scheme = item(project, "scheme-review")
    assert scheme.versions["design-scheme"] == 1
    now = NOW + timedelta(hours=2)
    accept(scheme, now)
    step(scheme, "review", "done", now, opinion="agree")
    for task in Task.objects.filter(matter=scheme.pk, node="opinion", state="open"):
        step(scheme, "opinion", "given", now, unit=task.unit_id, opinion="agree")
    put(project, pdf("第二版"))
    name = sharing.asked_for(current())["design-scheme"].name_en
    assert told("service-decider-natural-resources") == [(name, 2)]
    assert told("service-decider-water-affairs") == []
    with pytest.raises(Invalid) as refused:
        step(scheme, "decide", "grant", now)
    assert refused.value.where == "reason" and "1" in str(refused.value) and "2" in str(refused.value)
    step(scheme, "decide", "grant", now, reason="第二版只改图签")
    scheme.refresh_from_db()
    assert scheme.versions["design-scheme"] == 2
    put(project, pdf("第三版"))
    permit = current().approvals.permits["scheme-review"]
    newer = sharing.newer(permit, scheme.versions, {"design-scheme": Paper.objects.get(version=3)})
    assert [(one.used, one.now) for one in newer] == [(2, 3)]


def test_what_was_missing_and_is_handed_in_is_told_to_the_window(project):
    started(project, "planning", NOW)
    filing = item(project, "project-filing")
    needed = current().approvals.permits["project-filing"].materials[0].material
    step(filing, "accept", "missing", NOW, **{f"material_{needed.slug}": "missing"})
    assert told("window-clerk") == []
    put(project, pdf("补正"), material=needed.slug)
    assert told("window-clerk") == [(needed.name_en, 1)]


def test_a_pre_review_falls_when_the_bytes_of_a_drawing_are_others(pack):
    project = registered(now=NOW, project_class="industrial", area="210104006002").project
    put(project, DWG, "总平.dwg", "drawings")
    rows = previews.ask(actor=resident(project.pk), project=project, now=NOW)
    row = next(row for row in rows if row.permit == "drawing-review")
    task = Task.objects.get(matter=row.pk, state="open")
    reviewer = person("service-reviewer-construction")
    data = {"opinion": "favourable"}
    actions.complete(actor=reviewer, task=task.pk, outcome="done", data=data, now=NOW)

    def verdict():
        found = previews.verdicts(project, current(), NOW)
        return next(one for one in found if one.permit.slug == "drawing-review")

    assert verdict().holds
    put(project, DWG, "换了名字.dwg", "drawings", reference="同一文件")
    assert verdict().holds
    put(project, DWG + b"!", "总平.dwg", "drawings")
    assert verdict().changed == ("material drawings",)


def test_nothing_is_handed_in_to_a_project_that_has_ended(project):
    task = Task.objects.get(matter=project.pk, state="open")
    data = {"reason": "投资方撤回"}
    actions.complete(actor=person("project-guide"), task=task.pk, outcome="dropped", data=data, now=NOW)
    with pytest.raises(Conflict):
        put(project, pdf("第一版"))


def test_staff_hand_in_on_the_project_page_and_only_those_who_see_the_project_download(
    signed_in, world, time
):
    project = registered(now=time.now).project
    started(project, "planning", time.now)
    client, address = signed_in("project-guide"), f"/projects/{project.code}"
    form = {"material": "design-scheme", "reference": ""}
    slip = client.post(f"{address}/papers", form)
    assert slip.status_code == 422
    wrong = SimpleUploadedFile("方案.exe", b"MZ" + bytes(99))
    assert client.post(f"{address}/papers", form | {"file": wrong}).status_code == 422
    sent = SimpleUploadedFile("方案.pdf", pdf("一"))
    assert client.post(f"{address}/papers", form | {"file": sent}).status_code == 302
    page = client.get(address).content.decode()
    assert f"{address}/papers/design-scheme/1" in page
    got = client.get(f"{address}/papers/design-scheme/1")
    assert b"".join(got) == pdf("一") and "attachment" in got.headers["Content-Disposition"]
    reviewer = signed_in("service-reviewer-development-reform")
    assert reviewer.get(f"{address}/papers/design-scheme/1").status_code == 200
    assert signed_in("handler-lighting").get(f"{address}/papers/design-scheme/1").status_code == 404
    start = client.get(f"{address}/stages/works").content.decode()
    assert "already handed in: 方案.pdf, version 1" in start


def test_the_applicant_hands_in_and_reads_back_the_own_files_and_nobody_elses(visitor, world, time):
    project = registered(now=time.now).project
    client, number = visitor, project.matter.number
    assert client.get(f"/follow/{number}/papers/drawings/1").status_code == 302
    client.post("/follow", {"number": number, "secret": receipts.secret_for(project.pk)})
    sent = {"material": "drawings", "file": SimpleUploadedFile("总平.dwg", DWG)}
    assert client.post(f"/follow/{number}/papers", sent).status_code == 302
    page = client.get(f"/follow/{number}").content.decode()
    assert "总平.dwg" in page and "version 1" in page
    got = client.get(f"/follow/{number}/papers/drawings/1")
    assert b"".join(got) == DWG and got.headers["Content-Disposition"].startswith("attachment")
    assert client.post(f"/follow/{number}/papers", {"material": "nothing"}).status_code == 422
    other = registered(code="2609-210104-04-01-000002", now=time.now).project
    assert client.get(f"/follow/{other.matter.number}/papers/drawings/1").status_code == 302
    assert registering.applicant(number, receipts.secret_for(project.pk)).pk == project.pk
