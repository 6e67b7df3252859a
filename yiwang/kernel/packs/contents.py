"""What a loaded version holds, entry by entry with source and status: what a page about the rules lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from django.utils.translation import gettext as _

from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs.models import PackVersion

ILLUSTRATIVE = "illustrative"


@dataclass(frozen=True, slots=True)
class Value:
    """One entry of a section. `name` and `name_en` are what it is called, `key` what the pack knows it by."""

    section: str
    key: str
    name: str
    name_en: str
    status: str
    source: str


@lru_cache(maxsize=6)
def body(version_id: int) -> Mapping[str, Any]:
    """The body of a loaded version (see `body.body_of`). Raises NotFound for an id that was never loaded."""
    text = PackVersion.objects.filter(pk=version_id).values_list("body", flat=True).first()
    if text is None:
        raise NotFound(_("There is no pack version %(id)s.") % {"id": version_id}, code="no_pack_version")
    return orjson.loads(text)


@lru_cache(maxsize=6)
def values(version_id: int) -> tuple[Value, ...]:
    """Every entry of a version that has a status, in the pack's order."""
    return tuple(_values(body(version_id)))


def _values(content: Mapping[str, Any]) -> Iterator[Value]:
    for section, rows in content["sections"].items():
        for key, row in rows.items():
            row = row.get("office_hours") or row
            if "status" not in row:
                continue
            source = row.get("source", "")
            yield Value(
                section=section,
                key=key,
                name=str(row.get("name") or row.get("text") or row.get("title") or key),
                name_en=str(row.get("name_en") or row.get("text_en") or row.get("title_en") or ""),
                status=row["status"],
                source=" ".join(source) if isinstance(source, list) else str(source),
            )


def counts(version_id: int) -> dict[str, Counter]:
    """Section -> how many entries of each status it has; sections of outlines, roads and components as `total`."""
    content = body(version_id)
    found = {section: Counter(total=len(rows)) for section, rows in content["sections"].items()}
    for value in values(version_id):
        found[value.section][value.status] += 1
    for section, bulk in content["bulk"].items():
        found[section] = Counter(total=bulk["count"])
    return found


def reset_caches() -> None:
    """Forgets the versions that were read; ids are given out anew between tests."""
    body.cache_clear()
    values.cache_clear()
