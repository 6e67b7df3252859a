"""The store of bytes: a file is named by its SHA-256, so the same bytes lie there once and tell when they rot.

A file is written under a passing name, forced to the disk and renamed before its row is written: a process
killed at any moment leaves at most a file that no row names, which the sweep takes away.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from yiwang.kernel.errors import NotFound

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PASSING = ".part-"


def path_of(digest: str) -> Path:
    """Where the bytes with this SHA-256 lie. Raises ValueError for anything that is not one."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not a SHA-256")
    return Path(settings.FILES_DIR) / digest[:2] / digest[2:4] / digest


def put(data: bytes) -> str:
    """Stores the bytes for good before it returns, and gives their SHA-256."""
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    try:
        # A new time keeps the sweep away from a file whose row is about to be written.
        os.utime(path)
        if path.stat().st_size == len(data):
            return digest
    except FileNotFoundError:
        pass
    _make_folder(path.parent)
    passing = path.with_name(f"{_PASSING}{uuid.uuid4().hex}")
    try:
        with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(passing, path)
    finally:
        passing.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return digest


def open_bytes(digest: str) -> BinaryIO:
    """The stored bytes, opened for reading. Raises NotFound when they are not there."""
    try:
        return path_of(digest).open("rb")
    except (FileNotFoundError, ValueError):
        raise NotFound(
            _(
                "The file is not in the store. Restore it from the backup; `yiwang files check` lists what is missing."
            ),
            code="file_missing",
        ) from None


def fault(digest: str) -> str:
    """'' when the bytes are there and right, else missing or changed."""
    try:
        with path_of(digest).open("rb") as file:
            return "" if hashlib.file_digest(file, "sha256").hexdigest() == digest else "changed"
    except (FileNotFoundError, ValueError):
        return "missing"


def walk(start: str = "") -> Iterator[Path]:
    """Every file in the store, finished or not; with `start` those whose folder begins with this hex digit."""
    root = Path(settings.FILES_DIR)
    yield from (path for path in root.glob(f"{start or '?'}?/??/*") if path.is_file())


def sweep(named: Callable[[str], set[str]], *, older_than_s: float, dry_run: bool = False) -> list[str]:
    """Takes away files that no row names and that nobody touched for `older_than_s` seconds; gives their names.

    `named(digit)` gives the digests with a row that begin with a hex digit: a sixteenth of all is held at a time.
    """
    limit = time.time() - older_than_s
    gone = []
    for digit in "0123456789abcdef":
        old = [path for path in walk(digit) if path.stat().st_mtime < limit]
        kept = named(digit) if old else set()
        gone += [path.name for path in old if path.name not in kept and (dry_run or _remove(path, limit))]
    return gone


def _remove(path: Path, limit: float) -> bool:
    """Removes the file unless `put` touched it meanwhile: moved aside first, so that `put` then writes it anew."""
    aside = path.with_name(f"{_PASSING}{uuid.uuid4().hex}")
    try:
        os.rename(path, aside)
    except FileNotFoundError:
        return False
    if aside.stat().st_mtime >= limit:
        os.replace(aside, path)  # the same bytes as any that were written there meanwhile
        return False
    aside.unlink()
    return True


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    for made in (folder.parent, folder.parent.parent):
        _sync_folder(made)


def _sync_folder(folder: Path) -> None:
    # A rename is only safe from a power cut once its folder is on the disk.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
