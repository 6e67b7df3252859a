"""Names from the pack in the language of the reader."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.ui import moments


def name_of(row: Any, field: str = "name") -> str:
    """`field` or its English twin; '' for None."""
    if row is None:
        return ""
    return (not moments.chinese() and getattr(row, f"{field}_en", "")) or getattr(row, field)


def outcome_name(node: Any, slug: str) -> str:
    """A result of a step: in Chinese the process file's own word."""
    label = node.outcomes.get(slug) or slug
    if moments.chinese():
        return label
    return {
        "true": _("True"),
        "false": _("Not true"),
        "done": _("Done"),
        "not_ours": _("Not our duty"),
        "confirm": _("Confirm"),
        "redo": _("Do it again"),
        "pass": _("Pass"),
        "fail": _("Fail"),
    }.get(slug, label)
