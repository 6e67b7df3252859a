"""What a form of the portal applies for: a service by itself, or all services of a bundle in one case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.domains.services import applying, bundles, guides, joint, sheets, words
from yiwang.domains.services.models import Draft
from yiwang.domains.services.sheets import Sheet
from yiwang.faces.portal.sheets import Wanted
from yiwang.kernel.access.actors import resident
from yiwang.kernel.packs.rulebook import Rulebook, current
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
        materials=sheets.of_service(found),
        send=send,
        promises=sheets.promises_of([found]),
        service=slug,
        form_slug=form.slug,
    )


def _limit(promised: str) -> str:
    text = _("the same working day") if promised in ("0wd", "0d") else limit_text(promised)
    return _("Promised limit: %(limit)s") % {"limit": text}


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
        materials=sheets.of_plan(plan),
        send=send,
        promises=sheets.promises_of(plan.offering),
        bundle=slug,
        said=said,
        case=tuple(
            (words.name_of(one, "text"), dict(words.options_of(one))[said[one.slug]])
            for one in found.questions
        ),
    )


def of_draft(row: Draft, said: Mapping[str, str], now: datetime) -> Wanted:
    """What a draft was begun for, as it is offered today."""
    rules = current()
    return bundle(rules, row.bundle, said, now) if row.bundle else service(rules, row.service)
