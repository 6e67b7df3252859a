"""The table of an evaluation: rates with exact numerators and denominators, made from what was counted for each key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.domains.operations.measures import COUNTERS, MEASURES, Measure
from yiwang.domains.operations.periods import Period
from yiwang.kernel.access.models import User
from yiwang.kernel.matters.store import ZONE
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers

# Key of an area, unit or post (with a person) -> counter -> how many; `handling_time` is a mean, or None.
Counted = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Rate:
    """`value` is None where there is nothing to divide by."""

    measure: Measure
    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def text(self) -> str:
        return "—" if self.value is None else f"{100 * self.value:.1f}%"

    def as_dict(self) -> dict:
        return {
            "measure": self.measure.slug,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "value": self.value,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One area, unit or post with its counters and rates."""

    key: str
    name: str
    counters: Mapping[str, Any]
    rates: tuple[Rate, ...]

    def rate(self, slug: str) -> Rate:
        return next(rate for rate in self.rates if rate.measure.slug == slug)

    def as_dict(self) -> dict:
        return {
            "key": self.key,
            "name": self.name,
            "counters": dict(self.counters),
            "rates": [rate.as_dict() for rate in self.rates],
        }


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an evaluation, by key; `total` sums all counters (matters without area or unit included)."""

    by: str
    period: Period
    as_of: datetime
    rows: tuple[Row, ...]
    total: Row

    def as_dict(self) -> dict:
        return {
            "by": self.by,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "as_of": self.as_of.astimezone(ZONE).isoformat(timespec="seconds"),
            "rows": [row.as_dict() for row in self.rows],
            "total": self.total.as_dict(),
        }


def table(by: str, period: Period, as_of: datetime, found: Counted) -> Table:
    """The table of what was counted; names are those of today, in the reader's language. One query for people."""
    names = _names(by, found)
    measures = [measure for measure in MEASURES if by in measure.objects]
    rows = tuple(
        _row(key, names[key], found[key], measures)
        for key in sorted(found, key=lambda k: (not names[k], k))
        if key.strip(":")
    )
    return Table(by, period, as_of, rows, _row("", _("Total"), _summed(found.values()), measures))


def _names(by: str, keys: Collection[str]) -> dict[str, str]:
    english = (get_language() or "").startswith("en")
    if by == "area":
        return {key: registers.area_name(key, english) for key in keys}
    if by == "unit":
        return {key: registers.unit_name(key, english) for key in keys}
    kinds = current().post_kinds
    people = {int(key.split(":")[1]) for key in keys if key.split(":")[-1]}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    named = {}
    for key in keys:
        post, _colon, person = key.partition(":")
        kind = kinds.get(post)
        title = ((english and kind.name_en) or kind.name) if kind else post
        named[key] = f"{title} {names.get(int(person), '')}".strip() if person else title
    return named


def _row(key: str, name: str, given: Mapping[str, Any], measures: Iterable[Measure]) -> Row:
    rates = tuple(Rate(m, given.get(m.numerator) or 0, given.get(m.denominator) or 0) for m in measures)
    counters = {slug: given.get(slug) or 0 for slug in COUNTERS if slug != "handling_hours"}
    spent = given.get("handling_time")
    counters["handling_hours"] = round(spent.total_seconds() / 3600, 2) if spent is not None else None
    return Row(key, name, counters, rates)


def _summed(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = defaultdict(int)
    spent, count = timedelta(), 0
    for row in rows:
        for name, value in row.items():
            if name == "handling_time":
                if value is not None:
                    spent, count = spent + value * row["handled"], count + row["handled"]
            else:
                total[name] += value
    total["handling_time"] = spent / count if count else None
    return total
