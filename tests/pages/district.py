"""A small district in which every page has something to show, and people signed in without typing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from uuid_utils.compat import uuid7

from tests import people
from tests.conftest import at
from tests.domains.assistance import district as assistance
from tests.domains.assistance import found
from tests.domains.services.restaurant import RESTAURANT
from tests.faces.conftest import COMMUNITY, photo, way_of_a_matter
from tests.pages import approvals, halls, licences
from yiwang.core.geo import Point
from yiwang.core.process.simulation.warming import warm
from yiwang.domains.operations import actions, supervision
from yiwang.domains.operations.models import Appeal, Request
from yiwang.domains.services import applying as services
from yiwang.faces.people import mine
from yiwang.faces.portal import own
from yiwang.kernel.access.actors import SYSTEM, resident
from yiwang.kernel.access.sealed import seal
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Pause, Task
from yiwang.kernel.records.models import Licence
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.registers.models import Person

STEPS = ("file", "dispatch", "handle", "feedback", "verify", "close", "closed")
TEXTS = ("小区门口路灯不亮好几天了", "路灯一直亮着白天也不关", "人行道边路灯杆倾斜，怕砸到人")


@dataclass
class Made:
    """`at`: a matter's number by the step it stands at; number, secret, report: of the one that is closed."""

    number: str = ""
    secret: str = ""
    report: str = ""
    at: dict[str, str] = field(default_factory=dict)
    aid: assistance.Aid = field(default_factory=assistance.Aid)
    found: found.Found = field(default_factory=found.Found)
    licence: Licence | None = None
    service: tuple[str, str] = ("", "")  # number and secret of an application for a service
    hall: halls.Made = field(default_factory=halls.Made)
    sessions: dict[str, str] = field(default_factory=dict)

    @property
    def somebody(self) -> str:
        """A person of the household that receives assistance."""
        return str(Person.objects.filter(household=self.aid.household).order_by("id").first().pk)

    def session(self, post: str) -> str:
        """The session key of somebody who holds the post; of the reporter for ''."""
        if post not in self.sessions:
            store = SessionStore()
            if post:
                user = people.user(post)
                store[SESSION_KEY] = str(user.pk)
                store[BACKEND_SESSION_KEY] = "yiwang.kernel.access.signin.PostsBackend"
                store[HASH_SESSION_KEY] = user.get_session_auth_hash()
            else:
                pairs = ((self.number, self.secret), (self.aid.number, self.aid.secret), self.service)
                store[own.KEY] = {number: seal(secret, own.PLACE) for number, secret in pairs}
                booked = (self.hall.booked, self.hall.came)
                store[own.BOOKINGS] = {number: seal(secret, own.PLACE) for number, secret in booked}
                store[mine.KEY] = seal(f"{self.somebody} 9999999999", mine.PLACE)
            store.save()
            self.sessions[post] = store.session_key
        return self.sessions[post]


def make(now: str = "2026-09-28T10:00") -> Made:
    """One matter at each step of the incident process, with photos; the clock of one has run out, one is held."""
    made, start = Made(), at(now) - timedelta(days=4)
    area = registers.areas()[COMMUNITY]
    for number, step in enumerate(STEPS):
        got = actions.report(
            id=uuid7(),
            channel="portal",
            text=TEXTS[number % len(TEXTS)],
            actor=resident(),
            point=Point(area.lon + number * 0.0004, area.lat + number * 0.0003, "CGCS2000"),
            contact_name="王芳",
            contact_phone="13812345678",
            files=[photo((320, 240))],
            now=start + timedelta(minutes=number),
        )
        made.at[step] = got.matter.number
        _bring(got.matter, step, start)
        if step == "closed":
            made.number, made.secret, made.report = got.matter.number, got.secret, str(got.report.pk)
        if step == "handle":
            matters.hold(
                actor=SYSTEM, matter=got.matter.number, reason="weather", note="连续降雨", now=at(now)
            )
    _supervised(made, start)
    made.aid = assistance.make(at(now))
    made.found = found.make(at(now))
    made.licence = licences.make(at(now), made.number)
    project = approvals.make(at(now)).project
    made.meeting = approvals.meet(project, at(now)).matter.number
    made.meeting_to_come = approvals.to_come(project, at(now)).matter.number
    warm(current_calendar())  # the page that rehearses a reform would else compile while a browser waits
    applied = services.apply(
        actor=resident(),
        id=uuid7(),
        service="food-business-licence",
        answers=RESTAURANT,
        consent=True,
        now=start,
    )
    made.service = (applied.matter.number, applied.secret)
    made.hall = halls.make(at(now))
    return made


def _supervised(made: Made, start) -> None:
    """A chase that waits too long for its reply, one that was replied to, a request for more time, a hang-up, an appeal."""
    boss, unit, leader = (people.person(post) for post in ("supervisor", "reviewer-lighting", "duty-leader"))
    now = start + timedelta(hours=3)
    for step in ("verify", "feedback"):
        row = supervision.chase(
            actor=boss, matter=made.at[step], note="请尽快办理", reply_by=now + timedelta(days=1), now=now
        )
        if step == "feedback":
            supervision.reply(actor=unit, chase=row.pk, note="今天办完", now=now)
    task = Task.objects.get(matter__number=made.at["feedback"], state="open")
    early = task.opened_at + timedelta(minutes=1)
    supervision.ask_extension(actor=unit, task=task.pk, limit="1wh", note="还要现场核对", now=early)
    handling = Task.objects.get(matter__number=made.at["handle"], state="open")
    asked = {"kind": "hang_up", "state": "approved", "note": "等征收完成", "review_on": now.date()}
    asked |= {"asked_by_id": unit.id, "asked_at": now, "decided_by_id": leader.id, "decided_at": now}
    pause = Pause.objects.get(matter=handling.matter_id, end=None)
    Request.objects.create(id=uuid7(), matter_id=handling.matter_id, pause_id=pause.pk, **asked)
    done = Task.objects.filter(matter__number=made.number, link="handle").first()
    Appeal.objects.create(
        id=uuid7(),
        matter_id=done.matter_id,
        task=done,
        reason="现场被车辆占压",
        state="asked",
        asked_by_id=unit.id,
        asked_at=now,
    )


def _bring(matter, step: str, now) -> None:
    way = way_of_a_matter()
    for node, (outcome, note, data) in way.items():
        if node == step:
            break
        now += timedelta(minutes=20)
        task = Task.objects.get(matter=matter, state="open")
        matters.complete(actor=SYSTEM, task=task.pk, outcome=outcome, note=note, data=data, now=now)
