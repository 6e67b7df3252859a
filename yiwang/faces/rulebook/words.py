"""Names from the pack and the registers in the language of the page, and the words of the rulebook's own lists."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.kernel.packs.rulebook import ClassDef, Rulebook
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import moments


def english() -> bool:
    return not moments.chinese()


def name_of(row: Any) -> str:
    """The name of anything with `name` and `name_en`; '' for None."""
    if row is None:
        return ""
    return (english() and getattr(row, "name_en", "")) or row.name


def text_of(row: Any, field: str = "text") -> str:
    """A text that a pack gives in Chinese and perhaps in English."""
    return (english() and getattr(row, f"{field}_en", "")) or getattr(row, field)


def unit(code: str | None) -> str:
    return registers.unit_name(code, english())


def area(code: str | None) -> str:
    return registers.area_name(code, english())


def kind_of_class(kind: str) -> str:
    return {
        "component": pgettext("class", "component"),
        "matter": pgettext("class", "matter"),
        "topic": pgettext("class", "hotline topic"),
    }.get(kind, kind)


def major(found: ClassDef) -> str:
    """The major class with its number; the pack names it in Chinese."""
    return f"{found.major} {found.major_name}".strip()


def status(slug: str) -> str:
    return {
        "official": _("official"),
        "local": _("local rule"),
        "illustrative": _("example value"),
        "synthetic": _("made-up data"),
    }.get(slug, slug)


def standard(rules: Rulebook, key: str) -> str:
    """A standard by its number and title."""
    found = rules.standards.get(key)
    if found is None:
        return key
    return f"{key} {(english() and found.title_en) or found.title}"


def section(slug: str) -> str:
    """A section of a pack."""
    return {
        "pack": _("The pack itself"),
        "standards": _("Standards"),
        "classes": _("Classes"),
        "crosswalk": _("Older and newer classes"),
        "conditions": _("Filing conditions and limits"),
        "kinds": _("Kinds of matters"),
        "processes": _("Processes"),
        "reasons": _("Reasons to pause the clock"),
        "post_kinds": _("Kinds of posts"),
        "alerts": _("Alert rules"),
        "help_items": _("Kinds of help"),
        "posts": _("Posts"),
        "units": _("Units"),
        "duties": _("Duties"),
        "chiefs": _("Road chiefs"),
        "variables": _("Facts of persons and households"),
        "imports": _("Files of departments"),
        "parameters": _("Parameters"),
        "programmes": _("Programmes of assistance"),
        "cases": _("Cases of programmes"),
        "topics": _("Topics of services"),
        "materials": _("Materials"),
        "services": _("Services"),
        "forms": _("Forms"),
        "bundles": _("One thing once"),
        "project_classes": _("Classes of construction projects"),
        "approval_stages": _("Stages of project approval"),
        "permits": _("Permits of construction projects"),
        "assessments": _("Regional assessments"),
        "methods": _("Methods of project approval"),
        "licences": _("Licences"),
        "retention": _("How long files are kept"),
        "halls": _("Service halls"),
        "settings": _("Settings"),
        "areas": _("Areas"),
        "place_names": _("Place names"),
        "office_hours": _("Office hours"),
        "calendar": _("Office hours"),
        "holidays": _("Holidays"),
        "notices": _("Holidays"),
        "outlines": _("Outlines of areas"),
        "roads": _("Roads"),
        "components": _("Components on record"),
    }.get(slug, slug)


def outcome(label: str, slug: str, flows: dict[str, str]) -> str:
    """A result of a step: the process file's own word, in English that of the flow it takes."""
    return (english() and flows.get(slug)) or label or slug


def form(slug: str) -> str:
    """What a form asks; the slug where a pack names one of its own."""
    return {
        "filing": _("class, filing condition and place of the report"),
        "prechecking": _("whether the report is true, with photos"),
        "dispatch": _("the unit that handles it"),
        "handling": _("what was done, with photos before and after"),
        "feedback": _("the unit's confirmation"),
        "verifying": _("whether it is solved on site, with photos"),
        "closing": _("the answer to the reporter"),
    }.get(slug, slug)


def field(name: str) -> str:
    """A field of an entry of a pack."""
    return {
        "name": _("name"),
        "name_en": _("English name"),
        "title": _("title"),
        "title_en": _("English title"),
        "limit": _("limit"),
        "text": _("filing condition"),
        "text_en": _("filing condition in English"),
        "close_text": _("done when"),
        "close_text_en": _("done when, in English"),
        "source": _("source"),
        "status": _("status"),
        "unit": _("unit"),
        "area": _("area"),
        "parent": _("belongs to"),
        "kind": _("kind"),
        "post": _("post"),
        "class_code": _("class"),
        "class_prefix": _("class prefix"),
        "keywords": _("words of residents"),
        "aliases": _("other names"),
        "basis": _("basis"),
        "grants": _("what the post may do"),
        "value": _("value"),
        "version": _("version"),
        "layers": _("layers"),
        "process": _("process"),
        "promised": _("promised limit"),
        "statutory": _("limit of the law"),
        "visits": _("visits"),
        "materials": _("materials"),
        "fees": _("fees"),
        "count": _("how many"),
        "outcomes": _("results"),
        "form": _("form"),
        "link": _("link of the process"),
        "pauses": _("pauses"),
        "clock": _("clock"),
        "major": _("major class"),
        "major_name": _("name of the major class"),
        "condition": _("when this way is taken"),
        "target": _("leads to"),
    }.get(name, name)
