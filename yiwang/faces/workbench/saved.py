"""Queues that a person keeps: made from the filters in use, renamed, put first, removed."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.faces.workbench.models import SavedQueue
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import search
from yiwang.kernel.matters.filters import ORDERS, Filters
from yiwang.kernel.ui import notices
from yiwang.kernel.ui.door import staff_only

MOST = 12  # more tabs than this nobody reads
LONGEST_NAME = SavedQueue._meta.get_field("name").max_length


def of(actor: Any) -> list[SavedQueue]:
    """The person's queues in their order. One query."""
    return list(SavedQueue.objects.filter(owner=actor.id).order_by("position", "id"))


def keep(*, actor: Any, name: str, filters: Filters, order: str) -> SavedQueue:
    """Keeps these filters under this name; a queue of that name is written over."""
    name = " ".join(name.replace("\0", "").split())
    if not name:
        raise Invalid(_("Give the queue a name."), where="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(
            _("The name is too long: at most %(most)d characters.") % {"most": LONGEST_NAME}, where="name"
        )
    search.read(filters.q)  # what cannot be searched for is refused now, not whenever the queue is opened
    values = {"filters": filters.as_dict(), "order": order if order in ORDERS else "due"}
    with transaction.atomic():
        there = SavedQueue.objects.filter(owner=actor.id)
        if not there.filter(name=name).exists() and there.count() >= MOST:
            raise Conflict(
                _("You keep %(most)d queues already; remove one first.") % {"most": MOST},
                code="too_many_queues",
            )
        row, _new = SavedQueue.objects.update_or_create(
            owner_id=actor.id,
            name=name,
            defaults=values,
            create_defaults=values | {"position": there.count()},
        )
    return row


def own(actor: Any, key: int) -> SavedQueue:
    row = SavedQueue.objects.filter(owner=actor.id, pk=key).first()
    if row is None:
        raise NotFound(_("You have no such queue."))
    return row


def put_first(*, actor: Any, key: int, first: bool) -> SavedQueue:
    """Makes it the queue that opens with the work, or no longer."""
    with transaction.atomic():
        row = own(actor, key)
        SavedQueue.objects.filter(owner=actor.id, first=True).update(first=False)
        row.first = first
        row.save(update_fields=["first"])
    return row


def rename(*, actor: Any, key: int, name: str) -> SavedQueue:
    row, name = own(actor, key), " ".join(name.replace("\0", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(
            _("Give the queue a name of at most %(most)d characters.") % {"most": LONGEST_NAME}, where="name"
        )
    row.name = name
    try:
        with transaction.atomic():
            row.save(update_fields=["name"])
    except IntegrityError:
        raise Conflict(_("You have a queue of this name already."), where="name") from None
    return row


@require_POST
@staff_only
def save(request: HttpRequest) -> HttpResponse:
    """Keeps what the page was filtered by when the form was sent."""
    filters = Filters.of(request.POST)
    row = keep(
        actor=request.actor,
        name=request.POST.get("name", ""),
        filters=filters,
        order=request.POST.get("order", ""),
    )
    notices.say(request, _("The queue “%(name)s” is kept.") % {"name": row.name})
    return redirect(f"{reverse('work')}?queue={row.pk}")


@require_POST
@staff_only
def change(request: HttpRequest, key: int) -> HttpResponse:
    """`do`: first, not_first, rename, remove."""
    wish = request.POST.get("do", "")
    if wish == "remove":
        row = own(request.actor, key)
        row.delete()
        notices.say(request, _("The queue “%(name)s” is removed. Its matters stay.") % {"name": row.name})
        return redirect("work")
    if wish == "rename":
        rename(actor=request.actor, key=key, name=request.POST.get("name", ""))
        notices.say(request, _("Renamed."))
    elif wish in ("first", "not_first"):
        put_first(actor=request.actor, key=key, first=wish == "first")
        said = (
            _("This queue opens first from now on.")
            if wish == "first"
            else _("All your work opens first again.")
        )
        notices.say(request, said)
    else:
        raise Invalid(_("There is no action %(action)s.") % {"action": repr(wish)}, where="do")
    return redirect(f"{reverse('work')}?queue={key}")
