"""The face's own addresses for its script: small JSON, for the signed-in person, refused in sentences."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, ValidationError

from yiwang.kernel.errors import Invalid, NotSignedIn, TooLarge, Unsupported

LARGEST_BODY = 512 * 1024


class Given(BaseModel):
    """What the phone sends; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=20_000)


def staff_json(view: Callable[..., dict]) -> Callable[..., HttpResponse]:
    """A view that gives a dictionary, for somebody signed in; nothing of it is kept on the way."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.actor.signed_in:
            raise NotSignedIn(_("Sign in first."))
        return fresh(view(request, *args, **kwargs))

    return guarded


def fresh(body: dict) -> HttpResponse:
    return JsonResponse(
        body, headers={"Cache-Control": "private, no-store"}, json_dumps_params={"ensure_ascii": False}
    )


def body_of(request: HttpRequest) -> Any:
    """The JSON of a request. Raises TooLarge, Unsupported, Invalid."""
    if request.content_type != "application/json":
        raise Unsupported(_("Send JSON."), code="unsupported_media_type")
    if len(request.body) > LARGEST_BODY:
        raise TooLarge(_("What you sent is too large. Send fewer or smaller photos."))
    try:
        return orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise Invalid(_("This request could not be read. Go back and try again."), code="bad_json") from None


def check(kind: type[Given], value: Any, below: str = "") -> Any:
    """`value` as `kind`. Raises Invalid that names the first field that does not fit."""
    try:
        return kind.model_validate(value)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in (below, *first["loc"]) if part != "")
        raise Invalid(
            _("The field %(field)s is missing or not as it must be.") % {"field": where or "?"},
            where=where,
            code="bad_field",
        ) from None
