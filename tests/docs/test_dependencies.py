"""docs/dependencies.md has one line for each direct dependency, with the licence that the package states."""

from __future__ import annotations

import re
from importlib import metadata

import pytest

from tests.docs.pages import ROOT, page, rows, sections

FILES = {"core.in": "At run time", "dev.in": "For tests and development"}


def required(name: str) -> set[str]:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"[A-Za-z0-9_.-]+", line) for line in lines if not line.startswith(("-", "#")))
    return {one[0].lower() for one in found if one}


def documented(heading: str) -> dict[str, str]:
    """Package -> licence."""
    table = rows(sections(page("dependencies.md"), 2)[heading])
    return {row[0].lower(): row[1] for row in table if row[0] != "package"}


@pytest.mark.parametrize("file", FILES)
def test_every_direct_dependency_has_its_line_and_no_other(file):
    assert set(documented(FILES[file])) == required(file)


@pytest.mark.parametrize("file", FILES)
def test_the_licence_is_the_one_that_the_installed_package_states(file):
    for name, licence in documented(FILES[file]).items():
        about = metadata.metadata(name)
        expression = about.get("License-Expression")
        if expression:
            assert licence == expression, name
            continue
        # Older metadata has only words: at least the family must be theirs.
        words = [about.get("License") or "", *(about.get_all("Classifier") or ())]
        stated = " ".join(word for word in words if not word.startswith("Prog")).lower()
        if "licen" in stated or about.get("License"):
            assert licence.split("-")[0].lower() in stated, name


def test_nothing_under_the_agpl_is_used_at_run_time():
    assert not any("AGPL" in licence for licence in documented("At run time").values())
