"""Where and when a photo was taken, read from its EXIF block before the block is thrown away.

The block comes from a stranger: whatever is impossible or unreadable counts as not given.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from yiwang.core.geo import Point

DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")  # of a camera that wrote no offset
_MOMENT = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")
_EARLIEST_YEAR = 2000  # a camera whose clock was never set says 1970 or 1980
_SYSTEMS = {"": "WGS84", "WGS84": "WGS84", "CGCS2000": "CGCS2000", "GCJ02": "GCJ02"}


@dataclass(frozen=True, slots=True)
class Taken:
    """When (with time zone) and where (WGS 84) a photo was taken; None is not known."""

    at: dt.datetime | None = None
    point: Point | None = None


def read_taken(picture: Image.Image) -> Taken:
    """Reads the EXIF block of an opened picture. Never raises: a broken block says nothing."""
    try:
        block = picture.getexif()
        return Taken(_moment(block.get_ifd(IFD.Exif)), _point(block.get_ifd(IFD.GPSInfo)))
    except Exception:  # the parser meets hostile bytes; the photo itself may still be good
        return Taken()


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\0 ") if isinstance(value, str) else ""


def _moment(block: dict) -> dt.datetime | None:
    found = _MOMENT.fullmatch(_text(block.get(Base.DateTimeOriginal)))
    if not found:
        return None
    try:
        moment = dt.datetime(*map(int, found.groups()), tzinfo=DEFAULT_ZONE)
        offset = _OFFSET.fullmatch(_text(block.get(Base.OffsetTimeOriginal)))
        if offset:
            sign, hours, minutes = offset.groups()
            ahead = dt.timedelta(hours=int(hours), minutes=int(minutes))
            moment = moment.replace(tzinfo=dt.timezone(-ahead if sign == "-" else ahead))
    except ValueError:
        return None
    return moment if moment.year >= _EARLIEST_YEAR else None


def _point(block: dict) -> Point | None:
    system = _SYSTEMS.get(re.sub(r"[^A-Z0-9]", "", _text(block.get(GPS.GPSMapDatum)).upper()))
    lat = _degrees(block.get(GPS.GPSLatitude), _text(block.get(GPS.GPSLatitudeRef)), "N", "S")
    lon = _degrees(block.get(GPS.GPSLongitude), _text(block.get(GPS.GPSLongitudeRef)), "E", "W")
    if system is None or lat is None or lon is None or not (abs(lat) <= 90 and abs(lon) <= 180):
        return None
    if lat == 0 and lon == 0:  # what a camera writes that has found no satellite yet
        return None
    return Point(lon, lat, system).wgs84


def _degrees(parts: object, ref: str, positive: str, negative: str) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3 or ref.upper() not in (positive, negative):
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    if (
        not all(math.isfinite(v) and v >= 0 for v in (degrees, minutes, seconds))
        or minutes >= 60
        or seconds >= 60
    ):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if ref.upper() == negative else value
