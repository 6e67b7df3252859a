"""How a person shapes a list: which filters an address asks for, what may be chosen, and how it is said in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.domains.operations import classify
from yiwang.domains.operations.channels import registry
from yiwang.faces.workbench import choices, naming
from yiwang.faces.workbench.models import SavedQueue
from yiwang.kernel.errors import NotFound
from yiwang.kernel.matters.filters import LINKS, ORDERS, STATES, WHOSE, Filters
from yiwang.kernel.matters.search import MAJOR_LENGTH
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import words

SHOWN = {
    "mine": Filters(mine=True),
    "held": Filters(due="held"),
    "overdue": Filters(whose="seen", due="overdue"),
}
Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a list shows: its filters and order, and which tab it belongs to."""

    filters: Filters
    order: str = "due"
    tab: str = "all"
    base: Filters = field(default_factory=Filters)  # what the tab itself filters
    saved: SavedQueue | None = None

    @property
    def changed(self) -> bool:
        """Whether it is another list than its tab."""
        return self.filters != self.base or (self.saved is not None and self.order != self.saved.order)

    def query(self, **more: str) -> str:
        """The address's part after `?`: complete, so that it shows the same to whoever opens it."""
        return urlencode(address_of(self.filters) | self._rest() | more)

    def _rest(self) -> dict[str, str]:
        kept = {"order": self.order} if self.order != "due" else {}
        if self.saved is not None:
            kept |= {"queue": str(self.saved.pk), "shaped": "1"}
        elif self.tab in SHOWN:
            kept["show"] = self.tab
        elif not self.filters.as_dict():
            kept["show"] = "all"
        return kept


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    name: str
    address: str
    filters: Filters
    here: bool
    saved: bool = False


def read(asked: Mapping[str, Any]) -> Filters:
    """The filters of an address. `class` is a standard and a code or a major class: `GB/T 47678.5-2026|01037`."""
    given = {name: asked.get(name, "") for name in (*Filters.__slots__, "class")}
    standard, _bar, code = str(given.pop("class")).rpartition("|")
    if code:
        given |= {"standard": standard, "class_code": code}
    return Filters.of(given)


def address_of(filters: Filters) -> dict[str, str]:
    """The parameters that `read` reads."""
    found = filters.as_dict()
    if "class_code" in found:
        found["class"] = f"{found.pop('standard', '')}|{found.pop('class_code')}"
    return found


def shape_of(asked: QueryDict, queues: Iterable[SavedQueue]) -> Shape:
    """Which list an address means: a kept queue, one of the given tabs, or filters of its own."""
    queues = list(queues)
    order = asked.get("order", "") if asked.get("order", "") in ORDERS else "due"
    wanted = asked.get("queue", "")
    if not asked:
        saved = next((one for one in queues if one.first), None)
    elif wanted:
        saved = next((one for one in queues if str(one.pk) == wanted), None)
        if saved is None:
            raise NotFound(_("You have no such queue."))
    else:
        saved = None
    if saved is not None:
        base = Filters.of(saved.filters)
        shaped = bool(asked.get("shaped"))
        return Shape(
            read(asked) if shaped else base,
            order if shaped else saved.order,
            f"queue-{saved.pk}",
            base,
            saved,
        )
    filters, show = read(asked), asked.get("show", "")
    if show in SHOWN:
        base = SHOWN[show]
        filters = filters.but(mine=filters.mine or base.mine, whose=base.whose, due=base.due or filters.due)
        return Shape(filters, order, show, base)
    if filters.post:
        return Shape(filters, order, f"post-{filters.post}", Filters(post=filters.post))
    return Shape(filters, order)


def tabs(actor: Any, shape: Shape, queues: Iterable[SavedQueue]) -> list[Tab]:
    """The given ones, then the person's own."""
    found = [("all", _("All my work"), "/work?show=all", Filters())]
    held = list(dict.fromkeys(one.kind for one in actor.posts))
    if len(held) > 1:
        kinds = current().post_kinds
        for slug in held:
            name = naming.name_of(kinds.get(slug)) or slug
            found.append((f"post-{slug}", name, "/work?" + urlencode({"post": slug}), Filters(post=slug)))
    names = {"mine": _("Taken by me"), "held": _("Clock paused"), "overdue": _("Overdue")}
    found += [(key, name, f"/work?show={key}", SHOWN[key]) for key, name in names.items()]
    made = [Tab(key, name, address, filters, key == shape.tab) for key, name, address, filters in found]
    for one in queues:
        key = f"queue-{one.pk}"
        made.append(
            Tab(key, one.name, f"/work?queue={one.pk}", Filters.of(one.filters), key == shape.tab, True)
        )
    return made


# What may be chosen


def link_name(link: str) -> str:
    return {
        "file": _("Filing"),
        "dispatch": _("Dispatch"),
        "handle": _("Handling"),
        "feedback": _("Feedback"),
        "verify": _("Verification"),
        "close": _("Closing"),
    }.get(link, link)


