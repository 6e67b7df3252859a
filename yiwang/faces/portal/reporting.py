"""Reporting a problem: one form, no account. Works without script and takes a double tap as one report."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from uuid_utils.compat import uuid7

from yiwang.core.geo import GeoError, Point
from yiwang.domains.operations import actions, classify, intake
from yiwang.domains.operations.intake import qr_svg
from yiwang.faces.portal import own
from yiwang.kernel.access import limits
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import clock, moments, problems

CHANNEL = "portal"
TEXTS = ("text", "address", "area", "class", "contact_name", "contact_phone", "lat", "lon", "id")
KINDS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Typed:
    """What the person has entered, as text; shown again when something is wrong."""

    values: dict[str, str]
    files: list = field(default_factory=list)

    @classmethod
    def of(cls, request: HttpRequest) -> Typed:
        return cls(
            {name: request.POST.get(name, "") for name in TEXTS},
            [file for file in request.FILES.getlist("photos") if file.name],
        )

    @classmethod
    def nothing(cls) -> Typed:
        return cls(dict.fromkeys(TEXTS, "") | {"id": str(uuid7())})

    def __getitem__(self, name: str) -> str:
        return self.values[name]


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form; sent, the report with its number."""
    if request.method != "POST":
        return _form(request, Typed.nothing())
    typed = Typed.of(request)
    if request.POST.get("step") == "kinds":
        return _form(request, typed, kinds=kinds_of(typed["text"]))
    try:
        received = _take(request, typed)
    except Problem as problem:
        return _form(
            request, _with_id(typed, problem), problem, kinds_of(typed["text"]) if typed["class"] else ()
        )
    own.remember(request, received.matter.number, received.secret)
    return HttpResponseRedirect(reverse("report-done", args=[received.report.pk]))


def _take(request: HttpRequest, typed: Typed) -> actions.Received:
    limits.REPORTS.take(request)
    standard, _bar, code = typed["class"].rpartition("|")
    return actions.report(
        id=_id(typed["id"]),
        channel=CHANNEL,
        text=typed["text"],
        now=clock.now(),
        actor=resident(),
        point=point_of(typed["lat"], typed["lon"]),
        address=address_of(typed["area"], typed["address"]),
        standard=standard,
        class_code=code,
        contact_name=typed["contact_name"],
        contact_phone=typed["contact_phone"],
        files=typed.files,
    )


def _id(text: str) -> UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid(_("The page was damaged on its way. Please send the form again."), where="id") from None


def _with_id(typed: Typed, problem: Problem) -> Typed:
    """A damaged or used id is replaced, so that sending once more is a report of its own."""
    if problem.where == "id" or problem.code == "other_content":
        return Typed(typed.values | {"id": str(uuid7())}, typed.files)
    return typed


def point_of(lat: str, lon: str) -> Point | None:
    """The position that the phone gave (WGS 84), None when it gave none. Raises Invalid."""
    if not lat and not lon:
        return None
    try:
        return Point(float(lon), float(lat), "WGS84")
    except (ValueError, GeoError):
        raise Invalid(
            _("The position could not be read. Take it again, or write the address."), where="point"
        ) from None


def address_of(area: str, address: str) -> str:
    """The address with the chosen community before it, as people write it, so that the words name the place."""
    known = registers.areas()
    if area not in known:
        return address
    above = known.get(known[area].parent or "")
    names = f"{above.name if above and above.level != 'district' else ''}{known[area].name}"
    return address if names in address else f"{names} {address}".strip()


def kinds_of(text: str) -> list[tuple[str, str]]:
    """The classes that the text may be about, as (value, name), the likeliest first."""
    if len(text.strip()) < 2:
        return []
    rules = current()
    english = not moments.chinese()
    guesses = classify.suggest(text[: rules.settings["max_text_chars"]], rules, most=2 * KINDS_SHOWN)
    known = [rules.class_def(one.standard, one.code) for one in guesses]
    # A class says what is broken; the broad topics of the hotline are for when no class fits.
    classes = [row for row in known if row and row.kind != "topic"] or [row for row in known if row]
    return [
        (f"{row.standard}|{row.code}", (english and row.name_en) or row.name) for row in classes[:KINDS_SHOWN]
    ]


def communities() -> list[tuple[str, list[tuple[str, str]]]]:
    """The communities under their sub-districts, for a grouped choice."""
    english = not moments.chinese()
    rows = registers.areas().values()
    members: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if row.level == "community":
            members.setdefault(row.parent or "", []).append((row.code, (english and row.name_en) or row.name))
    return [(registers.area_name(code, english), found) for code, found in sorted(members.items())]


def _form(
    request: HttpRequest, typed: Typed, problem: Problem | None = None, kinds: object = ()
) -> HttpResponse:
    rules = current()
    context = {
        "typed": typed.values,
        "problem": problem,
        "kinds": kinds,
        "communities": communities(),
        "most_files": rules.settings["max_files"],
        "most_mb": rules.settings["max_upload_mb"],
        "longest": rules.settings["max_text_chars"],
        "photos_again": bool(typed.files),
    }
    return problems.shown(render(request, "portal/report.html", context), problem)


@require_POST
def kinds(request: HttpRequest) -> HttpResponse:
    """The choice of kinds for a text, as a piece of the form; asked for by the page's script."""
    limits.LOOKS.take(request)
    text = request.POST.get("text", "")
    return render(
        request, "portal/kinds.html", {"kinds": kinds_of(text), "typed": {"class": ""}, "problem": None}
    )


@require_safe
def done(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """The receipt: number, secret, and both as a code to photograph. Only for the browser that reported."""
    from yiwang.domains.operations.models import Report

    row = Report.objects.filter(pk=id).select_related("matter").first()
    secret = own.secret_of(request, row.matter.number) if row else ""
    if not secret or not intake.same_secret(row.pk, secret, row.secret_hash):
        raise NotFound(
            _("This receipt is no longer open here. Follow your report with its number and secret.")
        )
    number = row.matter.number
    # After the # nothing is sent to a server and nothing is logged; the page reads it and posts it as a form.
    address = request.build_absolute_uri(reverse("follow-code", args=[number])) + "#" + secret
    context = {"number": number, "secret": spaced(secret), "qr": qr_svg(address), "row": row}
    response = render(request, "portal/done.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def spaced(secret: str) -> str:
    """In groups of five, easier to copy by hand; blanks do not matter when it is typed in."""
    return " ".join(secret[n : n + 5] for n in range(0, len(secret), 5))
