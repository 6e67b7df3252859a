"""A material that is no longer asked for: what it saves is what was missing because of it alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.process.drawing import Drawing
from tests.core.process.simulation.scenes import chain, scenario
from tests.core.process.simulation.test_against_the_engine import fast, slow
from yiwang.core.process import Process, read
from yiwang.core.process.simulation import Length, Scenario, SimulationError, compare, reformed
from yiwang.core.process.simulation.compiling import compile_scenario
from yiwang.core.process.simulation.lacking import Lacking


def window() -> Process:
    """Looked at, sent back where something is missing, looked at again, decided; some are refused."""
    d = Drawing()
    d.start()
    d.task("accept", "accept,missing,refuse")
    d.gateway("exclusive", "which")
    d.task("supplement")
    d.task("decide")
    d.end()
    d.end("refused")
    d.path("start", "accept", "which")
    d.flow("which", "supplement", "outcome == 'missing'")
    d.flow("which", "refused", "outcome == 'refuse'")
    d.flow("which", "decide", default=True)
    d.path("supplement", "accept")
    d.path("decide", "end")
    return read(d.xml())


def counted(together: dict[str, float], cases: int = 300) -> Scenario:
    """Waiting for the applicant takes a week."""
    made = scenario(window(), people=None, cases=cases)
    sets = {frozenset(names.split()): share for names, share in together.items()}
    made = made.with_step("accept", outcomes={"accept": 0.9, "refuse": 0.1}, lacking=Lacking(sets))
    return made.with_step("supplement", delay=Length.parse("5wd"))


def outcome(made: Scenario, *settings: str):
    today, after = compare({"": made, "reform": reformed(made, settings)}, 1, 5)
    return today, after


def test_dropping_a_material_that_is_never_missing_changes_nothing() -> None:
    made = reformed(counted({"lease": 0.4}), ["missing.accept.photo=0"])
    _today, after = outcome(made, "without=photo")
    assert {one.mean for one in after.differences.values() if one.mean == one.mean} <= {0.0}
    assert after.differences["days.mean"].low == after.differences["days.mean"].high == 0


def test_dropping_the_material_that_is_always_missing_removes_the_wait() -> None:
    today, after = outcome(counted({"lease": 1.0}), "without=lease")
    assert today.estimates["step.supplement.times"].mean == 1
    assert (
        after.estimates.get("step.supplement.times") is None
        or after.estimates["step.supplement.times"].mean == 0
    )
    change = after.differences["days.mean"]
    assert change.high < -4.5  # the week, with its confidence interval
    assert after.estimates["days.mean"].mean < 1


def test_who_lacks_another_material_too_is_sent_back_all_the_same() -> None:
    today, after = outcome(counted({"lease photo": 0.3, "lease": 0.2}), "without=lease")
    assert today.estimates["step.supplement.times"].mean == pytest.approx(0.5, abs=0.05)
    assert after.estimates["step.supplement.times"].mean == pytest.approx(0.3, abs=0.05)
    _same, both = outcome(counted({"lease photo": 0.3, "lease": 0.2}), "without=lease, photo")
    assert (
        both.estimates.get("step.supplement.times") is None
        or both.estimates["step.supplement.times"].mean == 0
    )


def test_what_is_missing_is_told_once_and_what_is_refused_keeps_its_share() -> None:
    today, _after = outcome(counted({"lease": 1.0}), "without=lease")
    assert today.estimates["step.accept.times"].mean == 2
    assert today.estimates["end.refused"].mean == pytest.approx(0.1, abs=0.03)


def test_where_nothing_is_sent_back_the_clock_stands_for_what_is_missing() -> None:
    made = reformed(
        scenario(chain("review", "decide"), people=None),
        ["missing.review.survey=1 5wd", "missing.review.map=0.2"],
    )
    assert made.step("review").lacking.wait == Length.parse("5wd")
    today, after = outcome(made, "without=survey,map")
    assert after.differences["span.mean"].high < -4  # calendar days: the hold is gone
    assert abs(after.differences["days.mean"].mean) < 1  # counted days never had it


def test_shares_that_somebody_types_take_the_place_of_the_chance_of_the_outcome() -> None:
    made = scenario(window()).with_step("accept", outcomes={"accept": 0.6, "missing": 0.3, "refuse": 0.1})
    found = reformed(made, ["missing.accept.lease=0.2", "missing.accept.photo=0.5"]).step("accept")
    assert found.lacking.chance == pytest.approx(0.6)
    assert found.outcomes == pytest.approx({"accept": 6 / 7, "refuse": 1 / 7})
    assert (
        reformed(made, ["missing.accept.lease=0.2", "missing.accept.lease=0"]).step("accept").lacking.chance
        == 0
    )


@given(
    st.dictionaries(st.frozensets(st.sampled_from("abcd"), min_size=1), st.floats(0, 1), max_size=5),
    st.sampled_from("abcd"), st.sampled_from("abcd"), st.floats(0, 1),
)  # fmt: skip
def test_the_share_of_one_leaves_those_of_the_others_and_dropping_never_raises_what_is_missing(
    weights: dict[frozenset[str], float], one: str, other: str, share: float
) -> None:
    total = sum(weights.values()) or 1
    lacking = Lacking({names: weight / total / 1.1 for names, weight in weights.items()})
    changed = lacking.with_share(one, share)
    assert changed.share(one) == share
    if other != one:
        assert changed.share(other) == pytest.approx(lacking.share(other))
    assert lacking.without(one).chance <= lacking.chance + 1e-12
    assert lacking.without(one).share(one) == 0
    assert lacking.without(one).without(other).chance == pytest.approx(
        lacking.without(other).without(one).chance
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("without=nothing", "no_material"), ("without=", "material"), ("without.lease=1", "material"),
        ("missing.accept.lease=2", "chance"), ("missing.accept.lease=often", "number"), ("missing.accept=0.2", "no_step"),
        ("missing.nowhere.lease=0.2", "no_step"), ("missing.accept.lease=0.2 5wd", "sent_back"),
        ("missing.decide.lease=0.2", "hold"), ("outcome.accept.missing=0.2", "by_material"),
    ],
)  # fmt: skip
def test_a_setting_about_materials_that_makes_no_sense_is_refused(text: str, code: str) -> None:
    with pytest.raises(SimulationError) as refused:
        reformed(counted({"lease": 0.4}), [text])
    assert refused.value.code == code


def test_the_compiled_loop_and_the_engine_agree_on_what_is_missing() -> None:
    made = reformed(
        replace(counted({"lease": 0.3, "lease photo": 0.2}, cases=60)),
        ["missing.decide.survey=0.5 uniform 1wh 2wd"],
    )
    compiled = compile_scenario(made)
    assert fast(compiled, 7) == slow(compiled, 7)
