"""The words of project approvals on pages and in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import moments

OPINIONS: dict[str, Any] = {
    "agree": _("agrees"),
    "conditions": _("agrees on conditions"),
    "disagree": _("does not agree"),
    "silent": _("agrees by silence"),
}
PRE_OPINIONS: dict[str, Any] = {
    "favourable": _("favourable"),
    "conditions": _("favourable on conditions"),
    "unfavourable": _("not favourable"),
}
MEETING_CHANGES: dict[str, Any] = {
    "changed": pgettext_lazy("meeting", "changed"),
    "moved": pgettext_lazy("meeting", "moved"),
    "cancelled": pgettext_lazy("meeting", "cancelled"),
}
OUTCOMES: dict[str, Any] = {
    "granted": pgettext_lazy("permit", "granted"),
    "refused": pgettext_lazy("permit", "refused"),
    "not_accepted": _("not accepted"),
    "given_up": _("given up"),
    "revoked": pgettext_lazy("permit", "revoked"),
}
CHECKS: dict[str, Any] = {
    "": _("not checked yet"),
    "kept": _("the commitment was kept"),
    "broken": _("the commitment was not kept; the revocation is being decided"),
    "revoked": _("revoked: the commitment was not kept"),
    "not_revoked": _("the commitment was not kept; not revoked"),
}
INVESTORS: dict[str, Any] = {"government": _("government"), "social": _("social capital")}
SORTS: dict[str, Any] = {
    "permit": _("permit"),
    "filing": _("filing"),
    "opinion": _("opinion"),
    "review": _("review"),
    "acceptance": _("acceptance"),
}


def name_of(one: Any) -> str:
    """The name in the language of the page."""
    return (not moments.chinese() and getattr(one, "name_en", "")) or one.name


def unit_of(code: str) -> str:
    found = registers.units().get(code)
    if found is None:
        return code
    return (not moments.chinese() and found.name_en) or found.name


STATES: dict[str, Any] = OUTCOMES | {
    "held": _("clock stands"),
    "missing": _("waits for the applicant"),
    "accepting": pgettext_lazy("permit", "waits for acceptance"),
    "open": pgettext_lazy("permit", "under way"),
    "waiting": _("has not begun"),
    "none": _("not applied for"),
}
LIGHTS: dict[str, Any] = {
    "green": _("in time"),
    "yellow": _("little time left"),
    "red": _("overdue"),
}
ICONS = {
    "granted": "circle-check",
    "refused": "ban",
    "not_accepted": "ban",
    "given_up": "arrow-back-up",
    "revoked": "ban",
    "held": "player-pause",
    "missing": "alert-triangle",
    "accepting": "eye",
    "open": "circle-dot",
    "waiting": "hourglass",
    "none": "circle",
}

# What became of a pre-review, by the words of `previews.Verdict.why`.
VERDICTS: dict[str, Any] = {
    "": _("still holds"),
    "none": _("not asked for"),
    "open": _("under review"),
    "against": _("must be reviewed again: it was not plainly favourable"),
    "expired": _("must be reviewed again: its time is over"),
    "changed": _("must be reviewed again: changed since"),
}
