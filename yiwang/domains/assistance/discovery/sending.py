"""Findings become visits (派发): one matter a household, for the community worker, no more than a community can do.

The most severe go first. Each household is one transaction, so a kill in between neither loses nor doubles a visit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

import orjson
from django.db.models import Count, Max
from django.utils.timezone import localdate
from uuid_utils.compat import uuid7

from yiwang.domains.assistance import computing
from yiwang.domains.assistance.discovery import asked_again, enrolment, keeping, on_behalf
from yiwang.domains.assistance.models import Finding
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.store import one_transaction
from yiwang.kernel.packs.rulebook import Rulebook, current

KIND = "assistance_finding"
TITLES = {
    "entitled": "入户核实：可能符合条件而未享受",
    "ending": "入户核实：可能不再符合条件",
    "soon": "入户核实：接近条件或情况不全",
    "alert": "入户核实：动态监测预警",
}


def send(now: datetime, at_most: int | None = None) -> int:
    """Opens visits as far as the communities have room; gives how many households were taken up."""
    rules = current()
    if not rules.policy.programmes and not rules.alerts:
        return 0
    _let_go(rules.district, now)
    done = 0
    for area, households in _queue(rules):
        for household in households:
            if at_most is not None and done >= at_most:
                return done
            done += send_household(household, area, now, rules)
    return done


def _queue(rules: Rulebook) -> Iterator[tuple[str, list[UUID]]]:
    """Communities with room, and which of their households are next."""
    most = int(rules.settings["findings_open"])
    busy = dict(
        Matter.objects.filter(kind=KIND, state="open", district=rules.district)
        .values_list("area")
        .annotate(n=Count("id"))
    )
    waiting = (
        Finding.objects.filter(state="waiting", district=rules.district)
        # Who is being visited waits until that has ended, and takes no room from the others.
        .exclude(household__in=Finding.objects.filter(state="checking").values("household"))
        .values("area_id", "household")
        .annotate(top=Max("severity"))
        .order_by("area_id", "-top", "household")
    )
    for area, rows in groupby(waiting.iterator(), key=lambda row: row["area_id"]):
        room = most - busy.get(area, 0)
        if room > 0:
            yield area, [row["household"] for _n, row in zip(range(room), rows, strict=False)]


def send_household(household: UUID, area: str, now: datetime, rules: Rulebook) -> int:
    """Opens the visit of one household, with all that waits for it; 0 where nothing holds any more."""
    with one_transaction():
        keeping.lock(rules.district)
        waiting = list(
            Finding.objects.filter(household=household, state="waiting").order_by("-severity", "id")
        )
        if not waiting or _on_the_way(household):
            return 0
        row = asked_again.row_of(household)
        if row is not None and row.area_id != area:  # it has moved, and waits its turn there
            Finding.objects.filter(pk__in=[one.pk for one in waiting]).update(area=row.area_id)
            return 0
        holding = _holding(row, waiting, localdate(now), rules) if row else []
        kept = {one.pk for one in holding}
        for one in waiting:
            if one.pk not in kept:
                one.state, one.done_at = "lapsed", now
                one.save(update_fields=["state", "done_at"])
        if not holding:
            return 0
        matter = _open(holding, row.area_id, now)
        for one in holding:
            one.state, one.sent_at, one.matter = "checking", now, matter
            one.save(update_fields=["state", "sent_at", "matter", "explanation"])
    return 1


def _on_the_way(household: UUID) -> bool:
    """Whether somebody has this household's visit already; what is new then waits until it has ended."""
    return Finding.objects.filter(household=household, state="checking").exists()


def _holding(row, waiting: Sequence[Finding], day: date, rules: Rulebook) -> list[Finding]:
    """Those that hold with what is known today, each with its explanation."""
    one = computing.household_of_one(rules.policy, row)
    gets = enrolment.of_households([row.pk], day)[row.pk]
    applied = {programme for _household, programme in enrolment.applied_for([row.pk])}
    near = float(rules.settings["findings_near"])
    programmes = rules.policy.at(day).programmes
    found = []
    for finding in waiting:
        if (
            finding.says == "alert"
            or finding.cause in programmes
            and (finding.cause in gets) == (finding.says == "ending")
            and not (finding.says in enrolment.FOR_HELP and finding.cause in applied)
            and asked_again.still(rules.policy, one, day, finding.cause, finding.says, near)
        ):
            found.append(finding)
    told = asked_again.explained(rules.policy, one, day, [one.cause for one in found if one.says != "alert"])
    for finding in found:
        if finding.cause in told:
            finding.explanation = orjson.dumps(told[finding.cause]).decode()
    return found


def _open(findings: Sequence[Finding], area: str, now: datetime) -> Matter:
    """The matter of a visit. It names no one: who lives there stands on its page."""
    first = findings[0]
    title = TITLES[first.says]
    if len(findings) > 1:
        title += f"等{len(findings)}项"
    return actions.open(
        actor=SYSTEM,
        kind=KIND,
        id=uuid7(),
        title=title,
        area=area,
        source="alert" if first.says == "alert" else "screening",
        data={
            "act": "no",
            "says": sorted({one.says for one in findings}),
            "finds": {str(one.pk): [one.says, _applied_for_as(one.cause)] for one in findings},
        },
        now=now,
    )


def _applied_for_as(cause: str) -> str:
    """What a finding is applied for as; '' for an alert, `-` for help that is not applied for in a procedure here.

    It goes into the chain of events, so nothing that tells of health stands in it.
    """
    return cause if cause in on_behalf.OFFERED else "-" if cause in current().policy.programmes else ""


def _let_go(district: str, now: datetime) -> int:
    """Findings whose visit was ended otherwise (voided, withdrawn) are open no more."""
    with one_transaction():
        keeping.lock(district)
        ended = Finding.objects.filter(state="checking", district=district).exclude(matter__state="open")
        return ended.update(state="lapsed", done_at=now)
