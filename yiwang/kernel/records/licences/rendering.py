"""A licence drawn: a typst template, the fonts of a locked package, the same bytes every time."""

from __future__ import annotations

import io
import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import segno

TEMPLATE = Path(__file__).with_name("certificate.typ")
FONTS = "cvttf_NotoSansCJK_Regular"  # Noto Sans CJK, SIL Open Font License 1.1


def render(content: dict[str, Any], address: str) -> bytes:
    """The PDF of a licence's content with a code that leads to `address`. The same input gives the same bytes."""
    import typst

    data = json.dumps({**content, "qr": _code(address)}, ensure_ascii=False, sort_keys=True)
    return typst.compile(
        TEMPLATE,
        root=str(TEMPLATE.parent),
        font_paths=[str(fonts())],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
    )


@lru_cache(maxsize=1)
def fonts() -> Path:
    """The folder of the Chinese fonts. Raises RuntimeError when the package is not installed."""
    spec = find_spec(FONTS)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package cvttf-notosanscjk-regular is not installed: run make demo")
    return Path(next(iter(spec.submodule_search_locations)))


def _code(address: str) -> str:
    file = io.BytesIO()
    segno.make(address, error="m").save(file, kind="svg", border=2, xmldecl=False, svgns=True, nl=False)
    return file.getvalue().decode()
