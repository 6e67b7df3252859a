"""Dated parameters: a value, or a value for each kind, from a date on; with source and status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from yiwang.core.policy.errors import PolicyError

UNITS = {
    "fen": "an amount in whole fen",
    "percent": "a share in per cent, with at most two decimals",
    "count": "a whole number",
    "months": "a whole number of months",
    "years": "a whole number of years",
    "m2": "a whole number of square metres",
    "switch": "true or false",
}


@dataclass(frozen=True, slots=True)
class Dated:
    """A value from a day on. `value` is as written; of a parameter with `by`, a mapping from kind to value."""

    since: date
    value: Any
    source: str
    status: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter with its values, the oldest first. `by`: the fact or figure whose kinds have values of their own."""

    slug: str
    name: str
    name_en: str
    unit: str
    per: str
    by: str
    values: tuple[Dated, ...]
    file: str = ""
    line: int = 0
    note: str = ""

    def at(self, day: date) -> Dated:
        """The value in force on a day. Raises PolicyError `missing_at` for a day before the first."""
        found = None
        for one in self.values:
            if one.since <= day:
                found = one
        if found is None:
            raise PolicyError(
                "missing_at",
                file=self.file,
                line=self.line,
                name=self.slug,
                date=day,
                first=self.values[0].since if self.values else "—",
            )
        return found

    def number(self, value: Any) -> int | bool:
        """A written value as formulas use it: fen, counts, hundredths of a per cent, a switch. Raises PolicyError."""
        if self.unit == "switch":
            if isinstance(value, bool):
                return value
        elif (
            self.unit == "percent"
            and isinstance(value, int | float | Decimal)
            and not isinstance(value, bool)
        ):
            points = Decimal(str(value)) * 100
            if points == int(points) and points >= 0:
                return int(points)
        elif type(value) is int and value >= 0:
            return value
        raise self.wrong("not_in_unit", value=value, expected=UNITS[self.unit])

    def wrong(self, code: str, line: int = 0, **params: Any) -> PolicyError:
        """An error that names the parameter and its place."""
        return PolicyError(code, file=self.file, line=line or self.line, name=self.slug, **params)

    def numbers(self, dated: Dated) -> dict[str, int | bool] | int | bool:
        """The value, or the value of each kind, as numbers. Raises PolicyError."""
        if not self.by:
            return self.number(dated.value)
        if not isinstance(dated.value, Mapping):
            raise self.wrong("not_by_kind", dated.line, by=self.by)
        return {str(kind): self.number(value) for kind, value in dated.value.items()}


def day_of(value: Any) -> date:
    """A date from a date or ISO text. Raises PolicyError."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise PolicyError("bad_date", value=value) from None


def parameter_of(
    data: Mapping[str, Any], file: str = "", line: int = 0, lines: Mapping[int, int] = {}
) -> Parameter:
    """A parameter from an entry of a pack; `lines`: the line of each value. Raises PolicyError."""
    values = tuple(
        Dated(
            day_of(one["from"] if "from" in one else one["since"]),
            one["value"],
            one.get("source") or data.get("source", ""),
            one.get("status") or data.get("status", "illustrative"),
            lines.get(n, line),
        )
        for n, one in enumerate(data["values"])
    )
    found = Parameter(
        data["slug"],
        data["name"],
        data.get("name_en", ""),
        data["unit"],
        data.get("per", ""),
        data.get("by", ""),
        tuple(sorted(values, key=lambda one: one.since)),
        file,
        line,
        data.get("note", ""),
    )
    if found.unit not in UNITS:
        raise found.wrong("no_unit", unit=found.unit, word=found.unit, known=UNITS)
    days = [one.since for one in found.values]
    if not days or len(set(days)) != len(days):
        raise found.wrong("no_values")
    for one in found.values:
        found.numbers(one)
    return found


class Parameters:
    """All parameters of a pack, by name."""

    def __init__(self, parameters: Iterable[Parameter]):
        self._by_name = {one.slug: one for one in parameters}

    def __iter__(self):
        return iter(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def get(self, name: str) -> Parameter | None:
        return self._by_name.get(name)

    def __getitem__(self, name: str) -> Parameter:
        """Raises PolicyError `no_parameter`."""
        try:
            return self._by_name[name]
        except KeyError:
            raise PolicyError("no_parameter", name=name, word=str(name), known=self._by_name) from None

    def with_values(self, changes: Mapping[str, Any]) -> Parameters:
        """The same with other values on every date: {"guarantee.standard": …} or, of one kind,
        {"guarantee.standard.urban": …}. Raises PolicyError for an unknown name, kind or a wrong value.
        """
        found = dict(self._by_name)
        for name, value in changes.items():
            base, _dot, kind = (name, "", "") if name in found else name.rpartition(".")
            parameter = Parameters(found.values())[base if base in found else name]
            found[parameter.slug] = _changed(parameter, kind, value)
        return Parameters(found.values())


def _changed(parameter: Parameter, kind: str, value: Any) -> Parameter:
    values = []
    for one in parameter.values:
        new = value
        if kind:
            if not parameter.by or kind not in {str(key) for key in one.value}:
                known = [str(key) for key in one.value] if parameter.by else []
                raise parameter.wrong("no_kind", kind=kind, word=kind, known=known)
            new = {str(key): old for key, old in one.value.items()} | {kind: value}
        elif parameter.by and not isinstance(value, Mapping):
            new = dict.fromkeys((str(key) for key in one.value), value)
        changed = replace(one, value=new, status="illustrative", source="")
        parameter.numbers(changed)
        values.append(changed)
    return replace(parameter, values=tuple(values))
