"""Checks of the process files, and that what they ask for can be done by somebody."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yiwang.core import process as processes
from yiwang.kernel.packs.findings import ERROR, WARNING, Finding, error, nearest, warning
from yiwang.kernel.packs.packtext import Entry, PackText


def check(pack: PackText) -> Iterator[Finding]:
    yield from _kinds(pack)
    for slug, entry in pack.section("processes").items():
        yield from _process(pack, slug, entry)


def read_process(entry: Entry) -> processes.Process | None:
    """The compiled process, None where the file has errors."""
    try:
        return processes.read(entry.data["xml"].encode(), entry.where().file)
    except processes.ProcessError:
        return None


def _kinds(pack: PackText) -> Iterator[Finding]:
    files = pack.section("processes")
    for entry in pack.section("kinds").values():
        if entry["process"] not in files:
            yield error(
                entry.where("process"),
                _("there is no process file %(name)s") % {"name": f"processes/{entry['process']}.bpmn"},
                nearest(entry["process"], files),
            )
    used = {entry["process"] for entry in pack.section("kinds").values()}
    for slug, entry in files.items():
        if slug not in used:
            yield warning(
                entry.where(), _("no kind of matters goes through this process"), _("Name it in kinds.yaml.")
            )


def _process(pack: PackText, slug: str, entry: Entry) -> Iterator[Finding]:
    file = entry.where().file
    for problem in processes.check(entry.data["xml"].encode(), file):
        severity = WARNING if problem.severity == "warning" else ERROR
        yield Finding(file, problem.line or 1, severity, problem.message, problem.advice)
    compiled = read_process(entry)
    if compiled is None:
        return
    post_kinds, reasons, units = (pack.section(name) for name in ("post_kinds", "reasons", "units"))
    for task in compiled.tasks:
        where = (file, task.line or 1)
        names = {"task": task.id}
        if task.post not in post_kinds:
            message = _("the task %(task)s is for the post %(post)s, which no pack has")
            yield error(where, message % (names | {"post": task.post}), nearest(task.post, post_kinds))
        for reason in task.pauses:
            if reason != "*" and reason not in reasons:
                message = _("the task %(task)s can be held for %(reason)s, which is not among the reasons")
                yield error(where, message % (names | {"reason": reason}), nearest(reason, reasons))
        if pack.district and task.unit and not task.unit.startswith("$") and task.unit not in units:
            message = _("the task %(task)s is for the unit %(unit)s, which does not exist")
            yield error(where, message % (names | {"unit": task.unit}), nearest(task.unit, units))
