"""A form of core.forms on a page: what was sent becomes answers, rows come and go, errors are said in words."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given, settings

from tests.core.forms.generated import cases
from yiwang.core import forms
from yiwang.core.forms import check, leaves, read
from yiwang.kernel.ui import schema_forms
from yiwang.kernel.ui.styleguide import asked

TODAY = date(2026, 9, 24)
FORM = read(asked.FORM)


def sent(text: str) -> QueryDict:
    return QueryDict(text.encode(), encoding="utf-8")


def test_what_a_request_brings_becomes_the_tree_of_answers():
    data = sent(
        "name=张三&kind=family&spouse.name=李四&members.0._=1&members.0.income=12&members.1._=1&help=care&true=1&evil=x"
    )
    answers = schema_forms.posted(FORM, data)
    assert answers["spouse"] == {"name": "李四"}
    assert answers["members"] == [{"income": "12"}, {}]
    assert answers["help"] == ["care"] and answers["true"] == "yes"
    assert "evil" not in answers


@pytest.mark.parametrize(
    "button, rows",
    [
        ("_add=members", 3),
        ("_drop=members.0", 1),
        ("_drop=members.9", 2),
        ("_drop=members.x", 2),
        ("_add=name", 2),
        ("", 2),
    ],
)
def test_rows_come_and_go_by_buttons_without_a_script(button, rows):
    data = sent(f"members.0._=1&members.0.name=a&members.1._=1&members.1.name=b&{button}")
    answers = schema_forms.posted(FORM, data)
    schema_forms.pressed(FORM, answers, data)
    assert len(answers["members"]) == rows
    if button == "_drop=members.0":
        assert answers["members"] == [{"name": "b"}]


def test_no_more_rows_are_taken_than_the_form_allows_and_one_to_say_so():
    data = sent("&".join(f"members.{n}._=1&members.{n}.name=x" for n in range(40)))
    assert len(schema_forms.posted(FORM, data)["members"]) == 6


def test_errors_name_the_question_and_what_to_do_and_amounts_are_in_yuan():
    made = read(
        {
            "type": "object",
            "properties": {
                "a": {
                    "type": "integer",
                    "format": "money",
                    "title": "收入",
                    "x-title-en": "Income",
                    "maximum": 100000,
                }
            },
        }
    )
    checked = check(made, {"a": "1000.01"}, TODAY)
    with translation.override("en"):
        assert schema_forms.lines(made, checked) == [{"where": "a", "detail": "Income: At most ¥1,000.00."}]
    with translation.override("zh-hans"):
        assert schema_forms.lines(made, checked)[0]["detail"].startswith("收入：")


def drawn(made, answers, errors=True) -> str:
    checked = check(made, answers, TODAY)
    page = "ui/styleguide/asked.html"
    context = {
        "questions": schema_forms.shown(made, answers, checked, errors=errors),
        "wrong": schema_forms.lines(made, checked),
        "description": schema_forms.for_browser(made, TODAY),
        "lines": schema_forms.read_out(made, checked.values),
    }
    return render_to_string(page, context, RequestFactory().get("/x"))


@settings(max_examples=40)
@given(cases())
def test_every_form_with_every_answer_can_be_drawn_and_nothing_typed_becomes_markup(case):
    schema, answers = case
    html = drawn(read(schema), answers)
    for _path, text in leaves(answers):
        if isinstance(text, str) and "<" in text:
            assert text not in html


def test_a_typed_script_is_shown_as_text():
    html = drawn(FORM, {"name": "</script><script>alert(1)</script>"})
    assert "<script>alert(1)" not in html


def test_answers_read_out_hide_what_is_sensitive_and_leave_out_what_was_not_asked():
    checked = check(FORM, asked.ANSWERS | {"id_number": "11010519491231002X"}, TODAY)
    lines = {line.path: line for line in schema_forms.read_out(FORM, checked.values)}
    assert lines["id_number"].sensitive and not lines["name"].sensitive
    assert lines["members.0.income"].text == "¥1,200.50"
    assert lines["total"].text == "¥1,200.50"
    assert forms.check(FORM, {}, TODAY).values == {"members": [], "total": 0, "help": []}
