"""A closed matter gathered into a package: documents, events, licences, process, metadata, a page to read."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from yiwang.core.worktime import SHANGHAI
from yiwang.kernel.errors import Conflict, NotFound
from yiwang.kernel.matters import store
from yiwang.kernel.matters.case import Draft, EventRow
from yiwang.kernel.matters.models import Event, Matter
from yiwang.kernel.packs.licences import Retention
from yiwang.kernel.packs.rulebook import Rulebook, current, rulebook
from yiwang.kernel.records import attachments, signing
from yiwang.kernel.records.archive import contents, package
from yiwang.kernel.records.archive.page import page
from yiwang.kernel.records.licences.document import canonical
from yiwang.kernel.records.models import ArchiveDue, ArchivePackage, Attachment, LicenceVersion

AT_ONCE = 20


def build(matter: Matter, now: datetime) -> bytes:
    """The package of a matter that is no longer open. Raises Conflict for an open one."""
    if matter.state == "open":
        raise Conflict(
            _("The matter %(number)s is still open; only what is closed is archived.")
            % {"number": matter.number},
            code="still_open",
        )
    rules = rulebook(matter.pack_id)
    events = list(Event.objects.filter(matter=matter).order_by("seq"))
    files: dict[str, bytes] = {}
    documents = list(_documents(matter, files))
    licences = list(_licences(matter, files))
    metadata = _metadata(matter, rules, now) | {"documents": documents, "licences": licences}
    files[package.METADATA] = canonical(metadata)
    files[package.EVENTS] = canonical([_event(event) for event in events])
    if matter.kind in rules.kinds:
        files["process.bpmn"] = rules.process_xml(matter.kind).encode()
    content = contents.of(matter, rules)
    if content.data:
        files["content.json"] = canonical(content.data)
    story = [(event.at, event.action, event.actor_name) for event in events]
    files["index.html"] = page(metadata, story, content.sections)
    return package.pack(files)


def write(number: str, now: datetime) -> bytes:
    """Builds the package of a matter and keeps on record that it was written. Raises NotFound, Conflict."""
    matter = Matter.objects.select_related("area", "unit").filter(number=number).first()
    if matter is None:
        raise NotFound(_("There is no matter %(number)s.") % {"number": number[:40]}, code="no_matter")
    data = build(matter, now)
    keep, until = _kept(matter)
    with store.one_transaction():
        signing.remember(now)
        ArchivePackage.objects.update_or_create(
            matter=matter,
            defaults={
                "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "key": signing.own_public()[1],
                "made_at": now, "retention": keep.slug if keep else "", "until": until,
            },
        )  # fmt: skip
        ArchiveDue.objects.filter(matter=matter).delete()
    return data


def of_action(draft: Draft, event: EventRow) -> None:
    """In the transaction of each action: a closed matter of a kept kind is to be archived once it cannot be reopened."""
    if event.action == "reopen":
        ArchiveDue.objects.filter(matter_id=draft.case.id).delete()
    elif draft.case.state == "closed" and draft.case.closed_at == event.at and retention(draft.case.kind):
        days = float(current().settings["reopen_days"])
        ArchiveDue.objects.update_or_create(
            matter_id=draft.case.id, defaults={"at": event.at + timedelta(days=days)}
        )


def write_due(now: datetime) -> int:
    """Writes the packages that are due into the data folder, `archive/YEAR/NUMBER.zip`; gives how many."""
    due = (
        ArchiveDue.objects.filter(at__lte=now)
        .order_by("at", "pk")
        .values_list("matter__number", "matter__opened_at")
    )
    done = 0
    for number, opened in list(due[:AT_ONCE]):
        folder = settings.ARCHIVE_DIR / str(opened.astimezone(SHANGHAI).year)
        folder.mkdir(parents=True, exist_ok=True)
        data = write(number, now)
        part = folder / f"{number}.part"
        part.write_bytes(data)
        part.rename(folder / f"{number}.zip")
        done += 1
    return done


def retention(kind: str) -> Retention | None:
    """The class of keeping of a kind of matters; None where the pack names none."""
    return next((one for one in current().retention.values() if kind in one.kinds), None)


def _kept(matter: Matter) -> tuple[Retention | None, date | None]:
    """(class, last day): kept from the year after closing on, as archives count."""
    keep = retention(matter.kind)
    closed = (matter.closed_at or matter.opened_at).astimezone(SHANGHAI).date()
    return keep, date(closed.year + keep.years, 12, 31) if keep and keep.years else None


def _metadata(matter: Matter, rules: Rulebook, now: datetime) -> dict[str, Any]:
    keep, until = _kept(matter)
    kind = rules.kinds.get(matter.kind)
    return {
        "what": "archive", "id": str(matter.pk), "number": matter.number, "kind": matter.kind,
        "kind_name": kind.name if kind else matter.kind, "state": matter.state, "outcome": matter.outcome,
        "title": matter.title, "description": matter.description, "address": matter.address,
        "district": matter.district, "area": matter.area_id, "area_name": matter.area.name if matter.area else "",
        "unit": matter.unit_id, "unit_name": matter.unit.name if matter.unit else "",
        "opened_at": _moment(matter.opened_at), "closed_at": _moment(matter.closed_at), "head": matter.head,
        "pack": {"name": rules.name, "version": rules.version, "digest": rules.digest},
        "retention": {"class": keep.slug, "name": keep.name, "until": until.isoformat() if until else None} if keep else None,
        "made_at": _moment(now),
    }  # fmt: skip


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat() if moment else None


def _event(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq, "at": event.at.isoformat(), "action": event.action, "actor": event.actor,
        "actor_name": event.actor_name, "body": event.body, "prev": event.prev, "hash": event.hash,
    }  # fmt: skip


def _documents(matter: Matter, files: dict[str, bytes]) -> Iterable[dict[str, Any]]:
    for place, row in enumerate(Attachment.objects.filter(matter=matter).order_by("added_at", "pk"), start=1):
        suffix = row.name.rpartition(".")[2].lower()
        path = (
            f"documents/{place:03d}.{suffix}"
            if suffix.isascii() and suffix.isalnum()
            else f"documents/{place:03d}"
        )
        with attachments.open_file(row) as file:
            files[path] = file.read()
        yield {
            "path": path, "id": str(row.pk), "name": row.name, "stage": row.stage, "media_type": row.media_type,
            "size": row.size, "sha256": row.sha256, "added_at": _moment(row.added_at),
        }  # fmt: skip


def _licences(matter: Matter, files: dict[str, bytes]) -> Iterable[dict[str, Any]]:
    rows = LicenceVersion.objects.select_related("licence").filter(licence__matter=matter)
    for row in rows.order_by("licence__number", "version"):
        path = f"licences/{row.licence.number}-v{row.version}.pdf"
        files[path] = base64.b64decode(row.document)
        yield {"path": path, "number": row.licence.number, "version": row.version, "type": row.licence.type}
