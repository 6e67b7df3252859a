"""What each step of an application asks of the person who does it, by the name that the process file gives it."""

from __future__ import annotations

from yiwang.domains.services.steps import accepting, deciding, mending, together
from yiwang.kernel.matters import forms

FORMS = {
    "svc_accept": accepting.Acceptance(),
    "svc_supplement": accepting.Supplement(),
    "svc_papers": accepting.Papers(),
    "svc_review": deciding.Review(),
    "svc_decide": deciding.Deciding(),
    "svc_deliver": deciding.Delivery(),
    "svc_check": deciding.AfterCheck(),
    "svc_mend": mending.Mending(),
    "svc_recheck": mending.Rechecking(),
    "svc_joint_accept": together.JointAcceptance(),
    "svc_joint_together": together.ByItself("together"),
    "svc_joint_handed": together.ByItself("hand_over"),
}


def register_all() -> None:
    for name, form in FORMS.items():
        forms.register(name, form)
