"""What the form shows while it is written: the community that was found, and open reports that may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.core.geo import Point
from yiwang.domains.operations import nearby, places
from yiwang.domains.operations.locate import locate
from yiwang.faces.portal import keeping
from yiwang.faces.portal.choices import kinds_of
from yiwang.faces.portal.typed import Typed
from yiwang.faces.portal.words import step_word
from yiwang.kernel.access import limits
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.ui import clock, moments

SALT = "portal.join"
OFFER_SECONDS = 2 * 3600  # that an offer to follow another report holds


@dataclass(frozen=True, slots=True)
class Around:
    """`place` is the community with its sub-district, '' when none was found; `wrong` says why a point is refused."""

    place: str
    area: str
    by: str  # point | photo | address | ''
    wrong: str
    similar: tuple[tuple[str, nearby.Nearby, str], ...]  # (offer, matter, where it stands)


def around_of(typed: Typed, now: datetime) -> Around:
    """Finds the place that was given so far and what is open there."""
    english = not moments.chinese()
    photos = _photo_points(typed)
    try:
        found = locate(typed.point, photos, typed.whole_address, typed["text"])
    except Problem as problem:
        return Around("", "", "", problem.detail, ())
    standard, code = typed.kind
    if not code:  # the likeliest class will do here: the person says whether it is the same
        likely = kinds_of(typed["text"]).options[:1]
        standard, _bar, code = likely[0][0].rpartition("|") if likely else ("", "", "")
    similar = nearby.nearby(
        text=typed["text"][:2000],
        now=now,
        point=found.point,
        area=found.area,
        standard=standard,
        class_code=code,
        english=english,
    )
    offers = tuple((signing.dumps(str(one.id), salt=SALT), one, step_word(one.link)) for one in similar)
    place = places.area_path(found.area, english) if found.area else ""
    return Around(place, found.area or "", found.by if place else "", "", offers)


def _photo_points(typed: Typed) -> list[Point]:
    if not typed.trusts_photos or not typed.kept:
        return []
    points = (keeping.point_of(row) for row in keeping.find(typed.id, typed.kept))
    return [point for point in points if point is not None]


def offered(text: str) -> UUID:
    """The matter of an offer. Raises Invalid for one that is too old or not ours."""
    try:
        return UUID(signing.loads(text, salt=SALT, max_age=OFFER_SECONDS))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise Invalid(
            _("This offer is too old. Look at the reports near here again, or send yours."), where="join"
        ) from None


def place_said(found: Around) -> str:
    """The sentence about the place."""
    if found.wrong:
        return found.wrong
    sentences = {
        "point": _("The place you gave lies in: %(place)s"),
        "photo": _("Place taken from the photo: %(place)s"),
        "address": _("From your words: %(place)s"),
    }
    return sentences[found.by] % {"place": found.place} if found.by in sentences else ""


# Pieces that the page's script asks for; the form has a button for each where there is no script.


@require_POST
def around(request: HttpRequest) -> HttpResponse:
    """The place and similar reports: {said, by, area, place, wrong, html}."""
    try:
        limits.LOOKS.take(request)
        found = around_of(Typed.of(request), clock.now())
    except Problem as problem:
        return refused(problem)
    html = render_to_string("portal/similar.html", {"around": found}, request)
    return JsonResponse(
        {
            "said": place_said(found),
            "by": found.by,
            "area": found.area,
            "place": found.place,
            "wrong": bool(found.wrong),
            "html": html.strip(),
        }
    )


@require_POST
def kinds(request: HttpRequest) -> HttpResponse:
    """The choice of kinds for a text, as a piece of the form."""
    limits.LOOKS.take(request)
    chosen = request.POST.get("class", "")[:60]
    found = kinds_of(request.POST.get("text", ""), chosen)
    return render(request, "portal/kinds.html", {"kinds": found, "typed": {"class": chosen}, "problem": None})


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """The places that the written address may mean, as a piece of the form. Posted: what people look for is not logged."""
    limits.LOOKS.take(request)
    text = request.POST.get("address", "")
    found = places.search(text, not moments.chinese())
    return render(
        request, "portal/places.html", {"places": found, "asked": text.strip(), "typed": {"area": ""}}
    )


def refused(problem: Problem) -> JsonResponse:
    """A refusal for the page's script, in words that it shows."""
    response = JsonResponse({"detail": problem.detail, "code": problem.code}, status=problem.status)
    if "retry_after" in problem.extra:
        response.headers["Retry-After"] = str(problem.extra["retry_after"])
    return response
