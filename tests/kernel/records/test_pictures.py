"""What becomes of a photo: its place and time are read, then only its pixels are kept."""

import datetime as dt
import io
import math
import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from yiwang.kernel.errors import Invalid, TooLarge
from yiwang.kernel.records.attachments import Limits, check
from yiwang.kernel.records.exif import read_taken

LIMITS = Limits()
# pytest shows warnings that the server leaves out.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")
GPS, BASE = ExifTags.GPS, ExifTags.Base


def picture(size=(60, 40), mode="RGB", colour="red", format="JPEG", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, format, **options)
    return out.getvalue()


def photo(gps=None, exif=None, orientation=None, size=(60, 40), **options) -> bytes:
    block = Image.Exif()
    if orientation:
        block[BASE.Orientation] = orientation
    block[BASE.Make] = "SECRET-CAMERA"
    block.get_ifd(ExifTags.IFD.Exif).update(exif or {})
    block.get_ifd(ExifTags.IFD.GPSInfo).update(gps or {})
    return picture(size=size, exif=block, **options)


def gps(lat, lon):
    def parts(value):
        value = abs(value)
        minutes = (value - int(value)) * 60
        return (float(int(value)), float(int(minutes)), (minutes - int(minutes)) * 60)

    return {
        GPS.GPSLatitude: parts(lat),
        GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
        GPS.GPSLongitude: parts(lon),
        GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
    }


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_place_and_time_of_a_photo_are_read_and_then_gone():
    sent = photo(
        gps(41.805, 123.469),
        {BASE.DateTimeOriginal: "2026:09:24 09:30:00", BASE.OffsetTimeOriginal: "+08:00"},
        comment=b"SECRET-COMMENT",
    )
    assert b"SECRET" in sent
    checked = check(sent, "IMG_1.jpg", LIMITS)
    assert checked.point.lat == pytest.approx(41.805, abs=1e-5)
    assert checked.point.lon == pytest.approx(123.469, abs=1e-5)
    assert checked.point.system == "WGS84"
    assert checked.taken_at.isoformat() == "2026-09-24T09:30:00+08:00"
    for kept in (checked.data, checked.thumb):
        assert b"SECRET" not in kept
        assert b"Exif" not in kept
        assert not opened(kept).getexif()


def test_a_camera_without_an_offset_is_taken_to_be_in_china():
    checked = check(photo(exif={BASE.DateTimeOriginal: "2026:09:24 23:59:59"}), "a.jpg", LIMITS)
    assert checked.taken_at.isoformat() == "2026-09-24T23:59:59+08:00"
    abroad = {BASE.DateTimeOriginal: "2026:09:24 02:00:00", BASE.OffsetTimeOriginal: "-03:30"}
    assert check(photo(exif=abroad), "a.jpg", LIMITS).taken_at.isoformat() == "2026-09-24T02:00:00-03:30"


def test_south_and_west_are_negative():
    point = check(photo(gps(-33.5, -70.25)), "a.jpg", LIMITS).point
    assert (point.lat, point.lon) == (pytest.approx(-33.5, abs=1e-5), pytest.approx(-70.25, abs=1e-5))


def test_a_position_in_the_chinese_map_system_is_brought_back():
    point = check(photo(gps(41.8073, 123.4745) | {GPS.GPSMapDatum: "GCJ-02"}), "a.jpg", LIMITS).point
    moved = math.hypot((point.lat - 41.8073) * 111_000, (point.lon - 123.4745) * 83_000)
    assert 300 < moved < 900


@pytest.mark.parametrize(
    "block",
    [
        gps(0, 0),
        {GPS.GPSLatitude: (41.0, 48.0, 18.0), GPS.GPSLatitudeRef: "N"},
        gps(41.8, 123.4) | {GPS.GPSLatitudeRef: "X"},
        gps(41.8, 123.4) | {GPS.GPSLatitude: (41.0, 99.0, 0.0)},
        gps(41.8, 123.4) | {GPS.GPSLatitude: (141.0, 0.0, 0.0)},
        gps(41.8, 123.4) | {GPS.GPSLatitude: 41.8},
        gps(41.8, 123.4) | {GPS.GPSMapDatum: "TOKYO"},
    ],
)
def test_an_impossible_position_is_no_position_and_the_photo_is_still_taken(block):
    assert check(photo(block), "a.jpg", LIMITS).point is None


@pytest.mark.parametrize(
    "text",
    [
        "0000:00:00 00:00:00",
        "2026:13:40 25:61:61",
        "1980:01:01 00:00:00",
        "2026-09-24 10:00:00",
        "",
        "x" * 900,
    ],
)
def test_an_impossible_time_is_no_time(text):
    assert check(photo(exif={BASE.DateTimeOriginal: text}), "a.jpg", LIMITS).taken_at is None


def with_block(block: bytes, format: str = "JPEG") -> bytes:
    """A good picture with any bytes as its EXIF block."""
    if format == "JPEG":
        whole = picture()
        body = b"Exif\0\0" + block
        return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + whole[2:]
    return picture(format=format, exif=b"Exif\0\0" + block)


