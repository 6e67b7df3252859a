"""The national project code: what is taken, what is refused and why."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.codes import CodeError, parse_project_code


@pytest.mark.parametrize(
    "typed", ["2104-210104-04-01-123456", "21042101040401123456", "２１０４ 210104 04 01 123456"]
)
def test_a_code_is_read_as_people_type_it(typed):
    found = parse_project_code(typed)
    assert found.value == "2104-210104-04-01-123456" and len(found.value) == 24
    assert (found.year, found.month, found.area, found.serial) == (2021, 4, "210104", 123456)


@pytest.mark.parametrize(
    "typed, code",
    [
        ("", "empty"),
        ("2104-210104-04-01-12345", "length"),
        ("2104-21O104-04-01-123456", "characters"),
        ("2113-210104-04-01-123456", "date"),
        ("2104-010104-04-01-123456", "area"),
        ("2104-210000-04-01-123456", "area"),
        ("2104-210104-04-01-000000", "range"),
    ],
)
def test_what_is_no_code_is_refused_with_the_reason(typed, code):
    with pytest.raises(CodeError) as refused:
        parse_project_code(typed)
    assert refused.value.code == code


@given(st.text(max_size=40))
def test_no_text_breaks_it(text):
    with suppress(CodeError):
        assert len(parse_project_code(text).value) == 24
