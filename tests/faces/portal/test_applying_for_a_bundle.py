"""A family applies for a bundle on the portal, without a script; its page shows all services; the file is its own."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from tests.domains.services.family import CASE, FAMILY, FOUR
from tests.domains.services.test_uploads import PDF
from yiwang.domains.services.models import Application, Draft, Joint, Paper
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.matters.models import Matter, Task

ADDRESS = "/services/once/newborn/apply"
ID = "0198f3a2-7c11-7aaa-8000-0000000b0d1e"


def form(**more) -> dict:
    case = {f"case_{name}": value for name, value in CASE.items()}
    return FAMILY | case | {"id": ID, "consent": "1", "material_marriage-certificate": "missing"} | more


def text(response) -> str:
    return " ".join(response.content.decode().split())


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("照片.pdf", PDF, "application/pdf")


def test_a_family_applies_for_all_of_it_and_sees_all_of_it_on_one_page(visitor, signed_in, client, time):
    guide = text(visitor.get("/services/once/newborn?certificate=yes&here=yes"))
    assert "Answer the questions" in guide and ADDRESS not in guide
    back = visitor.get(ADDRESS + "?certificate=yes")
    assert back.status_code == 302 and back.headers["Location"].endswith("/services/once/newborn")
    page = text(visitor.get(ADDRESS + "?certificate=yes&here=yes&insured=no"))
    assert "household_head" in page and "bank_account" not in page and 'name="case_here"' in page
    assert page.count('name="mother_id"') == 1

    more = text(visitor.post(ADDRESS, form(_upload="1", file_photo=pdf())))
    assert "照片.pdf" in more and Paper.objects.count() == 1
    wrong = visitor.post(ADDRESS, form(mother_phone="12"))
    assert wrong.status_code == 422 and "照片.pdf" in text(wrong) and not Matter.objects.exists()
    done = visitor.post(ADDRESS, form())
    assert done.status_code == 302
    assert visitor.post(ADDRESS, form()).headers["Location"] == done.headers["Location"]
    own = Joint.objects.select_related("matter").get()
    number = own.matter.number
    receipt = text(visitor.get(done.headers["Location"]))
    assert number in receipt and "Social security card" in receipt

    page = visitor.get(f"/follow/{number}")
    assert text(page).count('class="yw-part yw-part-waiting"') == 4 and "13840000001" not in text(page)
    address = f"/services/applications/{number}/papers/{Paper.objects.get().pk}"
    file = visitor.get(address)
    assert file.status_code == 200 and file.headers["Content-Disposition"].startswith("attachment")
    assert client.get(address).status_code == 404  # another browser
    assert client.get(f"/follow/{number}").status_code == 302

    clerk = signed_in("window-clerk")
    matter = text(clerk.get(f"/matters/{number}"))
    assert "照片.pdf" in matter and "王小满" in matter and "11010519491231002X" not in matter
    opened = text(clerk.post(f"/matters/{number}/answers", {"purpose": "核对身份"}))
    assert "11010519491231002X" in opened and PurposeLog.objects.count() == 1
    assert "核对身份" in text(visitor.get(f"/follow/{number}"))

    task = Task.objects.get(matter=own.pk)
    states = {f"material_{slug}": "received" for slug in own.materials} | {
        "material_marriage-certificate": "missing"
    }
    shape = {"form": "complete-accept-0", "task": str(task.pk), "outcome": "accept"}
    refused = clerk.post(f"/matters/{number}/do/complete", shape | states | {"material_photo": "missing"})
    assert refused.status_code == 422
    assert clerk.post(f"/matters/{number}/do/complete", shape | states).status_code == 302
    page = text(visitor.get(f"/follow/{number}"))
    assert page.count("yw-part-running") == 2 and page.count("waits for:") == 2
    police = Application.objects.get(service="birth-household").matter
    assert "A part of one application" in text(visitor.get(f"/follow/{police.number}"))
    assert client.get(f"/follow/{police.number}").status_code == 302
    assert "The services of this application" in text(clerk.get(f"/matters/{number}"))
    assert "this is a part of it" in text(clerk.get(f"/matters/{police.number}"))
    reviewer = signed_in("service-reviewer-police")
    assert reviewer.get(f"/matters/{police.number}").status_code == 200
    assert reviewer.get(f"/matters/{number}").status_code == 404  # the whole is the window's


def test_the_draft_of_a_bundle_keeps_case_materials_and_files(visitor, client, world):
    sent = form(_save="1", child_name="半", file_photo=pdf())
    kept = text(visitor.post(ADDRESS, sent | {"material_household-book": "brought"}))
    number, secret = Draft.objects.get().number, re.search(r"<dt>Secret</dt><dd>(\w+)</dd>", kept)[1]
    assert "Files kept with it: 1" in kept
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers, beside FROM services_draft")
        assert "沈阳市妇婴医院" not in "".join(cursor.fetchone())
    client.cookies["yiwang_language"] = "en"
    page = text(client.post("/services/drafts", {"number": number, "secret": secret}))
    assert 'value="半"' in page and "照片.pdf" in page and 'name="case_insured" value="no"' in page
    assert re.search(r'name="material_household-book".*?value="brought" selected', page)
    assert client.post(ADDRESS, form()).status_code == 302
    assert not Draft.objects.exists() and len(FOUR) == Joint.objects.get().parts.count()


def test_one_file_sent_by_the_script_is_answered_with_the_list_of_its_material(visitor, world):
    case = {f"case_{name}": value for name, value in CASE.items()} | {"id": ID}
    good = visitor.post(ADDRESS, case | {"_paper": "photo", "file_photo": pdf()})
    assert good.status_code == 200 and "照片.pdf" in text(good) and "<html" not in text(good)
    key = str(Paper.objects.get().pk)
    bad = SimpleUploadedFile("x.svg", b"<svg onload=alert(1)>", "image/svg+xml")
    refused = visitor.post(ADDRESS, case | {"_paper": "photo", "file_photo": bad})
    assert refused.status_code == 422 and "data-refused" in text(refused) and "照片.pdf" in text(refused)
    assert visitor.post(ADDRESS, case | {"_paper": "nothing", "file_nothing": pdf()}).status_code == 422
    assert "照片.pdf" not in text(visitor.post(ADDRESS, case | {"_paper": "photo", "_unpaper": key}))
    assert not Paper.objects.exists()


def test_what_the_window_tells_to_be_missing_is_sent_from_the_page_that_follows(
    visitor, signed_in, client, time
):
    number = visitor.post(ADDRESS, form()).headers["Location"].split("/")[-2]
    send = f"/services/applications/{number}/send"
    assert visitor.post(send, {"file_photo": pdf()}).status_code == 422  # nobody has asked for it
    own = Joint.objects.get()
    states = {f"material_{slug}": "received" for slug in own.materials} | {
        "material_photo": "missing",
        "material_marriage-certificate": "missing",
    }
    clerk = signed_in("window-clerk")
    task = Task.objects.get(matter=own.pk)
    shape = {"form": "complete-missing-1", "task": str(task.pk), "outcome": "missing"}
    told = clerk.post(f"/matters/{number}/do/complete", shape | states | {"note_missing": "照片要一寸免冠"})
    assert told.status_code == 302
    page = text(visitor.get(f"/follow/{number}"))
    assert "照片要一寸免冠" in page and 'name="file_photo"' in page and "file_id-card" not in page
    bad = SimpleUploadedFile("x.svg", b"<svg onload=alert(1)>", "image/svg+xml")
    assert visitor.post(send, {"file_photo": bad}).status_code in (415, 422)
    assert visitor.post(send, {}).status_code == 422
    assert (
        client.post(send, {"file_photo": pdf()}).status_code == 302
    )  # another browser is asked for the secret
    assert not Paper.objects.exists()
    assert visitor.post(send, {"file_photo": pdf()}).status_code == 302
    assert "照片.pdf" in text(visitor.get(f"/follow/{number}"))
    assert "照片.pdf" in text(clerk.get(f"/matters/{number}"))
