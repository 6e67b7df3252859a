"""Loads a pack: its rulebook becomes the current version, its registers the rows in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs import amending, register_rows, rulebook
from yiwang.kernel.packs.body import body_text
from yiwang.kernel.packs.check import check
from yiwang.kernel.packs.diff import Change, compare
from yiwang.kernel.packs.findings import ERROR, Finding
from yiwang.kernel.packs.models import PackVersion
from yiwang.kernel.packs.packtext import PackText, Progress
from yiwang.kernel.packs.reader import read_pack
from yiwang.kernel.registers import fresh


@dataclass(frozen=True, slots=True)
class LoadResult:
    """`created` is False when this very text was the current version already; then nothing was written."""

    version: PackVersion
    created: bool
    changes: tuple[Change, ...]
    warnings: tuple[Finding, ...]


def load(
    name_or_path: str | Path, now: datetime, progress: Progress | None = None, by: str = ""
) -> LoadResult:
    """Reads, checks and loads a pack in one transaction; loading the same text again changes nothing.

    Approved changes of rules are part of it (see `amending`). `by` is kept with the version: who loaded it. Rows that the pack no longer has become inactive: running matters may still point at them. Raises NotFound
    (no such folder) and Invalid with every error of the pack, file and line; then nothing was loaded.
    """
    pack = read_pack(name_or_path, progress)
    amending.amend(pack, amending.approved())
    text, digest = body_text(pack)
    in_force = PackVersion.objects.filter(current=True, digest=digest).first()
    if in_force is not None and not pack.broken:
        return LoadResult(in_force, False, (), ())  # it was checked when it was loaded
    findings = check(pack, progress)
    wrong = [finding for finding in findings if finding.severity == ERROR]
    if wrong:
        raise Invalid(
            _("The pack %(name)s has %(count)d errors; nothing was loaded.")
            % {"name": pack.name, "count": len(wrong)},
            code="pack_errors",
            errors=[
                {"where": str(finding.where), "detail": f"{finding.message} {finding.advice}".strip()}
                for finding in wrong
            ],
        )
    warnings = tuple(finding for finding in findings if finding.severity != ERROR)
    try:
        with transaction.atomic():
            version, changes = _store(pack, text, digest, now, progress, by)
    finally:
        rulebook.reset_caches()
        fresh.reset_all()
    return LoadResult(version, True, changes, warnings)


def _store(
    pack: PackText, text: str, digest: str, now: datetime, progress: Progress | None, by: str
) -> tuple[PackVersion, tuple[Change, ...]]:
    before = PackVersion.objects.filter(current=True).order_by("-loaded_at").first()
    old = orjson.loads(before.body) if before else None
    PackVersion.objects.filter(current=True).update(current=False)
    version, _new = PackVersion.objects.get_or_create(
        digest=digest,
        defaults={"name": pack.name, "version": pack.version, "body": text, "loaded_at": now},
    )
    version.loaded_at, version.loaded_by, version.current = now, by[:64], True
    version.save(update_fields=["loaded_at", "loaded_by", "current"])
    register_rows.store(pack, old, now, progress)
    return version, tuple(compare(old, orjson.loads(text)))
