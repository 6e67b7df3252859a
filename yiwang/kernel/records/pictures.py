"""A picture from a stranger becomes a picture of ours: decoded under limits, turned upright, written anew."""

from __future__ import annotations

import io
import re
import threading
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image

from yiwang.kernel.errors import Invalid, TooLarge
from yiwang.kernel.records.exif import Taken, read_taken
from yiwang.kernel.records.kinds import JPEG, PNG, WEBP, FileKind

LONGEST_SIDE = 4096
THUMB_SIDE = 480
JPEG_QUALITY = 85
THUMB_QUALITY = 80
MAX_PIXELS = 64_000_000  # above what phones send; one decoded picture stays under 260 MB
# A progressive JPEG has about ten scans. Each one costs a pass over the whole picture, and thousands fit in a small file.
MAX_SCANS = 64
_MARKER = re.compile(
    rb"\xff[^\x00\xd0-\xd7\xff]"
)  # neither an escaped byte of the picture, nor a restart, nor filler
# How to turn a picture upright, by EXIF orientation.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A hostile block makes Pillow warn once for each of its entries: up to 65,000 lines of log for one upload.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.TiffImagePlugin")
# Two at a time: many small files that unfold to the pixel limit must not take the memory of the whole server.
_decoding = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes
    kind: FileKind
    width: int
    height: int
    thumb: bytes  # JPEG, at most THUMB_SIDE on its longer side
    taken: Taken


def remake(data: bytes, kind: FileKind, *, max_bytes: int, max_pixels: int = MAX_PIXELS) -> Picture:
    """The picture without anything but its pixels. A PNG or WebP that would grow over `max_bytes` becomes a JPEG.

    Raises TooLarge for too many pixels, known from the header before any is decoded, and Invalid when it is broken.
    """
    if kind is JPEG and _scans(data) > MAX_SCANS:
        raise _broken()
    with _decoding:
        try:
            return _remake(data, kind, max_bytes, max_pixels)
        except (TooLarge, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise error if isinstance(error, TooLarge) else _too_many_pixels(None, max_pixels) from None
        except Exception:  # noqa: BLE001 - a decoder fed with hostile bytes raises nearly anything
            raise Invalid(
                _("The picture is broken or not complete. Take it again or send another one."),
                code="broken_file",
            ) from None


def _remake(data: bytes, kind: FileKind, max_bytes: int, max_pixels: int) -> Picture:
    with Image.open(io.BytesIO(data), formats=[kind.pillow]) as opened:
        if opened.width * opened.height > max_pixels:
            raise _too_many_pixels(opened.width * opened.height, max_pixels)
        # A large JPEG is decoded at half or a quarter of its size: less time, a fraction of the memory.
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        opened.load()
        block = opened.info.get("exif")  # of a PNG it may stand behind the pixels
        taken = read_taken(block if isinstance(block, bytes) else b"")
        turn = _TURNS.get(taken.orientation)
        picture = _plain(opened if turn is None else opened.transpose(turn), kind)
    picture.info = {}  # colour profile, comments, text chunks
    out, out_kind = _written(picture, kind), kind
    if kind is not JPEG and len(out) > max_bytes:
        out, out_kind = _written(_on_white(picture), JPEG), JPEG
    thumb = _on_white(picture)
    thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Picture(
        data=out,
        kind=out_kind,
        width=picture.width,
        height=picture.height,
        thumb=_written(thumb, JPEG, THUMB_QUALITY),
        taken=taken,
    )


def _scans(data: bytes) -> int:
    """The number of scans of a JPEG, counted up to MAX_SCANS + 1; what follows its end (a phone's film) is not read."""
    scans, at = 0, 2
    while scans <= MAX_SCANS and (found := _MARKER.search(data, at)):
        marker, at = data[found.start() + 1], found.end()
        if marker == 0xD9:  # end of image
            break
        scans += marker == 0xDA
        if marker not in (0x01, 0xD8):  # the two that have no length
            at += max(2, int.from_bytes(data[at : at + 2]))
    return scans


def _plain(picture: Image.Image, kind: FileKind) -> Image.Image:
    """In a mode that the format can hold: grey, colour, or colour with transparency."""
    if picture.mode.startswith(("I", "F")):  # 16 bits and more: to 8, not cut off at 255
        picture = picture.convert("I").point(lambda v: v * (1 / 256)).convert("L")
    clear = kind is not JPEG and (
        picture.mode in ("LA", "PA", "RGBA", "RGBa", "La") or "transparency" in picture.info
    )
    wanted = "RGBA" if clear else "L" if picture.mode in ("1", "L") and kind is not WEBP else "RGB"
    return picture.copy() if picture.mode == wanted else picture.convert(wanted)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.copy()
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _written(picture: Image.Image, kind: FileKind, quality: int = JPEG_QUALITY) -> bytes:
    out = io.BytesIO()
    options = {
        JPEG: {"quality": quality},
        PNG: {"compress_level": 6},
        WEBP: {"quality": quality, "method": 3},
    }[kind]
    picture.save(out, kind.pillow, **options)
    return out.getvalue()


def _broken() -> Invalid:
    return Invalid(
        _("The picture is broken or not complete. Take it again or send another one."), code="broken_file"
    )


def _too_many_pixels(pixels: int | None, most: int) -> TooLarge:
    if pixels is None:
        text = _("The picture has too many pixels; at most %(most)d million are taken. Send a smaller one.")
        return TooLarge(text % {"most": most // 1_000_000}, code="too_many_pixels")
    text = _(
        "The picture has %(pixels)d million pixels; at most %(most)d million are taken. Send a smaller one."
    )
    return TooLarge(
        text % {"pixels": -(-pixels // 1_000_000), "most": most // 1_000_000}, code="too_many_pixels"
    )
