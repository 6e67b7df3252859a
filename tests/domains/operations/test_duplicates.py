"""Reports of the same trouble are suggested as one: near in place and time, alike in class or words."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.domains.operations.conftest import NOW
from yiwang.core.geo import Point
from yiwang.domains.operations.duplicates import Probe, candidates, likeness, pairs
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions as matters


def moved(point: Point, north_m: float) -> Point:
    return Point(point.lon, point.lat + north_m / 111_200, point.system)


def test_the_same_class_a_few_steps_away_is_suggested_the_nearest_first(submit, inside):
    near = submit(point=moved(inside, 20)).matter
    nearer = submit(point=moved(inside, 5)).matter
    probe = submit(point=inside).matter
    found = candidates(probe, NOW)
    assert [one.number for one in found] == [nearer.number, near.number]
    assert set(found[0].why) >= {"near", "same_class"} and found[0].distance_m in (4, 5, 6)


def test_what_is_far_old_closed_or_of_another_kind_is_not_suggested(submit, inside):
    submit(point=moved(inside, 150))
    submit(point=inside, now=NOW - timedelta(days=8))
    ended = submit(point=inside).matter
    matters.void(actor=SYSTEM, matter=ended.pk, now=NOW, note="x")
    submit("共享单车乱停挡路", point=inside)
    assert candidates(submit(point=inside).matter, NOW) == []


def test_alike_words_are_suggested_although_nobody_knew_the_class(submit, inside):
    first = submit("三号楼门前那个大家伙又响了一整夜", point=inside).matter
    second = submit("三号楼门前那个大家伙又响了一整夜！！", point=inside).matter
    assert [one.number for one in candidates(second, NOW)] == [first.number]


def test_without_a_point_only_alike_words_of_the_same_community_count(submit):
    first = submit("华炉社区三号楼楼道灯不亮", point=None).matter
    submit("华炉社区五号院垃圾桶满了", point=None)
    again = submit("华炉社区三号楼的楼道灯不亮", point=None).matter
    found = candidates(again, NOW)
    assert [(one.number, one.distance_m) for one in found] == [(first.number, None)]
    assert candidates(Probe(text="楼道灯不亮"), NOW) == []


def test_looking_for_doubles_is_one_query(submit, inside, django_assert_num_queries):
    probe = submit(point=inside).matter
    submit(point=inside)
    with django_assert_num_queries(1):
        assert candidates(probe, NOW)


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_symmetric_between_nothing_and_the_same(one, other):
    a, b = pairs(one), pairs(other)
    assert likeness(a, b) == likeness(b, a) and 0 <= likeness(a, b) <= 1
    assert likeness(a, a) == (1 if a else 0)
