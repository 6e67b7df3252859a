"""The vendored browser assets: made from npm packages by name and version, checked against a lock file.

`static/vendor/` is generated. To change a version or add a file, edit `vendor.lock.json` and run
`yiwang vendor make --update`; everybody else only ever runs `yiwang vendor verify`.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from yiwang.kernel.errors import Problem

HERE = Path(__file__).resolve().parent
LOCK = HERE / "vendor.lock.json"
FOLDER = HERE / "static" / "vendor"
COMPRESSED = (".css", ".js", ".mjs", ".svg")

MIT = """The MIT License (MIT)

{notice}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of
the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
IN THE SOFTWARE.
"""


class VendorProblem(Problem):
    """The vendored folder, the lock file or a package is not what it should be."""

    status, code = 500, "vendored_assets"


def integrity(data: bytes) -> str:
    """The digest in the form of npm and of subresource integrity."""
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


def read_lock(lock: Path = LOCK) -> dict:
    return json.loads(lock.read_text(encoding="utf-8"))


def verify(folder: Path = FOLDER, lock: dict | None = None) -> list[str]:
    """What differs between the folder and the lock, one sentence each; empty when nothing does."""
    lock = lock or read_lock()
    found = []
    wanted = {name: digest for package in lock["packages"] for name, digest in package["files"].items()}
    for name, digest in sorted(wanted.items()):
        file = folder / name
        if not file.is_file():
            found.append(f"{name} is missing: run yiwang vendor make")
        elif integrity(file.read_bytes()) != digest:
            found.append(f"{name} was changed: run yiwang vendor make")
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = file.relative_to(folder).as_posix()
        base = name.removesuffix(".gz")
        if base not in wanted:
            found.append(f"{name} is not in the lock file: delete it, or add it to vendor.lock.json")
        elif name.endswith(".gz") and gzip.decompress(file.read_bytes()) != (folder / base).read_bytes():
            found.append(f"{name} is not the compressed form of {base}: run yiwang vendor make")
    return found


def make(folder: Path = FOLDER, lock: Path = LOCK, *, update: bool, report: Callable[[str], None]) -> None:
    """Make the folder again from its packages.

    Without `update` every package and file must be the one of the lock; VendorProblem says which is not.
    With it, the lock is written anew from what was found.
    """
    content = read_lock(lock)
    with tempfile.TemporaryDirectory() as temporary:
        new = Path(temporary) / "vendor"
        for package in content["packages"]:
            report(f"{package['name']} {package['version']}")
            archive = fetch(package["name"], package["version"], Path(temporary))
            expect(
                package, "integrity", integrity(archive), update, f"{package['name']} {package['version']}"
            )
            made = dict(produce(package, archive))
            for name, data in made.items():
                target = new / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(target.read_bytes() + data if target.exists() else data)
            package.setdefault("files", {})
            if update:
                package["files"] = dict.fromkeys(made, "")
        if update:
            for package in content["packages"]:
                package["files"] = {n: integrity((new / n).read_bytes()) for n in package["files"]}
            lock.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        compress(new)
        wrong = verify(new, content)
        if wrong:
            raise VendorProblem("The packages do not give the files of the lock. " + " ".join(wrong))
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(new, folder)


def expect(entry: dict, key: str, found: str, update: bool, what: str) -> None:
    """Refuse a package that is not the locked one, or lock it."""
    if update:
        entry[key] = found
    elif entry.get(key) != found:
        raise VendorProblem(
            f"{what}: the package has the digest {found}, the lock says {entry.get(key)}. "
            "It is not the package that was checked; do not use it."
        )


def fetch(name: str, version: str, folder: Path) -> bytes:
    """The package as npm publishes it, from whatever registry this machine's npm is set to."""
    npm = shutil.which("npm")
    if not npm:
        raise VendorProblem("npm is not installed. It is needed only to make the vendored assets again.")
    done = subprocess.run(  # noqa: S603 - name and version come from our own lock file
        [npm, "pack", f"{name}@{version}", "--json", "--ignore-scripts"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise VendorProblem(f"npm could not fetch {name} {version}: {done.stderr.strip()[-500:]}")
    answer = json.loads(done.stdout)
    entry = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
    file = folder / entry["filename"].replace("@", "").replace("/", "-")
    data = file.read_bytes()
    file.unlink()
    return data


def produce(package: dict, archive: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of the vendored folder that this package gives, as (name, content)."""
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:

        def member(name: str) -> bytes:
            try:
                handle = tar.extractfile(f"package/{name}")
            except KeyError:
                handle = None
            if handle is None:
                raise VendorProblem(f"{package['name']} {package['version']} has no file {name}.")
            return handle.read()

        for source, target in package.get("take", {}).items():
            yield target, without_source_map(target, member(source))
        if "sprite" in package:
            yield package["sprite"]["file"], sprite(package["sprite"]["icons"], member)
        if "notice" in package:
            yield package["notice_file"], MIT.format(notice=package["notice"]).encode()
        if "append_licence" in package:
            title = f"\n{'-' * 100}\n{package['name']} {package['version']} ({package['licence']})\n\n"
            text = package.get("licence_text") or member(package["licence_file"]).decode()
            yield package["append_licence"], (title + text.strip() + "\n").encode()


def without_source_map(name: str, data: bytes) -> bytes:
    """A file without the line that points to a source map that is not shipped."""
    if not name.endswith((".js", ".mjs", ".css")):
        return data
    text = re.sub(
        r"\n?(//[#@] sourceMappingURL=\S+|/\*[#@] sourceMappingURL=[^*]*\*/)\s*$", "\n", data.decode()
    )
    return text.encode()


def sprite(icons: list[str], member: Callable[[str], bytes]) -> bytes:
    """One SVG file with a symbol for each icon; `filled/star` becomes the symbol `star-filled`."""
    symbols = []
    for icon in sorted(icons):
        style, _, name = icon.rpartition("/")
        text = member(f"icons/{style or 'outline'}/{name}.svg").decode()
        inner = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
        shapes = " ".join(inner.group(1).split()) if inner else ""
        shapes = shapes.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" /> ', "")
        paint = (
            'fill="currentColor"'
            if style == "filled"
            else 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        )
        identity = f"{name}-filled" if style == "filled" else name
        symbols.append(f'<symbol id="{identity}" viewBox="0 0 24 24" {paint}>{shapes}</symbol>')
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Tabler icons, MIT licence, see LICENSE beside -->\n'
    )
    return (head + "\n".join(symbols) + "\n</svg>\n").encode()


def compress(folder: Path) -> None:
    """Put the gzip form beside each text asset, so that the server sends that; same bytes each time."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in COMPRESSED:
            data = gzip.compress(file.read_bytes(), 9, mtime=0)
            file.with_name(file.name + ".gz").write_bytes(data)
