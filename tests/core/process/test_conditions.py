"""What may be asked on a sequence flow, and what the answers are."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.process.conditions import BadCondition, Condition, NotComparable, UnknownName

DATA = {"outcome": "yes", "area": 120, "urgent": False, "unit": None, "kinds": ["a", "b"], "面积": 5}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("outcome == 'yes'", True),
        ("outcome != 'yes'", False),
        ("outcome in ('yes', 'no')", True),
        ("outcome not in ['yes']", False),
        ("area > 100 and not urgent", True),
        ("100 <= area < 120", False),
        ("area > 1000 or urgent", False),
        ("unit == None", True),
        ("'a' in kinds", True),
        ("urgent", False),
        ("True", True),
        ("area > -1", True),
        ("面积 == 5", True),
        ("(area > 100) == True", True),
    ],
)
def test_questions_and_answers(text: str, answer: bool) -> None:
    assert Condition(text)(DATA) is answer


def test_a_name_that_the_case_does_not_have_is_not_taken_as_false() -> None:
    with pytest.raises(UnknownName) as error:
        Condition("rooms > 2")(DATA)
    assert error.value.name == "rooms"


@pytest.mark.parametrize("text", ["unit and urgent", "not unit", "area", "unit < 5", "area in 5"])
def test_a_value_that_is_neither_true_nor_false_is_not_taken_for_either(text: str) -> None:
    with pytest.raises(NotComparable):
        Condition(text)(DATA)


def test_the_second_half_is_not_asked_when_the_first_decides() -> None:
    assert Condition("urgent and rooms > 2")(DATA) is False


@pytest.mark.parametrize(
    "text",
    ["", " ", "open('x')", "a.b", "a[0]", "a + 1 > 2", "lambda: 1", "[x for x in a]", "f'{a}'", "a if b else c",
     "__class__ == 1", "1", "'yes'", "[1]", "a is b", "{'a': 1} == a", "(a := 1) == 1", "a\nb", "~a", "-a > 1", "-True > 0",
     "b'x' == a", "1j == a", "... == a", "(" * 300 + ")" * 300],
)  # fmt: skip
def test_anything_else_is_refused_when_it_is_read(text: str) -> None:
    with pytest.raises(BadCondition):
        Condition(text)


@given(st.text(max_size=60))
def test_no_text_does_anything_but_compile_or_be_refused(text: str) -> None:
    try:
        condition = Condition(text)
        condition(DATA)
    except (BadCondition, UnknownName, NotComparable):
        return


def test_a_condition_survives_pickling() -> None:
    condition = pickle.loads(pickle.dumps(Condition("area > 100")))
    assert condition == Condition("area > 100")
    assert condition(DATA)
    assert condition.names == {"area"}
