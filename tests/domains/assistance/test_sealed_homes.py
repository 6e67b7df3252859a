"""Pictures of a home, and answers that tell of health, are seen for a purpose that the people concerned can read."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from uuid_utils.compat import uuid7

from tests.conftest import at
from tests.domains.assistance.conftest import NOW, lives
from tests.domains.assistance.found import poor
from tests.domains.assistance.offices import BEGIN, applied, until_opinion, who
from tests.domains.assistance.test_pages import desk, text
from tests.faces.conftest import photo
from yiwang.domains.assistance.discovery import screening, sending
from yiwang.domains.assistance.models import Application
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.matters.attaching import attach
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.records import attachments
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import clock, sealed_files

PURPOSE = {"purpose": "核实入户情况"}


def pictured(matter: Matter, stage: str = "visit") -> Attachment:
    from django.core.files.uploadedfile import SimpleUploadedFile

    checked = attachments.check_upload(SimpleUploadedFile("home.jpg", photo(), "image/jpeg"))
    return attach(actor=SYSTEM, matter=matter.pk, checked=checked, stage=stage, now=BEGIN, id=uuid7())


@pytest.fixture
def home(dadong, settings, tmp_path, monkeypatch) -> Matter:
    """An application after its visit, with a picture of the home and a paper."""
    settings.FILES_DIR = tmp_path
    monkeypatch.setattr(clock, "now", lambda: at("2026-09-03T12:00"))
    matter = applied()
    until_opinion(matter)
    pictured(matter)
    pictured(matter, "document")
    return matter


def addresses(page: str, row: Attachment) -> list[str]:
    return [unescape(one) for one in re.findall(rf'(?:href|src)="(/files/{row.pk}[^"]*)"', page)]


def test_a_picture_of_a_home_is_not_there_before_a_purpose_is_given_and_each_look_is_on_record(home):
    officer = desk("aid_officer")
    row, paper = Attachment.objects.get(stage="visit"), Attachment.objects.get(stage="document")
    closed = text(officer.get(f"/matters/{home.number}"))
    assert not addresses(closed, row) and addresses(closed, paper)
    for address in (f"/files/{row.pk}", f"/files/{row.pk}?thumb=1", f"/files/{row.pk}?look=abc"):
        assert officer.get(address).status_code == 403
    opened = text(officer.post(f"/matters/{home.number}/open", PURPOSE))
    found = addresses(opened, row)
    assert len(found) >= 2
    for address in found:
        answer = officer.get(address)
        assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    assert PurposeLog.objects.filter(subject_id=str(Application.objects.get().person)).count() == 1
    assert officer.get(f"/files/{paper.pk}").status_code == 200


def test_the_ticket_of_one_person_is_nothing_in_the_hands_of_another_and_runs_out(home, monkeypatch):
    row = Attachment.objects.get(stage="visit")
    address = addresses(text(desk("aid_officer").post(f"/matters/{home.number}/open", PURPOSE)), row)[0]
    assert desk("aid_window").get(address).status_code == 403
    assert Client().get(address).status_code in (302, 401)
    monkeypatch.setattr(sealed_files, "SECONDS", -1)
    assert desk("aid_officer").get(address).status_code == 403


def test_the_page_of_the_household_shows_the_home_only_to_who_has_opened_it(home):
    officer, row = desk("aid_officer"), Attachment.objects.get(stage="visit")
    address = f"/assistance/households/{Application.objects.get().household}"
    assert not addresses(text(officer.get(address)), row)
    found = addresses(text(officer.post(address, PURPOSE)), row)
    assert found and all(officer.get(one).status_code == 200 for one in found)


def test_the_preview_of_the_queue_and_the_printed_sheet_show_no_home(home):
    officer, row = desk("aid_officer"), Attachment.objects.get(stage="visit")
    for address in (f"/matters/{home.number}/panel", f"/matters/{home.number}/sheet"):
        answer = officer.get(address)
        assert answer.status_code in (200, 404)
        assert str(row.pk) not in text(answer)


def test_answers_that_tell_of_health_or_money_are_sealed_until_a_purpose_is_given(dadong, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    county, address = desk("aid_county"), f"/assistance/households/{poor(12, NOW).pk}"
    closed, opened = text(county.get(address)), text(county.post(address, PURPOSE))
    closed, opened = (page[page.index('id="rules"') :] for page in (closed, opened))
    assert "已加密" in closed and "已加密" not in opened
    assert opened.count("符合") > closed.count("符合")


@pytest.fixture
def visited(lake, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    house = lives(20_000, ill=True)
    lake()
    screening.screen(actor=SYSTEM, now=NOW, residents=screening.everybody(NOW))
    sending.send(NOW)
    return house


def test_the_page_of_a_visit_opens_for_a_purpose_that_every_member_can_read(visited, signed_in):
    from tests.kernel.people.made import HUALU

    matter = Matter.objects.filter(findings__household=visited.pk).distinct().get()
    row = pictured(matter)
    worker, address = signed_in(f"worker-{HUALU}"), f"/assistance/visits/{matter.number}"
    closed = text(worker.get(address))
    assert "holds" not in closed and "sealed" in closed
    assert not addresses(closed, row) and worker.get(f"/files/{row.pk}").status_code == 403
    assert worker.post(f"{address}/open", {"purpose": "x"}).status_code == 422
    opened = text(worker.post(f"{address}/open", PURPOSE))
    assert "holds" in opened and "测试甲" in opened
    (full, small) = addresses(opened, row)
    assert worker.get(full).status_code == worker.get(small).status_code == 200
    assert PurposeLog.objects.filter(purpose=PURPOSE["purpose"], subject_kind="person").count() == 1


def test_a_program_gets_a_picture_of_a_home_with_a_purpose_only(home):
    from tests.people import user
    from yiwang.kernel.access import tokens

    _token, secret = tokens.issue(user("aid-officer-210104012"), now=clock.now())
    row, client = Attachment.objects.get(stage="visit"), Client()
    headers = {"Authorization": f"Bearer {secret}"}
    for address in (f"/api/v1/attachments/{row.pk}", f"/api/v1/attachments/{row.pk}/thumbnail"):
        refused = client.get(address, headers=headers)
        assert refused.status_code == 422 and refused.json()["where"] == "purpose"
        assert client.get(address, PURPOSE, headers=headers).status_code == 200
    assert PurposeLog.objects.filter(field="assistance_file").count() == 2


def test_who_may_not_look_at_people_opens_nothing(home):
    assert desk("aid-finance").post(f"/matters/{home.number}/open", PURPOSE).status_code in (403, 404)
    assert who("aid_officer").kind == "user"
