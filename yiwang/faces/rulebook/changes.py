"""What changed between two versions of the pack, in plain words: pure, from two bodies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.core.process import Process, ProcessError, read
from yiwang.core.worktime import Limit, LimitError
from yiwang.faces.rulebook import words
from yiwang.kernel.packs.diff import ADDED, CHANGED, REMOVED, Change, compare
from yiwang.kernel.ui import moments

SHORT = 160
HIDDEN = frozenset(
    {"slug", "code", "standard", "digest", "line", "incoming", "outgoing", "timers", "lane", "id"}
)
# What matters most to those who work with it comes first.
ORDER = "pack parameters programmes conditions duties processes kinds posts post_kinds units reasons settings classes crosswalk".split()


@dataclass(frozen=True, slots=True)
class Line:
    """A field that differs: its name, and both values in words."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Told:
    """One entry that differs, in words. `note` says what it belongs to."""

    what: str  # added | removed | changed
    title: str
    note: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one section: `counts` of all of them by what they are, the first of them told in words."""

    section: str
    name: str
    counts: Mapping[str, int]
    told: tuple[Told, ...]

    def count(self, what: str) -> int:
        return self.counts.get(what, 0)

    @property
    def more(self) -> int:
        """How many are counted and not told."""
        return sum(self.counts.values()) - len(self.told)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A process of which both drawings are shown: ids to mark in each, and what changed in words."""

    slug: str
    name: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    told: tuple[Told, ...]


def groups(old: Mapping[str, Any], new: Mapping[str, Any], most: int | None = None) -> list[Group]:
    """The changes by section, `most` of each told in words; processes are told by `drawn`."""
    by_section: dict[str, list[Change]] = {}
    for change in compare(old, new):
        if change.section != "processes":
            by_section.setdefault(change.section, []).append(change)
    order = {name: place for place, name in enumerate(ORDER)}
    return [
        Group(
            section,
            words.section(section),
            Counter(change.what for change in changes),
            tuple(_told(change, old, new) for change in changes[:most]),
        )
        for section, changes in sorted(by_section.items(), key=lambda item: order.get(item[0], len(order)))
    ]


def drawn(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Drawn]:
    """The processes that changed."""
    before, after = old["sections"]["processes"], new["sections"]["processes"]
    found = []
    for slug in {**before, **after}:
        was, now = _process(before.get(slug)), _process(after.get(slug))
        if (was, now) != (None, None) and before.get(slug) != after.get(slug):
            found.append(process_changes(slug, was, now))
    return found


def process_changes(slug: str, was: Process | None, now: Process | None) -> Drawn:
    """Which nodes and flows differ, by their ids."""
    told: list[Told] = []
    marks: dict[str, list[str]] = {ADDED: [], REMOVED: [], CHANGED: []}
    for part, of in (("nodes", _node_lines), ("flows", _flow_lines)):
        olds, news = (getattr(one, part) if one else {} for one in (was, now))
        for own in {**olds, **news}:
            what, lines = _difference(olds.get(own), news.get(own), of)
            if what:
                marks[what].append(own)
                told.append(Told(what, _title_of(own, olds, news, was, now), "", lines))
    name = words.name_of(now or was)
    return Drawn(slug, name, *(tuple(marks[what]) for what in (ADDED, REMOVED, CHANGED)), tuple(told))


def _process(entry: Mapping | None) -> Process | None:
    if entry is None:
        return None
    try:
        return read(entry["xml"].encode(), entry["slug"])
    except ProcessError:  # written for an older engine
        return None


def _difference(old: Any, new: Any, lines_of: Callable) -> tuple[str, tuple[Line, ...]]:
    if old is None or new is None:
        return (ADDED if old is None else REMOVED), ()
    lines = lines_of(old, new)
    return (CHANGED if lines else ""), lines


def _node_lines(old: Any, new: Any) -> tuple[Line, ...]:
    names = dict.fromkeys(f.name for one in (old, new) for f in fields(one))
    return _lines({name: (getattr(old, name, None), getattr(new, name, None)) for name in names})


def _flow_lines(old: Any, new: Any) -> tuple[Line, ...]:
    def of(flow: Any) -> dict:
        return {
            "name": flow.name,
            "name_en": flow.name_en,
            "target": flow.target,
            "condition": flow.condition.text if flow.condition else "",
        }

    before, after = of(old), of(new)
    return _lines({name: (before[name], after[name]) for name in before})


