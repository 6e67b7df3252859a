"""A file name that is safe to show, to store and to offer for download."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
_SEPARATORS = re.compile(r"[/\\:]")
_FORBIDDEN = re.compile(r'[<>"|?*;%]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


def clean_name(name: str, suffix: str, default: str = "file") -> str:
    """The last part of `name` with the suffix of what the file really is; `default` when nothing is left of it.

    Folders, control and direction-changing characters, leading dots and Windows device names go.
    """
    text = unicodedata.normalize("NFC", name[-1000:])
    text = _SEPARATORS.split(text)[-1]
    # Categories C…: control, format (right-to-left override hides the true suffix), surrogate, private use.
    text = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    text = " ".join(_FORBIDDEN.sub("", text).split()).strip(". ")
    stem, dot, ending = text.rpartition(".")
    if dot and re.fullmatch(r"[A-Za-z0-9]{1,5}", ending):
        text = stem.strip(". ")
    text = text[: LONGEST - len(suffix)].strip(". ")
    if not text or _DEVICE.match(text):
        text = f"{default}-{text}" if text else default
    return text + suffix
