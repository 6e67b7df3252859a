"""A flat map in metres around one place, so that plane geometry can answer in metres."""

import math

import numpy as np
import shapely

from .points import EARTH_RADIUS_M, Point


class Plane:
    """Equirectangular map on the mean sphere around a centre: x east, y north, metres.

    True at the centre's latitude; 10 km north or south of it, east-west lengths are off by about 0.15 %.
    """

    def __init__(self, lon: float, lat: float):
        self.lon, self.lat = lon, lat
        self.metres_per_lat = math.radians(1) * EARTH_RADIUS_M
        self.metres_per_lon = self.metres_per_lat * math.cos(math.radians(lat))

    @classmethod
    def around(cls, geometries) -> "Plane":
        """The plane whose centre is the middle of the geometries (WGS 84)."""
        west, south, east, north = shapely.total_bounds(geometries)
        return cls(float(west + east) / 2, float(south + north) / 2)

    def xy(self, lon, lat):
        return (lon - self.lon) * self.metres_per_lon, (lat - self.lat) * self.metres_per_lat

    def lonlat(self, x, y):
        return self.lon + x / self.metres_per_lon, self.lat + y / self.metres_per_lat

    def flat(self, geometries):
        """Shapely geometries of degrees in metres."""
        return shapely.transform(geometries, lambda c: np.column_stack(self.xy(c[:, 0], c[:, 1])))

    def round(self, geometries):
        """Shapely geometries of metres in degrees."""
        return shapely.transform(geometries, lambda c: np.column_stack(self.lonlat(c[:, 0], c[:, 1])))

    def point(self, x: float, y: float) -> Point:
        lon, lat = self.lonlat(x, y)
        return Point(float(lon), float(lat))
