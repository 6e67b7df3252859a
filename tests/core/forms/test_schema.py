"""A form outside the part that both sides know is refused at its place."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings

from tests.core.forms.generated import schemas
from yiwang.core.forms import BadExpression, Expression, SchemaProblem, problems_of, read

GOOD = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "title": "姓名", "maxLength": 20},
        "kind": {"type": "string", "title": "种类", "enum": ["a", "b"], "x-names": {"a": ["甲", "A"]}},
        "rows": {
            "type": "array",
            "title": "行",
            "items": {"type": "object", "properties": {"n": {"type": "integer", "title": "数"}}},
        },
        "total": {"type": "integer", "title": "合计", "x-value": "sum(rows.n)"},
    },
}


def changed(path: str, value):
    schema = copy.deepcopy(GOOD)
    *above, last = path.split(".")
    place = schema
    for one in above:
        place = place[one]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return schema


def test_a_sound_form_is_read():
    assert problems_of(GOOD) == []
    assert [path for path, _field in read(GOOD).every()] == ["name", "kind", "rows", "rows.n", "total"]


@pytest.mark.parametrize(
    "path, value, where, said",
    [
        ("type", "array", "type", "object"),
        ("required", ["nmae"], "required", "not there"),
        ("properties.name.title", None, "properties.name.title", "title"),
        ("properties.name.type", "text", "properties.name.type", "types and formats"),
        ("properties.name.format", "email", "properties.name.format", "email"),
        ("properties.name.maxlength", 3, "properties.name.maxlength", "maxlength"),
        ("properties.name.minLength", 30, "properties.name.minLength", "more than the most"),
        ("properties.name.pattern", "(a+)+", "properties.name.pattern", "plain pattern"),
        ("properties.name.pattern", "(?=a)", "properties.name.pattern", "plain pattern"),
        ("properties.name.pattern", r"\w+", "properties.name.pattern", "plain pattern"),
        ("properties.kind.enum", [], "properties.kind.enum", "different texts"),
        ("properties.kind.enum", ["a", "a"], "properties.kind.enum", "different texts"),
        ("properties.kind.x-names", {"c": ["丙"]}, "properties.kind.x-names", "each value"),
        ("properties.total.x-value", "sum(rows.m)", "properties.total.x-value", "no rows of that name"),
        ("properties.total.x-value", "sum(rwos.n)", "properties.total.x-value", "rwos"),
        ("properties.name.x-when", "total > 1", "properties.name.x-when", "before this one"),
        ("properties.total.x-value", "__import__('os')", "properties.total.x-value", "there are only"),
        (
            "properties.rows.items",
            {"type": "object", "properties": {}},
            "properties.rows.items.properties",
            "properties",
        ),
        ("properties.kind.const", True, "properties.kind.const", "const"),
        ("properties.Name", {"type": "string", "title": "x"}, "properties.Name", "small letters"),
    ],
)
def test_each_slip_is_refused_at_its_place(path, value, where, said):
    found = problems_of(changed(path, value))
    assert [".".join(map(str, one.path)) for one in found] == [where]
    assert said in str(found[0])


def test_several_slips_are_told_at_once():
    schema = changed("properties.name.title", None)
    schema["properties"]["kind"]["enum"] = []
    assert len(problems_of(schema)) == 2


@settings(max_examples=60)
@given(schemas)
def test_every_generated_form_is_read(schema):
    assert read(schema).fields


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a[0]",
        "a / b",
        "a < b < c",
        "lambda: 1",
        "f(a)",
        "sum(a)",
        "'x' in a",
        "1.5",
        "a is b",
        "a ** 9",
        "_a",
    ],
)
def test_what_is_outside_the_language_is_refused(text):
    with pytest.raises(BadExpression):
        Expression(text)


@pytest.mark.parametrize(
    "text, known, value",
    [
        ("a + b * 2", {"a": 1, "b": 3}, 7),
        ("a + b", {"a": 1}, None),
        ("a and b", {"a": False}, False),
        ("a or b", {"a": True}, True),
        ("a and b", {"a": True}, None),
        ("a == 1", {"a": True}, False),
        ("a in ['x', 'y']", {"a": "y"}, True),
        ("known(a) or b", {"b": False}, False),
        ("years(a, b)", {"a": "2008-02-29", "b": "2026-02-28"}, 17),
        ("years(a, b)", {"a": "2008-02-29", "b": "2026-03-01"}, 18),
        ("a < b", {"a": "x", "b": "y"}, None),
        ("a < b", {"a": "2026-01-01", "b": "2026-01-02"}, True),
        ("sum(r.n) + count(r)", {"r": [{"n": 2}, {"n": 3}]}, 7),
        ("sum(r.n)", {"r": [{"n": 2}, {}]}, None),
        ("sum(r.n)", {"r": []}, 0),
        ("a * a", {"a": 2**40}, None),
        ("a == b", {"a": [], "b": []}, None),
    ],
)
def test_expressions_know_the_unknown(text, known, value):
    assert Expression(text)(known.get) is value or Expression(text)(known.get) == value


def test_a_schema_problem_says_its_place():
    with pytest.raises(SchemaProblem) as found:
        read({"type": "object", "properties": {"a": {"type": "string"}}})
    assert found.value.path == ("properties", "a", "title")
