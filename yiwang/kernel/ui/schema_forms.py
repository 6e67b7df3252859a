"""Forms of `core.forms` as pages: what a request brought as a tree of answers, the form to draw, the words of errors.

Names of inputs are paths: `children.0.name`. Without a script a row is added and taken away by a button that sends the
form; with `form.js` the browser also hides what is not asked, computes and checks before sending.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yiwang.core import forms
from yiwang.core.forms import Checked, Field, Form, Wrong
from yiwang.core.forms.answers import clean
from yiwang.kernel.ui import moments

ADD, DROP = "_add", "_drop"  # buttons: the path of a list, of a row
FEW_CHOICES = 5  # as many stand open as radio buttons; more are a drop-down list
YES, NO = "yes", "no"
SENTENCES = {
    "required": gettext_noop("Please fill this in."),
    "consent": gettext_noop("Please tick this to go on."),
    "choice": gettext_noop("Please choose one of the answers."),
    "long": gettext_noop("At most %(most)s characters."),
    "short": gettext_noop("At least %(least)s characters."),
    "pattern": gettext_noop("This is not written as it should be; see the hint."),
    "whole": gettext_noop("Please give a whole number, such as 12."),
    "money": gettext_noop("Please give an amount in yuan, such as 1234.50."),
    "small": gettext_noop("At least %(least)s."),
    "large": gettext_noop("At most %(most)s."),
    "date": gettext_noop("Please give a date, such as 2026-09-24."),
    "future": gettext_noop("This day has not come yet."),
    "id-number": gettext_noop(
        "Please compare the 18 characters with the identity card: they do not fit together."
    ),
    "phone": gettext_noop(
        "Please give a mobile number, or a landline with its area code such as 024-88000000."
    ),
    "org-code": gettext_noop("Please compare the 18 characters with the licence: they do not fit together."),
    "few": gettext_noop("Please give at least %(least)s."),
    "many": gettext_noop("Please give at most %(most)s."),
}
# What a browser offers beside the keyboard.
INPUTS: dict[str, tuple[str, dict[str, str]]] = {
    "text": ("text", {}),
    "whole": ("text", {"inputmode": "numeric"}),
    "money": ("text", {"inputmode": "decimal"}),
    "date": ("text", {"inputmode": "numeric", "placeholder": "2026-09-24"}),
    "id-number": ("text", {"autocapitalize": "characters", "spellcheck": "false", "maxlength": "24"}),
    "org-code": ("text", {"autocapitalize": "characters", "spellcheck": "false", "maxlength": "24"}),
    "phone": ("tel", {"inputmode": "tel", "autocomplete": "tel"}),
}


def posted(form: Form, data: MultiValueDict) -> dict[str, Any]:
    """The tree of answers that a request brought; what the form does not ask is left alone."""
    return _posted(form.fields, data, "")


def _posted(fields: Iterable[Field], data: MultiValueDict, before: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields:
        path = before + one.name
        if not one.asked:
            continue
        if one.kind == "group":
            found[one.name] = _posted(one.fields, data, f"{path}.")
        elif one.kind == "rows":
            found[one.name] = [
                _posted(one.fields, data, f"{path}.{n}.") for n in range(_rows(data, path, one))
            ]
        elif one.kind == "choices":
            found[one.name] = data.getlist(path)
        elif path in data:
            text = data[path]
            found[one.name] = YES if one.consent and text == "1" else text
    return found


def _rows(data: MultiValueDict, path: str, one: Field) -> int:
    """How many rows were sent: each has a hidden input of its own, so that an empty one counts too."""
    count, most = 0, (one.most or 0) + 1
    while count < most and f"{path}.{count}._" in data:
        count += 1
    return count


def pressed(form: Form, answers: dict[str, Any], data: MultiValueDict) -> bool:
    """Adds or takes away a row when a button for it was pressed. True when one was."""
    if data.get(ADD):
        return _add(form, answers, data[ADD])
    if data.get(DROP):
        return _drop(form, answers, data[DROP])
    return False


def _list_at(form: Form, answers: dict[str, Any], path: list[str]) -> tuple[Field | None, list]:
    fields, place = form.fields, answers
    for n, name in enumerate(path):
        one = next((field for field in fields if field.name == name), None)
        if one is None:
            return None, []
        if n == len(path) - 1:
            rows = place.setdefault(name, [])
            return (one, rows) if one.kind == "rows" and isinstance(rows, list) else (None, [])
        fields, place = one.fields, place.setdefault(name, {})
        if not isinstance(place, dict):
            return None, []
    return None, []


def _add(form: Form, answers: dict[str, Any], path: str) -> bool:
    one, rows = _list_at(form, answers, path.split("."))
    if one is not None and len(rows) < (one.most or 0):
        rows.append({})
    return one is not None


def _drop(form: Form, answers: dict[str, Any], path: str) -> bool:
    *above, place = path.split(".")
    one, rows = _list_at(form, answers, above)
    if one is not None and place.isdecimal() and int(place) < len(rows):
        del rows[int(place)]
    return one is not None


def sentence(wrong: Wrong, kind: str) -> str:
    """What is wrong, for the person who typed it. Amounts are said in yuan."""
    params = {name: _number(value, kind) for name, value in wrong.params.items()}
    return _(SENTENCES[wrong.code]) % params


def _number(value: int, kind: str) -> str:
    return yuan(value) if kind == "money" else str(value)


def yuan(fen: int) -> str:
    """¥1,234.50"""
    return f"{'-' if fen < 0 else ''}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def label(one: Field) -> str:
    return (not moments.chinese() and one.title_en) or one.title


def option(one: Field, value: str) -> str:
    chinese, english = (one.names or {}).get(value, (value, value))
    return chinese if moments.chinese() else english


def said(one: Field, value: Any) -> str:
    """A value as people read it; a dash for an unknown one."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if one.kind == "money":
        return yuan(value)
    if one.kind == "choice":
        return option(one, value)
    if one.kind == "choices":
        return "、".join(option(one, part) for part in value) or "—"
    return str(value)


