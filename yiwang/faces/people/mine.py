"""Residents: what is held about me, and who looked at it, when and why (谁看过我的信息).

Who has proven who she is keeps that for a quarter of an hour, sealed in the session on the server.
"""

from __future__ import annotations

import re
import time
import unicodedata
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.core import codes
from yiwang.faces.people import telling
from yiwang.faces.people.finding import zipped
from yiwang.kernel.access import limits
from yiwang.kernel.access.sealed import SealBroken, keyed_hash, seal, unseal
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.registers.models import Household, Person
from yiwang.kernel.registers.people import held, proving, queries
from yiwang.kernel.registers.people.facts import unpack
from yiwang.kernel.ui import clock, notices, problems

KEY, PLACE = "my_data", "session.my_data"
STAYS = timedelta(minutes=15)
_FORM = re.compile(r"/services/(?:once/)?[a-z0-9-]+/apply(?:\?[a-z0-9_=&-]*)?")


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Asks for ID number and code, or for number and secret of an application made at the counter."""
    problem, tried = None, ""
    if request.method == "POST":
        tried = "secret" if request.POST.get("how") == "secret" else "code"
        try:
            person = _proven(request, tried)
        except Problem as refused:
            problem = refused
        else:
            request.session.cycle_key()
            until = clock.now() + STAYS
            request.session[KEY] = seal(f"{person.pk} {until.timestamp():.0f}", PLACE)
            return redirect(_onward(request.POST) or "my-data-held")
    onward = _onward(request.POST if request.method == "POST" else request.GET)
    context = {"problem": problem, "tried": tried, "onward": onward}
    response = problems.shown(render(request, "people/prove.html", context), problem)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _onward(data: QueryDict) -> str:
    """Where to go after showing who one is: a form of the services that is to be filled in; '' for anything else."""
    where = data.get("next", "")[:400]
    return where if _FORM.fullmatch(where) else ""


def _proven(request: HttpRequest, how: str) -> Person:
    number, word = request.POST.get("number", "").strip()[:40], request.POST.get("word", "").strip()[:64]
    if not number or not word:
        raise Invalid(_("Give both."), where="number" if not number else "word")
    limits.PROOFS.take(request)
    # Nobody tries many codes for one person from many addresses either.
    plain = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", number))).upper()
    limits.PROOFS_OF_ONE.take_for(keyed_hash(f"proof {plain}"), time.monotonic())
    return proving.by_code(number, word, clock.now()) if how == "code" else proving.by_secret(number, word)


def proven(request: HttpRequest) -> Person | None:
    """Whoever has proven who she is in this browser, within the quarter of an hour."""
    try:
        key, _space, until = unseal(request.session.get(KEY, ""), PLACE).partition(" ")
        if not key or clock.now().timestamp() > float(until):
            return None
    except (SealBroken, ValueError):
        return None
    return Person.objects.filter(pk=UUID(key), erased_at=None).first()


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """What is held, from where, and who looked."""
    row = proven(request)
    if row is None:
        return redirect("my-data")
    house = Household.objects.filter(pk=row.household_id).first()
    context = {
        "name": codes.mask_name(row.name),
        "id_number": codes.mask_id(row.id_number),
        "phone": codes.mask_phone(row.phone),
        "area": telling.area(row.area_id),
        "facts": telling.fact_rows(queries.known(row)),
        "home_facts": telling.fact_rows(unpack(house.facts)) if house else [],
        "looks": telling.looks(row.pk),
        "joined": telling.joined,
        "minutes": STAYS.seconds // 60,
    }
    response = render(request, "people/mine.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """A copy of everything that is held about oneself."""
    row = proven(request)
    if row is None:
        raise NotFound(_("Prove who you are again: you were away for long."))
    return zipped(held.everything(row, clock.now()))


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Forgets who was proven: for a phone or a computer that others use too."""
    request.session.pop(KEY, None)
    notices.say(request, _("This device no longer shows your data."))
    return redirect("my-data")
