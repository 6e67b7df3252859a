"""The whole loop by the forms of the pages, as officials click through it."""

import re

from tests.faces.conftest import COMMUNITY, LAMP, condition, photo
from yiwang.domains.operations.models import Report
from yiwang.kernel.matters.models import Task


def upload(data: bytes, name: str = "a.jpg"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, data, "image/jpeg")


def do(client, number: str, action: str, **sent):
    return client.post(f"/matters/{number}/do/{action}", sent)


def open_task(number: str) -> Task:
    return Task.objects.get(matter__number=number, state="open")


def test_a_report_is_filed_dispatched_handled_checked_and_closed_by_forms(visitor, signed_in, world):
    form = visitor.get("/report").content.decode()
    key = re.search(r'name="id" value="([^"]+)"', form)[1]
    sent = visitor.post(
        "/report",
        {"id": key, "text": "小区门口路灯不亮好几天了", "area": COMMUNITY, "photos": upload(photo())},
    )
    assert sent.status_code == 302
    receipt = visitor.get(sent["Location"]).content.decode()
    number = re.search(r'id="number">([^<]+)<', receipt)[1]

    acceptor = signed_in("acceptor")
    assert number in acceptor.get("/work").content.decode()
    task = open_task(number)
    picked = acceptor.get(f"/matters/{number}?class={LAMP[0]}|{LAMP[1]}").content.decode()
    assert f'value="{condition()}"' in picked
    steps = [
        (
            "acceptor",
            {
                "outcome": "file",
                "standard": LAMP[0],
                "class_code": LAMP[1],
                "condition": condition(),
                "area": COMMUNITY,
            },
        ),
        ("dispatcher", {"outcome": "dispatch", "unit": "lighting"}),
        (
            "handler-lighting",
            {"outcome": "done", "note": "换了灯泡", "photos": upload(photo(colour=(9, 200, 9)))},
        ),
        ("reviewer-lighting", {"outcome": "confirm"}),
        ("inspector-district", {"outcome": "pass"}),
        ("duty-leader", {"outcome": "close", "answer": "路灯已修好。"}),
    ]
    for post, sent in steps:
        client, task = signed_in(post), open_task(number)
        page = client.get(f"/matters/{number}")
        assert page.status_code == 200, post
        answer = do(client, number, "complete", task=str(task.pk), form="x", **sent)
        assert (answer.status_code, answer["Location"]) == (302, f"/matters/{number}"), (
            answer.content.decode()
        )
    assert Report.objects.get().answer == "路灯已修好。"
    seen = visitor.get(f"/follow/{number}").content.decode()
    assert "路灯已修好。" in seen and "Is the problem solved?" in seen
    assert visitor.post(f"/follow/{number}/rate", {"score": "5", "solved": "yes"}).status_code == 302
    assert Report.objects.get().rating == 5
