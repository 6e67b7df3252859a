"""The package: a ZIP of plain, uncompressed files, written in one way only. Pure; verified without a database.

Last come `manifest.json` (the SHA-256 and size of every other file) and `signature.json` (of the manifest). There is
exactly one ZIP for given files: what is read is written again and compared, so a changed byte is found wherever it is,
in a file or between the files.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from yiwang.kernel.matters.case import event_hash
from yiwang.kernel.records import signing
from yiwang.kernel.records.licences.document import canonical
from yiwang.kernel.records.signing import Signature

MANIFEST, SIGNATURE, EVENTS, METADATA = "manifest.json", "signature.json", "events.json", "metadata.json"
FORMAT = "yiwang-archive-1"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_HEADER = struct.Struct("<4s5H3L2H")
_NAME = re.compile(r"[\w.()\-]+(/[\w.()\-]+)*")


@dataclass(frozen=True, slots=True)
class Fault:
    """`code`: no_package, changed, missing, added, between, bad_signature, unknown_key, chain; `file` where it is."""

    code: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    faults: tuple[Fault, ...]
    metadata: Mapping[str, Any] | None = None
    key: str = ""

    @property
    def good(self) -> bool:
        return not self.faults


def pack(files: Mapping[str, bytes]) -> bytes:
    """The signed package of `files` (path -> bytes)."""
    manifest = {
        "format": FORMAT,
        "files": {
            path: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for path, data in files.items()
        },
    }
    told = canonical(manifest)
    signature = canonical(signing.sign(told).as_dict())
    return _zipped({**dict(sorted(files.items())), MANIFEST: told, SIGNATURE: signature})


def _zipped(files: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for path, data in files.items():
            if not _NAME.fullmatch(path):
                raise ValueError(f"{path!r} is no path of a package")
            info = zipfile.ZipInfo(path, _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, data)
    return whole.getvalue()


def verify(data: bytes, keys: Mapping[str, bytes] | None = None) -> Verified:
    """What is wrong with a package, file by file. `keys`: the public keys that are trusted; None: any."""
    files = dict(_files(data))
    if MANIFEST not in files or SIGNATURE not in files:
        return Verified(
            (Fault("no_package"),)
            if not files
            else (Fault("missing", MANIFEST if MANIFEST not in files else SIGNATURE),)
        )
    faults, signature = list(_signature(files, keys)), _signed(files)
    listed = _listed(files[MANIFEST])
    for path, facts in listed.items():
        if path not in files:
            faults.append(Fault("missing", path))
        elif _facts(files[path]) != facts:
            faults.append(Fault("changed", path))
    faults += [
        Fault("added", path) for path in files if path not in listed and path not in (MANIFEST, SIGNATURE)
    ]
    if not faults:
        faults += list(_chain(files))
    if not faults and _again(files) != data:
        faults.append(Fault("between"))
    good = not faults
    metadata = (
        _json(files.get(METADATA, b"")) if good or not any(f.file == METADATA for f in faults) else None
    )
    return Verified(tuple(faults), metadata, signature.key if signature else "")


def _again(files: Mapping[str, bytes]) -> bytes | None:
    own = {path: data for path, data in files.items() if path not in (MANIFEST, SIGNATURE)}
    try:
        return _zipped({**dict(sorted(own.items())), MANIFEST: files[MANIFEST], SIGNATURE: files[SIGNATURE]})
    except ValueError:
        return None


def _files(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files in their order, as far as they can be read; the directory at the end is not trusted."""
    at = 0
    while data[at : at + 4] == b"PK\x03\x04" and at + _HEADER.size <= len(data):
        _sign, _need, _flags, _how, _time, _day, _crc, size, _whole, name, extra = _HEADER.unpack_from(
            data, at
        )
        begin = at + _HEADER.size + name + extra
        path = data[at + _HEADER.size : at + _HEADER.size + name].decode("utf-8", "replace")
        at = begin + size
        yield path, data[begin:at]


def _facts(data: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def _json(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None


def _listed(manifest: bytes) -> dict[str, Any]:
    found = _json(manifest)
    files = found.get("files") if isinstance(found, dict) else None
    return files if isinstance(files, dict) else {}


def _signed(files: Mapping[str, bytes]) -> Signature | None:
    try:
        return Signature.of_dict(_json(files[SIGNATURE]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _signature(files: Mapping[str, bytes], keys: Mapping[str, bytes] | None) -> Iterator[Fault]:
    signature = _signed(files)
    if signature is None:
        yield Fault("changed", SIGNATURE)
        return
    try:
        held = signature.holds(files[MANIFEST]) and canonical(signature.as_dict()) == files[SIGNATURE]
    except Exception:  # noqa: BLE001 - an algorithm that is not known here
        held = False
    if not held:
        yield Fault("bad_signature", MANIFEST)
    if keys is not None and keys.get(signature.key) != signature.public:
        yield Fault("unknown_key", SIGNATURE)


def _chain(files: Mapping[str, bytes]) -> Iterator[Fault]:
    """The events follow one another, and end where the metadata says."""
    metadata, events = _json(files.get(METADATA, b"")), _json(files.get(EVENTS, b""))
    try:
        previous, matter = "", UUID(metadata["id"])
        for place, event in enumerate(events, start=1):
            said = event_hash(
                previous, matter, place, datetime.fromisoformat(event["at"]), event["action"], event["actor"],
                event["actor_name"], event["body"],
            )  # fmt: skip
            if event["seq"] != place or event["prev"] != previous or event["hash"] != said:
                yield Fault("chain", f"{EVENTS}#{place}")
                return
            previous = said
        if previous != metadata["head"]:
            yield Fault("chain", f"{EVENTS}#{len(events)}")
    except (KeyError, TypeError, ValueError):
        yield Fault("chain", EVENTS)
