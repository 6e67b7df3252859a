"""What a file is, by its content: the name and what the sender says of it count for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid, Unsupported


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is taken. `pillow` is Pillow's name of the format, '' when it is no picture."""

    media_type: str
    suffix: str
    label: str
    pillow: str = ""


JPEG = FileKind("image/jpeg", ".jpg", "JPEG", "JPEG")
PNG = FileKind("image/png", ".png", "PNG", "PNG")
WEBP = FileKind("image/webp", ".webp", "WebP", "WEBP")
PDF = FileKind("application/pdf", ".pdf", "PDF")
KINDS = (JPEG, PNG, WEBP, PDF)
# Of drawings, where they are asked for. A DWG begins with its version, such as AC1032; nothing of it is opened here.
DWG = FileKind("image/vnd.dwg", ".dwg", "DWG")
SHOWN = frozenset(kind.media_type for kind in KINDS if kind.pillow)  # pictures that we wrote ourselves

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
# Files that people do send: naming them makes the refusal understandable.
_KNOWN_REFUSED = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"PK\3\4", "ZIP, Word, Excel"),
    (b"\xd0\xcf\x11\xe0", "Word, Excel (old)"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1aE\xdf\xa3", "WebM, Matroska"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML, SVG"),
    (b"<!DOCTYPE", "HTML"),
    (b"<html", "HTML"),
)


def kind_of(data: bytes, kinds: Sequence[FileKind] = KINDS) -> FileKind:
    """The kind of a file from its first and last bytes. Raises Unsupported for one that is not of `kinds`, Invalid for an
    empty or cut file."""
    found = _kind_of(data, kinds)
    if found not in kinds:
        raise Unsupported(
            _("%(what)s can't be taken. Send one of: %(kinds)s.")
            % {"what": _("A file of the kind %(kind)s") % {"kind": found.label}, "kinds": labels(kinds)}
        )
    return found


def _kind_of(data: bytes, kinds: Sequence[FileKind]) -> FileKind:
    if not data:
        raise Invalid(_("The file is empty."), code="empty_file")
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise Invalid(_("The PDF is cut off: its end is missing. Send it again."), code="broken_file")
        return PDF
    if data[:3] == b"AC1" and data[3:6].isdigit() and len(data) > 128:
        return DWG
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        raise Unsupported(
            _(
                "HEIC photos can't be taken. Send the photo as JPEG. "
                "On an iPhone: Settings, Camera, Formats, Most Compatible."
            ),
            code="heic",
        )
    raise Unsupported(
        _("%(what)s can't be taken. Send one of: %(kinds)s.") % {"what": _name(data), "kinds": labels(kinds)}
    )


def labels(kinds: Sequence[FileKind] = KINDS) -> str:
    return ", ".join(kind.label for kind in kinds)


def _name(data: bytes) -> str:
    for start, name in _KNOWN_REFUSED:
        if data.startswith(start):
            return _("A file of the kind %(kind)s") % {"kind": name}
    if data[4:8] == b"ftyp":
        return _("A video or picture of the kind %(kind)s") % {"kind": "MP4, MOV, AVIF"}
    return _("A file of an unknown kind")
