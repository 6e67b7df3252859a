"""Words of the portal that several of its pages use."""

from __future__ import annotations

from django.utils.translation import gettext as _


def step_word(link: str) -> str:
    """Where an open report stands, for the public."""
    return {
        "file": _("being accepted"),
        "precheck": _("being looked at"),
        "dispatch": _("being assigned"),
        "handle": _("being mended"),
        "feedback": _("being checked"),
        "verify": _("being checked"),
        "close": _("being answered"),
    }.get(link, _("being worked on"))
