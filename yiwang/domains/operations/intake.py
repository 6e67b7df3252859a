"""What a report brings, checked before anything is written: text, contact, class, files."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext as _

from yiwang.core.codes import CodeError, parse_phone
from yiwang.core.geo import Point
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Invalid, TooLarge
from yiwang.kernel.packs.rulebook import ClassDef, Rulebook
from yiwang.kernel.records import attachments

TITLE = 60  # characters of a title made from the text
LONGEST = {"title": 120, "address": 256, "contact_name": 64, "external_id": 80, "channel": 40}
SECRET_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - none that look alike on paper
SECRET_LENGTH = 10
# U+FFFD stands where bytes were no UTF-8.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
# Marks that turn the direction of writing can make a text read otherwise than it is.
_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
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


def clean(text: Any, where: str, most: int) -> str:
    """The text without blanks around it. Raises Invalid for what is no text, TooLarge beyond `most` characters."""
    if not isinstance(text, str):
        raise Invalid(_("%(field)s must be text.") % {"field": where}, where=where)
    if len(text) > 4 * most:  # not worth being looked at
        raise too_long(len(text), most, where)
    bad = _CONTROL.search(text)
    if bad:
        raise Invalid(
            _("Character %(position)d of %(field)s is no character of text (%(code)s).")
            % {"position": bad.start() + 1, "field": where, "code": f"U+{ord(bad[0]):04X}"},
            where=where,
            code="control_character",
        )
    text = unicodedata.normalize(
        "NFC", _HIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    ).strip()
    if len(text) > most:
        raise too_long(len(text), most, where)
    return text


def clean_line(text: Any, where: str) -> str:
    """As `clean`, on one line."""
    return " ".join(clean(text, where, LONGEST[where]).split())


def too_long(count: int, most: int, where: str) -> TooLarge:
    return TooLarge(
        _("%(field)s has %(count)d characters; at most %(most)d are taken.")
        % {"field": where, "count": count, "most": most},
        where=where,
        code="too_long",
    )


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


def phone(text: Any) -> str:
    """A mobile or landline number in one form ('' when none is given). Raises Invalid for what is none.

    Service numbers such as 12345 are refused: nobody can be called back there.
    """
    text = clean(text, "contact_phone", 40)
    if not text:
        return ""
    try:
        found = parse_phone(text)
    except CodeError:
        found = None
        if "*" in text:  # another system hides part of it: kept as it is, it can still be compared
            return text
    if found is None or found.kind == "service":
        raise Invalid(
            _("The phone number is not complete: give a mobile number, or a landline with its area code."),
            where="contact_phone",
            code="bad_phone",
        )
    return found.value


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


# The secret with which the reporter follows


def secret_for(report: uuid.UUID) -> str:
    """The secret of a report. Derived with the seal key, so that a retry gets the same one and none is stored."""
    digest = bytes.fromhex(keyed_hash(f"follow {report}"))
    return "".join(SECRET_LETTERS[byte % len(SECRET_LETTERS)] for byte in digest[:SECRET_LENGTH])


def secret_hash(report: uuid.UUID, secret: str) -> str:
    return keyed_hash(f"secret {report} {plain_secret(secret)}")


def plain_secret(secret: str) -> str:
    """As people type it: half-width, without blanks and dashes, in lower case."""
    text = unicodedata.normalize("NFKC", secret).casefold()
    return "".join(letter for letter in text if letter.isalnum())


def same_secret(report: uuid.UUID, secret: str, kept: str) -> bool:
    return bool(kept) and hmac.compare_digest(secret_hash(report, secret), kept)


def qr_svg(text: str) -> str:
    """A QR code as an SVG data address, black on white."""
    import segno

    code = segno.make(text, error="m")
    return "data:image/svg+xml;base64," + base64.b64encode(_svg(code)).decode()


def _svg(code: Any) -> bytes:
    import io

    out = io.BytesIO()
    code.save(out, kind="svg", scale=4, border=4, xmldecl=False, svgns=True)
    return out.getvalue()
