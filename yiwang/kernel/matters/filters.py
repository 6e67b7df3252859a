"""What a list of tasks or of matters is narrowed to: one set of filters for pages, saved queues, exports and the API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from yiwang.kernel.access.policy import matters_filter, tasks_filter
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import search
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.registers.queries import unit_tree

ZONE = ZoneInfo("Asia/Shanghai")
STATES = ("open", "closed", "void", "merged", "withdrawn")
LINKS = ("file", "dispatch", "handle", "feedback", "verify", "close")
DUE = ("overdue", "today", "week", "held", "none")
ORDERS = ("due", "newest")
WHOSE = ("", "seen")
_CHOICES = {"state": STATES, "due": DUE, "whose": WHOSE}
_LONGEST = {"q": search.words.MOST_CHARACTERS, "class_code": 11, "area": 12}
COMMUNITY_DIGITS = 12
MOST_UNITS = 60  # of a unit tree as marks; a larger tree is left to the database


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty values filter nothing.

    `q`: words to find. `class_code`: a class or, as its first two digits, a major class. `area`, `unit`: with all
    that lies below. `due`: overdue, today, week (until Sunday), held (the clock stands), none (no limit).
    `mine`: taken by the person; `free`: by nobody. `whose`: of tasks, "" those that the person works, "seen" those
    of matters that the person may see.
    """

    q: str = ""
    state: str = ""
    kind: str = ""
    standard: str = ""
    class_code: str = ""
    area: str = ""
    unit: str = ""
    link: str = ""
    due: str = ""
    source: str = ""
    post: str = ""
    number: str = ""
    whose: str = ""
    held: bool | None = None
    mine: bool = False
    free: bool = False
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Filters:
        """From texts as an address or a saved queue has them; what is not known is not looked at.

        Raises Invalid for a value that is none of a closed list, or too long.
        """
        kept: dict[str, Any] = {}
        for name in TEXTS:
            text = str(given.get(name) or "").strip()
            if len(text) > _LONGEST.get(name, 60):
                raise Invalid(
                    _("%(field)s is too long: at most %(most)d characters.")
                    % {"field": name, "most": _LONGEST.get(name, 60)},
                    where=name,
                )
            if text and name in _CHOICES and text not in _CHOICES[name]:
                raise Invalid(
                    _("%(value)s is not possible here. Possible: %(known)s.")
                    % {"value": repr(text), "known": ", ".join(filter(None, _CHOICES[name]))},
                    where=name,
                )
            kept[name] = text.replace("\0", "")
        kept |= {name: str(given.get(name) or "") in ("1", "true", "True") for name in ("mine", "free")}
        return cls(**kept)

    def as_dict(self) -> dict[str, str]:
        """The texts that `of` reads; only what filters something."""
        found = {name: getattr(self, name) for name in TEXTS if getattr(self, name)}
        return found | {name: "1" for name in ("mine", "free") if getattr(self, name)}

    def __iter__(self) -> Iterator[str]:
        """The names of what filters something."""
        return (one.name for one in fields(self) if getattr(self, one.name) not in ("", None, False))

    def but(self, **changed: Any) -> Filters:
        return replace(self, **changed)

    # tasks

    def tasks(self, actor: Any, now: datetime | None, *, by_index: bool = True) -> QuerySet[Task]:
        """The open tasks, in no order yet. Without `by_index` all but `q`, for whoever looks at the texts (`walked`)."""
        if self.whose == "seen":
            rows = Task.objects.filter(_seen(actor), state="open")
        else:
            rows = Task.objects.filter(tasks_filter(actor), state="open")
        plain = {name: getattr(self, name) for name in ("link", "post", "kind") if getattr(self, name)}
        rows = rows.filter(**plain)
        if self.area:
            rows = rows.filter(area__gte=self.area, area__lte=self.area.ljust(12, "9"))
        if self.held is not None:
            rows = rows.filter(held=self.held)
        if self.mine:
            rows = rows.filter(assignee=actor.id)
        if self.free:
            rows = rows.filter(assignee=None)
        if self.due:
            rows = rows.filter(_due(self.due, now))
        wanted = self.wanted_open()
        if wanted:
            rows = rows.filter(self._of_matter("matter__"))
        if wanted and by_index:
            rows = rows.filter(matter__in=search.among(wanted))
        return rows

    def wanted_open(self) -> search.Wanted:
        """What the index is asked for tasks; nothing when it could not narrow them."""
        if self.q or self.class_code or self.unit or self.source:
            return self._narrowed(search.read(self.q).also("_xopen"))
        return search.Wanted()

    # matters

    def matters(self, actor: Any, now: datetime | None) -> QuerySet[Matter]:
        """The matters that the person may see, in no order yet; `q` is the index's to answer (see `wanted`)."""
        rows = Matter.objects.filter(matters_filter(actor, "see"), self._of_matter(""))
        plain = {name: getattr(self, name) for name in ("kind", "link", "number") if getattr(self, name)}
        if self.state:
            plain["state"] = self.state
        rows = rows.filter(**plain)
        if self.area:
            rows = rows.filter(area__gte=self.area, area__lte=self.area.ljust(12, "9"))
        if self.held is not None:
            rows = rows.filter(held=self.held)
        if self.due:
            rows = rows.filter(_due(self.due, now), state="open")
        if self.since:
            rows = rows.filter(opened_at__gte=self.since)
        if self.until:
            rows = rows.filter(opened_at__lt=self.until)
        return rows

    def fits(self, row: Mapping[str, Any], now: datetime | None) -> bool:
        """The same as `matters` of one row that the index has found: its columns are looked at without a query."""
        at = row["opened_at"]
        plain = all(
            getattr(self, n) in ("", row[n])
            for n in ("kind", "link", "number", "state", "standard", "source")
        )
        return (
            plain
            and row["class_code"].startswith(self.class_code)
            and (row["area_id"] or "").startswith(self.area)
            and (not self.unit or row["unit_id"] in unit_tree(self.unit))
            and self.held in (None, row["held"])
            and (not self.since or at >= self.since)
            and (not self.until or at < self.until)
            and (not self.due or (row["state"] == "open" and self._is_due(row, now)))
        )

    def _is_due(self, row: Mapping[str, Any], now: datetime | None) -> bool:
        due = row["due_at"]
        if self.due in ("held", "none"):
            return row["held"] if self.due == "held" else due is None and not row["held"]
        return due is not None and (
            due < now if self.due == "overdue" else now <= due < _until(self.due, now)
        )

    def wanted(self, actor: Any) -> search.Wanted:
        """What the index is asked for matters: the words, the filters, and as far as it can tell what may be seen."""
        wanted = self._narrowed(search.read(self.q))
        state = "open" if self.due or self.link else self.state
        if state:
            wanted = wanted.also(search.mark("x", state))
        if self.area:
            wanted = wanted.also(search.mark("a", _known_length(self.area)))
        if self.kind:
            wanted = wanted.also(search.mark("k", self.kind))
        for reach in actor.reach.get("see", ()) if len(actor.reach.get("see", ())) == 1 else ():
            if reach.area:
                wanted = wanted.also(search.mark("a", _known_length(reach.area)))
            if reach.units and len(reach.units) <= MOST_UNITS:
                wanted = wanted.also(*(search.mark("u", one) for one in sorted(reach.units)))
        return wanted

    def _narrowed(self, wanted: search.Wanted) -> search.Wanted:
        if self.class_code:
            wanted = wanted.also(search.mark("c", self.class_code))
        if self.source:
            wanted = wanted.also(search.mark("s", self.source))
        if self.unit and len(units := sorted(unit_tree(self.unit))) <= MOST_UNITS:
            wanted = wanted.also(*(search.mark("u", one) for one in units))
        return wanted

    def _of_matter(self, prefix: str) -> Q:
        found = Q()
        for name in ("standard", "source"):
            if getattr(self, name):
                found &= Q(**{prefix + name: getattr(self, name)})
        if self.class_code:
            found &= Q(**{prefix + "class_code__startswith": self.class_code})
        if self.unit:
            found &= Q(**{prefix + "unit__in": sorted(unit_tree(self.unit))})
        return found


