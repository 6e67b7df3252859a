"""Screening (筛查): the whole population asked, and what was found kept for the community workers.

Nothing is decided here: a finding is a household to visit. A run that is cut off loses nothing and doubles nothing:
each part of it is written whole, and the next run knows what is there.
"""

from __future__ import annotations

import fcntl
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.core.policy import HOUSEHOLD
from yiwang.domains.assistance.discovery import enrolment, keeping
from yiwang.domains.assistance.discovery.enrolment import FOR_HELP, SAID_BY_FACT, YEAR
from yiwang.domains.assistance.discovery.finding_out import Found, Limits, find
from yiwang.domains.assistance.discovery.residents import Residents, load
from yiwang.domains.assistance.models import Award, Finding, Screening
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.access.policy import Subject, decide, require
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters.store import one_transaction
from yiwang.kernel.packs.rulebook import Rulebook, current

FINDING = "assistance_finding"
SCREENED = ("entitled", "ending", "soon")


@dataclass(slots=True)
class Told:
    """What a screening found. `counts`: programme -> {entitled, ending, soon}; `ids` are kept findings."""

    snapshot: str
    day: date
    households: int
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    raised: int = 0
    changed: int = 0
    known: int = 0
    lapsed: int = 0
    screening: Screening | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "snapshot": self.snapshot,
            "day": self.day.isoformat(),
            "households": self.households,
            "programmes": self.counts,
            "raised": self.raised,
            "changed": self.changed,
            "known": self.known,
            "lapsed": self.lapsed,
        }


def screen(
    *,
    actor: Any,
    now: datetime,
    residents: Residents,
    dry_run: bool = False,
    row: Screening | None = None,
    workers: int = 1,
    progress: Callable[[str, int], None] | None = None,
) -> Told:
    """Asks everybody of a snapshot under the law of today. `dry_run` writes nothing. Raises Denied.

    `row`: a screening that was asked for, or cut off, and is gone on with. Only one runs at a time: raises Conflict.
    """
    rules = current()
    may(actor)
    with _alone():
        return _screen(actor, now, residents, rules, dry_run, row, workers, progress)


def everybody(now: datetime) -> Residents:
    """The newest snapshot's households, with all that a screening looks at. Raises NotFound `no_snapshot`."""
    return load(current().policy, localdate(now), *SAID_BY_FACT.values())


def allowed(actor: Any) -> bool:
    """Whether the actor may screen the district."""
    return bool(decide(actor, "screen", Subject(FINDING, None, None, district=current().district)))


def may(actor: Any) -> None:
    """Raises Denied unless a post of the actor screens the district."""
    require(actor, "screen", Subject(FINDING, None, None, district=current().district))


def ask_for(*, actor: Any, now: datetime) -> Screening:
    """Leaves word that the population is to be screened; the worker does it. One that waits already is the same one."""
    rules = current()
    may(actor)
    with one_transaction():
        keeping.lock(rules.district)
        waiting = (
            Screening.objects.filter(district=rules.district, done_at=None).order_by("started_at").first()
        )
        return waiting or Screening.objects.create(
            id=uuid7(),
            district=rules.district,
            snapshot="",
            on=localdate(now),
            started_at=now,
            started_by_id=actor.user_id,
        )


def go_on(now: datetime) -> int:
    """Does the oldest screening that was asked for or cut off. The worker's job; 0 when there is none."""
    rules = current()
    row = Screening.objects.filter(district=rules.district, done_at=None).order_by("started_at").first()
    if row is None:
        return 0
    try:
        screen(actor=SYSTEM, now=now, residents=everybody(now), row=row)
    except Conflict:  # another process is at it
        return 0
    return 1


