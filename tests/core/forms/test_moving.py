"""A draft survives a new version of its form: what still fits is kept, what was dropped is told."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.forms.generated import answers_of, cases, schemas
from yiwang.core.forms import leaves, move, read
from yiwang.core.forms.moving import _readable


def form(**properties):
    return read({"type": "object", "properties": properties})


def text(**more):
    return {"type": "string", "title": "t", **more}


def test_a_renamed_question_keeps_its_answer_and_a_dropped_one_is_told():
    old = form(name=text(), fax=text(), kind=text(enum=["a", "b"]))
    new = form(full_name=text(**{"x-was": "name"}), kind=text(enum=["b", "c"]))
    moved = move({"name": "张三", "fax": "024-1", "kind": "a"}, new, old)
    assert moved.answers == {"full_name": "张三"}
    assert [(one.path, one.answer, one.why) for one in moved.dropped] == [
        ("fax", "024-1", "gone"),
        ("kind", "a", "kind"),
    ]


def test_a_text_that_became_too_long_stays_for_the_person_to_shorten():
    moved = move({"a": "很长很长的话"}, form(a=text(maxLength=2)), form(a=text()))
    assert moved.answers == {"a": "很长很长的话"} and not moved.dropped


def test_what_was_half_typed_stays_half_typed():
    schema = text(format="date")
    assert move({"a": "2026-"}, form(a=schema), form(a=schema)).answers == {"a": "2026-"}
    told = move({"a": "下周"}, form(a=schema), form(a=text()))
    assert told.answers == {} and told.dropped[0].why == "kind"


def test_rows_beyond_the_new_most_and_lost_choices_are_told():
    rows = {"type": "array", "title": "r", "items": {"type": "object", "properties": {"n": text()}}}
    many = {
        "type": "array",
        "title": "c",
        "uniqueItems": True,
        "items": {"type": "string", "enum": ["x", "y"]},
    }
    moved = move(
        {"r": [{"n": "1"}, {"n": ""}, {"n": "2"}, {"n": "3"}], "c": ["x", "z"]},
        form(r=rows | {"maxItems": 2}, c=many),
    )
    assert moved.answers == {"r": [{"n": "1"}, {"n": "2"}], "c": ["x"]}
    assert [(one.path, one.answer) for one in moved.dropped] == [("r.2.n", "3"), ("c", "z")]


def rows(**properties):
    return {"type": "array", "title": "r", "items": {"type": "object", "properties": properties}}


def several(*choices):
    return {
        "type": "array",
        "title": "c",
        "uniqueItems": True,
        "items": {"type": "string", "enum": list(choices)},
    }


def test_a_group_or_rows_that_became_choices_are_told():
    group = {"type": "object", "title": "g", "properties": {"n": text()}}
    moved = move({"a": {"n": "1"}}, form(a=several("x")), form(a=group))
    assert moved.answers == {} and [(one.path, one.answer, one.why) for one in moved.dropped] == [
        ("a.n", "1", "kind")
    ]
    moved = move({"a": [{"n": "1"}]}, form(a=several("x")), form(a=rows(n=text())))
    assert moved.answers == {} and [(one.path, one.answer) for one in moved.dropped] == [("a.0.n", "1")]


def test_choices_that_became_rows_are_told():
    moved = move({"a": ["x", "y"]}, form(a=rows(n=text())), form(a=several("x", "y")))
    assert moved.answers == {} and [(one.answer, one.why) for one in moved.dropped] == [(["x", "y"], "kind")]


@settings(max_examples=60)
@given(cases())
def test_into_the_same_form_everything_is_kept(case):
    schema, answers = case
    made = read(schema)
    asked = _asked(made.fields, answers)
    moved = move(asked, made, made)
    lost = {one.path for one in moved.dropped if one.why not in ("kind", "rows")}
    assert not lost
    kept, before = list(leaves(moved.answers)), list(leaves(asked))
    assert len(kept) + len(moved.dropped) >= len(before)


def _asked(fields, answers):
    found = {}
    for field in fields:
        if field.name not in answers or not field.asked:
            continue
        inner = answers[field.name]
        if field.kind == "group":
            inner = _asked(field.fields, inner)
        elif field.kind == "rows":
            inner = [_asked(field.fields, row) for row in inner]
        found[field.name] = inner
    return found


@settings(max_examples=60)
@given(st.data())
def test_no_answer_that_still_fits_is_lost_and_none_is_lost_untold(data):
    old_schema, new_schema = data.draw(schemas), data.draw(schemas)
    old, new = read(old_schema), read(new_schema)
    answers = data.draw(answers_of(old.fields))
    moved = move(answers, new, old)
    told = [one.answer for one in moved.dropped]
    _compare(answers, moved.answers, new.fields, told)


def _compare(before: Mapping, after: Mapping, fields, told) -> None:
    for name, answer in before.items():
        if not any(True for _leaf in leaves({name: answer})):
            continue
        field = next((one for one in fields if one.name == name and one.asked), None)
        kept = after.get(name)
        if field is not None and isinstance(answer, str) and field.kind not in ("group", "rows", "choices"):
            if _readable(answer, field):
                assert kept == answer
            else:
                assert kept == answer or answer in told
        elif field is not None and field.kind == "group" and isinstance(answer, Mapping):
            _compare(answer, kept or {}, field.fields, told)
        else:
            for _path, leaf in leaves({name: answer}):
                parts = leaf if isinstance(leaf, list) else [leaf]
                there = [one for _p, one in leaves({name: kept})] if kept is not None else []
                flat = [part for one in there for part in (one if isinstance(one, list) else [one])]
                assert all(not part.strip() or part in flat or part in told or leaf in told for part in parts)
