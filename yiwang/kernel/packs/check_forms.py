"""Checks of the forms: each is put together and compiled; what is wrong is told at the line of its schema."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yiwang.core import forms
from yiwang.kernel.packs.findings import Finding, error, nearest
from yiwang.kernel.packs.form_words import told
from yiwang.kernel.packs.forms import LICENCE, ORIGINS, FormProblem, whole_schema
from yiwang.kernel.packs.packtext import Entry, PackText


def check(pack: PackText) -> Iterator[Finding]:
    rows = {key: entry.data for key, entry in pack.section("forms").items()}
    for slug, entry in pack.section("forms").items():
        yield from _own(entry)
        try:
            schema = whole_schema(slug, rows)
            yield from _origins(pack, entry, forms.read(schema))
        except FormProblem as wrong:
            yield error(entry.where(*wrong.path), told(wrong))
        except forms.SchemaProblem as wrong:
            if (
                not entry["own"]
                or wrong.path[-1] in ("x-when", "x-value")
                or not forms.problems_of(entry["own"])
            ):
                yield error(entry.where("schema", *wrong.path), told(wrong))


def _origins(pack: PackText, entry: Entry, form: forms.Form) -> Iterator[Finding]:
    """What is named in `x-from` is there to fill in from. Told where the form asks it itself."""
    own = (entry["own"] or {}).get("properties", {})
    kinds = pack.section("licences")
    for path, field in form.every():
        for name in field.origin if path.partition(".")[0] in own else ():
            _word, _dot, rest = name.partition(f"{LICENCE}.")
            kind, _dot, part = rest.partition(".")
            fields = [one["name"] for one in kinds[kind]["fields"]] if kind in kinds else []
            if name not in ORIGINS and part not in fields:
                where = entry.where("schema", "properties", *path.split("."), "x-from")
                yield error(
                    where,
                    _("nothing is known by the name %(name)s") % {"name": name},
                    nearest(name, [*ORIGINS, *(f"{LICENCE}.{one}" for one in kinds)]),
                )


def _own(entry: Entry) -> Iterator[Finding]:
    """What is wrong in the form's own part; expressions may name what it includes, so they are judged in the whole."""
    for wrong in forms.problems_of(entry["own"]) if entry["own"] is not None else ():
        if not (entry["include"] and wrong.path[-1] in ("x-when", "x-value")):
            yield error(entry.where("schema", *wrong.path), told(wrong))
