"""The forms of a pack (表单), put together from the forms that they include and compiled by `core.forms`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from yiwang.core import forms

MOST_INCLUDED = 12
# What `x-from` may name: the person who fills the form in, the same as a mother or a father, the own household; and
# a field of an e-licence, as licence.KIND.FIELD.
ORIGINS = frozenset(
    {f"{who}.{what}" for who in ("self", "mother", "father") for what in ("name", "id_number", "phone")}
    | {"home.address", "home.head"}
)
LICENCE = "licence"
SENTENCES = {
    "none": gettext_noop("there is no form %(name)s"),
    "circle": gettext_noop("the form %(name)s includes itself"),
    "properties": gettext_noop("it needs properties"),
    "twice": gettext_noop("%(name)s is asked twice, and not alike"),
    "required": gettext_noop("required names a property that is not there"),
}


class FormProblem(ValueError):
    """A form can't be put together. `path` is where in the entry; `message` and `params` say what is wrong."""

    def __init__(self, path: tuple, message: str, **params: Any):
        super().__init__(message % params if params else message)
        self.path, self.message, self.params = path, message, params


@dataclass(frozen=True, slots=True)
class FormDef:  # 表单定义
    slug: str
    title: str
    title_en: str
    form: forms.Form
    source: str
    status: str


def whole_schema(
    slug: str, rows: Mapping[str, Mapping[str, Any]], seen: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The JSON Schema of a form with what it includes, each name once. Raises FormProblem."""
    row = rows[slug]
    properties: dict[str, Any] = {}
    required: list[str] = []
    for place, part in enumerate(row["include"]):
        if part not in rows:
            raise FormProblem(("include", place), SENTENCES["none"], name=part)
        if part in (*seen, slug) or len(seen) > MOST_INCLUDED:
            raise FormProblem(("include", place), SENTENCES["circle"], name=part)
        inner = whole_schema(part, rows, (*seen, slug))
        _add(properties, required, inner, ("include", place))
    if row["own"] is not None:
        _add(properties, required, row["own"], ("schema",))
    return {"type": "object", "properties": properties, "required": required}


def merged(schemas: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> dict[str, Any]:
    """One schema that asks every question of several once. Raises FormProblem where two ask differently by one name."""
    properties: dict[str, Any] = {}
    required: list[str] = []
    for schema in schemas:
        _add(properties, required, schema, ())
    return {"type": "object", "properties": properties, "required": required}


def _add(properties: dict, required: list, schema: Any, path: tuple) -> None:
    inner = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(inner, dict):
        raise FormProblem((*path, "properties"), SENTENCES["properties"])
    for name, one in inner.items():
        if name in properties and properties[name] != one:
            raise FormProblem((*path, "properties", name), SENTENCES["twice"], name=name)
        properties[name] = one
    needed = schema.get("required", [])
    if not isinstance(needed, list):
        raise FormProblem((*path, "required"), SENTENCES["required"])
    required += [name for name in needed if name not in required]


def forms_of(sections: Mapping[str, Mapping[str, Mapping]]) -> dict[str, FormDef]:
    """Every form of a loaded version. Raises FormProblem or SchemaProblem, which `yiwang pack check` told before."""
    rows = sections.get("forms", {})
    return {
        slug: FormDef(
            slug,
            row["title"],
            row["title_en"],
            forms.read(whole_schema(slug, rows)),
            row["source"],
            row["status"],
        )
        for slug, row in rows.items()
    }
