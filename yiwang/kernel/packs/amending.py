"""Approved changes over the text of a pack's files: the pack in force is both together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from yiwang.kernel.packs.findings import Where
from yiwang.kernel.packs.models import RuleChange
from yiwang.kernel.packs.packtext import Entry, PackText
from yiwang.kernel.packs.policy_words import PROPOSAL


def approved() -> list[RuleChange]:
    """The approved changes, the oldest first."""
    return list(RuleChange.objects.filter(state=RuleChange.State.APPROVED).order_by("decided_at", "pk"))


def amend(pack: PackText, changes: Iterable[RuleChange]) -> int:
    """Puts the changes into a pack as read; gives how many of them change what its files say.

    A change of what the pack no longer has is left out. The version's text then ends in `+` and the number.
    """
    made = sum(_amended(pack, change) for change in changes)
    if made:
        layer = pack.layers[-1]
        layer.manifest = layer.manifest.model_copy(update={"version": f"{layer.manifest.version}+{made}"})
    return made


def _amended(pack: PackText, change: RuleChange) -> bool:
    parameter = change.what == RuleChange.What.PARAMETER
    section = pack.sections["parameters" if parameter else "programmes"]
    entry = section.get(change.key)
    if entry is None:
        return False
    if parameter:
        data = entry.data | {"values": with_value(entry.data["values"], change.content)}
    else:
        data = entry.data | {"text": change.content["text"]}
    if data == entry.data:
        return False
    where = Where(f"{PROPOSAL}{change.key}" if parameter else f"{PROPOSAL}{change.key}.py", 1)
    at = {path: place for path, place in entry.at.items() if not parameter or path[:1] != ("values",)}
    section[change.key] = Entry(
        entry.section, entry.key, data, {**at, ("values",): where} if parameter else {(): where}
    )
    return True


def with_value(values: Iterable[Mapping[str, Any]], content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The dated values of a parameter with one more, or another on the same day; in the order of their days."""
    since = date.fromisoformat(content["from"])
    new = {
        "since": since,
        "value": content["value"],
        "source": content.get("source", ""),
        "status": content.get("status") or "illustrative",
    }
    kept = [dict(one) for one in values if one["since"] != since]
    return sorted([*kept, new], key=lambda one: one["since"])
