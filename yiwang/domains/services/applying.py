"""An application for a service comes in (申请): the matter and what was answered, in one transaction.

The applicant follows it with its number and a secret, like a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from yiwang.core import forms
from yiwang.domains.services import guides, judging, prefill, uploads
from yiwang.domains.services.models import Application
from yiwang.kernel.access.actors import resident
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.matters import actions, applications, clock, papers, receipts, texts
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.forms import FormDef
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.packs.services import Service
from yiwang.kernel.ui import schema_forms

KIND = "service"
ORDINARY, COMMITMENT = "ordinary", "commitment"
ONLINE, COUNTER = "online", "counter"


@dataclass(frozen=True, slots=True)
class Applied:
    """`secret` is what the applicant follows with; `created` says whether this call made it."""

    application: Application
    matter: Matter
    created: bool
    secret: str


def form_of(rules: Rulebook, service: Service) -> FormDef:
    """The form of a service. Raises NotFound where the service has none, or is applied for elsewhere."""
    found = rules.forms.get(service.form)
    if found is None or service.matter or not service.online:
        raise NotFound(
            _("%(name)s can't be applied for here. Its guide says where.") % {"name": service.name},
            code="no_form",
        )
    return found


def today(now: datetime):
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def checked(form: forms.Form, answers: Mapping[str, Any], now: datetime) -> forms.Checked:
    """The answers judged. Raises Invalid with every error and its place."""
    found = forms.check(form, answers, today(now))
    if found.wrong:
        raise Invalid(_("Please check what you entered"), code="form", errors=schema_forms.lines(form, found))
    return found


def apply(
    *,
    actor: Any,
    id: UUID,
    service: str,
    answers: Mapping[str, Any],
    now: datetime,
    channel: str = ONLINE,
    way: str = ORDINARY,
    materials: Mapping[str, str] | None = None,
    consent: bool = False,
    title: str = "",
) -> Applied:
    """Takes an application. `answers`: the tree that was typed. `id` comes from the client: the same content again is
    the same application, other content raises Conflict. Raises Invalid with every error of the form, NotFound, Denied.
    """
    rules = current()
    wanted = guides.service_of(rules, service)
    form = form_of(rules, wanted)
    if not wanted.in_force(today(now)):
        raise Invalid(_("%(name)s is not offered today.") % {"name": wanted.name}, where="service")
    if way not in (ORDINARY, COMMITMENT) or (way == COMMITMENT and wanted.commitment is None):
        raise Invalid(_("This service is not done by commitment."), where="way")
    values = checked(form.form, answers, now).values
    instead = wanted.instead if way == COMMITMENT else None
    said = papers.said_of(wanted.materials, materials or {}, consent, instead)
    body = orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()
    digest = keyed_hash(orjson.dumps([service, channel, way, body, sorted(said.items()), consent]).decode())
    now, secret = actions.whole_second(now), receipts.secret_for(id)

    def write() -> Application:
        matter = _open(actor, id, wanted, way, channel, now, rules, title)
        row = Application(
            matter=matter,
            district=rules.district,
            service=service,
            form=form.slug,
            channel=channel,
            way=way,
            answers=body,
            materials=said,
            consent=consent,
            digest=digest,
            secret_hash=receipts.secret_hash(matter.pk, secret),
            received_at=now,
            filled=prefill.settle(id, answers),
        )
        row.save(force_insert=True)
        uploads.take_in(id, matter.pk, said, actor, now)
        return row

    row, created = applications.once(Application, id, digest, write)
    return Applied(row, row.matter, created, secret)


def _open(
    actor: Any,
    id: UUID,
    service: Service,
    way: str,
    channel: str,
    now: datetime,
    rules: Rulebook,
    title: str,
) -> Matter:
    return actions.open(
        actor=actor,
        kind=KIND,
        id=id,
        title=title or service.name,
        source=channel,
        unit=service.unit,
        now=now,
        rules=rules,
        data=opening_data(service, way),
    )


def opening_data(service: Service, way: str = ORDINARY) -> dict[str, Any]:
    """The variables with which the process of an application begins."""
    review, decide = clock.shares(service.promised)
    return {
        "service": service.slug,
        "way": way,
        "conditional": False,
        "commitment": False,
        "review_limit": review,
        "decide_limit": decide,
        "deferral": service.deferral or "5wd",
        "check": service.commitment.check if service.commitment else "20wd",
    }


def applicant(number: str, secret: str) -> Application:
    """The application of this number with this secret. Raises NotFound, the same for a wrong number or secret."""
    return applications.of_applicant(Application, number, secret)


def rate(*, number: str, secret: str, score: int, now: datetime, note: str = "") -> Application:
    """As `judging.rate`."""
    return judging.rate(Application, number=number, secret=secret, score=score, now=now, note=note)


def withdraw(*, number: str, secret: str, now: datetime, note: str = "") -> Matter:
    """The applicant takes the application back while nobody has accepted it. Raises NotFound, Conflict, Denied."""
    own = applicant(number, secret)
    return actions.withdraw(
        actor=resident(own.pk), matter=own.pk, note=texts.clean(note, "note", 200), now=now
    )
