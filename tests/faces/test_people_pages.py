"""Pages of people: who may open them, what a wrong answer tells, how often one may try."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import people
from tests.kernel.people.made import FUJIA, HUALU, NOW, couple, household, number, resident
from tests.people import person
from yiwang.kernel.access import limits
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.registers.models import Person
from yiwang.kernel.registers.people import proving
from yiwang.kernel.ui import clock

pytestmark = pytest.mark.usefixtures("dadong")


@pytest.fixture(autouse=True)
def _here(monkeypatch, settings, tmp_path):
    settings.HOME = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOW)
    limits.forget()
    yield
    limits.forget()


@pytest.fixture
def signed_in(client):
    def as_post(code):
        client.force_login(people.user(code), backend="yiwang.kernel.access.signin.PostsBackend")
        return client

    return as_post


@pytest.mark.parametrize("code", ["dispatcher", "leader", "auditor", "aid-finance"])
def test_posts_without_work_in_the_register_have_no_page_of_it(signed_in, code):
    _house, head, _spouse = couple()
    page = signed_in(code)
    assert page.get("/people").status_code == 403
    assert page.get(f"/people/{head.pk}").status_code == 404
    assert page.post(f"/people/{head.pk}/export", {"purpose": "本人申请"}).status_code == 404
    assert page.get("/people/files").status_code == 403


def test_somebody_who_is_not_signed_in_is_led_to_the_sign_in(client):
    assert client.get("/people").status_code in (302, 401)


def test_a_worker_finds_people_of_the_own_community_only_and_no_number_is_in_an_address(signed_in):
    _house, head, _spouse = couple(HUALU)
    page = signed_in(f"worker-{HUALU}")
    found = page.post("/people", {"number": head.id_number})
    assert found.status_code == 302
    assert found.url == f"/people/{head.pk}"
    shown = page.get(found.url).content.decode()
    assert head.id_number not in shown
    assert head.name not in shown
    stranger = resident(household(FUJIA), born="19700101", order=5)
    assert page.post("/people", {"number": stranger.id_number}).status_code == 404
    assert page.get(f"/people/{stranger.pk}").status_code == 404
    for button in ("export", "erase", "code"):
        assert f"/people/{head.pk}/{button}" not in shown


def test_opening_without_a_purpose_shows_nothing_and_keeps_nothing(signed_in):
    _house, head, _spouse = couple()
    page = signed_in(f"worker-{HUALU}").post(f"/people/{head.pk}", {"purpose": " "})
    assert page.status_code == 422
    assert head.id_number not in page.content.decode()
    assert not PurposeLog.objects.exists()


def test_what_was_opened_is_not_kept_by_the_browser(signed_in):
    _house, head, _spouse = couple()
    page = signed_in(f"worker-{HUALU}").post(f"/people/{head.pk}", {"purpose": "核对申请材料"})
    assert head.id_number in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_a_code_is_given_only_after_the_card_was_looked_at(signed_in):
    _house, head, _spouse = couple()
    page = signed_in("aid-window-210104002")
    assert page.post(f"/people/{head.pk}/code").status_code == 422
    assert page.post(f"/people/{head.pk}/code", {"seen": "1"}).status_code == 200
    assert len(proving.issued_codes(head.pk)) == 1


def test_the_steward_takes_the_file_and_erases_and_is_told_what_is_kept(signed_in):
    _house, head, _spouse = couple()
    page = signed_in("people-steward")
    taken = page.post(f"/people/{head.pk}/export", {"purpose": "本人书面申请"})
    assert taken.headers["Content-Type"] == "application/zip"
    assert page.post(f"/people/{head.pk}/erase", {"purpose": "本人书面申请"}).status_code == 422
    done = page.post(f"/people/{head.pk}/erase", {"purpose": "本人书面申请", "sure": "1"}).content.decode()
    assert "个人信息保护法" in done
    assert Person.objects.get(pk=head.pk).name == ""


def sent(text: str, **more):
    return {"mapping": "medical-costs", "file": SimpleUploadedFile("医保.csv", text.encode()), **more}


def test_a_file_is_looked_at_first_and_then_taken(signed_in):
    _house, head, _spouse = couple()
    page = signed_in("people-steward")
    text = f"身份证号,近12个月个人自付\n{head.id_number},100"
    looked = page.post("/people/files", sent(text, do="look", as_of="2026-09-20")).content.decode()
    assert "将会变更的内容" in looked
    assert "近十二个月医疗自负费用" in looked
    assert page.post("/people/files", sent(text, do="take", as_of="2026-09-20")).status_code == 200
    assert "医保.csv" in page.get("/people/files").content.decode()
    bad = page.post("/people/files", sent(text + "\n1,2", do="take", as_of="2026-09-20"))
    assert bad.status_code == 422
    assert "第 3 行" in bad.content.decode()
    assert page.post("/people/files", sent(text, do="take")).status_code == 422
    assert page.post("/people/files", {"mapping": "medical-costs", "do": "take"}).status_code == 422


def test_a_roll_of_residents_is_taken_on_the_same_page(signed_in):
    head = "身份证号,姓名,户号,与户主关系,社区代码,地址"
    file = SimpleUploadedFile("花名册.csv", f"{head}\n{number()},测试甲,A1,户主,{HUALU},大东路1号".encode())
    page = signed_in("people-steward").post("/people/files", {"mapping": "roll", "file": file, "do": "take"})
    assert page.status_code == 200
    assert Person.objects.count() == 1


def test_what_is_held_is_shown_to_nobody_who_has_not_proven_who_she_is(client):
    assert client.get("/my-data/held").url == "/my-data"
    assert client.post("/my-data/copy").status_code == 404


def test_who_has_proven_who_she_is_is_asked_again_after_a_quarter_of_an_hour(client, monkeypatch):
    _house, head, _spouse = couple()
    issued = proving.issue(actor=person("aid-county"), person=head.pk, now=NOW)
    before = client.session.session_key
    done = client.post("/my-data", {"how": "code", "number": head.id_number, "word": issued.code})
    assert done.url == "/my-data/held"
    assert client.session.session_key != before
    assert str(head.pk) not in str(dict(client.session))
    shown = client.get("/my-data/held")
    assert "no-store" in shown.headers["Cache-Control"]
    assert client.post("/my-data/copy").headers["Content-Type"] == "application/zip"
    from datetime import timedelta

    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=16))
    assert client.get("/my-data/held").url == "/my-data"


def test_codes_cannot_be_tried_without_end(client):
    _house, head, _spouse = couple()
    for _time in range(limits.PROOFS_OF_ONE.burst):
        tried = client.post("/my-data", {"how": "code", "number": head.id_number, "word": "2222-2222-2222"})
        assert tried.status_code == 404
    wide = head.id_number.replace("1", "１")
    for typed in (f" {head.id_number} ", wide, f"{head.id_number[:6]}-{head.id_number[6:]}"):
        stopped = client.post("/my-data", {"how": "code", "number": typed, "word": "2222-2222-2222"})
        assert stopped.status_code == 429
