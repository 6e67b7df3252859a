"""Settings in words, and how a wrong one is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.process.drawing import Drawing
from tests.core.process.simulation.scenes import chain, looped, scenario
from yiwang.core.process import read
from yiwang.core.process.simulation import Length, SimulationError, estimate, reformed
from yiwang.core.process.simulation.compiling import compile_scenario
from yiwang.core.process.simulation.lengths import NATURAL, OFFICE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("people.decide=0", "people"), ("people.decide=many", "people"), ("people.nobody=1", "no_pool"),
        ("share.decide=0", "share"), ("work.decide=soon", "length"), ("work.decide=uniform 3wh 1wh", "length"),
        ("work.decide=uniform 1wh 2d", "length"), ("work.nowhere=1wh", "no_step"), ("outcome.decide.on=1.2", "chance"),
        ("outcome.decide.later=0.2", "outcome"), ("outcome.accept.done=0.5", "chances"), ("hold.decide=0.2", "hold"),
        ("drop.decide=later", "outcome"), ("parallel=decide", "parallel"), ("parallel=issue,decide", "early"),
        ("limit=soon", "limit"), ("cases=0", "cases"), ("cases=x", "cases"), ("colour=red", "setting"), ("people", "setting"),
        ("drop.decide=again", "never_ends"), ("outcome.decide.again=1", "never_ends"),
    ],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_refused_by_its_name(text: str, code: str) -> None:
    made = scenario(looped())
    with pytest.raises(SimulationError) as refused:
        compile_scenario(reformed(made, [text]))
    assert refused.value.code == code


def test_settings_follow_one_another() -> None:
    made = reformed(
        scenario(looped()),
        ["people.decide=3", "people.decide=-1", "work.decide=2wh", "work.decide=*0.5", "outcome.decide.again=0.2",
         "limit=40wd", "limit.issue=1wd", "cases=77"],
    )  # fmt: skip
    assert made.pools["decide"].people == 2
    assert made.step("decide").work.mean == 3600
    assert made.step("decide").outcomes == pytest.approx({"again": 0.2, "on": 0.8})
    assert (str(made.promise), str(made.step("issue").promise), made.arrivals.cases) == ("40wd", "1wd", 77)
    assert reformed(made, ["people.decide=all"]).pools["decide"].people is None


@given(
    st.sampled_from(("uniform", "triangular", "lognormal", "exponential", "fixed")),
    st.lists(st.integers(1, 500), min_size=3, max_size=3).map(sorted), st.sampled_from(("min", "wh", "wd", "h", "d")),
)  # fmt: skip
def test_a_length_has_rising_quantiles_in_one_kind_of_time(shape: str, numbers: list[int], unit: str) -> None:
    count = {"uniform": 2, "triangular": 3, "lognormal": 2}.get(shape, 1)
    words = [f"{number}{unit}" for number in numbers[:count]]
    length = Length.parse(" ".join(([shape] if shape != "fixed" else []) + words))
    assert list(length.knots) == sorted(length.knots)
    assert length.clock == (NATURAL if unit in ("h", "d") else OFFICE)
    assert length.knots[0] >= 0


def test_lengths_have_the_middle_that_they_name() -> None:
    assert Length.parse("uniform 1wh 3wh").mean == pytest.approx(7200)
    assert Length.parse("triangular 1wh 2wh 6wh").mean == pytest.approx(3 * 3600, rel=0.01)
    assert Length.parse("exponential 2wh").mean == pytest.approx(7200, rel=0.01)
    assert Length.parse("lognormal 2wh 8wh").at(0.5) == pytest.approx(7200)
    assert Length.parse("lognormal 2wh 8wh").at(0.9) == pytest.approx(8 * 3600, rel=0.02)
    assert Length.of_values([1, 2, 3, 4]).at(0.5) == 2.5


def test_a_task_that_only_a_timer_ends_stays_open_until_then() -> None:
    d = Drawing()
    d.start()
    d.task("publicity", "objection")
    d.boundary("seven", "publicity", duration="P7D")
    d.end()
    d.path("start", "publicity", "end")
    d.flow("seven", "end")
    made = scenario(read(d.xml()), cases=100).with_step("publicity", outcomes={"objection": 0.0})
    found = estimate(made, 1, 2).estimates
    assert 7 <= found["span.median"].mean <= 9
    with pytest.raises(SimulationError, match="only a task that a timer can end"):
        scenario(chain("accept"), cases=10).with_step("accept", outcomes={"done": 0.5}).check()


def test_what_a_condition_reads_must_be_given() -> None:
    d = Drawing()
    d.start()
    d.task("ask")
    d.gateway("exclusive", "which")
    d.task("left")
    d.end()
    d.path("start", "ask", "which")
    d.flow("which", "left", "big == True")
    d.flow("which", "end", default=True)
    d.path("left", "end")
    made = scenario(read(d.xml()), cases=10)
    with pytest.raises(SimulationError) as refused:
        compile_scenario(made)
    assert (refused.value.code, refused.value.where) == ("missing_name", "data.big")
    assert estimate(reformed(made, ["data.big=true"]), 1, 1).estimates["step.left.times"].mean == 1
