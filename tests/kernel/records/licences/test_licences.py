"""A licence from its issue to its end, and what other applications may do with it."""

from __future__ import annotations

import base64
from datetime import date, timedelta

import pytest

from tests.conftest import at
from tests.kernel.records.licences.conftest import ADDRESS, COMPANY, PERSON
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.records import signing
from yiwang.kernel.records.licences import actions, chain, content, document, queries
from yiwang.kernel.records.models import Licence, LicenceEvent, SigningKey

pytestmark = pytest.mark.django_db
NOW = at("2026-09-25T09:00")


def file_of(licence):
    return base64.b64decode(licence.versions.get(version=licence.version).document)


def test_a_licence_has_number_end_and_a_file_that_verifies(food):
    assert food.number == "SP-2026-000001"
    assert (food.valid_from, food.valid_to) == (date(2026, 9, 24), date(2031, 9, 23))
    found = document.verify(file_of(food), signing.known_keys())
    assert found.good
    assert (found.statement["number"], found.statement["version"]) == (food.number, 1)


def test_the_same_licence_is_drawn_and_signed_to_the_same_bytes(food):
    from yiwang.kernel.records.licences import rendering

    version = food.versions.get()
    import json

    pdf = rendering.render(json.loads(version.content), f"{ADDRESS}/v/{food.number}/{food.code}")
    assert document.wrap(pdf, content.statement(food)) == file_of(food)


def test_numbers_follow_without_gaps_and_a_retry_gives_the_same_licence(food, card):
    given = {
        "actor": SYSTEM, "type": "elder-card", "holder": "王小明", "holder_number": PERSON,
        "fields": {"community": "小河沿社区"}, "now": NOW, "address": ADDRESS,
    }  # fmt: skip
    again = actions.issue(**given, id=card.pk)
    assert again.number == card.number == "LN-2026-000001"
    assert actions.issue(**given).number == "LN-2026-000002"


