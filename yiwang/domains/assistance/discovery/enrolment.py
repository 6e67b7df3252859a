"""Which help a household gets, or has applied for: nobody is visited for what is on its way already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from yiwang.domains.assistance.models import Application, Award
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import queries
from yiwang.kernel.registers.people.facts import NEVER

YEAR = timedelta(days=365)
RUNS = ("running", "ending")
# Facts of households that say that they are in a programme since a day.
SAID_BY_FACT = {"minimum_guarantee": "guarantee_since"}
FOR_HELP = ("entitled", "soon")  # findings that an application answers


def of_households(households: Iterable[UUID], day: date) -> dict[UUID, set[str]]:
    """The programmes in which each of these is: by an award that runs, or was paid once within the last year; or by
    what the registers say of one that has no award here yet, because it came from another system.
    """
    households = set(households)
    found: dict[UUID, set[str]] = {one: set() for one in households}
    awarded: set[tuple[UUID, str]] = set()
    rows = Award.objects.filter(household__in=households)
    for household, programme, state, rhythm, since in rows.values_list(
        "household", "programme", "state", "rhythm", "since"
    ):
        awarded.add((household, programme))
        if (since > day - YEAR) if rhythm == "once" else state in RUNS:
            found[household].add(programme)
    for row in Household.objects.filter(pk__in=households):
        known = queries.known_household(row)
        for programme, fact in SAID_BY_FACT.items():
            said = fact in known and known[fact].value != NEVER
            if said and (row.pk, programme) not in awarded:
                found[row.pk].add(programme)
    return found


def applied_for(households: Iterable[UUID] | None = None) -> set[tuple[UUID, str]]:
    """Households with the programmes for which they have an open application; of one that nobody has accepted yet the
    household of its applicant. None: all households.
    """
    rows = Application.objects.filter(matter__state="open")
    some = None if households is None else set(households)
    if some is not None:
        hashes = Person.objects.filter(household__in=some).exclude(id_hash="").values("id_hash")
        rows = rows.filter(Q(household__in=some) | Q(household=None, id_hash__in=hashes))
    found, nameless = set(), []
    for household, programme, id_hash in rows.values_list("household", "programme", "id_hash"):
        if household is not None:
            found.add((household, programme))
        elif id_hash:
            nameless.append((id_hash, programme))
    lives = dict(
        Person.objects.filter(id_hash__in={one for one, _programme in nameless})
        .exclude(household=None)
        .values_list("id_hash", "household")
    )
    return found | {(lives[one], programme) for one, programme in nameless if one in lives}
