"""Who may do what, where; and that every list shows exactly what the decision allows."""

import itertools
import uuid

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.kernel.access.actors import SYSTEM, Actor, HeldPost, key_actor, reach_of, resident
from yiwang.kernel.access.models import ApiKey
from yiwang.kernel.access.policy import (
    ACTIONS,
    GRANTED_ACTIONS,
    TASK_ACTIONS,
    Subject,
    decide,
    matters_filter,
    require,
    tasks_filter,
)
from yiwang.kernel.errors import Denied, NotSignedIn
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.models import PackVersion
from yiwang.kernel.packs.rulebook import Grant, PostKind
from yiwang.kernel.registers.models import Area, Unit

OWN = uuid.UUID(int=7)
AREAS = ["210104", "210104001", "210104001001", "210104001002", "210104002", "210112", "210112001"]
# bureau > station > team, bureau > park; water stands alone
PARENTS = {"bureau": None, "station": "bureau", "team": "station", "park": "bureau", "water": None}
TREES = {
    "bureau": {"bureau", "station", "team", "park"},
    "station": {"station", "team"},
    "team": {"team"},
    "park": {"park"},
    "water": {"water"},
}
KINDS = ["incident", "visit"]


def held(kind="handler", unit="station", area="210104"):
    return HeldPost(f"{kind}-{unit}-{area}", kind, unit, frozenset(TREES[unit]), area)


def user(*posts, post_kinds):
    return Actor("user", id=1, name="王芳", posts=posts, reach=reach_of(posts, post_kinds))


def kind(slug, *grants):
    return PostKind(slug, slug, slug, grants)


def grant(actions, scope, kinds=None):
    return Grant(frozenset(actions), kinds and frozenset(kinds), frozenset(scope))


def matter(area="210104001001", unit="station", kind="incident", **more):
    return Subject(kind=kind, area=area, unit=unit, matter_id=OWN, **more)


def test_a_dispatcher_reassigns_everywhere_in_the_district_and_nowhere_else():
    actor = user(held("d"), post_kinds={"d": kind("d", grant(["reassign"], ["district"]))})
    assert decide(actor, "reassign", matter())
    assert decide(actor, "reassign", matter(area=None))
    assert decide(actor, "reassign", matter(area=None, district="210112")).reason == "elsewhere"
    assert decide(actor, "reassign", matter(area="210112001")).reason == "elsewhere"
    assert decide(actor, "void", matter()).reason == "not_granted"


def test_a_unit_sees_its_own_matters_and_those_of_the_units_below():
    actor = user(held("h", "station"), post_kinds={"h": kind("h", grant(["see"], ["unit"], ["incident"]))})
    assert decide(actor, "see", matter(unit="station"))
    assert decide(actor, "see", matter(unit="team"))
    assert not decide(actor, "see", matter(unit="bureau"))
    assert not decide(actor, "see", matter(unit=None))
    assert decide(actor, "see", matter(kind="visit")).reason == "other_kind"


def test_a_grant_within_area_and_unit_needs_both():
    actor = user(
        held("c", "station", "210104001"), post_kinds={"c": kind("c", grant(["see"], ["area", "unit"]))}
    )
    assert decide(actor, "see", matter())
    assert not decide(actor, "see", matter(area="210104002"))
    assert not decide(actor, "see", matter(unit="water"))


def test_a_matter_without_a_place_is_seen_by_the_district_not_by_a_sub_district():
    kinds = {"i": kind("i", grant(["see"], ["area"]))}
    assert decide(user(held("i", area="210104"), post_kinds=kinds), "see", matter(area=None))
    assert not decide(user(held("i", area="210104001"), post_kinds=kinds), "see", matter(area=None))


@pytest.mark.parametrize("scope", [[], ["planet"], ["district", "planet"]])
def test_a_grant_that_says_no_place_or_an_unknown_one_grants_nothing(scope):
    assert not decide(user(held("x"), post_kinds={"x": kind("x", grant(["see"], scope))}), "see", matter())


