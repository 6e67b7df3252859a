"""What core.worktime refuses, said in the reader's language: core knows no Django, so it speaks English only."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yiwang.core.worktime import WorktimeError
from yiwang.core.worktime.limit import MAX_AMOUNT, UNITS

# By the kind of error and its code. In English they are word for word what core says; a test compares them.
_SENTENCES = {
    ("LimitError", "unit"): gettext_noop("“%(unit)s” is not a unit of time limits: use %(units)s"),
    ("LimitError", "amount"): gettext_noop("a limit counts whole units, not %(amount)s"),
    ("LimitError", "range"): gettext_noop("a limit is between 0 and %(most)s units, not %(amount)s"),
    ("LimitError", "zero_hours"): gettext_noop(
        "0%(unit)s would be due at once: use 0wd for “the same day”, or at least 1%(unit)s"
    ),
    ("LimitError", "format"): gettext_noop(
        "“%(value)s” is not a time limit: write a whole number and a unit: 5wd (working days), "
        "4wh (working hours), 24h, 7d or 2eh (emergency)"
    ),
    ("LimitError", "extension_unit"): gettext_noop(
        "a limit of %(limit)s cannot be extended by %(extension)s: give the extension in %(own)s"
    ),
    ("MomentError", "format"): gettext_noop(
        "%(what)s “%(value)s” is not a moment: write YYYY-MM-DDTHH:MM, for example 2026-09-24T16:30"
    ),
    ("HoldError", "order"): gettext_noop(
        "the hold ends (%(end)s) before it begins (%(start)s): swap or correct the two moments"
    ),
    ("HoldError", "format"): gettext_noop(
        "“%(value)s” is not a hold: write FROM/TO, for example 2026-09-28T10:00/2026-09-30T15:00, "
        "or FROM/ while it lasts"
    ),
    ("CalendarError", "out_of_range"): gettext_noop(
        "%(date)s is outside the calendar, which covers %(first)s to %(last)s: "
        "correct the date, or build the calendar for more years"
    ),
}
# Which moment is meant, as core names it.
_MOMENTS = {
    "start": gettext_noop("start"),
    "moment": gettext_noop("moment"),
    "hold start": gettext_noop("hold start"),
    "hold end": gettext_noop("hold end"),
}


def told(error: WorktimeError) -> str:
    """The sentence in the language of the request; core's own English where there is none for it."""
    sentence = _SENTENCES.get((type(error).__name__, error.code))
    if sentence is None:
        return str(error)
    params = {"units": ", ".join(UNITS), "most": MAX_AMOUNT} | error.params
    if "limit" in params:
        params["own"] = str(params["limit"]).lstrip("0123456789")
    which = _MOMENTS.get(str(params.get("what")))
    if which:
        params["what"] = _(which)
    try:
        return _(sentence) % params
    except KeyError:  # the same code about a row of many
        return str(error)
