"""A change of the rules is proposed by one person and decided by another."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings

from tests import people
from yiwang.core.policy import Population, evaluate
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.packs import amending, proposals, rulebook
from yiwang.kernel.packs.diff import diff
from yiwang.kernel.packs.loader import load
from yiwang.kernel.packs.models import PackVersion, RuleChange

DAY = date(2027, 2, 1)
VALUE = {
    "from": "2027-01-01",
    "value": {"urban": 88_000, "rural": 70_000},
    "source": "沈民发示例号",
    "status": "local",
}


@pytest.fixture(autouse=True)
def in_force_again(dadong):
    yield
    rulebook.reset_caches()


@pytest.fixture
def time():
    return SimpleNamespace(now=datetime(2026, 9, 24, 2, 0, tzinfo=UTC))


@pytest.fixture
def clerk():
    return people.person("aid-county", name="何经办")


@pytest.fixture
def leader():
    return people.person("aid-leader", name="李局长")


def propose(actor, time, **changes):
    given = {
        "what": "parameter",
        "key": "guarantee.standard",
        "content": VALUE,
        "reason": "年度调整",
    } | changes
    return proposals.propose(actor=actor, now=time.now, **given)


def paid(rules, day=DAY):
    return rules.parameters["guarantee.standard"].at(day).value["urban"]


def test_what_one_proposes_and_another_approves_is_in_force_and_the_version_before_stays_as_it_was(
    clerk, leader, time
):
    before = rulebook.current()
    change = propose(clerk, time)
    assert paid(rulebook.current().policy) == 80_000
    done = proposals.approve(actor=leader, change_id=change.pk, now=time.now + timedelta(hours=1))
    after = rulebook.current()
    assert paid(after.policy) == 88_000
    assert paid(after.policy, date(2026, 12, 31)) == 80_000
    assert after.version == f"{before.version}+1"
    assert done.version_id == after.id
    assert paid(rulebook.rulebook(before.id).policy) == 80_000
    dated = after.policy.parameters["guarantee.standard"].at(DAY)
    assert (dated.source, dated.status) == ("沈民发示例号", "local")


def test_nobody_approves_the_own_proposal(leader, time):
    change = propose(leader, time)
    with pytest.raises(Denied):
        proposals.approve(actor=leader, change_id=change.pk, now=time.now)
    assert RuleChange.objects.get().state == "open"


def test_the_database_too_refuses_a_decision_by_the_proposer(clerk, time, db):
    from django.db import IntegrityError, transaction

    change = propose(clerk, time)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleChange.objects.filter(pk=change.pk).update(decided_by=clerk.id)


def test_who_has_no_grant_neither_proposes_nor_approves(clerk, time):
    with pytest.raises(Denied):
        propose(people.person("dispatcher"), time)
    change = propose(clerk, time)
    with pytest.raises(Denied):
        proposals.approve(actor=clerk, change_id=change.pk, now=time.now)


def test_a_proposal_is_decided_once(clerk, leader, time):
    change = propose(clerk, time)
    proposals.refuse(actor=leader, change_id=change.pk, note="依据不足", now=time.now)
    with pytest.raises(Conflict):
        proposals.approve(actor=leader, change_id=change.pk, now=time.now)
    assert paid(rulebook.current().policy) == 80_000


def test_a_refusal_says_why(clerk, leader, time):
    change = propose(clerk, time)
    with pytest.raises(Invalid) as told:
        proposals.refuse(actor=leader, change_id=change.pk, note=" ", now=time.now)
    assert told.value.where == "note"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"content": VALUE | {"value": {"urban": 88_000}}}, ""),
        ({"content": VALUE | {"value": {"urban": -1, "rural": 2}}}, "value"),
        ({"content": VALUE | {"from": "soon"}}, "from"),
        ({"content": VALUE | {"status": "sure"}}, "status"),
        ({"content": VALUE | {"source": ""}}, "source"),
        ({"reason": ""}, "reason"),
        ({"what": "weather"}, "what"),
    ],
)
def test_a_proposal_that_can_not_be_is_refused_before_it_is_kept(clerk, time, changes, where):
    with pytest.raises(Invalid) as told:
        propose(clerk, time, **changes)
    assert told.value.where == where
    assert not RuleChange.objects.exists()


def test_an_unknown_parameter_is_named_with_the_nearest(clerk, time):
    with pytest.raises(NotFound, match=r"guarantee\.standard"):
        propose(clerk, time, key="guarantee.standart")


def test_a_programme_text_that_breaks_a_case_is_refused_with_the_case(clerk, time):
    text = rulebook.current().programme_texts["subsidies"]
    broken = text.replace("return p.severe", "return ~p.severe", 1)
    with pytest.raises(Invalid) as told:
        propose(clerk, time, what="programme", key="subsidies", content={"text": broken})
    assert any("disability_nursing.yaml" in line["where"] for line in told.value.errors)


def test_a_programme_text_that_would_do_harm_is_refused(clerk, time):
    with pytest.raises(Invalid) as told:
        propose(clerk, time, what="programme", key="relief", content={"text": "import os\n"})
    assert "relief.py:1" in told.value.errors[0]["where"]


def test_an_approved_programme_text_is_what_is_evaluated(clerk, leader, time):
    text = rulebook.current().programme_texts["relief"]
    changed = text.replace('return h.emergency_kind != "none"', 'return h.emergency_kind.is_in("fire")', 1)
    assert changed != text
    with pytest.raises(Invalid):  # a case has a traffic accident
        propose(clerk, time, what="programme", key="relief", content={"text": changed})
    same = text + "\n# 已复核\n"
    change = propose(clerk, time, what="programme", key="relief", content={"text": same})
    proposals.approve(actor=leader, change_id=change.pk, now=time.now)
    assert rulebook.current().programme_texts["relief"] == same
    evaluate(rulebook.current().policy, Population.of_records(rulebook.current().policy.facts, []), DAY)


def test_loading_the_pack_again_keeps_what_was_approved(clerk, leader, time):
    change = propose(clerk, time)
    proposals.approve(actor=leader, change_id=change.pk, now=time.now)
    result = load(settings.PACK, time.now + timedelta(days=1))
    assert not result.created
    assert paid(rulebook.current().policy) == 88_000
    assert diff("current", settings.PACK) == []


def test_a_later_approved_value_of_the_same_day_takes_the_place_of_the_earlier(clerk, leader, time):
    for urban in (88_000, 90_000):
        content = VALUE | {"value": {"urban": urban, "rural": 70_000}}
        change = propose(clerk, time, content=content)
        proposals.approve(actor=leader, change_id=change.pk, now=time.now + timedelta(minutes=urban))
    assert paid(rulebook.current().policy) == 90_000
    assert PackVersion.objects.filter(current=True).count() == 1


def test_nothing_is_approved_while_the_files_hold_changes_that_were_not_loaded(
    clerk, leader, time, monkeypatch
):
    change = propose(clerk, time)
    other = RuleChange(what="parameter", key="heating.area_most", content=VALUE | {"value": 70})
    monkeypatch.setattr(amending, "approved", lambda: [other])
    with pytest.raises(Conflict) as told:
        proposals.approve(actor=leader, change_id=change.pk, now=time.now)
    assert told.value.code == "pack_not_loaded"


def with_single_guarantee(text: str) -> str:
    """The text of `living` as it was before SingleGuarantee moved to a file of its own."""
    single = rulebook.current().programme_texts["single"]
    return f"{text}\n\n{single[single.index('class SingleGuarantee') : single.index('class ReligiousGuarantee')]}"


def test_a_proposal_that_defines_a_programme_of_another_file_is_refused_with_both_files_and_lines(
    clerk, time
):
    text = with_single_guarantee(rulebook.current().programme_texts["living"])
    with pytest.raises(Invalid) as caught:
        propose(clerk, time, what="programme", key="living", content={"text": text})
    (wrong,) = caught.value.errors
    line = text[: text.index("class SingleGuarantee")].count("\n") + 1
    assert f"proposal:living.py:{line}" in f"{wrong['where']} {wrong['detail']}"
    assert "programmes/single.py:17" in f"{wrong['where']} {wrong['detail']}"
    assert not RuleChange.objects.exists()


def test_an_approved_text_that_the_pack_has_outgrown_blocks_loading_until_it_is_proposed_anew(
    clerk, leader, time, monkeypatch
):
    now_text = rulebook.current().programme_texts["living"]
    RuleChange.objects.create(
        what="programme",
        key="living",
        content={"text": with_single_guarantee(now_text)},
        reason="合并前已批准",
        state=RuleChange.State.APPROVED,
        proposed_by_id=clerk.id,
        proposed_at=time.now,
        decided_by_id=leader.id,
        decided_at=time.now,
    )
    with pytest.raises(Invalid) as caught:
        load(settings.PACK, time.now)
    (wrong,) = caught.value.errors
    assert "proposal:living.py" in str(wrong) and "programmes/single.py:17" in str(wrong)
    change = propose(clerk, time, what="programme", key="living", content={"text": now_text + "\n# 已复核\n"})
    proposals.approve(actor=leader, change_id=change.pk, now=time.now + timedelta(minutes=1))
    assert rulebook.current().programme_texts["living"].endswith("已复核\n")
    assert not load(settings.PACK, time.now).created


def test_a_programme_that_two_files_of_a_pack_define_is_an_error_of_the_check_with_both_files_and_lines(
    tmp_path,
):
    from yiwang.kernel.packs import check_policy
    from yiwang.kernel.packs.packtext import Entry
    from yiwang.kernel.packs.reader import read_pack

    pack = read_pack(settings.PACK)
    programmes = pack.sections["programmes"]
    relief = programmes["relief"]
    text = with_single_guarantee(relief["text"])
    programmes["relief"] = Entry(relief.section, relief.key, relief.data | {"text": text}, relief.at)
    (found,) = [one for one in check_policy.check(pack) if "single_guarantee" in one.message]
    told = f"{found.where} {found.message}"
    assert "programmes/relief.py:" in told and "programmes/single.py:17" in told
