"""The tasks that a person can do on the spot, with all that is needed to do them without a network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.views.decorators.http import require_safe

from yiwang.faces.field import visiting
from yiwang.faces.field.door import staff_json
from yiwang.faces.field.me import area_of
from yiwang.faces.field.naming import name_of, outcome_name
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.policy import tasks_filter
from yiwang.kernel.matters.models import Event, Task
from yiwang.kernel.packs.rulebook import current, rulebook
from yiwang.kernel.records.attachments import SEALED
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import clock, moments

MOST = 100  # tasks on one phone; what is due first comes first
MOST_PHOTOS = 4  # of one matter
LONGEST_TEXT = 1500

# What can be done on the spot: form -> result -> (note: must | photo | may, stages of its photos). Filing, dispatch
# and closing are desk work. `photo`: a note, unless a photo shows the place afterwards.
ON_THE_SPOT: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {
    "handling": {"done": ("photo", ("before", "after")), "not_ours": ("must", ())},
    "prechecking": {"true": ("may", ("before",)), "false": ("must", ("document",))},
    "verifying": {"pass": ("may", ("after",)), "fail": ("must", ("document",))},
    "feedback": {"confirm": ("may", ()), "redo": ("must", ())},
}
_COLUMNS = {
    "number": F("matter__number"),
    "title": F("matter__title"),
    "text": F("matter__description"),
    "standard": F("matter__standard"),
    "class_code": F("matter__class_code"),
    "condition": F("matter__condition"),
    "pack": F("matter__pack_id"),
    "address": F("matter__address"),
    "lat": F("matter__lat"),
    "lon": F("matter__lon"),
    "data": F("matter__data"),
    "back": F("matter__reworks") + F("matter__returns") + F("matter__reopenings"),
}
_OWN = ("id", "matter_id", "node", "kind", "limit", "due_at", "held", "assignee_id", "area_id")


@require_safe
@staff_json
def tasks(request: HttpRequest) -> dict:
    """{tasks, more, now}: open tasks that nobody else has taken, what is due first first, at most `MOST`."""
    now = clock.now()
    found = own(request.actor)
    rows, more = found[:MOST], len(found) > MOST
    nodes = {row["id"]: rulebook(row["pack"]).process(row["kind"]).nodes[row["node"]] for row in rows}
    at_homes = {key: node for key, node in nodes.items() if node.form in visiting.FORMS}
    # Pictures of a home stay where they are: on the page of the household, for a purpose.
    photos = _photos([row["matter_id"] for row in rows if row["id"] not in at_homes])
    said = _said([row["matter_id"] for row in rows if row["back"] and row["id"] not in at_homes])
    visits = visiting.Visits(rows, at_homes, moments.local(now).date())
    body = {
        "tasks": [
            _told(row, nodes[row["id"]], photos.get(row["matter_id"], []), said, request.actor)
            | (visits.told(row, row["data"]) if row["id"] in at_homes else {})
            for row in rows
        ],
        "more": more,
        "now": now.isoformat(),
    }
    return body | ({"shared": visiting.shared()} if at_homes else {})


def own(actor: Actor) -> list[dict]:
    """The rows, one more than `MOST` when there are more. Two queries at most."""
    steps = Q(pk__in=[])
    for kind in current().kinds:
        nodes = [
            node.id
            for node in current().process(kind).tasks
            if node.form in ON_THE_SPOT or node.form in visiting.FORMS
        ]
        if nodes:
            steps |= Q(kind=kind, node__in=nodes)
    mine = Task.objects.filter(
        tasks_filter(actor), steps, Q(assignee=None) | Q(assignee=actor.id), state="open"
    )
    rows = list(
        mine.filter(due_at__isnull=False).order_by("due_at", "id").values(*_OWN, **_COLUMNS)[: MOST + 1]
    )
    if len(rows) <= MOST:
        rest = mine.filter(due_at__isnull=True).order_by("id").values(*_OWN, **_COLUMNS)
        rows += rest[: MOST + 1 - len(rows)]
    return rows


def _photos(matters: Iterable[UUID]) -> dict[UUID, list[dict]]:
    """The latest pictures of each matter: {id, stage, url, thumb}."""
    found: dict[UUID, list[dict]] = defaultdict(list)
    rows = Attachment.objects.filter(matter__in=list(matters)).exclude(thumb_sha256="")
    rows = rows.exclude(stage__in=SEALED)
    for row in rows.order_by("matter_id", "-added_at", "-id").values("id", "matter_id", "stage"):
        if len(found[row["matter_id"]]) < MOST_PHOTOS:
            url = reverse("file", args=[row["id"]])
            found[row["matter_id"]].append(
                {"id": str(row["id"]), "stage": row["stage"], "url": url, "thumb": f"{url}?thumb=1"}
            )
    return found


def _said(matters: list[UUID]) -> dict[UUID, str]:
    """What was said when a matter last came back: what is still to be done."""
    found: dict[UUID, str] = {}
    if not matters:
        return found
    rows = Event.objects.filter(matter__in=matters, action__in=("complete", "send_back", "reopen"))
    for row in rows.order_by("matter_id", "-seq"):
        note = row.data.get("record", {}).get("note", "")
        if row.matter_id not in found and isinstance(note, str):
            found[row.matter_id] = note
    return found


def _told(row: dict, node: Any, photos: list[dict], said: dict[UUID, str], actor: Actor) -> dict:
    rules = rulebook(row["pack"])
    class_def = rules.class_def(row["standard"], row["class_code"]) if row["class_code"] else None
    condition = rules.conditions.get(row["condition"])
    return {
        "id": str(row["id"]),
        "matter": str(row["matter_id"]),
        "number": row["number"],
        "title": row["title"],
        "text": row["text"][:LONGEST_TEXT],
        "class": name_of(class_def),
        "step": name_of(node),
        "area": area_of(row["area_id"]),
        "address": row["address"],
        "lat": row["lat"],
        "lon": row["lon"],
        "limit": moments.limit_text(row["limit"]) if row["limit"] else "",
        "due_at": row["due_at"].isoformat() if row["due_at"] else None,
        "held": row["held"],
        "mine": row["assignee_id"] == actor.id,
        "came_back": said.get(row["matter_id"], ""),
        "done_when": name_of(condition, "close_text"),
        "results": _results(node),
        "photos": photos,
    }


def _results(node: Any) -> list[dict]:
    """What can be said of it: {slug, name, note, stages}; a visit at home has fields besides (`visiting`)."""
    asked = ON_THE_SPOT.get(node.form, {})
    return [
        {"slug": slug, "name": outcome_name(node, slug), "note": asked[slug][0], "stages": asked[slug][1]}
        for slug in node.outcomes
        if slug in asked
    ]
