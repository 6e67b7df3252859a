"""docs/architecture.md and docs/operate.md name every action, channel, notifier and job of the worker."""

from __future__ import annotations

import ast

from tests.docs.pages import ROOT, code, first_cells, page, sections
from yiwang.domains.operations.channels import registry
from yiwang.kernel.matters import outbox
from yiwang.project.worker import Worker

ARCHITECTURE = sections(page("architecture.md"), 2)


def test_every_action_on_a_matter_is_in_the_list_of_actions():
    tree = ast.parse((ROOT / "yiwang/kernel/matters/actions.py").read_text(encoding="utf-8"))
    actions = {one.name for one in tree.body if isinstance(one, ast.FunctionDef) and one.name[0] != "_"}
    named = code(ARCHITECTURE["Actions: the only way a matter changes"])
    assert actions <= named


def test_every_channel_is_in_the_table_and_no_other():
    table = first_cells(ARCHITECTURE["How a channel plugs in"])
    assert set(table) == {one.slug for one in registry.all_channels()}


def test_every_floor_has_its_row():
    folders = {path.name for path in (ROOT / "yiwang").iterdir() if (path / "__init__.py").exists()}
    table = ARCHITECTURE["The floors"]
    assert all(f"`yiwang/{name}`" in table for name in folders)


def test_every_decision_is_in_the_list():
    files = {path.name for path in (ROOT / "docs/decisions").glob("*.md")}
    assert all(f"(decisions/{name})" in ARCHITECTURE["Decisions"] for name in files)


def test_every_notifier_is_named_where_they_are_chosen():
    row = next(line for line in page("operate.md").splitlines() if line.startswith("| `YIWANG_NOTIFIERS`"))
    assert all(f"`{name}`" in row for name in outbox._notifiers)


def test_every_job_of_the_worker_has_its_row_with_how_often_it_runs():
    table = sections(page("operate.md"), 2)["The worker"]
    for job in Worker().jobs:
        row = next(line for line in table.splitlines() if line.startswith(f"| {job.name} "))
        number, unit = next(
            (job.every / size, unit)
            for unit, size in (("hours", 3600), ("minutes", 60), ("seconds", 1))
            if job.every >= size
        )
        assert f"every {number:g} {unit}" in row, job.name
