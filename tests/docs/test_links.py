"""Nothing in the documentation points into the void: links, anchors, files, functions, make targets."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.docs.pages import DOCS, ROOT, all_pages, anchor, blocks, code, headings, links, page

PAGES = {path.relative_to(ROOT).as_posix(): path for path in all_pages()}
TOPS = ("yiwang/", "packs/", "docs/", "tests/", "benchmarks/", "requirements/", ".ci/")
_PLACE = re.compile(r"((?:yiwang|packs|docs|tests|benchmarks|requirements|\.ci)/[\w./-]+)(?::(\w+))?")


@pytest.mark.parametrize("name", PAGES)
def test_every_relative_link_leads_to_a_file_and_every_anchor_to_a_heading(name):
    path = PAGES[name]
    for link in links(path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, fragment = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        if fragment:
            there = {anchor(text) for _level, text in headings(target.read_text(encoding="utf-8"))}
            assert fragment in there, link


@pytest.mark.parametrize("name", PAGES)
def test_every_file_and_every_function_that_a_page_names_exists(name):
    for word in code(PAGES[name].read_text(encoding="utf-8")):
        place = _PLACE.fullmatch(word)
        if not place:
            continue
        path = ROOT / place[1]
        assert path.exists(), f"{word} in {name}"
        if place[2]:
            assert defines(place[1], place[2]), f"{word} in {name}"


@cache
def defines(file: str, name: str) -> bool:
    text = (ROOT / file).read_text(encoding="utf-8")
    return re.search(rf"^\s*(?:def|class) {name}\b|^{name}\b.*=", text, re.MULTILINE) is not None


def test_the_readme_names_the_two_commands_and_every_make_target_that_a_page_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= set(re.findall(r"make ([a-z-]+)", page("README.md")))
    for path in PAGES.values():
        text = path.read_text(encoding="utf-8")
        said = {
            t
            for part in (*code(text), *blocks(text))
            for t in re.findall(r"(?<!vendor )\bmake ([a-z][a-z-]*)", part)
        }
        assert said <= targets, path.name


def test_every_page_of_docs_is_reached_from_the_readme():
    seen, front = set(), [ROOT / "README.md"]
    while front:
        path = front.pop()
        if path in seen or path.suffix != ".md" or not path.exists():
            continue
        seen.add(path)
        for link in links(path.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", link):
                front.append((path.parent / link.partition("#")[0]).resolve())
    assert set(DOCS.rglob("*.md")) <= seen


def test_measured_figures_stand_in_the_benchmark_file_that_the_line_links_to():
    """A bold figure in a line that links to a result must be in that result."""
    for name, path in PAGES.items():
        for line in path.read_text(encoding="utf-8").splitlines():
            results = re.findall(r"\(([^()\s]*benchmarks/results/[\w.-]+)\)", line)
            if not results:
                continue
            said = "".join((path.parent / one).resolve().read_text(encoding="utf-8") for one in results)
            for figure in re.findall(r"\*\*([\d.,]+)\*\*", line):
                assert figure in said, f"{figure} in {name}"
