"""docs/glossary.md has the field's words: every class that gives its Chinese name is there with it."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT, page, rows

_CLASS = re.compile(r"^class (\w+)\b[^#\n]*: *# *([^\n]*[\u4e00-\u9fff][^\n]*)$", re.MULTILINE)


def named_in_code(folder: str = "yiwang") -> dict[str, str]:
    """Class -> the Chinese beside it."""
    found = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for name, chinese in _CLASS.findall(path.read_text(encoding="utf-8")):
            found.setdefault(chinese, name)
    return {name: chinese for chinese, name in found.items()}


def test_every_class_that_gives_its_chinese_name_is_in_the_glossary_with_it():
    table = rows(page("glossary.md"))
    missing = {}
    for name, chinese in named_in_code().items():
        terms = [term for term in re.split(r"[/,:、;；：]| {2,}", chinese) if term.strip()]
        first = terms[0].strip()
        if not any(first in row[1] for row in table):
            missing[name] = first
    assert not missing


def test_every_row_of_the_glossary_gives_english_chinese_and_source():
    for row in rows(page("glossary.md")):
        assert len(row) == 3, row
        assert all(row), row


def test_no_word_stands_twice_in_the_glossary():
    words = [row[0] for row in rows(page("glossary.md")) if row[0] != "English"]
    assert len(words) == len(set(words))


def test_every_action_on_a_matter_is_in_the_glossary_with_the_chinese_of_its_docstring():
    text = (ROOT / "yiwang/kernel/matters/actions.py").read_text(encoding="utf-8")
    told = re.findall(r'^def [a-z]\w*\(.*?"""([^"]*)"""', text, re.MULTILINE | re.DOTALL)
    words = {word for doc in told for word in re.findall(r"[(（]([\u4e00-\u9fff]+)[)）]", doc)}
    assert words
    shown = " ".join(row[1] for row in rows(page("glossary.md")))
    assert not {word for word in words if word not in shown}
