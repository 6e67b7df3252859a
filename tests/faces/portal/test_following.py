"""Following by number and secret: the story in plain words, the answer, the rating, and the way back."""

from datetime import date

import pytest

from tests.faces.conftest import photo
from yiwang.core.codes import matter_number
from yiwang.domains.operations.intake import File
from yiwang.domains.operations.models import Report
from yiwang.kernel.access import limits
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.records.models import Attachment


def open_own(client, at) -> str:
    answer = client.post("/follow", {"number": at.number, "secret": at.secret})
    assert (answer.status_code, answer["Location"]) == (302, f"/follow/{at.number}")
    return client.get(answer["Location"]).content.decode()


def test_number_and_secret_open_the_report_however_they_are_typed(visitor, at_step):
    at = at_step("handle")
    spaced = f"{at.secret[:5]} {at.secret[5:]}".upper()
    answer = visitor.post("/follow", {"number": at.number.replace("-", ""), "secret": spaced})
    assert answer["Location"] == f"/follow/{at.number}"
    assert "小区门口路灯不亮" in visitor.get(answer["Location"]).content.decode()


def test_a_wrong_secret_and_a_number_that_does_not_exist_get_the_same_answer(visitor, at_step):
    at = at_step("handle")
    answers = [
        visitor.post("/follow", {"number": number, "secret": "aaaaaaaaaa"})
        for number in (at.number, matter_number(date(2026, 1, 1), 1))
    ]
    said = "There is no report with this number and secret."
    assert [a.status_code for a in answers] == [404, 404]
    assert all(said in a.content.decode() for a in answers)
    assert visitor.get(f"/follow/{at.number}")["Location"] == f"/follow?number={at.number}"


def test_a_number_copied_wrongly_is_said_to_be_wrong_before_any_search(visitor, world):
    answer = visitor.post("/follow", {"number": "20260924-000123-1", "secret": "aaaaaaaaaa"})
    assert answer.status_code == 422 and 'id="field-number-error"' in answer.content.decode()


def test_guessing_secrets_is_stopped(visitor, at_step, monkeypatch):
    monkeypatch.setattr(limits.FOLLOWS, "burst", 3)
    at = at_step("handle")
    guesses = [
        visitor.post("/follow", {"number": at.number, "secret": "a" * 10}).status_code for _n in range(5)
    ]
    assert guesses == [404, 404, 404, 429, 429]


def test_the_page_says_what_comes_next_by_when_and_why_days_do_not_count(visitor, at_step, time):
    at = at_step("handle")
    text = open_own(visitor, at)
    assert "Street Lighting Office" in text and "by 24 Sep 2026" in text
    matters.hold(actor=SYSTEM, matter=at.matter.pk, reason="material", note="等待灯具到货", now=time.now)
    text = visitor.get(f"/follow/{at.number}").content.decode()
    assert "等待灯具到货" in text and "Waiting for material" in text and "clock paused" in text


def test_the_secret_is_in_no_address_of_the_page(visitor, at_step):
    at = at_step("handle", files=[File(photo(), "a.jpg")])
    assert at.secret not in open_own(visitor, at)


def test_the_reporter_sees_the_own_photos_and_nobody_else_does(visitor, client, at_step):
    at = at_step("handle", files=[File(photo(), "a.jpg")])
    open_own(visitor, at)
    address = f"/follow/{at.number}/photos/{Attachment.objects.get().pk}"
    shown = visitor.get(address + "?thumb=1")
    assert shown["Content-Type"] == "image/jpeg" and shown["X-Content-Type-Options"] == "nosniff"
    assert client.get(address).status_code == 404
    other = at_step("handle", files=[File(photo(colour=(1, 2, 3)), "b.jpg")])
    foreign = Attachment.objects.get(matter=other.matter).pk
    assert visitor.get(f"/follow/{at.number}/photos/{foreign}").status_code == 404


def test_the_answer_is_shown_and_rated_once(visitor, at_step):
    at = at_step("end")
    assert "路灯已修好。" in open_own(visitor, at)
    half = visitor.post(f"/follow/{at.number}/rate", {"score": "4", "note": "还行"})
    assert half.status_code == 422 and "还行" in half.content.decode()
    assert visitor.post(f"/follow/{at.number}/rate", {"score": "4", "solved": "yes"}).status_code == 302
    again = visitor.post(f"/follow/{at.number}/rate", {"score": "1", "solved": "no"})
    assert again.status_code == 409 and "rated this already" in again.content.decode()
    assert Report.objects.get(matter=at.matter).rating == 4


def test_what_is_not_fixed_goes_back_to_the_unit(visitor, at_step):
    at = at_step("end")
    open_own(visitor, at)
    assert visitor.post(f"/follow/{at.number}/reopen", {"note": ""}).status_code == 422
    assert visitor.post(f"/follow/{at.number}/reopen", {"note": "第二天又灭了"}).status_code == 302
    assert Matter.objects.get(pk=at.matter.pk).state == "open"


def test_a_report_is_taken_back_only_before_the_work_begins(visitor, at_step):
    early, late = at_step("dispatch"), at_step("handle")
    assert "Take the report back" in open_own(visitor, early)
    assert visitor.post(f"/follow/{early.number}/withdraw").status_code == 302
    assert Matter.objects.get(pk=early.matter.pk).state == "withdrawn"
    assert "Take the report back" not in open_own(visitor, late)
    assert visitor.post(f"/follow/{late.number}/withdraw").status_code == 409


@pytest.mark.parametrize("action", ["rate", "reopen", "withdraw"])
def test_nobody_acts_on_a_report_without_its_secret(visitor, at_step, action):
    at = at_step("end")
    answer = visitor.post(f"/follow/{at.number}/{action}", {"score": "1", "solved": "no", "note": "x"})
    assert answer.status_code == 404
    assert visitor.get(f"/follow/{at.number}/{action}").status_code == 405
    assert Matter.objects.get(pk=at.matter.pk).state == "closed"


def test_the_page_takes_few_queries(visitor, at_step, django_assert_max_num_queries):
    at = at_step("end", files=[File(photo(), "a.jpg")])
    open_own(visitor, at)
    with django_assert_max_num_queries(10):
        visitor.get(f"/follow/{at.number}")


def test_the_home_page_lists_what_was_opened_here(visitor, at_step, django_assert_max_num_queries):
    at = at_step("handle")
    with django_assert_max_num_queries(3):  # the public counts; for a minute nobody asks again
        assert at.number not in visitor.get("/").content.decode()
    with django_assert_max_num_queries(0):
        visitor.get("/")
    open_own(visitor, at)
    assert at.number in visitor.get("/").content.decode()
