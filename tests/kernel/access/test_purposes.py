"""Whoever looks at a resident's data says why, and the resident can read it."""

import pytest

from yiwang.kernel.access import purposes
from yiwang.kernel.access.actors import SYSTEM, Actor, HeldPost, reach_of, resident
from yiwang.kernel.access.models import PurposeLog, User
from yiwang.kernel.access.policy import Subject
from yiwang.kernel.errors import Denied, Invalid, NotSignedIn


@pytest.fixture
def clerk(db, rules):
    user = User.objects.create(username="wang", name="王芳")
    post = HeldPost("clerk-1", "clerk", "station", frozenset({"station", "team"}), "210104001")
    return Actor("user", id=user.pk, name=user.name, posts=(post,), reach=reach_of([post], rules.post_kinds))


def look(actor, now, **change):
    given = {
        "subject_kind": "report",
        "subject_id": "r1",
        "field": "contact_phone",
        "purpose": "回访报案人，核实地点",
    }
    return purposes.reveal(actor=actor, now=now, **(given | change))


def test_a_look_is_on_record_for_the_person_concerned(clerk, now):
    look(clerk, now)
    look(clerk, now, field="contact_name", purpose="  回访\n报案人 ")
    assert purposes.looks("report", "r1") == [
        {"at": now, "user_name": "王芳", "field": "contact_name", "purpose": "回访 报案人"},
        {"at": now, "user_name": "王芳", "field": "contact_phone", "purpose": "回访报案人，核实地点"},
    ]
    assert purposes.looks("report", "r2") == []


@pytest.mark.parametrize("purpose", ["", "   ", "看看", "。。。。。。", "x" * 201])
def test_a_purpose_that_says_nothing_is_refused_and_nothing_is_revealed(clerk, now, purpose):
    with pytest.raises(Invalid) as refused:
        look(clerk, now, purpose=purpose)
    assert refused.value.where == "purpose"
    assert not PurposeLog.objects.exists()


def test_only_people_whose_posts_reach_the_matter_look(clerk, now):
    look(clerk, now, subject=Subject("incident", "210104001001", "team"))
    with pytest.raises(Denied):
        look(clerk, now, subject=Subject("incident", "210104002", "team"))
    with pytest.raises(Denied):
        look(Actor("user", id=clerk.id), now)
    with pytest.raises(Denied):
        look(SYSTEM, now)
    with pytest.raises(NotSignedIn):
        look(resident(), now)
    assert PurposeLog.objects.count() == 1
