"""What a person answers becomes values, and every slip is told at its place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.forms.generated import TEXTS, cases
from yiwang.core.forms import check, describe, read

TODAY = date(2026, 9, 24)


def form(required=(), **properties):
    return read({"type": "object", "properties": properties, "required": list(required)})


def text(**more):
    return {"type": "string", "title": "t", **more}


def judged(made, answers):
    return check(made, answers, TODAY)


def codes(checked) -> dict[str, str]:
    return {one.path: one.code for one in checked.wrong}


def test_a_family_counts_its_income_once_every_member_has_one():
    made = form(
        members={
            "type": "array",
            "title": "成员",
            "items": {
                "type": "object",
                "properties": {
                    "name": text(),
                    "income": {"type": "integer", "format": "money", "title": "收入", "minimum": 0},
                },
                "required": ["name"],
            },
        },
        total={"type": "integer", "format": "money", "title": "合计", "x-value": "sum(members.income)"},
        each={"type": "boolean", "title": "?", "x-value": "total < 100000 and count(members) > 1"},
    )
    done = judged(
        made, {"members": [{"name": "张三", "income": "１,200.5"}, {"name": "李四", "income": "0"}]}
    )
    assert done.good
    assert (done.values["total"], done.values["each"]) == (120050, False)
    unknown = judged(made, {"members": [{"name": "张三", "income": "1"}, {"name": "李四"}]})
    assert unknown.good and "total" not in unknown.values
    assert codes(judged(made, {"members": [{"income": "-1"}]})) == {
        "members.0.name": "required",
        "members.0.income": "small",
    }


def test_rows_in_which_nothing_is_answered_are_none_and_the_others_keep_their_places():
    made = form(
        rows={
            "type": "array",
            "title": "r",
            "minItems": 1,
            "items": {"type": "object", "properties": {"n": {"type": "integer", "title": "n"}}},
        }
    )
    assert codes(judged(made, {"rows": [{"n": " "}, {"n": "x"}]})) == {"rows.1.n": "whole"}
    assert codes(judged(made, {"rows": [{"n": " "}]})) == {"rows": "few"}


def test_what_is_not_asked_is_neither_required_nor_kept():
    made = form(
        required=["married", "spouse"],
        married={"type": "boolean", "title": "m"},
        spouse=text(**{"x-when": "married"}),
    )
    assert codes(judged(made, {"married": "yes"})) == {"spouse": "required"}
    single = judged(made, {"married": "no", "spouse": "left over"})
    assert single.good and single.values == {"married": False} and single.hidden == ("spouse",)
    assert codes(judged(made, {})) == {"married": "required"}


@pytest.mark.parametrize(
    "kind, typed, value",
    [
        ("date", "2026年9月1日", "2026-09-01"),
        ("date", "20240229", "2024-02-29"),
        ("date", "2026/9/24", "2026-09-24"),
        ("phone", "+86 138-1234-5678", "13812345678"),
        ("phone", "（024）88000000", "024-88000000"),
        ("id-number", " 110105 19491231 002x ", "11010519491231002X"),
        ("org-code", "91350100m000100y43", "91350100M000100Y43"),
    ],
)
def test_codes_and_dates_are_read_as_people_type_them(kind, typed, value):
    assert judged(form(a=text(format=kind)), {"a": typed}).values == {"a": value}


@pytest.mark.parametrize(
    "kind, typed",
    [
        *[("date", one) for one in ("2026-02-29", "26-1-1", "2026-13-01", "1899-12-31", "昨天")],
        *[("phone", one) for one in ("110", "1381234567", "12812345678", "88000000")],
        *[
            ("id-number", one)
            for one in ("110105194912310021", "11010519491331002X", "991050194912310020", "1101051949123")
        ],
        *[("org-code", one) for one in ("91350100M000100Y44", "91350100I000100Y43", "9135")],
    ],
)
def test_a_wrong_code_or_date_is_told_with_what_it_should_be(kind, typed):
    assert codes(judged(form(a=text(format=kind)), {"a": typed})) == {"a": kind}


@pytest.mark.parametrize(
    "schema, typed, code, params",
    [
        (text(maxLength=2), "三个字", "long", {"most": 2}),
        (text(minLength=3), "😀😀", "short", {"least": 3}),
        (text(pattern="[0-9]{2}"), "123", "pattern", {}),
        ({"type": "integer", "title": "n", "maximum": 5}, "6", "large", {"most": 5}),
        ({"type": "integer", "format": "money", "title": "n"}, "1.234", "money", {}),
        ({"type": "boolean", "title": "n", "const": True}, "no", "consent", {}),
        ({"type": "boolean", "title": "n", "const": True}, "", "consent", {}),
        ({"type": "string", "enum": ["a"], "title": "n"}, "b", "choice", {}),
        (text(format="date", **{"x-past": True}), "2026-09-25", "future", {}),
        (
            {
                "type": "array",
                "uniqueItems": True,
                "title": "n",
                "minItems": 2,
                "items": {"type": "string", "enum": ["a", "b"]},
            },
            ["a", "a"],
            "few",
            {"least": 2},
        ),
    ],
)
def test_each_bound_is_told_with_its_number(schema, typed, code, params):
    wrong = judged(form(a=schema), {"a": typed}).wrong
    assert [(one.path, one.code, dict(one.params)) for one in wrong] == [("a", code, params)]


@settings(max_examples=60)
@given(cases())
def test_every_answer_is_judged_and_a_value_is_there_only_where_nothing_is_wrong(case):
    schema, answers = case
    done = check(read(schema), answers, TODAY)
    for one in done.wrong:
        assert not any(one.path == path or one.path.startswith(f"{path}.") for path in done.hidden)
        value = done.values
        for part in one.path.split(".")[:-1]:
            value = value.get(part, {}) if isinstance(value, dict) else {}
        if isinstance(value, dict) and one.code not in ("few", "many"):
            assert one.path.split(".")[-1] not in value


@settings(max_examples=60)
@given(cases())
def test_answers_judged_twice_are_the_same_and_the_description_is_plain(case):
    import json

    schema, answers = case
    made = read(schema)
    assert check(made, answers, TODAY) == check(made, answers, TODAY)
    assert json.loads(json.dumps(describe(made, TODAY)))["today"] == "2026-09-24"


@given(TEXTS, st.sampled_from(["whole", "money", "date", "phone", "id-number", "org-code"]))
def test_a_value_that_is_typed_in_again_is_read_as_itself(typed, kind):
    schema = {"whole": {"type": "integer"}, "money": {"type": "integer", "format": "money"}}.get(
        kind, {"type": "string", "format": kind}
    )
    made = form(a=schema | {"title": "a"})
    done = judged(made, {"a": typed})
    if "a" in done.values:
        value = done.values["a"]
        again = f"{abs(value) // 100}.{abs(value) % 100:02d}" if kind == "money" else str(value)
        if kind == "money" and value < 0:
            again = f"-{again}"
        assert judged(made, {"a": again}).values == {"a": value}
