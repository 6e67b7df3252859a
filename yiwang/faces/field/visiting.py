"""Visits at home on the phone (入户): their forms, and of the household only what may lie on a phone.

Names and addresses are masked, facts are named without their values: whoever needs more opens the household on its
page before leaving, for a purpose that is put on record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from yiwang.core.codes.masks import mask_name
from yiwang.core.process import UserTask
from yiwang.domains.assistance import queries
from yiwang.domains.assistance.discovery import at_the_door, on_behalf
from yiwang.domains.assistance.models import Application, Finding, Review
from yiwang.domains.assistance.programmes import PROGRAMMES
from yiwang.domains.assistance.steps import at_home
from yiwang.faces.field.naming import outcome_name
from yiwang.kernel.matters import receipts
from yiwang.kernel.registers.people.queries import mask_address

FINDING = "assistance_finding_visit"
SURVEYS: dict[str, Callable[..., list[at_home.Asked]]] = {
    "aid_visit": at_home.survey,
    "aid_self_care": at_home.self_care,
    "aid_resurvey": at_home.again,
}
FORMS = frozenset({FINDING, *SURVEYS})
EMPTY = {
    "value": "",
    "hint": "",
    "required": False,
    "options": (),
    "group": "",
    "most": 200,
    "of": "",
    "known": {},
}


class Visits:
    """Everything that the tasks of some homes need, read at once: six queries, whatever their number."""

    def __init__(self, rows: Sequence[dict], nodes: dict[UUID, UserTask], on: date) -> None:
        self.nodes, self.on = nodes, on
        mine = {row["id"]: row["matter_id"] for row in rows if row["id"] in nodes}
        matters = set(mine.values())
        self.household: dict[UUID, UUID] = {}
        self.findings: dict[UUID, list[Finding]] = defaultdict(list)
        self.homes: dict[UUID, at_home.Home] = {}
        self._second: dict[tuple[str, bool], list[tuple[int, str]]] = {}
        if not matters:
            return
        found = Application.objects.filter(pk__in=matters).exclude(household=None)
        self.household |= dict(found.values_list("pk", "household"))
        reviews = Review.objects.filter(pk__in=matters).values_list("pk", "award__household")
        self.household |= dict(reviews)
        for one in Finding.objects.filter(matter__in=matters).order_by("-severity", "pk"):
            self.findings[one.matter_id].append(one)
            self.household[one.matter_id] = one.household
        self.homes = at_home.homes(self.household.values())

    def told(self, row: dict, data: dict[str, Any]) -> dict[str, Any]:
        """What a task has besides: {private, who, home, page, why, results}."""
        node, matter = self.nodes[row["id"]], row["matter_id"]
        home = self.homes.get(self.household.get(matter))
        head = home.members[0] if home and home.members else None
        return {
            "private": True,
            "who": mask_name(head.name) if head else "",
            "home": mask_address(home.row.address) if home else "",
            "page": reverse("assistance-household", args=[home.row.pk]) if home else "",
            "why": [at_the_door.why(one) for one in self.findings.get(matter, ())],
            "results": self._results(node, row, home, data),
        }

    def _results(
        self, node: UserTask, row: dict, home: at_home.Home | None, data: dict[str, Any]
    ) -> list[dict]:
        if node.form == FINDING:
            words = dict(at_the_door.outcomes())
            findings = self.findings.get(row["matter_id"], [])
            return [
                _result(slug, words.get(slug, slug), "must", at_the_door.asked(slug, findings, home))
                for slug in node.outcomes
            ]
        asked = SURVEYS[node.form](home, self._colleagues(row["area_id"], node), data, self.on)
        return [_result(slug, outcome_name(node, slug), "none", asked) for slug in node.outcomes]

    def _colleagues(self, area: str | None, node: UserTask) -> list[tuple[int, str]]:
        key = ((area or "")[:9], node.id == "county_visit")
        if key not in self._second:
            self._second[key] = queries.colleagues(area, self.on, county=key[1])
        return self._second[key]


def _result(slug: str, name: str, note: str, asked: list[at_home.Asked]) -> dict:
    stages = ["visit"] if any(one.kind == "photos" for one in asked) else []
    fields = [plain(one) for one in asked if one.kind != "photos"]
    return {"slug": slug, "name": name, "note": note, "stages": stages, "fields": fields}


def plain(one: at_home.Asked) -> dict[str, Any]:
    """A field without what is as usual, so that a list of tasks stays small."""
    return {name: value for name, value in asdict(one).items() if name not in EMPTY or value != EMPTY[name]}


def shared() -> dict[str, list[dict]]:
    """The fields of a household's and a person's facts: once for all tasks."""
    return {of: [plain(one) for one in fields] for of, fields in at_home.shared().items()}


def applied(task: UUID) -> dict[str, list[dict[str, str]]]:
    """{applied: [{name, number, secret}]}: what was applied for in this step, to be told to the household; else {}."""
    rows = [
        {
            "name": str(PROGRAMMES[row.programme]),
            "number": row.matter.number,
            "secret": receipts.secret_for(row.pk),
        }
        for row in on_behalf.of_task(task)
    ]
    return {"applied": rows} if rows else {}
