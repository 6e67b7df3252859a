"""Reads the files of one pack folder into raw entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.packs import documents, entries, explaining, files
from yiwang.kernel.packs.documents import KeyPath, Unreadable
from yiwang.kernel.packs.findings import Finding, Where, error, nearest, warning
from yiwang.kernel.packs.packtext import Layer, Progress

Add = Callable[[str, Layer, dict[str, Any], dict[KeyPath, Where]], None]  # section, layer, raw entry, lines


class LayerReader:
    """Reads the files of one folder and gives each raw entry to `add`."""

    def __init__(self, layer: Layer, add: Add, findings: list[Finding], progress: Progress | None = None):
        self.layer, self._add, self.findings, self.progress = layer, add, findings, progress
        self.standards: set[str] = set()

    def add(self, section: str, data: dict[str, Any], at: dict[KeyPath, Where]) -> None:
        self._add(section, self.layer, data, at)

    def read(self) -> None:
        for path in self._paths():
            name = path.relative_to(self.layer.folder).as_posix()
            file = f"{self.layer.folder.name}/{name}"
            if self.progress:
                self.progress(file, 0, 0)
            try:
                self._file(path, name, file)
            except Unreadable as wrong:
                self.findings.append(error((file, wrong.line), wrong.message, wrong.advice))

    def _paths(self) -> Iterator[Path]:
        """The pack's files. A folder `source` keeps what files were made from, and is left alone."""
        root = self.layer.folder
        for path in sorted(root.rglob("*")):
            inside = path.relative_to(root).parts
            if path.is_file() and not any(
                part.startswith((".", "__")) or part == "source" for part in inside
            ):
                yield path

    def _file(self, path: Path, name: str, file: str) -> None:
        if name in ("pack.yaml", files.COMPONENTS_HEADER):
            return
        if name == files.OUTLINES:
            self._features(path, file, "outlines", ("code", "centre"))
        elif name == files.ROADS:
            self._features(path, file, "roads", None)
        elif name == files.COMPONENTS:
            self._components(path, file)
        elif fnmatchcase(name, files.PROCESSES):
            text = documents.read_text(path)
            self.add("processes", {"slug": path.stem, "xml": text}, {(): Where(file, 1)})
        elif fnmatchcase(name, files.PROGRAMMES):
            text = documents.read_text(path)
            self.add("programmes", {"slug": path.stem, "text": text}, {(): Where(file, 1)})
        else:
            kind = next((kind for kind in files.FILES if kind.matches(name)), None)
            if kind is not None:
                self._yaml(kind, path, file)
            elif path.suffix in files.CHECKED_ENDINGS:
                self._unknown(name, file)

    def _unknown(self, name: str, file: str) -> None:
        self.findings.append(
            warning(
                (file, 1),
                _("a pack has no file of this name; it is not read"),
                nearest(name, [p for p in files.KNOWN_PATTERNS if "*" not in p]),
            )
        )

    def _yaml(self, kind: files.FileKind, path: Path, file: str) -> None:
        data, lines = documents.read_yaml(path)
        if not isinstance(data, dict):
            raise Unreadable(_("the file must be keys with values"))
        if kind.shape == "document":
            key = files.SECTIONS[kind.section].key[0]
            data = {key: path.stem} | data
            self.add(kind.section, data, {p: Where(file, n) for p, n in lines.items()})
            return
        header = {k: v for k, v in data.items() if k != kind.items}
        for one in files.header_errors(kind, header):
            message, advice = explaining.explain(one, (*kind.header, kind.items))
            self.findings.append(error((file, lines.get(one["loc"], 1)), message, advice))
        for name in kind.required:
            if not isinstance(header.get(name), str):
                raise Unreadable(_("the file lacks %(key)s") % {"key": name})
        if kind.section == "classes":
            self._standard(header, lines, file)
        lines_of: dict[Any, dict[KeyPath, Where]] = defaultdict(dict)
        for path_, n in lines.items():
            if len(path_) > 1 and path_[0] == kind.items:
                lines_of[path_[1]][path_[2:]] = Where(file, n)
        for place, raw in self._items(kind, data.get(kind.items, [])):
            at = lines_of[place]
            self._item(kind, header, place, raw, at, {k: Where(file, lines[(k,)]) for k in header})

    def _items(self, kind: files.FileKind, items: Any) -> Iterator[tuple[Any, Any]]:
        expected = dict if kind.shape == "mapping" else list
        if not isinstance(items, expected):
            what = _("entries by name") if expected is dict else _("a list of entries")
            raise Unreadable(_("%(key)s must hold %(what)s") % {"key": kind.items, "what": what})
        yield from (items.items() if expected is dict else enumerate(items))

    def _item(
        self,
        kind: files.FileKind,
        header: dict,
        place: Any,
        raw: Any,
        at: dict[KeyPath, Where],
        header_at: dict,
    ) -> None:
        if kind.shape == "rows":
            raw = self._pair(header, raw, at)
            if raw is None:
                return
        if not isinstance(raw, dict):
            self.findings.append(error(at[()], _("an entry must be keys with values")))
            return
        section = files.SECTIONS[kind.section]
        model_fields = set(section.model.model_fields) if section.model else set()
        taken = {k: v for k, v in header.items() if k in model_fields and v is not None and k in kind.header}
        data = taken | raw
        if kind.shape == "mapping":
            data = {section.key[0]: place} | data
        if kind.section == "chiefs" and "code" not in data:
            data["code"] = "-".join(str(data.get(k, "")) for k in ("road", "level", "post"))
        for name in taken:
            at.setdefault((name,), header_at[name])
        self.add(kind.section, data, at)

    def _pair(self, header: dict, raw: Any, at: dict[KeyPath, Where]) -> dict | None:
        if not isinstance(raw, list) or len(raw) != 4:
            self.findings.append(
                error(
                    at[()],
                    _("a pair has four parts: old kind, old code, new kind, new code"),
                )
            )
            return None
        names = ("from_kind", "from_code", "to_kind", "to_code")
        at |= {(name,): at[(n,)] for n, name in enumerate(names)}
        return {"from_standard": header["from"], "to_standard": header["to"]} | dict(
            zip(names, raw, strict=True)
        )

    def _standard(self, header: dict, lines: Mapping[KeyPath, int], file: str) -> None:
        at = {(): Where(file, 1)} | {p: Where(file, n) for p, n in lines.items() if len(p) == 1}
        fields = set(entries.StandardEntry.model_fields)
        data = {k: v for k, v in header.items() if k in fields}
        if data["standard"] not in self.standards:  # a standard may be spread over several files
            self.standards.add(data["standard"])
            self.add("standards", data, at)

    def _features(self, path: Path, file: str, section: str, kept: tuple[str, ...] | None) -> None:
        """`kept` are the properties to take; None takes all, so that unknown ones are refused."""
        document, lines = documents.read_geojson(path)
        taken = {k: document[k] for k in files.HEADER if k in document}
        for n, feature in enumerate(document["features"], start=1):
            properties = feature.get("properties") if isinstance(feature, dict) else None
            if not isinstance(properties, dict):
                message = _("feature %(n)d has no properties") % {"n": n}
                self.findings.append(error((file, 1), message))
                continue
            line = lines.get(("features", str(properties.get("code"))), 1)
            own = {k: v for k, v in properties.items() if kept is None or k in kept}
            data = taken | own | {"geometry": feature.get("geometry")}
            self.add(section, data, {(): Where(file, line)})

    def _components(self, path: Path, file: str) -> None:
        header = path.with_suffix(".yaml")
        taken: dict[str, Any] = {}
        if header.is_file():
            data, _lines = documents.read_yaml(header)
            taken = {k: data[k] for k in files.HEADER if isinstance(data, dict) and k in data}
        columns, rows = documents.read_csv(path)
        unknown = [c for c in columns if c not in entries.ComponentEntry.model_fields]
        if unknown:
            advice = nearest(unknown[0], entries.ComponentEntry.model_fields)
            raise Unreadable(_("there is no column %(column)s") % {"column": unknown[0]}, advice)
        for n, (line, row) in enumerate(rows):
            if self.progress and n % 2000 == 0:
                self.progress(file, n, len(rows))
            self.add("components", taken | row, {(): Where(file, line)})
