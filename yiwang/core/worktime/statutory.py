"""Statutory holidays, for the years whose notice is not published  # 法定节假日

Source: 全国年节及纪念日放假办法 (Regulation on Public Holidays for National Annual Festivals and Memorial
Days), as amended from 2014-01-01 (11 days) and from 2025-01-01 (13 days: New Year's Eve and May 2 were added).
Holidays of a part of the citizens (women, youth, children, soldiers) do not stop an office's clock.
"""

from datetime import date, timedelta

# Spring Festival (month 1 day 1), Qingming (solar term at 15°), Dragon Boat (month 5 day 5) and Mid-Autumn
# (month 8 day 15) as MM-DD. Derived by the rules of GB/T 33661-2017 (the lunar calendar: true new moons and
# true solar terms at UTC+8; month 11 holds the winter solstice). tests/core/worktime/lunar.py computes them anew.
_MOVING = {
    2014: ("01-31", "04-05", "06-02", "09-08"),
    2015: ("02-19", "04-05", "06-20", "09-27"),
    2016: ("02-08", "04-04", "06-09", "09-15"),
    2017: ("01-28", "04-04", "05-30", "10-04"),
    2018: ("02-16", "04-05", "06-18", "09-24"),
    2019: ("02-05", "04-05", "06-07", "09-13"),
    2020: ("01-25", "04-04", "06-25", "10-01"),
    2021: ("02-12", "04-04", "06-14", "09-21"),
    2022: ("02-01", "04-05", "06-03", "09-10"),
    2023: ("01-22", "04-05", "06-22", "09-29"),
    2024: ("02-10", "04-04", "06-10", "09-17"),
    2025: ("01-29", "04-04", "05-31", "10-06"),
    2026: ("02-17", "04-05", "06-19", "09-25"),
    2027: ("02-06", "04-05", "06-09", "09-15"),
    2028: ("01-26", "04-04", "05-28", "10-03"),
    2029: ("02-13", "04-04", "06-16", "09-22"),
    2030: ("02-03", "04-05", "06-05", "09-12"),
    2031: ("01-23", "04-05", "06-24", "10-01"),
    2032: ("02-11", "04-04", "06-12", "09-19"),
    2033: ("01-31", "04-04", "06-01", "09-08"),
    2034: ("02-19", "04-05", "06-20", "09-27"),
    2035: ("02-08", "04-05", "06-10", "09-16"),
    2036: ("01-28", "04-04", "05-30", "10-04"),
    2037: ("02-15", "04-04", "06-18", "09-24"),
    2038: ("02-04", "04-05", "06-07", "09-13"),
    2039: ("01-24", "04-05", "05-27", "10-02"),
    2040: ("02-12", "04-04", "06-14", "09-20"),
    2041: ("02-01", "04-04", "06-03", "09-10"),
    2042: ("01-22", "04-04", "06-22", "09-28"),
    2043: ("02-10", "04-05", "06-11", "09-17"),
    2044: ("01-30", "04-04", "05-31", "10-05"),
    2045: ("02-17", "04-04", "06-19", "09-25"),
    2046: ("02-06", "04-04", "06-08", "09-15"),
    2047: ("01-26", "04-05", "05-29", "10-04"),
    2048: ("02-14", "04-04", "06-15", "09-22"),
    2049: ("02-02", "04-04", "06-04", "09-11"),
    2050: ("01-23", "04-04", "06-23", "09-30"),
    2051: ("02-11", "04-05", "06-13", "09-19"),
    2052: ("02-01", "04-04", "06-01", "09-07"),
    2053: ("02-19", "04-04", "06-20", "09-26"),
    2054: ("02-08", "04-04", "06-10", "09-16"),
    2055: ("01-28", "04-05", "05-30", "10-05"),
    2056: ("02-15", "04-04", "06-17", "09-24"),
    2057: ("02-04", "04-04", "06-06", "09-13"),
    2058: ("01-24", "04-04", "06-25", "10-02"),
    2059: ("02-12", "04-05", "06-14", "09-21"),
    2060: ("02-02", "04-04", "06-03", "09-09"),
}
FIRST_YEAR, LAST_YEAR = min(_MOVING), max(_MOVING)
_THIRTEEN_DAYS_SINCE = 2025


def statutory_holidays(year: int) -> dict[date, str]:
    """The days off by law in `year` and their names, without transferred rest days (调休) and without the
    days given in lieu of holidays that fall on a weekend: only the yearly notice fixes those.

    KeyError outside FIRST_YEAR..LAST_YEAR.
    """
    spring, qingming, dragon_boat, mid_autumn = (
        date.fromisoformat(f"{year}-{text}") for text in _MOVING[year]
    )
    longer = year >= _THIRTEEN_DAYS_SINCE
    festivals = [
        ("元旦", date(year, 1, 1), 1),
        ("春节", spring - timedelta(1) if longer else spring, 4 if longer else 3),
        ("清明节", qingming, 1),
        ("劳动节", date(year, 5, 1), 2 if longer else 1),
        ("端午节", dragon_boat, 1),
        ("国庆节", date(year, 10, 1), 3),
        ("中秋节", mid_autumn, 1),
    ]
    found: dict[date, str] = {}
    for name, first, count in festivals:
        for day in (first + timedelta(n) for n in range(count)):
            found[day] = f"{found[day]}、{name}" if day in found else name
    return found
