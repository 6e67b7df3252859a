"""The critical path: generated permits, each delayed by a moment, and every chain walked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yiwang.domains.approvals.critical import Part, critical

Given = dict[int, tuple[int, int, tuple[int, ...]]]  # permit -> (applied for at, takes, needs)


@st.composite
def permits(draw) -> Given:
    """Up to eight permits; each needs some of those before it. Small numbers, so that many end together."""
    found: Given = {}
    for key in range(draw(st.integers(1, 8))):
        needs = draw(st.sets(st.integers(0, key - 1), max_size=3)) if key else set()
        found[key] = (draw(st.integers(0, 6)), draw(st.integers(0, 4)), tuple(sorted(needs)))
    return found


def ends(given_: Given, later: int | None = None) -> dict[int, int]:
    """When each ends, if `later` takes one moment more."""
    found: dict[int, int] = {}
    for key, (release, takes, needs) in given_.items():
        found[key] = max([release, *(found[one] for one in needs)]) + takes + (key == later)
    return found


def parts(given_: Given) -> dict[int, Part]:
    when = ends(given_)
    return {key: Part(release, when[key], needs) for key, (release, _takes, needs) in given_.items()}


def chains(given_: Given, key: int) -> list[list[int]]:
    """Every way back from a permit to one that waits for none, or that was applied for late."""
    _release, _takes, needs = given_[key]
    return [[key]] + [[*way, key] for one in needs for way in chains(given_, one)]


@given(permits(), st.data())
def test_a_permit_is_critical_when_its_delay_delays_the_end(given_, data):
    last = data.draw(st.sets(st.sampled_from(sorted(given_)), min_size=1))
    whole = max(ends(given_)[key] for key in last)
    slow = {key for key in given_ if max(ends(given_, key)[one] for one in last) > whole}
    assert set(critical(parts(given_), last)) == slow


@given(permits(), st.data())
def test_the_critical_permits_are_those_of_the_longest_chains(given_, data):
    last = data.draw(st.sets(st.sampled_from(sorted(given_)), min_size=1))
    ways = [way for key in last for way in chains(given_, key)]
    lengths = [given_[way[0]][0] + sum(given_[one][1] for one in way) for way in ways]
    longest = {one for way, n in zip(ways, lengths, strict=True) if n == max(lengths) for one in way}
    assert max(lengths) == max(ends(given_)[key] for key in last)
    assert set(critical(parts(given_), last)) == longest


def test_of_two_that_end_together_both_are_critical_and_what_had_time_is_not():
    found = critical(
        {
            "land": Part(0, 4),
            "scheme": Part(0, 10, ("land",)),
            "heritage": Part(0, 10, ("land",)),
            "soil": Part(0, 3),
            "works": Part(0, 14, ("scheme", "heritage", "soil", "covered by an assessment")),
        },
        ["works", "soil"],
    )
    assert found == ("land", "scheme", "heritage", "works")


def test_what_was_applied_for_late_waited_for_nobody():
    assert critical({"land": Part(0, 4), "works": Part(20, 25, ("land",))}, ["works"]) == ("works",)
    assert critical({}, ["works"]) == ()
