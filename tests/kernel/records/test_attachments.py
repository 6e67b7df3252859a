"""Files of matters: what is taken, what is refused and with which words, and that nothing is lost."""

import datetime as dt
import io
import json
import os
import stat
import threading
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Conflict, Invalid, NotFound, Problem, TooLarge, Unsupported
from yiwang.kernel.records import files
from yiwang.kernel.records.attachments import (
    Limits,
    check,
    check_upload,
    download_headers,
    open_file,
    store,
)
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.records.names import clean_name

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
LIMITS = Limits(max_bytes=100_000)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def photo(colour="red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def keep(data, now, *, name="a.jpg", stage="report", id=None):
    return store(
        check(data, name, LIMITS), matter=None, stage=stage, actor=resident(), now=now, id=id or uuid.uuid4()
    )


# What is taken


def test_a_pdf_is_kept_as_it_is():
    checked = check(PDF, "申请表.PDF", LIMITS)
    assert (checked.data, checked.media_type, checked.name, checked.thumb) == (
        PDF,
        "application/pdf",
        "申请表.pdf",
        b"",
    )


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", Invalid, "empty"),
        (PDF + b"x" * 100_000, TooLarge, "at most"),
        (b"%PDF-1.7 and nothing more", Invalid, "cut off"),
        (b"GIF89a" + b"\0" * 50, Unsupported, "GIF"),
        (b"PK\x03\x04" + b"\0" * 50, Unsupported, "Word"),
        (b"<svg onload=alert(1)>", Unsupported, "SVG"),
        (b"<html><script>", Unsupported, "HTML"),
        (b"MZ\x90\0", Unsupported, "EXE"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 30, Unsupported, "MP4"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 30, Unsupported, "Most Compatible"),
        (b"\0\0\0\x18ftypmif1" + b"\0" * 30, Unsupported, "HEIC"),
        (b"just some text", Unsupported, "unknown"),
        (b"\xff\xd8\xff", Invalid, "broken"),
        (b"\x89PNG\r\n\x1a\n", Invalid, "broken"),
        (b"RIFF\0\0\0\0WEBP", Invalid, "broken"),
    ],
)
def test_what_is_refused_and_the_sentence_that_says_why(data, error, words):
    with pytest.raises(error) as refused:
        check(data, "C:\\photos\\a.jpg", LIMITS)
    assert type(refused.value) is error
    assert words in refused.value.detail
    assert refused.value.where == "a"


def test_the_name_and_the_senders_word_count_for_nothing():
    sent = SimpleUploadedFile("x.pdf", photo(), content_type="text/html")
    checked = check_upload(sent, LIMITS)
    assert (checked.media_type, checked.name) == ("image/jpeg", "x.jpg")


def test_a_file_over_the_limit_is_refused_before_it_is_read():
    class Huge(SimpleUploadedFile):
        def read(self, *args):
            raise AssertionError("read")

    sent = Huge("a.jpg", b"")
    sent.size = 10**9
    with pytest.raises(TooLarge, match="953.7 MB"):
        check_upload(sent, LIMITS)


def test_the_pack_says_how_large_a_file_may_be(rules):
    with pytest.raises(TooLarge, match="at most 1 MB"):
        check(PDF + b"\0" * 1_100_000 + b"%%EOF", "a.pdf")
    rules.settings = {"max_upload_mb": 2}
    assert check(PDF + b"\0" * 1_100_000 + b"%%EOF", "a.pdf").size > 1_000_000


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBP", b"%PDF-"]),
)
def test_any_bytes_are_taken_or_refused_with_a_sentence(data, start):
    try:
        check(start + data, "a", LIMITS)
    except Problem as refused:
        assert refused.detail
        assert refused.status in (413, 415, 422)


# Names


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("IMG_0001.JPG", "IMG_0001.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("..\\..\\windows\\system.ini", "system.jpg"),
        ("/", "photo.jpg"),
        ("", "photo.jpg"),
        ("...", "photo.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("井盖 丢失.jpeg", "井盖 丢失.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", "x=1.jpg".replace("x=1", "x=1")),
        ("photo\u202egpj.exe", "photogpj.jpg"),
        ("nul.png", "photo-nul.jpg"),
        ("CON", "photo-CON.jpg"),
        ('a"b<c>.jpg', "abc.jpg"),
        ("a\0b.jpg", "ab.jpg"),
        ("v1.2 report", "v1.2 report.jpg"),
        ("shell.php.jpg", "shell.php.jpg"),
    ],
)
def test_a_file_name_keeps_its_words_and_loses_its_tricks(sent, kept):
    name = clean_name(sent, ".jpg", default="photo")
    if "Set-Cookie" in sent:
        assert "\r" not in name
        assert "\n" not in name
    else:
        assert name == kept


@given(st.text(max_size=400))
def test_no_name_leaves_its_folder_or_the_column(text):
    name = clean_name(text, ".jpg")
    assert 4 < len(name) <= 200
    assert not set(name) & set('/\\:\0\r\n"<>|')
    assert not name.startswith(".")
    assert name.endswith(".jpg")
    assert clean_name(name, ".jpg") == name


# The store


def test_the_same_bytes_lie_there_once(db, store_folder, now):
    first, second = keep(photo(), now), keep(photo(), now, name="b.jpg")
    assert first.sha256 == second.sha256
    assert len(list(files.walk())) == 2  # the photo and its small picture
    with open_file(first) as file, open_file(second, thumb=True) as small:
        assert Image.open(file).size == Image.open(small).size == (40, 30)