ENTRY = st.tuples(
    st.sampled_from([0x0112, 0x8769, 0x8825, 0x9003, 0x9011, 1, 2, 3, 4, 0x12]) | st.integers(0, 0xFFFF),
    st.integers(0, 13),
    st.sampled_from([0, 1, 2, 3, 20, 100]) | st.integers(0, 2**32 - 1),
    st.sampled_from([0, 8, 26, 100]) | st.integers(0, 2**32 - 1),
)
BLOCKS = st.builds(
    lambda order, start, count, entries, rest: (
        {"<": b"II*\0", ">": b"MM\0*"}[order]
        + struct.pack(order + "IH", start, count)
        + b"".join(struct.pack(order + "HHII", *entry) for entry in entries)
        + rest
    ),
    st.sampled_from("<>"),
    st.just(8) | st.integers(0, 2**32 - 1),
    st.integers(0, 12) | st.just(0xFFFF),
    st.lists(ENTRY, max_size=12),
    st.binary(max_size=200),
)


@settings(max_examples=300, deadline=None)
@given(BLOCKS | st.binary(max_size=200))
def test_no_exif_block_is_more_than_a_moment_and_a_place(block):
    taken = read_taken(block)
    assert taken.at is None or taken.at.utcoffset() is not None
    assert taken.point is None or (abs(taken.point.lat) <= 90 and abs(taken.point.lon) <= 180)
    assert taken.orientation in range(1, 9)


