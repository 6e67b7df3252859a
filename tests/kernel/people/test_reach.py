"""The list of people shows exactly those on whom the decision says yes; pseudonyms are a way there and back."""

import uuid

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.people.made import FUJIA, HUALU, NOW, SINCE, household, number
from yiwang.kernel.access.actors import SYSTEM, Actor, HeldPost, reach_of, resident
from yiwang.kernel.access.policy import Subject, decide, people_filter
from yiwang.kernel.access.pseudonyms import behind, pseudonyms
from yiwang.kernel.packs.rulebook import Grant, PostKind
from yiwang.kernel.registers.models import Household, Person
from yiwang.kernel.registers.people import actions

AREAS = ["210104", "210104002", HUALU, "210104003", "210105", "210105001"]
GRANTS = st.builds(
    lambda actions, kinds, scope: Grant(frozenset(actions), kinds and frozenset(kinds), frozenset(scope)),
    st.sets(st.sampled_from(["see", "reveal"]), min_size=1),
    st.none() | st.sets(st.sampled_from(["person", "incident"]), min_size=1),
    st.sets(st.sampled_from(["district", "area", "unit", "unknown"]), max_size=2),
)
ACTORS = st.builds(
    lambda posts, grants: Actor(
        "user",
        id=1,
        posts=tuple(posts),
        reach=reach_of(posts, {slug: PostKind(slug, slug, slug, tuple(own)) for slug, own in grants.items()}),
    ),
    st.lists(
        st.builds(
            lambda kind, area: HeldPost(f"{kind}-{area}", kind, "u", frozenset({"u"}), area),
            st.sampled_from("ab"),
            st.sampled_from(AREAS),
        ),
        max_size=3,
    ),
    st.fixed_dictionaries({slug: st.lists(GRANTS, max_size=3) for slug in "ab"}),
) | st.sampled_from([SYSTEM, resident(), Actor("key", id=1)])


@pytest.fixture
def somebody_everywhere(dadong):
    for n, area in enumerate((HUALU, FUJIA, "210104003004")):
        house = household(area)
        actions.register_person(
            actor=SYSTEM,
            name="测试甲",
            id_number=number("19700101", n + 1),
            area=area,
            household=house.pk,
            since=SINCE,
            now=NOW,
        )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actor=ACTORS)
def test_a_list_of_people_holds_exactly_those_whom_the_decision_allows(somebody_everywhere, actor):
    for model in (Person, Household):
        for action in ("see", "reveal"):
            listed = set(model.objects.filter(people_filter(actor, action)).values_list("pk", flat=True))
            if actor.kind == "key":
                assert listed == set()
                continue
            allowed = {row.pk for row in model.objects.all() if decide(actor, action, Subject.of_person(row))}
            assert listed == allowed


@given(st.lists(st.uuids(), min_size=1, max_size=50, unique=True))
def test_a_pseudonym_leads_back_to_its_id_and_no_two_ids_have_the_same(ids):
    rows = np.frombuffer(b"".join(one.bytes for one in ids), np.uint8).reshape(-1, 16)
    hidden = pseudonyms(rows)
    assert np.array_equal(behind(hidden), rows)
    assert len({one.tobytes() for one in hidden}) == len(ids)
    assert not {one.tobytes() for one in hidden} & {one.bytes for one in ids}


def test_with_another_key_a_pseudonym_leads_nowhere(settings):
    one = np.frombuffer(uuid.UUID(int=7).bytes, np.uint8).reshape(1, 16)
    hidden = pseudonyms(one)
    settings.SEAL_KEY = "another key that is long enough for a test of this sort"
    assert not np.array_equal(behind(hidden), one)
