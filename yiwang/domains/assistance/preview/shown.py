"""A preview as a page shows it: sliders of parameters, rows with names, options of charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from yiwang.core.policy import Parameter, Rules
from yiwang.domains.assistance import names
from yiwang.domains.assistance.preview import changes as changing
from yiwang.domains.assistance.preview.effects import Effect
from yiwang.kernel.errors import Invalid

FIELD = "v."  # v.guarantee.standard.urban
FIRST = ("guarantee", "topup", "property", "income", "edge", "rigid", "hardship", "disability", "medical")


@dataclass(frozen=True, slots=True)
class Slider:
    """One value of a parameter in the units of the page: yuan, per cent, counts."""

    name: str
    label: str
    unit: str
    value: str
    base: str
    most: str
    step: str
    switch: bool
    source: str
    status: str

    @property
    def changed(self) -> bool:
        return self.value != self.base


def sliders(
    rules: Rules, day: date, read: frozenset[str], given: Mapping[str, Any]
) -> list[tuple[str, list[Slider]]]:
    """The parameters that programmes look at, grouped by the first word of their name."""
    groups: dict[str, list[Slider]] = {}
    for definition in rules.parameters:
        if definition.slug not in read or definition.values[0].since > day:
            continue
        groups.setdefault(definition.slug.partition(".")[0], []).extend(_sliders(definition, day, given))
    order = {name: n for n, name in enumerate(FIRST)}
    return sorted(groups.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))


def _sliders(definition: Parameter, day: date, given: Mapping[str, Any]) -> list[Slider]:
    dated = definition.at(day)
    values = {str(key): value for key, value in dated.value.items()} if definition.by else {"": dated.value}
    found = []
    for key, value in values.items():
        name = f"{definition.slug}.{key}" if key else definition.slug
        base, now = _out(definition, value), _out(definition, given.get(name, value))
        kind = names.of_kind(definition, key)
        label = f"{names.named(definition)} · {kind}" if kind else names.named(definition)
        most, step = _range(definition, value)
        switch = definition.unit == "switch"
        found.append(
            Slider(
                name, label, names.unit(definition), now, base, most, step, switch, dated.source, dated.status
            )
        )
    return found


def _out(definition: Parameter, value: Any) -> str:
    """A pack's value in the units of the page."""
    if definition.unit == "switch":
        return "true" if value else "false"
    if definition.unit == "fen":
        return f"{Decimal(value) / 100:f}"
    return f"{value}"


def _range(definition: Parameter, value: Any) -> tuple[str, str]:
    """How far a slider goes, twice today's value at least, and its step."""
    if definition.unit == "switch":
        return "1", "1"
    if definition.unit == "fen":
        yuan = float(value) / 100
        step = 1 if yuan < 200 else 10 if yuan < 20_000 else 100
        return f"{max(100, int(yuan * 2 // step * step))}", f"{step}"
    least = {"percent": 100, "count": 10, "months": 36, "years": 100, "m2": 200}[definition.unit]
    return f"{max(least, int(value) * 2)}", "1"


def read(rules: Rules, query: QueryDict, day: date) -> dict[str, Any]:
    """The changes that a page asks for, in its own units; what is as today is no change. Raises Invalid."""
    given = changing.read(rules, query.getlist("set"))
    for field, text in query.items():
        if not field.startswith(FIELD) or not text.strip():
            continue
        name = field.removeprefix(FIELD)
        definition = changing.parameter(rules, name)
        given[name] = changing.value(definition, _in(definition, text.strip(), name))
    now = changing.in_force(rules, day, given)
    if len(given) > len(now):
        raise Invalid(_("Check the names of the parameters."), where="set")
    return {name: value for name, value in given.items() if value != now[name]}


