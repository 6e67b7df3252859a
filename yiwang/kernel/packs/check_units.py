"""Checks of units, posts, duties and road chiefs: that every name exists and every kind of work has its people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from yiwang.kernel.packs.check_processes import read_process
from yiwang.kernel.packs.findings import Finding, error, nearest, warning
from yiwang.kernel.packs.packtext import Entry, PackText

EXAMPLES = 3


def check(pack: PackText) -> Iterator[Finding]:
    yield from _references(pack)
    yield from _unit_circles(pack)
    yield from _duties(pack)
    yield from _chiefs(pack)
    if pack.district:
        yield from _classes_without_duty(pack)
        yield from _work_without_people(pack)


# What a field of a section points at.
POINTERS = (
    ("units", "parent", "units"),
    ("units", "area", "areas"),
    ("posts", "kind", "post_kinds"),
    ("posts", "unit", "units"),
    ("posts", "area", "areas"),
    ("duties", "standard", "standards"),
    ("duties", "area", "areas"),
    ("duties", "unit", "units"),
    ("chiefs", "road", "roads"),
    ("chiefs", "post", "posts"),
)


def _references(pack: PackText) -> Iterator[Finding]:
    messages = {
        "units": _("there is no unit %(name)s"),
        "areas": _("there is no area %(name)s"),
        "post_kinds": _("there is no kind of posts %(name)s"),
        "posts": _("there is no post %(name)s"),
        "standards": _("there is no catalogue of %(name)s"),
        "roads": _("there is no road %(name)s"),
    }
    for section, field, target in POINTERS:
        known = pack.section(target)
        for entry in pack.section(section).values():
            name = entry[field]
            if name is not None and name not in known:
                yield error(entry.where(field), messages[target] % {"name": name}, nearest(name, known))


def _unit_circles(pack: PackText) -> Iterator[Finding]:
    units = pack.section("units")
    for code, entry in units.items():
        seen, above = {code}, entry["parent"]
        while above is not None and above in units and above not in seen:
            seen.add(above)
            above = units[above]["parent"]
        if above == code:
            yield error(
                entry.where("parent"), _("the unit %(code)s is its own parent in a circle") % {"code": code}
            )


def _duties(pack: PackText) -> Iterator[Finding]:
    by_standard: dict[str, set[str]] = defaultdict(set)
    for entry in pack.section("classes").values():
        by_standard[entry["standard"]].add(entry["code"])
    seen: dict[tuple[str, str, str], Entry] = {}
    for entry in pack.section("duties").values():
        classes = by_standard.get(entry["standard"], set())
        prefix = entry["class_prefix"]
        if classes and not any(code.startswith(prefix) for code in classes):
            yield error(
                entry.where("class_prefix"),
                _("no class of %(standard)s begins with %(prefix)s")
                % {"standard": entry["standard"], "prefix": prefix},
                nearest(prefix, classes),
            )
        key = (entry["standard"], prefix, entry["area"])
        first = seen.setdefault(key, entry)
        if first is not entry:
            yield error(
                entry.where(),
                _("the duty for %(prefix)s in %(area)s is given twice, first in %(where)s")
                % {"prefix": prefix or "*", "area": entry["area"], "where": first.where()},
                _("One class in one area has one responsible unit: keep one."),
            )


def _chiefs(pack: PackText) -> Iterator[Finding]:
    for entry in pack.section("chiefs").values():
        if len(entry["code"]) > 80:
            yield error(
                entry.where(), _("the code made of road, level and post is too long"), _("Give a code.")
            )


def _classes_without_duty(pack: PackText) -> Iterator[Finding]:
    """Standards of which no class at all has a duty are only looked up by the crosswalk."""
    prefixes: dict[str, tuple[str, ...]] = {}
    for entry in pack.section("duties").values():
        prefixes[entry["standard"]] = (*prefixes.get(entry["standard"], ()), entry["class_prefix"])
    missing: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in pack.section("classes").values():
        known = prefixes.get(entry["standard"])
        if entry["kind"] != "component" and known and not entry["code"].startswith(known):
            missing[entry["standard"], entry["major"], entry.where().file].append(entry)
    for entries in missing.values():
        examples = "、".join(f"{e['code']} {e['name']}" for e in entries[:EXAMPLES])
        yield warning(
            entries[0].where(),
            _("no duty covers %(count)d classes: %(examples)s")
            % {"count": len(entries), "examples": examples},
            _("Add them to duties.yaml; reports of them wait for a dispatcher."),
        )


def _work_without_people(pack: PackText) -> Iterator[Finding]:
    """Every task of a process needs a post of its kind, everywhere, and in each unit that has duties."""
    posts: dict[str, list[Entry]] = defaultdict(list)
    for entry in pack.section("posts").values():
        posts[entry["kind"]].append(entry)
    kinds = pack.section("kinds")
    used = {entry["process"] for entry in kinds.values()}
    owners = {kinds[kind]["process"]: who for kind, who in WHOSE.items() if kind in kinds}
    for slug, entry in pack.section("processes").items():
        compiled = read_process(entry) if slug in used else None
        for task in compiled.tasks if compiled else ():
            where = (entry.where().file, task.line or 1)
            if task.post not in pack.section("post_kinds"):
                continue
            names = {"task": task.id, "post": task.post}
            if not posts[task.post]:
                message = _("nobody can do the task %(task)s: posts_held.yaml has no post of kind %(post)s")
                yield error(where, message % names)
            elif not task.unit:
                yield from _areas_without_post(pack, where, names, posts[task.post])
            elif task.unit == "$unit":
                units = owners.get(slug, _with_duties)(pack)
                yield from _units_without_post(pack, names, posts[task.post], units)


def _areas_without_post(
    pack: PackText, where: tuple[str, int], names: dict[str, str], posts: list[Entry]
) -> Iterator[Finding]:
    covered = tuple({post["area"] for post in posts})
    bare = [
        area["name"]
        for code, area in pack.section("areas").items()
        if area["level"] == "community" and not code.startswith(covered)
    ]
    if bare:
        message = _(
            "nobody can do the task %(task)s in %(count)d areas (%(examples)s): no post %(post)s there"
        )
        yield warning(where, message % (names | {"count": len(bare), "examples": "、".join(bare[:EXAMPLES])}))


def _with_duties(pack: PackText) -> Iterator[tuple[Entry, str]]:
    """(entry, area) of every duty: its unit gets what is filed."""
    return ((duty, duty["area"]) for duty in pack.section("duties").values())


def _serving(pack: PackText) -> Iterator[tuple[Entry, str]]:
    """(entry, area) of every service that is applied for in the general process: its unit gets the application."""
    services = pack.section("services").values()
    return ((one, pack.district) for one in services if one["unit"] and not one["matter"])


def _permitting(pack: PackText) -> Iterator[tuple[Entry, str]]:
    """(entry, area) of every permit of construction projects: its unit decides it."""
    return ((one, pack.district) for one in pack.section("permits").values() if one["unit"])


def _leading(pack: PackText) -> Iterator[tuple[Entry, str]]:
    """(entry with `unit`, area) of every stage: its lead department has an eye on it."""
    for one in pack.section("approval_stages").values():
        if one["lead"]:
            yield replace(one, data=one.data | {"unit": one["lead"]}), pack.district


# Kinds of matters whose unit is not that of the duty table.
WHOSE = {
    "service": _serving,
    "service_followup": _serving,
    "approval_stage": _leading,
    "approval": _permitting,
    "approval_opinion": _permitting,
    "approval_preview": _permitting,
    "approval_check": _permitting,
    "approval_meeting": _leading,
    "approval_resolution": _permitting,
}


def _units_without_post(
    pack: PackText, names: dict[str, str], posts: list[Entry], wanted: Iterable[tuple[Entry, str]]
) -> Iterator[Finding]:
    """A post works for its unit and the units below it, in its area."""
    units = pack.section("units")
    held: dict[str, list[str]] = defaultdict(list)
    for post in posts:
        held[post["unit"]].append(post["area"])
    told: set[str] = set()
    for entry, place in wanted:
        above, steps = entry["unit"], 0
        found = False
        while above in units and steps <= len(units) and not found:
            found = any(place.startswith(area) or area.startswith(place) for area in held[above])
            above, steps = units[above]["parent"], steps + 1
        if not found and entry["unit"] in units and entry["unit"] not in told:
            told.add(entry["unit"])
            message = _("nobody in %(unit)s can do the task %(task)s: it has work but no post %(post)s")
            yield error(entry.where("unit"), message % (names | {"unit": units[entry["unit"]]["name"]}))
