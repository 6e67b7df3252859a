"""When something is due, for callers who count time as the district does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from yiwang.core.worktime import Calendar, Hold, Limit, WorktimeError, due
from yiwang.faces.api import told_rules
from yiwang.faces.api.given import CaseIn, CasesIn, in_shanghai
from yiwang.faces.api.replies import local, reply
from yiwang.faces.api.rows import explained
from yiwang.kernel.access import limits
from yiwang.kernel.errors import Invalid
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.worktime_words import told

router = Router(by_alias=True, tags=["worktime"])
MOST_EXPLAINED = 1000


@router.post(
    "/worktime/due", response={200: told_rules.DueDates}, operation_id="due", summary="Due moments of many"
)
def due_dates(request: HttpRequest, given: CasesIn) -> HttpResponse:
    """What `yiwang worktime due --json` prints, for every case; one wrong case and nothing is answered."""
    limits.LOOKS.take(request)
    if given.explain and len(given.cases) > MOST_EXPLAINED:
        raise Invalid(
            _("At most %(most)d cases are explained at once; send explain: false.")
            % {"most": MOST_EXPLAINED},
            where="cases",
        )
    calendar = current_calendar()
    items, wrong = [], []
    for number, case in enumerate(given.cases):
        try:
            items.append(_answer(calendar, case, given.explain, f"cases[{number}]"))
        except WorktimeError as error:
            wrong.append({"where": f"cases[{number}]", "detail": told(error)})
    if wrong:
        raise Invalid(wrong[0]["detail"], where=wrong[0]["where"], errors=wrong, code="worktime")
    return reply({"items": items})


def _answer(calendar: Calendar, case: CaseIn, explain: bool, where: str) -> dict:
    holds = [
        Hold(
            in_shanghai(span.begin, f"{where}.holds[{place}].from"),
            in_shanghai(span.end, f"{where}.holds[{place}].to") if span.end else None,
        )
        for place, span in enumerate(case.holds)
    ]
    extension = Limit.parse(case.extension) if case.extension else None
    start = in_shanghai(case.start, f"{where}.from")
    found = due(calendar, start, Limit.parse(case.limit), holds, extension)
    if explain:
        return explained(found.as_dict())
    return {
        "from": local(found.start),
        "limit": str(found.limit),
        "due": local(found.moment),
        "held": found.held,
        "remaining": found.remaining,
    }
