"""What the browser installs: the same for everybody, and new when a byte of it is."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from PIL import Image

from yiwang.faces.field import shell
from yiwang.faces.field.texts import texts

pytestmark = pytest.mark.django_db
SCRIPTS = Path(shell.HERE)


def kept(client, address: str = "/field/sw.js") -> dict:
    text = client.get(address).content.decode()
    return json.loads(re.search(r"^const SHELL = (.*);$", text, re.MULTILINE)[1])


def test_the_shell_holds_nobodys_data_and_no_token(phone, visitor):
    mine, theirs = (client.get("/field").content.decode() for client in (phone.client, visitor))
    assert mine == theirs
    assert "csrf" not in mine


def test_every_file_that_the_worker_keeps_is_there(phone):
    shell_kept = kept(phone.client)
    assert phone.client.get(shell_kept["page"]).status_code == 200
    for address in shell_kept["files"]:
        assert finders.find(address.removeprefix(static(""))), address


def test_every_module_and_style_that_the_app_asks_for_is_kept(phone):
    files = {address.rpartition("/")[2] for address in kept(phone.client)["files"]}
    for path in SCRIPTS.glob("*.js"):
        wanted = re.findall(r'(?:from|import\()\s*"\./([\w.]+)"', path.read_text(encoding="utf-8"))
        assert set(wanted) <= files, path.name
    page = phone.client.get("/field").content.decode()
    for address in re.findall(r'(?:src|href)="(/static/[^"#]+)"', page):
        assert address in kept(phone.client)["files"], address


def test_another_language_or_another_byte_is_another_version(phone, visitor, monkeypatch, tmp_path):
    version = kept(visitor)["version"]
    assert kept(visitor)["version"] == version
    visitor.cookies["yiwang_language"] = "zh-hans"
    assert kept(visitor)["version"] != version
    changed = tmp_path / "changed.js"
    changed.write_text("// new")
    find = finders.find
    monkeypatch.setattr(finders, "find", lambda name: changed if name == "field/app.js" else find(name))
    visitor.cookies["yiwang_language"] = "en"
    assert kept(visitor)["version"] != version


def test_the_worker_may_serve_the_whole_face_and_is_asked_for_anew(visitor):
    answer = visitor.get("/field/sw.js")
    assert answer.headers["Service-Worker-Allowed"] == "/field"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.content.decode().startswith("import ")
    assert not visitor.get("/field/sw.js?plain").content.decode().startswith("import ")


def test_the_manifest_has_a_chinese_name_and_icons_of_the_size_it_says(visitor):
    visitor.cookies["yiwang_language"] = "zh-hans"
    body = visitor.get("/field/manifest.webmanifest").json()
    assert re.search("[\u4e00-\u9fff]", body["name"])
    assert body["scope"] == body["start_url"] == "/field"
    for one in body["icons"]:
        with Image.open(finders.find(one["src"].removeprefix(static("")))) as picture:
            assert "x".join(map(str, picture.size)) == one["sizes"]


def test_every_text_that_a_script_asks_for_is_there_and_none_is_left_over():
    known = set(texts())
    text = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.js"))
    asked = set(re.findall(r'\bt\("([a-z_]+)"', text))
    assert asked <= known, asked - known
    for key in known - asked:
        assert f'"{key}"' in text or re.match(r"(stage|state|photos|do)_", key), key


def test_the_scripts_are_small():
    scripts = [path.read_bytes() for path in SCRIPTS.glob("*.js")]
    assert sum(len(gzip.compress(one)) for one in scripts) < 60 * 1024
    assert max(len(one) for one in scripts) < 16 * 1024
