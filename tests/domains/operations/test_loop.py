"""A report goes through the seven links; every reporter gets the answer."""

from datetime import timedelta

import pytest

from tests.conftest import at
from tests.domains.operations.conftest import NOW, lamp_condition
from yiwang.domains.operations import actions, follow
from yiwang.domains.operations.models import Lesson, Report
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Matter, Outbox, Task

HOUR = timedelta(hours=1)


def to_closing(matter, work, now):
    work(matter, "dispatch", "dispatch", now)
    work(matter, "handle", "done", now, note="换了灯泡")
    work(matter, "feedback", "confirm", now)
    work(matter, "verify", "pass", now)


def test_filing_takes_limit_and_unit_from_the_condition_and_the_duty_table(filed):
    got = filed()
    row = Matter.objects.get(pk=got.id)
    assert row.unit_id == "lighting"
    assert (row.condition, row.data["unit"]) == (lamp_condition(), "lighting")
    assert row.data["limit"] and row.filed_at == NOW


def test_filing_needs_a_condition_of_the_chosen_class(submit, work):
    matter = submit().matter.pk
    for data, where in (
        ({}, "condition"),
        ({"condition": "06010-x"}, "condition"),
        ({"class_code": "99999", "condition": "x"}, "class_code"),
        ({"condition": lamp_condition(), "unit": "nobody"}, "unit"),
        ({"condition": lamp_condition(), "area": "999"}, "area"),
    ):
        with pytest.raises(Invalid) as refused:
            work(matter, "file", "file", NOW, **data)
        assert refused.value.where == where


def test_a_report_without_a_place_is_not_filed_before_somebody_says_where(submit, work):
    matter = submit("城管不管事，路灯不亮", point=None).matter.pk
    with pytest.raises(Invalid) as refused:
        work(matter, "file", "file", NOW, class_code="01037", condition=lamp_condition())
    assert refused.value.where == "area"
    row = work(
        matter, "file", "file", NOW, class_code="01037", condition=lamp_condition(), area="210104002009"
    )
    assert row.area_id == "210104002009"


def test_what_a_person_filed_is_a_lesson_and_filing_anew_corrects_it(filed, work, dadong):
    got = filed()
    assert Lesson.objects.get().class_code == "01037"
    work(got.id, "dispatch", "return", NOW, note="是景观灯")
    other = dadong.conditions_of(dadong.default_standard, "01039")[0].slug
    work(got.id, "file", "file", NOW, class_code="01039", condition=other)
    assert Lesson.objects.get().class_code == "01039"


def test_handling_needs_words_or_a_photo_of_afterwards(filed, work):
    matter = filed().id
    work(matter, "dispatch", "dispatch", NOW)
    with pytest.raises(Invalid):
        work(matter, "handle", "done", NOW)
    with pytest.raises(Invalid):
        work(matter, "handle", "not_ours", NOW)
    work(matter, "handle", "done", NOW, evidence=({"id": "1", "stage": "after"},))


def test_another_unit_than_the_duty_tables_needs_a_word(filed, work):
    matter = filed().id
    with pytest.raises(Invalid) as refused:
        work(matter, "dispatch", "dispatch", NOW, unit="municipal")
    assert refused.value.where == "note"
    work(matter, "dispatch", "dispatch", NOW, unit="municipal", note="灯杆归市政")
    assert Task.objects.get(matter=matter, state="open").unit_id == "municipal"


def test_closing_needs_the_answer_and_gives_it_to_every_reporter_of_merged_matters(filed, submit, work):
    first, second, third = filed(), submit("路灯坏了一周"), submit("路灯灭了")
    matters.merge(actor=SYSTEM, primary=second.matter.pk, duplicates=[third.matter.pk], now=NOW)
    matters.merge(actor=SYSTEM, primary=first.id, duplicates=[second.matter.pk], now=NOW)
    to_closing(first.id, work, NOW)
    with pytest.raises(Invalid) as refused:
        work(first.id, "close", "close", NOW)
    assert refused.value.where == "answer"
    work(first.id, "close", "close", NOW + HOUR, answer="灯泡已更换，感谢您的反映。")
    assert set(Report.objects.values_list("answer", flat=True)) == {"灯泡已更换，感谢您的反映。"}
    told = Outbox.objects.filter(topic="answered")
    assert {notice.matter_id for notice in told} == {first.id, second.matter.pk, third.matter.pk}


def test_a_void_report_gets_the_reason_as_its_answer(submit, work):
    got = submit()
    with pytest.raises(Invalid) as refused:
        work(got.matter.pk, "file", "void", NOW, reason="because")
    assert refused.value.where == "reason"
    row = work(got.matter.pk, "file", "void", NOW, reason="repeat")
    assert row.state == "void"
    assert Report.objects.get().answer


