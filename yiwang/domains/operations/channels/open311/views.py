"""The resources of GeoReport v2. Each view reads the query, asks one function and writes the format."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from uuid_utils.compat import uuid7

from yiwang.domains.operations import actions
from yiwang.domains.operations.channels.open311 import formats, requests, services
from yiwang.domains.operations.channels.open311.formats import Refused
from yiwang.kernel.access import limits, tokens
from yiwang.kernel.access.actors import key_actor
from yiwang.kernel.access.models import ApiKey
from yiwang.kernel.errors import Problem
from yiwang.kernel.packs import rulebook
from yiwang.kernel.packs.rulebook import Rulebook

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
View = Callable[..., HttpResponse]


def resource(view: View) -> View:
    """Answers every refusal in the format that was asked for."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, format: str, **kept: str) -> HttpResponse:
        try:
            return view(request, format, **kept)
        except Refused as refused:
            return formats.errors(format, [refused])
        except (RequestDataTooBig, TooManyFieldsSent):
            return formats.errors(format, [Refused(413, _("The request is too large."))])
        except SuspiciousOperation:
            return formats.errors(format, [Refused(400, _("The request cannot be read."))])
        except Problem as problem:
            # GeoReport v2 knows 400 as its general error; 422 and 415 are none of its numbers.
            code = 400 if problem.status in (415, 422) else problem.status
            where = f"{problem.where}: " if problem.where else ""
            response = formats.errors(format, [Refused(code, f"{where}{problem.detail}")])
            if "retry_after" in problem.extra:
                response.headers["Retry-After"] = str(problem.extra["retry_after"])
            return response

    return answered


@resource
def discovery(request: HttpRequest, format: str) -> HttpResponse:
    rules = rulebook.current()
    from django.conf import settings

    value = {
        "changeset": f"{rules.version} {rules.digest[:8]}",
        "contact": _("%(district)s: report at %(url)s")
        % {"district": rules.title, "url": request.build_absolute_uri("/")},
        "key_service": _("Keys are given by the district's administrator (yiwang keys add)."),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": request.build_absolute_uri("/open311/v2"),
                "changeset": f"{rules.version} {rules.digest[:8]}",
                "type": "production" if settings.PRODUCTION else "test",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return formats.answer(format, "discovery", value)


@resource
def service_list(request: HttpRequest, format: str) -> HttpResponse:
    _only(request, "GET")
    rules = _rules(request)
    return formats.sent(format, _services(rules.digest, format, get_language() or "", rules))


@lru_cache(maxsize=16)
def _services(digest: str, format: str, language: str, rules: Rulebook) -> bytes:
    return formats.body(format, "services", services.listed(rules))


@resource
def service_definition(request: HttpRequest, format: str, code: str) -> HttpResponse:
    _only(request, "GET")
    return formats.answer(format, "service_definition", services.definition(_rules(request), code))


@resource
def service_requests(request: HttpRequest, format: str) -> HttpResponse:
    _only(request, "GET", "POST")
    if request.method == "POST":
        return _posted(request, format)
    now = timezone.now()
    rows = requests.found(request.GET, _rules(request), now, _key(request, now) is not None)
    return formats.answer(format, "service_requests", rows)


@resource
def service_request(request: HttpRequest, format: str, number: str) -> HttpResponse:
    _only(request, "GET")
    rows = requests.one(number, _rules(request), _key(request, timezone.now()) is not None)
    return formats.answer(format, "service_requests", rows)


@resource
def token(request: HttpRequest, format: str, token: str) -> HttpResponse:
    _only(request, "GET")
    _rules(request)
    return formats.answer(format, "service_requests", requests.of_token(token))


def _posted(request: HttpRequest, format: str) -> HttpResponse:
    now = timezone.now()
    rules = _rules(request)
    key = _key(request, now)
    if key is None:
        limits.REPORTS.take(request)
        given = request.POST.get("api_key") or request.GET.get("api_key")
        raise Refused(403, _("The api_key is not known.") if given else _("api_key was not provided."))
    limits.KEYED.take_for(str(key.pk), time.monotonic())
    given = requests.new_request(request.POST, rules)
    files = request.FILES.getlist("media") + request.FILES.getlist("media[]")
    got = actions.report(
        id=_client_id(request), channel="open311", now=now, actor=key_actor(key), files=files, **given
    )
    notice = _("Follow it at %(url)s with the number and the secret %(secret)s.") % {
        "url": request.build_absolute_uri("/follow"),
        "secret": got.secret,
    }
    row: dict[str, Any] = {
        "service_request_id": got.matter.number,
        "service_notice": notice,
        "account_id": request.POST.get("account_id") or None,
    }
    return formats.answer(format, "service_requests", [row], status=201 if got.created else 200)


def _client_id(request: HttpRequest) -> UUID:
    """The client's own id, so that a retry is the same request: the header Idempotency-Key or the field `id`."""
    text = request.headers.get("Idempotency-Key") or request.POST.get("id") or ""
    if not text:
        return uuid7()
    try:
        return UUID(text.strip().strip('"'))
    except ValueError:
        raise Refused(400, _("The id of a request must be a UUID.")) from None


def _rules(request: HttpRequest) -> Rulebook:
    """The rules in force. The endpoint has one jurisdiction, so jurisdiction_id may be left out."""
    rules = rulebook.current()
    given = request.GET.get("jurisdiction_id") or (
        request.POST.get("jurisdiction_id") if request.method == "POST" else ""
    )
    if given and given not in (rules.district, rules.name):
        raise Refused(404, _("jurisdiction_id %(given)s was not found.") % {"given": given[:60]})
    return rules


def _key(request: HttpRequest, now: datetime) -> ApiKey | None:
    given = (request.POST.get("api_key") if request.method == "POST" else "") or request.GET.get(
        "api_key", ""
    )
    key = tokens.verify_key(given, now) if given else None
    return key if key is not None and key.channel == "open311" else None


def _only(request: HttpRequest, *methods: str) -> None:
    if request.method not in (*methods, "HEAD", "OPTIONS"):
        raise Refused(405, _("Only %(methods)s is possible here.") % {"methods": ", ".join(methods)})
