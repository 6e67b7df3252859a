"""Points with their coordinate system, and the way between the systems used in China.

GCJ-02 (obfuscated, on Amap and Tencent maps) and BD-09 (Baidu, on top of it) have no published definition; the
formulas are the ones the open-source world re-derived and agrees on (eviltransform, coordtransform). The inverse has
no closed form and is iterated until it moves less than a millimetre.
"""

import math
from typing import Literal, NamedTuple, get_args

import numpy as np

from .errors import N_, GeoError

System = Literal["WGS84", "CGCS2000", "GCJ02", "BD09"]
SYSTEMS: tuple[str, ...] = get_args(System)

EARTH_RADIUS_M = (
    6_371_008.8  # mean radius of GRS 80; the sphere for all distances here, within 0.5 % of the ellipsoid
)

_AXIS = 6_378_245.0  # Krasovsky 1940, on which GCJ-02 is built
_ECCENTRICITY2 = 0.00669342162296594323
_BD = math.pi * 3000.0 / 180.0
_ROUNDS = 30  # the inverse closes in by a factor of about 1,000 a round; the rest is reserve
_CLOSE_DEG = 1e-9  # 0.1 mm


class _Fields(NamedTuple):
    lon: float
    lat: float
    system: System = "WGS84"


class Point(_Fields):
    """A position in degrees, never without its system.

    Raises GeoError: system, number, range, swapped (latitude and longitude in the wrong order).
    """

    __slots__ = ()

    def __new__(cls, lon: float, lat: float, system: System = "WGS84") -> "Point":
        if system not in SYSTEMS:
            raise GeoError(
                "system",
                N_("%(system)s is no coordinate system known here; use one of %(known)s"),
                {"system": system, "known": ", ".join(SYSTEMS)},
            )
        try:
            lon, lat = float(lon), float(lat)
        except (TypeError, ValueError):
            lon = math.nan
        if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):
            raise _bad_position(lon, lat)
        return super().__new__(cls, lon, lat, system)

    def to(self, system: System) -> "Point":
        """The same place in another system. CGCS2000 and WGS 84 differ by centimetres and are taken as equal."""
        if system == self.system:
            return self
        lon, lat = _convert(self.lon, self.lat, self.system, system, math)
        return Point(lon, lat, system)

    @property
    def wgs84(self) -> "Point":
        return self.to("WGS84")


def _bad_position(lon: object, lat: object) -> GeoError:
    params = {"lon": lon, "lat": lat}
    if not all(isinstance(v, float) and math.isfinite(v) for v in (lon, lat)):
        return GeoError("number", N_("longitude and latitude must be numbers, in degrees"), params)
    if -90.0 <= lon <= 90.0 and -180.0 <= lat <= 180.0:
        return GeoError(
            "swapped",
            N_("latitude %(lat)s is impossible; longitude and latitude seem to be swapped"),
            params,
        )
    return GeoError(
        "range",
        N_("longitude %(lon)s, latitude %(lat)s is no place on earth; give degrees"),
        params,
    )


def convert(lons, lats, source: System, target: System) -> tuple[np.ndarray, np.ndarray]:
    """`Point.to` for arrays: longitudes and latitudes in degrees, float64, in the shape of the input."""
    for system in (source, target):
        if system not in SYSTEMS:
            Point(0, 0, system)
    lons, lats = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
    return _convert(lons, lats, source, target, np)


# Below, `m` is the module of the functions: math for one point, numpy for arrays. One formula serves both.


def _convert(lon, lat, source, target, m):
    offset = {"GCJ02", "BD09"}
    if source == target or not ({source, target} & offset):
        return lon, lat
    if source == "BD09":
        lon, lat = _inverse(_gcj_to_bd, lon, lat, m)
    if target not in offset:
        return _inverse(_wgs_to_gcj, lon, lat, m)
    if source not in offset:
        lon, lat = _wgs_to_gcj(lon, lat, m)
    return _gcj_to_bd(lon, lat, m) if target == "BD09" else (lon, lat)


def _inside_china(lon, lat):
    return (lon > 72.004) & (lon < 137.8347) & (lat > 0.8293) & (lat < 55.8271)


def _wgs_to_gcj(lon, lat, m):
    x, y = lon - 105.0, lat - 35.0
    root = m.sqrt(m.fabs(x))
    ripple = (20.0 * m.sin(6.0 * x * math.pi) + 20.0 * m.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += (20.0 * m.sin(y * math.pi) + 40.0 * m.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * m.sin(y / 12.0 * math.pi) + 320.0 * m.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += (20.0 * m.sin(x * math.pi) + 40.0 * m.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * m.sin(x / 12.0 * math.pi) + 300.0 * m.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    phi = lat / 180.0 * math.pi
    w = 1 - _ECCENTRICITY2 * m.sin(phi) ** 2
    d_lat = north * 180.0 / ((_AXIS * (1 - _ECCENTRICITY2)) / (w * m.sqrt(w)) * math.pi)
    d_lon = east * 180.0 / (_AXIS / m.sqrt(w) * m.cos(phi) * math.pi)
    # Outside China the offset is switched off. Multiplying keeps one formula for numbers and arrays.
    on = _inside_china(lon, lat)
    return lon + d_lon * on, lat + d_lat * on


def _gcj_to_bd(lon, lat, m):
    z = m.sqrt(lon * lon + lat * lat) + 0.00002 * m.sin(lat * _BD)
    theta = m.atan2(lat, lon) + 0.000003 * m.cos(lon * _BD)
    return z * m.cos(theta) + 0.0065, z * m.sin(theta) + 0.006


def _inverse(forward, lon, lat, m):
    """The position that `forward` takes to (lon, lat), by fixed-point iteration."""
    guess_lon, guess_lat = lon, lat
    for _ in range(_ROUNDS):
        there_lon, there_lat = forward(guess_lon, guess_lat, m)
        miss_lon, miss_lat = lon - there_lon, lat - there_lat
        guess_lon, guess_lat = guess_lon + miss_lon, guess_lat + miss_lat
        miss = abs(miss_lon) + abs(miss_lat)
        if (miss if m is math else np.max(miss, initial=0.0)) < _CLOSE_DEG:
            break
    return guess_lon, guess_lat


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine on the mean sphere); the points may be in different systems."""
    a, b = a.wgs84, b.wgs84
    phi_a, phi_b = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((phi_b - phi_a) / 2) ** 2
    half += math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


class Bbox(NamedTuple):
    south: float
    west: float
    north: float
    east: float


def bbox(point: Point, radius_m: float) -> Bbox:
    """The box of WGS 84 degrees that holds every point within `radius_m`: what an index on (lat, lon) is asked for.

    Raises GeoError (range) when the circle reaches over a pole. Not for circles across the 180th meridian.
    """
    lon, lat, _ = point.wgs84
    d_lat = math.degrees(radius_m / EARTH_RADIUS_M)
    # A circle is widest a little poleward of its centre: asin, not plain division by cos.
    reach = math.sin(radius_m / EARTH_RADIUS_M) / math.cos(math.radians(lat))
    if abs(lat) + d_lat >= 90:
        raise GeoError(
            "range", N_("a circle of %(radius)s m there reaches over the pole"), {"radius": radius_m}
        )
    d_lon = math.degrees(math.asin(reach))
    return Bbox(lat - d_lat, lon - d_lon, lat + d_lat, lon + d_lon)
