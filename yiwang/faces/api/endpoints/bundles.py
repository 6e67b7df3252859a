"""One thing once over the API: which bundles there are, what a case comes to, applying, seeing where it stands.

A service by itself is applied for and seen in the same way. Nothing is filled in from registers here: that needs a
person who has shown who she is. What the government looks up needs her consent, as on the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router
from pydantic import Field, StringConstraints
from uuid_utils.compat import uuid7

from yiwang.domains.services import applying, bundles, follow, joint, joint_follow, words
from yiwang.domains.services.models import Application, Joint
from yiwang.faces.api import told_bundles as told
from yiwang.faces.api.given import Given
from yiwang.faces.api.replies import local, reply
from yiwang.kernel.access import limits
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.matters import applications
from yiwang.kernel.packs.bundles import Bundle
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.ui import clock

router = Router(by_alias=True, tags=["services"])
Secret = Header("", alias="X-Report-Secret", max_length=64, description="The secret of the receipt.")
Slug = Annotated[str, StringConstraints(max_length=40)]
State = Annotated[str, StringConstraints(max_length=20)]
CASE = Query(
    [], max_length=20, description="Answers to the questions of the bundle, each as question:answer."
)
PRIVATE = {"Cache-Control": "no-store"}
MATERIALS = "Material: what is said of it, of what is offered. What is not named gets what is offered first."
CONSENT = "To look up what the government itself has issued, for this application only."


class ApplyIn(Given):
    """An application. With an `id` of the sender's own it may be sent again at any time and is taken once."""

    id: UUID | None = Field(None, description="The sender's own id (UUID, best version 7).")
    answers: dict[str, Any] = Field(description="What the form asks, by name.")
    materials: dict[Slug, State] = Field({}, description=MATERIALS)
    consent: bool = Field(False, description=CONSENT)
    committed: list[Slug] = Field(
        [], description="The services that are applied for by commitment.", max_length=40
    )


class JointIn(ApplyIn):
    case: dict[Slug, State] = Field({}, description="Answers to the questions of the bundle, all of them.")


@router.get("/bundles", response={200: told.Bundles}, operation_id="bundles", summary="One thing once")
def listed(request: HttpRequest) -> HttpResponse:
    """The bundles of the pack: several services that are applied for at once."""
    rules = current()
    items = [
        {
            name: getattr(one, name)
            for name in ("slug", "name", "name_en", "audience", "lead", "promised", "status")
        }
        | {"services": [item.service for item in one.items]}
        for one in rules.bundles.values()
    ]
    return reply({"pack": rules.digest, "items": items})


@router.get(
    "/bundles/{slug}", response={200: told.BundleOut}, operation_id="bundle", summary="What a case needs"
)
def bundle(request: HttpRequest, slug: str, case: list[str] = CASE) -> HttpResponse:
    """The questions about the case, and what it comes to after the answers that are given: services, materials and
    the one form. An open question keeps what hangs on it as `maybe`."""
    rules = current()
    found = bundles.bundle_of(rules, slug)
    return reply(_planned(rules, found, _case(found, case)))


def _case(bundle: Bundle, pairs: Iterable[str]) -> dict[str, str]:
    return _known(bundle, dict(_pair(one) for one in pairs))


def _pair(text: str) -> tuple[str, str]:
    question, colon, answer = text.partition(":")
    if not colon:
        raise Invalid(_("Write each answer as question:answer."), where="case")
    return question, answer


def _known(bundle: Bundle, said: dict[str, str]) -> dict[str, str]:
    """The answers. Raises Invalid for a question or an answer that the bundle does not have."""
    questions = {one.slug: one for one in bundle.questions}
    for slug, value in said.items():
        if slug not in questions:
            raise Invalid(_("The bundle has no question %(slug)s.") % {"slug": slug[:40]}, where="case")
        if value not in questions[slug].options:
            raise Invalid(
                _("%(answer)s is no answer to %(slug)s; one of %(options)s is.")
                % {"answer": value[:20], "slug": slug, "options": ", ".join(questions[slug].options)},
                where=f"case.{slug}",
            )
    return said


