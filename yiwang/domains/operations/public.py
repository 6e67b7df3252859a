"""What everybody may know of the district's reports: points, cells and counts, without anybody's words or address.

A place is given to the middle of a square of about 100 m. Nothing is counted over a whole table: a day is a window
of the index on `opened_at` (or of the tasks' due moments), and days are added up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q
from django.db.models.functions import Substr

from yiwang.core.geo import Point, cell, cell_outline
from yiwang.domains.operations.actions import KIND
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.matters.queries import class_name
from yiwang.kernel.matters.store import ZONE
from yiwang.kernel.packs.rulebook import current, rulebook
from yiwang.kernel.registers import queries as registers

MOST_OPEN = 5000  # of open matters, those due first
MOST_DONE = 1000  # of matters done lately, the newest
DONE_DAYS = 7
SQUARE = 1000  # squares a degree: 0.001° is about 111 m north and 83 m east in Shenyang
CELLS = 8  # H3 resolution: about 0.7 km² a cell
SUBDISTRICT_DIGITS = 9
WINDOWS = (7, 30)  # days


@dataclass(frozen=True, slots=True)
class Shown:
    """One matter on the public map; `lat` and `lon` are the middle of its square. `state` is open or done."""

    lat: float
    lon: float
    state: str
    class_name: str
    area_name: str
    opened_at: datetime
    due_at: datetime | None
    held: bool
    link: str


@dataclass(frozen=True, slots=True)
class Sum:
    """What came of the reports of some days. `due` is the work at the place that fell due in them."""

    reported: int = 0
    done: int = 0
    open: int = 0
    due: int = 0
    on_time: int = 0

    @property
    def other(self) -> int:
        """Joined with an earlier report, taken back, or no matter of the district."""
        return self.reported - self.done - self.open

    @property
    def on_time_share(self) -> float | None:
        return self.on_time / self.due if self.due else None

    def __add__(self, other: Sum) -> Sum:
        return Sum(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Counts:
    """The sums of the last days, by sub-district and by class; both with the most reported first."""

    days: int
    total: Sum
    areas: tuple[tuple[str, Sum], ...]  # (name, sum)
    classes: tuple[tuple[str, Sum], ...]


# The map


def shown(now: datetime, english: bool = False) -> list[Shown]:
    """Open matters and those done in the last week, as points. Two queries, at most 6500 rows."""
    columns = "lat lon standard class_code area_id opened_at due_at held link pack_id state".split()
    placed = Matter.objects.filter(kind=KIND, lat__isnull=False)
    opened = placed.filter(state="open").order_by("due_at", "id").values_list(*columns)[:MOST_OPEN]
    since = now - timedelta(days=DONE_DAYS)
    # Without the state, so that the database goes along the newest reports and not over all that were ever closed.
    ended = placed.filter(opened_at__gte=since, closed_at__gte=since)
    lately = ended.order_by("-opened_at", "-id").values_list(*columns)[: 3 * MOST_DONE // 2]
    done = [row for row in lately if row[-1] == "closed"][:MOST_DONE]
    named = _Names(english)
    return [_shown("open", row, named) for row in opened] + [_shown("done", row, named) for row in done]


def _shown(state: str, row: tuple, named: _Names) -> Shown:
    lat, lon, standard, code, area, opened_at, due_at, held, link, pack, _state = row
    return Shown(
        lat=middle(lat),
        lon=middle(lon),
        state=state,
        class_name=named.of_class(standard, code, pack),
        area_name=named.of_area((area or "")[:SUBDISTRICT_DIGITS]),
        opened_at=opened_at,
        due_at=due_at if state == "open" else None,
        held=held,
        link=link,
    )


def middle(degrees: float) -> float:
    """The middle of the square that holds it."""
    return round((int(degrees * SQUARE // 1) + 0.5) / SQUARE, 4)


def cells(points: Iterable[Shown]) -> list[tuple[dict, int]]:
    """(outline as GeoJSON, open matters) of each cell that has some, the fullest first."""
    counted: Counter[str] = Counter()
    where: dict[tuple[float, float], str] = {}
    for one in points:
        if one.state == "open":
            place = (one.lat, one.lon)
            if place not in where:
                where[place] = cell(Point(one.lon, one.lat), CELLS)
            counted[where[place]] += 1
    return [(cell_outline(index), count) for index, count in counted.most_common()]


# The counts


def day_counts(day: date, now: datetime, until: date | None = None) -> dict:
    """What came in on a day (or the days until `until`) and what came of it until `now`, as JSON.

    {total, area: {code: …}, class: {standard|code: …}}, each [reported, done, open, due, on time]. Work that is not
    due yet is not counted as due. Two queries over the days' rows.
    """
    start, end = bounds(day)[0], bounds(until or day)[1]
    area = Substr("area_id", 1, SUBDISTRICT_DIGITS)
    found: dict[str, dict[str, list[int]]] = {"area": defaultdict(_zeros), "class": defaultdict(_zeros)}
    total = _zeros()

    def add(area_code: str | None, standard: str, code: str, **counts: int) -> None:
        key = f"{standard}|{code}" if code else ""
        for row in (total, found["area"][area_code or ""], found["class"][key]):
            for n, name in enumerate(Sum.__slots__):
                row[n] += counts.get(name, 0)

    rows = Matter.objects.filter(kind=KIND, opened_at__gte=start, opened_at__lt=end)
    grouped = rows.values_list(area, "standard", "class_code", "state").annotate(n=Count("pk")).order_by()
    for area_code, standard, code, state, n in grouped:
        ended = {"closed": "done", "open": "open"}.get(state)
        add(area_code, standard, code, reported=n, **({ended: n} if ended else {}))
    work = Task.objects.filter(kind=KIND, link="handle", due_at__gte=start, due_at__lt=min(end, now))
    good = Q(done_at__isnull=False, done_at__lte=F("due_at"))
    judged = work.exclude(state="dropped").values_list(area, "matter__standard", "matter__class_code")
    for area_code, standard, code, due, on_time in judged.annotate(
        due=Count("pk"), on_time=Count("pk", filter=good)
    ).order_by():
        add(area_code, standard, code, due=due, on_time=on_time)
    return {"total": total, "area": dict(found["area"]), "class": dict(found["class"])}


def _zeros() -> list[int]:
    return [0] * len(Sum.__slots__)


def bounds(day: date) -> tuple[datetime, datetime]:
    """The moments between which the day lies in China."""
    start = datetime.combine(day, time(), ZONE)
    return start, start + timedelta(days=1)


def today(now: datetime) -> date:
    return now.astimezone(ZONE).date()


def last_days(now: datetime, count: int = max(WINDOWS)) -> list[date]:
    """Today and the days before it, the newest first."""
    return [today(now) - timedelta(days=n) for n in range(count)]


def add_up(days: Mapping[date, dict], now: datetime, window: int, english: bool = False) -> Counts:
    """The counts of the last `window` days out of the days' own counts; a day that is missing counts nothing."""
    found = [days[day] for day in last_days(now, window) if day in days]
    named = _Names(english)
    return Counts(
        window,
        sum((Sum(*one["total"]) for one in found), Sum()),
        _ranked(found, "area", named.of_area),
        _ranked(found, "class", lambda key: named.of_class(*key.split("|", 1)) if key else ""),
    )


def _ranked(days: list[dict], by: str, name: Callable[[str], str]) -> tuple[tuple[str, Sum], ...]:
    sums: dict[str, Sum] = defaultdict(Sum)
    for one in days:
        for key, counts in one[by].items():
            sums[name(key)] += Sum(*counts)
    return tuple(sorted(sums.items(), key=lambda item: (not item[0], -item[1].reported, item[0])))


class _Names:
    """Names of areas and classes, each looked up once."""

    def __init__(self, english: bool) -> None:
        self.english = english
        self.classes: dict[tuple, str] = {}

    def of_area(self, code: str) -> str:
        row = registers.areas().get(code)
        return ((self.english and row.name_en) or row.name) if row and row.level != "district" else ""

    def of_class(self, standard: str, code: str, pack: int | None = None) -> str:
        key = (standard, code, pack)
        if key not in self.classes:
            rules = rulebook(pack) if pack else current()
            self.classes[key] = class_name(rules, standard, code, self.english)
        return self.classes[key]
