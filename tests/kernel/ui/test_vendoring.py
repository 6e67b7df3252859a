from __future__ import annotations

import gzip
import io
import shutil
import tarfile

import pytest

from yiwang.kernel.ui import vendoring


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "vendor"
    shutil.copytree(vendoring.FOLDER, folder)
    return folder


def package(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def test_the_vendored_files_are_the_locked_ones():
    assert vendoring.verify() == []


def test_a_changed_a_missing_and_a_foreign_file_are_each_named(copy):
    (copy / "tabler/tabler.min.css").write_text("body{}")
    (copy / "bpmn-js/LICENSE").unlink()
    (copy / "tracker.js").write_text("")
    found = vendoring.verify(copy)
    assert len(found) == 4  # the compressed form of the changed file differs as well
    assert any("tabler/tabler.min.css was changed" in line for line in found)
    assert any("bpmn-js/LICENSE is missing" in line for line in found)
    assert any("tracker.js is not in the lock file" in line for line in found)


def test_a_compressed_form_that_differs_from_its_file_is_found(copy):
    (copy / "bpmn-js/bpmn-js.css.gz").write_bytes(gzip.compress(b"other"))
    assert vendoring.verify(copy) == [
        "bpmn-js/bpmn-js.css.gz is not the compressed form of bpmn-js/bpmn-js.css: run yiwang vendor make"
    ]


def test_every_package_has_its_licence_beside_it():
    for entry in vendoring.read_lock()["packages"]:
        texts = [(vendoring.FOLDER / name).read_text() for name in entry["files"] if "LICENSE" in name]
        assert any("permission" in text.lower() for text in texts), entry["name"]


def test_the_lock_names_no_registry():
    assert "://" not in vendoring.LOCK.read_text(encoding="utf-8")


def test_the_watermark_of_the_drawing_is_in_the_vendored_viewer():
    assert "bjs-powered-by" in (vendoring.FOLDER / "bpmn-js/bpmn-navigated-viewer.min.js").read_text(
        encoding="utf-8"
    )


def test_a_package_that_is_not_the_locked_one_is_refused():
    with pytest.raises(vendoring.VendorProblem, match="not the package that was checked"):
        vendoring.expect({"integrity": "sha512-a"}, "integrity", "sha512-b", False, "thing 1.0")


def test_a_file_that_the_package_does_not_have_is_named():
    entry = {"name": "thing", "version": "1.0", "take": {"dist/x.js": "thing/x.js"}}
    with pytest.raises(vendoring.VendorProblem, match=r"thing 1\.0 has no file dist/x\.js"):
        list(vendoring.produce(entry, package({"README.md": ""})))


def test_what_is_taken_loses_the_line_that_points_to_a_map_that_is_not_shipped():
    entry = {"name": "thing", "version": "1.0", "take": {"x.js": "x.js", "x.css": "x.css"}}
    files = {"x.js": "1\n//# sourceMappingURL=x.js.map\n", "x.css": "a{}\n/*# sourceMappingURL=x.css.map */"}
    assert dict(vendoring.produce(entry, package(files))) == {"x.js": b"1\n", "x.css": b"a{}\n"}


def test_icons_become_symbols_of_one_file():
    line = '<svg width="24"><path stroke="none" d="M0 0h24v24H0z" fill="none" />\n<path d="M1 1" /></svg>'
    files = {"icons/outline/star.svg": line, "icons/filled/star.svg": '<svg><path d="M2 2" /></svg>'}
    entry = {"name": "i", "version": "1", "sprite": {"file": "s.svg", "icons": ["star", "filled/star"]}}
    made = dict(vendoring.produce(entry, package(files)))["s.svg"].decode()
    assert (
        '<symbol id="star" ' in made
        and '<symbol id="star-filled" viewBox="0 0 24 24" fill="currentColor">' in made
    )
    assert "M0 0h24" not in made
