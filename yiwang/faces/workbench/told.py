"""The story of a matter for those who work on it: who did what, when, with what result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.faces.workbench import naming
from yiwang.kernel.matters import forms
from yiwang.kernel.matters.queries import MatterView
from yiwang.kernel.ui import moments, words


def story(view: MatterView, photos: dict[str, dict]) -> list[dict]:
    """Lines for the component `story`; `photos`: id -> what the component `photos` shows."""
    return [_line(view, event, photos) for event in view.events]


def _line(view: MatterView, event: dict, photos: dict[str, dict]) -> dict:
    record = event["data"].get("record", {})
    shown = [photos[item["id"]] for item in record.get("evidence", ()) if item.get("id") in photos]
    note = record.get("note", "")
    return {
        "at": event["at"],
        "actor_name": naming.actor(event["actor"], event["actor_name"]),
        "action": event["action"],
        "text": _text(view, event["action"], record),
        "note": note if isinstance(note, str) else "",
        "facts": [(label, value) for label, value in _facts(view, event, record) if value],
        "photos": shown,
    }


def _text(view: MatterView, action: str, record: dict) -> str:
    if action in ("complete", "claim"):
        node = view.process.nodes.get(record.get("node", ""))
        step = naming.name_of(node) or record.get("node", "")
        if action == "claim":
            return _("took “%(step)s”") % {"step": step}
        return f"{step} → {naming.outcome(node, record.get('outcome', ''))}"
    return words.action_name(action)


def _facts(view: MatterView, event: dict, record: dict) -> list[tuple[str, str]]:
    changed = event["data"].get("set", {})
    rules, process = view.rules, view.process
    facts = []
    if event["action"] == "open":
        facts.append((_("Channel"), naming.channel(changed.get("source", ""))))
    if changed.get("class_code"):
        facts.append((_("Class"), naming.class_(rules, changed.get("standard", ""), changed["class_code"])))
    if changed.get("condition") in rules.conditions:
        facts.append((_("Filing condition"), naming.text_of(rules.conditions[changed["condition"]])))
    if changed.get("area"):
        facts.append((_("Area"), naming.area(changed["area"])))
    facts.append((_("Unit"), naming.unit(changed.get("unit") or record.get("unit"))))
    if record.get("limit"):
        facts.append((_("Limit"), moments.limit_text(record["limit"])))
    facts += _special(rules, process, record)
    facts.append((_("Without a network"), _offline(record, event["at"])))
    return facts


def _offline(record: dict, received: datetime) -> str:
    """When it was done by the phone's word, beside when it arrived (docs/decisions/0014-done-off-line.md)."""
    if not record.get("done_at"):
        return ""
    done = moments.local(datetime.fromisoformat(record["done_at"]))
    arrived = moments.local(received)
    same_day = done.date() == arrived.date()
    return _("done at %(done)s off-line, received %(received)s; the limit counts what was received") % {
        "done": f"{done:%H:%M}" if same_day else moments.moment(done),
        "received": f"{arrived:%H:%M}" if same_day else moments.moment(arrived),
    }


def _special(rules: Any, process: Any, record: dict) -> list[tuple[str, str]]:
    facts = []
    if record.get("reason"):
        reason = rules.reasons.get(record["reason"])
        facts.append((_("Reason"), naming.name_of(reason) or _void_reason(record["reason"])))
    if record.get("to"):
        facts.append((_("Back to"), naming.node(process, record["to"])))
    for name, label in (("reply_by", _("Reply expected by")), ("review_on", _("To be looked at again on"))):
        if record.get(name):
            at = datetime.fromisoformat(record[name])
            facts.append((label, moments.moment(at) if at.tzinfo else moments.day(at.date())))
    done = process.nodes.get(record.get("node", ""))
    facts += forms.in_words(getattr(done, "form", ""), record)
    for name, label in (("merged", _("Joined")), ("parts", _("New matters"))):
        if record.get(name):
            facts.append((label, " ".join(record[name])))
    if record.get("score"):
        facts.append((_("Rating"), "★" * record["score"]))
    if record.get("solved") is not None:
        facts.append((_("Solved"), _("Yes") if record["solved"] else _("No")))
    return facts


def _void_reason(slug: str) -> str:
    from yiwang.domains.operations.forms import VOID_REASONS

    return str(VOID_REASONS.get(slug, slug))
