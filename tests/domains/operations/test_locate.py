"""Where a report is: the point, else the photo, else the words; what is not certain goes to a person."""

import io

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD

from yiwang.core.geo import Match, Point
from yiwang.domains.operations.locate import by_words, locate
from yiwang.kernel.errors import Invalid
from yiwang.kernel.registers import queries as registers


def degrees(value: float) -> tuple[float, float, float]:
    whole, rest = divmod(value, 1)
    minutes, seconds = divmod(rest * 60, 1)
    return whole, minutes, seconds * 60


def photo_taken_at(point: Point) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N",
            GPS.GPSLatitude: degrees(point.lat),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLongitude: degrees(point.lon),
        }
    )
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (30, 200, 30)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_point_on_another_map_system_is_converted_and_stored_as_cgcs2000(submit, inside):
    shown_on_amap = Point(inside.lon, inside.lat, "WGS84").to("GCJ02")
    row = submit(point=shown_on_amap).matter
    assert row.system == "CGCS2000" and row.area_id == "210104002009"
    assert abs(row.lat - inside.lat) < 1e-5 and abs(row.lon - inside.lon) < 1e-5


def test_without_a_point_the_photo_says_where(submit, inside):
    got = submit(point=None, files=[("a.jpg", photo_taken_at(inside))])
    assert got.report.located_by == "photo" and got.matter.area_id == "210104002009"


def test_a_photo_taken_elsewhere_only_loses_its_say(submit):
    elsewhere = photo_taken_at(Point(116.4, 39.9, "WGS84"))
    got = submit(point=None, address="华炉社区3号楼", files=[("a.jpg", elsewhere)])
    assert got.report.located_by == "address" and got.matter.area_id == "210104002009"
    assert got.matter.lat is None


def test_an_address_that_names_one_community_is_enough(dadong):
    found = locate(address="大东区大北街道华炉社区3号楼")
    assert (found.area, found.by, found.needs_person) == ("210104002009", "address", False)


def test_an_address_that_names_only_a_sub_district_goes_to_a_person(dadong):
    found = locate(address="大北街道某个路口")
    assert (found.area, found.needs_person) == ("210104002", True)


def test_names_of_one_sub_district_leave_at_least_the_sub_district():
    matches = [Match("210104002009", 0.5, ()), Match("210104002013", 0.45, ())]
    found = by_words(matches)
    assert (found.area, found.needs_person, found.matches) == ("210104002", True, tuple(matches))
    apart = by_words([Match("210104002009", 0.5, ()), Match("210104003001", 0.45, ())])
    assert (apart.area, apart.by, apart.needs_person) == (None, "", True)


def test_nothing_known_is_not_located(dadong):
    assert locate(address="某地", text="不知道在哪里").area is None


def test_a_point_just_outside_is_taken_as_far_as_the_districts_tolerance_goes(dadong, inside):
    within, outside = inside.lat, inside.lat - 0.5
    while within - outside > 1e-6:  # down to the southern boundary
        middle = (within + outside) / 2
        if registers.locate(Point(inside.lon, middle)):
            within = middle
        else:
            outside = middle
    metre = 1 / 111_200
    near = Point(inside.lon, outside - 0.3 * dadong.settings["outside_tolerance_m"] * metre)
    found = locate(near)
    assert found.area == dadong.district and found.by == "point"
    with pytest.raises(Invalid) as refused:
        locate(Point(inside.lon, inside.lat - 0.5))
    assert refused.value.extra["distance_m"] > 10_000


def test_two_senders_of_one_report_at_the_same_moment_get_the_same_answer(submit, monkeypatch):
    from django.db import connection
    from uuid_utils.compat import uuid7

    from yiwang.domains.operations import actions

    if connection.vendor != "sqlite":
        pytest.skip("inside the tests' own transaction PostgreSQL gives no second chance")
    key, really = uuid7(), actions._already
    first = submit(id=key)
    looks = []

    def too_early(*args):
        looks.append(1)
        return None if len(looks) == 1 else really(*args)

    monkeypatch.setattr(actions, "_already", too_early)
    again = submit(id=key)
    assert (again.created, again.secret, again.matter.number) == (False, first.secret, first.matter.number)
