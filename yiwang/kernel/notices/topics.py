"""What there is to be told, in words: for the page, for an e-mail, and for the choice of what one wants.

The words hold what the system knows (number, step, class, unit, due moment) and what an official wrote; numbers in
it that could be a telephone are masked. What a resident wrote is in no mail.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from yiwang.core.codes.masks import mask_phone
from yiwang.kernel.ui import moments

# topic -> (icon, its name where people choose what they want)
TOPICS: dict[str, tuple[str, Any]] = {
    "task": ("inbox", gettext_lazy("New tasks")),
    "back": ("rotate", gettext_lazy("What comes back")),
    "soon": ("alarm", gettext_lazy("Due soon")),
    "overdue": ("alert-triangle", gettext_lazy("Overdue")),
    "reminded": ("bell", gettext_lazy("Reminders")),
    "chased": ("bell", gettext_lazy("Chases by a supervisor")),
    "chase_replied": ("arrow-back-up", gettext_lazy("Replies to my chases")),
    "request_asked": ("hourglass", gettext_lazy("Requests to decide")),
    "request_decided": ("gavel", gettext_lazy("Decisions on my requests")),
    "appeal": ("scale", gettext_lazy("Appeals")),
    "licence": ("certificate", gettext_lazy("Licences that ended")),
    "paper": ("paperclip", gettext_lazy("New versions of shared materials")),
    "meeting": ("users", gettext_lazy("Joint meetings that change")),
    "digest": ("calendar-event", gettext_lazy("Daily digest")),
}
# Nobody can leave these out: somebody above waits for an answer.
ALWAYS = frozenset({"chased", "request_decided", "licence", "meeting", "digest"})
_HARMLESS = re.compile(r"20\d{6}-\d{6}-\d|20\d\d-\d\d?-\d\d?( \d\d?)?")  # a matter number, a day
_NUMBER = re.compile(r"(?<!\d)\+?\d(?:[\d -]{5,}\d)(?!\d)")


def icon(topic: str) -> str:
    return TOPICS.get(topic, ("point", ""))[0]


def without_numbers(text: str) -> str:
    """The text with everything that could be a telephone number masked; matter numbers stay."""

    def masked(found: re.Match[str]) -> str:
        whole = found.group()
        return whole if _HARMLESS.fullmatch(whole) else mask_phone(re.sub(r"[ -]", "", whole))

    return _NUMBER.sub(masked, text)


def sentence(topic: str, data: dict[str, Any], step: str = "") -> str:
    """What is told, in one sentence. `step`: the name of the task's step in the reader's language."""
    due = _moment(data.get("due_at"))
    if topic in ("task", "back", "soon", "overdue"):
        plain = {
            "task": _("A new task: %(step)s.") if not due else _("A new task: %(step)s, due %(due)s."),
            "back": _("It came back: %(step)s.") if not due else _("It came back: %(step)s, due %(due)s."),
            "soon": _("Due soon: %(step)s, %(due)s."),
            "overdue": _("Overdue since %(due)s: %(step)s."),
        }[topic]
        return plain % {"step": step or data.get("node", ""), "due": due}
    if topic == "chased":
        return _("A supervisor chases; a reply is expected by %(due)s.") % {
            "due": _moment(data.get("reply_by"))
        }
    if topic == "request_asked":
        return (
            _("More time is asked for.")
            if data.get("kind") == "extend"
            else _("It is asked to put this on the books.")
        )
    if topic == "request_decided":
        return _("Your request was approved.") if data.get("approved") else _("Your request was refused.")
    if topic == "appeal":
        return {
            "asked": _("An appeal waits for its first review."),
            "supported": _("An appeal waits for its second review."),
            "granted": _("Your appeal was granted."),
            "refused": _("Your appeal was refused."),
        }.get(data.get("state", ""), _("An appeal."))
    if topic == "licence":
        return {
            "revoked": _("The licence %(number)s, which this application uses, was revoked."),
            "lost": _("The licence %(number)s, which this application uses, was reported lost."),
            "expired": _("The licence %(number)s, which this application uses, has expired."),
        }.get(data.get("status", ""), _("A licence that this application uses is no longer valid.")) % {
            "number": data.get("number", "")
        }
    if topic == "paper":
        name = data.get("name", "") if moments.chinese() else data.get("name_en") or data.get("name", "")
        return _("%(name)s, which this permit uses, was handed in: version %(version)s.") % {
            "name": name,
            "version": data.get("version", ""),
        }
    if topic == "meeting":
        return {
            "cancelled": _("The meeting is cancelled."),
            "moved": _("The meeting is moved: %(at)s, %(place)s."),
        }.get(data.get("what", ""), _("The notice of the meeting has changed: %(at)s, %(place)s.")) % {
            "at": _moment(data.get("at")),
            "place": data.get("place", ""),
        }
    if topic == "digest":
        return digest_line(data)
    return {"reminded": _("A reminder."), "chase_replied": _("The unit replied to your chase.")}.get(
        topic, topic
    )


def digest_line(counts: dict[str, int]) -> str:
    """Today's work in one line: 3 overdue, 5 due today, 8 new."""
    names = {
        "overdue": _("%(n)d overdue"),
        "today": _("%(n)d due today"),
        "new": _("%(n)d new"),
        "chases": _("%(n)d chases without a reply in time"),
        "requests": _("%(n)d requests to decide"),
    }
    told = [names[name] % {"n": count} for name, count in counts.items() if name in names and count]
    if not told:
        return _("Today: nothing waits for you.")
    return _("Today: %(counts)s.") % {"counts": pgettext("between names in a list", ", ").join(told)}


def _moment(text: str | None) -> str:
    return moments.moment(datetime.fromisoformat(text)) if text else ""
