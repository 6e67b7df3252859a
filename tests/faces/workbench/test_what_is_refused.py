"""What the actions refuse stands beside its field on the page, and nothing is cut short in silence."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.faces.conftest import photo
from tests.faces.workbench.test_matter_page import do, done
from yiwang.kernel.matters.models import Event, Matter
from yiwang.kernel.records.models import Attachment


def test_a_title_or_an_address_that_is_too_long_is_refused_and_not_cut(signed_in, at_step):
    at, client = at_step("handle"), signed_in("duty-leader")
    for action, sent in (
        ("split", {"title": "井" * 121, "form": "split"}),
        ("split", {"title": "", "form": "split"}),
        ("relocate", {"area": at.matter.area_id, "address": "路" * 257, "form": "relocate"}),
        ("relocate", {"area": "", "form": "relocate"}),
        ("remind", {"note": "快" * 501, "form": "remind"}),
    ):
        answer = do(client, at, action, **sent)
        assert answer.status_code == 422, (action, answer.status_code)
        assert 'aria-invalid="true"' in answer.content.decode(), action
    assert Matter.objects.count() == 1


def test_photos_of_a_step_are_part_of_the_story(signed_in, at_step):
    at, client = at_step("handle"), signed_in("handler-lighting")
    done(client, at, "complete", outcome="done", photos=SimpleUploadedFile("b.jpg", photo(), "image/jpeg"))
    last = list(Event.objects.filter(matter=at.matter.pk).order_by("-seq")[:2])
    assert [event.action for event in last] == ["complete", "attach"]
    assert last[1].data["record"]["attachment"] == str(Attachment.objects.get().pk)


def test_who_comes_second_with_photos_is_told_who_was_faster(signed_in, at_step):
    at = at_step("handle")
    done(signed_in("handler-lighting"), at, "complete", outcome="done", note="换了灯泡")
    late = signed_in("handler-lighting")
    answer = do(
        late, at, "complete", outcome="done", photos=SimpleUploadedFile("b.jpg", photo(), "image/jpeg")
    )
    assert answer.status_code == 409 and not Attachment.objects.exists()
