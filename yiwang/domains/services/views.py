"""Pages of the service catalogue: looking for a service, and its guide."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.domains.services import bundles, followups, guides, words
from yiwang.domains.services.hall import opening
from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.ui import clock


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """What people typed, or what they can choose from: topics for people and enterprises, departments."""
    rules, now = current(), clock.now()
    question = request.GET.get("q", "").strip()[:60]
    unit = request.GET.get("unit", "")[:40]
    found = guides.listed(rules, now, question, unit=unit) if question or unit else []
    groups = guides.by_topic(rules, now)
    context = {
        "words": words,
        "question": question,
        "unit": unit if unit in {code for code, _n in guides.by_unit(rules, now)} else "",
        "found": found,
        "asked": bool(question or unit),
        "groups": {
            audience: [group for group in groups if group.topic.audience == audience]
            for audience in ("person", "enterprise")
        },
        "units": guides.by_unit(rules, now),
        "rates": guides.rates(guides.listed(rules, now)),
        "judged": followups.figures(now),
        "rules": rules,
    }
    return render(request, "services/catalogue.html", context)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    rules, now = current(), clock.now()
    found = rules.topics.get(slug)
    if found is None:
        raise NotFound(_("There is no topic %(slug)s.") % {"slug": slug[:60]}, code="no_topic")
    context = {"words": words, "topic": found, "found": guides.listed(rules, now, topic=slug), "rules": rules}
    return render(request, "services/topic.html", context)


@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """The guide of one service; printed, it is a sheet of paper."""
    rules, now = current(), clock.now()
    service = guides.service_of(rules, slug)
    context = {
        "words": words,
        "service": service,
        "topics": [rules.topics[one] for one in service.topics if one in rules.topics],
        "supports": "、".join(words.unit_of(code) for code in service.supports),
        "explained": guides.promised_by(service, now),
        "reasons": rules.reasons,
        "shortened": guides.shortened(service),
        "hall": next(
            (hall for hall, line in filter(None, [opening.hall_for(rules, slug)]) if line.capacity), None
        ),
        "rules": rules,
    }
    return render(request, "services/guide.html", context)


@require_safe
def once(request: HttpRequest) -> HttpResponse:
    """The bundles: one thing once."""
    rules = current()
    context = {"words": words, "bundles": list(rules.bundles.values()), "rules": rules}
    return render(request, "services/bundles.html", context)


@require_safe
def bundle(request: HttpRequest, slug: str) -> HttpResponse:
    """What a bundle comes to after its questions: services in their order, one list of materials, one date."""
    rules, now = current(), clock.now()
    found = bundles.bundle_of(rules, slug)
    answers = bundles.given(found, request.GET.dict())
    plan = bundles.plan(rules, found, answers)
    context = {
        "words": words,
        "bundle": found,
        "answers": answers,
        "plan": plan,
        "ready": plan.form is not None and len(answers) == len(found.questions),
        "apply_address": f"{reverse('bundle-apply', args=[slug])}?{urlencode(answers)}",
        "explained": bundles.promised_by(found, now),
        "reductions": bundles.reductions(rules, found),
        "reasons": rules.reasons,
        "rules": rules,
    }
    return render(request, "services/bundle.html", context)
