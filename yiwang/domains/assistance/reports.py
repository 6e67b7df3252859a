"""Numbers about assistance: what runs, what was paid, what waits, by programme and by area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum

from yiwang.domains.assistance.models import Application, Award, Decision, Payment
from yiwang.domains.assistance.reach import reached
from yiwang.domains.assistance.returning import AWAY


@dataclass(slots=True)
class Line:
    """One programme, or one sub-district. `people`: members of the households; money in fen."""

    key: str
    households: int = 0
    people: int = 0
    monthly: int = 0
    paid: int = 0
    payments: int = 0
    applied: int = 0
    granted: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    first: date
    until: date
    by_programme: list[Line]
    by_area: list[Line]
    total: Line
    differing: int = 0  # decisions that differ from what the rules gave
    decided: int = 0
    missing: Mapping[str, Any] = field(default_factory=dict)


def report(actor: Any, first: date, until: date) -> Report:
    """Running awards now; applications, decisions and payments of the months from `first` to `until`."""
    programmes: dict[str, Line] = defaultdict(lambda: Line(""))
    areas: dict[str, Line] = defaultdict(lambda: Line(""))
    total = Line("")

    def add(programme: str, area: str | None, **counts: int) -> None:
        for line in (programmes[programme], areas[(area or "")[:9]], total):
            for name, count in counts.items():
                setattr(line, name, getattr(line, name) + (count or 0))

    running = Award.objects.filter(reached(actor), state__in=("running", "ending")).exclude(rhythm="once")
    for row in _grouped(running, "area", households=Count("pk"), people=Sum("members"), monthly=Sum("fen")):
        add(
            row["programme"], row["area"], **{name: row[name] for name in ("households", "people", "monthly")}
        )
    paid = Payment.objects.filter(reached(actor), month__gte=first, month__lte=until).exclude(state__in=AWAY)
    for row in _grouped(paid, "area", payments=Count("pk"), paid=Sum("fen")):
        add(row["programme"], row["area"], payments=row["payments"], paid=row["paid"])
    begin, end = _moments(first, until)
    came = Application.objects.filter(
        reached(actor, area="matter__area"), received_at__gte=begin, received_at__lt=end
    )
    for row in _grouped(came, "matter__area", applied=Count("pk")):
        add(row["programme"], row["matter__area"], applied=row["applied"])
    decided = Decision.objects.filter(
        reached(actor, area="matter__area"), node__in=("decide", "relieve"), at__gte=begin, at__lt=end
    ).exclude(matter__assistance=None)
    for row in decided.values("matter__assistance__programme", "matter__area").annotate(
        granted=Count("pk", filter=Q(outcome="grant")), refused=Count("pk", filter=Q(outcome="refuse"))
    ):
        add(
            row["matter__assistance__programme"],
            row["matter__area"],
            granted=row["granted"],
            refused=row["refused"],
        )
    counted = decided.exclude(outcome="back").aggregate(
        n=Count("pk"), differing=Count("pk", filter=Q(differs=True))
    )
    return Report(first, until, _lines(programmes), _lines(areas), total, counted["differing"], counted["n"])


def _grouped(rows: Any, area: str, **sums: Any) -> Any:
    return rows.order_by().values("programme", area).annotate(**sums)


def _lines(found: Mapping[str, Line]) -> list[Line]:
    for key, line in found.items():
        line.key = key
    return [found[key] for key in sorted(found)]


def _moments(first: date, until: date) -> tuple[datetime, datetime]:
    from yiwang.domains.assistance.answers import ZONE
    from yiwang.domains.assistance.money import next_month

    after = next_month(until)
    return (
        datetime(first.year, first.month, 1, tzinfo=ZONE),
        datetime(after.year, after.month, 1, tzinfo=ZONE),
    )
