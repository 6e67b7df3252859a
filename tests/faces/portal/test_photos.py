"""Photos of a report that is being written: sent once, kept an hour, seen by nobody else."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.faces.conftest import COMMUNITY, photo
from yiwang.domains.operations.models import Report
from yiwang.faces.portal import keeping
from yiwang.faces.portal.models import KeptPhoto
from yiwang.kernel.access import limits
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.records.models import Attachment

KEY = "0199cccc-0000-7000-8000-000000000001"
OTHER = "0199cccc-0000-7000-8000-000000000002"


def picture(**options) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", photo(**options), "image/jpeg")


def upload(client, key=KEY, **options):
    return client.post("/report/photos", {"id": key, "photos": picture(**options)})


def send(client, **fields):
    return client.post("/report", {"id": KEY, "text": "路灯不亮", "area": COMMUNITY} | fields)


def kept_of(text: str) -> list[str]:
    return re.findall(r'name="kept" value="([^"]+)"', text)


def test_a_photo_sent_early_goes_with_the_report_as_it_is(visitor, inside):
    told = upload(visitor, place=inside)
    assert told.status_code == 201 and told.json()["placed"]
    assert send(visitor, area="", kept=[told.json()["id"]]).status_code == 302
    file = Attachment.objects.get()
    assert (file.stage, str(file.matter_id)) == ("report", KEY) and file.lat == pytest.approx(
        inside.lat, abs=1e-4
    )
    assert Report.objects.get().located_by == "photo" and Matter.objects.get().area_id == COMMUNITY


def test_a_second_tap_with_photos_sent_early_is_the_same_report(visitor):
    key = upload(visitor).json()["id"]
    answers = [send(visitor, kept=[key]) for _tap in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert (Report.objects.count(), Attachment.objects.count()) == (1, 1)


def test_the_same_photo_sent_twice_is_kept_once(visitor):
    assert upload(visitor).json() == upload(visitor).json() and KeptPhoto.objects.count() == 1


def test_photos_survive_a_refused_form_and_go_with_the_next_try(visitor):
    first = send(visitor, contact_phone="138", photos=[picture(), picture(colour=(1, 2, 3))])
    kept = kept_of(first.content.decode())
    assert first.status_code == 422 and len(kept) == 2 and not Matter.objects.exists()
    second = send(visitor, contact_phone="138", kept=kept, photos=picture(colour=(9, 9, 9)))
    kept = kept_of(second.content.decode())
    assert len(kept) == 3
    assert send(visitor, contact_phone="13812345678", kept=kept).status_code == 302
    assert Attachment.objects.count() == 3


def test_of_several_files_the_bad_one_is_named_and_the_good_ones_stay(visitor):
    bad = SimpleUploadedFile("movie.jpg", b"MZ this is a program", "image/jpeg")
    answer = send(visitor, photos=[picture(), bad])
    text = answer.content.decode()
    assert answer.status_code == 415 and len(kept_of(text)) == 1
    assert 'id="field-photos-error"' in text and "movie: " in text


def test_a_photo_can_be_left_out_again(visitor):
    kept = [upload(visitor, colour=(n, n, n)).json()["id"] for n in (10, 90)]
    page = send(visitor, kept=kept, drop=kept[0])
    assert page.status_code == 200 and kept_of(page.content.decode()) == [kept[1]]
    assert not KeptPhoto.objects.filter(pk=kept[0]).exists() and not Matter.objects.exists()


def test_a_photo_of_somebody_elses_report_is_not_to_be_had(visitor):
    key = upload(visitor, OTHER).json()["id"]
    answer = send(visitor, kept=[key])
    assert answer.status_code == 422 and not Matter.objects.exists()
    assert "data:image/jpeg" not in answer.content.decode()
    assert (
        send(visitor, kept=[key], drop=key).status_code == 200 and KeptPhoto.objects.filter(pk=key).exists()
    )


def test_after_an_hour_a_photo_is_gone_and_the_form_says_so(visitor, time):
    key = upload(visitor).json()["id"]
    assert keeping.forget_old(time.now + timedelta(minutes=59)) == 0
    assert keeping.forget_old(time.now + timedelta(minutes=61)) == 1
    answer = send(visitor, kept=[key])
    assert answer.status_code == 422 and "choose it again" in answer.content.decode()


def test_a_photo_taken_somewhere_else_does_not_move_the_report(visitor, inside):
    key = upload(visitor, place=inside).json()["id"]
    send(visitor, kept=[key], area="", address="", photo_place="no", text="路灯不亮没人管")
    assert Matter.objects.get().area_id is None and Attachment.objects.get().lat is None


def test_words_that_differ_from_what_was_sent_keep_their_photos_under_the_new_id(visitor):
    key = upload(visitor).json()["id"]
    send(visitor)
    page = send(visitor, text="垃圾桶满了", kept=[key]).content.decode()
    fresh = re.search(r'name="id" value="([^"]+)"', page)[1]
    assert kept_of(page) == [key]
    assert send(visitor, id=fresh, text="垃圾桶满了", kept=[key]).status_code == 302
    assert Attachment.objects.get().matter_id == UUID(fresh)


def test_no_more_photos_are_kept_for_a_report_than_it_may_have(visitor):
    answers = [upload(visitor, colour=(n, 0, 0)).status_code for n in range(0, 210, 30)]
    assert answers == [201] * 6 + [413]


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"id": "none", "photos": "x"}, 400), ({"id": KEY}, 400), ({"id": "none"}, 400)],
)
def test_what_is_no_photo_of_a_report_is_refused_in_words(visitor, fields, status):
    answer = visitor.post("/report/photos", fields)
    assert answer.status_code == status and answer.json()["detail"]


def test_a_machine_that_floods_photos_is_stopped(visitor, monkeypatch):
    monkeypatch.setattr(limits.PHOTOS, "burst", 2)
    answers = [upload(visitor, colour=(n, 0, 0)) for n in (0, 50, 100)]
    assert [one.status_code for one in answers] == [201, 201, 429] and int(answers[2]["Retry-After"]) > 0
