"""Makes the icons of the field app: `python yiwang/faces/field/make_icons.py`. Drawn, so that nothing is needed but Pillow."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).parent / "static" / "field"
BRAND, WHITE, SUN = "#0b4f8a", "#ffffff", "#ffd24d"
SMOOTH = 4  # drawn larger and made small, for clean edges


def icon(size: int, *, whole: bool) -> Image.Image:
    """The mark of `ui/mark.svg` with a pin. `whole`: colour to the edge, the mark within the inner 80 % (maskable)."""
    side = size * SMOOTH
    picture = Image.new("RGBA", (side, side), BRAND if whole else (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    if not whole:
        pen.rounded_rectangle((0, 0, side - 1, side - 1), radius=side * 7 // 32, fill=BRAND)
    unit, off = (side * 0.8 / 32, side * 0.1) if whole else (side / 32, 0.0)

    def at(x: float, y: float) -> tuple[float, float]:
        return off + x * unit, off + y * unit

    line = round(2 * unit)
    pen.line((at(6, 16), at(26, 16)), fill=WHITE, width=line)
    pen.line((at(16, 6), at(16, 26)), fill=WHITE, width=line)
    for centre, begin, end in ((0.4, 48, 132), (31.6, 228, 312)):
        left, top = at(16 - 11, centre - 11)
        right, bottom = at(16 + 11, centre + 11)
        pen.arc((left, top, right, bottom), begin, end, fill=WHITE, width=line)
    (left, top), (right, bottom) = at(12, 12), at(20, 20)
    pen.ellipse((left, top, right, bottom), fill=SUN)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    icon(192, whole=False).save(HERE / "icon-192.png", optimize=True)
    icon(512, whole=False).save(HERE / "icon-512.png", optimize=True)
    icon(512, whole=True).convert("RGB").save(HERE / "icon-maskable-512.png", optimize=True)


if __name__ == "__main__":
    main()
