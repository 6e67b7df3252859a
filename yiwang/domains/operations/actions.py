"""What residents and clerks do with reports. Everything that changes a matter goes through `kernel.matters`."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.core.geo import Point
from yiwang.domains.operations import answers, classify, intake
from yiwang.domains.operations.forms import LONGEST_ANSWER, VOID_REASONS
from yiwang.domains.operations.intake import Content
from yiwang.domains.operations.locate import Located, locate
from yiwang.domains.operations.models import Report
from yiwang.kernel.access.actors import Actor, resident
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters import receipts, store
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.offline import Offline
from yiwang.kernel.matters.rows import insert_instances, table_of
from yiwang.kernel.matters.texts import clean
from yiwang.kernel.matters.transactions import make_sure
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.records import ahead, attachments

KIND = "incident"
SHORTEST_SECRET = 8


@dataclass(frozen=True, slots=True)
class Received:
    """`secret` is shown to the reporter once more on every retry; `created` says whether this call made it."""

    report: Report
    matter: Matter
    created: bool
    secret: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found out about a report without a person."""

    located: Located
    standard: str
    class_code: str
    suggestions: tuple[classify.Suggestion, ...]
    needs_person: bool


def report(
    *,
    id: UUID,
    channel: str,
    text: str,
    now: datetime,
    actor: Actor,
    title: str = "",
    point: Point | None = None,
    address: str = "",
    standard: str = "",
    class_code: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    external_id: str = "",
    data: dict | None = None,
    files: Sequence[Any] = (),
    uploads: Sequence[UUID] = (),
    secret: str | None = None,
    offline: Offline | None = None,
) -> Received:
    """Takes a report (上报): the matter, the report and its files are there when this returns, or nothing is.

    `id` comes from the client: sent again with the same content it gives the same answer, with other content it
    raises Conflict. Raised besides: Invalid, TooLarge, Unsupported, Denied. `uploads`: photos that the actor sent
    ahead (`records.ahead`), beside or instead of `files`.
    """
    rules = current()
    came = intake.content(
        rules,
        channel=channel,
        text=text,
        title=title,
        point=point,
        address=address,
        standard=standard,
        class_code=class_code,
        contact_name=contact_name,
        contact_phone=contact_phone,
        external_id=external_id,
        data=data,
        files=files,
        uploads=uploads,
    )
    now = matters.whole_second(now)
    digest = came.digest
    secret = _own_secret(secret)
    there = _already(id, came, digest, secret)
    if there is not None:
        return there
    secret = secret or receipts.secret_for(id)
    checked = intake.checked_files(came)
    photographed = [file.point for file in checked if file.point] + ahead.places(came.uploads, actor)
    judged = judge(came, rules, photographed)
    try:
        with store.one_transaction():
            matter = _open(id, came, judged, rules, actor, now, offline)
            row = report_row(id, came, judged, digest, secret, now)
            insert_instances([row])
            for number, file in enumerate(checked):
                key = uuid.uuid5(id, f"file {number} {file.sha256}")
                attachments.store(file, matter=id, stage="report", actor=actor, now=now, id=key)
            ahead.adopt(came.uploads, matter=id, stage="report", actor=actor)
    except (Conflict, IntegrityError) as conflict:
        # Somebody sent the same a moment ago: it is there now, or it is a real conflict.
        taken = isinstance(conflict, IntegrityError) or conflict.code == "id_taken"
        there = _already(id, came, digest, secret) if taken else None
        if there is None:
            raise
        return there
    return Received(row, matter, True, secret)


def judge(came: Content, rules: Rulebook, photos: Sequence[Point] = ()) -> Judged:
    """Where it is and what it is about, and whether a person must look at either."""
    located = locate(came.point, photos, came.address, came.text)
    if came.class_code:
        return Judged(located, came.standard, came.class_code, (), located.needs_person)
    words = came.text if came.text.startswith(came.title.rstrip("…")) else f"{came.title}\n{came.text}"
    suggestions = tuple(classify.suggest(words, rules))
    best = classify.sure(list(suggestions), rules)
    return Judged(
        located,
        best.standard if best else "",
        best.code if best else "",
        suggestions,
        best is None or located.needs_person,
    )


def report_row(id: UUID, came: Content, judged: Judged, digest: str, secret: str, now: datetime) -> Report:
    return Report(
        id=id,
        matter_id=id,
        channel=came.channel,
        external_id=came.external_id,
        digest=digest,
        text=came.text,
        received_at=now,
        secret_hash=receipts.secret_hash(id, secret) if secret else "",
        contact_name=came.contact_name,
        contact_phone=came.contact_phone,
        phone_hash=keyed_hash(came.contact_phone) if came.contact_phone else "",
        suggestions=[one.as_dict() for one in judged.suggestions],
        located_by=judged.located.by,
        needs_person=judged.needs_person,
    )


def _open(
    id: UUID,
    came: Content,
    judged: Judged,
    rules: Rulebook,
    actor: Actor,
    now: datetime,
    offline: Offline | None,
) -> Matter:
    return matters.open(
        actor=actor,
        kind=KIND,
        id=id,
        title=came.title,
        description=came.text,
        source=came.channel,
        now=now,
        standard=judged.standard,
        class_code=judged.class_code,
        area=judged.located.area,
        point=judged.located.point,
        address=came.address,
        data=came.data,
        rules=rules,
        offline=offline,
    )


