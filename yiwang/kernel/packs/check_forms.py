"""Checks of the forms: each is put together and compiled; what is wrong is told at the line of its schema."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.core import forms
from yiwang.kernel.packs.findings import Finding, error
from yiwang.kernel.packs.form_words import told
from yiwang.kernel.packs.forms import FormProblem, whole_schema
from yiwang.kernel.packs.packtext import Entry, PackText


def check(pack: PackText) -> Iterator[Finding]:
    rows = {key: entry.data for key, entry in pack.section("forms").items()}
    for slug, entry in pack.section("forms").items():
        yield from _own(entry)
        try:
            schema = whole_schema(slug, rows)
            forms.read(schema)
        except FormProblem as wrong:
            yield error(entry.where(*wrong.path), told(wrong))
        except forms.SchemaProblem as wrong:
            if (
                not entry["own"]
                or wrong.path[-1] in ("x-when", "x-value")
                or not forms.problems_of(entry["own"])
            ):
                yield error(entry.where("schema", *wrong.path), told(wrong))


def _own(entry: Entry) -> Iterator[Finding]:
    """What is wrong in the form's own part; expressions may name what it includes, so they are judged in the whole."""
    for wrong in forms.problems_of(entry["own"]) if entry["own"] is not None else ():
        if not (entry["include"] and wrong.path[-1] in ("x-when", "x-value")):
            yield error(entry.where("schema", *wrong.path), told(wrong))
