"""A form of core.forms as the style page shows it, with answers of which some are wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from yiwang.core import forms
from yiwang.kernel.ui import schema_forms

FORM = {
    "type": "object",
    "required": ["name", "id_number", "kind"],
    "properties": {
        "name": {"type": "string", "title": "姓名", "x-title-en": "Name", "maxLength": 40},
        "id_number": {
            "type": "string",
            "format": "id-number",
            "title": "公民身份号码",
            "x-title-en": "Resident ID",
        },
        "born": {
            "type": "string",
            "format": "date",
            "title": "出生日期",
            "x-title-en": "Date of birth",
            "x-past": True,
        },
        "kind": {
            "type": "string",
            "title": "户型",
            "x-title-en": "Kind of household",
            "enum": ["single", "family"],
            "x-names": {"single": ["单人户", "Single"], "family": ["多人户", "Family"]},
        },
        "spouse": {
            "type": "object",
            "title": "配偶",
            "x-title-en": "Spouse",
            "x-when": "kind == 'family'",
            "required": ["name"],
            "properties": {
                "name": {"type": "string", "title": "配偶姓名", "x-title-en": "Name of the spouse"}
            },
        },
        "members": {
            "type": "array",
            "title": "家庭成员",
            "x-title-en": "Members",
            "minItems": 1,
            "maxItems": 5,
            "items": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "title": "成员姓名", "x-title-en": "Name"},
                    "income": {
                        "type": "integer",
                        "format": "money",
                        "minimum": 0,
                        "title": "月收入（元）",
                        "x-title-en": "Monthly income in yuan",
                    },
                },
            },
        },
        "total": {
            "type": "integer",
            "format": "money",
            "title": "家庭月收入合计",
            "x-title-en": "Income together",
            "x-value": "sum(members.income)",
        },
        "help": {
            "type": "array",
            "title": "需要的帮助",
            "x-title-en": "Help needed",
            "uniqueItems": True,
            "items": {
                "type": "string",
                "enum": ["money", "care"],
                "x-names": {"money": ["资金", "Money"], "care": ["照料", "Care"]},
            },
        },
        "true": {"type": "boolean", "const": True, "title": "以上属实", "x-title-en": "All of it is true"},
    },
}
ANSWERS = {
    "name": "张三",
    "id_number": "110105194912310021",
    "kind": "family",
    "members": [{"name": "张三", "income": "1200.50"}, {"name": "李四", "income": "0"}],
    "help": ["care"],
}


def context() -> dict[str, Any]:
    """The form, refused."""
    form, today = forms.read(FORM), date(2026, 9, 24)
    checked = forms.check(form, ANSWERS, today)
    return {
        "questions": schema_forms.shown(form, ANSWERS, checked, errors=True),
        "wrong": schema_forms.lines(form, checked),
        "description": schema_forms.for_browser(form, today),
        "lines": schema_forms.read_out(form, checked.values),
    }
