"""The pages of the documentation as the tests read them: headings, sections, tables, code, links."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"^```.*?^```[^\n]*$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.MULTILINE)
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")


@cache
def page(name: str) -> str:
    """The text of a page: `packs.md` in docs, or a path from the root with a slash or in capitals."""
    path = DOCS / name
    return (path if path.is_file() else ROOT / name).read_text(encoding="utf-8")


def all_pages() -> list[Path]:
    """Every page that we write: docs, the root's, and the README files of the code and the packs."""
    found = [*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "yiwang").rglob("README.md")]
    return sorted([*found, *(ROOT / "packs").glob("*/README.md")])


def without_blocks(text: str) -> str:
    return _FENCE.sub("", text)


def blocks(text: str) -> list[str]:
    """The fenced code blocks."""
    return _FENCE.findall(text)


def headings(text: str) -> list[tuple[int, str]]:
    """(level, text without backticks) of every heading."""
    return [(len(found[1]), found[2].replace("`", "")) for found in _HEADING.finditer(without_blocks(text))]


def sections(text: str, level: int) -> dict[str, str]:
    """Heading of this level -> everything under it, its smaller headings too. Code blocks stay."""
    hidden = _FENCE.sub(lambda found: re.sub(r"^#", "\x00", found[0], flags=re.MULTILINE), text)
    starts = [(len(f[1]), f[2].replace("`", ""), f.start(), f.end()) for f in _HEADING.finditer(hidden)]
    found = {}
    for n, (depth, name, _start, end) in enumerate(starts):
        if depth == level:
            stop = next((s for d, _name, s, _end in starts[n + 1 :] if d <= level), len(hidden))
            found[name] = hidden[end:stop].replace("\x00", "#")
    return found


def code(text: str) -> set[str]:
    """What stands between single backticks."""
    return set(_CODE.findall(without_blocks(text)))


def first_cells(text: str) -> list[str]:
    """The code in the first column of every table."""
    lines = (line for line in without_blocks(text).splitlines() if line.startswith("| "))
    return [name for line in lines for name in _CODE.findall(line.split("|")[1])]


def rows(text: str) -> list[list[str]]:
    """The body rows of the tables, as cells without backticks."""
    found = []
    for line in without_blocks(text).splitlines():
        cells = [cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and not set("".join(cells)) <= set("-: "):
            found.append(cells)
    return found


def links(text: str) -> list[str]:
    """The targets of links and pictures, in order."""
    return [plain or picture for plain, picture in _LINK.findall(without_blocks(text))]


def anchor(heading: str) -> str:
    """The anchor that a code host gives a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")
