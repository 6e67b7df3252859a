"""The page of an application's form: what was sent from it, and what it shows. Used online and at the counter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.core import forms
from yiwang.domains.services import applying, words
from yiwang.kernel.errors import Problem
from yiwang.kernel.matters import papers
from yiwang.kernel.packs.forms import FormDef
from yiwang.kernel.packs.services import Service
from yiwang.kernel.ui import schema_forms


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page of the form holds: the answers, and what stands outside of the pack's form."""

    id: UUID
    answers: Mapping[str, Any] = field(default_factory=dict)
    way: str = applying.ORDINARY
    consent: bool = False
    materials: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()


def sent(data: QueryDict, service: Service, form: forms.Form) -> Sheet:
    """What a form brought; a damaged id is made anew."""
    try:
        key = UUID(data.get("id", ""))
    except ValueError:
        key = uuid7()
    way = data.get("way", applying.ORDINARY)
    return Sheet(
        key,
        schema_forms.posted(form, data),
        way if way in (applying.ORDINARY, applying.COMMITMENT) else applying.ORDINARY,
        data.get("consent") == "1",
        {
            needed.material.slug: data.get(f"material_{needed.material.slug}", "")[:20]
            for needed in service.materials
        },
    )


def context(
    service: Service, form: FormDef, sheet: Sheet, problem: Problem | None, now: datetime
) -> dict[str, Any]:
    """What `services/sheet.html` needs."""
    checked = forms.check(form.form, sheet.answers, applying.today(now))
    listed = {needed.material.slug: needed for needed in service.materials}
    return {
        "words": words,
        "service": service,
        "form": form,
        "sheet": sheet,
        "problem": problem,
        "questions": schema_forms.shown(form.form, sheet.answers, checked, errors=problem is not None),
        "description": schema_forms.for_browser(form.form, applying.today(now)),
        "materials": [
            {
                "needed": needed,
                "name": f"material_{slug}",
                "value": sheet.materials.get(slug, ""),
                "options": [(one, _offer(one)) for one in papers.offered_for(service.materials, slug)],
            }
            for slug, needed in listed.items()
        ],
        "shared": any(needed.material.shared for needed in service.materials),
    }


def _offer(state: str) -> str:
    """What an applicant may say of a material."""
    return {
        papers.LOOKUP: _("look it up"),
        papers.BROUGHT: _("I send or bring it"),
        papers.LATER: _("I bring it later"),
        papers.MISSING: _("I do not need it"),
        papers.FILLED: _("made of this form; you bring nothing"),
    }[state]
