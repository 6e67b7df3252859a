"""Drawn scenes in place of photos: a road, a house, the trouble, and the same place mended."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw

SIZE = (960, 720)
_SKY = ((176, 205, 228), (198, 208, 214), (150, 170, 190))
_WALL = ((196, 170, 140), (170, 120, 100), (205, 200, 190), (140, 150, 160))


class Photos:
    """The pictures of one problem: `before` and `after` show the same place."""

    def __init__(self, slug: str, seed: int) -> None:
        self.slug, self.seed = slug, seed

    def before(self) -> bytes:
        return self._jpeg(mended=False)

    def after(self) -> bytes:
        return self._jpeg(mended=True)

    def _jpeg(self, mended: bool) -> bytes:
        rng = Random(self.seed)
        picture = Image.new("RGB", SIZE, rng.choice(_SKY))
        draw = ImageDraw.Draw(picture)
        _street(draw, rng)
        trouble = _TROUBLES.get(self.slug[:5], _rubbish)
        trouble(draw, Random(self.seed + 1), mended)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=70)
        return out.getvalue()


def _street(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    left = 0
    while left < SIZE[0]:
        width, height = rng.randint(120, 260), rng.randint(160, 330)
        draw.rectangle((left, 400 - height, left + width, 400), fill=rng.choice(_WALL))
        for row in range(400 - height + 25, 370, 55):
            for column in range(left + 18, left + width - 30, 48):
                draw.rectangle((column, row, column + 22, row + 30), fill=(90, 110, 130))
        left += width + 4
    draw.rectangle((0, 400, SIZE[0], 470), fill=(190, 184, 174))  # pavement
    for edge in range(0, SIZE[0], 40):
        draw.line((edge, 400, edge - 18, 470), fill=(170, 164, 154), width=2)
    draw.rectangle((0, 470, SIZE[0], SIZE[1]), fill=(92, 94, 98))  # road
    for dash in range(20, SIZE[0], 150):
        draw.rectangle((dash, 590, dash + 80, 600), fill=(230, 230, 225))


def _rubbish(draw: ImageDraw.ImageDraw, rng: Random, mended: bool) -> None:
    if mended:
        draw.rectangle((400, 395, 620, 470), fill=(196, 192, 184))
        return
    for _bag in range(28):
        x, y, r = rng.randint(380, 620), rng.randint(390, 465), rng.randint(14, 34)
        colour = rng.choice(((30, 30, 34), (220, 220, 225), (120, 90, 60), (60, 110, 70)))
        draw.ellipse((x - r, y - r * 0.8, x + r, y + r * 0.8), fill=colour)


def _pothole(draw: ImageDraw.ImageDraw, rng: Random, mended: bool) -> None:
    if mended:
        draw.rectangle((360, 520, 590, 640), fill=(70, 71, 74))
        return
    draw.ellipse((370, 525, 585, 635), fill=(52, 48, 44))
    for _crack in range(14):
        x, y = rng.randint(330, 620), rng.randint(500, 660)
        draw.line((478, 580, x, y), fill=(60, 58, 55), width=3)


def _lamp(draw: ImageDraw.ImageDraw, rng: Random, mended: bool) -> None:
    draw.rectangle((0, 0, *SIZE), fill=(18, 22, 38))
    draw.rectangle((0, 470, *SIZE), fill=(30, 31, 35))
    for x in range(140, 900, 240):
        draw.rectangle((x, 150, x + 10, 480), fill=(60, 62, 68))
        lit = mended or x != 380
        if lit:
            draw.polygon(((x + 5, 160), (x - 90, 480), (x + 100, 480)), fill=(94, 86, 58))
        draw.ellipse((x - 18, 135, x + 28, 165), fill=(255, 236, 170) if lit else (44, 46, 52))


def _cars(draw: ImageDraw.ImageDraw, rng: Random, mended: bool) -> None:
    for x in () if mended else range(150, 800, 215):
        colour = rng.choice(((235, 235, 238), (40, 44, 52), (150, 30, 34), (60, 80, 120)))
        draw.rounded_rectangle((x, 390, x + 190, 455), 18, fill=colour)
        draw.rounded_rectangle((x + 35, 355, x + 150, 400), 14, fill=(70, 84, 96))
        for wheel in (x + 25, x + 130):
            draw.ellipse((wheel, 435, wheel + 36, 471), fill=(20, 20, 22))


def _cover(draw: ImageDraw.ImageDraw, rng: Random, mended: bool) -> None:
    draw.ellipse((400, 540, 560, 620), fill=(120, 118, 114) if mended else (12, 12, 14))
    draw.ellipse((400, 540, 560, 620), outline=(60, 60, 62), width=8)
    if mended:
        for row in range(555, 610, 12):
            draw.line((425, row, 535, row), fill=(96, 94, 90), width=3)


def _snow(draw: ImageDraw.ImageDraw, rng: Random, mended: bool) -> None:
    draw.rectangle((0, 395, SIZE[0], 470), fill=(236, 240, 245))
    if not mended:
        draw.rectangle((0, 470, *SIZE), fill=(222, 228, 234))


_TROUBLES = {
    "06013": _pothole,
    "01037": _lamp,
    "09009": _cars,
    "09012": _cars,
    "01001": _cover,
    "01002": _cover,
    "01003": _cover,
    "01004": _cover,
    "10001": _snow,
}
