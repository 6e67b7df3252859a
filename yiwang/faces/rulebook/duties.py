"""Which unit answers for a class where: a map in the colours of the units, and the same as a table."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from yiwang.faces.rulebook import responsible, words
from yiwang.faces.rulebook.door import for_staff
from yiwang.faces.rulebook.overview import class_url
from yiwang.kernel.errors import NotFound, Problem
from yiwang.kernel.packs.rulebook import ClassDef, Rulebook, current
from yiwang.kernel.registers import queries as registers

COLOURS = 12  # units beyond them share colours and are told apart by their number


@for_staff
def show(request: HttpRequest) -> HttpResponse:
    """The duties of one class on the map; or of one unit as a list; first of all, where nobody answers."""
    rules, asked = current(), request.GET
    standard = asked.get("standard", "")
    standard = standard if standard in rules.standards else rules.default_standard
    code, unit = asked.get("class", "").strip(), asked.get("unit", "").strip()
    found = rules.class_def(standard, code) if code else None
    if code and found is None:
        raise NotFound(
            _("There is no class %(code)s in the catalogue.") % {"code": code[:20]}, code="no_class"
        )
    shares = responsible.shares(standard, code) if found else []
    context = {
        "rules": rules,
        "one": found,
        "name": words.name_of(found),
        "class_url": class_url(rules, found.standard, found.kind, found.code) if found else "",
        "groups": _groups(rules),
        "shares": _numbered(shares),
        "legend": list({row["number"]: row for row in _numbered(shares)}.values()),
        "missing": sum(len(share.areas) for share in shares if share.line is None),
        "communities": len(responsible.communities()),
        "map_url": reverse("rules-duties-map") + "?" + urlencode({"class": code, "standard": standard})
        if found
        else "",
        "unit": registers.units().get(unit),
        "unit_name": words.unit(unit) if unit else "",
        "unit_lines": _lines_of(rules, unit) if unit else [],
        "gaps": [] if found else _gaps(rules),
    }
    return render(request, "rulebook/duties.html", context)


def _groups(rules: Rulebook) -> list[tuple[str, list[tuple[str, str]]]]:
    """The classes of the standard in force to choose from, by major class; a component and its problem once."""
    groups: dict[str, dict[str, ClassDef]] = {}
    for (standard, kind, code), one in rules.classes.items():
        if standard == rules.default_standard and (
            kind == "matter" or rules.class_def(standard, code) is one
        ):
            groups.setdefault(words.major(one), {})[code] = one
    return [
        (major, [(code, f"{code} {words.name_of(one)}") for code, one in sorted(members.items())])
        for major, members in sorted(groups.items())
    ]


def _numbered(shares: list[responsible.Share]) -> list[dict]:
    """Each unit with its number, its colour and its letters on the map."""
    numbers: dict[str, int] = {}
    rows = []
    for share in shares:
        if share.line is None:
            rows.append({"share": share, "number": 0, "colour": "none"})
            continue
        number = numbers.setdefault(share.line.unit, len(numbers) + 1)
        rows.append({"share": share, "number": number, "colour": (number - 1) % COLOURS + 1})
    return rows


def _lines_of(rules: Rulebook, unit: str) -> list[dict]:
    """The lines of the duty table that name a unit or one below it."""
    inside = registers.unit_tree(unit)
    rows = []
    for line in registers.duty_table().all():
        if line.unit in inside:
            found = rules.class_def(line.standard, line.class_prefix)
            rows.append(
                {
                    "line": line,
                    "class": words.name_of(found)
                    if found
                    else _major_name(rules, line.standard, line.class_prefix),
                    "area": words.area(line.area),
                    "unit": words.unit(line.unit),
                    "url": reverse("rules-duties") + "?" + urlencode({"class": line.class_prefix})
                    if found
                    else "",
                }
            )
    return rows


def _major_name(rules: Rulebook, standard: str, prefix: str) -> str:
    """What a prefix that is no class stands for: a whole major class, or everything."""
    if not prefix:
        return _("everything else")
    found = next(
        (one for one in rules.classes.values() if one.standard == standard and one.major == prefix), None
    )
    return found.major_name if found else ""


def _gaps(rules: Rulebook) -> list[dict]:
    return [
        {
            "one": rules.classes[key],
            "name": words.name_of(rules.classes[key]),
            "missing": missing,
            "code": key[2],
        }
        for key, missing in responsible.gaps(rules)
    ]


@for_staff
def outlines(request: HttpRequest) -> HttpResponse:
    """The communities with who answers for the class in each: GeoJSON for the map."""
    rules, asked = current(), request.GET
    standard, code = asked.get("standard", "") or rules.default_standard, asked.get("class", "")
    if rules.class_def(standard, code) is None:
        raise NotFound(
            _("There is no class %(code)s in the catalogue.") % {"code": code[:20]}, code="no_class"
        )
    try:
        tree = registers.area_tree()
    except Problem:
        return JsonResponse({"type": "FeatureCollection", "features": []})
    features = []
    for row in _numbered(responsible.shares(standard, code)):
        share = row["share"]
        for area in share.areas:
            if area not in tree:
                continue
            features.append(
                {
                    "type": "Feature",
                    "properties": {
                        "area": area,
                        "name": words.area(area),
                        "unit": share.unit or _("nobody is responsible"),
                        "number": row["number"],
                        "colour": row["colour"],
                    },
                    "geometry": mapping(tree.outline(area)),
                }
            )
    return JsonResponse({"type": "FeatureCollection", "features": features})
