"""What changed between two packs, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import gettext as _

from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs import amending, register_rows
from yiwang.kernel.packs.body import body_of, canonical
from yiwang.kernel.packs.findings import Where
from yiwang.kernel.packs.models import PackVersion
from yiwang.kernel.packs.packtext import PackText
from yiwang.kernel.packs.reader import find_pack, read_pack

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
SIGNS = {ADDED: "+", REMOVED: "-", CHANGED: "~"}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that differs. `fields` gives old and new value of each field that does."""

    section: str
    key: str
    what: str  # added | removed | changed
    fields: Mapping[str, tuple[Any, Any]]
    where: Where | None = None  # in the newer folder, when it is one

    def __str__(self) -> str:
        head = f"{SIGNS[self.what]} {self.section} {self.key}"
        place = f"  ({self.where})" if self.where else ""
        if self.what != CHANGED:
            name = next((v for pair in (self.fields.get("name"),) if pair for v in pair if v), "")
            return f"{head} {name}".rstrip() + place
        return "\n".join(
            [head + place, *(f"    {name}: {_said(*pair)}" for name, pair in self.fields.items())]
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "section": self.section,
            "key": self.key,
            "what": self.what,
            "fields": {name: {"old": old, "new": new} for name, (old, new) in self.fields.items()},
            "where": str(self.where) if self.where else None,
        }


def compare(
    old: Mapping[str, Any] | None, new: Mapping[str, Any], pack: PackText | None = None
) -> Iterator[Change]:
    """The changes from one body to another; `pack` is the folder that `new` was read from, to name lines."""
    before = old or {"sections": {}, "bulk": {}}
    yield from _manifest(old, new)
    for section, entries in new["sections"].items():
        theirs = before["sections"].get(section, {})
        for key in {**theirs, **entries}:
            change = _entry(section, key, theirs.get(key), entries.get(key))
            if change is not None:
                yield _placed(change, pack)
    for section, bulk in new["bulk"].items():
        theirs = before["bulk"].get(section, {"count": 0, "digest": ""})
        if theirs["digest"] != bulk["digest"] and (theirs["count"] or bulk["count"]):
            fields = {
                name: (theirs[name], bulk[name]) for name in ("count", "digest") if theirs[name] != bulk[name]
            }
            yield Change(section, "*", CHANGED, fields)


def _manifest(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> Iterator[Change]:
    names = ("name", "version", "title", "title_en", "status", "district", "layers")
    was = old or {}
    fields = {name: (was.get(name), new[name]) for name in names if was.get(name) != new[name]}
    if fields:
        yield Change("pack", new["name"], CHANGED if old else ADDED, fields)


def _entry(section: str, key: str, old: Mapping | None, new: Mapping | None) -> Change | None:
    if old == new:
        return None
    what = ADDED if old is None else REMOVED if new is None else CHANGED
    was, now = old or {}, new or {}
    fields = {
        name: (was.get(name), now.get(name)) for name in {**was, **now} if was.get(name) != now.get(name)
    }
    return Change(section, key, what, fields)


def _placed(change: Change, pack: PackText | None) -> Change:
    entry = pack.section(change.section).get(change.key) if pack else None
    if entry is None:
        return change
    first = next(iter(change.fields), None) if change.what == CHANGED else None
    where = entry.where(first) if first else entry.where()
    return Change(change.section, change.key, change.what, change.fields, where)


def _said(old: Any, new: Any) -> str:
    if isinstance(old, str) and isinstance(new, str) and "\n" in old + new:
        lines = list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0))[2:]
        plus = sum(line.startswith("+") for line in lines)
        minus = sum(line.startswith("-") for line in lines)
        return _("%(plus)d lines more, %(minus)d lines fewer") % {"plus": plus, "minus": minus}
    return f"{_short(old)} → {_short(new)}"


def _short(value: Any) -> str:
    if value is None or value == "":
        return "—"
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= 80 else text[:77] + "…"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a body, and the folder that it was read from, if it was."""

    label: str
    body: Mapping[str, Any] | None
    pack: PackText | None = None
    in_force: bool = False


def side(given: str | Path) -> Side:
    """A pack by folder or name, or a loaded version by `current`, number, version text or the start of its digest.

    A folder wins over a version of the same name. `current` before anything was loaded is empty. Raises NotFound.
    """
    text = str(given)
    if text == "current":
        row = PackVersion.objects.filter(current=True).first()
        return Side(str(row), orjson.loads(row.body), in_force=True) if row else Side("—", None)
    try:
        pack = read_pack(find_pack(given))
        amending.amend(pack, amending.approved())
    except NotFound:
        row = _version(text)
        if row is None:
            raise
        return Side(str(row), orjson.loads(row.body))
    return Side(str(pack.folder), orjson.loads(canonical(body_of(pack))), pack)


def _version(text: str) -> PackVersion | None:
    rows = PackVersion.objects.order_by("-loaded_at", "-pk")
    if text.isdigit() and (row := rows.filter(pk=int(text)).first()):
        return row
    if row := rows.filter(version=text).first():
        return row
    return rows.filter(digest__startswith=text.lower()).first() if len(text) >= 6 else None


def diff(a: str | Path, b: str | Path) -> list[Change]:
    """What to change in `a` to have `b`; each is a folder, a pack's name or a loaded version (see `side`)."""
    old, new = side(a), side(b)
    if new.body is None:
        raise NotFound(_("No pack is loaded. Run: yiwang pack load"), code="no_pack")
    changes = list(compare(old.body, new.body, new.pack))
    if not old.in_force or new.pack is None:
        return changes
    # The rows of bulk sections are compared with the registers, since versions keep only their digest.
    return [row for change in changes for row in (_rows(change, new.pack) if change.key == "*" else [change])]


def _rows(change: Change, pack: PackText) -> Iterator[Change]:
    for key, fields in register_rows.differences(pack, change.section):
        olds, news = zip(*fields.values(), strict=True)
        what = CHANGED
        if all(value is None for value in olds):
            what = ADDED
        elif all(value is None for value in news):
            what = REMOVED
        yield _placed(Change(change.section, key, what, fields), pack)
