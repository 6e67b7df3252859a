"""Files that come with an application: photos and PDFs of its materials (上传材料).

Each is checked by its bytes and kept when it arrives, with the draft until the form is sent; then it belongs to the
matter, and its chain keeps the digest. Nothing is lost when the connection breaks between two files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from yiwang.domains.services.models import Application, Draft, Joint, Paper
from yiwang.kernel.access.actors import SYSTEM, Actor
from yiwang.kernel.errors import Conflict, Invalid, NotFound, TooLarge
from yiwang.kernel.matters import attaching, store
from yiwang.kernel.records import ahead, attachments
from yiwang.kernel.records.models import Attachment

STAGE = "document"
MOST, MOST_OF_ONE = 40, 10  # files of a form, of one material
ALONE = timedelta(days=1)  # how long files are kept of a form that nobody keeps as a draft
AT_ONCE = 200


def sender(sheet: UUID) -> Actor:
    """Whose a file is while its form is not sent: nobody else's form can take it."""
    return Actor(ahead.SHEET, name=str(sheet))


def keep(*, sheet: UUID, material: str, materials: Collection[str], sent: Any, now: datetime) -> Paper:
    """Checks a file that was chosen for a material and keeps it with the form. The same again is the same.

    Raises Invalid, Unsupported or TooLarge that name the file, Conflict once the form is sent.
    """
    if material not in materials:
        raise Invalid(_("This form has no such material."), where="material", code="no_material")
    checked = attachments.check_upload(sent)
    key = uuid5(sheet, f"paper {material} {checked.sha256}")
    with store.one_transaction():
        _still_open(sheet)
        there = Paper.objects.filter(pk=key).first()
        if there is not None:
            return there
        others = list(Paper.objects.filter(sheet=sheet).values_list("material", flat=True))
        if len(others) >= MOST or others.count(material) >= MOST_OF_ONE:
            raise TooLarge(
                _("At most %(most)d files are taken here. Remove one first.")
                % {"most": MOST_OF_ONE if others.count(material) >= MOST_OF_ONE else MOST},
                where=f"file_{material}",
                code="too_many_files",
            )
        row = attachments.store(checked, matter=None, stage=STAGE, actor=sender(sheet), now=now, id=key)
        return Paper.objects.create(id=key, sheet=sheet, material=material, attachment=row, kept_at=now)


def remove(sheet: UUID, key: UUID) -> None:
    """The applicant does not want to send this file after all; sent, it stays."""
    with store.one_transaction():
        _delete(Paper.objects.filter(sheet=sheet, pk=key, matter=None))


def of_sheet(sheet: UUID) -> list[Paper]:
    """The files of a form or an application, in the order in which they came."""
    return list(Paper.objects.filter(sheet=sheet).select_related("attachment").order_by("kept_at", "id"))


def of_matter(matter: UUID) -> list[Paper]:
    return list(Paper.objects.filter(matter=matter).select_related("attachment").order_by("kept_at", "id"))


def take_in(sheet: UUID, matter: UUID, materials: Collection[str], actor: Actor, now: datetime) -> None:
    """Gives the files of a form to its matter, in the transaction that opens it. What was chosen for a material that
    the case turned out not to need is dropped."""
    _delete(Paper.objects.filter(sheet=sheet, matter=None).exclude(material__in=materials))
    rows = of_sheet(sheet)
    attaching.take_in(actor=actor, matter=matter, rows=[row.attachment for row in rows], stage=STAGE, now=now)
    Paper.objects.filter(pk__in=[row.pk for row in rows]).update(matter=matter)


def copy(whole: UUID, matter: UUID, materials: Collection[str], now: datetime) -> None:
    """Gives a part of a joint application the files of the materials that it asks for: its office may see no other
    matter. The bytes lie there once."""
    made = []
    for row in Paper.objects.filter(matter=whole, material__in=materials).select_related("attachment"):
        key = uuid5(matter, str(row.pk))
        if Paper.objects.filter(pk=key).exists():
            continue
        fresh = Attachment.objects.get(pk=row.attachment_id)
        fresh.pk, fresh.matter_id = key, None
        fresh.save(force_insert=True)
        Paper.objects.create(
            id=key,
            sheet=matter,
            material=row.material,
            attachment=fresh,
            matter_id=matter,
            kept_at=row.kept_at,
        )
        made.append(fresh)
    attaching.take_in(actor=SYSTEM, matter=matter, rows=made, stage=STAGE, now=now)


def add(*, own: Application | Joint, material: str, sent: Any, actor: Actor, now: datetime) -> Paper:
    """A file for something that was told to be missing, or is to come later, sent by the applicant afterwards.

    Raises Conflict when the application does not wait for this material, and as `keep`.
    """
    if material not in waits(own):
        raise Conflict(_("The application does not wait for this any more."), code="not_waiting")
    checked = attachments.check_upload(sent)
    key = uuid5(own.pk, f"paper {material} {checked.sha256}")
    with store.one_transaction():
        there = Paper.objects.filter(pk=key).first()
        if there is not None:
            return there
        if Paper.objects.filter(matter=own.pk, material=material).count() >= MOST_OF_ONE * 2:
            raise TooLarge(
                _("At most %(most)d files are taken here. Remove one first.") % {"most": MOST_OF_ONE * 2},
                where=f"file_{material}",
                code="too_many_files",
            )
        row = attachments.store(checked, matter=None, stage=STAGE, actor=sender(own.pk), now=now, id=key)
        attaching.take_in(actor=actor, matter=own.pk, rows=[row], stage=STAGE, now=now)
        return Paper.objects.create(
            id=key, sheet=own.pk, material=material, attachment=row, matter_id=own.pk, kept_at=now
        )


def waits(own: Application | Joint) -> set[str]:
    """The materials for which an open application waits."""
    nodes = set(own.matter.tasks.filter(state="open").values_list("node", flat=True))
    found = set(own.missing) if "supplement" in nodes else set()
    if "papers" in nodes:
        found |= {slug for slug, state in own.materials.items() if state == "later"}
    return found


def one(matter: UUID, key: UUID) -> Attachment:
    """A file of one's own application. Raises NotFound."""
    row = Paper.objects.filter(pk=key, matter=matter).select_related("attachment").first()
    if row is None:
        raise NotFound(_("There is no such file."), code="no_file")
    return row.attachment


def forget(sheets: Iterable[UUID]) -> None:
    """Removes the files of forms that were never sent; `yiwang files sweep` takes the bytes."""
    _delete(Paper.objects.filter(sheet__in=list(sheets), matter=None))


def forget_old(now: datetime) -> int:
    """Removes files of forms that nobody keeps as a draft and nobody sent; how many."""
    with store.one_transaction():
        old = Paper.objects.filter(matter=None, kept_at__lt=now - ALONE)
        kept = Draft.objects.filter(until__gt=now).values("pk")
        return _delete(
            Paper.objects.filter(
                pk__in=list(old.exclude(sheet__in=kept).values_list("pk", flat=True)[:AT_ONCE])
            )
        )


def _delete(rows: Any) -> int:
    keys = list(rows.values_list("pk", flat=True))
    Paper.objects.filter(pk__in=keys).delete()
    Attachment.objects.filter(pk__in=keys, matter=None).delete()
    return len(keys)


def _still_open(sheet: UUID) -> None:
    if Application.objects.filter(pk=sheet).exists() or Joint.objects.filter(pk=sheet).exists():
        raise Conflict(_("This form was sent already."), code="sent")