def test_the_reporter_follows_with_number_and_secret_and_learns_what_comes_next(filed, work):
    got = filed()
    with pytest.raises(NotFound):
        follow.follow(got.matter.number, "aaaaaaaaaa", NOW)
    work(got.id, "dispatch", "dispatch", NOW)
    seen = follow.follow(got.matter.number, got.secret, NOW)
    assert [step for step, _name, state in seen.steps if state == "now"] == ["handle"]
    assert seen.due_at and seen.strip["days"] and not seen.late
    assert [line.kind for line in seen.story] == ["open", "file", "dispatch"]
    assert seen.may_withdraw is False


def test_the_public_story_names_no_official(filed, work, staff):
    got = filed()
    handler = staff("handler-lighting")
    work(got.id, "dispatch", "dispatch", NOW, actor=staff("dispatcher"))
    work(got.id, "handle", "done", NOW, note="李师傅换了灯泡", actor=handler)
    seen = follow.follow(got.matter.number, got.secret, NOW)
    assert "某" not in str(seen) and "李师傅" not in str(seen)


def test_a_merged_reporter_sees_the_progress_of_the_matter_that_goes_on(filed, submit, work):
    main, other = filed(), submit("路灯坏了一周")
    matters.merge(actor=SYSTEM, primary=main.id, duplicates=[other.matter.pk], now=NOW)
    to_closing(main.id, work, NOW + HOUR)
    work(main.id, "close", "close", NOW + HOUR, answer="已修复。")
    seen = follow.follow(other.matter.number, other.secret, NOW + HOUR)
    assert (seen.state, seen.answer, seen.merged_number) == ("closed", "已修复。", main.matter.number)
    assert [line.kind for line in seen.story][:2] == ["open", "merged"]
    assert seen.may_rate


def test_each_reporter_rates_once_after_the_end(filed, submit, work):
    main, other = filed(), submit("路灯坏了一周")
    matters.merge(actor=SYSTEM, primary=main.id, duplicates=[other.matter.pk], now=NOW)
    with pytest.raises(Conflict):
        actions.rate(number=main.matter.number, secret=main.secret, score=5, now=NOW)
    to_closing(main.id, work, NOW)
    work(main.id, "close", "close", NOW, answer="已修复。")
    actions.rate(number=main.matter.number, secret=main.secret, score=5, solved=True, now=NOW + HOUR)
    actions.rate(number=other.matter.number, secret=other.secret, score=2, now=NOW + HOUR)
    with pytest.raises(Conflict):
        actions.rate(number=main.matter.number, secret=main.secret, score=1, now=NOW + HOUR)
    assert sorted(Report.objects.values_list("rating", flat=True)) == [2, 5]


def test_the_reporter_may_have_it_opened_again_within_the_districts_days(filed, work):
    got = filed()
    to_closing(got.id, work, NOW)
    work(got.id, "close", "close", NOW, answer="已修复。")
    with pytest.raises(Conflict):
        actions.reopen(number=got.matter.number, secret=got.secret, note="又灭了", now=at("2026-12-24T09:00"))
    row = actions.reopen(number=got.matter.number, secret=got.secret, note="又灭了", now=NOW + 24 * HOUR)
    assert (row.state, row.reopenings) == ("open", 1)
    assert follow.follow(got.matter.number, got.secret, NOW + 24 * HOUR).story[-1].kind == "reopen"


def test_whoever_closes_by_hand_tells_the_reporter_too(submit, staff):
    got = submit()
    actions.close(
        actor=staff("duty-leader"),
        matter=got.matter.number,
        answer="巡查人员已当场清理。",
        note="自行处置",
        now=NOW,
    )
    assert Report.objects.get().answer == "巡查人员已当场清理。"


def test_a_class_named_without_its_standard_is_looked_for_in_the_standard_in_force_too(submit, work, dadong):
    old = next(
        one
        for one in dadong.classes.values()
        if one.standard != dadong.default_standard and dadong.class_def(one.standard, "01037") is None
    )
    matter = submit().matter.pk
    Matter.objects.filter(pk=matter).update(standard=old.standard, class_code=old.code)
    row = work(matter, "file", "file", NOW, class_code="01037", condition=lamp_condition())
    assert (row.standard, row.class_code) == (dadong.default_standard, "01037")


def test_a_class_named_without_its_standard_is_one_of_the_matters_own_standard_where_it_is_there(
    submit, work, dadong
):
    old = next(one for one in dadong.classes.values() if one.standard != dadong.default_standard)
    matter = submit().matter.pk
    Matter.objects.filter(pk=matter).update(standard=old.standard, class_code="")
    with pytest.raises(Invalid) as refused:
        work(matter, "file", "file", NOW, class_code=old.code, condition="none")
    offered = dadong.conditions_of(old.standard, old.code)
    assert refused.value.code == ("unknown_condition" if offered else "no_condition")
