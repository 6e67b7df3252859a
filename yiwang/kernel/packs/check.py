"""What only the whole pack can show: names that point at nothing, work that nobody can do, gaps in the duty table."""

from __future__ import annotations

from yiwang.kernel.packs import (
    check_approvals,
    check_bundles,
    check_forms,
    check_halls,
    check_imports,
    check_places,
    check_policy,
    check_processes,
    check_rules,
    check_services,
    check_units,
)
from yiwang.kernel.packs.findings import Finding
from yiwang.kernel.packs.packtext import PackText, Progress

PARTS = (
    check_rules,
    check_processes,
    check_units,
    check_places,
    check_policy,
    check_forms,
    check_services,
    check_bundles,
    check_approvals,
    check_halls,
    check_imports,
)


def check(pack: PackText, progress: Progress | None = None) -> list[Finding]:
    """Everything that is wrong or doubtful in a pack, by file and line; what reading it found is part of it."""
    found = list(pack.findings)
    for n, part in enumerate(PARTS):
        if progress:
            progress("check", n, len(PARTS))
        found.extend(part.check(pack))
    return sorted(
        set(found), key=lambda finding: (finding.file, finding.line, finding.severity, finding.message)
    )
