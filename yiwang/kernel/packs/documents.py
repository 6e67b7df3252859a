"""Reading one file of a pack, keeping for every value the line where it stands."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
LARGEST = {".yaml": 4 * MEGABYTE, ".bpmn": MEGABYTE, ".geojson": 32 * MEGABYTE, ".csv": 256 * MEGABYTE}
DEEPEST = 24
KeyPath = tuple[Any, ...]  # the keys and positions that lead to a value


class Unreadable(Exception):
    """The file can't be read as what it should be; `line` is where the reading stopped."""

    def __init__(self, message: str, advice: str = "", line: int = 1):
        super().__init__(message)
        self.message, self.advice, self.line = message, advice, line


class Document(NamedTuple):
    """The values of a file, and the line of each by the path that leads to it."""

    data: Any
    lines: Mapping[KeyPath, int]


def read_text(path: Path) -> str:
    """The file's text. Raises Unreadable when it is too large or not UTF-8."""
    largest = LARGEST.get(path.suffix, MEGABYTE)
    size = path.stat().st_size
    if size > largest:
        raise Unreadable(
            _("the file has %(size).1f MB; at most %(largest)d MB are read")
            % {"size": size / MEGABYTE, "largest": largest // MEGABYTE},
            _("Split it into several files."),
        )
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Unreadable(
            _("the file is not UTF-8 text"),
            _("Save it as UTF-8 (not GBK or UTF-16)."),
            data.count(b"\n", 0, wrong.start) + 1,
        ) from None


def read_yaml(path: Path) -> Document:
    """A YAML file as plain values. No tags of other types, no anchors, no key twice: raises Unreadable.

    What is given is shared by all who read the same text: nobody changes it.
    """
    return _yaml_of(read_text(path))


@lru_cache(maxsize=512)  # a proposal reads the pack three times, of which one file has changed
def _yaml_of(text: str) -> Document:
    if _may_be_deep(text):
        _refuse_deep(text)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Document({}, {(): 1})
        return _Values(loader).document(node)
    except yaml.YAMLError as wrong:
        raise _invalid(wrong) from None
    finally:
        loader.dispose()


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BRACKET = re.compile(r"[\[\]{}]")
_DASHES = re.compile(rf"(?:[-?] +){{{DEEPEST}}}")


def _may_be_deep(text: str) -> bool:
    """Whether brackets or dashes might nest deeply; brackets inside texts may deceive it."""
    depth = 0
    for found in _BRACKET.finditer(text):
        depth += 1 if found[0] in "[{" else -1
        if depth > DEEPEST:
            return True
    return _DASHES.search(text) is not None


def _refuse_deep(text: str) -> None:
    """The parser builds nested values by recursion without a bound and would take the whole program down."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEEPEST:
                raise Unreadable(_("the values are nested too deeply"), line=event.start_mark.line + 1)
    except yaml.YAMLError as wrong:
        raise _invalid(wrong) from None


def _invalid(wrong: yaml.YAMLError) -> Unreadable:
    mark = getattr(wrong, "problem_mark", None) or getattr(wrong, "context_mark", None)
    problem = getattr(wrong, "problem", None) or getattr(wrong, "context", None) or str(wrong)
    return Unreadable(
        _("this is not valid YAML: %(problem)s") % {"problem": problem},
        _("Check the indentation and the colons here and on the line before."),
        mark.line + 1 if mark else 1,
    )


_PLAIN_TAGS = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


class _Values:
    """Turns YAML nodes into values, noting lines on the way."""

    def __init__(self, loader: Any):
        self._scalar: Callable = loader.construct_object
        self._lines: dict[KeyPath, int] = {}
        self._seen: set[int] = set()

    def document(self, node: yaml.Node) -> Document:
        return Document(self._value(node, ()), self._lines)

    def _value(self, node: yaml.Node, path: KeyPath) -> Any:
        line = node.start_mark.line + 1
        self._lines[path] = line
        if isinstance(node, yaml.ScalarNode):
            try:
                return self._scalar(node)
            except ValueError:
                raise Unreadable(
                    _("%(value)s is no date or number") % {"value": node.value}, line=line
                ) from None
        # A node met twice comes from an alias; ten aliases of ten aliases are how small files become huge.
        if id(node) in self._seen:
            raise Unreadable(
                _("anchors and aliases (& and *) are not allowed"), _("Write the value out."), line
            )
        self._seen.add(id(node))
        if len(path) > DEEPEST:
            raise Unreadable(_("the values are nested too deeply"), line=line)
        if node.tag not in _PLAIN_TAGS:
            raise Unreadable(_("the tag %(tag)s is not allowed") % {"tag": node.tag}, line=line)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(child, (*path, n)) for n, child in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict:
        values: dict = {}
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            key = self._scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str | int):
                raise Unreadable(_("a key must be a word"), line=line)
            if key in values:
                raise Unreadable(
                    _("the key %(key)s stands here twice") % {"key": key}, _("Keep one of them."), line
                )
            values[key] = self._value(child, (*path, key))
            self._lines[(*path, key)] = line
        return values


_CODE = re.compile(r'"code"\s*:\s*"([^"\\]{1,40})"')


def read_geojson(path: Path) -> Document:
    """A FeatureCollection. Lines are known of the features that have a `code`: path ("features", code)."""
    text = read_text(path)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise Unreadable(
            _("this is not valid JSON: %(problem)s") % {"problem": wrong.msg}, line=wrong.lineno
        ) from None
    except RecursionError:
        raise Unreadable(_("the values are nested too deeply")) from None
    if not isinstance(data, dict) or not isinstance(data.get("features"), list):
        raise Unreadable(
            _("this is not a GeoJSON FeatureCollection"),
            _("Give an object with type, source, status, features."),
        )
    lines: dict[KeyPath, int] = {(): 1}
    line = start = 0
    for found in _CODE.finditer(text):
        line += text.count("\n", start, found.start())
        start = found.start()
        lines.setdefault(("features", found[1]), line + 1)
    return Document(data, lines)


def read_csv(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The header and the rows with their lines. Raises Unreadable for a row with more or fewer cells."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    rows = []
    try:
        header = [name.strip() for name in next(reader, [])]
        if not any(header):
            raise Unreadable(_("the file has no header row"))
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                raise Unreadable(
                    _("the row has %(cells)d cells, the header %(header)d")
                    % {"cells": len(cells), "header": len(header)},
                    _("Put text that has a comma into quotation marks."),
                    reader.line_num,
                )
            rows.append((reader.line_num, dict(zip(header, (c.strip() for c in cells), strict=True))))
    except csv.Error as wrong:
        raise Unreadable(
            _("this is not valid CSV: %(problem)s") % {"problem": wrong}, line=reader.line_num
        ) from None
    return header, rows
