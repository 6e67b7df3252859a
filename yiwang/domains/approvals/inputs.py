"""What an item is decided upon, as hashes: so that a pre-review can be told from one of what has changed since.

Each part has its own hash, so that it can be said which part is another one now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.utils.translation import gettext as _

from yiwang.domains.approvals.models import Paper, Project
from yiwang.kernel.packs.approvals import Permit
from yiwang.kernel.packs.rulebook import Rulebook

# What cannot be there before the land is: its contract changes no pre-review.
COMES_WITH_THE_LAND = frozenset({"land-contract"})


def parts_of(project: Project, permit: Permit, rules: Rulebook) -> dict[str, str]:
    """Part -> SHA-256 in hex: the applicant, the site, the size, the rule, and each material by its last version."""
    buildings = list(
        project.buildings.order_by("place").values_list("name", "floor_m2", "storeys", "height_m")
    )
    found = {
        "applicant": _hash([project.applicant_code]),
        "site": _hash([project.area, project.address, project.land_m2]),
        "size": _hash([project.project_class, project.floor_m2, buildings]),
        "rule": _hash(_rule(permit)),
    }
    last = papers_of(project)
    for needed in permit.materials:
        slug = needed.material.slug
        if slug in COMES_WITH_THE_LAND:
            continue
        found[f"material {slug}"] = last[slug].sha256 if slug in last else ""
    return found


def digest_of(parts: Mapping[str, str]) -> str:
    return _hash(sorted(parts.items()))


def papers_of(project: Project) -> dict[str, Paper]:
    """Material -> its last version."""
    return {row.material: row for row in project.papers.order_by("version")}


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The parts that are not what they were."""
    return sorted(part for part in {*before, *now} if before.get(part, "") != now.get(part, ""))


def named(parts: Iterable[str], rules: Rulebook, english: bool) -> list[str]:
    """Parts in the words of the page."""
    materials = {
        needed.material.slug: needed.material
        for permit in rules.approvals.permits.values()
        for needed in permit.materials
    }
    words = {
        "applicant": _("the applicant"),
        "site": _("place or land"),
        "size": _("class, areas or buildings"),
        "rule": _("the rule of this permit"),
    }
    found = []
    for part in parts:
        kind, _space, slug = part.partition(" ")
        one = materials.get(slug)
        if kind == "material" and one is not None:
            found.append((english and one.name_en) or one.name)
        else:
            found.append(words.get(part, part))
    return found


def _rule(permit: Permit) -> list[Any]:
    """What makes it another rule: its law, whom it hears, what it asks for; not how fast it is promised."""
    return [
        permit.slug,
        permit.unit,
        [[one.law, one.article, one.text] for one in permit.basis],
        [one.unit for one in permit.opinions],
        [[one.material.slug, one.need] for one in permit.materials],
        list(permit.conditions),
    ]


def _hash(value: Any) -> str:
    return hashlib.sha256(orjson.dumps(value)).hexdigest()
