"""Every example of docs/worktime.md is computed; every rule of the code is in the page."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT, page, rows
from yiwang.core import worktime
from yiwang.kernel.registers.pack_calendar import pack_calendar

PAGE = page("worktime.md")
EXAMPLES = [row for row in rows(PAGE) if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", row[0])]


def test_there_are_examples_of_every_unit():
    assert {worktime.Limit.parse(row[1]).unit for row in EXAMPLES} == set(worktime.UNITS)


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: " ".join(row[:3]))
def test_an_example_of_the_page_is_what_is_computed(row):
    start, limit, extra, expected = row[:4]
    holds = [worktime.Hold.parse(one) for one in re.findall(r"hold (\S+ ?\S*)(?:;|$)", extra)]
    more = re.search(r"extension (\w+)", extra)
    found = worktime.due(
        pack_calendar(),
        worktime.parse_moment(start),
        worktime.Limit.parse(limit),
        holds,
        worktime.Limit.parse(more[1]) if more else None,
    )
    said = "on hold" if found.moment is None else found.moment.strftime("%Y-%m-%d %H:%M")
    assert said == expected.split(" (")[0]
    assert ("provisional" in expected) == found.provisional


def test_every_numbered_rule_of_the_code_is_a_rule_of_the_page():
    head = (ROOT / "yiwang/core/worktime/due.py").read_text(encoding="utf-8").split('"""')[1]
    numbers = re.findall(r"^    (\d+)\. ", head, re.MULTILINE)
    assert len(numbers) >= 15
    assert re.findall(r"^\*\*Rule (\d+)\.\*\*", PAGE, re.MULTILINE) == numbers


def test_every_reason_of_the_strip_is_explained():
    from yiwang.core.worktime.days import REASONS

    assert {row[0] for row in rows(PAGE)} >= set(REASONS)
