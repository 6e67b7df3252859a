"""Text that people send, cleaned before anything is written: no control characters, one form, not too long."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.codes import CodeError, parse_phone
from yiwang.kernel.errors import Invalid, TooLarge

# U+FFFD stands where bytes were no UTF-8.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
# Marks that turn the direction of writing can make a text read otherwise than it is.
_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


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


def line(text: Any, where: str, most: int) -> str:
    """As `clean`, on one line."""
    return " ".join(clean(text, where, most).split())


def too_long(count: int, most: int, where: str) -> TooLarge:
    return TooLarge(
        _("%(field)s has %(count)d characters; at most %(most)d are taken.")
        % {"field": where, "count": count, "most": most},
        where=where,
        code="too_long",
    )


def phone(text: Any, where: str = "contact_phone") -> str:
    """A mobile or landline number in one form ('' when none is given). Raises Invalid for what is none.

    Service numbers such as 12345 are refused: nobody can be called back there.
    """
    text = clean(text, where, 40)
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
            where=where,
            code="bad_phone",
        )
    return found.value