TEXTS = tuple(
    one.name for one in fields(Filters) if one.name not in ("held", "mine", "free", "since", "until")
)


def local_midnight(now: datetime, days: int = 1) -> datetime:
    """The begin of the local day so many days on."""
    local = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return local + timedelta(days=days)


def _seen(actor: Any) -> Q:
    """The tasks of matters that the person may see.

    Who sees one unit or one community begins with its open matters, which are few; who sees more goes through the
    tasks in their order and looks at each, so that the first fifty are found at once.
    """
    reaches = actor.reach.get("see", ())
    if actor.kind == "user" and reaches and all(_narrow(reach) for reach in reaches):
        return Q(matter__in=Matter.objects.filter(matters_filter(actor, "see"), state="open"))
    return matters_filter(actor, "see", of="matter__")


def _narrow(reach: Any) -> bool:
    return reach.units is not None or len(reach.area or "") == COMMUNITY_DIGITS


def _due(slug: str, now: datetime | None) -> Q:
    if slug == "held":
        return Q(held=True)
    if slug == "none":
        return Q(due_at=None, held=False)
    if now is None:
        raise ValueError("what is due is asked for a moment: give `now`")
    if slug == "overdue":
        return Q(due_at__lt=now)
    return Q(due_at__gte=now, due_at__lt=_until(slug, now))


def _until(slug: str, now: datetime) -> datetime:
    """Where today or this week ends."""
    return local_midnight(now, 1 if slug == "today" else 7 - now.astimezone(ZONE).weekday())


def _known_length(area: str) -> str:
    """The longest beginning of the code for which the index has a mark."""
    known = [length for length in (6, *search.AREA_LENGTHS) if length <= len(area)]
    return area[: known[-1]] if known else area
