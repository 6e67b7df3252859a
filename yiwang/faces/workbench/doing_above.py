"""What is sent from the forms between a unit and those above it: chases, requests, appeals; and documents."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid5

from django.utils.translation import gettext as _

from yiwang.domains.operations import appeals, supervision
from yiwang.domains.operations.models import Appeal, Chase, Request
from yiwang.faces.workbench.sent import Sent
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.matters import store
from yiwang.kernel.matters.attaching import attach
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.records import attachments

UNITS_OF_TIME = ("wd", "wh", "d", "h", "eh")


def _chase(sent: Sent) -> str:
    supervision.chase(
        **sent.on_matter,
        note=sent["note"],
        reply_by=sent.moment("reply_by"),
        id=sent.key("id", _("There is no such chase.")) if sent["id"] else None,
    )
    return _("The chase is on its way; the unit must reply.")


def _reply(sent: Sent) -> str:
    row = _own(sent, Chase, "chase", _("There is no such chase."))
    supervision.reply(actor=sent.actor, chase=row, note=sent["note"], now=sent.now)
    return _("The reply is on its way.")


def limit(sent: Sent) -> str:
    """The time that an extension adds, as text: 2wd."""
    if sent["unit"] not in UNITS_OF_TIME:
        raise Invalid(_("Write a whole number, at least 1."), where="amount")
    return f"{sent.whole('amount')}{sent['unit']}"


def _ask_extension(sent: Sent) -> str:
    supervision.ask_extension(**sent.on_task, limit=limit(sent), note=sent["note"])
    return _("More time was asked for. Until it is decided the limit stays as it is.")


def _ask_hang_up(sent: Sent) -> str:
    supervision.ask_hang_up(**sent.on_matter, review_on=sent.day("review_on"), note=sent["note"])
    return _("It was asked for. Until it is decided the clock runs on.")


def _decide(sent: Sent) -> str:
    row = _own(sent, Request, "request", _("There is no such request."))
    approve = _yes(sent)
    supervision.decide_request(
        actor=sent.actor, request=row, approve=approve, opinion=sent["opinion"], now=sent.now
    )
    return _("Approved.") if approve else _("Refused.")


def _keep_hanging(sent: Sent) -> str:
    row = _own(sent, Request, "request", _("There is no such request."))
    supervision.keep_hanging(
        actor=sent.actor, request=row, review_on=sent.day("review_on"), note=sent["note"], now=sent.now
    )
    return _("It hangs on and is looked at again on the day you gave.")


def _appeal(sent: Sent) -> str:
    task = _own(sent, Task, "task", _("There is no such task."))
    appeals.appeal(actor=sent.actor, task=task, reason=sent["reason"], now=sent.now)
    return _("The appeal was made. Two people review it, one after the other.")


def _review_appeal(sent: Sent) -> str:
    row = _own(sent, Appeal, "appeal", _("There is no such appeal."))
    done = appeals.review(
        actor=sent.actor, appeal=row, support=_yes(sent), opinion=sent["opinion"], now=sent.now
    )
    return {
        "supported": _("Supported. Another person makes the second review."),
        "granted": _("Granted: the task is left out of the rates."),
        "refused": _("The appeal was refused."),
    }[done.state]


def _attach(sent: Sent) -> str:
    files = [file for file in sent.request.FILES.getlist("document") if file.name]
    if not files:
        raise Invalid(_("Choose a file."), where="document")
    with store.one_transaction():
        case = store.lock(matter=sent.number)
        for file in files:
            checked = attachments.check_upload(file)
            attach(
                actor=sent.actor,
                matter=case.id,
                checked=checked,
                stage="document",
                now=sent.now,
                id=uuid5(case.id, f"document {checked.sha256}"),
            )
    return _("The document was added.")


def _yes(sent: Sent) -> bool:
    if sent["decision"] not in ("yes", "no"):
        raise Invalid(_("Choose one of the two."), where="decision")
    return sent["decision"] == "yes"


def _own(sent: Sent, model, name: str, missing: str):
    """The id of a row that belongs to the matter of the page."""
    key = sent.key(name, missing)
    if not model.objects.filter(pk=key, matter__in=Matter.objects.filter(number=sent.number)).exists():
        raise NotFound(missing)
    return key


ACTIONS: dict[str, Callable[[Sent], str]] = {
    "chase": _chase,
    "reply": _reply,
    "ask_extension": _ask_extension,
    "ask_hang_up": _ask_hang_up,
    "decide": _decide,
    "keep_hanging": _keep_hanging,
    "appeal": _appeal,
    "review_appeal": _review_appeal,
    "attach": _attach,
}
