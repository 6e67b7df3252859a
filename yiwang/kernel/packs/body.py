"""The merged rulebook as one canonical text, so that the same rules always have the same digest.

A body holds every entry of the small sections under its key. Of the bulk sections (outlines, roads, components) it
holds only how many there are and their digest: they live in the registers, and a version need not repeat them.
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from yiwang.kernel.packs.files import SECTIONS
from yiwang.kernel.packs.packtext import PackText

FORMAT = 1


def canonical(value: Any) -> bytes:
    """JSON without spaces, dates as ISO text. The pack's order is kept: it is the order in which people choose."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def body_of(pack: PackText) -> dict[str, Any]:
    """The body of a pack as values: name, version, layers, sections, bulk."""
    sections = {
        name: {key: entry.data for key, entry in pack.section(name).items()}
        for name, section in SECTIONS.items()
        if not section.bulk
    }
    bulk = {
        name: {
            "count": len(pack.section(name)),
            "digest": digest(canonical({key: entry.data for key, entry in pack.section(name).items()})),
        }
        for name, section in SECTIONS.items()
        if section.bulk
    }
    return {
        "format": FORMAT,
        "name": pack.name,
        "version": pack.version,
        "title": pack.manifest.title,
        "title_en": pack.manifest.title_en,
        "status": pack.manifest.status,
        "district": pack.district,
        "layers": [[layer.name, layer.manifest.version] for layer in pack.layers],
        "sections": sections,
        "bulk": bulk,
    }


def body_text(pack: PackText) -> tuple[str, str]:
    """The canonical text of a pack and its SHA-256."""
    data = canonical(body_of(pack))
    return data.decode(), digest(data)
