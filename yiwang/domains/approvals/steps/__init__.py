"""What each step of a project's approval asks of the person who does it, by the name that the process file gives it."""

from __future__ import annotations

from yiwang.domains.approvals.steps import accepting, checking, deciding, meeting, opinions, whole
from yiwang.kernel.matters import forms

FORMS = {
    "apr_accept": accepting.Acceptance(),
    "apr_supplement": accepting.Supplement(),
    "apr_papers": accepting.Papers(),
    "apr_review": deciding.Review(),
    "apr_opinion": opinions.Heard(),
    "apr_decide": deciding.Deciding(),
    "apr_deliver": deciding.Delivery(),
    "apr_check": checking.AfterCheck(),
    "apr_revoke": checking.Revocation(),
    "apr_give": opinions.Given(),
    "apr_preview": opinions.Previewed(),
    "apr_wait": whole.ByItself(),
    "apr_run": whole.ByItself(),
    "apr_project": whole.Accompanied(),
    "apr_meet_opinion": meeting.Said(),
    "apr_conclude": meeting.Concluded(),
    "apr_resolved": meeting.Done(),
    "apr_confirm": meeting.Confirmed(),
}


def register_all() -> None:
    for name, form in FORMS.items():
        forms.register(name, form)
