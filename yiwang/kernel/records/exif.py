"""Where and when a photo was taken, read from its EXIF block before the block is thrown away.

The block comes from a stranger, so a reader of our own takes the few tags that are wanted, each under a bound;
a general one unpacks whatever the block claims to hold (measured: 4 s and 300 MB for one 10 MB file). Whatever is
impossible or unreadable counts as not given. Format: TIFF 6.0 section 2, Exif 2.32 (JEITA CP-3451).
"""

from __future__ import annotations

import datetime as dt
import math
import re
import struct
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PIL.ExifTags import GPS, IFD, Base

from yiwang.core.geo import Point

DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")  # of a camera that wrote no offset
LONGEST_BLOCK = 1 << 20
_MOST_ENTRIES = 1000
_MOST_VALUES = 100
_MOMENT = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_EARLIEST_YEAR = 2000  # a camera whose clock was never set says 1970 or 1980
_SYSTEMS = {"": "WGS84", "WGS84": "WGS84", "CGCS2000": "CGCS2000", "GCJ02": "GCJ02"}
_SIZES = {2: 1, 3: 2, 4: 4, 5: 8}  # ASCII, SHORT, LONG, RATIONAL: bytes of one value

Value = str | tuple[int, ...] | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """When (with time zone) and where (WGS 84) a photo was taken, None if not known; how the camera was held (1–8)."""

    at: dt.datetime | None = None
    point: Point | None = None
    orientation: int = 1


def read_taken(block: bytes) -> Taken:
    """What an EXIF block, with or without its "Exif" prefix, says. Never raises."""
    data = block[:LONGEST_BLOCK].removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        return Taken()
    first = _directory(data, order, _start(data, order), (Base.Orientation, IFD.Exif, IFD.GPSInfo))
    shot = _directory(data, order, first.get(IFD.Exif), (Base.DateTimeOriginal, Base.OffsetTimeOriginal))
    place = _directory(
        data,
        order,
        first.get(IFD.GPSInfo),
        (GPS.GPSLatitudeRef, GPS.GPSLatitude, GPS.GPSLongitudeRef, GPS.GPSLongitude, GPS.GPSMapDatum),
    )
    held = first.get(Base.Orientation)
    upright = held[0] if isinstance(held, tuple) and len(held) == 1 and held[0] in range(1, 9) else 1
    return Taken(_moment(shot), _point(place), upright)


def _start(data: bytes, order: str) -> tuple[int, ...] | None:
    return struct.unpack_from(order + "I", data, 4) if len(data) >= 8 else None


def _directory(data: bytes, order: str, start: Value | None, wanted: tuple[int, ...]) -> dict[int, Value]:
    """The wanted tags of the directory at `start`."""
    found: dict[int, Value] = {}
    if not isinstance(start, tuple) or len(start) != 1 or not isinstance(start[0], int):
        return found
    try:
        (count,) = struct.unpack_from(order + "H", data, start[0])
        for n in range(min(count, _MOST_ENTRIES)):
            at = start[0] + 2 + 12 * n
            tag, kind, values = struct.unpack_from(order + "HHI", data, at)
            if tag not in wanted or kind not in _SIZES or not 0 < values <= _MOST_VALUES:
                continue
            size = _SIZES[kind] * values
            where = at + 8 if size <= 4 else struct.unpack_from(order + "I", data, at + 8)[0]
            raw = data[where : where + size]
            if len(raw) == size:
                found.setdefault(tag, _value(raw, order, kind, values))
    except struct.error:  # the block ends early: what was read so far holds
        pass
    return found


def _value(raw: bytes, order: str, kind: int, count: int) -> Value:
    if kind == 2:
        return raw.split(b"\0")[0].decode("ascii", "replace").strip()
    if kind != 5:
        return struct.unpack(f"{order}{count}{'H' if kind == 3 else 'I'}", raw)
    pairs = struct.unpack(f"{order}{2 * count}I", raw)
    return tuple(
        above / below if below else math.nan for above, below in zip(pairs[::2], pairs[1::2], strict=True)
    )


def _text(value: Value | None) -> str:
    return value if isinstance(value, str) else ""


def _moment(tags: dict[int, Value]) -> dt.datetime | None:
    found = _MOMENT.fullmatch(_text(tags.get(Base.DateTimeOriginal)))
    if not found:
        return None
    try:
        moment = dt.datetime(*map(int, found.groups()), tzinfo=DEFAULT_ZONE)
        offset = _OFFSET.fullmatch(_text(tags.get(Base.OffsetTimeOriginal)))
        if offset:
            sign, hours, minutes = offset.groups()
            ahead = dt.timedelta(hours=int(hours), minutes=int(minutes))
            moment = moment.replace(tzinfo=dt.timezone(-ahead if sign == "-" else ahead))
    except ValueError:
        return None
    # Not before cameras knew their place, and not where a change of zone would leave the calendar.
    return moment if _EARLIEST_YEAR <= moment.year < 9999 else None


def _point(tags: dict[int, Value]) -> Point | None:
    system = _SYSTEMS.get(re.sub(r"[^A-Z0-9]", "", _text(tags.get(GPS.GPSMapDatum)).upper()))
    lat = _degrees(tags.get(GPS.GPSLatitude), _text(tags.get(GPS.GPSLatitudeRef)), "N", "S")
    lon = _degrees(tags.get(GPS.GPSLongitude), _text(tags.get(GPS.GPSLongitudeRef)), "E", "W")
    if system is None or lat is None or lon is None or not (abs(lat) <= 90 and abs(lon) <= 180):
        return None
    if lat == 0 and lon == 0:  # what a camera writes that has found no satellite yet
        return None
    return Point(lon, lat, system).wgs84


def _degrees(parts: Value | None, ref: str, positive: str, negative: str) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3 or ref.upper() not in (positive, negative):
        return None
    degrees, minutes, seconds = parts
    # 60 itself comes from cameras that round 59.9999 up.
    if not all(math.isfinite(v) for v in parts) or minutes > 60 or seconds > 60:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if ref.upper() == negative else value
