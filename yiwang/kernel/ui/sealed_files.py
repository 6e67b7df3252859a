"""Pictures that are sealed, such as those of a home: seen after a purpose was given, for a quarter of an hour.

Whoever opens a file for a purpose (`access.purposes`) gets addresses with a signed ticket, for that person and picture.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Denied
from yiwang.kernel.records.attachments import SEALED
from yiwang.kernel.records.models import Attachment

SALT = "yiwang.sealed-file"
SECONDS = 15 * 60


def sealed(row: Attachment) -> bool:
    return row.stage in SEALED


def address(url: str, row: Attachment, actor: Any) -> str:
    """The address of a sealed picture for somebody whose purpose is on record."""
    ticket = signing.dumps([str(row.pk), actor.id], salt=SALT, compress=False)
    return f"{url}?{urlencode({'look': ticket})}"


def require(request: HttpRequest, row: Attachment) -> None:
    """Raises Denied for a sealed picture without a ticket of this person, or with one that has run out."""
    if not sealed(row):
        return
    try:
        of, who = signing.loads(request.GET.get("look", ""), salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError):
        of, who = "", None
    if (of, who) != (str(row.pk), request.actor.id):
        raise Denied(
            _("Photos of a home are sealed. Open the file on its page and say what you need it for."),
            reason="no_purpose",
        )
