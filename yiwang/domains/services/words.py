"""The words of the service catalogue, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import moments


def name_of(row: Any, field: str = "name") -> str:
    """The name of anything that has it in Chinese and perhaps in English; '' for None."""
    if row is None:
        return ""
    return (not moments.chinese() and getattr(row, f"{field}_en", "")) or getattr(row, field)


def listed(names: Iterable[str]) -> str:
    return pgettext("between names in a list", ", ").join(names)


def unit_of(code: str) -> str:
    return registers.unit_name(code, not moments.chinese())


def type_of(slug: str) -> str:
    return {
        "permit": pgettext("service", "administrative permit"),
        "punishment": pgettext("service", "administrative punishment"),
        "coercion": pgettext("service", "administrative coercion"),
        "levy": pgettext("service", "administrative levy"),
        "benefit": pgettext("service", "administrative benefit"),
        "inspection": pgettext("service", "administrative inspection"),
        "confirmation": pgettext("service", "administrative confirmation"),
        "award": pgettext("service", "administrative award"),
        "ruling": pgettext("service", "administrative ruling"),
        "other": pgettext("service", "other administrative power"),
        "public": pgettext("service", "public service"),
    }.get(slug, slug)


def handling_of(slug: str) -> str:
    return {"instant": _("done on the spot"), "promised": _("done within a promised limit")}.get(slug, slug)


def audience_of(slug: str) -> str:
    return {"person": _("for people"), "enterprise": _("for enterprises")}.get(slug, slug)


def level_of(slug: str) -> str:
    return {
        "national": pgettext("level", "national"),
        "province": pgettext("level", "province"),
        "city": pgettext("level", "city"),
        "district": pgettext("level", "district"),
        "subdistrict": pgettext("level", "sub-district"),
        "community": pgettext("level", "community"),
    }.get(slug, slug)


def depth_of(slug: str) -> str:
    return {
        "guide": _("the guide is online"),
        "consult": _("questions are answered online"),
        "apply": _("one applies online, and comes once where it is needed"),
        "whole": _("everything is done online"),
    }.get(slug, slug)


def visits_of(visits: int | None) -> str:
    """How often one must come; a dash where it is not known."""
    if visits is None:
        return "—"
    if not visits:
        return _("no visit needed")
    return ngettext("%(n)d visit", "%(n)d visits", visits) % {"n": visits}


def need_of(slug: str) -> str:
    return {
        "required": pgettext("material", "required"),
        "optional": pgettext("material", "if you have it"),
        "deferrable": pgettext("material", "may be brought later"),
    }.get(slug, slug)


def kind_of_material(kind: str, copies: int) -> str:
    name = {
        "original": pgettext("material", "original"),
        "copy": pgettext("material", "copy"),
        "original_and_copy": pgettext("material", "original and copy"),
    }.get(kind, kind)
    return f"{name} × {copies}" if copies > 1 else name


def provider_of(slug: str, issuer: str) -> str:
    """Where a material comes from."""
    return issuer or {
        "applicant": _("you prepare it yourself"),
        "government": _("a government office"),
        "third_party": _("another body"),
    }.get(slug, slug)


def form_of(slug: str) -> str:
    return {
        "paper": _("on paper"),
        "electronic": _("electronic"),
        "either": _("on paper or electronic"),
    }.get(slug, slug)


def result_of(slug: str) -> str:
    return {
        "certificate": pgettext("result", "certificate"),
        "document": pgettext("result", "document"),
        "approval": pgettext("result", "approval"),
        "record": pgettext("result", "entry in a register"),
        "payment": pgettext("result", "payment"),
        "other": pgettext("result", "other"),
    }.get(slug, slug)


def fee_of(fen: int | None, per: str) -> str:
    """The amount in yuan; where only a scale fixes it, what is counted."""
    if fen is None:
        return _("by %(unit)s, on the scale of the basis") % {"unit": per}
    amount = f"¥{fen // 100:,}.{fen % 100:02d}"
    return _("%(amount)s per %(unit)s") % {"amount": amount, "unit": per} if per else amount


def how_of(slug: str) -> str:
    """How a material of a bundle comes."""
    return {
        "looked_up": _("we look it up with your consent"),
        "made": _("made on the way by another service of the bundle"),
        "filled": _("made of the form that you fill in here"),
        "brought": _("you bring it, once"),
    }.get(slug, slug)


def reduction_of(slug: str) -> str:
    return {
        "steps": pgettext("reduction", "steps"),
        "materials": pgettext("reduction", "materials"),
        "visits": pgettext("reduction", "visits"),
        "days": pgettext("reduction", "days"),
        "fees": pgettext("reduction", "fees"),
    }.get(slug, slug)


def options_of(question: Any) -> list[tuple[str, str]]:
    """The choices of a question of a bundle."""
    return [(value, pair[0] if moments.chinese() else pair[1]) for value, pair in question.options.items()]
