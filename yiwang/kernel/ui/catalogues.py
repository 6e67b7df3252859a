"""The catalogue of texts: collected from the source, kept as a PO file, compiled for the server, checked.

English is the source, so it needs no catalogue; Simplified Chinese must be complete. Needs no Django, so that a
test run can compile before settings load.
"""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[2]
CONFIG = PACKAGE.parent / "babel.cfg"
LOCALE = PACKAGE / "locale"
TEMPLATE = LOCALE / "django.pot"
TRANSLATIONS = {"zh_Hans": LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# A date in the header would make every extraction a change.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def new(locale: str | None = None) -> Catalog:
    """An empty catalogue with our header."""
    return Catalog(
        locale=locale,
        header_comment="# Texts of Yiwang. Made by `yiwang language extract`; edit only the msgstr lines.",
        project="Yiwang",
        version="1",
        copyright_holder="Yiwang contributors",
        msgid_bugs_address="-",
        last_translator="Yiwang contributors",
        language_team="Yiwang contributors",
        charset="utf-8",
        creation_date=NO_DATE,
        revision_date=NO_DATE,
        fuzzy=False,
    )


def methods(config: Path = CONFIG) -> tuple[list, dict]:
    """The extraction methods and their options, from babel.cfg."""
    from babel.messages.frontend import parse_mapping_cfg

    with config.open(encoding="utf-8") as handle:
        return parse_mapping_cfg(handle)


def collect(package: Path = PACKAGE) -> Catalog:
    """Every text of the source with the places where it stands (file relative to the repository, line)."""
    method_map, options_map = methods()
    catalog = new()
    found = extract_from_dir(
        str(package), method_map, options_map, keywords=KEYWORDS, comment_tags=("Translators:",)
    )
    for name, line, message, comments, context in sorted(found, key=lambda row: (row[0], row[1])):
        place = (f"{package.name}/{Path(name).as_posix()}", line)
        catalog.add(message, locations=[place], auto_comments=comments, context=context)
    return catalog


def extract() -> dict[str, int]:
    """Write the template and bring each translation up to date; how many texts each then lacks, by locale."""
    source = collect()
    write(source, TEMPLATE)
    lacking = {}
    for locale, file in TRANSLATIONS.items():
        translated = read(file, locale)
        # No fuzzy matching: a wrong guess in a government's words is worse than none.
        translated.update(source, no_fuzzy_matching=True)
        translated.obsolete.clear()
        translated.creation_date = translated.revision_date = NO_DATE
        write(translated, file)
        lacking[locale] = sum(1 for message in translated if message.id and not complete(message))
    return lacking


def read(file: Path, locale: str) -> Catalog:
    """The PO file, or an empty catalogue where there is none yet."""
    if not file.exists():
        return new(locale)
    with file.open("rb") as handle:
        return read_po(handle, locale=locale, charset="utf-8")


def write(catalog: Catalog, file: Path) -> None:
    """Write a PO file whose diffs show only what changed: no line numbers, ordered by file."""
    for message in catalog:
        message.locations = [(name, None) for name in sorted({name for name, _line in message.locations})]
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=110, include_lineno=False, sort_by_file=True, omit_header=False)
    replace(file, buffer.getvalue())


def compile_all() -> list[Path]:
    """Compile each translation that changed since it was compiled; the files that were written."""
    written = []
    for locale, file in TRANSLATIONS.items():
        target = file.with_suffix(".mo")
        if not file.exists() or (target.exists() and target.stat().st_mtime_ns >= file.stat().st_mtime_ns):
            continue
        buffer = io.BytesIO()
        write_mo(buffer, read(file, locale))
        replace(target, buffer.getvalue())
        written.append(target)
    return written


def replace(file: Path, data: bytes) -> None:
    """Write as a whole or not at all: several test processes may compile at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    new.write_bytes(data)
    os.replace(new, file)


def complete(message) -> bool:
    """Whether a message has all its forms and is not marked as a guess."""
    strings = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(strings) and all(strings) and not message.fuzzy