def test_a_post_whose_kind_left_the_pack_grants_nothing():
    actor = user(held("gone"), post_kinds={})
    assert decide(actor, "see", matter()).reason == "not_granted"


def test_a_task_is_worked_by_its_post_in_its_area_and_unit():
    actor = user(held("handler", "station", "210104001"), post_kinds={})
    for action in TASK_ACTIONS:
        assert decide(actor, action, matter(post="handler"))
        assert decide(actor, action, matter(post="handler", unit="team"))
        assert decide(actor, action, matter(post="handler", unit=None))
        assert decide(actor, action, matter(post="dispatcher")).reason == "not_the_post"
        assert decide(actor, action, matter(post="handler", unit="bureau")).reason == "not_the_post"
        assert decide(actor, action, matter(post="handler", area="210104002")).reason == "not_the_post"
        assert decide(actor, action, matter(post="handler", area=None)).reason == "not_the_post"
        assert decide(actor, action, matter(post=None)).reason == "not_the_post"


def test_no_grant_of_a_pack_lets_somebody_work_a_task_of_another_post():
    actor = user(held("boss"), post_kinds={"boss": kind("boss", grant(ACTIONS, ["district"]))})
    assert not decide(actor, "complete", matter(post="handler"))


def test_a_resident_acts_on_the_own_matter_only():
    for action in ("rate", "withdraw", "reopen"):
        assert decide(resident(OWN), action, matter())
        assert decide(resident(uuid.UUID(int=8)), action, matter()).reason == "not_own"
        assert decide(resident(), action, matter()).reason == "not_own"
        assert decide(resident(), action, Subject("incident", None, None)).reason == "not_own"
    assert decide(resident(), "open", matter())
    for action in ACTIONS - {"rate", "withdraw", "reopen", "open"}:
        assert decide(resident(OWN), action, matter(post="handler")).reason == "signed_out"


def test_a_key_brings_matters_in_and_reads_nothing():
    key = key_actor(ApiKey(pk=3, name="12345", channel="hotline"))
    assert (key.label, key.channel, key.user_id) == ("key:3", "hotline", None)
    assert [action for action in sorted(ACTIONS) if decide(key, action, matter(post="handler"))] == ["open"]


def test_yiwang_itself_may_do_all():
    assert SYSTEM.label == "system"
    assert all(decide(SYSTEM, action, matter()) for action in ACTIONS)


def test_a_refusal_says_who_may(rules):
    actor = user(held("handler"), post_kinds=rules.post_kinds)
    with translation.override("en"), pytest.raises(Denied) as refused:
        require(actor, "reassign", matter())
    assert refused.value.detail == "Your posts do not allow this. This may be done by: Dispatcher."
    assert refused.value.extra == {"reason": "not_granted", "action": "reassign"}
    with translation.override("zh-hans"), pytest.raises(Denied) as refused:
        require(actor, "complete", matter(post="inspector"))
    assert "监督员" in refused.value.detail
    with pytest.raises(Denied):
        require(user(post_kinds={}), "see", matter())
    with pytest.raises(NotSignedIn):
        require(resident(), "see", matter())


def test_a_refusal_needs_no_pack_to_be_loaded(no_pack):
    with pytest.raises(Denied):
        require(user(post_kinds={}), "see", matter())


# The list and the decision


