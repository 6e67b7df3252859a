"""The page of an application's form, of a service or of a bundle: what it asks beside the questions, what was sent from it.

Used online and at the counter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.core import forms
from yiwang.domains.services import applying, bundles, joint, words
from yiwang.kernel.errors import Problem
from yiwang.kernel.matters import papers
from yiwang.kernel.packs.services import MaterialType, Service
from yiwang.kernel.ui import schema_forms


@dataclass(frozen=True, slots=True)
class Asked:
    """A material of the form, once. `offered`: what can be said of it, the first is what is proposed."""

    material: MaterialType
    hint: str
    offered: tuple[str, ...]
    unless: tuple[str, ...] = ()  # not needed once these services are applied for by commitment


@dataclass(frozen=True, slots=True)
class Promise:
    """That a service may be applied for by commitment: the field on the page, and what is promised."""

    service: str
    name: str
    text: str
    check: str

    @property
    def field(self) -> str:
        return f"way_{self.service}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page of the form holds: the answers, and what stands outside of the pack's form."""

    id: UUID
    answers: Mapping[str, Any] = field(default_factory=dict)
    committed: tuple[str, ...] = ()  # services that are applied for by commitment
    consent: bool = False
    materials: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()


def sent(data: QueryDict, form: forms.Form, asked: Sequence[Asked], promises: Sequence[Promise]) -> Sheet:
    """What a form brought; a damaged id is made anew."""
    try:
        key = UUID(data.get("id", ""))
    except ValueError:
        key = uuid7()
    return Sheet(
        key,
        schema_forms.posted(form, data),
        tuple(one.service for one in promises if data.get(one.field) == applying.COMMITMENT),
        data.get("consent") == "1",
        {one.material.slug: data.get(f"material_{one.material.slug}", "")[:20] for one in asked},
    )


def of_service(found: Service) -> tuple[Asked, ...]:
    """The materials of a service by itself."""
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


def of_plan(plan: bundles.Plan) -> tuple[Asked, ...]:
    """The one list of materials of a bundle."""
    return tuple(
        Asked(once.material, _hint(once), tuple(joint.offered_for(once)), _unless(once))
        for once in plan.materials
    )


def _hint(once: bundles.Once) -> str:
    """For which services, and in which cases."""
    whom = _("for: %(names)s") % {"names": words.listed([words.name_of(one) for one in once.services])}
    if not once.when:
        return whom
    return f"{whom} · " + _("Only when: %(when)s") % {"when": words.listed(once.when)}


def _unless(once: bundles.Once) -> tuple[str, ...]:
    """The services all of which must be applied for by commitment so that it is not needed."""
    slugs = tuple(one.slug for one in once.services)
    return slugs if once.how != bundles.MADE and once.replaced(slugs) else ()


def promises_of(services: Iterable[Service]) -> tuple[Promise, ...]:
    return tuple(
        Promise(one.slug, words.name_of(one), one.commitment.text, one.commitment.check)
        for one in services
        if one.commitment
    )


def shown(asked: Iterable[Asked], sheet: Sheet) -> list[dict[str, Any]]:
    """The materials as fields."""
    return [
        {
            "material": one.material,
            "slug": one.material.slug,
            "name": f"material_{one.material.slug}",
            "hint": one.hint,
            "unless": one.unless,
            "value": sheet.materials.get(one.material.slug, "") or one.offered[0],
            "options": [(state, offer(state)) for state in one.offered],
            "fixed": one.offered in ((papers.MADE,), (papers.FILLED,)),
        }
        for one in asked
    ]


def context(
    form: forms.Form,
    asked: Sequence[Asked],
    promises: Sequence[Promise],
    sheet: Sheet,
    problem: Problem | None,
    now: datetime,
) -> dict[str, Any]:
    """What `services/sheet.html` needs."""
    today = applying.today(now)
    checked = forms.check(form, sheet.answers, today)
    return {
        "words": words,
        "sheet": sheet,
        "promises": promises,
        "problem": problem,
        "questions": schema_forms.shown(form, sheet.answers, checked, errors=problem is not None),
        "description": schema_forms.for_browser(form, today),
        "materials": shown(asked, sheet),
        "shared": any(papers.LOOKUP in one.offered for one in asked),
    }


def offer(state: str) -> str:
    """What an applicant may say of a material."""
    return {
        papers.LOOKUP: _("look it up"),
        papers.BROUGHT: _("I send or bring it"),
        papers.LATER: _("I bring it later"),
        papers.MISSING: _("I do not need it"),
        papers.MADE: _("another service of this application issues it"),
        papers.FILLED: _("made of this form; you bring nothing"),
    }[state]
