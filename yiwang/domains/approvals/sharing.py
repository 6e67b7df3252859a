"""Shared materials and drawings of a project (共享材料): handed in once, as a file or by what they are, kept in versions.

Every permit that asks for a material uses its last version, and keeps which version it was looked at and decided upon;
whoever works on an open one is told of a new version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from yiwang.domains.approvals import inputs, registering
from yiwang.domains.approvals.models import Item, Paper, Project
from yiwang.kernel.errors import Invalid, NotFound, TooLarge
from yiwang.kernel.matters import actions, attaching, store, texts
from yiwang.kernel.matters.models import Task
from yiwang.kernel.matters.refusals import must_be_open
from yiwang.kernel.notices import telling
from yiwang.kernel.packs.approvals import Permit
from yiwang.kernel.packs.granted import MaterialType
from yiwang.kernel.packs.rulebook import Rulebook, current, rulebook
from yiwang.kernel.records import attachments
from yiwang.kernel.records.attachments import Checked
from yiwang.kernel.records.kinds import DWG, KINDS
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import moments

TAKEN = (*KINDS, DWG)  # kinds of files: drawings come as DWG too
MOST_VERSIONS = 100
WAITING = frozenset({"supplement", "papers"})  # steps that wait for what is handed in


@dataclass(frozen=True, slots=True)
class Newer:
    """A material that has another version than the one that a permit was looked at or decided upon."""

    material: MaterialType
    used: int
    now: int

    @property
    def warning(self) -> str:
        """What who decides is told."""
        return _(
            "%(name)s was looked at in version %(used)s and is now version %(now)s: give your reasons for granting it."
        ) % {
            "name": (not moments.chinese() and self.material.name_en) or self.material.name,
            "used": self.used,
            "now": self.now,
        }


def asked_for(rules: Rulebook) -> dict[str, MaterialType]:
    """The materials that any permit asks for, by slug."""
    permits = rules.approvals.permits.values()
    return {needed.material.slug: needed.material for permit in permits for needed in permit.materials}


def check(sent: Any) -> Checked:
    """A file of a form, checked by its content. Raises as `attachments.check_upload`."""
    return attachments.check_upload(sent, kinds=TAKEN)


def put_paper(
    *,
    actor: Any,
    project: Project,
    material: str,
    now: datetime,
    reference: str = "",
    file: Checked | None = None,
) -> Paper:
    """A material is handed in, or a new version of it: every permit that asks for it uses the last one.

    With a file its bytes say whether it is another version, else `reference` does. The same again changes nothing.
    Raises Invalid with the field, Conflict when the project has ended, TooLarge, Denied.
    """
    registering.require_own(actor, project)
    known = asked_for(current()).get(material)
    if known is None:
        raise Invalid(_("No permit asks for this material."), where="material")
    said = texts.clean(reference or (file.name if file else ""), "reference", 120)
    if len(said) < 2:
        raise Invalid(
            _("Choose a file, or say what it is: number and date of the document."), where="reference"
        )
    digest = file.sha256 if file else hashlib.sha256(f"{material}\n{said}".encode()).hexdigest()
    now = actions.whole_second(now)
    with store.one_transaction():
        must_be_open(store.lock(matter=project.pk))
        last = project.papers.filter(material=material).order_by("-version").first()
        if last is not None and last.sha256 == digest:
            return last
        version = last.version + 1 if last else 1
        if version > MOST_VERSIONS:
            raise TooLarge(
                _("At most %(most)d versions of a material are taken.") % {"most": MOST_VERSIONS},
                where="material",
            )
        row = Paper.objects.create(
            project=project,
            material=material,
            version=version,
            reference=said,
            sha256=digest,
            attachment=_keep(actor, project, material, version, file, now) if file else None,
            at=now,
            by_id=actor.user_id,
        )
        _tell(project, known, row, actor, now)
        return row


def _keep(actor: Any, project: Project, material: str, version: int, file: Checked, now: datetime) -> UUID:
    """The bytes, and an event in the project's story that says their hash."""
    key = uuid5(project.pk, f"paper {material} {version}")
    row = attachments.store(file, matter=None, stage="document", actor=actor, now=now, id=key)
    attaching.take_in(actor=actor, matter=project.pk, rows=[row], stage="document", now=now)
    return key


def _tell(project: Project, material: MaterialType, row: Paper, actor: Any, now: datetime) -> None:
    """Tells whoever works on an open permit that asks for it: of a new version, or that what was missing has come."""
    tasks = Task.objects.filter(state="open", matter__approval_item__project=project)
    for task in tasks.select_related("matter").order_by("opened_at", "pk"):
        permit = rulebook(task.matter.pack_id).approvals.permits.get(task.matter.data.get("permit", ""))
        if permit is None or all(one.material.slug != row.material for one in permit.materials):
            continue
        if row.version == 1 and task.node not in WAITING:
            continue
        telling.tell(
            "paper",
            key=f"paper:{row.pk}:{task.pk.hex}",
            now=now,
            matter=task.matter_id,
            user=task.assignee_id,
            post="" if task.assignee_id else task.post,
            unit=task.unit_id or "",
            area=task.area_id or "",
            by=actor.user_id,
            name=material.name,
            name_en=material.name_en,
            version=row.version,
        )


def in_versions(project: Project) -> dict[str, list[Paper]]:
    """Material -> its versions, the newest first."""
    found: dict[str, list[Paper]] = {}
    for row in project.papers.select_related("by").order_by("material", "-version"):
        found.setdefault(row.material, []).append(row)
    return found


def file_of(project: Project, material: str, version: int) -> Attachment:
    """The file of a version; the caller has checked who may see the project. Raises NotFound."""
    row = project.papers.filter(material=material, version=version).exclude(attachment=None).first()
    found = Attachment.objects.filter(pk=row.attachment).first() if row else None
    if found is None:
        raise NotFound(_("There is no such file."), code="no_file")
    return found


def versions_for(project: Project, permit: Permit) -> dict[str, int]:
    """The version of each material that a permit asks for, as they lie now."""
    last = inputs.papers_of(project)
    return {
        one.material.slug: last[one.material.slug].version
        for one in permit.materials
        if one.material.slug in last
    }


def looked_at(item: Item, permit: Permit) -> None:
    """Keeps upon which versions a step of the permit was done; called in the transaction of the step."""
    item.versions = versions_for(item.project, permit)
    item.save(update_fields=["versions"])


def newer(permit: Permit, used: Mapping[str, int], last: Mapping[str, Paper]) -> list[Newer]:
    """The materials of a permit that have another version now."""
    materials: Iterable[MaterialType] = {one.material.slug: one.material for one in permit.materials}.values()
    return [
        Newer(one, used.get(one.slug, 0), last[one.slug].version)
        for one in materials
        if one.slug in last and used.get(one.slug, 0) != last[one.slug].version
    ]
