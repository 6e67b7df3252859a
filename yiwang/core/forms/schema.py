"""A form read from its JSON Schema. Anything outside the part that both sides know is refused, by its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.core.codes.errors import N_
from yiwang.core.forms.expression import BadExpression, Expression

# kind -> (type, format)
KINDS = {
    ("string", None): "text",
    ("string", "date"): "date",
    ("string", "id-number"): "id-number",
    ("string", "phone"): "phone",
    ("string", "org-code"): "org-code",
    ("integer", None): "whole",
    ("integer", "money"): "money",
    ("boolean", None): "yes",
}
TEXT_MOST, ROWS_MOST, DEEPEST, FIELDS_MOST = 2000, 50, 4, 300
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_COMMON = {"type", "title", "description", "x-title-en", "x-description-en", "x-when", "x-was", "x-sensitive"}
_ORIGIN = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*){1,2}")
ALLOWED = {
    "text": _COMMON | {"x-from", "minLength", "maxLength", "pattern", "x-long", "x-value"},
    "choice": _COMMON | {"enum", "x-names", "x-value"},
    "date": _COMMON | {"x-from", "format", "x-past", "x-value"},
    "id-number": _COMMON | {"x-from", "format"},
    "phone": _COMMON | {"x-from", "format"},
    "org-code": _COMMON | {"x-from", "format"},
    "whole": _COMMON | {"minimum", "maximum", "x-value"},
    "money": _COMMON | {"format", "minimum", "maximum", "x-value"},
    "yes": _COMMON | {"const", "x-value"},
    "group": _COMMON | {"properties", "required"},
    "rows": _COMMON | {"items", "minItems", "maxItems"},
    "choices": _COMMON | {"items", "minItems", "maxItems", "uniqueItems"},
}
# A pattern both languages read alike, without what can run for ever.
_PLAIN_PATTERN = re.compile(
    r"(?:[^\\()\[\]{}*+?|^$.]|\\[d.()+*?\[\]{}\-/]|\.|\[(?:[^\\\[\]^&~|\-]|\\[d.\-\]\[/]|[0-9A-Za-z]-[0-9A-Za-z])+\])"
    r"(?:\{[0-9]{1,3}(?:,[0-9]{1,3})?\}|[*+?])?"
)


class SchemaProblem(ValueError):
    """Something in a schema that can't be used. `path` leads to it; `params` fill the message."""

    def __init__(self, path: tuple, message: str, **params: Any):
        super().__init__(message % params if params else message)
        self.path, self.message, self.params = path, message, params


@dataclass(frozen=True, slots=True)
class Field:  # 表单项
    """One answer. `most` and `least` bound a number, the characters of a text or the rows of a list.

    `origin`: names of what could fill it in, the best first; what they mean is for who uses the form.
    """

    name: str
    kind: str
    title: str
    title_en: str
    hint: str
    hint_en: str
    required: bool
    when: Expression | None = None
    value: Expression | None = None
    least: int | None = None
    most: int | None = None
    pattern: str = ""
    choices: tuple[str, ...] = ()
    names: Mapping[str, tuple[str, str]] | None = None
    long: bool = False
    past: bool = False
    consent: bool = False
    sensitive: bool = False
    was: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether a person answers it, or it is computed."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class Form:  # 表单
    fields: tuple[Field, ...]

    def every(self) -> Iterator[tuple[str, Field]]:
        """(path without row numbers, field) of all of them, in order."""
        yield from _every(self.fields, "")


def _every(fields: tuple[Field, ...], before: str) -> Iterator[tuple[str, Field]]:
    for field in fields:
        path = before + field.name
        yield path, field
        yield from _every(field.fields, f"{path}.")


def read(schema: Any) -> Form:
    """The form of a JSON Schema. Raises SchemaProblem for the first thing that is wrong with it."""
    return Form(_group(schema, (), (), 0))


def problems_of(schema: Any) -> list[SchemaProblem]:
    """What is wrong with a schema: the first thing in each of its top properties, so that an author sees several."""
    found: list[SchemaProblem] = []
    try:
        read(schema)
        return []
    except SchemaProblem as wrong:
        found.append(wrong)
    properties = schema.get("properties") if isinstance(schema, dict) else None
    for name in properties if isinstance(properties, dict) else ():
        try:
            _one(
                name,
                properties[name],
                False,
                ("properties", name),
                _Seen((), rest=set(properties) - {name}),
                1,
            )
        except SchemaProblem as wrong:
            if wrong.path not in {one.path for one in found}:
                found.append(wrong)
    return found


class _Seen:
    """The fields before one, for what its expressions may name. `later` are those of its own group that come after
    it: they hide a field of the same name outside. `rest`: names taken as seen, for a first look at one field."""

    def __init__(self, outer: tuple[Field, ...], later: Iterable[str] = (), rest: Iterable[str] = ()):
        self.fields = list(outer)
        self.later, self.rest = set(later), set(rest)

    def add(self, field: Field) -> None:
        self.fields.append(field)
        self.later.discard(field.name)

    def names(self) -> set[str]:
        return ({field.name for field in self.fields} - self.later) | self.rest | {"today"}

    def visible(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.name not in self.later)

    def rows(self, name: str) -> Field | None:
        return next((field for field in reversed(self.fields) if field.name == name), None)