def test_a_row_says_what_the_file_is(db, store_folder, now):
    kept = Attachment.objects.get(pk=keep(photo(), now).pk)
    assert (kept.name, kept.media_type, kept.width, kept.height, kept.added_by) == (
        "a.jpg",
        "image/jpeg",
        40,
        30,
        "resident",
    )
    with open_file(kept) as file:
        assert kept.size == len(file.read())


def test_sending_again_is_the_same_file_and_another_file_under_the_id_is_refused(db, store_folder, now):
    one = uuid.uuid4()
    first = keep(photo(), now, id=one)
    assert keep(photo(), now + dt.timedelta(minutes=1), id=one).added_at == first.added_at
    with pytest.raises(Conflict) as refused:
        keep(photo("blue"), now, id=one)
    assert refused.value.where == "id"
    with pytest.raises(Conflict):
        keep(photo(), now, id=one, stage="after")
    assert Attachment.objects.count() == 1


def test_an_unknown_stage_is_refused(db, store_folder, now):
    with pytest.raises(Invalid, match="before, after"):
        keep(photo(), now, stage="somewhere")


def test_stored_files_are_not_for_other_users_of_the_machine(db, store_folder, now):
    path = files.path_of(keep(photo(), now).sha256)
    assert not stat.S_IMODE(path.stat().st_mode) & 0o007
    assert path.parent.parent.parent == store_folder


@pytest.mark.parametrize(
    "digest", ["", "../../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "/etc/passwd"]
)
def test_only_a_digest_names_a_file(store_folder, digest):
    with pytest.raises(ValueError, match="SHA-256"):
        files.path_of(digest)
    with pytest.raises(NotFound):
        files.open_bytes(digest)


def test_a_process_killed_while_writing_leaves_no_half_file_under_a_digest(store_folder, monkeypatch):
    def killed(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        files.put(b"half")
    assert list(files.walk()) == []


def test_a_file_cut_short_on_the_disk_is_written_again_by_the_next_upload(store_folder):
    digest = files.put(b"all of it")
    files.path_of(digest).write_bytes(b"all")
    assert files.put(b"all of it") == digest
    assert files.fault(digest) == ""


def test_many_people_sending_one_file_at_once(store_folder):
    digests = []
    threads = [threading.Thread(target=lambda: digests.append(files.put(b"x" * 10_000))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(digests)) == 1
    assert len(digests) == 8
    assert [path.name for path in files.walk()] == digests[:1]


def test_a_missing_file_says_what_to_do(db, store_folder, now):
    kept = keep(photo(), now)
    files.path_of(kept.sha256).unlink()
    with pytest.raises(NotFound, match="yiwang files check"):
        open_file(kept)


def test_only_our_own_pictures_are_shown_in_the_page(db, store_folder, now):
    shown = download_headers(keep(photo(), now, name="井盖.jpg"))
    assert shown["Content-Disposition"].startswith("inline; filename*=utf-8''%E4%BA%95")
    sent = download_headers(keep(PDF, now, name="a.pdf"))
    assert sent["Content-Disposition"] == 'attachment; filename="a.pdf"'
    for headers in (shown, sent):
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]


# Sweep and check


def run(*words):
    out = io.StringIO()
    code = 0
    try:
        call_command("files", *words, "--json", stdout=out)
    except SystemExit as ended:
        code = ended.code
    return json.loads(out.getvalue()), code


def age(path, hours):
    then = path.stat().st_mtime - hours * 3600
    os.utime(path, (then, then))


def test_the_sweep_takes_old_files_that_no_attachment_names(db, store_folder, now):
    kept = keep(photo(), now)
    orphan, fresh = files.put(b"orphan"), files.put(b"fresh")
    part = files.path_of(orphan).with_name(".part-of a killed process")
    part.write_bytes(b"half")
    for path in [files.path_of(d) for d in (kept.sha256, kept.thumb_sha256, orphan)] + [part]:
        age(path, 48)
    assert sorted(run("sweep", "--dry-run")[0]["removed"]) == sorted([orphan, part.name])
    assert files.fault(orphan) == ""
    assert sorted(run("sweep")[0]["removed"]) == sorted([orphan, part.name])
    assert files.fault(orphan) == "missing"
    assert [files.fault(d) for d in (kept.sha256, kept.thumb_sha256, fresh)] == ["", "", ""]


def test_a_file_sent_again_while_the_sweep_runs_stays(store_folder):
    digest = files.put(b"orphan")
    age(files.path_of(digest), 48)

    def meanwhile(digit):
        files.put(b"orphan")
        return set()

    assert files.sweep(meanwhile, older_than_s=3600) == []
    assert files.fault(digest) == ""


def test_the_check_finds_what_is_missing_or_changed(db, store_folder, now):
    whole, changed, missing = keep(photo(), now), keep(photo("blue"), now), keep(PDF, now, name="m.pdf")
    assert run("check") == ({"checked": 3, "faults": []}, 0)
    files.path_of(changed.sha256).write_bytes(b"something else")
    files.path_of(missing.sha256).unlink()
    result, code = run("check")
    assert code == 1
    assert {(f["name"], f["fault"]) for f in result["faults"]} == {("a.jpg", "changed"), ("m.pdf", "missing")}
    assert whole.sha256 not in str(result)


def test_no_command_fails_before_the_first_file(db, store_folder):
    assert run("check") == ({"checked": 0, "faults": []}, 0)
    assert run("sweep")[0]["removed"] == []