def due_name(due: str) -> str:
    return {
        "overdue": _("Overdue"),
        "today": _("Due today"),
        "week": _("Due this week"),
        "held": _("Clock paused"),
        "none": _("No time limit"),
    }.get(due, due)


def whose_name(whose: str) -> str:
    return {"": _("what my posts work"), "seen": _("all that I may see")}.get(whose, whose)


def order_name(order: str) -> str:
    return {"due": _("Earliest due first"), "newest": _("Newest first")}.get(order, order)


def offered(actor: Any) -> dict[str, Any]:
    """Options and groups for each field of the filter form."""
    rules, language = current(), get_language() or ""
    posts = list(dict.fromkeys(one.kind for one in actor.posts))
    return {
        "classes": _classes(rules.digest, language, rules),
        "areas": _areas(rules.digest, language),
        "units": choices.units(),
        "links": [(one, link_name(one)) for one in LINKS],
        "dues": [(one, due_name(one)) for one in ("overdue", "today", "week", "held", "none")],
        "sources": [(one.slug, naming.name_of(one)) for one in registry.all_channels()],
        "posts": [(one, naming.name_of(rules.post_kinds.get(one)) or one) for one in posts],
        "states": [(one, words.state_name(one)) for one in STATES],
        "whose": [(one, whose_name(one)) for one in WHOSE],
        "orders": [(one, order_name(one)) for one in ORDERS],
    }


@lru_cache(maxsize=8)
def _classes(digest: str, language: str, rules: Rulebook) -> list[tuple[str, list[Option]]]:
    """The classes under their major class, which can be chosen as a whole."""
    in_use = classify.standards_in_use(rules)
    groups: dict[tuple[str, str], list[Option]] = {}
    names: dict[tuple[str, str], str] = {}
    for (standard, _kind, code), row in rules.classes.items():
        if standard in in_use:
            key = (standard, code[:MAJOR_LENGTH])
            names.setdefault(key, row.major_name or row.major)
            groups.setdefault(key, []).append((f"{standard}|{code}", f"{naming.name_of(row)} {code}"))
    made = []
    for key, found in groups.items():
        whole = (f"{key[0]}|{key[1]}", _("all of %(name)s") % {"name": names[key]})
        made.append((names[key], [whole, *sorted(dict(found).items())]))
    return made


@lru_cache(maxsize=8)
def _areas(digest: str, language: str) -> list[tuple[str, list[Option]]]:
    """The communities under their sub-district, which can be chosen as a whole."""
    known = registers.areas()
    groups: dict[str, list[Option]] = {}
    for row in known.values():
        if row.level == "community" and row.parent in known:
            groups.setdefault(row.parent, []).append((row.code, naming.name_of(row)))
    made = []
    for code, found in sorted(groups.items()):
        name = naming.name_of(known[code])
        made.append((name, [(code, _("all of %(name)s") % {"name": name}), *sorted(found)]))
    return made


# In words


def chips(shape: Shape, path: str) -> list[tuple[str, str, str]]:
    """What a list is filtered by: label, value in words, and the address without it."""
    found = []
    for label, value, without in said(shape.filters):
        less = Shape(shape.filters.but(**without), shape.order, shape.tab, shape.base, shape.saved)
        found.append((label, value, f"{path}?{less.query()}"))
    return found


def said(filters: Filters) -> list[tuple[str, str, dict]]:
    """Each filter as label and value, and what to change to be rid of it."""
    rules, own = current(), filters.as_dict()
    found: list[tuple[str, str, dict]] = []

    def add(label: str, value: str, *names: str) -> None:
        found.append((label, value, {name: False if name in ("mine", "free") else "" for name in names}))

    if "q" in own:
        add(_("Words"), f"“{filters.q}”", "q")
    if filters.class_code:
        add(_("Class"), class_name(rules, filters), "class_code", "standard")
    plain = {
        "area": (_("Area"), naming.area),
        "unit": (_("Unit"), naming.unit),
        "link": (_("Step"), link_name),
        "due": (_("Due"), due_name),
        "source": (_("Channel"), naming.channel),
        "post": (_("Post"), lambda slug: naming.name_of(rules.post_kinds.get(slug)) or slug),
        "state": (_("State"), words.state_name),
        "number": (_("Number"), str),
        "kind": (_("Kind"), str),
        "whose": (_("Whose work"), whose_name),
    }
    for name, (label, told) in plain.items():
        if name in own:
            add(label, told(own[name]), name)
    if filters.mine:
        add(_("Who"), _("Taken by me"), "mine")
    if filters.free:
        add(_("Who"), _("free to take"), "free")
    return found


def class_name(rules: Rulebook, filters: Filters) -> str:
    code = filters.class_code
    if len(code) > MAJOR_LENGTH:
        return naming.class_(rules, filters.standard, code)
    wanted = (one for (standard, _kind, known), one in rules.classes.items() if known.startswith(code))
    row = next((one for one in wanted if not filters.standard or one.standard == filters.standard), None)
    return row.major_name if row else code
