"""Checks of the bundles: services that are there, questions that are asked, an order without a circle, one merged form."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yiwang.core import forms, worktime
from yiwang.kernel.packs.findings import Finding, error, nearest
from yiwang.kernel.packs.form_words import told
from yiwang.kernel.packs.forms import FormProblem, merged, whole_schema
from yiwang.kernel.packs.packtext import Entry, PackText
from yiwang.kernel.worktime_words import told as limit_told


def check(pack: PackText) -> Iterator[Finding]:
    for entry in pack.section("bundles").values():
        yield from _items(pack, entry)
        yield from _form(pack, entry)
        yield from _promise(entry)
        if pack.district and entry["lead"] not in pack.section("units"):
            yield error(
                entry.where("lead"),
                _("there is no unit %(code)s") % {"code": entry["lead"]},
                nearest(str(entry["lead"]), pack.section("units")),
            )


def _promise(entry: Entry) -> Iterator[Finding]:
    """With services it promises something and says what it took before; without, it says what is not there."""
    if not entry["items"]:
        if not entry["absent"]:
            yield error(entry.where("items"), _("a bundle without services says what is absent"))
        for key in ("promised", "baseline", "questions"):
            if entry[key]:
                yield error(entry.where(key), _("a bundle without services has nothing to promise or to ask"))
        return
    if entry["baseline"] is None or not entry["steps"]:
        yield error(entry.where("baseline"), _("a bundle with services needs its baseline and its steps"))
    try:
        worktime.Limit.parse(entry["promised"])
    except worktime.LimitError as wrong:
        yield error(entry.where("promised"), limit_told(wrong))


def _items(pack: PackText, entry: Entry) -> Iterator[Finding]:
    services = pack.section("services")
    listed = [one["service"] for one in entry["items"]]
    asked = {one["slug"] for one in entry["questions"]}
    before: set[str] = set()
    for n, one in enumerate(entry["items"]):
        where = entry.where("items", n)
        if one["service"] not in services:
            yield error(
                where,
                _("there is no service %(slug)s") % {"slug": one["service"]},
                nearest(one["service"], services),
            )
        if listed.count(one["service"]) > 1:
            yield error(where, _("the service %(slug)s is in the bundle twice") % {"slug": one["service"]})
        for slug in one["after"]:
            if slug not in before:
                yield error(
                    where,
                    _("%(slug)s does not stand before it in the bundle") % {"slug": slug},
                    _("List the services in an order in which they can be done."),
                )
        before.add(one["service"])
        if one["form"] and one["form"] not in pack.section("forms"):
            yield error(
                entry.where("items", n, "form"),
                _("there is no form %(name)s") % {"name": one["form"]},
                nearest(one["form"], pack.section("forms")),
            )
        if one["service"] in services and services[one["service"]]["matter"]:
            yield error(
                where,
                _("%(slug)s is applied for on a page of its own and can't be part of a bundle")
                % {"slug": one["service"]},
            )
        if one["when"]:
            yield from _when(entry, n, one["when"], asked)


def _when(entry: Entry, n: int, text: str, asked: set[str]) -> Iterator[Finding]:
    where = entry.where("items", n, "when")
    try:
        names = forms.Expression(text).names
    except forms.BadExpression as wrong:
        yield error(where, _(wrong.message) % wrong.params if wrong.params else _(wrong.message))
        return
    for name in sorted(names - asked):
        yield error(where, _("there is no question %(slug)s") % {"slug": name}, nearest(name, asked))


def _form(pack: PackText, entry: Entry) -> Iterator[Finding]:
    """The forms of all services together ask every question once, and alike."""
    rows = {key: form.data for key, form in pack.section("forms").items()}
    services = pack.section("services")
    asked = [
        one["form"] or services[one["service"]]["form"]
        for one in entry["items"]
        if one["service"] in services
    ]
    slugs = [slug for slug in asked if slug in rows]
    if not slugs:
        return
    try:
        forms.read(merged([whole_schema(slug, rows) for slug in slugs]))
    except FormProblem as wrong:
        yield error(entry.where("items"), told(wrong))
    except forms.SchemaProblem as wrong:
        yield error(entry.where("items"), told(wrong))
