"""Where learnt models lie: `models/` in the data folder, one a standard, each named by its SHA-256.

`classify.json` says which are in force. It is replaced as a whole after the models are written, so a reader
never sees half of a training; a file that is not what it should be is left aside with a line in the log.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

from yiwang.domains.operations.classify import model as files
from yiwang.domains.operations.classify.model import Model

FRESH_SECONDS = 5.0
log = logging.getLogger(__name__)
_lock = threading.Lock()
_kept: tuple[Mapping[str, Model], tuple, float] = ({}, (), float("-inf"))  # models, stamp, when looked


def folder() -> Path:
    return Path(settings.HOME) / "models"


def models() -> Mapping[str, Model]:
    """The models in force by standard; a new training is seen within `FRESH_SECONDS`."""
    global _kept
    known, stamp, looked = _kept
    if time.monotonic() - looked <= FRESH_SECONDS:
        return known
    with _lock:
        known, stamp, looked = _kept
        if time.monotonic() - looked > FRESH_SECONDS:
            new = _stamp()
            if new != stamp:
                known = _load()
            _kept = (known, new, time.monotonic())
        return known


def entries() -> dict[str, dict]:
    """What `classify.json` says: by standard {file, sha256, lessons, trained_at, last_lesson}."""
    try:
        found = json.loads((folder() / "classify.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as wrong:
        log.error("classify.json cannot be read: %s; train again with: yiwang reports train", wrong)
        return {}
    return found if isinstance(found, dict) else {}


def put(trained: Mapping[str, tuple[Model, int]], now: datetime) -> dict[str, dict]:
    """Puts models (with the id of the last lesson each saw) in force in place of all there were."""
    folder().mkdir(parents=True, exist_ok=True)
    new = {}
    for standard, (model, last_lesson) in trained.items():
        data, digest = files.dump(model)
        name = f"classify-{digest[:16]}.npz"
        _write(folder() / name, data)
        new[standard] = {
            "file": name,
            "sha256": digest,
            "lessons": model.lessons,
            "classes": len(model.classes),
            "trained_at": now.isoformat(timespec="seconds"),
            "last_lesson": last_lesson,
        }
    _write(folder() / "classify.json", json.dumps(new, ensure_ascii=False, indent=1).encode())
    for old in folder().glob("classify-*.npz"):
        if old.name not in {entry["file"] for entry in new.values()}:
            old.unlink(missing_ok=True)
    forget()
    return new


def forget() -> None:
    """Looks at the folder anew at the next question."""
    global _kept
    _kept = ({}, (), float("-inf"))


def _stamp() -> tuple:
    try:
        found = (folder() / "classify.json").stat()
    except FileNotFoundError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _load() -> dict[str, Model]:
    loaded = {}
    for standard, entry in entries().items():
        try:
            path = folder() / Path(entry["file"]).name
            loaded[standard] = files.load(path.read_bytes(), entry["sha256"])
        except (OSError, ValueError, KeyError, TypeError) as wrong:
            log.error(
                "the classifier of %s is left aside: %s; train again with: yiwang reports train",
                standard,
                wrong,
            )
    return loaded


def _write(path: Path, data: bytes) -> None:
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    with passing.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(passing, path)
