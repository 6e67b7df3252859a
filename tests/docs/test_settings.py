"""docs/operate.md lists every setting that comes from the environment, and no other."""

from __future__ import annotations

import ast
import re

from tests.docs.pages import ROOT, all_pages, first_cells, page, sections

NAME = re.compile(r"YIWANG_[A-Z_]+|PORT")


def read_by_the_code(folder: str = "yiwang") -> set[str]:
    """Names of settings that stand as whole strings in the folder: that is how they are read."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value):
                found.add(node.value)
    return found


def test_every_setting_of_the_environment_stands_in_the_table_and_no_other():
    table = sections(page("operate.md"), 2)["Settings"]
    assert {name for name in first_cells(table) if NAME.fullmatch(name)} == read_by_the_code()


def test_no_page_names_a_setting_that_is_not_read():
    known = read_by_the_code() | read_by_the_code("benchmarks")
    for path in all_pages():
        named = set(re.findall(r"YIWANG_[A-Z_]+", path.read_text(encoding="utf-8")))
        assert named <= known, path.name
