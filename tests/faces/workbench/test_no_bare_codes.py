"""Whoever reads the page of a matter in Chinese reads no code of the software: not in its story, not beside a field."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from tests import people
from tests.conftest import at
from tests.domains.services import family, test_by_commitment
from tests.domains.services.test_applications import all_there, applied, step
from tests.pages import district
from yiwang.domains.services import applying
from yiwang.domains.services.models import Followup
from yiwang.kernel.access.models import User
from yiwang.kernel.matters import forms
from yiwang.kernel.matters.models import Matter

NOW = "2026-09-28T10:00"
POSTS = (
    "acceptor", "dispatcher", "duty-leader", "supervisor", "window-clerk", "project-guide", "stage-lead-natural-resources",
    "aid-county", "aid-window-210104012", "aid-officer-210104012", "aid-leader",
)  # fmt: skip
# What is Latin on purpose: names of formats, units and letters that people write themselves.
LATIN = {
    "cgcs2000",
    "pdf",
    "bpmn",
    "io",
    "jpeg",
    "png",
    "webp",
    "excel",
    "english",
    "mb",
    "kb",
    "km",
    "jpg",
    "csv",
    "zip",
}


def words_shown(page: str, names: set[str]) -> set[str]:
    """Latin words of two letters or more in what is read: no markup, no script, no values of fields."""
    body = page[page.index("<main") : page.index("</main>")]
    body = re.sub(r"<(script|style|template|svg)\b.*?</\1>", " ", body, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]*>", " ", body))
    found = set(re.findall(r"(?<![0-9A-Z])[A-Za-z][A-Za-z0-9_-]+", text))
    return {one for one in found if one.lower() not in LATIN} - names


def services_with_every_answer(now) -> None:
    """Applications that were refused, told what is missing, accepted on condition, by commitment, rated badly."""
    got = applied(now=now)
    step(got.matter, "accept", "missing", now, **all_there(**{"material_health-certificates": "missing"}))
    step(got.matter, "supplement", "complete", now)
    step(got.matter, "accept", "conditional", now, **all_there(**{"material_health-certificates": "later"}))
    step(got.matter, "papers", "done", now, came="yes")
    step(got.matter, "review", "done", now, opinion="disagree", reason="面积不足")
    step(got.matter, "decide", "grant", now, reason="经复核面积符合")
    step(got.matter, "deliver", "delivered", now, way="post")
    applying.rate(number=got.number, secret=got.secret, score=1, now=now, note="慢")
    row = Followup.objects.get(about=got.matter.pk)
    step(
        row.matter,
        "mend",
        "fixed",
        now,
        post="service-decider-market-regulation",
        reached="yes",
        reply="已改",
    )
    other = applied(now=now)
    step(other.matter, "accept", "refuse", now, reason="不属于本区")
    step(other.matter, "tell_refusal", "delivered", now, way="online")
    fire = test_by_commitment.restaurant(now=now)
    family.window(fire, now=now)
    test_by_commitment.office(fire, "decide", "grant", now)
    test_by_commitment.office(fire, "deliver", "delivered", now, way="window")
    test_by_commitment.office(fire, "after_check", "broken", now, reason="疏散通道被占用")


@pytest.fixture
def reader(world):
    """Somebody whose posts reach every matter, reading in Chinese."""
    client = Client()
    client.cookies["yiwang_language"] = "zh-hans"
    client.force_login(
        people.user(*POSTS, username="reads-all"), backend="yiwang.kernel.access.signin.PostsBackend"
    )
    return client


def test_the_page_of_no_matter_shows_a_bare_code(world, reader, time):
    time.set(NOW)
    district.make(NOW)
    services_with_every_answer(at(NOW) - timedelta(hours=1))
    names = set(User.objects.values_list("name", flat=True))  # people of the tests are called by their posts
    bare, kinds, seen = {}, set(), 0
    for matter in Matter.objects.order_by("pk"):
        answer = reader.get(f"/matters/{matter.number}")
        if answer.status_code == 404:
            continue  # another unit's
        assert answer.status_code == 200, matter.number
        seen, kinds = seen + 1, kinds | {matter.kind}
        if found := words_shown(answer.content.decode(), names):
            bare.setdefault(matter.kind, set()).update(found)
    assert seen > 25 and kinds >= {
        "service",
        "service_bundle",
        "service_followup",
        "incident",
        "approval",
    }
    assert not bare, "\n".join(f"{kind}: {sorted(words)}" for kind, words in bare.items())


def test_every_code_that_a_form_keeps_has_its_words():
    for name in forms.known():
        for words in forms.form(name).said.values():
            assert str(words.label) and all(str(text) for text in words.values.values()), name


def test_what_has_no_word_is_left_out_and_not_shown_as_it_stands():
    assert forms.in_words("svc_review", {"opinion": "a-code"}) == []
    assert forms.in_words("no-form", {"opinion": "agree"}) == []
    assert len(forms.in_words("svc_review", {"opinion": "agree"})) == 1
