"""What a decision starts, changes and ends. An award's amount never changes: another amount is a successor."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid5

from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.domains.assistance import money
from yiwang.domains.assistance.answers import ZONE, today
from yiwang.domains.assistance.models import Application, Award, Publicity
from yiwang.domains.assistance.programmes import MONTHLY, NEVER, ONCE, programme
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters.case import Case

RUNNING, ENDING, ENDED = "running", "ending", "ended"
LONGEST_EXIT = 6  # months of gradual exit, 民政部等 2022-10-20
HALF_YEARLY, YEARLY = 6, 12
# Recognitions hold a year (刚性支出困难家庭认定办法 art. 10 for one of them).
RECOGNISED_MONTHS = 12


def start(case: Case, fen: int, now: datetime) -> Award:
    """The award that a decision grants: monthly from the next month, once in the month of the decision."""
    row = Application.objects.get(pk=case.id)
    benefit = programme(row.programme)
    if row.household is None:
        raise Conflict(_("The application is not linked with a household."), code="no_household")
    on = today(now)
    since = on.replace(day=1) if benefit.rhythm == ONCE else money.next_month(on)
    person = row.person if benefit.alone else None
    if benefit.rhythm != ONCE:
        _refuse_second(row.household, person, benefit.slug)
        _take_the_place(row.household, person, benefit.slug, now)
    months = review_months(case) if benefit.rhythm == MONTHLY else 0
    until = None
    if benefit.rhythm == ONCE:
        until = money.last_day(since)
    elif benefit.rhythm == NEVER:
        until = money.last_day(money.next_month(since, RECOGNISED_MONTHS - 1))
    return Award.objects.create(
        id=uuid5(case.id, "award"),
        district=row.district,
        household=row.household,
        person=person,
        programme=benefit.slug,
        area_id=case.area,
        rhythm=benefit.rhythm,
        since=since,
        until=until,
        fen=fen,
        members=row.members_count,
        state=RUNNING,
        payee=row.person,
        name=row.name,
        account=row.account,
        matter_id=case.id,
        review_months=months,
        review_due=money.next_month(since, months) if months else None,
        made_at=now,
    )


def _refuse_second(household: UUID, person: UUID | None, slug: str) -> None:
    """Of a benefit for one person, another member's does not count; one that names nobody may be hers."""
    running = Award.objects.filter(household=household, programme=slug, state=RUNNING)
    if person is not None:
        running = running.filter(Q(person=person) | Q(person=None))
    if running.exclude(rhythm=ONCE).exists():
        raise Conflict(
            _("This household gets %(programme)s already. Change it by a review.")
            % {"programme": programme(slug)},
            code="runs_already",
        )


def _take_the_place(household: UUID, person: UUID | None, slug: str, now: datetime) -> None:
    """What the household still gets of a gradual exit ends with what is granted anew: it gets a programme once."""
    leaving = Award.objects.filter(household=household, programme=slug, state=ENDING)
    if person is not None:
        leaving = leaving.filter(Q(person=person) | Q(person=None))
    for row in leaving.exclude(rhythm=ONCE):
        end(row, "changed", now)


def latest(award: Award, lock: bool = False) -> Award:
    """The award itself, or the last one that took its place."""
    rows = Award.objects.select_for_update(of=("self",)) if lock else Award.objects
    while after := rows.filter(previous=award).order_by("made_at", "id").last():
        award = after
    return rows.get(pk=award.pk) if lock else award


def review_months(case: Case) -> int:
    """Half-yearly where income is unstable or somebody is able to work, else yearly (57号 art. 31)."""
    return HALF_YEARLY if case.data.get("unstable") else YEARLY


def looked_at(award: Award, now: datetime, months: int | None = None) -> None:
    """Reviewed and kept: the next review is due after the same time again, or after `months`; a recognition has none."""
    if award.state != RUNNING or not award.review_months:
        return
    award.review_months = months or award.review_months
    award.review_due = money.next_month(today(now), award.review_months)
    award.save(update_fields=["review_months", "review_due"])


def change(
    award: Award, fen: int, matter: UUID, members: int, now: datetime, review_months: int | None = None
) -> Award:
    """Another amount from the next month on: the award ends with this month and its successor begins.

    Less in a gradual exit is still that exit, with its end; more is no exit any more.
    """
    first = max(money.next_month(today(now)), award.since)
    leaving, until = award.state == ENDING and fen < award.fen, award.until
    months = review_months or award.review_months
    end(award, "changed", now)
    return Award.objects.create(
        id=uuid5(matter, "award"),
        district=award.district,
        household=award.household,
        person=award.person,
        programme=award.programme,
        area_id=award.area_id,
        rhythm=award.rhythm,
        since=first,
        until=until if leaving else None,
        fen=fen,
        members=members,
        state=ENDING if leaving else RUNNING,
        end_reason="exit" if leaving else "",
        payee=award.payee,
        name=award.name,
        account=award.account,
        matter_id=matter,
        previous=award,
        review_months=months,
        review_due=None if leaving else money.next_month(first, months),
        made_at=now,
    )


def leave_slowly(award: Award, months: int, now: datetime) -> None:
    """Gradual exit (渐退): paid for so many months more, then it ends."""
    until = money.last_day(money.next_month(today(now), months))
    # Whoever leaves already does not begin again: six months in all.
    award.until = min(until, award.until) if award.state == ENDING and award.until else until
    award.state, award.end_reason = ENDING, "exit"
    award.review_due = None
    award.save(update_fields=["state", "end_reason", "until", "review_due"])


def end(award: Award, reason: str, now: datetime) -> None:
    """Paid for this month still, never again. One that has not begun yet is never paid."""
    award.state, award.end_reason, award.review_due = ENDED, reason, None
    award.until = money.last_day(today(now))
    award.save(update_fields=["state", "end_reason", "until", "review_due"])
    Publicity.objects.filter(matter=award.matter_id, kind="award", until=None).update(until=now)


def close_over(on: date) -> int:
    """Awards whose last month is over have ended; gives how many."""
    over = Award.objects.filter(state__in=(RUNNING, ENDING), until__lt=on)
    ids = list(over.values_list("pk", "matter_id"))
    Award.objects.filter(pk__in=[pk for pk, _matter in ids]).update(state=ENDED)
    shown = Publicity.objects.filter(matter__in=[matter for _pk, matter in ids], kind="award", until=None)
    shown.update(until=datetime(on.year, on.month, on.day, tzinfo=ZONE))
    return len(ids)