@settings(max_examples=40, deadline=None)
@given(BLOCKS, st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_no_exif_block_keeps_a_good_picture_out(block, format):
    checked = check(with_block(block, format), "a", LIMITS)
    assert sorted((checked.width, checked.height)) == [40, 60]


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_place_and_time_are_read_from_every_format(format):
    checked = check(
        photo(gps(41.8, 123.4), {BASE.DateTimeOriginal: "2026:09:24 09:30:00"}, 6, format=format), "a", LIMITS
    )
    assert checked.point.lat == pytest.approx(41.8, abs=1e-5)
    assert checked.taken_at.hour == 9
    assert (checked.width, checked.height) == (40, 60)
    assert b"SECRET" not in checked.data


def test_a_block_of_millions_of_numbers_costs_nothing():
    """One tag of ten megabytes, two directories that are each other, sixty thousand tags."""
    start = 8 + 2 + 24 + 4
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", 2)
    block += struct.pack("<HHII", 0x8825, 4, 1, start) + struct.pack("<HHII", 0x8769, 4, 1, 8) + b"\0\0\0\0"
    block += (
        struct.pack("<H", 60_000) + struct.pack("<HHII", 2, 5, 1_000_000, start) * 60_000 + b"\1" * 9_000_000
    )
    tracemalloc.start()
    assert read_taken(block) == read_taken(b"")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_picture_is_taken_or_refused_never_a_crash(data):
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))
    raw = bytearray(picture(format=kind))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(12, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        checked = check(bytes(raw), "a", LIMITS)
    except (Invalid, TooLarge):
        return
    opened(checked.data)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_held_sideways_stands_upright(orientation):
    # A red corner at the top left of the upright picture, stored as the camera was held.
    upright = Image.new("RGB", (64, 32), "white")
    upright.paste("red", (0, 0, 16, 16))
    back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = upright if back is None else upright.transpose(back)
    block = Image.Exif()
    block[BASE.Orientation] = orientation
    out = io.BytesIO()
    stored.save(out, "JPEG", exif=block, quality=95)
    checked = check(out.getvalue(), "a.jpg", LIMITS)
    assert (checked.width, checked.height) == (64, 32)
    red, green, _blue = opened(checked.data).getpixel((4, 4))
    assert red > 200 > 80 > green


def test_a_large_photo_is_made_smaller_and_gets_a_small_picture():
    checked = check(picture((6000, 3000)), "a.jpg", LIMITS)
    assert (checked.width, checked.height) == (4096, 2048)
    assert opened(checked.data).size == (4096, 2048)
    assert opened(checked.thumb).size == (480, 240)
    assert opened(checked.thumb).format == "JPEG"


def test_a_small_picture_is_not_blown_up():
    checked = check(picture((60, 40)), "a.jpg", LIMITS)
    assert opened(checked.thumb).size == (60, 40)


@pytest.mark.parametrize(
    ("mode", "format", "colour"),
    [
        ("RGB", "JPEG", "red"),
        ("L", "JPEG", 128),
        ("CMYK", "JPEG", (0, 255, 255, 0)),
        ("RGB", "PNG", "red"),
        ("RGBA", "PNG", (255, 0, 0, 128)),
        ("P", "PNG", 3),
        ("1", "PNG", 1),
        ("L", "PNG", 128),
        ("LA", "PNG", (128, 10)),
        ("I;16", "PNG", 40000),
        ("RGB", "WEBP", "red"),
        ("RGBA", "WEBP", (255, 0, 0, 128)),
    ],
)
@pytest.mark.parametrize("size", [(50, 30), (4200, 20)])
def test_every_sort_of_picture_that_the_formats_hold_is_taken(mode, format, colour, size):
    checked = check(picture(size, mode, colour, format), "a", LIMITS)
    assert opened(checked.data).format == format
    assert opened(checked.data).size == (checked.width, checked.height)
    assert opened(checked.thumb)


def test_sixteen_bit_grey_keeps_its_brightness():
    checked = check(picture(mode="I;16", colour=32768, format="PNG"), "a.png", LIMITS)
    assert opened(checked.data).getpixel((1, 1)) == pytest.approx(128, abs=1)


def test_a_clear_picture_stays_clear_and_its_small_one_is_on_white():
    checked = check(picture(mode="RGBA", colour=(0, 0, 0, 0), format="PNG"), "a.png", LIMITS)
    assert opened(checked.data).getpixel((1, 1))[3] == 0
    assert min(opened(checked.thumb).getpixel((1, 1))) > 250


def test_a_picture_that_would_grow_over_the_limit_becomes_a_jpeg():
    noise = Image.effect_noise((400, 400), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "WEBP", quality=30)
    small = out.getvalue()
    checked = check(small, "a.webp", Limits(max_bytes=len(small)))
    assert (checked.media_type, checked.name) == ("image/jpeg", "a.jpg")


def test_of_a_moving_picture_the_first_moment_is_kept():
    frames = [Image.new("RGB", (20, 20), c) for c in ("red", "blue")]
    for format in ("PNG", "WEBP"):
        out = io.BytesIO()
        frames[0].save(out, format, save_all=True, append_images=frames[1:])
        kept = opened(check(out.getvalue(), "a", LIMITS).data)
        assert getattr(kept, "n_frames", 1) == 1


# Attacks


def png_of(width, height, *chunks) -> bytes:
    """A PNG with the given header whose pixels are `chunks`."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunk(*c) for c in chunks) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8001, 12_000, 40_000, 2**31 - 1])
def test_a_small_file_that_unfolds_to_a_huge_picture_is_refused_from_its_header(side):
    with pytest.raises((TooLarge, Invalid)) as refused:
        check(png_of(side, side, (b"IDAT", zlib.compress(b"\0" * 1000))), "a.png", LIMITS)
    if side < 2**31 - 1:
        assert refused.value.code == "too_many_pixels"


def test_a_text_chunk_that_unfolds_to_a_gigabyte_is_refused_or_dropped():
    bomb = zlib.compress(b"A" * 200_000_000, 9)
    data = png_of(
        1,
        1,
        (b"zTXt", b"k\0\0" + bomb),
        (b"iCCP", b"k\0\0" + bomb),
        (b"IDAT", zlib.compress(b"\0\1\2\3")),
    )
    try:
        assert len(check(data, "a.png", LIMITS).data) < 500
    except Invalid as refused:
        assert refused.code == "broken_file"


def test_a_jpeg_of_thousands_of_scans_is_refused_before_it_is_decoded():
    whole = picture((64, 64), progressive=True)
    scan = whole.rindex(b"\xff\xda")
    many = whole[:-2] + whole[scan:-2] * 2000 + whole[-2:]
    with pytest.raises(Invalid) as refused:
        check(many, "a.jpg", LIMITS)
    assert refused.value.code == "broken_file"


def test_an_ordinary_progressive_photo_is_taken():
    assert check(picture((640, 480), progressive=True), "a.jpg", LIMITS).width == 640


def test_a_phones_photo_with_its_film_behind_it_is_taken():
    whole = picture((640, 480), progressive=True)
    assert check(whole + b"\0\0\0\x18ftypmp42" + b"\xff\xda\0\0" * 5000, "a.jpg", LIMITS).width == 640


def test_what_hides_behind_a_picture_is_gone():
    page = b"<html><script>alert(1)</script></html>"
    archive = b"PK\x03\x04 payload " + page
    for format in ("JPEG", "PNG"):
        kept = check(picture(format=format) + archive, "a.html", LIMITS)
        assert b"script" not in kept.data + kept.thumb
        assert b"PK\x03\x04" not in kept.data
        assert not kept.name.endswith("html")


def test_half_a_photo_is_refused():
    whole = picture((800, 600), colour="green")
    with pytest.raises(Invalid) as refused:
        check(whole[: len(whole) // 2], "a.jpg", LIMITS)
    assert refused.value.code == "broken_file"


def test_a_picture_is_read_only_as_what_its_first_bytes_say():
    """A WebP in a PNG's clothes does not reach another decoder."""
    with pytest.raises(Invalid):
        check(b"\x89PNG\r\n\x1a\n" + picture(format="WEBP"), "a.png", LIMITS)


def test_the_same_photo_gives_the_same_bytes():
    sent = photo(gps(41.8, 123.4), {BASE.DateTimeOriginal: "2026:09:24 09:30:00"})
    first, second = check(sent, "a.jpg", LIMITS), check(sent, "b.jpg", LIMITS)
    assert first.sha256 == second.sha256
    assert first.taken_at.tzinfo is not None
    assert isinstance(first.taken_at, dt.datetime)
