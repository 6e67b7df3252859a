"""A change of the rules is proposed by one person and decided by another; approval puts it in force.

The grants are `propose` and `approve`. What was proposed is tried on the pack with all its cases before it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.core.policy import PolicyError, parameter_of
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.packs import amending, check_policy, rulebook
from yiwang.kernel.packs.body import body_text
from yiwang.kernel.packs.findings import ERROR, Finding, nearest
from yiwang.kernel.packs.loader import load
from yiwang.kernel.packs.models import RuleChange
from yiwang.kernel.packs.packtext import PackText
from yiwang.kernel.packs.policy_words import told
from yiwang.kernel.packs.proposing import Wanted
from yiwang.kernel.packs.reader import read_pack

REASON_MOST = 500


def propose(
    *, actor: Any, what: str, key: str, content: Mapping[str, Any], reason: str, now: datetime
) -> RuleChange:
    """Keeps a proposal: `parameter` with from, value, source and status, or `programme` with text.

    Raises Denied without the grant, NotFound for what the pack does not have, Invalid when the pack with this change
    would have errors: a value that can't be, a formula that can't be read, a case that comes out otherwise.
    """
    _granted(actor, "propose")
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Say why the rule is to change."), where="reason")
    if len(reason) > REASON_MOST:
        raise Invalid(_("At most %(most)d characters.") % {"most": REASON_MOST}, where="reason")
    change = RuleChange(
        what=what, key=key, content=dict(content), reason=reason, proposed_by_id=actor.id, proposed_at=now
    )
    _known(change)
    _tried(change)
    change.save()
    return change


def propose_all(*, actor: Any, wanted: Iterable[Wanted], reason: str, now: datetime) -> list[RuleChange]:
    """Keeps several proposals, or none when one of them can't be. Each is tried, and decided, for itself."""
    with transaction.atomic():
        return [
            propose(actor=actor, what=one.what, key=one.key, content=one.content, reason=reason, now=now)
            for one in wanted
        ]


def approve(*, actor: Any, change_id: int, note: str = "", now: datetime) -> RuleChange:
    """Puts a proposal in force. Raises Denied for the one who proposed it, Conflict when it is decided already, or
    when the pack's files were changed and not loaded; Invalid when the pack would have errors.

    Files that can't be loaded because of what was approved before are loaded with a proposal that mends it.
    """
    with transaction.atomic():
        change = _open(actor, change_id)
        if not _as_loaded() and not _stands_in_the_way():
            raise Conflict(
                _("The files of the pack are not what is in force. Load the pack first: yiwang pack load"),
                code="pack_not_loaded",
            )
        _decided(change, RuleChange.State.APPROVED, actor, note, now)
        result = load(settings.PACK, now, by=actor.label)
        change.version = result.version
        change.save(update_fields=["version"])
    return change


def refuse(*, actor: Any, change_id: int, note: str, now: datetime) -> RuleChange:
    """Refuses a proposal with a reason. Raises Denied, Conflict, Invalid."""
    if not note.strip():
        raise Invalid(_("Say why it is refused."), where="note")
    with transaction.atomic():
        change = _open(actor, change_id)
        _decided(change, RuleChange.State.REFUSED, actor, note, now)
    return change


def may(actor: Any, action: str) -> bool:
    """Whether one of the actor's posts grants `propose` or `approve`."""
    return action in getattr(actor, "reach", {})


def _granted(actor: Any, action: str) -> None:
    if not may(actor, action):
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action=action)


def _open(actor: Any, change_id: int) -> RuleChange:
    _granted(actor, "approve")
    change = RuleChange.objects.select_for_update().filter(pk=change_id).first()
    if change is None:
        raise NotFound(_("There is no proposal %(id)s.") % {"id": change_id}, code="no_proposal")
    if change.state != RuleChange.State.OPEN:
        raise Conflict(_("This proposal is decided already."), code="decided")
    if change.proposed_by_id == actor.id:
        raise Denied(_("Somebody else decides what you proposed."), reason="own_proposal", action="approve")
    return change


def _decided(change: RuleChange, state: str, actor: Any, note: str, now: datetime) -> None:
    change.state, change.decided_by_id, change.decided_at = state, actor.id, now
    change.note = note.strip()[:REASON_MOST]
    change.save(update_fields=["state", "decided_by", "decided_at", "note"])


def _known(change: RuleChange) -> None:
    """Raises NotFound or Invalid for a change that says nothing the pack could take."""
    rules = rulebook.current().policy
    if change.what == RuleChange.What.PARAMETER:
        if change.key not in rules.parameters:
            known = [one.slug for one in rules.parameters]
            raise NotFound(
                f"{_('there is no parameter %(name)s') % {'name': change.key}} {nearest(change.key, known)}",
                code="no_parameter",
            )
        _good_value(rules.parameters[change.key], change.content)
    elif change.what == RuleChange.What.PROGRAMME:
        files = rulebook.current().programme_texts
        if change.key not in files:
            raise NotFound(
                _("There is no file programmes/%(name)s.py in the pack.") % {"name": change.key},
                code="no_file",
            )
        if not isinstance(change.content.get("text"), str):
            raise Invalid(_("Give the whole text of the file."), where="text")
    else:
        raise Invalid(_("A parameter or a programme can be changed."), where="what")


def _good_value(parameter: Any, content: Mapping[str, Any]) -> None:
    try:
        parameter_of(
            {
                "slug": parameter.slug,
                "name": parameter.name,
                "unit": parameter.unit,
                "by": parameter.by,
                "values": [{"from": content.get("from"), "value": content.get("value")}],
            }
        )
    except PolicyError as wrong:
        raise Invalid(
            " ".join(told(wrong)).strip(), where="from" if wrong.code == "bad_date" else "value"
        ) from None
    if content.get("status") not in ("official", "local", "illustrative"):
        raise Invalid(_("Say whether the value is official, local or illustrative."), where="status")
    if content["status"] != "illustrative" and not str(content.get("source", "")).strip():
        raise Invalid(_("Name the document that fixes the value."), where="source")


def _tried(change: RuleChange) -> None:
    pack = read_pack(settings.PACK)
    amending.amend(pack, [*amending.approved(), change])
    _refuse_wrong(list(check_policy.check(pack)))


def _refuse_wrong(findings: list[Finding]) -> None:
    wrong = [finding for finding in findings if finding.severity == ERROR]
    if wrong:
        raise Invalid(
            _("With this change the pack has %(count)d errors.") % {"count": len(wrong)},
            code="pack_errors",
            errors=[
                {"where": str(one.where), "detail": f"{one.message} {one.advice}".strip()} for one in wrong
            ],
        )


def _as_loaded() -> bool:
    """Whether the files with the approved changes are the version in force."""
    pack = read_pack(settings.PACK)
    amending.amend(pack, amending.approved())
    return body_text(pack)[1] == rulebook.current().digest


def _stands_in_the_way() -> bool:
    """Whether the files could be loaded but for the changes that were approved before: of a file that has changed since."""
    amended = read_pack(settings.PACK)
    if not amending.amend(amended, amending.approved()):
        return False
    return _wrong(amended) and not _wrong(read_pack(settings.PACK))


def _wrong(pack: PackText) -> bool:
    return any(finding.severity == ERROR for finding in check_policy.check(pack))
