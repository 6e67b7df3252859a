"""The first page of the rulebook: the pack in force, what is in it, what nobody has verified, and the search."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.faces.rulebook import finding, words
from yiwang.faces.rulebook.door import for_staff
from yiwang.kernel.packs import contents
from yiwang.kernel.packs.models import PackVersion
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.registers import queries as registers

ROWS = 100
# The order in which the sections are told; those not named here come behind.
SECTIONS = (
    "classes crosswalk conditions processes kinds reasons post_kinds units posts duties chiefs areas settings variables "
    "parameters programmes cases "
    "standards notices office_hours place_names outlines roads components"
).split()


@for_staff
def home(request: HttpRequest) -> HttpResponse:
    rules, question = current(), request.GET.get("q", "").strip()
    row = PackVersion.objects.only("loaded_at", "loaded_by").get(pk=rules.id)
    counts = contents.counts(rules.id)
    context = {
        "rules": rules,
        "title": (words.english() and rules.title_en) or rules.title,
        "loaded_at": row.loaded_at,
        "loaded_by": row.loaded_by,
        "sections": _sections(counts),
        "illustrative": sum(one[contents.ILLUSTRATIVE] for one in counts.values()),
        "total": sum(sum(one[name] for name in one if name != "total") for one in counts.values()),
        "q": question,
        "found": [_found(rules, entry) for entry in finding.find(rules, question)] if question else [],
        "most": finding.MOST,
    }
    return render(request, "rulebook/home.html", context)


def _sections(counts: dict) -> list[dict]:
    order = {name: place for place, name in enumerate(SECTIONS)}
    return [
        {
            "slug": slug,
            "name": words.section(slug),
            "count": count["total"],
            "illustrative": count[contents.ILLUSTRATIVE],
            "url": _list_of(slug),
        }
        for slug, count in sorted(counts.items(), key=lambda item: order.get(item[0], len(order)))
    ]


def _list_of(section: str) -> str:
    """The page that shows a section, where there is one."""
    page = {
        "classes": "rules-catalogue",
        "conditions": "rules-limits",
        "processes": "rules-processes",
        "kinds": "rules-processes",
        "duties": "rules-duties",
        "parameters": "rules-parameters",
        "programmes": "rules-programmes",
    }.get(section)
    return reverse(page) if page else ""


@for_staff
def examples(request: HttpRequest) -> HttpResponse:
    """Every value that nobody has verified, by section, a hundred on a page."""
    rules, asked = current(), request.GET
    counts = contents.counts(rules.id)
    section = asked.get("section", "")
    section = section if section in counts else ""
    found = [
        value
        for value in contents.values(rules.id)
        if value.status == contents.ILLUSTRATIVE and (not section or value.section == section)
    ]
    first = whole(asked.get("from", ""), len(found))
    context = {
        "rules": rules,
        "values": [
            {"value": one, "section": words.section(one.section), "url": _page_of(rules, one)}
            for one in found[first : first + ROWS]
        ],
        "total": len(found),
        "first": first,
        "next": first + ROWS if first + ROWS < len(found) else None,
        "section": section,
        "query": urlencode({"section": section}) if section else "",
        "sections": [
            (slug, words.section(slug), count[contents.ILLUSTRATIVE])
            for slug, count in counts.items()
            if count[contents.ILLUSTRATIVE]
        ],
    }
    return render(request, "rulebook/examples.html", context)


def whole(text: str, below: int) -> int:
    """A whole number from an address, between 0 and before `below`; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) < below else 0


def _page_of(rules: Rulebook, value: contents.Value) -> str:
    if value.section == "conditions":
        return reverse("rules-limit", args=[value.key])
    if value.section == "classes":
        found = next((key for key in rules.classes if " ".join(key) == value.key), None)
        return class_url(rules, *found) if found else ""
    return _list_of(value.section)


def class_url(rules: Rulebook, standard: str, kind: str, code: str) -> str:
    """The page of a class; its standard is named when it is not the one in force."""
    address = reverse("rules-class", args=[kind, code])
    return address if standard == rules.default_standard else f"{address}?{urlencode({'standard': standard})}"


def _found(rules: Rulebook, entry: finding.Entry) -> dict:
    """A row of the search: what it is, its name, a second line, where it leads."""
    key, english = entry.key, words.english()
    name = (english and entry.names[1]) or entry.names[0] if entry.names else ""
    if entry.sort == "class":
        one = rules.classes[key]
        note = " · ".join(
            filter(None, (words.kind_of_class(one.kind), words.major(one), _older(rules, one.standard)))
        )
        return _row(
            words.section("classes"), f"{name} {entry.code}", note, class_url(rules, *key), one.status
        )
    if entry.sort == "condition":
        one = rules.conditions[key[0]]
        of = words.name_of(rules.class_def(one.standard, one.class_code))
        address = reverse("rules-limit", args=key)
        return _row(_("Filing condition"), words.text_of(one), of, address, one.status, one.limit)
    if entry.sort == "step":
        return _row(_("Step"), name, words.name_of(rules.kinds[key[0]]), reverse("rules-step", args=key))
    if entry.sort == "unit":
        above = registers.units()[key[0]].parent
        address = reverse("rules-duties") + "?" + urlencode({"unit": key[0]})
        return _row(_("Unit"), name, words.unit(above), address)
    if entry.sort == "reason":
        one = rules.reasons[key[0]]
        return _row(_("Reason to pause"), name, one.basis, "", one.status)
    return _row(_("Kind of post"), name, entry.code, "")


def _older(rules: Rulebook, standard: str) -> str:
    return "" if standard == rules.default_standard else standard


def _row(sort: str, name: str, note: str, url: str, status: str = "", limit: str = "") -> dict:
    return {"sort": sort, "name": name, "note": note, "url": url, "status": status, "limit": limit}