def _planned(rules: Rulebook, found: Bundle, said: dict[str, str]) -> dict[str, Any]:
    plan = bundles.plan(rules, found, said)
    plain = ("slug", "name", "name_en", "summary", "audience", "lead", "promised", "source", "status")
    return {
        "pack": rules.digest,
        **{name: getattr(found, name) for name in plain},
        "absent": found.absent,
        "questions": [
            {
                "slug": one.slug,
                "text": one.text,
                "text_en": one.text_en,
                "options": [
                    {"value": value, "text": text, "text_en": english}
                    for value, (text, english) in one.options.items()
                ],
                "answer": said.get(one.slug, ""),
            }
            for one in found.questions
        ],
        "complete": len(said) == len(found.questions),
        "items": [
            {
                "service": item.service.slug,
                "name": words.name_of(item.service),
                "unit": item.service.unit,
                "state": item.state,
                "level": item.level,
                "after": item.after,
                "form": item.form,
                "commitment": item.service.commitment is not None,
                "instead": item.service.instead,
            }
            for item in plan.items
        ],
        "materials": [
            {
                "material": once.material.slug,
                "name": words.name_of(once.material),
                "how": once.how,
                "optional": once.optional,
                "deferrable": once.deferrable,
                "services": [one.slug for one in once.services],
                "when": once.when,
                "offered": joint.offered_for(once),
            }
            for once in plan.materials
        ],
        "asked": plan.asked,
        "asked_singly": plan.asked_singly,
        "days_singly": plan.days,
        "reductions": [
            {"slug": one.slug, "before": one.before, "after": one.after}
            for one in bundles.reductions(rules, found)
        ],
        "form": bundles.schema_of(rules, plan),
    }


@router.post(
    "/bundles/{slug}/applications",
    response={201: told.ApplicationReceipt, 200: told.ApplicationReceipt},
    operation_id="applyForBundle",
    summary="Apply for everything that a case needs",
)
def apply_for_all(request: HttpRequest, slug: str, given: JointIn) -> HttpResponse:
    """One application for all services of the case. Anybody may apply. Sent again with the same `id` and the same
    content it answers 200 with the same receipt; with other content 409."""
    limits.REPORTS.take(request)
    got = joint.apply(
        actor=resident(),
        id=given.id or uuid7(),
        bundle=slug,
        said=_known(bundles.bundle_of(current(), slug), given.case),
        answers=given.answers,
        materials=given.materials,
        consent=given.consent,
        committed=given.committed,
        now=clock.now(),
    )
    return _receipt(got, got.joint)


@router.post(
    "/services/{slug}/applications",
    response={201: told.ApplicationReceipt, 200: told.ApplicationReceipt},
    operation_id="applyForService",
    summary="Apply for one service",
)
def apply_for_one(request: HttpRequest, slug: str, given: ApplyIn) -> HttpResponse:
    """As for a bundle, without a case."""
    limits.REPORTS.take(request)
    if other := next((one for one in given.committed if one != slug), None):
        raise Invalid(
            _("This service is not done by commitment."), where=f"way_{other}", code="no_commitment"
        )
    got = applying.apply(
        actor=resident(),
        id=given.id or uuid7(),
        service=slug,
        answers=given.answers,
        way=applying.COMMITMENT if given.committed else applying.ORDINARY,
        materials=given.materials,
        consent=given.consent,
        now=clock.now(),
    )
    return _receipt(got, got.application)


def _receipt(got: Any, row: Application | Joint) -> HttpResponse:
    told = {
        "id": got.matter.pk,
        "number": got.matter.number,
        "secret": got.secret,
        "title": got.matter.title,
        "received_at": local(row.received_at),
    }
    return reply(told, 201 if got.created else 200, PRIVATE)


@router.get(
    "/applications/{number}",
    response={200: told.ApplicationOut},
    operation_id="application",
    summary="Where one's own application stands",
)
def seen(request: HttpRequest, number: str, secret: str = Secret) -> HttpResponse:
    """Of a bundle with every service, what it waits for and what it gave. The secret is never part of an address."""
    limits.FOLLOWS.take(request)
    now = clock.now()
    try:
        whole = joint_follow.progress(joint.applicant(number, secret), now)
    except NotFound:
        one = follow.progress(applications.of_applicant(Application, number, secret), now)
        return reply(_told(one) | {"bundle": "", "service": one.service.slug, "parts": []}, headers=PRIVATE)
    parts = [
        {
            "service": part.service.slug,
            "name": words.name_of(part.service),
            "commitment": bool(part.check),
            "delivered_at": local(part.delivered_at),
        }
        | {
            name: getattr(part, name)
            for name in ("unit", "state", "said", "number", "waits_for", "answer", "results")
        }
        for part in whole.parts
    ]
    return reply(_told(whole) | {"bundle": whole.bundle.slug, "service": "", "parts": parts}, headers=PRIVATE)


def _told(one: follow.Progress | joint_follow.Progress) -> dict[str, Any]:
    plain = ("number", "title", "unit", "state", "next", "held", "missing", "missing_note", "answer")
    return {name: getattr(one, name) for name in plain} | {
        "received_at": local(one.received_at),
        "steps": [{"slug": slug, "name": name, "state": state} for slug, name, state in one.steps],
        "due_at": local(one.due.moment) if one.due else None,
    }
