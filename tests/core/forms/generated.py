"""Generated forms and answers, for the tests of core.forms."""

from __future__ import annotations

from hypothesis import strategies as st

from yiwang.core.forms import read

NAMES = ["a", "b", "c", "d", "e"]
TEXTS = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                " ",
                "yes",
                "no",
                "x",
                "y",
                "z",
                "0",
                "1",
                "12",
                "-3",
                "１２",
                "1,234",
                "1,23",
                "12.34",
                "¥5",
                "5元",
            ),
            *(
                "3.456",
                "999999999999999",
                "9999999999999999",
                "2026-09-24",
                "2026年9月1日",
                "20260230",
                "2024-2-29",
            ),
            *(
                "1899-01-01",
                "2030-01-01",
                "13812345678",
                "+86 138-1234-5678",
                "024-88000000",
                "(024)88000000",
                "110",
            ),
            *(
                "11010519491231002X",
                "11010519491231002x",
                "110105194912310021",
                "91210100MA0UQ1XX01",
                "张三",
                "一\n二",
            ),
            *(
                "91350100M000100Y43",
                "９１３５０１００Ｍ０００１００Ｙ４３",
                "😀😀",
                "\u3000a\u00a0",
                "a\tb",
                "-0",
                "+7",
            ),
        ]
    ),
    st.text(max_size=6),
)
PATTERNS = st.sampled_from(["", "[0-9]{2}", "x|y", "[a-z]*", r"\d+", "^ab?$", "张."])


@st.composite
def leaf(draw):
    kind = draw(
        st.sampled_from(["text", "choice", "yes", "whole", "money", "date", "id-number", "phone", "org-code"])
    )
    title = {"title": kind}
    if kind == "text":
        schema = {"type": "string", "maxLength": draw(st.integers(1, 8))}
        if draw(st.booleans()):
            schema["minLength"] = draw(st.integers(0, schema["maxLength"]))
        if pattern := draw(PATTERNS):
            schema["pattern"] = pattern
        if draw(st.booleans()):
            schema["x-long"] = True
    elif kind == "choice":
        schema = {
            "type": "string",
            "enum": draw(st.sampled_from([["x", "y"], ["x", "y", "z"], ["1", "12", "yes"]])),
        }
    elif kind == "yes":
        schema = {"type": "boolean"} | ({"const": True} if draw(st.booleans()) else {})
    elif kind in ("whole", "money"):
        low = draw(st.integers(-5, 5))
        schema = {"type": "integer", "minimum": low, "maximum": low + draw(st.integers(0, 5000))}
        if kind == "money":
            schema["format"] = "money"
    else:
        schema = {"type": "string", "format": kind}
        if kind == "date" and draw(st.booleans()):
            schema["x-past"] = True
    return schema | title


@st.composite
def properties(draw, before: tuple[str, ...] = (), depth: int = 0):
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    found: dict = {}
    rows: list[str] = []
    for name in names:
        known = [*(one for one in before if one not in names), *found]
        kind = draw(st.sampled_from(["leaf", "leaf", "leaf", "computed", "group", "rows", "choices"]))
        if kind == "computed" and known:
            text = draw(expressions(known, [one for one in rows if one in found], found))
            schema = draw(
                st.sampled_from(
                    [{"type": "integer"}, {"type": "boolean"}, {"type": "string", "maxLength": 9}]
                )
            )
            schema = schema | {"title": "computed", "x-value": text}
        elif kind == "group" and depth < 1:
            schema = {"type": "object", "title": "group"} | draw(properties(tuple(known), depth + 1))
        elif kind == "rows" and depth < 1:
            inner = draw(properties(tuple(known), 2))
            schema = {"type": "array", "title": "rows", "items": {"type": "object"} | inner}
            schema |= {"minItems": draw(st.integers(0, 2)), "maxItems": draw(st.integers(2, 4))}
            rows.append(name)
        elif kind == "choices":
            items = {"type": "string", "enum": ["x", "y", "z"]}
            schema = {"type": "array", "title": "choices", "uniqueItems": True, "items": items}
        else:
            schema = draw(leaf())
        if known and draw(st.integers(0, 2)) == 0:
            schema = schema | {
                "x-when": draw(expressions(known, [one for one in rows if one in found], found))
            }
        found[name] = schema
    askable = [name for name, one in found.items() if "x-value" not in one]
    required = draw(st.lists(st.sampled_from(askable), unique=True)) if askable else []
    return (
        {"type": "object", "properties": found, "required": required}
        if depth == 0
        else {
            "properties": found,
            "required": required,
        }
    )


def atoms(known: list[str], rows: list[str], found: dict):
    options = [st.sampled_from(known), st.sampled_from(["1", "'x'", "True", "today", "-2", "'2026-09-24'"])]
    if rows:
        names = [(one, inner) for one in rows for inner in found[one]["items"]["properties"]]
        options.append(st.sampled_from(rows).map(lambda one: f"count({one})"))
        options.append(st.sampled_from(names).map(lambda pair: f"sum({pair[0]}.{pair[1]})"))
    return st.one_of(*options)


def expressions(known: list[str], rows: list[str], found: dict):
    one = atoms(known, rows, found)

    def more(inner):
        pair = st.tuples(inner, inner)
        return st.one_of(
            st.tuples(pair, st.sampled_from("+ - * == != < <= > >= and or".split())).map(
                lambda got: f"({got[0][0]} {got[1]} {got[0][1]})"
            ),
            inner.map(lambda a: f"(not {a})"),
            inner.map(lambda a: f"({a} in ['x', 1, True])"),
            inner.map(lambda a: f"known({a})"),
            pair.map(lambda got: f"max({got[0]}, {got[1]})"),
            pair.map(lambda got: f"years({got[0]}, {got[1]})"),
        )

    return st.recursive(one, more, max_leaves=4)


schemas = properties()


def answers_of(fields):
    """Answers to a form, right and wrong."""
    found = {}
    for field in fields:
        if field.kind == "group":
            inner = answers_of(field.fields)
        elif field.kind == "rows":
            inner = st.lists(answers_of(field.fields), max_size=4)
        elif field.kind == "choices":
            inner = st.lists(st.sampled_from(["x", "y", "z", "w", ""]), max_size=3)
        else:
            inner = TEXTS
        found[field.name] = inner
    return st.fixed_dictionaries({}, optional=found)


@st.composite
def cases(draw):
    """(schema, answers)"""
    schema = draw(schemas)
    return schema, draw(answers_of(read(schema).fields))
