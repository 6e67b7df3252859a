"""A pack as read: its entries, each knowing the file and line of every field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yiwang.kernel.packs import entries
from yiwang.kernel.packs.documents import KeyPath
from yiwang.kernel.packs.findings import ERROR, Finding, Where

Progress = Callable[[str, int, int], None]  # what, done, of how many


@dataclass(slots=True)
class Entry:
    """One entry after all layers. `data` is typed and complete; `at` says where each field was written."""

    section: str
    key: str
    data: dict[str, Any]
    at: dict[KeyPath, Where]

    def where(self, *path: Any) -> Where:
        """Where this field is written, or what it is part of."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.at:
                return self.at[path[:end]]
        return next(iter(self.at.values()))

    def __getitem__(self, name: str) -> Any:
        return self.data[name]


@dataclass(slots=True)
class Layer:
    """One pack folder's own say."""

    folder: Path
    manifest: entries.ManifestEntry
    at: dict[str, Where]

    @property
    def name(self) -> str:
        return self.manifest.name


@dataclass(slots=True)
class PackText:
    """A pack as read: its layers merged, lowest first; `findings` is what was wrong in reading."""

    folder: Path
    layers: list[Layer]
    sections: dict[str, dict[str, Entry]]
    findings: list[Finding] = field(default_factory=list)

    @property
    def manifest(self) -> entries.ManifestEntry:
        return self.layers[-1].manifest

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def version(self) -> str:
        return self.manifest.version

    @property
    def district(self) -> str:
        """The district's 6 digits, empty for a pack of no one district."""
        return next((la.manifest.district for la in reversed(self.layers) if la.manifest.district), "") or ""

    def section(self, name: str) -> Mapping[str, Entry]:
        return self.sections[name]

    def manifest_where(self, name: str = "name") -> Where:
        at = self.layers[-1].at
        return at.get(name) or at[""]

    @property
    def broken(self) -> bool:
        return any(finding.severity == ERROR for finding in self.findings)
