"""What a form of the portal applies for: a service by itself, or all services of a bundle in one case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.domains.services import applying, bundles, guides, joint, words
from yiwang.domains.services.models import Draft
from yiwang.faces.portal.sheets import Asked, Promise, Sheet, Wanted
from yiwang.kernel.access.actors import resident
from yiwang.kernel.matters import papers
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.packs.services import Service
from yiwang.kernel.ui.moments import limit_text


def service(rules: Rulebook, slug: str) -> Wanted:
    """Raises NotFound for a service that is not there, or is applied for elsewhere."""
    found = guides.service_of(rules, slug)
    form = applying.form_of(rules, found)

    def send(sheet: Sheet, now: datetime) -> tuple[str, str]:
        got = applying.apply(
            actor=resident(),
            id=sheet.id,
            service=slug,
            answers=sheet.answers,
            way=applying.COMMITMENT if slug in sheet.committed else applying.ORDINARY,
            consent=sheet.consent,
            materials=sheet.materials,
            now=now,
        )
        return got.matter.number, got.secret

    return Wanted(
        name=words.name_of(found),
        address=reverse("service-apply", args=[slug]),
        back=reverse("service", args=[slug]),
        form=form.form,
        status=form.status,
        facts=(_limit(found.promised), words.unit_of(found.unit)),
        materials=_of_service(found),
        send=send,
        promises=_promises([found]),
        service=slug,
        form_slug=form.slug,
    )


def _limit(promised: str) -> str:
    text = _("the same working day") if promised in ("0wd", "0d") else limit_text(promised)
    return _("Promised limit: %(limit)s") % {"limit": text}


def _of_service(found: Service) -> tuple[Asked, ...]:
    needed = {one.material.slug: one for one in found.materials}
    return tuple(
        Asked(
            one.material,
            _("Only when: %(when)s") % {"when": one.when} if one.when else one.reason,
            tuple(papers.offered_for(found.materials, slug)),
            (found.slug,) if slug in found.instead else (),
        )
        for slug, one in needed.items()
    )


def _promises(services: Iterable[Service]) -> tuple[Promise, ...]:
    return tuple(
        Promise(one.slug, words.name_of(one), one.commitment.text, one.commitment.check)
        for one in services
        if one.commitment
    )


def bundle(rules: Rulebook, slug: str, said: Mapping[str, Any], now: datetime) -> Wanted:
    """All services of a bundle that the case needs. Raises NotFound, and Invalid for a case that is still open."""
    found = bundles.bundle_of(rules, slug)
    said = bundles.given(found, said)
    plan = joint.plan_for(rules, found, said, now)
    assert plan.form is not None  # noqa: S101 - plan_for has refused it

    def send(sheet: Sheet, at: datetime) -> tuple[str, str]:
        got = joint.apply(
            actor=resident(),
            id=sheet.id,
            bundle=slug,
            said=said,
            answers=sheet.answers,
            consent=sheet.consent,
            materials=sheet.materials,
            committed=sheet.committed,
            now=at,
        )
        return got.matter.number, got.secret

    names = [words.name_of(item.service) for item in plan.items]
    return Wanted(
        name=words.name_of(found),
        address=reverse("bundle-apply", args=[slug]),
        back=reverse("bundle", args=[slug]) + "?" + "&".join(f"{k}={v}" for k, v in said.items()),
        form=plan.form,
        status=found.status,
        facts=(
            _("One application for %(count)d services: %(names)s")
            % {"count": len(names), "names": words.listed(names)},
            _limit(found.promised),
            words.unit_of(found.lead),
        ),
        materials=tuple(
            Asked(
                once.material,
                _hint(once),
                tuple(joint.offered_for(once)),
                _unless(once),
            )
            for once in plan.materials
        ),
        send=send,
        promises=_promises(plan.offering),
        bundle=slug,
        said=said,
        case=tuple(
            (words.name_of(one, "text"), dict(words.options_of(one))[said[one.slug]])
            for one in found.questions
        ),
    )


def _unless(once: bundles.Once) -> tuple[str, ...]:
    """The services all of which must be applied for by commitment so that it is not needed."""
    slugs = tuple(one.slug for one in once.services)
    return slugs if once.how != bundles.MADE and once.replaced(slugs) else ()


def _hint(once: bundles.Once) -> str:
    """For which services, and in which cases."""
    whom = _("for: %(names)s") % {"names": words.listed([words.name_of(one) for one in once.services])}
    if not once.when:
        return whom
    return f"{whom} · " + _("Only when: %(when)s") % {"when": words.listed(once.when)}


def of_draft(row: Draft, said: Mapping[str, str], now: datetime) -> Wanted:
    """What a draft was begun for, as it is offered today."""
    rules = current()
    return bundle(rules, row.bundle, said, now) if row.bundle else service(rules, row.service)
