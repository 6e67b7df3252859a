"""The words for what the kernel itself names: actions, states, what a photo shows.

Names of classes, posts, reasons and steps of a process come from the pack, in both languages.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def action_name(action: str) -> str:
    """What somebody did, in the past tense; the slug itself for an action that is not known here."""
    return {
        "open": pgettext("action", "opened"),
        "claim": pgettext("action", "took the task"),
        "complete": pgettext("action", "completed the task"),
        "send_back": pgettext("action", "sent it back"),
        "reassign": pgettext("action", "reassigned"),
        "hold": pgettext("action", "paused the clock"),
        "resume": pgettext("action", "resumed the clock"),
        "extend": pgettext("action", "extended the limit"),
        "remind": pgettext("action", "sent a reminder"),
        "merge": pgettext("action", "merged"),
        "split": pgettext("action", "split"),
        "withdraw": pgettext("action", "withdrew"),
        "void": pgettext("action", "voided"),
        "close": pgettext("action", "closed"),
        "reopen": pgettext("action", "reopened"),
        "rate": pgettext("action", "rated"),
        "relocate": pgettext("action", "corrected the place"),
        "appeal": pgettext("action", "appealed"),
        "review_appeal": pgettext("action", "decided the appeal"),
        "recompute": pgettext("action", "due times recomputed"),
        "timer": pgettext("action", "a timer ran out"),
        "attach": pgettext("action", "added a file"),
        "amend": pgettext("action", "changed what it says"),
        "chase": pgettext("action", "chased"),
        "reply": pgettext("action", "replied to the chase"),
        "ask_extend": pgettext("action", "asked for more time"),
        "ask_hang_up": pgettext("action", "asked to put it on the books"),
        "refuse": pgettext("action", "refused the request"),
        "keep_hanging": pgettext("action", "looked at it again: it hangs on"),
    }.get(action, action)


def action_icon(action: str) -> str:
    """The icon of an action; every name is in the sprite."""
    return {
        "open": "plus",
        "claim": "hand-stop",
        "complete": "check",
        "send_back": "arrow-back-up",
        "reassign": "arrow-forward-up",
        "hold": "player-pause",
        "resume": "player-play",
        "extend": "hourglass",
        "remind": "bell",
        "merge": "git-merge",
        "split": "arrows-split",
        "withdraw": "arrow-left",
        "void": "ban",
        "close": "lock",
        "reopen": "lock-open",
        "rate": "star",
        "relocate": "map-pin",
        "appeal": "scale",
        "review_appeal": "gavel",
        "recompute": "calendar-event",
        "timer": "alarm",
        "attach": "paperclip",
        "amend": "edit",
        "chase": "speakerphone",
        "reply": "message-circle",
        "ask_extend": "hourglass",
        "ask_hang_up": "clock-pause",
        "refuse": "ban",
        "keep_hanging": "calendar-event",
    }.get(action, "point")


def state_name(state: str) -> str:
    """The state of a matter or a task."""
    return {
        "open": _("open"),
        "closed": _("closed"),
        "void": _("void"),
        "merged": _("merged"),
        "withdrawn": _("withdrawn"),
        "done": _("done"),
        "dropped": _("dropped"),
    }.get(state, state)
