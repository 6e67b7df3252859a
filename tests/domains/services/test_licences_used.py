"""A licence in an application: permitted by its holder, for this application and a time, noticed when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import at
from tests.domains.services.test_applications import MONDAY, all_there, applied, step
from tests.kernel.records.licences.conftest import COMPANY
from tests.people import person
from yiwang.domains.services import licences
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.records.licences import actions

NOW = at("2026-09-24T11:00")


def permit(got, found, **more):
    given = {"licence": found.number, "holder_number": COMPANY, "days": 30, "now": NOW} | more
    return licences.authorise(number=got.number, secret=got.secret, **given)


def state(got, now=NOW) -> str:
    return licences.uses_of(got.matter.pk, now)[0].state


@pytest.fixture
def got(dadong):
    return applied(now=at("2026-09-24T10:30"))


def test_the_applicant_permits_a_licence_for_one_application_and_takes_it_back(got, food):
    use = permit(got, food, licence=f" {food.number.lower()} ")
    assert state(got) == "running" and use.purpose == "办理食品经营许可核发"
    actions.look(actor=person("window-clerk"), use=use.pk, now=NOW)
    assert licences.uses_of(got.matter.pk, NOW)[0].looks == 1
    for wrong in ({"secret": "wrong"}, {"holder_number": "123"}):
        given = {
            "number": got.number,
            "secret": got.secret,
            "use": use.pk,
            "holder_number": COMPANY,
            "now": NOW,
        }
        with pytest.raises(NotFound):
            licences.take_back(**given | wrong)
    licences.take_back(number=got.number, secret=got.secret, use=use.pk, holder_number=COMPANY, now=NOW)
    assert state(got) == "ended"
    with pytest.raises(Conflict):
        actions.look(actor=person("window-clerk"), use=use.pk, now=NOW)


def test_only_the_holder_permits_for_an_offered_time_and_only_while_it_is_open(got, food):
    for change, error in (
        ({"holder_number": "91210104MA0000001X"}, NotFound),
        ({"licence": "SP-2026-999999"}, NotFound),
        ({"days": 365}, Invalid),
        ({"days": 0}, Invalid),
    ):
        with pytest.raises(error):
            permit(got, food, **change)
    other = applied(now=at("2026-09-24T10:40"))
    use = permit(got, food)
    with pytest.raises(NotFound):  # the use of another application is not theirs to end
        licences.take_back(
            number=other.number, secret=other.secret, use=use.pk, holder_number=COMPANY, now=NOW
        )
    assert licences.uses_of(other.matter.pk, NOW) == []


@pytest.mark.parametrize(("end", "said"), [(actions.revoke, "revoked"), (actions.report_lost, "lost")])
def test_what_is_revoked_or_lost_in_the_middle_is_told_and_needs_reasons_to_be_granted(got, food, end, said):
    permit(got, food)
    step(got.matter, "accept", "accept", at("2026-09-24T11:10"), **all_there())
    step(got.matter, "review", "done", at("2026-09-24T11:20"), opinion="agree")
    end(actor=SYSTEM, licence=food.pk, reason="材料不实", now=at("2026-09-25T09:00"))
    assert Notice.objects.filter(topic="licence", matter=got.matter.pk, post="service_decider").count() == 1
    assert state(got, at("2026-09-25T09:01")) == said
    with pytest.raises(Invalid) as refused:
        step(got.matter, "decide", "grant", at("2026-09-25T10:00"))
    assert refused.value.where == "reason"
    step(got.matter, "decide", "grant", at("2026-09-25T10:00"), reason="已补交新证，核对无误")


def test_a_lost_licence_that_is_found_is_used_again_and_one_that_expires_is_not(got, food):
    permit(got, food)
    actions.report_lost(actor=SYSTEM, licence=food.pk, reason="持证人报失", now=NOW)
    assert [one.state for one in licences.broken(got.matter.pk, NOW)] == ["lost"]
    actions.restore(actor=SYSTEM, licence=food.pk, reason="已经找回", now=NOW)
    assert licences.broken(got.matter.pk, NOW) == []
    food.refresh_from_db()
    food.valid_to = NOW.date()
    food.save(update_fields=["valid_to"])
    assert state(got, NOW + timedelta(days=1)) == "expired"  # whether or not the worker has marked it
    with pytest.raises(Conflict):
        actions.look(actor=person("window-clerk"), use=food.uses.get().pk, now=NOW + timedelta(days=1))


def test_the_new_version_is_what_the_application_sees_after_a_correction(got, food):
    use = permit(got, food)
    fields = {"premises": "小河沿路14号", "representative": "李四", "form": "餐饮", "items": "热食"}
    actions.correct(
        actor=SYSTEM, licence=food.pk, holder="沈阳市大东区小河沿饺子馆", fields=fields, reason="地址有误",
        now=NOW, address="https://city.example",
    )  # fmt: skip
    found, content = actions.look(actor=person("window-clerk"), use=use.pk, now=NOW)
    assert found.version == 2 and ["经营场所", "小河沿路14号"] in content["rows"]


def test_nobody_permits_after_the_end(dadong, food):
    done = applied(now=MONDAY)
    step(done.matter, "accept", "refuse", reason="不属于本区")
    step(done.matter, "tell_refusal", "delivered", way="window")
    with pytest.raises(Conflict):
        permit(done, food)
