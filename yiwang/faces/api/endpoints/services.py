"""The catalogue of government services: looked for, and one with everything its guide says."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from yiwang.domains.services import guides
from yiwang.faces.api import replies, told_services
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.packs.services import Service
from yiwang.kernel.ui import clock

router = Router(by_alias=True, tags=["services"])
MOST = 200
SHORT = "slug name name_en type unit audience topics handling statutory promised visits online status".split()


@router.get(
    "/services",
    response={200: told_services.Services},
    operation_id="services",
    summary="Services of the catalogue",
)
def services(
    request: HttpRequest,
    q: str = Query("", max_length=60, description="What people type; the best fit first."),
    topic: str = Query("", max_length=40, description="A topic of the catalogue."),
    unit: str = Query("", max_length=80, description="The unit that does it."),
    audience: str = Query("", pattern="^(person|enterprise)?$", description="person or enterprise."),
) -> HttpResponse:
    """The services in force. The whole catalogue is one page."""
    rules = current()
    found = guides.listed(rules, clock.now(), q, topic, unit, audience)[:MOST]
    return replies.reply(
        {
            "pack": rules.digest,
            "topics": [
                {name: getattr(one, name) for name in ("slug", "name", "name_en", "audience", "status")}
                for one in rules.topics.values()
            ],
            "items": [{name: getattr(one, name) for name in SHORT} for one in found],
        }
    )


@router.get(
    "/services/{slug}",
    response={200: told_services.ServiceOut},
    operation_id="service",
    summary="A service's guide",
)
def service(request: HttpRequest, slug: str) -> HttpResponse:
    rules = current()
    return replies.reply({"pack": rules.digest} | whole(guides.service_of(rules, slug)))


def whole(one: Service) -> dict[str, Any]:
    """Every field of a service; a material with what is known of its kind."""
    told = _plain(one)
    for row in told["materials"]:
        material = row.pop("material")
        row |= {
            "material" if name == "slug" else name: value
            for name, value in material.items()
            if name != "kind"
        }
    return told


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
