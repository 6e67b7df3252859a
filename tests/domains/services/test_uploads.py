"""Files with an application: checked, kept with the draft, the office's own when it is sent, never run in a browser."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.domains.services.family import FAMILY, MATERIALS, MONDAY, part, seen, sent, window
from tests.faces.conftest import photo
from yiwang.domains.services import drafts, uploads
from yiwang.domains.services.models import Joint, Paper
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Conflict, Invalid, NotFound, Problem, TooLarge, Unsupported
from yiwang.kernel.matters import audit
from yiwang.kernel.matters.models import Event, Matter
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records import ahead, attachments, files
from yiwang.kernel.records.models import Attachment

PDF = b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<<>>\n%%EOF\n"
ASKED = ["photo", "application-form", "id-card"]


def pdf(name: str = "表.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def picture(name: str = "照片.jpg", size=(300, 400)) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo(size), "image/jpeg")


def kept(sheet, file=None, material: str = "photo", now=MONDAY) -> Paper:
    return uploads.keep(sheet=sheet, material=material, materials=ASKED, sent=file or picture(), now=now)


def test_a_file_is_kept_at_once_once_and_belongs_to_nobody_elses_form(world):
    sheet = uuid4()
    first, again = kept(sheet), kept(sheet)
    assert first.pk == again.pk and Paper.objects.count() == Attachment.objects.count() == 1
    assert uploads.of_sheet(uuid4()) == []
    other = sent(id=uuid4())
    assert not Paper.objects.filter(matter=other.id).exists()
    uploads.remove(uuid4(), first.pk)
    assert uploads.of_sheet(sheet)
    uploads.remove(sheet, first.pk)
    assert not Paper.objects.exists() and not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("file", "error"),
    [
        (SimpleUploadedFile("a.pdf", b"<html><script>alert(1)</script>", "application/pdf"), Unsupported),
        (SimpleUploadedFile("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"), Unsupported),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.4 cut off", "application/pdf"), Invalid),
        (SimpleUploadedFile("a.docm", b"PK\3\4macro", "application/msword"), Unsupported),
        (SimpleUploadedFile("a.jpg", b"\xff\xd8\xff broken", "image/jpeg"), Problem),
        (SimpleUploadedFile("a.pdf", b"%PDF-" + b"0" * 11 * 1024 * 1024 + b"%%EOF"), TooLarge),
    ],
)
def test_what_is_no_picture_and_no_pdf_or_too_large_is_refused_by_its_bytes(world, file, error):
    with pytest.raises(error):
        kept(uuid4(), file)
    assert not Attachment.objects.exists()


def test_a_form_takes_files_only_for_its_materials_and_not_without_end(world):
    sheet = uuid4()
    with pytest.raises(Invalid):
        kept(sheet, material="passwords")
    for n in range(uploads.MOST_OF_ONE):
        kept(sheet, pdf(data=PDF + b"%%" + str(n).encode() + b"%%EOF"))
    with pytest.raises(TooLarge):
        kept(sheet)


def test_sent_the_files_are_the_matters_and_its_chain_keeps_their_digests(world):
    sheet = uuid4()
    image, form = kept(sheet), kept(sheet, pdf(), "application-form")
    got = sent(id=sheet)
    rows = {row.pk: row for row in Attachment.objects.filter(matter=got.id)}
    assert set(rows) == {image.pk, form.pk} and {row.stage for row in rows.values()} == {"document"}
    assert {row.added_by for row in rows.values()} == {"resident"}
    events = [event.data["record"] for event in Event.objects.filter(matter=got.id, action="attach")]
    assert {one["sha256"] for one in events} == {row.sha256 for row in rows.values()}
    assert [found for _n, found in audit.verify(Matter.objects.filter(pk=got.id))] == [[]]
    with pytest.raises(Conflict):
        kept(sheet, pdf("spät.pdf", PDF + b"x%%EOF"))
    uploads.remove(sheet, image.pk)  # sent is sent
    assert Paper.objects.filter(pk=image.pk).exists()


def test_each_office_sees_the_files_of_its_own_materials_and_no_others(world):
    sheet = uuid4()
    kept(sheet)
    kept(sheet, pdf(), "application-form")
    got = sent(id=sheet)
    window(got)
    police = part(got, "birth-household").matter_id
    assert [row.material for row in uploads.of_matter(police)] == ["application-form"]
    own = Attachment.objects.get(matter=police)
    whole = Attachment.objects.get(matter=got.id, name="表.pdf")
    assert own.pk != whole.pk and own.sha256 == whole.sha256
    assert not uploads.of_matter(part(got, "vaccination-certificate").matter_id)
    assert [found for _n, found in audit.verify(Matter.objects.filter(pk=police))] == [[]]


def test_what_the_case_does_not_need_is_dropped_when_it_is_sent(world):
    sheet = uuid4()
    uploads.keep(sheet=sheet, material="lease", materials=["lease"], sent=picture(), now=MONDAY)
    got = sent(id=sheet)
    assert not Attachment.objects.exists() and not uploads.of_matter(got.id)


def test_files_stay_with_a_draft_for_its_sixty_days_and_without_one_for_a_day(world):
    sheet, alone = uuid4(), uuid4()
    kept(sheet)
    kept(alone)
    drafts.save(id=sheet, bundle="newborn", rules=current(), answers=FAMILY, beside={"said": {}}, now=MONDAY)
    drafts.forget_old(MONDAY + timedelta(hours=20))
    assert Paper.objects.count() == 2
    later = MONDAY + timedelta(days=40)
    ahead.forget(later)  # the files that phones sent ahead: not these
    drafts.forget_old(later)
    assert [row.sheet for row in Paper.objects.all()] == [sheet]
    assert not files.fault(Attachment.objects.get().sha256)
    drafts.forget_old(MONDAY + timedelta(days=61))
    assert not Paper.objects.exists() and not Attachment.objects.exists()


def test_what_was_missing_is_sent_afterwards_and_only_while_it_is_waited_for(world):
    got = sent(materials=MATERIALS)
    own = Joint.objects.select_related("matter").get(pk=got.id)
    with pytest.raises(Conflict):
        uploads.add(own=own, material="photo", sent=picture(), actor=resident(own.pk), now=MONDAY)
    window(got, "missing", **seen(got, material_photo="missing"))
    own = Joint.objects.select_related("matter").get(pk=got.id)
    for _twice in range(2):
        uploads.add(own=own, material="photo", sent=picture(), actor=resident(own.pk), now=MONDAY)
    with pytest.raises(Conflict):
        uploads.add(own=own, material="id-card", sent=picture(), actor=resident(own.pk), now=MONDAY)
    assert [row.material for row in uploads.of_matter(got.id)] == ["photo"]
    with pytest.raises(NotFound):
        uploads.one(uuid4(), Paper.objects.get().pk)


def test_a_pdf_is_only_ever_downloaded(world):
    row = kept(uuid4(), pdf(), "application-form").attachment
    headers = attachments.download_headers(row)
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in headers["Content-Security-Policy"]
