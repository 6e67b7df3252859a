"""Open311 GeoReport v2, as another city's app would use it."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.utils import timezone
from uuid_utils.compat import uuid7

from tests.budgets import Asked
from tests.domains.operations.conftest import photo
from yiwang.domains.operations.models import Report
from yiwang.kernel.access import limits, tokens
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.records.models import Attachment


@pytest.fixture
def api(client, settings, dadong):
    settings.ROOT_URLCONF = "yiwang.domains.operations.urls"
    tokens.reset_caches()
    limits.forget()
    tokens.add_key(name="demo", channel="open311", now=timezone.now(), secret="demo")

    class Api:
        def get(self, path, **query):
            return client.get(f"/open311/{path}", query)

        def post(self, format="json", **fields):
            fields = {"api_key": "demo", "service_code": "01037", "description": "路灯不亮"} | fields
            return client.post(
                f"/open311/v2/requests.{format}", {k: v for k, v in fields.items() if v is not None}
            )

    yield Api()
    tokens.reset_caches()
    limits.forget()


@pytest.fixture
def place(inside):
    return {"lat": inside.lat, "long": inside.lon}


def test_discovery_names_the_endpoint_and_its_formats(api):
    found = api.get("discovery.json").json()
    assert found["endpoints"][0]["url"] == "http://testserver/open311/v2"
    assert found["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    root = ET.fromstring(api.get("discovery.xml").content)
    assert root.tag == "discovery" and root.find("endpoints/endpoint/formats/format").text == "text/xml"


def test_every_class_and_every_topic_is_a_service(api):
    rows = api.get("v2/services.json").json()
    codes = {row["service_code"] for row in rows}
    assert len(codes) == len(rows) == 257 and {"01037", "06010", "T04"} <= codes
    root = ET.fromstring(api.get("v2/services.xml").content)
    assert root.tag == "services" and len(root.findall("service")) == 257
    assert root.find("service/metadata").text in ("true", "false")


def test_a_service_definition_asks_what_the_filing_conditions_tell_apart(api, dadong):
    row = api.get("v2/services/01001.json").json()
    condition = next(a for a in row["attributes"] if a["code"] == "condition")
    slugs = [c.slug for c in dadong.conditions_of(dadong.default_standard, "01001")]
    assert [value["key"] for value in condition["values"]] == slugs and condition[
        "datatype"
    ] == "singlevaluelist"
    root = ET.fromstring(api.get("v2/services/01001.xml").content)
    assert (
        root.tag == "service_definition"
        and root.find("attributes/attribute/values/value/key").text == slugs[0]
    )
    assert api.get("v2/services/99999.json").status_code == 404


def test_a_request_is_posted_and_read_back(api, place):
    answer = api.post(**place, first_name="某", last_name="王", phone="13800000000", account_id="7")
    assert answer.status_code == 201
    row = answer.json()[0]
    assert row["account_id"] == "7" and "secret" not in row
    got = api.get(f"v2/requests/{row['service_request_id']}.json").json()[0]
    assert (got["status"], got["service_code"], got["description"]) == ("open", "01037", "路灯不亮")
    assert got["requested_datetime"].endswith("+08:00") and got["expected_datetime"]
    assert abs(got["lat"] - place["lat"]) < 1e-6
    report = Report.objects.get()
    assert report.contact_name == "王某" and "13800000000" not in str(got)


def test_a_request_posted_in_xml_is_answered_in_xml(api, place):
    root = ET.fromstring(api.post("xml", **place).content)
    assert root.tag == "service_requests" and root.find("request/service_request_id").text


def test_the_secret_that_the_notice_names_opens_the_report(api, place):
    from yiwang.domains.operations.actions import reporter

    row = api.post(**place).json()[0]
    number = row["service_request_id"]
    secret = re.findall(
        r"(?<![a-z0-9])[a-z2-9]{10}(?![a-z0-9])", row["service_notice"].replace("testserver", "")
    )[-1]
    assert reporter(number, secret).matter.number == number


def test_a_retry_with_the_same_id_is_the_same_request(api, place):
    key = str(uuid7())
    first, again = api.post(**place, id=key), api.post(**place, id=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert api.post(**place, id=key, description="井盖丢了").status_code == 409
    token = api.get(f"v2/tokens/{key}.json").json()[0]
    assert token == {"service_request_id": first.json()[0]["service_request_id"], "token": key}
    assert api.get(f"v2/tokens/{uuid7()}.xml").status_code == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"api_key": None}, 403),
        ({"api_key": "wrong"}, 403),
        ({"service_code": None}, 400),
        ({"service_code": "99999"}, 404),
        ({"lat": None, "long": None}, 400),
        ({"long": None}, 400),
        ({"lat": "north"}, 400),
        ({"lat": "39.9", "long": "116.4"}, 400),
        ({"attribute[colour]": "red"}, 400),
        ({"attribute[condition]": "nothing"}, 400),
        ({"jurisdiction_id": "elsewhere.gov"}, 404),
        ({"description": "路" * 5001}, 413),
        ({"description": "a\x00b"}, 400),
        ({"media_url": "javascript:alert(1)"}, 400),
        ({"phone": "12"}, 400),
        ({"id": "1"}, 400),
    ],
)
def test_bad_requests_get_the_errors_of_the_specification_and_leave_nothing(api, place, fields, status):
    for format in ("json", "xml"):
        answer = api.post(format, **({**place, "service_code": "01001"} | fields))
        assert answer.status_code == status
        if format == "json":
            assert [set(row) for row in answer.json()] == [{"code", "description"}]
            assert answer.json()[0]["code"] == status and len(answer.json()[0]["description"]) > 8
        else:
            root = ET.fromstring(answer.content)
            assert root.tag == "errors" and root.find("error/code").text == str(status)
    assert not Matter.objects.exists()


def test_bytes_that_are_no_utf8_are_refused(api, client):
    body = b"api_key=demo&service_code=01037&address_string=x&description=%C2%B7%B5%C6"
    answer = client.post("/open311/v2/requests.json", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400 and not Matter.objects.exists()


def test_a_photo_can_be_sent_along(api, place):
    from django.core.files.uploadedfile import SimpleUploadedFile

    assert api.post(**place, media=SimpleUploadedFile("a.jpg", photo())).status_code == 201
    assert Attachment.objects.get().stage == "report"
    assert api.post(**place, media=SimpleUploadedFile("a.jpg", b"junk")).status_code == 400


def test_an_address_is_enough_and_an_attribute_is_kept_for_the_filing(api, dadong):
    slug = dadong.conditions_of(dadong.default_standard, "01001")[1].slug
    fields = {"service_code": "01001", "address_string": "华炉社区3号楼", "attribute[condition]": slug}
    assert api.post(**fields).status_code == 201
    row = Matter.objects.get()
    assert row.area_id == "210104002009" and row.data["attributes"] == {"condition": slug}
    assert api.post(address_id="210104002009").status_code == 201
    assert api.post(address_id="nowhere").status_code == 400


def test_requests_are_filtered_by_number_code_status_and_time(api, submit):
    now = timezone.now()
    lamp = submit(now=now - timedelta(days=1)).matter
    cover = submit("井盖丢了很危险", now=now - timedelta(days=2)).matter
    old = submit("共享单车乱停挡路", now=now - timedelta(days=120)).matter
    matters.void(actor=SYSTEM, matter=cover.pk, now=now, note="x")

    def numbers(**query):
        answer = api.get("v2/requests.json", **query)
        assert answer.status_code == 200, answer.content
        return [row["service_request_id"] for row in answer.json()]

    assert numbers() == [lamp.number, cover.number]
    assert numbers(status="open") == [lamp.number]
    assert numbers(status="closed") == [cover.number]
    assert numbers(status="open,closed") == [lamp.number, cover.number]
    assert numbers(service_code=f"{lamp.class_code},{old.class_code}") == [lamp.number]
    assert numbers(service_request_id=f"{old.number},{cover.number}") == [cover.number, old.number]
    assert numbers(end_date=(now - timedelta(days=100)).isoformat()) == [old.number]
    assert numbers(start_date=(now - timedelta(days=150)).isoformat()) == [old.number]
    assert numbers(page_size="1", page="2") == [cover.number]
    for query in (
        {"status": "done"},
        {"start_date": "yesterday"},
        {"service_code": "99999"},
        {"page_size": "0"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-02-01T00:00:00Z"},
    ):
        assert api.get("v2/requests.json", **query).status_code in (400, 404)
    assert api.get("v2/requests/20260101-000001-0.json").status_code == 404


def test_the_list_takes_one_query_and_hides_numbers_that_look_like_phones(api, submit):
    now = timezone.now()
    for n in range(3):
        submit(f"路灯不亮，请打13800000000找我{n}", now=now)
    submit("路灯不亮", channel="hotline", now=now)
    api.get("v2/requests.json")
    with Asked() as seen:
        rows = api.get("v2/requests.json").json()
    assert len(seen) <= 2, [q["sql"][:90] for q in seen]
    assert "13800000000" not in str(rows)
    assert sorted(bool(row["description"]) for row in rows) == [False, True, True, True]


def test_a_joined_request_is_open_as_long_as_the_other_one_is(api, submit):
    now = timezone.now()
    main, other = submit(now=now).matter, submit("路灯坏了", now=now).matter
    matters.merge(actor=SYSTEM, primary=main.pk, duplicates=[other.pk], now=now)
    row = api.get(f"v2/requests/{other.number}.json").json()[0]
    assert row["status"] == "open" and main.number in row["status_notes"]
    assert len(api.get("v2/requests.json", status="open").json()) == 2


def test_guessing_keys_is_stopped_while_the_apps_with_a_key_go_on(api, place, monkeypatch):
    monkeypatch.setattr(limits.REPORTS, "burst", 2)
    answers = [api.post(**place, api_key="guessed") for _time in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 429]
    assert answers[2].json()[0]["code"] == 429 and int(answers[2]["Retry-After"]) > 0
    assert api.post(**place).status_code == 201


def test_one_key_cannot_flood_the_district_either(api, place, monkeypatch):
    monkeypatch.setattr(limits.KEYED, "burst", 1)
    assert api.post(**place).status_code == 201
    answer = api.post(format="xml", **place)
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert Report.objects.count() == 1