def _group(schema: Any, path: tuple, outer: tuple[Field, ...], depth: int) -> tuple[Field, ...]:
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise SchemaProblem((*path, "type"), N_("it must be an object with properties"))
    _known(schema, ALLOWED["group"], path)
    properties, required = schema.get("properties"), schema.get("required", [])
    if not isinstance(properties, dict) or not properties:
        raise SchemaProblem((*path, "properties"), N_("it needs properties"))
    if depth > DEEPEST:
        raise SchemaProblem(path, N_("the answers are nested too deeply"))
    if not isinstance(required, list) or not all(name in properties for name in required):
        raise SchemaProblem((*path, "required"), N_("required names a property that is not there"))
    seen = _Seen(outer, properties)
    found: list[Field] = []
    for name, inner in properties.items():
        field = _one(name, inner, name in required, (*path, "properties", name), seen, depth + 1)
        found.append(field)
        seen.add(field)
    if sum(1 for _one_ in _every(tuple(found), "")) > FIELDS_MOST:
        raise SchemaProblem(path, N_("the form has more than %(most)d answers"), most=FIELDS_MOST)
    return tuple(found)


def _one(name: Any, schema: Any, required: bool, path: tuple, seen: _Seen, depth: int) -> Field:
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name == "today":
        raise SchemaProblem(path, N_("a name has small letters, digits and _ and begins with a letter"))
    if not isinstance(schema, dict):
        raise SchemaProblem(path, N_("it must be a schema with a type"))
    kind = _kind(schema, path)
    _known(schema, ALLOWED[kind], path)
    text = {key: schema.get(key, "") for key in ("title", "description", "x-title-en", "x-description-en")}
    if not all(isinstance(one, str) for one in text.values()) or not text["title"].strip():
        raise SchemaProblem((*path, "title"), N_("it needs a title"))
    when = _expression(schema, "x-when", path, seen)
    value = _expression(schema, "x-value", path, seen)
    if value is not None and required:
        raise SchemaProblem((*path, "x-value"), N_("what is computed can't be required"))
    given: dict[str, Any] = {}
    if kind == "group":
        given["fields"] = _group(schema, path, seen.visible(), depth)
    elif kind in ("rows", "choices"):
        given |= _items(kind, schema, path, seen, depth)
    elif kind == "choice":
        given |= _choices(schema, path)
    else:
        given |= _bounds(kind, schema, path)
    return Field(
        name,
        kind,
        text["title"],
        text["x-title-en"],
        text["description"],
        text["x-description-en"],
        required,
        when,
        value,
        long=_flag(schema, "x-long", path),
        past=_flag(schema, "x-past", path),
        sensitive=_flag(schema, "x-sensitive", path),
        was=_was(schema, path),
        origin=_origin(schema, path),
        consent=_consent(schema, path),
        **given,
    )


def _kind(schema: dict, path: tuple) -> str:
    word, form = schema.get("type"), schema.get("format")
    if word == "object":
        return "group"
    if word == "array":
        items = schema.get("items")
        return "choices" if isinstance(items, dict) and items.get("type") == "string" else "rows"
    if word == "string" and "enum" in schema:
        return "choice"
    try:
        return KINDS[word, form]
    except (KeyError, TypeError):
        where = "format" if any(isinstance(word, str) and word == one for one, _form in KINDS) else "type"
        raise SchemaProblem(
            (*path, where),
            N_("%(given)s is not among the types and formats of forms"),
            given=f"{word} {form or ''}".strip(),
        ) from None


def _known(schema: dict, allowed: set[str], path: tuple) -> None:
    for key in schema:
        if key not in allowed:
            raise SchemaProblem((*path, key), N_("forms do not know %(key)s here"), key=key)


def _expression(schema: dict, key: str, path: tuple, seen: _Seen) -> Expression | None:
    if key not in schema:
        return None
    try:
        found = Expression(schema[key])
    except BadExpression as wrong:
        raise SchemaProblem(
            (*path, key), N_("%(text)s: %(why)s"), text=str(schema[key])[:80], why=wrong
        ) from None
    for name in sorted(found.names | {rows for rows, _field in found.rows}):
        if name not in seen.names():
            raise SchemaProblem((*path, key), N_("there is no answer %(name)s before this one"), name=name)
    for name, inner in found.rows:
        rows = seen.rows(name)
        if rows is None:
            continue
        names = {field.name for field in rows.fields}
        if rows.kind not in ("rows", "choices") or (inner and inner not in names):
            raise SchemaProblem((*path, key), N_("%(name)s has no rows of that name"), name=name)
    return found


