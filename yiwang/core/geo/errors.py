"""What can be wrong with a place."""

from collections.abc import Mapping


def N_(message: str) -> str:
    return message


class GeoError(ValueError):
    """A position or geometry that can't be used.

    code: the cause as a short stable word; reason: an English sentence with ``%(name)s`` placeholders;
    params: their values.
    """

    def __init__(self, code: str, reason: str, params: Mapping[str, object] | None = None):
        self.code = code
        self.reason = reason
        self.params = dict(params or {})
        super().__init__(reason % self.params)

    def __reduce__(self):
        return type(self), (self.code, self.reason, self.params)


class OutsideArea(GeoError):
    """A point outside the outline it must lie in; `distance_m` tells by how much."""

    def __init__(self, area_name: str, distance_m: float):
        self.area_name = area_name
        self.distance_m = distance_m
        super().__init__(
            "outside",
            N_("the point is outside %(area)s, %(distance)s from its boundary"),
            {"area": area_name, "distance": readable_distance(distance_m)},
        )

    def __reduce__(self):
        return type(self), (self.area_name, self.distance_m)


def readable_distance(metres: float) -> str:
    if metres < 1000:
        return f"{max(1, round(metres))} m"
    return f"{metres / 1000:.1f} km"
