"""The rates of city management, and appeals against overdue tasks."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from uuid_utils.compat import uuid7

from yiwang.domains.operations import appeals, evaluation, measures, rate_tables
from yiwang.domains.operations.models import Appeal
from yiwang.faces.api import told_rules
from yiwang.faces.api.callers import OFFICIALS
from yiwang.faces.api.given import YEARS, AppealIn, ReviewIn
from yiwang.faces.api.replies import local, reply
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ui import clock

router = Router(by_alias=True, tags=["evaluation"], auth=OFFICIALS)
By = Literal["area", "unit", "post"]
Cycle = Literal["day", "week", "month", "quarter", "year"]
Level = Literal["district", "subdistrict", "community"]
DAY = Query(None, description="A day of the period; today by default.")
FIRST = Query(None, alias="from", description="First day, instead of cycle and day.")
LAST = Query(None, alias="to", description="Last day, included.")
AREA = Query("", max_length=12, description="Only inside this area.")


@router.get(
    "/evaluation",
    response={200: told_rules.Evaluation, 202: told_rules.Counting},
    operation_id="evaluation",
    summary="The rates",
)
def evaluate(
    request: HttpRequest,
    by: By = "area",
    cycle: Cycle = "month",
    day: date | None = DAY,
    first: date | None = FIRST,
    last: date | None = LAST,
    level: Level = "subdistrict",
    area: str = AREA,
) -> HttpResponse:
    """Every rate with its numerator and denominator, for areas, units or posts. A past period stands as it ended.

    What is large is counted once and kept: `counted_at` says when, `stale` whether it is about to be counted anew.
    202: it is being counted for the first time; ask again after the seconds of Retry-After.
    """
    now = clock.now()
    period = _period(cycle, day, first, last, timezone.localdate(now))
    look = rate_tables.look(by, period, now, level=level, actor=request.auth, area=area)
    if look.table is None:
        return _counting(by, period)
    more = {"counted_at": local(look.counted_at), "stale": look.stale}
    return reply(look.table.as_dict() | more)


def _counting(by: By, period: evaluation.Period) -> HttpResponse:
    wait = rate_tables.COME_BACK
    told = {"state": "counting", "by": by, "from": period.first, "to": period.last, "retry_after": wait}
    return reply(told, 202, {"Retry-After": str(wait)})


@router.get(
    "/evaluation/measures",
    response={200: told_rules.Measures},
    operation_id="measures",
    summary="What the rates mean",
)
def all_measures(request: HttpRequest) -> HttpResponse:
    names = "slug name name_en numerator denominator formula formula_en good source".split()
    items = [{name: getattr(one, name) for name in names} for one in measures.MEASURES]
    return reply({"items": items})


@router.get(
    "/appeals", response={200: told_rules.Appeals}, operation_id="appeals", summary="Appeals to review"
)
def waiting(request: HttpRequest) -> HttpResponse:
    """Those that wait for a review by the caller, the oldest first."""
    items = [
        {
            "id": row["id"],
            "matter": row["matter__number"],
            "title": row["matter__title"],
            "task": row["task_id"],
            "link": row["task__link"],
            "state": row["state"],
            "reason": row["reason"],
            "opinion": row["opinion"],
            "asked_at": local(row["asked_at"]),
            "due_at": local(row["task__due_at"]),
            "done_at": local(row["task__done_at"]),
        }
        for row in appeals.waiting(request.auth)
    ]
    return reply({"items": items})


@router.post(
    "/tasks/{uuid:task}/appeal",
    response={201: told_rules.AppealOut},
    operation_id="appeal",
    summary="Appeal against an overdue task",
)
def appeal(request: HttpRequest, task: UUID, given: AppealIn) -> HttpResponse:
    """Once, after the matter is closed; two other people review it."""
    made = appeals.appeal(
        actor=request.auth, task=task, reason=given.reason, id=given.id or uuid7(), now=clock.now()
    )
    return reply(_appeal(made), 201)


@router.post(
    "/appeals/{uuid:appeal}/review",
    response={200: told_rules.AppealOut},
    operation_id="review_appeal",
    summary="Review an appeal",
)
def review(request: HttpRequest, appeal: UUID, given: ReviewIn) -> HttpResponse:
    return reply(
        _appeal(
            appeals.review(
                actor=request.auth,
                appeal=appeal,
                support=given.support,
                opinion=given.opinion,
                now=clock.now(),
            )
        )
    )


def _period(
    cycle: Cycle, day: date | None, first: date | None, last: date | None, today: date
) -> evaluation.Period:
    for name, one in (("day", day), ("from", first), ("to", last)):
        if one and not YEARS[0] <= one.year <= YEARS[1]:
            raise Invalid(
                _("The year must lie between %(least)d and %(most)d.")
                % {"least": YEARS[0], "most": YEARS[1]},
                where=name,
            )
    if first or last:
        return evaluation.Period(first or last or today, last or today)
    return evaluation.Period.of(cycle, day or today)


def _appeal(row: Appeal) -> dict:
    return {
        "id": row.pk,
        "task": row.task_id,
        "state": row.state,
        "reason": row.reason,
        "opinion": row.opinion,
        "asked_at": local(row.asked_at),
    }
