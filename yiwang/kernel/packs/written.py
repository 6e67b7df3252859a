"""Values of parameters as people write them: name=value, with the value as the pack writes it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.policy import Parameter, PolicyError, Rules
from yiwang.core.policy.errors import nearest
from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs.policy_words import told


def read(rules: Rules, pairs: Iterable[str]) -> dict[str, Any]:
    """{"guarantee.standard.urban": 90000} of "guarantee.standard.urban=90000". Raises Invalid."""
    found = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip():
            raise Invalid(
                _("Write %(pair)s as NAME=VALUE, such as guarantee.standard.urban=90000.")
                % {"pair": repr(pair)},
                where="set",
            )
        found[name.strip()] = value(parameter(rules, name.strip()), text)
    return found


def parameter(rules: Rules, name: str) -> Parameter:
    """The parameter of a name, or of a name with one of its kinds. Raises Invalid."""
    for slug in (name, name.rpartition(".")[0]):
        if slug in rules.parameters:
            return rules.parameters[slug]
    known = [one.slug for one in rules.parameters]
    raise Invalid(
        f"{_('There is no parameter %(name)s.') % {'name': name}} {nearest(name, known)}".strip(),
        where=name,
        code="no_parameter",
    )


def value(definition: Parameter, given: Any) -> Any:
    """A value of this parameter. Raises Invalid."""
    found = _read(definition, given.strip()) if isinstance(given, str) else given
    try:
        definition.number(found)
    except PolicyError as wrong:
        raise Invalid(told(wrong)[0], where=definition.slug) from None
    return found


def _read(definition: Parameter, text: str) -> Any:
    if definition.unit == "switch":
        return {"true": True, "false": False}.get(text.lower(), text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if number == number.to_integral_value():
        return int(number)
    return float(number) if definition.unit == "percent" else text
