"""Reads a pack: a folder of text files, and the packs below it that it extends.

`read_pack` never stops at the first slip. What can't be read is left out and told in `PackText.findings`, so that
`yiwang pack check` names everything at once; `yiwang.kernel.packs.check` adds what only the whole can show.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs import documents, entries, explaining, files
from yiwang.kernel.packs.documents import KeyPath, Unreadable
from yiwang.kernel.packs.findings import Finding, Where, error, nearest
from yiwang.kernel.packs.layer import LayerReader
from yiwang.kernel.packs.packtext import Entry, Layer, PackText, Progress

__all__ = ["Entry", "Layer", "PackText", "find_pack", "read_pack"]


def find_pack(path_or_name: str | Path) -> Path:
    """The folder of a pack given by path or by its name in `YIWANG_PACKS`. Raises NotFound."""
    given = Path(path_or_name)
    for folder in (Path(settings.PACKS_DIR) / given, given):
        if (folder / "pack.yaml").is_file():
            return folder.resolve()
    there = sorted(p.parent.name for p in Path(settings.PACKS_DIR).glob("*/pack.yaml"))
    raise NotFound(
        _("There is no pack %(name)s: no file pack.yaml in that folder nor in %(folder)s. %(advice)s")
        % {"name": path_or_name, "folder": settings.PACKS_DIR, "advice": nearest(given.name, there)},
        code="no_pack_folder",
    )


def read_pack(path_or_name: str | Path, progress: Progress | None = None) -> PackText:
    """The pack of a folder or name with what it extends. Raises NotFound when there is no such folder."""
    return _Reader(find_pack(path_or_name), progress).read()


class _Reader:
    def __init__(self, folder: Path, progress: Progress | None):
        self.folder = folder
        self.findings: list[Finding] = []
        self.raw: dict[str, dict[str, Entry]] = {name: {} for name in files.SECTIONS}
        self.progress = progress

    def read(self) -> PackText:
        layers = self._layers()
        for layer in layers:
            LayerReader(layer, self.add, self.findings, self.progress).read()
        sections = {name: self._typed(name) for name in files.SECTIONS}
        return PackText(self.folder, layers, sections, self.findings)

    # layers

    def _layers(self) -> list[Layer]:
        layers: list[Layer] = []
        folder: Path | None = self.folder
        while folder is not None:
            layer = self._manifest(folder)
            layers.append(layer)
            folder = self._base(layer, layers)
        return layers[::-1]

    def _manifest(self, folder: Path) -> Layer:
        file = f"{folder.name}/pack.yaml"
        try:
            data, lines = documents.read_yaml(folder / "pack.yaml")
        except Unreadable as wrong:
            self.findings.append(error((file, wrong.line), wrong.message, wrong.advice))
            data, lines = {}, {}
        at = {"": Where(file, 1)} | {p[0]: Where(file, n) for p, n in lines.items() if len(p) == 1}
        try:
            manifest = entries.ManifestEntry.model_validate(data)
        except ValidationError as wrong:
            for one in wrong.errors(include_url=False):
                place = at.get(one["loc"][0] if one["loc"] else "", at[""])
                message, advice = explaining.explain(one, entries.ManifestEntry)
                self.findings.append(error(place, message, advice))
            given = data if isinstance(data, dict) else {}
            extends = given.get("extends")
            manifest = entries.ManifestEntry.model_construct(
                name=folder.name,
                version=str(given.get("version", "0")),
                title=folder.name,
                extends=extends if isinstance(extends, str) else None,
            )
        return Layer(folder, manifest, at)

    def _base(self, layer: Layer, above: list[Layer]) -> Path | None:
        name = layer.manifest.extends
        if name is None:
            return None
        where = layer.at.get("extends", layer.at[""])
        for folder in (layer.folder.parent / name, Path(settings.PACKS_DIR) / name):
            if (folder / "pack.yaml").is_file():
                if any(folder.resolve() == seen.folder for seen in above):
                    self.findings.append(
                        error(where, _("%(name)s extends a pack that extends it") % {"name": layer.name})
                    )
                    return None
                return folder.resolve()
        beside = [p.parent.name for p in layer.folder.parent.glob("*/pack.yaml")]
        self.findings.append(
            error(where, _("there is no pack %(name)s to extend") % {"name": name}, nearest(name, beside))
        )
        return None

    # entries

    def add(self, section: str, layer: Layer, data: dict[str, Any], at: dict[KeyPath, Where]) -> None:
        """Takes one raw entry of a layer: new, changing one below it field by field, or removing it."""
        here = at[()]
        key = files.SECTIONS[section].key_of(data)
        if not key:
            needed = ", ".join(files.SECTIONS[section].key)
            self.findings.append(error(here, _("the entry lacks %(key)s") % {"key": needed}))
            return
        below = self.raw[section].get(key)
        prefix = f"{layer.folder.name}/"
        if below is not None and below.at[()].file.startswith(prefix):
            self.findings.append(
                error(
                    here,
                    _("%(key)s stands twice, first in %(where)s") % {"key": key, "where": below.at[()]},
                    _("Keep one of them."),
                )
            )
            return
        if data.get("remove") is True:
            if below is None:
                self.findings.append(
                    error(
                        here,
                        _("%(key)s is not there to be removed") % {"key": key},
                        nearest(key, self.raw[section]),
                    )
                )
            else:
                del self.raw[section][key]
            return
        if below is None:
            self.raw[section][key] = Entry(section, key, data, at)
            return
        kept = {path: where for path, where in below.at.items() if path and path[0] not in data}
        self.raw[section][key] = Entry(section, key, below.data | data, kept | at)

    def _typed(self, section: str) -> dict[str, Entry]:
        model = files.SECTIONS[section].model
        if model is None:
            return self.raw[section]
        typed = {}
        for key, entry in self.raw[section].items():
            data = self._validated(model, entry)
            if data is not None:
                typed[key] = Entry(section, key, data, entry.at)
        return typed

    def _validated(self, model: type[BaseModel], entry: Entry) -> dict[str, Any] | None:
        try:
            return model.model_validate(entry.data).model_dump()
        except ValidationError as wrong:
            for one in wrong.errors(include_url=False):
                message, advice = explaining.explain(one, model)
                self.findings.append(error(entry.where(*one["loc"]), message, advice))
            return None