def _title_of(own: str, olds: Mapping, news: Mapping, was: Process | None, now: Process | None) -> str:
    one = news.get(own) or olds.get(own)
    if hasattr(one, "source"):
        process = now if own in news else was
        ends = [words.name_of(process.nodes[node]) or node for node in (one.source, one.target)]
        return _("the way %(source)s → %(target)s") % {"source": ends[0], "target": ends[1]}
    return words.name_of(one) or own


def _told(change: Change, old: Mapping, new: Mapping) -> Told:
    row = (new if change.what != REMOVED else old)["sections"].get(change.section, {}).get(change.key, {})
    body = new if change.what != REMOVED else old
    title, note = _heading(change, row, body)
    if change.what == CHANGED:
        return Told(change.what, title, note, _lines(change.fields, body))
    return Told(change.what, title, note, _whole(change, row, body))


def _heading(change: Change, row: Mapping, body: Mapping) -> tuple[str, str]:
    """What the entry is called, and what it belongs to."""
    english = words.english()
    name = (english and (row.get("name_en") or row.get("title_en"))) or row.get("name") or row.get("title")
    if change.section == "conditions":
        text = (english and row.get("text_en")) or row.get("text", "")
        return text, _class_name(body, row.get("standard", ""), row.get("class_code", ""))
    if change.section == "duties":
        prefix = row.get("class_prefix", "")
        what = _class_name(body, row.get("standard", ""), prefix) or prefix or _("everything else")
        return what, _entry_name(body, "areas", row.get("area"))
    if change.section == "crosswalk":
        return f"{row.get('from_code')} → {row.get('to_code')}", str(row.get("from_standard", ""))
    if change.section == "pack":
        return (english and body["title_en"]) or body["title"], ""
    if change.key == "*":
        return words.section(change.section), ""
    return str(name or change.key), "" if not name else change.key


def _class_name(body: Mapping, standard: str, code: str) -> str:
    classes = body["sections"]["classes"]
    for kind in ("matter", "component", "topic"):
        row = classes.get(f"{standard} {kind} {code}")
        if row:
            return f"{code} {(words.english() and row['name_en']) or row['name']}"
    return code


def _entry_name(body: Mapping, section: str, key: str | None) -> str:
    row = body["sections"][section].get(key or "")
    if row is None:
        return key or ""
    return (words.english() and row.get("name_en")) or row["name"]


def _whole(change: Change, row: Mapping, body: Mapping) -> tuple[Line, ...]:
    """Of an entry that came or went, what a reader wants to know of it."""
    wanted = ("limit", "unit", "area", "close_text", "value", "status")
    added = change.what == ADDED
    lines = []
    for name in wanted:
        if row.get(name) not in (None, ""):
            said = _said(name, row[name], body)
            lines.append(Line(words.field(name), "" if added else said, said if added else ""))
    return tuple(lines)


def _lines(pairs: Mapping[str, tuple[Any, Any]], body: Mapping | None = None) -> tuple[Line, ...]:
    return tuple(
        Line(words.field(name), _said(name, old, body), _said(name, new, body))
        for name, (old, new) in pairs.items()
        if name not in HIDDEN and old != new
    )


def _said(name: str, value: Any, body: Mapping | None = None) -> str:
    """A value in words."""
    if value in (None, "", (), [], {}):
        return "—"
    if name in ("limit", "duration") and isinstance(value, str):
        return _limit(value)
    if name == "status":
        return words.status(str(value))
    if body is not None and name in ("unit", "parent", "area") and isinstance(value, str):
        section = "areas" if value.isdigit() else "units"
        return _entry_name(body, section, value)
    if isinstance(value, Mapping):
        value = (
            [f"{key}: {one}" if isinstance(one, str) else f"{key}" for key, one in value.items()]
            if all(isinstance(one, str) for one in value.values())
            else orjson.dumps(dict(value)).decode()
        )
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        value = pgettext("between names in a list", ", ").join(value)
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def _limit(text: str) -> str:
    if text.startswith("$"):
        return _("by the filing condition")
    try:
        return moments.limit_text(Limit.parse(text))
    except LimitError:
        return text
