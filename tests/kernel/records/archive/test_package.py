"""The package, without a database: whatever is changed in it is found and named."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.kernel.matters.case import event_hash
from yiwang.kernel.records import signing
from yiwang.kernel.records.archive import package
from yiwang.kernel.records.archive.package import Fault
from yiwang.kernel.records.licences.document import canonical

MATTER = UUID("019a0000-0000-7000-8000-000000000001")


def files(documents: int = 2) -> dict[str, bytes]:
    events, previous = [], ""
    for seq, action in enumerate(("open", "complete", "close"), start=1):
        at = datetime(2026, 9, 24, seq, tzinfo=UTC)
        said = event_hash(previous, MATTER, seq, at, action, "user:1", "张三", "{}")
        events.append(
            {"seq": seq, "at": at.isoformat(), "action": action, "actor": "user:1", "actor_name": "张三", "body": "{}",
             "prev": previous, "hash": said}
        )  # fmt: skip
        previous = said
    own = {
        package.METADATA: canonical({"id": str(MATTER), "number": "20260924-000001-5", "head": previous}),
        package.EVENTS: canonical(events),
    }
    return own | {f"documents/{n:03d}.txt": b"document %d" % n for n in range(documents)}


def test_an_unchanged_package_is_good_and_the_same_files_make_the_same_package():
    data = package.pack(files())
    found = package.verify(data)
    assert found.good and found.metadata["number"] == "20260924-000001-5"
    assert package.pack(dict(reversed(files().items()))) == data


def test_any_unzip_program_reads_it(tmp_path):
    import zipfile

    path = tmp_path / "a.zip"
    path.write_bytes(package.pack(files()))
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.read("documents/001.txt") == b"document 1"


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_any_changed_byte_is_found(data):
    whole = package.pack(files())
    place = data.draw(st.integers(0, len(whole) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda one: one != whole[place]))
    assert not package.verify(whole[:place] + bytes([value]) + whole[place + 1 :]).good


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_is_cut_off_or_put_in_is_found(data):
    whole = package.pack(files())
    place = data.draw(st.integers(0, len(whole)))
    assert place == len(whole) or not package.verify(whole[:place]).good
    assert not package.verify(
        whole[:place] + data.draw(st.binary(min_size=1, max_size=30)) + whole[place:]
    ).good


@given(st.binary(max_size=400))
def test_whatever_is_given_there_is_an_answer(noise):
    assert not package.verify(noise).good
    assert not package.verify(b"PK\x03\x04" + noise).good


@pytest.mark.parametrize("path", ["documents/001.txt", package.METADATA, package.EVENTS])
def test_a_changed_file_is_named(path):
    own = files()
    whole = package.pack(own)
    at = whole.index(own[path])
    broken = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    assert Fault("changed", path) in package.verify(broken).faults


def test_files_that_were_taken_out_or_put_in_are_named():
    own = files(3)
    signed = package.pack(own)
    parts = dict(package._files(signed))
    less = {path: data for path, data in parts.items() if path != "documents/002.txt"}
    assert package.verify(package._zipped(less)).faults == (Fault("missing", "documents/002.txt"),)
    more = {**parts, "documents/009.txt": b"later"}
    assert package.verify(package._zipped(more)).faults == (Fault("added", "documents/009.txt"),)


def test_a_whole_package_made_anew_by_somebody_else_has_an_unknown_key(settings):
    _name, key, public = signing.own_public()
    assert package.verify(package.pack(files()), {key: public}).good
    settings.SIGN_KEY = "the secret of somebody who forges archives"
    forged = package.pack({**files(), "documents/000.txt": b"another document"})
    assert package.verify(forged).good
    assert package.verify(forged, {key: public}).faults == (Fault("unknown_key", package.SIGNATURE),)


def test_events_that_were_rewritten_before_signing_do_not_follow_one_another():
    own = files()
    own[package.EVENTS] = own[package.EVENTS].replace(b'"complete"', b'"withdraw"')
    assert package.verify(package.pack(own)).faults == (Fault("chain", "events.json#2"),)
