"""What keeps a page from being in one language: missing or wrong translations, texts that nobody marked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from yiwang.kernel.ui import catalogues

PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*([a-zA-Z])")
FLOORS = ("kernel", "domains", "faces", "project")


class Finding(NamedTuple):
    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


def check(package: Path = catalogues.PACKAGE) -> list[Finding]:
    """Everything that is wrong, in the order of files and lines; empty when a page has one language."""
    found = [*untranslated(package), *unmarked_calls(package), *unmarked_templates(package)]
    return sorted(set(found))


def untranslated(package: Path = catalogues.PACKAGE) -> Iterator[Finding]:
    """Texts of the source that a translation lacks, has only guessed, or gives other placeholders."""
    source = catalogues.collect(package)
    for locale, file in catalogues.TRANSLATIONS.items():
        translated = catalogues.read(file, locale)
        for message in source:
            if not message.id:
                continue
            other = translated.get(message.id, message.context)
            for name, line in message.locations:
                for wrong in compare(message, other, locale):
                    yield Finding(name, line, wrong)


def compare(message, other, locale: str) -> Iterator[str]:
    """What is wrong with the translation `other` of `message`."""
    singular = message.id[0] if isinstance(message.id, tuple) else message.id
    if other is None or not catalogues.complete(other):
        state = "is only a guess (fuzzy)" if other is not None and other.fuzzy else "is missing"
        yield f"the {locale} translation of “{singular}” {state}"
        return
    forms = message.id if isinstance(message.id, tuple) else (message.id,)
    allowed = {frozenset(PLACEHOLDER.findall(form)) for form in forms}
    strings = other.string if isinstance(other.string, list | tuple) else (other.string,)
    for string in strings:
        if frozenset(PLACEHOLDER.findall(string)) not in allowed:
            yield f"the {locale} translation of “{singular}” has other placeholders: “{string}”"


def unmarked_calls(package: Path = catalogues.PACKAGE) -> Iterator[Finding]:
    """Calls such as `_(f"…")`, which no extraction can read: they would stay English for ever."""
    for file in sources(package, "*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            if node.func.id not in catalogues.KEYWORDS:
                continue
            first = node.args[0]
            # A name or a look-up may hold texts that gettext_noop marked where they stand.
            if isinstance(first, ast.JoinedStr | ast.BinOp | ast.Call):
                name = file.relative_to(package.parent).as_posix()
                yield Finding(
                    name, node.lineno, f"{node.func.id}() needs plain text: put values in by placeholder"
                )


MARKED = re.compile(r"\{%-?\s*(trans|blocktrans)\b.*?%\}.*?\{%-?\s*end\1\s*-?%\}", re.DOTALL)
# Not seen as they stand: a text put aside for an attribute, the classes of the body.
ASIDE = re.compile(
    r"\{%-?\s*set\s+\w+\s*-?%\}.*?\{%-?\s*endset\s*-?%\}"
    r"|\{%-?\s*block\s+body_class\s*-?%\}.*?\{%-?\s*endblock",
    re.DOTALL,
)
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SILENT = re.compile(
    r"<!--.*?-->|<(svg|code|pre|script|style)\b.*?</\1>|<!doctype[^>]*>", re.DOTALL | re.IGNORECASE
)
SPOKEN = re.compile(r"""\b(?:title|alt|placeholder|aria-label)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
TAG = re.compile(r"<[^>]*>", re.DOTALL)
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")


def unmarked_templates(package: Path = catalogues.PACKAGE) -> Iterator[Finding]:
    """Words in a template that are neither a variable nor marked for translation."""
    for file in sources(package, "*.html"):
        if "templates" not in file.parts:
            continue
        name = file.relative_to(package.parent).as_posix()
        for line, text in bare_words(file.read_text(encoding="utf-8")):
            yield Finding(name, line, f'“{text}” is not marked for translation: write {{{{ _("…") }}}}')


def bare_words(template: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each visible word that stands in a template as it is."""
    text = template
    for pattern in (MARKED, ASIDE, JINJA, SILENT):
        text = pattern.sub(blank, text)
    for match in SPOKEN.finditer(text):
        said = (match[1] or match[2] or "").strip()
        if WORD.search(said):
            yield text.count("\n", 0, match.start()) + 1, said
    text = TAG.sub(blank, text)
    for number, row in enumerate(text.split("\n"), 1):
        for piece in re.split(r"\s{2,}", row):
            if WORD.search(re.sub(r"&\w+;", "", piece)):
                yield number, piece.strip()


def blank(match: re.Match) -> str:
    """Two spaces, and as many line ends as the match had, so that line numbers stay true."""
    return "  " + "\n" * match[0].count("\n")


def sources(package: Path, pattern: str) -> Iterator[Path]:
    for floor in FLOORS:
        for file in sorted((package / floor).rglob(pattern)):
            if "migrations" not in file.parts and "vendor" not in file.parts:
                yield file
