"""docs/api.md names every address of the API, every status it explains is one that exists, and nothing else."""

from __future__ import annotations

import re

from tests.docs.pages import page, rows, sections
from tests.faces.api.test_openapi import DOCUMENT, OPERATIONS
from yiwang.kernel import errors
from yiwang.kernel.access import limits

PAGE = page("api.md")


def test_every_address_has_its_line_and_every_line_its_address():
    named = {tuple(found) for found in re.findall(r"^\| `([A-Z]+) (/\S+)`", PAGE, re.MULTILINE)}
    assert named == {(method.upper(), path.removeprefix("/api/v1")) for path, method in OPERATIONS}


def test_the_statuses_of_our_problems_are_explained():
    explained = {int(row[0]) for row in rows(sections(PAGE, 2)["Errors"]) if row[0].isdigit()}
    ours = {
        one.status
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.Problem)
    }
    assert ours <= explained


def test_the_limit_for_residents_is_the_one_that_is_written():
    assert f"report ({limits.REPORTS.burst} in ten minutes" in PAGE and limits.REPORTS.seconds == 600


def test_the_data_of_a_form_is_told_by_names_that_the_document_has():
    assert "data" in DOCUMENT["components"]["schemas"]["CompleteIn"]["properties"]