def test_nothing_of_the_holder_lies_open_in_the_database_or_in_events(card):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM records_licence")
        row = repr(cursor.fetchall())
        cursor.execute("SELECT * FROM records_licenceversion")
        row += repr(cursor.fetchall())
    assert "王小明" not in row and PERSON not in row
    assert "王小明" not in repr(list(LicenceEvent.objects.values()))


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"holder": ""}, "holder"), ({"holder_number": "12345"}, "holder_number"),
        ({"fields": {"community": ""}}, "community"), ({"fields": {"community": "a", "colour": "red"}}, "fields"),
        ({"type": "passport"}, "type"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_named_by_its_field(dadong, change, where):
    given = {
        "type": "elder-card",
        "holder": "王小明",
        "holder_number": PERSON,
        "fields": {"community": "小河沿社区"},
    }
    with pytest.raises(Invalid) as refused:
        actions.issue(actor=SYSTEM, now=NOW, address=ADDRESS, **(given | change))
    assert refused.value.where == where
    assert not Licence.objects.exists()


def test_a_correction_is_a_new_version_and_the_old_file_still_shows_its_own(food):
    before = file_of(food)
    fields = {
        "premises": "小河沿路14号",
        "representative": "张三",
        "form": "餐饮服务经营者",
        "items": "热食类食品制售",
    }
    after = actions.correct(
        actor=SYSTEM,
        licence=food.pk,
        holder=food.holder,
        fields=fields,
        reason="地址有误",
        now=NOW,
        address=ADDRESS,
    )
    assert after.version == 2
    assert document.verify(before).statement["version"] == 1
    assert document.verify(file_of(after)).statement["version"] == 2
    assert queries.public(food.number, food.code, NOW).version == 2


def test_lost_found_and_revoked(food):
    assert actions.report_lost(actor=SYSTEM, licence=food.pk, reason="持证人报失", now=NOW).status == "lost"
    assert actions.restore(actor=SYSTEM, licence=food.pk, reason="已经找到", now=NOW).status == "valid"
    assert actions.revoke(actor=SYSTEM, licence=food.pk, reason="停止经营注销", now=NOW).status == "revoked"
    with pytest.raises(Conflict):
        actions.restore(actor=SYSTEM, licence=food.pk, reason="再次启用", now=NOW)
    assert [event.action for event in food.events.order_by("seq")] == ["issue", "lost", "restore", "revoke"]


def test_a_licence_expires_after_its_last_day_whether_or_not_it_was_marked(food):
    assert queries.public(food.number, food.code, at("2031-09-23T23:00")).status == "valid"
    assert queries.public(food.number, food.code, at("2031-09-24T00:10")).status == "expired"
    assert actions.expire_due(SYSTEM, at("2031-09-23T23:00")) == 0
    assert actions.expire_due(SYSTEM, at("2031-09-24T00:10")) == 1
    assert Licence.objects.get().status == "expired"


def test_the_public_sees_status_and_masked_holder_and_nothing_more(food, card):
    shown = queries.public(card.number, card.code, NOW)
    assert (shown.holder, shown.status) == ("王**", "valid")
    assert queries.public(food.number, food.code, NOW).holder == "沈阳市大******子馆"[:4] + "*" * 6 + "子馆"
    for number, code in ((card.number, food.code), (card.number, ""), ("LN-2026-999999", card.code)):
        with pytest.raises(NotFound):
            queries.public(number, code, NOW)


def test_another_application_uses_a_licence_only_by_authorisation(card, case):
    with pytest.raises(NotFound):
        actions.authorise(
            actor=SYSTEM, licence=card.pk, holder_number=COMPANY, matter=case.id, purpose="核对年龄",
            until=NOW + timedelta(days=5), now=NOW,
        )  # fmt: skip
    use = actions.authorise(
        actor=SYSTEM, licence=card.pk, holder_number=PERSON, matter=case.id, purpose="核对年龄",
        until=NOW + timedelta(days=5), now=NOW,
    )  # fmt: skip
    found, content = actions.look(actor=SYSTEM, use=use.pk, now=NOW)
    assert content["rows"][0] == ["姓名", "王小明"]
    assert found.events.filter(action="use").count() == 1
    with pytest.raises(Conflict):
        actions.look(actor=SYSTEM, use=use.pk, now=NOW + timedelta(days=6))
    actions.end_use(actor=SYSTEM, use=use.pk, holder_number=PERSON, now=NOW)
    with pytest.raises(Conflict):
        actions.look(actor=SYSTEM, use=use.pk, now=NOW)


def test_a_revoked_licence_is_noticed_by_the_open_application_that_uses_it(card, case):
    actions.authorise(
        actor=SYSTEM, licence=card.pk, holder_number=PERSON, matter=case.id, purpose="核对年龄",
        until=NOW + timedelta(days=5), now=NOW,
    )  # fmt: skip
    actions.revoke(actor=SYSTEM, licence=card.pk, reason="持证人死亡注销", now=NOW)
    notice = Notice.objects.get(topic="licence")
    assert (notice.matter_id, notice.post) == (case.id, "acceptor")
    assert notice.data == {"number": card.number, "status": "revoked"}
    with pytest.raises(Conflict):
        actions.look(actor=SYSTEM, use=card.uses.get().pk, now=NOW)


def test_after_the_key_is_changed_old_files_still_verify_with_the_old_public_key(food, settings):
    old = file_of(food)
    settings.SIGN_KEY = "another secret of at least thirty-two characters"
    new = actions.correct(
        actor=SYSTEM, licence=food.pk, holder=food.holder,
        fields={"premises": "甲", "representative": "乙", "form": "丙", "items": "丁"}, reason="换新密钥",
        now=NOW, address=ADDRESS,
    )  # fmt: skip
    keys = signing.known_keys()
    assert len(keys) == SigningKey.objects.count() == 2
    assert document.verify(old, keys).good and document.verify(file_of(new), keys).good
    assert document.verify(old).key != document.verify(file_of(new)).key


def test_a_changed_event_breaks_the_chain(food):
    actions.report_lost(actor=SYSTEM, licence=food.pk, reason="持证人报失", now=NOW)
    food.refresh_from_db()
    assert list(chain.faults(food)) == []
    LicenceEvent.objects.filter(licence=food, seq=1).update(actor="user:9")
    assert "event 1 (issue) was changed" in " ".join(chain.faults(food))
    LicenceEvent.objects.filter(licence=food, seq=2).delete()
    assert "the last event is missing" in " ".join(chain.faults(food))
