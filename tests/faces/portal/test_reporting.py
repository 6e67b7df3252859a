"""Reporting by the form: on any phone, without an account, once however often it is tapped."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.faces.conftest import COMMUNITY, photo
from yiwang.domains.operations.locate import locate
from yiwang.domains.operations.models import Report
from yiwang.faces.portal.typed import address_of
from yiwang.kernel.access import limits
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.registers import queries as registers

KEY = "0199aaaa-0000-7000-8000-000000000001"


def send(client, **fields):
    return client.post("/report", {"id": KEY, "text": "小区门口路灯不亮好几天了", "area": COMMUNITY} | fields)


def picture(**options) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", photo(**options), "image/jpeg")


def test_the_form_needs_no_account_and_has_an_id_of_its_own_each_time(visitor):
    pages = [visitor.get("/report") for _time in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    ids = {re.search(r'name="id" value="([^"]+)"', page.content.decode())[1] for page in pages}
    assert len(ids) == 2


def test_a_double_tap_is_one_report(visitor):
    first, second = send(visitor, photos=picture()), send(visitor, photos=picture())
    assert first["Location"] == second["Location"] == f"/report/{KEY}/done"
    assert Report.objects.count() == 1 and Attachment.objects.count() == 1


def test_other_words_from_a_page_sent_before_are_kept_and_can_be_sent_as_a_new_report(visitor):
    send(visitor)
    answer = send(visitor, text="垃圾桶满了")
    text = answer.content.decode()
    assert answer.status_code == 409 and "垃圾桶满了" in text
    fresh = re.search(r'name="id" value="([^"]+)"', text)[1]
    assert fresh != KEY and send(visitor, id=fresh, text="垃圾桶满了").status_code == 302
    assert Report.objects.count() == 2


def test_the_receipt_shows_number_and_secret_to_this_browser_only(visitor, client):
    receipt = visitor.get(send(visitor)["Location"])
    text, matter = receipt.content.decode(), Matter.objects.get()
    assert matter.number in text and "data:image/svg+xml" in text
    assert receipt["Cache-Control"] == "private, no-store"
    assert client.get(f"/report/{KEY}/done").status_code == 404


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(visitor):
    answer = send(
        visitor, text="路灯不亮", contact_phone="138123", address="大什字街 12 号", photos=picture()
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and not Matter.objects.exists()
    assert 'id="field-contact_phone-error"' in text and 'value="138123"' in text
    assert "路灯不亮" in text and "大什字街 12 号" in text and f'value="{COMMUNITY}" selected' in text
    # The photo need not be chosen again either.
    assert text.count('name="kept"') == 1 and "data:image/jpeg;base64," in text


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"text": ""}, 422, "few words"),
        ({"text": "长" * 6000}, 413, "characters"),
        ({"id": "no id"}, 422, "send the form again"),
        ({"class": "GB/T 47678.5-2026|99999"}, 422, "no class 99999"),
        ({"lat": "north", "lon": "123"}, 422, "position"),
        ({"lat": "39.9", "lon": "116.4"}, 422, "km from its boundary"),
    ],
)
def test_bad_input_gets_one_clear_sentence_and_leaves_no_half_made_matter(visitor, fields, status, said):
    answer = send(visitor, **fields)
    assert (answer.status_code, Matter.objects.count(), Report.objects.count()) == (status, 0, 0)
    assert said in answer.content.decode()


def test_a_file_that_is_no_photo_is_refused_by_its_name(visitor):
    answer = send(visitor, photos=SimpleUploadedFile("holiday.jpg", b"MZ this is a program", "image/jpeg"))
    assert answer.status_code == 415 and not Matter.objects.exists()


def test_the_place_of_a_photo_is_taken_and_then_removed_from_it(visitor, inside):
    from PIL import Image

    send(visitor, area="", photos=picture(place=inside))
    assert Matter.objects.get().area_id == COMMUNITY
    from yiwang.kernel.records.attachments import open_file

    with open_file(Attachment.objects.get()) as file:
        assert not Image.open(file).getexif()


def test_every_community_that_can_be_chosen_is_understood(world):
    communities = [row for row in registers.areas().values() if row.level == "community"]
    assert len(communities) == 143
    misread = [
        row.code
        for row in communities
        if locate(address=address_of(row.code, "东门口 12 号")).area != row.code
    ]
    assert misread == []


def test_the_kinds_are_guessed_from_the_words_with_and_without_script(visitor):
    piece = visitor.post("/report/kinds", {"text": "路灯不亮"}).content.decode()
    assert "GB/T 47678.5-2026|01037" in piece and "<html" not in piece
    whole = send(visitor, text="路灯不亮", step="kinds").content.decode()
    assert "GB/T 47678.5-2026|01037" in whole and not Matter.objects.exists()
    send(visitor, text="路灯不亮", **{"class": "GB/T 47678.5-2026|01037"})
    assert Matter.objects.get().class_code == "01037"


def test_a_machine_that_floods_the_form_is_stopped_and_told_when_to_come_back(
    visitor, signed_in, monkeypatch
):
    monkeypatch.setattr(limits.REPORTS, "burst", 3)
    answers = [send(visitor, id=f"0199aaaa-0000-7000-8000-00000000010{n}") for n in range(5)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429]
    assert 0 < int(answers[4]["Retry-After"]) <= 201 and "Try again in" in answers[4].content.decode()
    assert Report.objects.count() == 3
    # An official who sits behind the same address is not stopped.
    assert send(signed_in("dispatcher")).status_code == 302


def test_names_and_numbers_are_kept_sealed(visitor):
    from django.db import connection

    send(visitor, contact_name="张小明", contact_phone="13812345678")
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_name, contact_phone FROM operations_report")
        row = cursor.fetchone()
    assert "张小明" not in row[0] and "13812345678" not in row[1]


def test_a_page_that_was_open_too_long_is_refused_in_words(world):
    client = Client(enforce_csrf_checks=True)
    client.cookies["yiwang_language"] = "en"
    answer = send(client)
    assert answer.status_code == 403 and "The page was open for too long" in answer.content.decode()
    assert not Matter.objects.exists()


def test_taking_a_report_by_the_form_needs_few_queries(visitor, django_assert_max_num_queries):
    send(visitor)
    with django_assert_max_num_queries(14):
        assert send(visitor, id=KEY[:-1] + "2").status_code == 302
