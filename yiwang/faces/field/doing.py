"""What the queue of a phone sends: each thing is one action, done once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.core.geo import Point
from yiwang.domains.operations import actions as operations
from yiwang.domains.streets import actions as streets
from yiwang.domains.streets.track import Fix
from yiwang.faces.field import given, visiting
from yiwang.faces.field.door import body_of, check, staff_json
from yiwang.faces.field.once import once
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.errors import Denied, Invalid, TooLarge
from yiwang.kernel.matters import actions, attaching, store
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.offline import Offline, offline
from yiwang.kernel.packs.rulebook import rulebook
from yiwang.kernel.ui import clock

STAFF_CHANNEL = "staff"
CLOCK_IS_WRONG = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Sending:
    """What an action of the queue needs besides its own fields."""

    sent: given.Sent
    actor: Actor
    now: datetime

    @property
    def offline(self) -> Offline | None:
        return offline(device_done=self.sent.done_at, device_sent=self.sent.sent_at, now=self.now)

    @property
    def shift(self) -> timedelta:
        """What to add to a moment of the phone to have it by the server's clock; nothing for a good clock."""
        ahead = self.now - self.sent.sent_at
        return ahead if abs(ahead) > CLOCK_IS_WRONG else timedelta()


@require_POST
@staff_json
def do(request: HttpRequest) -> dict:
    """Does one thing of the queue, or says that it was done: {id, new, …}. Refused: a problem document."""
    sent = check(given.Sent, body_of(request))
    actor = request.actor
    own_queue(actor, sent.user)
    form, act = KINDS[sent.kind]
    body = check(form, sent.body, "body")
    sending = Sending(sent, actor, clock.now())
    answer, new = once(
        id=sent.id,
        actor=actor,
        kind=sent.kind,
        content=[sent.done_at.isoformat(), sent.body],
        now=sending.now,
        do=lambda: act(sending, body),
    )
    # Number and secret of what was applied for are told each time anew: a receipt keeps no secret.
    more = visiting.applied(body.task) if sent.kind == "complete" and body.data.get("apply") else {}
    return {"id": str(sent.id), "new": new} | answer | more


def own_queue(actor: Actor, user: int) -> None:
    """Raises Denied when somebody else is signed in than the one whose queue it is."""
    if actor.id != user:
        raise Denied(
            _("Somebody else is signed in on this phone. Sign in yourself to send this."), code="other_user"
        )


def _report(sending: Sending, body: given.Report) -> dict:
    received = operations.report(
        id=sending.sent.id,
        channel=STAFF_CHANNEL,
        text=body.text,
        now=sending.now,
        actor=sending.actor,
        point=Point(body.place.lon, body.place.lat) if body.place else None,
        address=body.address,
        uploads=list(dict.fromkeys(body.photos)),
        offline=sending.offline,
    )
    return {"number": received.matter.number, "title": received.matter.title}


def _claim(sending: Sending, body: given.Claim) -> dict:
    return _told(actions.claim(actor=sending.actor, task=body.task, now=sending.now, offline=sending.offline))


def _complete(sending: Sending, body: given.Complete) -> dict:
    """The photos and the step are one: neither is there without the other."""
    photos = list({shown.id: (shown.id, shown.stage) for shown in body.photos}.values())
    with store.one_transaction():
        case = store.lock(task=body.task)
        most = rulebook(case.pack).settings["max_files"]
        if len(photos) > most:
            raise TooLarge(
                _("%(count)d files were sent; at most %(most)d are taken.")
                % {"count": len(photos), "most": most},
                where="photos",
            )
        node = rulebook(case.pack).process(case.kind).nodes[case.tasks[body.task].node]
        at_home = node.form in visiting.FORMS
        if body.data and not at_home:
            raise Invalid(_("This step has no fields on the phone."), where="data")
        if any((shown.stage == "visit") != at_home for shown in body.photos):
            raise Invalid(_("Photos of a home belong to a visit at home."), where="photos")
        # When somebody was faster, `complete` says who; then the photos belong to no step.
        wanted = photos if case.tasks[body.task].is_open else []
        if wanted:
            attaching.adopt(actor=sending.actor, matter=case.id, sent=wanted, now=sending.now)
        return _told(
            actions.complete(
                actor=sending.actor,
                task=body.task,
                outcome=body.outcome,
                note=body.note,
                data=body.data,
                evidence=tuple({"id": str(key), "stage": stage} for key, stage in wanted),
                now=sending.now,
                offline=sending.offline,
            )
        )


def _track(sending: Sending, body: given.Track) -> dict:
    shift = sending.shift
    patrol = streets.walk(
        actor=sending.actor,
        id=body.patrol,
        post=body.post,
        began_at=body.began_at + shift,
        first=body.first,
        fixes=[Fix(fix[0] + shift.total_seconds(), *fix[1:]) for fix in body.fixes],
        ended_at=body.ended_at + shift if body.ended_at else None,
        now=sending.now,
    )
    return {"length_m": patrol.length_m, "ended": patrol.ended_at is not None}


def _told(matter: Matter) -> dict:
    return {"number": matter.number, "state": matter.state}


KINDS: dict[str, tuple[type[given.Given], Callable[[Sending, Any], dict]]] = {
    "report": (given.Report, _report),
    "claim": (given.Claim, _claim),
    "complete": (given.Complete, _complete),
    "track": (given.Track, _track),
}