def _items(kind: str, schema: dict, path: tuple, seen: _Seen, depth: int) -> dict[str, Any]:
    items, inside = schema.get("items"), (*path, "items")
    most = _count(schema, "maxItems", path, ROWS_MOST)
    given: dict[str, Any] = {
        "least": _count(schema, "minItems", path, 0),
        "most": ROWS_MOST if most is None else most,
    }
    if given["least"] is not None and given["least"] > given["most"]:
        raise SchemaProblem((*path, "minItems"), N_("the least is more than the most"))
    if kind == "choices":
        _known(items, {"type", "enum", "x-names"}, inside)
        if schema.get("uniqueItems") is not True:
            raise SchemaProblem(path, N_("a list of choices needs uniqueItems: true"))
        return given | _choices(items, inside)
    if not isinstance(items, dict) or any(
        field.kind == "rows" for field in _group(items, inside, seen.visible(), depth)
    ):
        raise SchemaProblem(inside, N_("rows are objects without rows of their own"))
    return given | {"fields": _group(items, inside, seen.visible(), depth)}


def _choices(schema: dict, path: tuple) -> dict[str, Any]:
    values, names = schema.get("enum"), schema.get("x-names", {})
    good = (
        isinstance(values, list)
        and values
        and all(isinstance(one, str) and one.strip() == one != "" for one in values)
    )
    if not good or len(set(values)) != len(values):
        raise SchemaProblem((*path, "enum"), N_("enum is a list of different texts"))
    named = isinstance(names, dict) and all(
        key in values
        and isinstance(pair, list)
        and len(pair) in (1, 2)
        and all(isinstance(n, str) for n in pair)
        for key, pair in names.items()
    )
    if not named:
        raise SchemaProblem(
            (*path, "x-names"), N_("x-names gives for each value its Chinese and English name")
        )
    return {"choices": tuple(values), "names": {key: (pair[0], pair[-1]) for key, pair in names.items()}}


def _bounds(kind: str, schema: dict, path: tuple) -> dict[str, Any]:
    if kind in ("whole", "money"):
        least, most = (_number(schema, key, path) for key in ("minimum", "maximum"))
        least_key = "minimum"
    elif kind == "text":
        least, most = _count(schema, "minLength", path, None), _count(schema, "maxLength", path, None)
        most, least_key = TEXT_MOST if most is None else most, "minLength"
    else:
        return {}
    if least is not None and most is not None and least > most:
        raise SchemaProblem((*path, least_key), N_("the least is more than the most"))
    return {"least": least, "most": most, "pattern": _pattern(schema, path)}


def _pattern(schema: dict, path: tuple) -> str:
    pattern = schema.get("pattern", "")
    if not isinstance(pattern, str) or len(pattern) > 100:
        raise SchemaProblem((*path, "pattern"), N_("a pattern has at most 100 characters"))
    rest = pattern.removeprefix("^").removesuffix("$")
    for part in rest.split("|"):
        if re.sub(_PLAIN_PATTERN, "", part):
            raise SchemaProblem((*path, "pattern"), N_("%(pattern)s is no plain pattern"), pattern=pattern)
    return rest


def _count(schema: dict, key: str, path: tuple, default: int | None) -> int | None:
    value = schema.get(key, default)
    if value is not None and (
        isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= TEXT_MOST
    ):
        raise SchemaProblem((*path, key), N_("it must be a whole number up to %(most)d"), most=TEXT_MOST)
    return value


def _number(schema: dict, key: str, path: tuple) -> int | None:
    value = schema.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10**15):
        raise SchemaProblem((*path, key), N_("it must be a whole number"))
    return value


def _flag(schema: dict, key: str, path: tuple) -> bool:
    value = schema.get(key, False)
    if not isinstance(value, bool):
        raise SchemaProblem((*path, key), N_("it must be true or false"))
    return value


def _consent(schema: dict, path: tuple) -> bool:
    if "const" in schema and schema["const"] is not True:
        raise SchemaProblem((*path, "const"), N_("the only const is true: a box that must be ticked"))
    return "const" in schema


def _origin(schema: dict, path: tuple) -> tuple[str, ...]:
    value = schema.get("x-from", [])
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(
        isinstance(name, str) and _ORIGIN.fullmatch(name) for name in names
    ):
        raise SchemaProblem((*path, "x-from"), N_("it must be names such as self.name"))
    if names and "items" in path:
        raise SchemaProblem((*path, "x-from"), N_("what stands in rows can't be filled in"))
    if names and "x-value" in schema:
        raise SchemaProblem((*path, "x-from"), N_("what is computed can't be filled in"))
    return tuple(names)


def _was(schema: dict, path: tuple) -> tuple[str, ...]:
    value = schema.get("x-was", [])
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(
        isinstance(name, str) and _NAME.fullmatch(name) for name in names
    ):
        raise SchemaProblem((*path, "x-was"), N_("it must be earlier names"))
    return tuple(names)
