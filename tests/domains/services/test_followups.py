"""A bad rating is followed up by whoever did it, within its limit, and the applicant reads what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.conftest import at
from tests.domains.services.test_applications import (
    POSTS,
    all_there,
    applied,
    person,
    step,
    told,
)
from yiwang.domains.services import applying, followups
from yiwang.domains.services.models import Followup
from yiwang.kernel.errors import Denied, Invalid
from yiwang.kernel.matters import actions, audit
from yiwang.kernel.matters.models import Matter, Task

RATED = at("2026-09-15T10:00")


@pytest.fixture
def done(world):
    got = applied()
    step(got.matter, "accept", "accept", at("2026-09-08T10:00"), **all_there())
    step(got.matter, "review", "done", at("2026-09-10T10:00"), opinion="agree")
    step(got.matter, "decide", "grant", at("2026-09-11T10:00"))
    step(got.matter, "deliver", "delivered", at("2026-09-14T10:00"), way="post")
    return got


def applicants_page(got) -> str:
    """The part of the applicant's page that speaks of the rating, as it is rendered."""
    from django.template import engines
    from django.utils import translation

    source = '{% from "portal/service_pieces.html" import rating with context %}{{ rating(it, none) }}'
    with translation.override("zh-hans"):
        return engines["jinja2"].from_string(source).render({"it": told(got, RATED)})


def rate(got, score, note=""):
    applying.rate(number=got.number, secret=got.secret, score=score, note=note, now=RATED)
    return Followup.objects.filter(about=got.matter.pk).select_related("matter").first()


def test_the_unit_has_fifteen_working_days_and_the_applicant_reads_what_was_done(done):
    row = rate(done, 2, "材料要求前后不一")
    task = Task.objects.get(matter=row.matter, state="open")
    assert (task.node, task.post, task.unit_id) == ("mend", "service_decider", done.matter.unit_id)
    assert task.due_at == at(
        "2026-10-12T17:00"
    )  # the holidays do not count, the weekend days that are worked do
    waiting = told(done, RATED).followup
    assert waiting.open and waiting.due == task.due_at and not waiting.reply
    assert followups.note_of(row) == "材料要求前后不一"
    step(
        row.matter,
        "mend",
        "fixed",
        at("2026-09-16T10:00"),
        reached="yes",
        reply="已统一材料清单，并向您致歉。",
    )
    seen = told(done, at("2026-09-16T11:00")).followup
    assert (seen.open, seen.outcome, seen.reply) == (False, "fixed", "已统一材料清单，并向您致歉。")
    assert [faults for _n, faults in audit.verify(Matter.objects.filter(pk=row.matter.pk))] == [[]]


@pytest.mark.parametrize("score", [3, 4, 5])
def test_three_stars_and_more_are_followed_by_nothing(done, score):
    assert rate(done, score) is None
    assert told(done, RATED).followup is None


def test_nothing_is_closed_without_a_call_and_a_reply(done):
    row = rate(done, 1)
    for lacking in ({"reached": "yes"}, {"reply": "已整改"}, {"reached": "maybe", "reply": "已整改"}):
        with pytest.raises(Invalid):
            step(row.matter, "mend", "fixed", RATED, **lacking)


def test_that_a_rating_was_wrong_is_for_others_to_say(done):
    row = rate(done, 1)
    step(row.matter, "mend", "unfounded", RATED, reached="no", reply="该件未收费，评价与事实不符。")
    assert told(done, RATED).followup.open
    with pytest.raises(Denied):
        step(row.matter, "check", "confirm", RATED, post=POSTS["service_decider"])
    with pytest.raises(Invalid):
        step(row.matter, "check", "back", RATED)
    step(row.matter, "check", "back", RATED, reason="窗口确有多收材料")
    assert Task.objects.get(matter=row.matter, state="open").node == "mend"
    step(row.matter, "mend", "explained", RATED, reached="yes", reply="已说明。")
    assert told(done, RATED).followup.outcome == "explained"


def test_the_figures_count_what_is_answered_in_time_and_leave_out_what_was_wrong(done):
    assert followups.figures(RATED).share_rated == 0
    row = rate(done, 1)
    now = followups.figures(RATED)
    assert (now.closed, now.rated, now.mean, now.content, now.bad) == (1, 1, 1.0, 0.0, 1)
    assert now.answered is None  # there is time yet
    assert followups.figures(RATED + timedelta(days=40)).answered == 0.0
    step(row.matter, "mend", "fixed", RATED, reached="no", reply="已整改。")
    later = followups.figures(RATED + timedelta(days=40))
    assert (later.answered, later.reached) == (1.0, 0.0)


def test_only_the_unit_that_did_it_sees_it(done):
    row = rate(done, 1)
    task = Task.objects.get(matter=row.matter, state="open")
    with pytest.raises(Denied):
        actions.complete(
            actor=person("service-decider-police"),
            task=task.pk,
            outcome="fixed",
            data={"reached": "yes", "reply": "x"},
            now=RATED,
        )


def test_the_pages_say_it_to_the_unit_to_the_applicant_and_to_everybody(done, client):
    row = rate(done, 2, "材料要求前后不一")
    clerk = person(POSTS["service_decider"])
    from yiwang.kernel.access.models import User

    client.force_login(User.objects.get(pk=clerk.user_id))
    page = client.get(
        f"/matters/{row.matter.number}", headers={"accept-language": "zh-hans"}
    ).content.decode()
    assert "材料要求前后不一" in page and "回访" in page
    client.logout()
    for state in ("open", "closed"):
        page = applicants_page(done)
        assert ("会回访您" in page) == (state == "open") and ("已统一清单" in page) == (state == "closed")
        if state == "open":
            step(row.matter, "mend", "fixed", RATED, reached="yes", reply="已统一清单。")
    page = client.get(reverse("services"), headers={"accept-language": "zh-hans"}).content.decode()
    assert "满意" in page


def test_what_is_open_taken_back_or_given_up_is_not_counted_as_closed(done):
    applied()
    back = applied()
    applying.withdraw(number=back.number, secret=back.secret, now=RATED)
    gave_up = applied()
    step(
        gave_up.matter,
        "accept",
        "missing",
        at("2026-09-08T10:00"),
        **all_there(**{"material_health-certificates": "missing"}),
    )
    step(gave_up.matter, "supplement", "withdrawn", at("2026-09-08T11:00"), reason="本人来电放弃")
    rate(done, 4)
    found = followups.figures(RATED)
    assert (found.closed, found.rated, found.mean, found.content) == (1, 1, 4, 1)
