"""What a report brings, checked before anything is written: text, contact, class, files."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext as _

from yiwang.core.geo import Point
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Invalid, TooLarge
from yiwang.kernel.matters.texts import clean, line, phone
from yiwang.kernel.packs.rulebook import ClassDef, Rulebook
from yiwang.kernel.records import attachments

TITLE = 60  # characters of a title made from the text
LONGEST = {"title": 120, "address": 256, "contact_name": 64, "external_id": 80, "channel": 40}
_LINE_END = re.compile(r"[。！？!?\n]")


@dataclass(frozen=True, slots=True)
class File:
    """A file as sent: its bytes and the name that the sender gave it; `checked` when it was looked at before."""

    data: bytes
    name: str = ""
    checked: attachments.Checked | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A report as it came in, cleaned. `digest` is the same whenever the same is sent again."""

    channel: str
    text: str
    title: str = ""
    point: Point | None = None
    address: str = ""
    standard: str = ""
    class_code: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    external_id: str = ""
    data: dict = field(default_factory=dict)
    files: tuple[File, ...] = ()
    uploads: tuple[uuid.UUID, ...] = ()  # photos that were sent ahead

    @property
    def digest(self) -> str:
        """Keyed, because it is of personal data too."""
        whole = [
            self.channel,
            self.text,
            self.title,
            list(self.point) if self.point else None,
            self.address,
            self.standard,
            self.class_code,
            self.contact_name,
            self.contact_phone,
            self.external_id,
            self.data,
            [hashlib.sha256(file.data).hexdigest() for file in self.files],
        ]
        if self.uploads:
            whole.append([str(one) for one in self.uploads])
        return keyed_hash(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS).decode())


def content(
    rules: Rulebook,
    *,
    most: int | None = None,
    channel: str,
    text: str,
    title: str = "",
    point: Point | None = None,
    address: str = "",
    standard: str = "",
    class_code: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    external_id: str = "",
    data: dict | None = None,
    files: Sequence[Any] = (),
    uploads: Sequence[uuid.UUID] = (),
) -> Content:
    """The checked content. Raises Invalid or TooLarge with the field; nothing was written then.

    `most` characters of text are taken instead of the pack's `max_text_chars`.
    """
    most = most or rules.settings["max_text_chars"]
    text = clean(text, "text", most)
    if len(text) < 2:
        raise Invalid(_("Say in a few words what is wrong."), where="text", code="no_text")
    standard, class_code = given_class(
        rules, clean(standard, "standard", 40), clean(class_code, "class_code", 40)
    )
    return Content(
        channel=clean_line(channel, "channel"),
        text=text,
        title=clean_line(title, "title") or title_of(text),
        point=point,
        address=clean_line(address, "address"),
        standard=standard,
        class_code=class_code,
        contact_name=clean_line(contact_name, "contact_name"),
        contact_phone=phone(contact_phone),
        external_id=clean_line(external_id, "external_id"),
        data=dict(data or {}),
        files=given_files(rules, files, len(uploads)),
        uploads=tuple(uploads),
    )


def clean_line(text: Any, where: str) -> str:
    """As `clean`, on one line."""
    return line(text, where, LONGEST[where])


def title_of(text: str) -> str:
    """The first sentence, cut at `TITLE` characters."""
    first = " ".join(_LINE_END.split(text, maxsplit=1)[0].split()) or " ".join(text.split())
    return first if len(first) <= TITLE else first[: TITLE - 1] + "…"


def given_class(rules: Rulebook, standard: str, code: str) -> tuple[str, str]:
    """The class in the standard in force; a class of a replaced standard is taken over by the crosswalk."""
    if not code:
        return "", ""
    standard = standard or rules.default_standard
    found = rules.class_def(standard, code)
    if found is None:
        raise Invalid(
            _("There is no class %(code)s in %(standard)s.") % {"code": code, "standard": standard},
            where="class_code",
            code="unknown_class",
        )
    newer = crossed(rules, found)
    return (newer.standard, newer.code) if newer else (standard, code)


def crossed(rules: Rulebook, old: ClassDef) -> ClassDef | None:
    """The class that replaced this one, None when it is in force itself or nothing is known."""
    for kind in (old.kind, "matter", "component"):
        to = rules.crosswalk(old.standard, kind, old.code)
        if to is not None:
            return rules.classes.get(to)
    return None


def given_files(rules: Rulebook, files: Sequence[Any], ahead: int = 0) -> tuple[File, ...]:
    """`ahead`: how many were sent before."""
    most, count = rules.settings["max_files"], len(files) + ahead
    if count > most:
        raise TooLarge(
            _("%(count)d files were sent; at most %(most)d are taken.") % {"count": count, "most": most},
            where="files",
            code="too_many_files",
        )
    return tuple(_file(one) for one in files)


def _file(one: Any) -> File:
    if isinstance(one, File):
        return one
    if isinstance(one, bytes):
        return File(one)
    if isinstance(one, tuple):  # (name, bytes)
        return File(one[1], one[0])
    size, most = getattr(one, "size", None), attachments.limits_in_force().max_bytes
    if size is not None and size > most:  # before it is read into memory
        raise TooLarge(
            _("The file has %(size).1f MB; at most %(most)g MB are taken.")
            % {"size": size / attachments.MEGABYTE, "most": most / attachments.MEGABYTE},
            where=getattr(one, "name", "") or "files",
        )
    return File(one.read(), getattr(one, "name", "") or "")


def checked_files(content: Content) -> list[attachments.Checked]:
    """The files by their content, cleaned. Raises TooLarge, Unsupported or Invalid naming the file."""
    return [file.checked or attachments.check(file.data, file.name) for file in content.files]
