"""What somebody proposes on the command line: name=value, or a file as it would stand in the pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from yiwang.core.policy import Rules
from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.packs.written import parameter, read

LARGEST = 1_000_000  # bytes of a file


@dataclass(frozen=True, slots=True)
class Wanted:
    """One proposal: `parameter` with from, value, source and status, or `programme` with text."""

    what: str
    key: str
    content: Mapping[str, Any]


def of_pairs(rules: Rules, pairs: Iterable[str], since: str, source: str, status: str) -> list[Wanted]:
    """One proposal for each parameter; kinds that are not named keep the value of that day. Raises Invalid."""
    values: dict[str, Any] = {}
    for name, value in read(rules, pairs).items():
        one = parameter(rules, name)
        kind = name.removeprefix(one.slug).lstrip(".")
        if not kind:
            values[one.slug] = value
            continue
        kept = values.get(one.slug, one.at(_day(since)).value)
        values[one.slug] = {str(key): each for key, each in kept.items()} | {kind: value}
    return [
        Wanted("parameter", slug, {"from": since, "value": value, "source": source, "status": status})
        for slug, value in values.items()
    ]


def of_file(book: Rulebook, path: Path) -> list[Wanted]:
    """The proposals of a file: `NAME.py` as in `programmes`, or YAML as in `parameters`; what is in force already is left out.

    Raises Invalid for another file, one that can't be read, and one that says nothing new.
    """
    text = _text(path)
    if path.suffix == ".py":
        found = [Wanted("programme", path.stem, {"text": text})]
        found = [one for one in found if book.programme_texts.get(one.key) != text]
    elif path.suffix in (".yaml", ".yml"):
        found = list(_parameters(book.policy, text, path))
    else:
        raise Invalid(_("Give a file of programmes (.py) or of parameters (.yaml)."), where=path.name)
    if not found:
        raise Invalid(_("%(file)s says nothing that is not in force already.") % {"file": path.name})
    return found


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise Invalid(_("The file is too large."), where=path.name)
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise Invalid(
            _("%(file)s cannot be read: %(problem)s") % {"file": path.name, "problem": wrong},
            where=path.name,
        ) from None


def _parameters(rules: Rules, text: str, path: Path) -> Iterable[Wanted]:
    try:
        document = yaml.safe_load(text)
        rows = document["parameters"]
        for row in rows:
            for dated in row["values"]:
                one = _dated(document, row, dated)
                if not _in_force(rules, one):
                    yield one
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError):
        raise Invalid(
            _(
                "%(file)s is no file of parameters: a list parameters with slug and values, each with from and value."
            )
            % {"file": path.name},
            where=path.name,
        ) from None


def _dated(document: Mapping, row: Mapping, dated: Mapping) -> Wanted:
    value = dated["value"]
    if isinstance(value, Mapping):
        value = {str(kind): each for kind, each in value.items()}
    content = {"from": str(dated["from"]), "value": value}
    for name in ("source", "status"):
        content[name] = str(dated.get(name) or row.get(name) or document.get(name) or "")
    return Wanted("parameter", str(row["slug"]), content)


def _in_force(rules: Rules, one: Wanted) -> bool:
    if one.key not in rules.parameters:
        return False  # the proposal itself says so
    for dated in rules.parameters[one.key].values:
        value = dated.value
        if isinstance(value, Mapping):
            value = {str(kind): each for kind, each in value.items()}
        if (dated.since.isoformat(), value) == (one.content["from"], one.content["value"]):
            return True
    return False


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Write the day as 2027-01-01."), where="from") from None
