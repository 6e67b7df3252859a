"""What a pack says of finding people and of help by others: alert rules, and the kinds of help that are brought together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.packs.findings import Finding, error, nearest
from yiwang.kernel.packs.packtext import Entry, PackText


@dataclass(frozen=True, slots=True)
class AlertRule:  # 预警规则
    """A fact that somebody looks into when it becomes so. Exactly one of `becomes`, `at_least`, `known` is given.

    `enrolled` and `others`: the class of the alert (a to d) for a household that is in a programme and for one that is
    not; '' for no alert.
    """

    slug: str
    name: str
    name_en: str
    variable: str
    becomes: bool | int | str | None
    at_least: int | None
    known: bool
    enrolled: str
    others: str
    severity: int  # 1 to 3
    note: str
    source: str
    status: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> AlertRule:
        return cls(**{name: row[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class HelpItem:  # 帮扶事项
    """Something that can be needed and offered. `whole`: it comes from one giver or not at all."""

    slug: str
    kind: str  # goods | services | money | volunteers
    name: str
    name_en: str
    unit: str
    unit_en: str
    whole: bool
    source: str
    status: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> HelpItem:
        return cls(**{name: row[name] for name in cls.__slots__})


_FITTING = {"bool": ("becomes",), "choice": ("becomes",), "int": ("at_least", "becomes")} | {
    "money": ("at_least",),
    "date": ("known",),
}


def check(pack: PackText) -> Iterator[Finding]:
    """Alert rules name a variable that there is, with a test that fits its type."""
    variables = pack.section("variables")
    for entry in pack.section("alerts").values():
        variable = variables.get(entry["variable"])
        if variable is None:
            yield error(
                entry.where("variable"),
                _("there is no variable %(name)s") % {"name": entry["variable"]},
                nearest(entry["variable"], variables),
            )
            continue
        yield from _test(entry, variable)
        if not entry["enrolled"] and not entry["others"]:
            yield error(entry.where(), _("an alert rule needs a class under enrolled or under others"))


def _test(entry: Entry, variable: Entry) -> Iterator[Finding]:
    given = [name for name in ("becomes", "at_least") if entry[name] is not None]
    given += ["known"] if entry["known"] else []
    fitting = _FITTING[variable["type"]]
    if len(given) != 1 or given[0] not in fitting:
        yield error(
            entry.where(given[0] if given else "variable"),
            _("a rule on a variable of the type %(type)s needs exactly one of: %(keys)s")
            % {"type": variable["type"], "keys": ", ".join(fitting)},
        )
    elif variable["type"] == "choice" and entry["becomes"] not in variable["choices"]:
        yield error(
            entry.where("becomes"),
            _("%(variable)s has no value %(value)s")
            % {"variable": variable["slug"], "value": entry["becomes"]},
            nearest(str(entry["becomes"]), variable["choices"]),
        )
