"""Makes the demonstration district: accounts, then sixty days of matters through the real engine.

The same seed, scale and moment give the same matters: ids, numbers, times and texts. (Sealed columns are sealed
anew each time, and the hash chain covers the ids of the users, which the database gives.)
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from django.db import connection
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.project.demo import accounts
from yiwang.project.demo.course import Course
from yiwang.project.demo.office import Ids, Numbers, Office, in_chinese
from yiwang.project.demo.photos import Photos
from yiwang.project.demo.places import Places
from yiwang.project.demo.scenes import Scene, Scenes
from yiwang.project.demo.season import Clock, local_midnight, second_of_day

DAYS = 60
PROBLEMS = 3300  # at scale 1; residents who report the same again come on top
CHUNK = 2000  # problems a transaction
PHOTOGRAPHED = 36
PHOTO_DAYS = 14
DELIVERED_SECONDS = 120  # notices older than this were sent

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What `create` made."""

    matters: int
    users: int
    seconds: float
    since: dt.date
    until: dt.datetime

    def as_dict(self) -> dict:
        return {
            "matters": self.matters,
            "users": self.users,
            "seconds": round(self.seconds, 2),
            "matters_per_second": round(self.matters / self.seconds, 1) if self.seconds else None,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
        }


def create(
    *,
    until: dt.datetime,
    scale: float = 1.0,
    seed: int = 1,
    progress: Progress | None = None,
    photos: int = PHOTOGRAPHED,
) -> Made:
    """Fills an empty database with a district that has worked for sixty days until the moment `until`.

    `progress` is called with the number of problems done since the last call; their total is `problems(scale)`.
    Raises Denied in production, Conflict when there are matters already, Problem `no_pack`.
    """
    accounts.refuse_production()
    if Matter.objects.exists():
        raise Conflict(
            _(
                "There are matters in this database already; the demonstration is only made in an empty one. "
                "Set YIWANG_HOME to an empty folder, or remove the old data first."
            ),
            code="not_empty",
        )
    began = time.perf_counter()
    until = until.replace(microsecond=0)
    today = until.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    users = accounts.create_accounts(today, Random(f"{seed} people"))
    with in_chinese():
        matters = _Making(until, today, scale, seed, photos).run(progress or (lambda _count: None))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Made(matters, users, time.perf_counter() - began, today - dt.timedelta(days=DAYS - 1), until)


def problems(scale: float) -> int:
    return max(1, round(PROBLEMS * scale))


class _Making:
    def __init__(self, until: dt.datetime, today: dt.date, scale: float, seed: int, photos: int) -> None:
        calendar, rules = current_calendar(), rulebook.current()
        self.until, self.today, self.seed = int(until.timestamp()), today, seed
        self.total = problems(scale)
        self.clock, self.scenes = Clock(calendar), Scenes(rules)
        self.places = Places(Random(f"{seed} places"))
        self.numbers, self.ids = Numbers(), Ids(Random(f"{seed} ids"))
        self.office = Office(rules, calendar, self.ids, self.numbers)
        rng = Random(f"{seed} course")
        self.course = Course(self.office, accounts.staff(today), self.clock, self.until, rng)
        self.rng = Random(f"{seed} arrivals")
        self.photos_left = photos

    def run(self, progress: Progress) -> int:
        written = played = 0
        for day, count in self.counts():
            for at, scene in self.arrivals(day, count):
                place = self.places.pick(scene.at, self.rng)
                self.course.play(scene, place, at, self._photos(scene, at))
                played += 1
                if played == CHUNK:
                    written += self._write()
                    progress(played)
                    played = 0
        written += self._write()
        progress(played)
        return written

    def counts(self) -> list[tuple[dt.date, int]]:
        """How many problems arise on each day."""
        days = [self.today - dt.timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
        shares = [self.clock.busy(day) * self.rng.uniform(0.86, 1.16) for day in days]
        shares[-1] *= min(1.0, (self.until - local_midnight(self.today)) / 72_000)
        whole, counts, given = sum(shares), [], 0
        for day, sum_ in zip(days, _sums(shares), strict=True):
            upto = round(self.total * sum_ / whole)
            counts.append((day, upto - given))
            given = upto
        return counts

    def arrivals(self, day: dt.date, count: int) -> list[tuple[int, Scene]]:
        """When and what is reported on that day, in order."""
        midnight, found = local_midnight(day), []
        latest = min(86_400, self.until - midnight)
        while len(found) < count:
            scene = self.scenes.pick(day, self.rng)
            second = second_of_day(scene.hours, self.rng)
            if second < latest:
                found.append((midnight + second, scene))
        found.sort(key=lambda one: one[0])
        return found

    def _photos(self, scene: Scene, at: int) -> Photos | None:
        if not self.photos_left or at < self.until - PHOTO_DAYS * 86_400 or self.rng.random() > 0.06:
            return None
        self.photos_left -= 1
        return Photos(scene.condition.slug, self.rng.getrandbits(32))

    def _write(self) -> int:
        count = self.office.write(delivered_before=self.until - DELIVERED_SECONDS)
        self.numbers.keep()
        return count


def _sums(values: list[float]) -> Iterator[float]:
    total = 0.0
    for value in values:
        total += value
        yield total
