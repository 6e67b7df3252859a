"""The moving holidays computed from the sky, by the rules of GB/T 33661-2017: a month begins on the day (UTC+8)
of the true new moon; the month with the winter solstice is the eleventh; of thirteen months from one eleventh
to the next, the first without a principal solar term is the leap month. New moons after Meeus, Astronomical
Algorithms, ch. 49; the sun's longitude after ch. 25 (within a quarter of an hour)."""

import math
from datetime import date, datetime, timedelta

# (coefficient in days, powers of the eccentricity factor, multiples of M, M', F)
_NEW_MOON = [
    (-0.40720, 0, 0, 1, 0), (0.17241, 1, 1, 0, 0), (0.01608, 0, 0, 2, 0), (0.01039, 0, 0, 0, 2),
    (0.00739, 1, -1, 1, 0), (-0.00514, 1, 1, 1, 0), (0.00208, 2, 2, 0, 0), (-0.00111, 0, 0, 1, -2),
    (-0.00057, 0, 0, 1, 2), (0.00056, 1, 1, 2, 0), (-0.00042, 0, 0, 3, 0), (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2), (-0.00024, 1, -1, 2, 0),
]  # fmt: skip
_YEAR = 365.2422


def moving_holidays(year: int) -> tuple[date, date, date, date]:
    """Spring Festival, Qingming, Dragon Boat, Mid-Autumn."""
    months = _months(year)
    return months[1], _beijing(_solar(year, 15)), months[5] + timedelta(4), months[8] + timedelta(14)


def _months(year: int) -> dict[int, date]:
    """The first day of each month from the eleventh before `year` to the tenth of it, leap months left out."""
    before, after = _beijing(_solar(year - 1, 270)), _beijing(_solar(year, 270))
    near = int((year - 2001) * 12.3685) + 9
    moons = [_beijing(_new_moon(number)) for number in range(near, near + 20)]
    first = max(n for n, moon in enumerate(moons) if moon <= before)
    last = max(n for n, moon in enumerate(moons) if moon <= after)
    terms = [before] + [_beijing(_solar(year, longitude % 360)) for longitude in range(300, 660, 30)]
    leap_to_come = last - first == 13
    found, month = {11: moons[first]}, 11
    for n in range(first + 1, last):
        if leap_to_come and not any(moons[n] <= term < moons[n + 1] for term in terms):
            leap_to_come = False
            continue
        month = month % 12 + 1
        found[month] = moons[n]
    return found


def _new_moon(number: int) -> float:
    t = number / 1236.85
    anomaly = math.radians(2.5534 + 29.10535670 * number)
    moon = math.radians(201.5643 + 385.81693528 * number + 0.0107582 * t * t)
    latitude = math.radians(160.7108 + 390.67050284 * number - 0.0016118 * t * t)
    factor = 1 - 0.002516 * t
    day = 2451550.09766 + 29.530588861 * number + 0.00015437 * t * t
    for size, power, a, b, c in _NEW_MOON:
        day += size * factor**power * math.sin(a * anomaly + b * moon + c * latitude)
    return day


def _solar(year: int, longitude: int) -> float:
    """When the sun reaches `longitude` in `year`."""
    day = 2451545 + (year - 2000) * _YEAR + (longitude - 280) % 360 / 360 * _YEAR
    for _ in range(10):
        day += ((longitude - _sun(day) + 180) % 360 - 180) / 360 * _YEAR
    return day


def _sun(day: float) -> float:
    t = (day - 2451545) / 36525
    m = math.radians(357.52911 + 35999.05029 * t)
    centre = (1.914602 - 0.004817 * t) * math.sin(m) + 0.019993 * math.sin(2 * m) + 0.000289 * math.sin(3 * m)
    node = math.radians(125.04 - 1934.136 * t)
    return (
        280.46646 + 36000.76983 * t + 0.0003032 * t * t + centre - 0.00569 - 0.00478 * math.sin(node)
    ) % 360


def _beijing(day: float) -> date:
    """The date at UTC+8; the earth's clock is 70 seconds behind the sky's."""
    return (datetime(2000, 1, 1, 12) + timedelta(days=day - 2451545, seconds=8 * 3600 - 70)).date()