def _in(definition: Parameter, text: str, name: str) -> Any:
    """What was typed in the units of the page, as the pack writes it."""
    if definition.unit == "switch":
        return text
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Invalid(_("Write a number."), where=FIELD + name) from None
    if definition.unit == "fen":
        number *= 100
    if number != number.to_integral_value() and definition.unit != "percent":
        raise Invalid(_("So small parts are not possible here."), where=FIELD + name)
    return float(number) if number != number.to_integral_value() else int(number)


def pairs(changes: Mapping[str, Any]) -> list[str]:
    """Changes as NAME=VALUE, to be asked for again."""
    return [
        f"{name}={str(value).lower() if isinstance(value, bool) else value}"
        for name, value in changes.items()
    ]


def told(changes: Mapping[str, Any], rules: Rules, day: date) -> list[dict[str, str]]:
    """Each change with its name, what holds today and what is tried."""
    now = changing.in_force(rules, day, changes)
    found = []
    for name, value in changes.items():
        definition = changing.parameter(rules, name)
        kind = names.of_kind(definition, name.removeprefix(definition.slug).lstrip("."))
        found.append(
            {
                "name": f"{names.named(definition)} · {kind}" if kind else names.named(definition),
                "unit": names.unit(definition),
                "before": _said(definition, now.get(name)),
                "after": _said(definition, value),
            }
        )
    return found


def _said(definition: Parameter, value: Any) -> str:
    if definition.unit == "switch":
        return _("yes") if value else _("no")
    return "" if value is None or isinstance(value, dict) else _out(definition, value)


def charts(effect: Effect) -> dict[str, Any]:
    """Options of the charts: the budget of each programme that moves, and who comes and goes by sub-district."""
    moved = [one for one in effect.programmes if one.fen_before or one.fen_after]
    programmes = [names.cause(one.key) for one in moved]
    areas = [names.area(one.key) for one in effect.areas]
    return {
        "budget": {
            "legend": {"data": [_("in force"), _("tried")]},
            "xAxis": {"type": "value", "name": _("10,000 yuan a year")},
            "yAxis": {"type": "category", "data": programmes[::-1], "axisLabel": {"interval": 0}},
            "series": [
                {
                    "name": _("in force"),
                    "type": "bar",
                    "data": [_wan(one.fen_before) for one in moved[::-1]],
                    "itemStyle": {"color": "yw-held"},
                },
                {
                    "name": _("tried"),
                    "type": "bar",
                    "data": [_wan(one.fen_after) for one in moved[::-1]],
                    "itemStyle": {"color": "yw-running"},
                },
            ],
        },
        "areas": {
            "legend": {"data": [_("gained"), _("lost")]},
            "xAxis": {"type": "category", "data": areas, "axisLabel": {"rotate": 30, "interval": 0}},
            "yAxis": {"type": "value", "name": _("households")},
            "series": [
                {
                    "name": _("gained"),
                    "type": "bar",
                    "stack": "all",
                    "data": [one.gained for one in effect.areas],
                    "itemStyle": {"color": "yw-done"},
                },
                {
                    "name": _("lost"),
                    "type": "bar",
                    "stack": "all",
                    "data": [-one.lost for one in effect.areas],
                    "itemStyle": {"color": "yw-overdue"},
                },
            ],
        },
    }


def _wan(fen: int) -> float:
    return round(fen / 1_000_000, 2)


def cells(effect: Effect) -> dict[str, dict[str, Any]]:
    """What the map says of each sub-district."""
    most = max((abs(one.change) for one in effect.areas), default=0) or 1
    return {
        one.key: {
            "count": one.gained - one.lost,
            "share": abs(one.change) / most,
            "tone": "overdue" if one.change < 0 else "done",
            "title": names.area(one.key),
            "sub": _("%(gained)d gained, %(lost)d lost, %(yuan)s yuan a year")
            % {"gained": one.gained, "lost": one.lost, "yuan": f"{one.change / 100:+,.0f}"},
        }
        for one in effect.areas
        if one.gained or one.lost or one.change
    }
