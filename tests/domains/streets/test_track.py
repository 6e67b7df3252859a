"""The way of a patrol: what is believed of a phone's positions, and how long the line is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yiwang.domains.streets.track import (
    FASTEST_M_PER_S,
    LONGEST_GAP_S,
    WORST_ACCURACY_M,
    Fix,
    believed,
    distance_m,
    length_m,
    takes,
)

near = st.floats(-0.02, 0.02)
fixes = st.lists(
    st.builds(
        lambda t, y, x, accuracy: Fix(t, 41.8 + y, 123.45 + x, accuracy),
        st.floats(0, 40_000),
        near,
        near,
        st.floats(0, 200),
    ),
    max_size=60,
).map(lambda found: sorted(found, key=lambda fix: fix.t))


@given(fixes)
def test_what_was_believed_once_is_believed_again(walked):
    line = believed(walked)
    assert believed(line) == line


@given(fixes)
def test_a_line_holds_no_bad_position_no_jump_and_no_step_back_in_time(walked):
    line = believed(walked)
    assert all(fix.accuracy <= WORST_ACCURACY_M for fix in line)
    for a, b in zip(line, line[1:], strict=False):
        assert b.t > a.t
        assert b.t - a.t > LONGEST_GAP_S or distance_m(a, b) <= FASTEST_M_PER_S * (b.t - a.t)


@given(fixes, st.integers(0, 60))
def test_a_track_that_comes_in_two_pieces_is_as_long_as_one_that_comes_whole(walked, cut):
    line = believed(walked)
    assert believed(line[:cut] + line[cut:]) == line
    joined = length_m(line[:cut]) + length_m(line[max(0, cut - 1) : cut + 1]) + length_m(line[cut:])
    assert abs(joined - length_m(line)) < 1e-6


@given(fixes)
def test_the_way_is_never_shorter_than_from_its_beginning_to_its_end(walked):
    line = believed(walked)
    gaps = any(b.t - a.t > LONGEST_GAP_S for a, b in zip(line, line[1:], strict=False))
    if len(line) > 1 and not gaps:
        assert length_m(line) >= distance_m(line[0], line[-1]) - 1e-6


def test_a_walk_of_a_kilometre_along_a_meridian_is_a_kilometre_long():
    step = 0.0001  # of latitude: 11.12 m
    line = believed(Fix(10.0 * n, 41.8 + step * n, 123.45, 6) for n in range(91))
    assert len(line) == 91
    assert abs(length_m(line) - 1000.75) < 0.5


def test_a_phone_that_lies_on_a_table_walks_nowhere():
    trembling = [Fix(5.0 * n, 41.8 + 0.00002 * (n % 2), 123.45, 12) for n in range(200)]
    assert length_m(believed(trembling)) == 0


def test_the_ride_in_the_lift_and_the_tunnel_is_a_gap_and_no_straight_line():
    line = believed([Fix(0, 41.80, 123.45, 5), Fix(LONGEST_GAP_S + 1, 41.90, 123.45, 5)])
    assert len(line) == 2
    assert length_m(line) == 0


def test_a_position_that_may_be_a_street_away_is_not_taken():
    assert not takes(None, Fix(0, 41.8, 123.4, 51))
    assert not takes(None, Fix(0, float("nan"), 123.4, 5))
