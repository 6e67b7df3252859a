"""The fields that the forms of assistance are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yiwang.faces.workbench.fields import Field


def reason(label: str, required: bool = True, hint: str = "") -> Field:
    return Field(
        "reason", label, "textarea", hint=hint, required=required, attrs={"maxlength": 1000, "rows": 3}
    )


def text(
    name: str, label: str, required: bool = True, most: int = 2000, rows: int = 3, hint: str = ""
) -> Field:
    return Field(
        name, label, "textarea", hint=hint, required=required, attrs={"maxlength": most, "rows": rows}
    )


def choice(
    name: str, label: str, known: Mapping[str, Any], first: str = "", value: str = "", required: bool = True
) -> Field:
    options = [("", first), *known.items()] if first else list(known.items())
    return Field(name, label, "select", value, required=required, options=options)


def day(name: str, label: str, on: date) -> Field:
    return Field(name, label, "date", on.isoformat(), required=True)


def amount(
    value: int | None, label: str, required: bool = True, hint: str = "", name: str = "amount"
) -> Field:
    shown = f"{value / 100:.2f}" if value is not None else ""
    return Field(name, label, "text", shown, hint, required, attrs={"inputmode": "decimal", "maxlength": 12})


def account() -> list[Field]:
    """Asked for where the application came without one; the names are those of the form of an application."""
    return [
        Field("account_bank", _("Bank"), attrs={"maxlength": 60, "autocomplete": "off"}),
        Field(
            "account_number",
            _("Account number"),
            hint=_("The application came without an account. Without one nothing can be paid."),
            attrs={"maxlength": 40, "inputmode": "numeric", "autocomplete": "off"},
        ),
        Field(
            "account_holder",
            _("Holder, where it is not the applicant"),
            attrs={"maxlength": 40, "autocomplete": "off"},
        ),
    ]


def kin() -> list[Field]:
    """The special register, where the application declares no relative on the staff."""
    hint = _("Only where a near relative works on assistance or in the community: the county visits then.")
    return [
        Field("kin_name", _("Name of the relative"), hint=hint, attrs={"maxlength": 40}),
        Field("kin_unit", _("Works at"), attrs={"maxlength": 80}),
        Field("kin_relation", _("Related as"), attrs={"maxlength": 40}),
    ]
