"""What the forms of the workbench let choose from: classes, areas, units, people."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.domains.operations import classify
from yiwang.faces.workbench.naming import name_of
from yiwang.kernel.access.models import Holding
from yiwang.kernel.packs.rulebook import ClassDef, Rulebook
from yiwang.kernel.registers import queries as registers

MOST_FOUND = 12
Group = tuple[str, list[tuple[str, str]]]


def class_value(row: ClassDef) -> str:
    return f"{row.standard}|{row.code}"


def class_of(rules: Rulebook, value: str) -> ClassDef | None:
    standard, _bar, code = value.rpartition("|")
    return rules.class_def(standard, code) if code else None


def find_classes(rules: Rulebook, words: str) -> list[ClassDef]:
    """The classes whose code, name, alias or keyword holds the words, then those the classifier thinks of."""
    words = words.strip().lower()
    if not words:
        return []
    in_use = classify.standards_in_use(rules)
    ranked: dict[tuple[str, str], tuple[int, ClassDef]] = {}
    for (standard, _kind, code), row in rules.classes.items():
        if standard in in_use:
            rank = _rank(row, words)
            best = ranked.get((standard, code))
            if rank is not None and (best is None or rank < best[0]):
                ranked[standard, code] = (rank, row)
    found = {
        key: rules.class_def(*key)
        for key, _row in sorted(ranked.items(), key=lambda item: (item[1][0], item[0]))
    }
    for guess in classify.suggest(words, rules):
        found.setdefault((guess.standard, guess.code), rules.class_def(guess.standard, guess.code))
    return [row for row in found.values() if row is not None][:MOST_FOUND]


def _rank(row: ClassDef, words: str) -> int | None:
    name, english = row.name.lower(), row.name_en.lower()
    if words in (row.code, name, english):
        return 0
    if name.startswith(words) or row.code.startswith(words):
        return 1
    if words in name or words in english or any(words in alias.lower() for alias in row.aliases):
        return 2
    return 3 if any(words in keyword.lower() for keyword in row.keywords) else None


def communities(chosen: str | None = None) -> tuple[list[tuple[str, str]], list[Group]]:
    """Options and groups of all communities; an area that is none (a sub-district) is an option of its own."""
    known = registers.areas()
    members: dict[str, list[tuple[str, str]]] = {}
    for row in known.values():
        if row.level == "community":
            members.setdefault(row.parent or "", []).append((row.code, name_of(row)))
    options = [("", _("Choose the community"))]
    if chosen and chosen in known and known[chosen].level != "community":
        options.append((chosen, name_of(known[chosen])))
    return options, [(name_of(known.get(code)), found) for code, found in sorted(members.items())]


def units() -> list[Group]:
    """The units under what they are."""
    names = {
        "centre": _("Centres"),
        "department": _("Departments"),
        "contractor": _("Contractors and companies"),
        "subdistrict": _("Sub-district offices"),
    }
    members: dict[str, list[tuple[str, str]]] = {kind: [] for kind in names}
    for row in registers.units().values():
        members.setdefault(row.kind, []).append((row.code, name_of(row)))
    return [(names.get(kind, kind), found) for kind, found in members.items() if found]


def colleagues(post_kind: str, unit: str | None, on: date) -> list[tuple[int, str]]:
    """Who holds a post of this kind in the unit (or anywhere, when it names none)."""
    rows = Holding.objects.filter(
        Q(until=None) | Q(until__gte=on),
        since__lte=on,
        post__active=True,
        post__kind=post_kind,
        user__is_active=True,
    )
    if unit:
        rows = rows.filter(post__unit__in=registers.unit_tree(unit))
    return list(rows.order_by("user__name", "user_id").distinct().values_list("user_id", "user__name")[:200])
