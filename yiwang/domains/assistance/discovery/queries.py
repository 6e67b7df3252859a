"""What people can see of findings: their own area's, filtered in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Count, Max, Min, Q

from yiwang.domains.assistance.models import Finding, Mandate, Screening
from yiwang.domains.assistance.models_discovery import OPEN_STATES
from yiwang.kernel.access.policy import DISTRICT_DIGITS, matters_filter
from yiwang.kernel.matters.models import Matter

KIND = "assistance_finding"
STATES = ("waiting", "checking", "included", "unfit", "referred", "lapsed")
SAYS = ("entitled", "ending", "soon", "alert")
SORTS = ("a", "b", "c", "d")
AGES = ((0, 7), (7, 14), (14, 30), (30, None))  # days that a finding has been open
PAGE = 50


def visible(actor: Any, action: str = "see") -> Q:
    """The findings that a person may see, by the areas of the grants; nothing for who has none."""
    if actor.kind == "system":
        return Q()
    found = None
    for reach in actor.reach.get(action, ()) if actor.kind == "user" else ():
        if reach.units is not None or not (reach.kinds is None or KIND in reach.kinds):
            continue
        whole = reach.area
        q = (
            Q()
            if whole is None
            else Q(district=whole)
            if len(whole) == DISTRICT_DIGITS
            else Q(area__gte=whole, area__lte=whole.ljust(12, "9"))
        )
        found = q if found is None else found | q
    return Q(pk__in=[]) if found is None else found


@dataclass(frozen=True, slots=True)
class Shape:
    """What a list is filtered by; '' for all."""

    state: str = ""
    says: str = ""
    sort: str = ""
    area: str = ""
    cause: str = ""

    def q(self) -> Q:
        q = Q(state__in=OPEN_STATES) if not self.state else Q(state=self.state)
        for name in ("says", "sort", "cause"):
            if getattr(self, name):
                q &= Q(**{name: getattr(self, name)})
        if self.area:
            q &= Q(area__gte=self.area, area__lte=self.area.ljust(12, "9"))
        return q


def page(actor: Any, shape: Shape, after: str = "") -> tuple[list[Finding], str]:
    """The findings of a list, the most severe first, and the cursor of what follows ('' at the end)."""
    rows = Finding.objects.filter(visible(actor), shape.q()).select_related("matter")
    if after:
        severity, _comma, last = after.partition(",")
        if severity.isdigit() and _uuid(last):
            rows = rows.filter(Q(severity__lt=int(severity)) | Q(severity=int(severity), pk__gt=_uuid(last)))
    found = list(rows.order_by("-severity", "pk").defer("explanation")[: PAGE + 1])
    more = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{more.severity},{more.pk}" if more else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def of_matter(matter: Matter) -> list[dict[str, Any]]:
    """The findings of a visit with their explanations, the most severe first."""
    rows = Finding.objects.filter(matter=matter).order_by("-severity", "pk")
    return [{"row": row, "told": orjson.loads(row.explanation) if row.explanation else {}} for row in rows]


def applied(actor: Any, matter: Matter) -> list[Mandate]:
    """The applications that came of a visit, with their mandates, as far as the actor may see them."""
    seen = Matter.objects.filter(matters_filter(actor, "see"))
    rows = Mandate.objects.filter(visit=matter, application__matter__in=seen)
    return list(rows.select_related("application__matter", "taken_by").order_by("pk"))


@dataclass(frozen=True, slots=True)
class Board:
    """The county's numbers. `table`: class -> state -> count; `areas`: sub-district -> state -> count."""

    table: dict[str, dict[str, int]]
    says: dict[str, int]
    areas: dict[str, dict[str, int]]
    ages: dict[tuple[int, int | None], int]
    oldest: datetime | None
    screenings: list[Screening]
    waiting_communities: int


def board(actor: Any, now: datetime) -> Board:
    """Findings by class, area and state, and how long they have been open. What lapsed is not counted."""
    rows = Finding.objects.filter(visible(actor)).exclude(state="lapsed")
    table: dict[str, dict[str, int]] = {sort: dict.fromkeys(STATES[:-1], 0) for sort in SORTS}
    for sort, state, count in rows.values_list("sort", "state").annotate(n=Count("id")):
        table[sort][state] += count
    areas: dict[str, dict[str, int]] = {}
    for area, state, count in rows.values_list("area_id", "state").annotate(n=Count("id")):
        own = areas.setdefault(area[:9], dict.fromkeys(STATES[:-1], 0))
        own[state] += count
    open_rows = rows.filter(state__in=OPEN_STATES)
    ages = {}
    for low, high in AGES:
        aged = Q(found_at__lte=now - timedelta(days=low))
        if high is not None:
            aged &= Q(found_at__gt=now - timedelta(days=high))
        ages[low, high] = open_rows.filter(aged).count()
    says = dict(open_rows.values_list("says").annotate(n=Count("id")))
    return Board(
        table,
        {word: says.get(word, 0) for word in SAYS},
        dict(sorted(areas.items())),
        ages,
        open_rows.aggregate(first=Min("found_at"))["first"],
        list(Screening.objects.select_related("started_by").order_by("-started_at")[:5]),
        rows.filter(state="waiting").aggregate(n=Count("area", distinct=True))["n"],
    )


def last_screening() -> datetime | None:
    return Screening.objects.filter(done_at__isnull=False).aggregate(at=Max("done_at"))["at"]
