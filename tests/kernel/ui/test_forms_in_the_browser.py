"""The browser judges answers as the server does: the same generated answers through both."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import Phase, given, settings

from tests.core.forms.generated import cases
from tests.data import ROOT
from yiwang.core.forms import check, describe, read

TODAY = date(2026, 9, 24)
SCRIPT = ROOT / "yiwang/kernel/ui/static/ui/form-check.js"
CASES = 400


def generated() -> list[tuple]:
    found: list[tuple] = []

    @settings(max_examples=CASES, phases=[Phase.generate], database=None, derandomize=True)
    @given(cases())
    def collect(case):
        found.append(case)

    collect()
    return found


@pytest.mark.browser
def test_browser_and_server_find_the_same_values_the_same_errors_and_ask_the_same_questions(chromium):
    given_ = generated()
    page = chromium.new_page()
    page.add_script_tag(content=SCRIPT.read_text("utf-8") + "\nwindow.judge = check;", type="module")
    page.wait_for_function("window.judge !== undefined")
    forms = [read(schema) for schema, _answers in given_]
    sent = [[describe(form, TODAY), answers] for form, (_schema, answers) in zip(forms, given_, strict=True)]
    told = page.evaluate("cases => cases.map(([form, answers]) => judge(form, answers))", sent)
    page.close()
    assert len(told) >= CASES // 2
    with_errors = with_values = 0
    for form, (schema, answers), browser in zip(forms, given_, told, strict=True):
        server = check(form, answers, TODAY)
        ours = {
            "values": server.values,
            "wrong": [
                {"path": one.path, "code": one.code, "params": dict(one.params)} for one in server.wrong
            ],
            "hidden": list(server.hidden),
        }
        assert browser == ours, (schema, answers)
        with_errors += bool(server.wrong)
        with_values += bool(server.values)
    assert with_errors > 20 and with_values > 20
