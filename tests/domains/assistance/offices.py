"""A street, its people and a household, for tests of assistance: whoever works a step, and forms filled in."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tests.conftest import at
from tests.people import person
from yiwang.domains.assistance import applying
from yiwang.domains.assistance.intake import MATERIALS
from yiwang.domains.assistance.steps.accepting import WAYS
from yiwang.domains.assistance.steps.looking import ABILITIES, CHECKS
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter, Task

STREET = "210104012"
BEGIN = at("2026-09-01T09:00")  # a Tuesday
IDS = ("210104195001011231", "210104198005050020", "210104201001010034", "210104194212120011")
POSTS = {
    "aid_window": f"aid-window-{STREET}",
    "aid_officer": f"aid-officer-{STREET}",
    "aid_street_leader": f"aid-street-{STREET}",
    "aid_county": "aid-county",
    "aid_leader": "aid-leader",
}


def community() -> str:
    from yiwang.kernel.registers import queries

    return next(code for code in sorted(queries.areas()) if code.startswith(STREET) and len(code) == 12)


def who(post: str, name: str = "") -> Actor:
    return person(POSTS.get(post, post), name=name)


def second() -> str:
    """The colleague who comes along."""
    return str(person(f"worker-{community()}", name="赵同行").id)


def applied(
    programme: str = "minimum_guarantee", *, now: datetime = BEGIN, id: UUID | None = None, **more
) -> Matter:
    given = {
        "programme": programme,
        "channel": "counter",
        "name": "王秀兰",
        "id_number": IDS[0],
        "area": community(),
        "phone": "13840000001",
        "address": "长安路 12 号 3-2-1",
        "situation": "丈夫去世，本人患病，无固定收入。",
        "members": [{"name": "李小明", "relation": "child", "id_number": IDS[2]}],
        "account": {"bank": "盛京银行", "number": "6222020000000001234", "holder": ""},
    } | more
    return applying.apply(actor=who("aid_window"), id=id or uuid4(), now=now, **given).matter


def task(matter: Matter, node: str) -> Task:
    return Task.objects.get(matter=matter, node=node, state="open")


def open_nodes(matter: Matter) -> set[str]:
    return set(Task.objects.filter(matter=matter, state="open").values_list("node", flat=True))


FILLED = {
    "accept": {f"material_{slug}": "given" for slug in MATERIALS},
    "arrange": {},
    "survey": {"signed_by": "王秀兰", "housing": "public", "income": "820", "seen": "家中两人，无就业收入。"},
    "data_check": {f"check_{slug}": "agrees" for slug in CHECKS},
    "self_care": {f"able_{slug}": "yes" for slug in ABILITIES} | {"seen": "行动自如"},
    "opinion": {"amount": "980.50", "reason": "符合条件，按差额计算。"},
    "county_review": {"amount": "980.50", "reason": "材料齐全，同意。"},
    "decide": {"amount": "980.50", "reason": "同意。"},
    "county_visit": {"signed_by": "王秀兰", "seen": "情况属实。"},
    "notify": {"way": next(iter(WAYS))},
    "notify_refusal": {"way": "post"},
    "notify_not_accepted": {"way": "post"},
    "resurvey": {"how": "assembly", "seen": "民主评议认为情况属实。"},
}


def do(matter: Matter, node: str, outcome: str, now: datetime, who_does: Actor | None = None, **data) -> None:
    """The step is done by whoever holds its post, with the form filled in and `data` over it."""
    row = task(matter, node)
    local = now.astimezone().date().isoformat()
    given = {"second": second(), "on": local} | FILLED.get(node, {}) | data
    actions.complete(actor=who_does or who(row.post), task=row.pk, outcome=outcome, now=now, data=given)


def until_opinion(matter: Matter, now: datetime = BEGIN) -> datetime:
    """Accepted, surveyed and checked; gives the moment at which the opinion is open."""
    do(matter, "accept", "accept", now + timedelta(hours=1))
    do(matter, "data_check", "done", now + timedelta(days=1))
    do(matter, "arrange", "arranged", now + timedelta(days=1))
    if "self_care" in open_nodes(matter):
        do(matter, "self_care", "done", now + timedelta(days=1))
    do(matter, "survey", "done", now + timedelta(days=2))
    return now + timedelta(days=2)


def granted(
    programme: str = "minimum_guarantee", *, now: datetime = BEGIN, amount: str = "980.50", **more
) -> Matter:
    """From the application to the decision delivered."""
    return through(applied(programme, now=now, **more), now=now, amount=amount)


def through(matter: Matter, *, now: datetime = BEGIN, amount: str = "980.50") -> Matter:
    """What was applied for is worked on until the decision is delivered."""
    from yiwang.kernel.matters import timers

    now = until_opinion(matter, now)
    do(matter, "opinion", "support", now, amount=amount)
    now += timedelta(days=8)
    timers.fire_due(now)
    if "county_visit" in open_nodes(matter):
        do(matter, "county_visit", "done", now)
    do(matter, "county_review", "grant", now, amount=amount)
    do(matter, "decide", "grant", now + timedelta(days=1), amount=amount)
    do(matter, "notify", "delivered", now + timedelta(days=2))
    return Matter.objects.get(pk=matter.pk)
