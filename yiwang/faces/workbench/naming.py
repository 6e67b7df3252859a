"""Names from the pack and the registers in the language of the reader."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.assistance.intake import CHANNELS
from yiwang.domains.operations.channels import registry
from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import moments


def name_of(row: Any) -> str:
    """The name of anything with `name` and `name_en`; '' for None."""
    if row is None:
        return ""
    return (not moments.chinese() and getattr(row, "name_en", "")) or row.name


def text_of(row: Any, field: str = "text") -> str:
    return (not moments.chinese() and getattr(row, f"{field}_en", "")) or getattr(row, field)


def area(code: str | None) -> str:
    """The community with its sub-district before it."""
    known = registers.areas()
    row = known.get(code) if code else None
    if row is None:
        return code or ""
    above = known.get(row.parent or "")
    return f"{name_of(above)} {name_of(row)}" if row.level == "community" and above else name_of(row)


def unit(code: str | None) -> str:
    return registers.unit_name(code, not moments.chinese())


def class_(rules: Rulebook, standard: str, code: str) -> str:
    found = rules.class_def(standard, code) if code else None
    return f"{name_of(found)} {found.code}" if found else code


def channel(slug: str) -> str:
    try:
        return name_of(registry.channel(slug))
    except NotFound:
        ours = {
            "system": _("Yiwang"),
            "stage": _("application for a stage"),
            "meeting": _("joint meeting"),
            "screening": _("screening of all households"),
            "alert": _("alert rule"),
        }
        return str(CHANNELS.get(slug) or ours.get(slug, slug))


def node(process: Any, node_id: str | None) -> str:
    return name_of(process.nodes.get(node_id)) if node_id else ""


def actor(label: str, name: str) -> str:
    """Who did it, as the story says."""
    ours = {"resident": _("Resident"), "system": _("Yiwang")}
    return ours.get(label) or name or label


def outcome(node_row: Any, slug: str) -> str:
    """A result of a step. In Chinese the process file's own word, in other languages ours where we know it."""
    label = (node_row.outcomes if node_row else {}).get(slug) or slug
    if moments.chinese():
        return label
    from yiwang.faces.workbench import approving, assisting, serving

    known = (
        serving.outcome_names()
        | approving.outcome_names()
        | assisting.outcome_names()
        | {
            "file": _("File"),
            "verify": _("Check on site"),
            "void": _("Void"),
            "true": _("True"),
            "false": _("Not true"),
            "dispatch": _("Dispatch"),
            "return": _("Back to filing"),
            "done": _("Done"),
            "not_ours": _("Not our duty"),
            "confirm": _("Confirm"),
            "redo": _("Do it again"),
            "pass": _("Pass"),
            "fail": _("Fail"),
            "close": _("Close"),
            "rework": _("Rework"),
            "included": _("Included"),
            "unfit": _("Does not qualify"),
            "referred": _("Referred"),
            "checking": _("Being looked into"),
        }
    )
    return known.get(slug, label)


def moment(text: str | datetime | None) -> str:
    return moments.moment(datetime.fromisoformat(text) if isinstance(text, str) else text)


def link(slug: str) -> str:
    """One of the links of city management, where no process file is at hand to say it."""
    return {
        "file": _("Filing"),
        "dispatch": _("Dispatching"),
        "handle": _("Handling"),
        "feedback": _("Feedback"),
        "verify": _("Verifying"),
        "close": _("Closing"),
    }.get(slug, slug)
