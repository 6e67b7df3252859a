"""What each step of a procedure asks of the person who does it, by the name that the process files give it."""

from __future__ import annotations

from yiwang.domains.assistance.steps import accepting, emergency, judging, looking, publicity, reviewing
from yiwang.kernel.matters import forms, services

FORMS = {
    "aid_acceptance": accepting.Acceptance(),
    "aid_supplement": accepting.Supplement(),
    "aid_notice": accepting.Notice(),
    "aid_arrange": looking.Arranging(),
    "aid_visit": looking.Visiting(),
    "aid_data_check": looking.Checking(),
    "aid_self_care": looking.SelfCare(),
    "aid_resurvey": looking.Resurvey(),
    "aid_opinion": judging.Opinion(),
    "aid_review": judging.CountyReview(),
    "aid_decision": judging.Deciding(),
    "aid_publicity": publicity.Objecting(),
    "aid_confirm": emergency.Confirming(),
    "aid_relieve": emergency.Relieving(),
    "aid_hand_over": emergency.HandingOver(),
    "aid_record": emergency.Recording(),
    "aid_outcome": reviewing.Outcome(),
    "aid_hearing": reviewing.Hearing(),
    "aid_review_decision": reviewing.Deciding(),
}


def register_all() -> None:
    for name, form in FORMS.items():
        forms.register(name, form)
    services.register("aid_objections", publicity.objections)