def _already(id: UUID, came: Content, digest: str, secret: str) -> Received | None:
    """The report that was taken under this id, or under the other system's own number."""
    known = Q(pk=id)
    # Nearly always there is none: the cheap question first.
    if came.external_id:
        known |= Q(channel=came.channel, external_id=came.external_id)
        there = Report.objects.filter(known).exists()
    else:
        there = table_of(Report).has(id)
    if not there:
        return None
    row = Report.objects.filter(known).select_related("matter").order_by("received_at")[0]
    if row.digest != digest:
        raise Conflict(
            _(
                "Report %(number)s was already taken under this id on %(when)s with other content. Send it under a new id."
            )
            % {
                "number": row.matter.number,
                "when": row.received_at.astimezone(store.ZONE).strftime("%Y-%m-%d %H:%M"),
            },
            code="other_content",
            where="external_id" if row.pk != id else "id",
        )
    make_sure()  # it may have been stored a moment ago, by a request that is not answered yet
    own = (
        given
        for given in (secret, receipts.secret_for(row.pk))
        if receipts.same_secret(row.pk, given, row.secret_hash)
    )
    return Received(row, row.matter, False, next(own, ""))


def _own_secret(secret: str | None) -> str:
    if not secret:
        return ""
    if len(receipts.plain_secret(secret)) < SHORTEST_SECRET or len(secret) > 64:
        raise Invalid(
            _("A secret has at least %(least)d letters or digits.") % {"least": SHORTEST_SECRET},
            where="secret",
        )
    return secret


# The reporter


def reporter(number: str, secret: str) -> Report:
    """The report of this matter number with this secret, its matter and what that was merged into loaded.

    Raises NotFound, the same for a wrong number and a wrong secret.
    """
    rows = Report.objects.filter(matter__number=number).select_related("matter", "matter__merged_into")
    for row in rows:
        if receipts.same_secret(row.pk, secret, row.secret_hash):
            return row
    raise NotFound(
        _("There is no report with this number and secret. Read both again from the receipt."),
        code="no_report",
        where="number",
    )


def rate(
    *, number: str, secret: str, score: int, now: datetime, solved: bool | None = None, note: str = ""
) -> Report:
    """The reporter's judgement after the end, once (评价). Raises NotFound, Invalid, Conflict."""
    own = reporter(number, secret)
    note = clean(note, "note", 500)
    with store.one_transaction():
        row = Report.objects.select_for_update(of=("self",)).get(pk=own.pk)
        if row.rated_at is not None:
            raise Conflict(_("You have rated this already. Thank you."), code="rated")
        if primary(own.matter).state != "closed":
            raise Conflict(_("It can be rated once it is closed."), code="still_open")
        matter = matters.rate(
            actor=resident(own.matter_id),
            matter=own.matter_id,
            score=score,
            solved=solved,
            note=note,
            now=now,
        )
        row.rating, row.solved, row.rating_note, row.rated_at = score, solved, note, matters.whole_second(now)
        row.save(update_fields=["rating", "solved", "rating_note", "rated_at"])
    row.matter = matter
    return row


def reopen(*, number: str, secret: str, note: str, now: datetime) -> Matter:
    """The reporter says it is not mended (重开), within the district's `reopen_days` of closing."""
    own = reporter(number, secret)
    note = clean(note, "note", 500)
    main = primary(own.matter)
    days = current().settings["reopen_days"]
    if main.closed_at and (now - main.closed_at).total_seconds() > days * 86400:
        raise Conflict(
            _("It was closed more than %(days)d days ago. Please report it anew.") % {"days": days},
            code="too_late",
        )
    with store.one_transaction():
        matter = matters.reopen(actor=resident(main.pk), matter=main.pk, note=note, now=now)
        Report.objects.filter(pk=own.pk).update(rating_note=note)
    return matter


def withdraw(*, number: str, secret: str, now: datetime, note: str = "") -> Matter:
    """The reporter takes it back (撤回), while nobody handles it yet."""
    own = reporter(number, secret)
    return matters.withdraw(
        actor=resident(own.matter_id), matter=own.matter_id, now=now, note=clean(note, "note", 500)
    )


def primary(matter: Matter) -> Matter:
    """The matter that goes on for this one: itself, or what it was merged into, over any number of steps."""
    for _step in range(20):
        if matter.merged_into_id is None:
            break
        matter = matter.merged_into
    return matter


# The clerk


def void(
    *, actor: Actor, matter: UUID | str, reason: str, now: datetime, note: str, answer: str = ""
) -> Matter:
    """Ends what is no matter of city operations, for a reason of the list, and tells the reporters (作废)."""
    if reason not in VOID_REASONS:
        raise Invalid(
            _("Choose why it is void. Possible: %(known)s.") % {"known": ", ".join(VOID_REASONS)},
            where="reason",
        )
    answer = clean(answer, "answer", LONGEST_ANSWER) or str(VOID_REASONS[reason])
    with store.one_transaction():
        row = matters.void(actor=actor, matter=matter, now=now, note=note or str(VOID_REASONS[reason]))
        answers.answer_reports(row.pk, answer, matters.whole_second(now))
    return row


def close(*, actor: Actor, matter: UUID | str, answer: str, now: datetime, note: str) -> Matter:
    """Closes what was settled without the rest of the process, and tells the reporters (自行处置)."""
    answer = clean(answer, "answer", LONGEST_ANSWER)
    if not answer:
        raise Invalid(_("Write the answer that the reporters get."), where="answer", code="no_answer")
    with store.one_transaction():
        row = matters.close(actor=actor, matter=matter, now=now, note=note)
        answers.answer_reports(row.pk, answer, matters.whole_second(now))
    return row
