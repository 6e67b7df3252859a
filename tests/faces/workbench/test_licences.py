"""Licences on the workbench, on the public page and in the API."""

from __future__ import annotations

import re

import pytest

from tests.conftest import at
from tests.kernel.records.licences.conftest import COMPANY
from yiwang.kernel.access import limits
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.records.licences import actions, document
from yiwang.kernel.records.models import Licence

pytestmark = pytest.mark.django_db
FIELDS = {
    "f.premises": "小河沿路12号",
    "f.representative": "张三",
    "f.form": "餐饮",
    "f.items": "热食类食品制售",
}


@pytest.fixture
def officer(dadong, signed_in):
    client = signed_in("licence-officer")
    client.cookies["yiwang_language"] = "en"
    return client


def test_an_officer_issues_a_licence_once_however_often_the_form_is_sent(officer, time):
    page = officer.get("/licences/new?type=food-licence").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    sent = {"type": "food-licence", "key": key, "holder": "小河沿饺子馆", "holder_number": COMPANY, **FIELDS}
    for _ in range(2):
        answer = officer.post("/licences/new", sent)
        assert answer.status_code == 302
    found = Licence.objects.get()
    shown = officer.get(answer.headers["Location"]).content.decode()
    assert found.number in shown and COMPANY not in shown and "913***********0Y43" in shown


def test_a_wrong_number_of_the_holder_is_told_at_its_field(officer):
    sent = {
        "type": "food-licence",
        "key": "019a0000-0000-7000-8000-000000000001",
        "holder": "小",
        "holder_number": "1",
    }
    answer = officer.post("/licences/new", sent | FIELDS)
    assert answer.status_code == 422
    assert "no unified social credit code" in answer.content.decode()


def test_the_file_is_given_for_a_purpose_that_stays_on_record(officer, food):
    assert officer.post(f"/licences/{food.pk}/file", {"purpose": ""}).status_code == 422
    answer = officer.post(f"/licences/{food.pk}/file", {"purpose": "持证人申请补打纸质件"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert document.verify(answer.content).good
    assert PurposeLog.objects.get(subject_kind="licence").purpose == "持证人申请补打纸质件"


def test_an_officer_revokes_with_a_reason_and_the_public_page_says_so(officer, food, client):
    assert officer.post(f"/licences/{food.pk}/change", {"action": "revoke", "reason": "x"}).status_code == 422
    assert (
        officer.post(f"/licences/{food.pk}/change", {"action": "revoke", "reason": "停止经营"}).status_code
        == 302
    )
    client.cookies["yiwang_language"] = "en"
    page = client.get(f"/v/{food.number}/{food.code}").content.decode()
    assert "revoked" in page


def test_other_posts_do_not_see_licences(dadong, signed_in, food):
    for post in ("dispatcher", "leader", "aid-county"):
        client = signed_in(post)
        assert client.get("/licences").status_code == 403
        assert client.get(f"/licences/{food.pk}").status_code == 403
        assert (
            client.post(f"/licences/{food.pk}/change", {"action": "revoke", "reason": "停止经营"}).status_code
            == 403
        )
        assert client.get("/licences/new").status_code == 403


def test_the_list_finds_a_licence_by_its_number_and_by_its_holders(officer, food, card):
    for words in (food.number, COMPANY):
        page = officer.get("/licences", {"number": words}).content.decode()
        assert food.number in page and card.number not in page
    assert card.number in officer.get("/licences?type=elder-card&status=valid").content.decode()
    assert card.number not in officer.get("/licences?status=lost").content.decode()


def test_the_public_page_shows_nothing_but_status_and_masked_holder(client, card):
    page = client.get("/verify", {"number": card.number.lower(), "code": card.code}).content.decode()
    assert "王**" in page and "王小明" not in page and "小河沿社区" not in page
    assert client.get(f"/v/{card.number}/0000000000000000").status_code == 404
    answer = client.get(f"/api/v1/licences/{card.number}/{card.code}").json()
    assert set(answer) == {
        "number", "type", "type_en", "issuer", "issuer_en", "status", "holder", "version", "valid_from", "valid_to"
    }  # fmt: skip
    assert (answer["holder"], answer["status"], answer["valid_to"]) == ("王**", "valid", None)
    assert client.get(f"/api/v1/licences/{card.number}/ffffffffffffffff").status_code == 404


def test_guessing_codes_is_slowed_down(client, card):
    limits.forget()
    answers = [client.get(f"/api/v1/licences/{card.number}/{n:016x}").status_code for n in range(70)]
    assert answers[0] == 404 and answers[-1] == 429
    limits.forget()


def test_who_works_an_application_looks_at_an_authorised_licence(dadong, signed_in, card):
    from datetime import timedelta

    from tests.kernel.matters.conftest import Way
    from tests.kernel.records.licences.conftest import PERSON
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.ui import clock

    way = Way(dadong, limit="5wd")
    way.open("2026-09-24T09:10")
    now = clock.now()
    use = actions.authorise(
        actor=SYSTEM, licence=card.pk, holder_number=PERSON, matter=way.id, purpose="核对年龄",
        until=now + timedelta(days=5), now=now,
    )  # fmt: skip
    page = signed_in("acceptor").post(f"/licences/uses/{use.pk}")
    assert page.status_code == 200 and "王小明" in page.content.decode()
    assert card.events.filter(action="use").count() == 1
    assert signed_in("handler-lighting").post(f"/licences/uses/{use.pk}").status_code == 403
    assert at("2026-09-24T09:10") < now
