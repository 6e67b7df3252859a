"""The colours of the page as its style sheet gives them, and how well each text stands on its ground."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SHEET = Path(__file__).resolve().parents[1] / "static/ui/tokens.css"
THEMES = {"light": ":root", "dark": '[data-bs-theme="dark"]'}
TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2: 1.4.3 for text, 1.4.11 for what can be used
TONES = ("running", "soon", "overdue", "held", "done")
# (what stands there, on what, the least contrast)
PAIRS = (
    ("ink", "paper", TEXT),
    ("ink", "ground", TEXT),
    ("quiet", "paper", TEXT),
    ("quiet", "ground", TEXT),
    ("brand", "paper", TEXT),
    ("brand", "ground", TEXT),
    ("on", "brand", TEXT),
    *((tone, f"{tone}-tint", TEXT) for tone in TONES),
    *((tone, "paper", TEXT) for tone in TONES),
    *(("ink", f"{tone}-tint", TEXT) for tone in TONES),
    *(("on", tone, TEXT) for tone in TONES),
    ("edge", "paper", SHAPE),
    ("focus", "ground", SHAPE),
    ("focus", "paper", SHAPE),
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_TOKEN = re.compile(r"--yw-([a-z-]+):\s*(#[0-9a-fA-F]{3,6})\s*;")


@dataclass(frozen=True, slots=True)
class Pair:
    """One colour on another: the contrast in each theme, and the least that is needed."""

    front: str
    back: str
    light: float
    dark: float
    least: float

    @property
    def enough(self) -> bool:
        return min(self.light, self.dark) >= self.least


@lru_cache(maxsize=1)
def tokens() -> dict[str, dict[str, str]]:
    """Theme -> token (without --yw-) -> #rrggbb. The dark theme has what the light one gives and it does not change."""
    found: dict[str, dict[str, str]] = {theme: {} for theme in THEMES}
    sheet = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    for selectors, body in _RULE.findall(sheet.split("@media print")[0]):
        names = {name.strip() for name in selectors.split(",")}
        for theme, selector in THEMES.items():
            if selector in names:
                found[theme].update((name, _long(value)) for name, value in _TOKEN.findall(body))
    found["dark"] = found["light"] | found["dark"]
    return found


def pairs() -> list[Pair]:
    """Every text on every ground that the pages use."""
    light, dark = tokens()["light"], tokens()["dark"]
    return [
        Pair(front, back, contrast(light[front], light[back]), contrast(dark[front], dark[back]), least)
        for front, back, least in PAIRS
        if front in light and back in light
    ]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (#rrggbb), 1 to 21 (WCAG 2.2, relative luminance)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _long(colour: str) -> str:
    return "#" + "".join(c * 2 for c in colour[1:]) if len(colour) == 4 else colour.lower()
