"""What becomes of one problem: who does what when, with the delays, detours and mistakes of real work.

A course plays through an office, step by step, until the moment `until`; what would happen later has not
happened yet. Whatever an office does, it must do what the actions of `domains.operations` do.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

from yiwang.kernel.access.actors import resident
from yiwang.project.demo import scenes
from yiwang.project.demo.accounts import Staff
from yiwang.project.demo.office import Filed
from yiwang.project.demo.places import Place
from yiwang.project.demo.scenes import Scene
from yiwang.project.demo.season import DAY, HOUR, Clock

MINUTE = 60
ROUNDS = 3  # of rework at most
BACKLOG = 5 * HOUR  # before `until`: part of what came in then has not been looked at yet
SURNAMES = "王李张刘陈杨赵黄周吴"
VOIDS = {
    "repeat": "与前次诉求重复，无新情况",
    "unclear": "描述不清，三次联系未接通",
    "not_ours": "不属于本区城市管理职责",
    "other_channel": "已进入诉讼程序，引导通过法定途径解决",
}
HOLDS = {
    "material": "配件需厂家定制，现场已设围护",
    "weather": "连续降温，不具备施工条件",
    "permit": "需办理挖掘审批",
    "ownership": "权属单位正在协调确认",
    "procedure": "已立案，按执法程序办理",
    "unreachable": "三次联系诉求人未接通",
}
NOT_OURS = ("经现场查看，权属不在本单位", "属于小区内部，建议转街道", "非我单位养护范围")
REDO = ("照片看不清处理结果，请补充", "只处理了一半，请继续", "处置说明过于简单，请补充后再报")
FAIL = ("现场核查仍存在，未处理", "处理不彻底，不符合结案标准", "现场仍有残留，需继续处理")
UNHAPPY = ("没过两天又这样了", "根本没来人处理", "只弄了表面，没解决问题")


class NotYet(Exception):
    """The next step lies after the moment at which the demonstration stands."""


class Course:
    """Plays problems one after another, with one seeded generator."""

    def __init__(self, office: Any, staff: Staff, clock: Clock, until: int, rng: Random) -> None:
        self.office, self.staff, self.clock, self.until, self.rng = office, staff, clock, until, rng
        self.interludes: list[tuple[int, int, Callable[[int], None]]] = []
        self.planned = 0

    def play(self, scene: Scene, place: Place, at: int, photos: Any = None) -> Filed:
        """One problem from its report on, with the residents who report it again."""
        self.interludes.clear()
        self.orphans: list[tuple[Filed, str, int]] = []
        self.scene, self.place, self.photos = scene, place, photos
        channel = scenes.channel(scene, self.rng)
        main = self._report(channel, at, scenes.told(scene, channel, place.spoken, self.rng), photos)
        self._until_the_end(main, channel, at)
        # Somebody reported it again, and it was closed before anybody merged the two: that one goes its own way.
        while self.orphans:
            self._until_the_end(*self.orphans.pop(0))
        return main

    def _until_the_end(self, main: Filed, channel: str, at: int) -> None:
        self.now = at
        with suppress(NotYet):
            self._live(main, channel, at)
            self._at(self.until)

    def _live(self, main: Filed, channel: str, at: int) -> None:
        chance = self.rng.random()
        if channel == "portal" and chance < 0.015:
            self.office.withdraw(main, at=self._at(at + self._minutes(25)))
            return
        if channel == "patrol" and chance < 0.07:
            closed = self._at(self.clock.after(at, self._minutes(40), "duty_leader"))
            self.office.close(
                main,
                at=closed,
                actor=self.staff.post("duty-leader"),
                answer="巡查人员已当场处理。",
                note="自行处置",
            )
            return
        now = self._file(main, at)
        if now is None:
            return
        if channel in ("portal", "hotline") and self.rng.random() < 0.055:
            self._others_report(main, now)
        now = self._dispatch(main, now)
        now = self._handle_until_closed(main, now)
        while channel != "patrol" and self._resident_judges(main, channel, now):
            now = self._handle_until_closed(main, self.now)

    # The links

    def _file(self, main: Filed, at: int) -> int | None:
        """Filed at the moment given back, or None when it was void."""
        now = self._at(self._looked_at(at, 16, "acceptor"))
        actor, chance = self.staff.post("acceptor"), self.rng.random()
        if chance < 0.05:
            reason = self.rng.choice(list(VOIDS))
            self.office.complete(main, "void", at=now, actor=actor, note=VOIDS[reason], reason=reason)
            return None
        if chance < 0.14:
            self.office.complete(main, "verify", at=now, actor=actor, note="请先到现场核实")
            checked = self._at(self._looked_at(now, 75, "inspector"))
            inspector = self.staff.inspector(main.case.area, self.rng.random())
            if self.rng.random() < 0.16:
                self.office.complete(
                    main,
                    "false",
                    at=checked,
                    actor=inspector,
                    note="现场未发现所述问题",
                    reason="not_found",
                )
                return None
            self.office.complete(main, "true", at=checked, actor=inspector)
            now = self._at(self._looked_at(checked, 12, "acceptor"))
        self._accept(main, now)
        return now

    def _accept(self, main: Filed, now: int) -> None:
        condition, given = self.scene.condition, {}
        if main.case.area != self.place.area:
            given["area"] = self.place.area
        self.office.complete(
            main,
            "file",
            at=now,
            actor=self.staff.post("acceptor"),
            standard=condition.standard,
            class_code=condition.class_code,
            condition=condition.slug,
            **given,
        )

    def _dispatch(self, main: Filed, at: int) -> int:
        actor = self.staff.post("dispatcher")
        shift = "crew" if self.scene.urgent else "dispatcher"
        now = self._at(self._looked_at(at, 18, shift))
        if self.rng.random() < 0.02:
            self.office.complete(main, "return", at=now, actor=actor, note="请补充具体位置和图片")
            now = self._at(self._looked_at(now, 20, "acceptor"))
            self._accept(main, now)
            now = self._at(self._looked_at(now, 18, shift))
        self.office.complete(main, "dispatch", at=now, actor=actor)
        return now

    def _handle_until_closed(self, main: Filed, now: int) -> int:
        for round_ in range(ROUNDS + 1):
            now = self._handle(main, now, first=round_ == 0)
            if self._feed_back(main, now, last=round_ == ROUNDS):
                break
        return self.now

    def _feed_back(self, main: Filed, now: int, last: bool) -> bool:
        """Whether it is closed; otherwise it is to be handled again."""
        unit = main.task.unit
        now = self._at(self._looked_at(now, 45, "crew" if self.scene.urgent else "reviewer"))
        reviewer = self.staff.reviewer(unit)
        if not last and self.rng.random() < 0.03:
            self.office.complete(main, "redo", at=now, actor=reviewer, note=self.rng.choice(REDO))
            return False
        self.office.complete(main, "confirm", at=now, actor=reviewer)
        now = self._at(self._looked_at(now, 80, "inspector"))
        inspector = self.staff.inspector(main.case.area, self.rng.random())
        if self.rng.random() < 0.012:
            self.office.send_back(main, at=now, actor=inspector, note="缺少处置后照片，退回补充")
            now = self._at(self._looked_at(now, 50, "reviewer"))
            self.office.complete(main, "confirm", at=now, actor=reviewer)
            now = self._at(self._looked_at(now, 60, "inspector"))
        if not last and self.rng.random() < 0.07:
            self.office.complete(main, "fail", at=now, actor=inspector, note=self.rng.choice(FAIL))
            return False
        self.office.complete(main, "pass", at=now, actor=inspector)
        now = self._at(self._looked_at(now, 35, "duty_leader"))
        leader = self.staff.post("duty-leader")
        if not last and self.rng.random() < 0.015:
            self.office.complete(main, "rework", at=now, actor=leader, note="处理结果与诉求不符，请返工")
            return False
        text = scenes.answer(self.work, self.place.spoken, self.rng)
        self.office.complete(main, "close", at=now, actor=leader, answer=text)
        return True

    # Handling

    def _handle(self, main: Filed, at: int, first: bool) -> int:
        now = at
        shift = "crew" if self.scene.urgent else "handler"
        if main.task.claimed_at is None and self.rng.random() < 0.8:
            now = self._at(self._looked_at(now, 30, shift))
            self.office.claim(main, at=now, actor=self.staff.handler(main.task.unit))
        if first:
            now = self._detours(main, now, shift)
        if self.rng.random() < 0.006:
            raise NotYet  # it lies somewhere
        done = self._at(self._done_at(main, now, shift))
        handler, evidence = self.staff.handler(main.task.unit), []
        if self.photos is not None:
            evidence = [self.office.photo(main, self.photos.after(), "after", handler, done)]
        self.work = scenes.work_done(self.scene, self.rng)
        self.office.complete(main, "done", at=done, actor=handler, note=self.work, evidence=evidence)
        return done

    def _detours(self, main: Filed, now: int, shift: str) -> int:
        chance, task = self.rng.random(), main.task
        dispatcher, supervisor = self.staff.post("dispatcher"), self.staff.post("supervisor")
        office = f"office-{self.place.area[:9]}"
        if chance < 0.05 and task.unit != office:
            now = self._at(self._looked_at(now, 90, shift))
            handler = self.staff.handler(task.unit)
            self.office.complete(main, "not_ours", at=now, actor=handler, note=self.rng.choice(NOT_OURS))
            now = self._at(self._looked_at(now, 25, "dispatcher"))
            self.office.complete(
                main, "dispatch", at=now, actor=dispatcher, unit=office, note="权属不清，请属地街道先行处理"
            )
            now = self._at(self._looked_at(now, 30, shift))
            self.office.claim(main, at=now, actor=self.staff.handler(office))
        elif chance < 0.065 and task.unit != office:
            now = self._at(self._looked_at(now, 50, "dispatcher"))
            self.office.reassign(main, at=now, actor=dispatcher, unit=office, note="由属地街道就近处理")
        elif chance < 0.105 and task.limit.endswith("d"):
            now = self._stand_still(main, now)
        elif chance < 0.15 and task.limit.endswith("wd") and task.due_at:
            asked = int(now + (task.due_at.timestamp() - now) * self.rng.uniform(0.5, 0.9))
            now = self._at(max(now, asked))
            if main.case.extensions == 0 and main.task.due_at.timestamp() > now:
                self.office.extend(
                    main,
                    at=now,
                    actor=supervisor,
                    limit=self.rng.choice(("1wd", "2wd")),
                    note="工程量较大，申请延期",
                )
        return now

    def _stand_still(self, main: Filed, now: int) -> int:
        dispatcher = self.staff.post("dispatcher")
        reason = self.rng.choice(list(HOLDS))
        now = self._at(self.clock.after(now, self._minutes(180), "dispatcher"))
        self.office.hold(main, at=now, actor=dispatcher, reason=reason, note=HOLDS[reason])
        days = self.rng.lognormvariate(1.1, 0.8)
        now = self._at(self.clock.after(int(now + days * DAY), self._minutes(30), "dispatcher"))
        self.office.resume(main, at=now, actor=dispatcher, note="条件已具备，恢复计时")
        return now

    def _done_at(self, main: Filed, now: int, shift: str) -> int:
        """When the handler is done: mostly within what is left of the limit, each unit as good as it is."""
        due = int(main.task.due_at.timestamp()) if main.task.due_at else now + DAY
        left = due - now
        if left > 0 and self.rng.random() > _lateness(main.task.unit or ""):
            share = self.rng.betavariate(1.7, 2.4)
            done = self.clock.after(now + int(left * share * 0.9), self._minutes(8), shift)
            return done if done < due else max(now + 120, due - self.rng.randrange(60, 1200))
        if left > 0 and self.rng.random() < 0.45:
            self._interlude(due + self.rng.randrange(2 * HOUR, 20 * HOUR), lambda t: self._chase(main, t))
        over = self.rng.lognormvariate(2.4, 1.1) * HOUR
        return self.clock.after(max(now, due) + int(over), self._minutes(15), shift)

    # Besides

    def _chase(self, main: Filed, at: int) -> None:
        if main.case.link == "handle":
            supervisor = self.staff.post("supervisor")
            self.office.remind(main, at=at, actor=supervisor, note="已超期，请加快处置并反馈进展")

    def _others_report(self, main: Filed, now: int) -> None:
        for _other in range(self.rng.choice((1, 1, 1, 2, 3))):
            self._interlude(now + self._minutes(200), lambda t: self._report_again(main, t))

    def _report_again(self, main: Filed, at: int) -> None:
        if main.case.state != "open":
            return
        channel = self.rng.choice(("portal", "portal", "hotline"))
        text = scenes.told_again(self.scene, self.place.spoken, self.rng)
        other = self._report(channel, at, text)
        merged = self._looked_at(at, 15, "acceptor")
        self._interlude(merged, lambda t: self._merge(main, other, channel, t))

    def _merge(self, main: Filed, other: Filed, channel: str, at: int) -> None:
        if main.case.state != "open":
            self.orphans.append((other, channel, at))
        else:
            acceptor = self.staff.post("acceptor")
            self.office.merge(main, other, at=at, actor=acceptor, note="同一地点同一问题")

    def _resident_judges(self, main: Filed, channel: str, now: int) -> bool:
        """Rates it, or not; whether it was opened again instead."""
        if self.rng.random() > (0.42 if channel == "portal" else 0.3):
            return False
        at = self._at(self.clock.after(now, self._minutes(900), "resident"))
        late = main.case.reworks + main.case.reopenings
        score = self.rng.choices((5, 4, 3, 2, 1), weights=(52, 26, 10, 6 + 4 * late, 4 + 4 * late))[0]
        if score <= 2 and main.case.reopenings == 0 and self.rng.random() < 0.35:
            self.office.reopen(main, at=at, note=self.rng.choice(UNHAPPY))
            return True
        note = (
            self.rng.choice(UNHAPPY)
            if score <= 2
            else ("谢谢，处理得很快" if score == 5 and at % 3 == 0 else "")
        )
        self.office.rate(main, at=at, score=score, solved=score >= 3, note=note)
        return False

    def _report(self, channel: str, at: int, text: str, photos: Any = None) -> Filed:
        given: dict[str, Any] = {"address": self.place.address}
        actor = resident()
        if channel == "patrol":
            actor = self.staff.inspector(self.place.area, self.rng.random())
        elif channel == "hotline":
            actor = self.staff.post("acceptor")
            given["external_id"] = f"{at}-{self.rng.getrandbits(32):08x}"
        elif channel == "open311":
            actor = self.staff.open311
        if channel != "hotline":
            given["point"] = self.place.point
        if channel in ("patrol", "open311"):
            condition = self.scene.condition
            given.update(standard=condition.standard, class_code=condition.class_code)
        if channel == "hotline" or (channel == "portal" and self.rng.random() < 0.6):
            given["contact_name"] = self.rng.choice(SURNAMES) + self.rng.choice(("先生", "女士"))
            given["contact_phone"] = f"1380013{self.rng.randrange(10_000):04d}"
        files = [photos.before()] if photos is not None else []
        self.now = at
        through = "staff" if channel == "patrol" else channel
        return self.office.report(at=at, actor=actor, channel=through, text=text, files=files, **given)

    # Time

    def _at(self, at: int) -> int:
        """The moment of the next step, after what happens besides; raises NotYet after the end."""
        at = max(at, self.now + 1)
        while self.interludes and self.interludes[0][0] <= min(at, self.until):
            moment, _order, act = heapq.heappop(self.interludes)
            act(moment)
            at = max(at, moment + 1)
        if at > self.until:
            raise NotYet
        self.now = at
        return at

    def _interlude(self, at: int, act: Callable[[int], None]) -> None:
        self.planned += 1
        heapq.heappush(self.interludes, (at, self.planned, act))

    def _looked_at(self, since: int, minutes: float, shift: str) -> int:
        if since > self.until - BACKLOG and self.rng.random() < 0.35:
            return self.until + 1  # still in the queue
        return self.clock.after(since, self._minutes(minutes), shift)

    def _minutes(self, typical: float) -> int:
        """A delay in seconds: mostly near the typical one, now and then much longer."""
        return int(typical * MINUTE * self.rng.lognormvariate(0, 0.75))


def _lateness(unit: str) -> float:
    """The share of a unit's work that is late: between 4 and 22 in a hundred, always the same for a unit."""
    return 0.04 + sum(map(ord, unit)) * 7919 % 19 / 100
