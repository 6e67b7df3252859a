"""What is typed or sent about people and households, checked: each gives the value as it is kept, or raises Invalid.

`where` of the error is the argument that is wrong, which a file's reader turns into its column.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from yiwang.core import codes
from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers import queries as registers

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_SOURCE = 40, 200, 80
HOME = "024"  # the trunk code of a telephone number without one
CHINA = dt.timezone(dt.timedelta(hours=8))


def resident_id(text: str, today: dt.date | None = None) -> codes.ResidentId:
    """A resident ID number; with `today`, of somebody who has been born."""
    try:
        found = codes.parse_resident_id(text)
    except codes.CodeError as wrong:
        raise Invalid(
            _("This is no resident ID number (%(shown)s). Compare it with the card, digit by digit.")
            % {"shown": codes.mask_id(text.strip()[:20])},
            where="id_number",
            code=wrong.code,
        ) from None
    if today is not None and found.birth > today:
        raise Invalid(_("The date of birth has not come yet."), where="id_number", code="future")
    return found


def phone(text: str) -> str:
    """A telephone number of this country."""
    try:
        return codes.parse_phone(text, HOME).value
    except codes.CodeError:
        raise Invalid(_("This is no phone number."), where="phone", code="phone") from None


def community(area: str) -> str:
    """The code of a community of this district."""
    row = registers.areas().get(area)
    if row is None or row.level != "community" or area[:6] != rulebook.current().district:
        raise Invalid(
            _("%(code)s is no community of this district.") % {"code": area[:20]},
            where="area",
            code="no_area",
        )
    return area


def past(day: dt.date, today: dt.date, where: str) -> dt.date:
    """A day that has come."""
    if day > today:
        raise Invalid(_("%(day)s has not come yet.") % {"day": day}, where=where, code="future")
    return day


def today(now: dt.datetime) -> dt.date:
    """The day in China."""
    return now.astimezone(CHINA).date()


def source(text: str) -> str:
    text = " ".join(text.split())
    if not 0 < len(text) <= LONGEST_SOURCE:
        raise Invalid(_("Say where this is known from."), where="source")
    return text


def name(text: str) -> str:
    text = " ".join(text.split())
    if not 0 < len(text) <= LONGEST_NAME:
        raise Invalid(_("Give the name as on the ID card."), where="name")
    return text


def address(text: str) -> str:
    text = " ".join(text.split())
    if not 0 < len(text) <= LONGEST_ADDRESS:
        raise Invalid(
            _("Give the address, at most %(most)d characters.") % {"most": LONGEST_ADDRESS}, where="address"
        )
    return text
