"""The words of the mails: a subject and a plain text, in the language that is active."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.queries import class_name
from yiwang.kernel.notices import topics
from yiwang.kernel.notices.models import Digest, Notice
from yiwang.kernel.packs.rulebook import rulebook
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import moments


def notice(row: Notice, matter: Matter, address: str) -> tuple[str, str]:
    """Subject and text of one notice: what the system knows, and nothing that a resident wrote."""
    english = not moments.chinese()
    rules = rulebook(matter.pack_id)
    said = topics.sentence(row.topic, row.data, step_name(rules, matter.kind, row.data.get("node", "")))
    facts = [
        (_("Number"), matter.number),
        (_("Class"), class_name(rules, matter.standard, matter.class_code, english)),
        (_("Area"), registers.area_name(matter.area_id, english)),
        (_("Unit"), registers.unit_name(matter.unit_id, english)),
        (_("Instruction") if row.topic == "chased" else _("Note"), row.data.get("note", "")),
    ]
    lines = [said, "", *(_("%(name)s: %(value)s") % {"name": n, "value": v} for n, v in facts if v)]
    lines += ["", f"{address}/matters/{matter.number}", "", how_to_stop(address)]
    return _("%(number)s %(what)s") % {"number": matter.number, "what": said}, "\n".join(lines)


def digest(row: Digest, address: str) -> tuple[str, str]:
    """Subject and text of a day's digest."""
    said = topics.digest_line(row.counts)
    subject = _("Your work on %(day)s") % {"day": moments.day(row.day)}
    return subject, "\n".join([said, "", f"{address}/work", "", how_to_stop(address)])


def how_to_stop(address: str) -> str:
    return _("Which mails you get: %(where)s") % {"where": f"{address}/notices/settings"}


def step_name(rules, kind: str, node: str) -> str:
    """The name of a step in the language that is active; '' for one that the process does not have."""
    found = rules.process(kind).nodes.get(node)
    if found is None:
        return ""
    return (not moments.chinese() and getattr(found, "name_en", "")) or found.name