def lines(form: Form, checked: Checked) -> list[dict[str, str]]:
    """The errors as `{where, detail}`, each with the name of its question; for the list above a form."""
    kinds = dict(form.every())
    found = []
    for wrong in checked.wrong:
        one = kinds[_plain(wrong.path)]
        found.append({"where": wrong.path, "detail": f"{label(one)}{between()}{sentence(wrong, one.kind)}"})
    return found


def between() -> str:
    """What stands between the name of a question and what is said of it."""
    return "：" if moments.chinese() else ": "


def _plain(path: str) -> str:
    """A path without the numbers of rows."""
    return ".".join(part for part in path.split(".") if not part.isdecimal())


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as it is drawn."""

    field: Field
    path: str
    label: str
    hint: str
    value: Any = ""
    error: str = ""
    hidden: bool = False
    input: str = "text"
    attrs: Mapping[str, str] = field(default_factory=dict)
    options: tuple[tuple[str, str], ...] = ()
    inner: tuple[Shown, ...] = ()
    rows: tuple[tuple[Shown, ...], ...] = ()
    mark: str = ""


def shown(
    form: Form,
    answers: Mapping[str, Any],
    checked: Checked,
    errors: bool = False,
    marks: Mapping[str, str] = forms.EMPTY,
) -> tuple[Shown, ...]:
    """The form to draw, with what was answered; with `errors`, what is wrong stands beside it. `marks`: by path, what
    to say of an answer, such as from where it was filled in.
    """
    kinds = dict(form.every())
    told = {one.path: sentence(one, kinds[_plain(one.path)].kind) for one in checked.wrong} if errors else {}
    return _shown(form.fields, answers, checked.values, "", told, set(checked.hidden), marks)


def _shown(
    fields: Iterable[Field],
    answers: Any,
    values: Any,
    before: str,
    told: Mapping[str, str],
    hidden: set[str],
    marks: Mapping[str, str],
) -> tuple[Shown, ...]:
    answers, values = (one if isinstance(one, Mapping) else {} for one in (answers, values))
    found = []
    for one in fields:
        path, answer = before + one.name, answers.get(one.name)
        more: dict[str, Any] = {}
        if not one.asked:
            more["value"] = said(one, values.get(one.name))
        elif one.kind == "group":
            more["inner"] = _shown(one.fields, answer, values.get(one.name), f"{path}.", told, hidden, marks)
        elif one.kind == "rows":
            rows = list(answer) if isinstance(answer, list | tuple) else []
            rows += [{}] * (max(one.least or 0, 1 if one.required else 0) - len(rows))
            more["rows"] = tuple(
                _shown(one.fields, row, _row(values, one, rows, n), f"{path}.{n}.", told, hidden, marks)
                for n, row in enumerate(rows)
            )
        else:
            more |= _control(one, answer)
        hint = (not moments.chinese() and one.hint_en) or one.hint
        found.append(
            Shown(
                one,
                path,
                label(one),
                hint,
                error=told.get(path, ""),
                hidden=path in hidden,
                mark=marks.get(path, ""),
                **more,
            )
        )
    return tuple(found)


def _row(values: Mapping[str, Any], one: Field, rows: list, place: int) -> Any:
    """The values of a row: those of rows in which nothing was answered are not there."""
    there = [n for n, row in enumerate(rows) if not forms.empty(row)]
    judged = values.get(one.name) or []
    return judged[there.index(place)] if place in there and there.index(place) < len(judged) else {}


def _control(one: Field, answer: Any) -> dict[str, Any]:
    if one.kind == "choices":
        chosen = [clean(text) for text in answer] if isinstance(answer, list | tuple) else []
        return {"value": chosen, "options": tuple((value, option(one, value)) for value in one.choices)}
    text = answer if isinstance(answer, str) else ""
    if one.consent:
        return {"input": "checkbox", "value": text == YES}
    if one.kind == "yes":
        return {"input": "radio", "value": text, "options": ((YES, _("yes")), (NO, _("no")))}
    if one.kind == "choice":
        options = tuple((value, option(one, value)) for value in one.choices)
        if len(options) <= FEW_CHOICES:
            return {"input": "radio", "value": text, "options": options}
        return {"input": "select", "value": text, "options": (("", _("Please choose")), *options)}
    name, attrs = INPUTS[one.kind]
    attrs = {"autocomplete": "off"} | attrs
    if one.kind == "text" and one.most:
        # Half as much again: what is too long is said, not cut off.
        attrs["maxlength"] = str(one.most + one.most // 2 + 20)
    return {"input": "textarea" if one.long else name, "value": text, "attrs": attrs}


def for_browser(form: Form, today: date) -> dict[str, Any]:
    """The description that `form.js` reads, with the sentences in the language of the page."""
    sentences = {code: _(text) for code, text in SENTENCES.items()}
    labels = {path: label(one) for path, one in form.every()}
    kinds = {path: one.kind for path, one in form.every()}
    return forms.describe(form, today) | {
        "sentences": sentences,
        "labels": labels,
        "kinds": kinds,
        "words": {
            "yes": _("yes"),
            "no": _("no"),
            "check": _("Please check what you entered"),
            "between": between(),
        },
    }


@dataclass(frozen=True, slots=True)
class Line:
    """One answer to be read: `group` opens a heading; `sensitive` values are shown only on purpose."""

    path: str
    label: str
    text: str
    depth: int
    group: bool = False
    sensitive: bool = False


def read_out(form: Form, values: Mapping[str, Any]) -> list[Line]:
    """What was answered, as lines to read: headings for groups and rows, then question and answer."""
    found: list[Line] = []
    _read_out(form.fields, values, "", 0, found)
    return found


def _read_out(
    fields: Iterable[Field], values: Mapping[str, Any], before: str, depth: int, found: list[Line]
) -> None:
    for one in fields:
        path, value = before + one.name, values.get(one.name)
        if value in (None, {}, []):
            continue
        if one.kind == "group":
            found.append(Line(path, label(one), "", depth, group=True))
            _read_out(one.fields, value, f"{path}.", depth + 1, found)
        elif one.kind == "rows":
            for n, row in enumerate(value):
                found.append(Line(f"{path}.{n}", f"{label(one)} {n + 1}", "", depth, group=True))
                _read_out(one.fields, row, f"{path}.{n}.", depth + 1, found)
        else:
            sensitive = one.sensitive or one.kind in ("id-number", "phone")
            found.append(Line(path, label(one), said(one, value), depth, sensitive=sensitive))