@contextmanager
def _alone() -> Iterator[None]:
    """Held by the process that screens; a process that dies lets go of it."""
    with open(Path(settings.HOME) / "screening.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict(_("A screening is running. Wait until it has ended."), code="screening") from None
        yield


def _screen(
    actor: Any,
    now: datetime,
    residents: Residents,
    rules: Rulebook,
    dry_run: bool,
    row: Screening | None,
    workers: int,
    progress: Callable[[str, int], None] | None,
) -> Told:
    day = localdate(now)
    told = Told(residents.snapshot, day, residents.population.count[HOUSEHOLD])
    if not dry_run:
        row = _begin(actor, told, rules, now, row)
    seen: set[tuple[UUID, str]] = set()
    applied = enrolment.applied_for()
    for slug, found in find(
        rules.policy, residents.population, day, enrolled(residents, day), limits_of(rules), workers
    ):
        # Who has applied is being looked at already.
        found = [
            one for one in found if one.says not in FOR_HELP or (residents.ids[one.row], slug) not in applied
        ]
        told.counts[slug] = dict.fromkeys(SCREENED, 0) | Counter(one.says for one in found)
        if row is not None:
            seen |= {(residents.ids[one.row], one.cause) for one in found}
            kept = keeping.keep_all([_raised(residents, one) for one in found], rules.district, now, row)
            told.raised, told.changed = told.raised + kept["raised"], told.changed + kept["changed"]
            told.known += kept["known"]
        if progress:
            progress(slug, len(found))
    if row is not None:
        told.lapsed = keeping.lapse(_gone(seen, list(told.counts)), rules.district, now)
        _end(row, told, now)
    told.screening = row
    return told


def limits_of(rules: Rulebook) -> Limits:
    return Limits(int(rules.settings["findings_missing"]), float(rules.settings["findings_near"]))


def enrolled(residents: Residents, day: date) -> Mapping[str, np.ndarray]:
    """Programme -> which households of the snapshot are in it now.

    An award runs, or was paid once within the last year; or the registers say so of a household that has no award
    here yet, because it came from another system.
    """
    found: dict[str, np.ndarray] = {}
    awarded: set[tuple[str, UUID]] = set()
    rows = Award.objects.values_list("programme", "household", "state", "rhythm", "since")
    for programme, household, state, rhythm, since in rows.iterator():
        awarded.add((programme, household))
        lately = rhythm == "once" and since > day - YEAR
        row = residents.row_of.get(household)
        if row is not None and (lately or (rhythm != "once" and state in ("running", "ending"))):
            if programme not in found:
                found[programme] = np.zeros(len(residents.ids), bool)
            found[programme][row] = True
    for programme, fact in SAID_BY_FACT.items():
        told = residents.dated(fact)
        for row in np.flatnonzero(told).tolist():
            if (programme, residents.ids[row]) not in awarded:
                found.setdefault(programme, np.zeros(len(residents.ids), bool))[row] = True
    return found


def _raised(residents: Residents, one: Found) -> keeping.Raised:
    return keeping.Raised(
        residents.ids[one.row],
        residents.areas[one.row],
        one.cause,
        one.says,
        one.fingerprint,
        {
            "sort": one.sort,
            "severity": one.severity,
            "fen": one.fen,
            "missing": list(one.missing),
            "illustrative": one.illustrative,
        },
    )


def _begin(actor: Any, told: Told, rules: Rulebook, now: datetime, row: Screening | None) -> Screening:
    with one_transaction():
        if row is not None:
            row.snapshot, row.on, row.households = told.snapshot, told.day, told.households
            row.save(update_fields=["snapshot", "on", "households"])
            return row
        return Screening.objects.create(
            id=uuid7(),
            district=rules.district,
            snapshot=told.snapshot,
            on=told.day,
            started_at=now,
            started_by_id=actor.user_id,
            households=told.households,
        )


def _end(row: Screening, told: Told, now: datetime) -> None:
    row.done_at, row.counts = now, told.counts
    row.raised, row.known, row.lapsed = told.raised + told.changed, told.known, told.lapsed
    with one_transaction():
        row.save()


def _gone(seen: set[tuple[UUID, str]], programmes: list[str]) -> list[UUID]:
    """Findings that wait and that this screening did not make again; a programme that is no more is among them."""
    waiting = Finding.objects.filter(~Q(says="alert"), state="waiting").values_list(
        "pk", "household", "cause"
    )
    return [pk for pk, household, cause in waiting.iterator() if (household, cause) not in seen]