@pytest.fixture
def population(db, now):
    """One matter for every kind, area and unit, one task for every post, area and unit."""
    Area.objects.bulk_create(
        (Area(code=code, name=code, level="district") for code in AREAS), ignore_conflicts=True
    )
    Unit.objects.bulk_create(Unit(code=c, name=c, kind="department", parent_id=p) for c, p in PARENTS.items())
    pack = PackVersion.objects.create(name="t", version="1", digest="t", body="{}", loaded_at=now)
    matters, tasks = [], []
    for n, (what, area, unit) in enumerate(itertools.product(KINDS, [*AREAS, None], [*PARENTS, None])):
        one = Matter(
            id=uuid.UUID(int=n + 1),
            number=str(n),
            district=(area or "210104")[:6],
            kind=what,
            pack=pack,
            state="open",
            link="file",
            title="-",
            source="portal",
            area_id=area,
            unit_id=unit,
            opened_at=now,
        )
        matters.append(one)
        for m, post in enumerate(("a", "b")):
            tasks.append(
                Task(
                    id=uuid.UUID(int=1000 + 2 * n + m),
                    matter=one,
                    token=0,
                    node="n",
                    link="file",
                    kind=what,
                    post=post,
                    unit_id=unit,
                    area_id=area,
                    state="open",
                    clock_from=now,
                    opened_at=now,
                )
            )
    matters.append(
        Matter(
            id=uuid.UUID(int=999),
            number="x",
            district="210112",
            kind="incident",
            pack=pack,
            state="open",
            link="file",
            title="not placed yet, of the neighbour",
            source="portal",
            opened_at=now,
        )
    )
    Matter.objects.bulk_create(matters)
    Task.objects.bulk_create(tasks)
    return matters, tasks


GRANTS = st.builds(
    grant,
    st.sets(st.sampled_from(["see", "void", "export"]), min_size=1),
    st.sets(st.sampled_from(["district", "area", "unit", "unknown"]), max_size=2),
    st.none() | st.sets(st.sampled_from(KINDS), min_size=1),
)
POST_KINDS = st.fixed_dictionaries({slug: st.lists(GRANTS, max_size=3).map(tuple) for slug in "ab"}).map(
    lambda grants: {slug: kind(slug, *found) for slug, found in grants.items()}
)
POSTS = st.lists(
    st.builds(held, st.sampled_from("abc"), st.sampled_from([*PARENTS]), st.sampled_from(AREAS)), max_size=4
)
ACTORS = st.builds(lambda posts, kinds: user(*posts, post_kinds=kinds), POSTS, POST_KINDS) | st.sampled_from(
    [SYSTEM, resident(), resident(uuid.UUID(int=5)), Actor("key", id=1)]
)
ON_ROWS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@ON_ROWS
@given(ACTORS, st.sampled_from(["see", "void", "export", "withdraw", "rate"]))
def test_the_list_of_matters_shows_exactly_what_the_decision_allows(population, actor, action):
    matters, _tasks = population
    allowed = {m.pk for m in matters if decide(actor, action, Subject.of_matter(m))}
    assert set(Matter.objects.filter(matters_filter(actor, action)).values_list("pk", flat=True)) == allowed


@ON_ROWS
@given(ACTORS)
def test_the_queue_shows_exactly_the_tasks_that_may_be_claimed(population, actor):
    _matters, tasks = population
    allowed = {t.pk for t in tasks if decide(actor, "claim", Subject.of_task(t))}
    assert set(Task.objects.filter(tasks_filter(actor)).values_list("pk", flat=True)) == allowed


def test_no_list_of_matters_is_asked_for_a_task_action():
    with pytest.raises(ValueError, match="tasks_filter"):
        matters_filter(SYSTEM, "claim")


def test_the_filters_join_no_table(population):
    actor = user(
        held("a", "station", "210104001"), post_kinds={"a": kind("a", grant(["see"], ["area", "unit"]))}
    )
    for queryset in (Matter.objects.filter(matters_filter(actor)), Task.objects.filter(tasks_filter(actor))):
        assert "JOIN" not in str(queryset.query)


def test_packs_know_the_same_actions_and_scopes():
    from yiwang.kernel.access.actors import SCOPES
    from yiwang.kernel.packs import entries

    assert set(entries.ACTIONS) == GRANTED_ACTIONS
    assert set(entries.SCOPES) == SCOPES
