"""Social assistance in the demonstration: some applications at every step, awards that are paid, a review, an emergency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from yiwang.core.codes import parse_resident_id
from yiwang.core.codes.errors import CodeError
from yiwang.domains.assistance import applying, money, paying, reviewing
from yiwang.domains.assistance.answers import today
from yiwang.domains.assistance.intake import MATERIALS
from yiwang.domains.assistance.models import Application, Award, Publicity
from yiwang.domains.assistance.queries import computed_now
from yiwang.domains.assistance.steps.looking import ABILITIES, CHECKS
from yiwang.kernel.access.actors import SYSTEM, Actor
from yiwang.kernel.matters import actions, store, timers
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.people import actions as people
from yiwang.kernel.registers.people import queries as register
from yiwang.kernel.registers.people.variables import IN_COLUMNS, variables
from yiwang.project.demo.accounts import Staff

DAY = dt.timedelta(days=1)
STREETS = ("210104009", "210104012", "210104002")
NAMES = (
    "王秀兰",
    "李国强",
    "张桂英",
    "刘志明",
    "陈玉华",
    "杨建国",
    "赵春梅",
    "周海燕",
    "吴桂兰",
    "徐德发",
    "孙玉珍",
    "马文斌",
)
CHILDREN = (
    "王小雨",
    "李子轩",
    "张浩然",
    "刘思远",
    "陈佳琪",
    "杨雨桐",
    "赵子琪",
    "周明",
    "吴雪",
    "徐晓东",
    "孙琪",
    "马宇",
)


@dataclass(frozen=True, slots=True)
class Case:
    """`until`: the step it has come to; `days`: how long ago it came in; `wage`: fen a month of the applicant."""

    programme: str
    until: str
    days: int
    members: int = 1
    wage: int = 0
    more: Mapping[str, Any] | None = None
    known: Mapping[str, Any] | None = None  # of the applicant, beside the wage


CASES = (
    Case("minimum_guarantee", "done", 58, 2, 52_000),
    Case("minimum_guarantee", "done", 56),
    Case("minimum_guarantee", "done", 52, 2, 81_000),
    Case("extreme_hardship", "done", 57, known={"able_obligor": False}),
    Case("low_income_edge", "done", 50, 2, 210_000),
    Case("minimum_guarantee", "refuse", 48, 1, 450_000),
    Case("relief_expenditure", "done", 40, 2, 150_000, known={"medical_own_paid": 4_200_000}),
    Case("minimum_guarantee", "decide", 21, 2, 30_000),
    Case("minimum_guarantee", "publicity", 9, 1, 20_000),
    Case(
        "minimum_guarantee",
        "publicity",
        8,
        2,
        0,
        {"kin": {"name": "马某", "unit": "街道办事处", "relation": "父女"}},
    ),
    Case("extreme_hardship", "survey", 4, known={"able_obligor": False}),
    Case("minimum_guarantee", "supplement", 3, 2),
    Case("minimum_guarantee", "accept", 1),
)
# What departments know of a household that has nothing; money 0, yes or no: no, unless it stands here.
KNOWN: Mapping[str, Any] = {
    "local_hukou": True,
    "hukou": "urban",
    "shared_living": True,
    "insured": True,
    "labour_ability": "none",
    "able_obligor": True,
    "registered": True,
}


def play(staff: Staff, now: dt.datetime, seed: int = 1) -> int:
    """Gives how many matters were made."""
    rng = Random(f"{seed} assistance")
    with store.one_transaction():
        for number, case in enumerate(CASES):
            _Household(staff, STREETS[number % len(STREETS)], number, rng, now).play(case)
        made = len(CASES) + _emergencies(staff, now, rng)
        _pay(staff, now)
        return made + _reviews(staff, now)


def resident_id(rng: Random, born: dt.date) -> str:
    """A number whose check digit is right, of the district."""
    head = f"210104{born:%Y%m%d}{rng.randrange(100, 999)}"
    for last in "0123456789X":
        try:
            return parse_resident_id(head + last).value
        except CodeError:
            continue
    raise AssertionError(head)


class _Household:
    """One household and its application, played by those whose posts it is."""

    def __init__(self, staff: Staff, street: str, number: int, rng: Random, now: dt.datetime) -> None:
        self.staff, self.street, self.number, self.rng, self.now = staff, street, number, rng, now
        codes = sorted(code for code in registers.areas() if code.startswith(street) and len(code) == 12)
        self.area = codes[number % len(codes)]

    def who(self, post: str) -> Actor:
        street = {"aid_window": "aid-window", "aid_officer": "aid-officer", "aid_street_leader": "aid-street"}
        if post in street:
            return self.staff.post(f"{street[post]}-{self.street}")
        return self.staff.post({"aid_county": "aid-county", "aid_leader": "aid-leader"}[post])

    def at(self, days: float) -> dt.datetime:
        """That many days ago, in office hours of China."""
        day = self.now - days * DAY
        return day.replace(hour=1 + self.number % 7, minute=7 * self.number % 60, second=0)

    def apply(self, programme: str, now: dt.datetime, members: int, more: Mapping[str, Any] | None) -> Matter:
        name = NAMES[self.number % len(NAMES)]
        born = dt.date(1948 + self.number * 3 % 40, 1 + self.number % 12, 3 + self.number % 25)
        child = {
            "name": CHILDREN[self.number % len(CHILDREN)],
            "relation": "child",
            "id_number": resident_id(self.rng, dt.date(2011 + self.number % 6, 5, 6)),
        }
        given: dict[str, Any] = {
            "channel": "counter",
            "name": name,
            "id_number": resident_id(self.rng, born),
            "phone": f"138400{self.number:05d}",
            "address": f"示范路 {10 + self.number} 号 2-1-{self.number + 1}",
            "situation": "家庭收入低，基本生活有困难。",
            "members": [child] if members > 1 else [],
            "account": {"bank": "示范银行", "number": f"62220200000{self.number:08d}", "holder": ""},
        }
        given |= more or {}
        key = UUID(int=self.rng.getrandbits(128), version=4)
        actor = self.who("aid_window")
        return applying.apply(
            actor=actor, id=key, now=now, programme=programme, area=self.area, **given
        ).matter

    def do(self, matter: Matter, node: str, outcome: str, now: dt.datetime, **data: str) -> None:
        task = Task.objects.get(matter=matter, node=node, state="open")
        actor = self.who(task.post)
        second = self.who("aid_street_leader" if node != "county_visit" else "aid_leader")
        given = {"second": str(second.id), "on": today(now).isoformat()} | data
        actions.complete(actor=actor, task=task.pk, outcome=outcome, now=now, data=given)

    def know(self, matter: Matter, applicant: Mapping[str, Any], now: dt.datetime) -> None:
        """What the departments know of the household, as their files would bring it."""
        row = Application.objects.get(pk=matter.pk)
        kinds = variables()
        on = today(now)

        def facts(entity: str, **own: Any) -> dict[str, Any]:
            found = {}
            for slug, kind in kinds.items():
                if kind.entity == entity and slug not in IN_COLUMNS | {"born_on", "sex"}:
                    found[slug] = own.get(slug, KNOWN.get(slug, _nothing(kind)))
            return {slug: value for slug, value in found.items() if value is not None}

        people.set_facts(
            actor=SYSTEM,
            household=row.household,
            values=facts("household"),
            source="核对平台",
            as_of=on,
            now=now,
        )
        for one in register.members(row.household):
            own = applicant if one.pk == row.person else {"student": "junior"}
            people.set_facts(
                actor=SYSTEM,
                person=one.pk,
                values=facts("person", **own),
                source="核对平台",
                as_of=on,
                now=now,
            )

    def play(self, case: Case) -> None:
        start = self.at(case.days)
        matter = self.apply(case.programme, start, case.members, case.more)
        papers = {f"material_{slug}": "given" for slug in MATERIALS}
        if case.until == "accept":
            return
        if case.until == "supplement":
            self.do(matter, "accept", "missing", start + DAY, **papers | {"material_identity": "missing"})
            return
        self.do(matter, "accept", "accept", start + DAY / 8, **papers)
        self.know(
            matter, {"wage": case.wage, "employed": case.wage > 0} | dict(case.known or {}), start + DAY / 8
        )
        self.do(matter, "data_check", "done", start + DAY, **{f"check_{slug}": "agrees" for slug in CHECKS})
        self.do(matter, "arrange", "arranged", start + DAY)
        if case.until == "survey":
            return
        signed = {"signed_by": NAMES[self.number % len(NAMES)], "seen": "入户核实，与申报一致。"}
        if case.programme == "extreme_hardship":
            able = {f"able_{slug}": "no" if slug in ("bath", "walk") else "yes" for slug in ABILITIES}
            self.do(matter, "self_care", "done", start + 2 * DAY, **able)
        self.do(
            matter,
            "survey",
            "done",
            start + 2 * DAY,
            housing="public",
            income=f"{case.wage / 100:.2f}",
            **signed,
        )
        self._judge(matter, case, start + 3 * DAY, signed)

    def _judge(self, matter: Matter, case: Case, now: dt.datetime, signed: Mapping[str, str]) -> None:
        found = computed_now(matter, today(now))
        amount = f"{(found.fen if found.fen is not None else 80_000) / 100:.2f}"
        if case.until == "refuse":
            why = "家庭月人均收入高于低保标准。"
            self.do(matter, "opinion", "against", now, reason=why)
            self.do(matter, "county_review", "refuse", now + DAY, reason=why)
            self.do(matter, "decide", "refuse", now + 2 * DAY, reason=why)
            self.do(matter, "notify_refusal", "delivered", now + 3 * DAY, way="in_person")
            return
        judged = {"amount": amount, "reason": "情况属实，按标准计算。"}
        self.do(matter, "opinion", "support", now, **judged)
        if case.until == "publicity":
            return
        shown = Publicity.objects.get(matter=matter, kind="opinion")
        now = shown.until + DAY  # over holidays it is more than a week
        timers.fire_due(now)
        if Task.objects.filter(matter=matter, node="county_visit", state="open").exists():
            self.do(matter, "county_visit", "done", now, **signed)
        self.do(matter, "county_review", "grant", now + DAY / 8, **judged)
        if case.until == "decide":
            return
        self.do(matter, "decide", "grant", now + DAY, **judged)
        self.do(matter, "notify", "delivered", now + 2 * DAY, way="in_person")


def _nothing(kind: Any) -> Any:
    """What stands for having nothing: no money, no, never, none."""
    if kind.type == "choice":
        return "none" if "none" in kind.choices else next(iter(kind.choices))
    if kind.type == "date":
        return "never" if kind.never else None
    return False if kind.type == "bool" else 0


def _emergencies(staff: Staff, now: dt.datetime, rng: Random) -> int:
    """One that is relieved and has its papers, one that was just called in."""
    hour = dt.timedelta(hours=1)
    for number, days, kind in ((20, 12, "accident"), (21, 0, "fire")):
        one = _Household(staff, STREETS[number % len(STREETS)], number, rng, now)
        at = one.at(days) if days else now - hour
        matter = one.apply("relief_emergency", at, 1, {"channel": "call", "emergency": kind})
        if not days:
            continue
        one.do(matter, "confirm", "urgent", at + hour, reason="现场核实，急需住院押金。")
        one.do(matter, "relieve", "grant", at + 2 * hour, amount="2000", reason="先行救助。")
        one.do(matter, "hand_over", "paid", at + 3 * hour, way="cash", signed_by=NAMES[number % len(NAMES)])
        one.do(
            matter,
            "papers",
            "done",
            at + 3 * DAY,
            signed_by=NAMES[number % len(NAMES)],
            seen="情况属实，手续补齐。",
        )
        one.do(matter, "county_review", "recorded", at + 5 * DAY)
    return 2


def _pay(staff: Staff, now: dt.datetime) -> None:
    """The list of each month since the first award, paid but for the last one."""
    first = Award.objects.filter(rhythm="monthly").order_by("since").values_list("since", flat=True).first()
    month, this = first, today(now).replace(day=1)
    while month is not None and month <= this:
        at = dt.datetime(month.year, month.month, 5, 2, tzinfo=dt.UTC)
        batch = paying.make_list(
            actor=staff.post("aid-finance"), month=month, now=max(at, now) if at > now else at
        )
        if batch is not None and month < this:
            paying.confirm_paid(actor=staff.post("aid-finance"), batch=batch.pk, now=min(at + 3 * DAY, now))
        month = money.next_month(month)


def _reviews(staff: Staff, now: dt.datetime) -> int:
    """One award whose income is unstable is looked at again."""
    award = (
        Award.objects.filter(state="running", programme="minimum_guarantee").order_by("since", "id").first()
    )
    if award is None:
        return 0
    officer = staff.post(f"aid-officer-{award.area_id[:9]}")
    reviewing.open_review(
        actor=officer, award=award, why="change", due=today(now) + 20 * DAY, now=now - 2 * DAY
    )
    return 1
