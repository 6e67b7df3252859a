"""Plays days of the plan and writes them, a few thousand problems a transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.project.demo import accounts
from yiwang.project.demo.course import Course
from yiwang.project.demo.office import Filed, Ids, Numbers, Office, in_chinese
from yiwang.project.demo.photos import Photos
from yiwang.project.demo.places import Places
from yiwang.project.demo.plan import DELIVERED_SECONDS, Days, Plan, Progress
from yiwang.project.demo.scenes import Scene, Scenes
from yiwang.project.demo.season import Clock, local_midnight, second_of_day

CHUNK = 2000  # problems a transaction
TELL = 250  # problems between two words on the progress
PHOTO_DAYS, PHOTOS_A_DAY = 14, 3


class Making:
    """Everything needed to play days; each day has generators of its own, seeded by the plan and the day."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rules, self.calendar = rulebook.current(), current_calendar()
        self.clock, self.scenes = Clock(self.calendar), Scenes(self.rules)
        self.places = Places(Random(f"{plan.seed} places"))
        self.staff = accounts.staff(plan.today)
        self.numbers, self.ids = Numbers(plan.numbers_a_day), Ids(Random(0))
        self.office = Office(self.rules, self.calendar, self.ids, self.numbers)

    def run(self, days: Days, progress: Progress) -> tuple[int, dict[str, int]]:
        written = waiting = untold = 0
        with in_chinese():
            for day, count in days:
                for _problem in self.play(day, count):
                    waiting, untold = waiting + 1, untold + 1
                    if waiting == CHUNK:
                        written, waiting = written + self._write(), 0
                    if untold == TELL:
                        progress(untold)
                        untold = 0
            written += self._write()
        progress(untold)
        return written, self.numbers.taken()

    def play(self, day: dt.date, count: int) -> Iterator[Filed]:
        """Plays the problems of a day one by one."""
        seed = f"{self.plan.seed} {day}"
        self.numbers.home, self.ids.rng = day, Random(f"{seed} ids")
        rng = Random(f"{seed} arrivals")
        course = Course(self.office, self.staff, self.clock, self.plan.until, Random(f"{seed} course"))
        photos_left = PHOTOS_A_DAY if (self.plan.today - day).days < PHOTO_DAYS else 0
        for at, scene in self._arrivals(day, count, rng):
            photos = None
            if self.plan.photos and photos_left and rng.random() < 0.08:
                photos_left -= 1
                photos = Photos(scene.condition.slug, rng.getrandbits(32))
            yield course.play(scene, self.places.pick(scene.at, rng), at, photos)

    def _arrivals(self, day: dt.date, count: int, rng: Random) -> list[tuple[int, Scene]]:
        """When and what is reported on that day, in order."""
        midnight, found = local_midnight(day), []
        latest = min(86_400, self.plan.until - midnight)
        while len(found) < count:
            scene = self.scenes.pick(day, rng)
            second = second_of_day(scene.hours, rng)
            if second < latest:
                found.append((midnight + second, scene))
        found.sort(key=lambda one: one[0])
        return found

    def _write(self) -> int:
        return self.office.write(delivered_before=self.plan.until - DELIVERED_SECONDS)
