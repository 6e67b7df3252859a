"""The sentences with which an action refuses: who did it already, since when."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.access.models import User
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters.case import Case, CaseTask
from yiwang.kernel.matters.store import ZONE

STATES = {
    "open": gettext_lazy("open"),
    "closed": gettext_lazy("closed"),
    "void": gettext_lazy("void"),
    "merged": gettext_lazy("merged into another"),
    "withdrawn": gettext_lazy("withdrawn"),
}


def must_be_open(case: Case) -> None:
    if case.state != "open":
        raise Conflict(
            _("Matter %(number)s is %(state)s since %(when)s.")
            % {"number": case.number, "state": STATES[case.state], "when": _moment(case.closed_at)},
            code="not_open",
        )


def done_by(task: CaseTask) -> str:
    who = _name(task.done_by) if task.done_by else _("the process")
    return _("%(who)s finished this task on %(when)s with the result %(outcome)s.") % {
        "who": who,
        "when": _moment(task.done_at),
        "outcome": task.outcome,
    }


def claimed_by(task: CaseTask) -> str:
    return _("%(who)s took this task on %(when)s.") % {
        "who": _name(task.assignee),
        "when": _moment(task.claimed_at),
    }


def _name(user: int | None) -> str:
    return User.objects.filter(pk=user).values_list("name", flat=True).first() or "?"


def _moment(at: datetime | None) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if at else "?"
