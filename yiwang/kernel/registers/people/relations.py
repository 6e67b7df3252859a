"""Relations to the head of a household, and rules about who may be one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid
from yiwang.kernel.registers.people.variables import variables

HEAD = "head"


def require_relation(relation: str) -> str:
    """`relation` when the pack's variable `relation` has it. Raises Invalid with those it has."""
    known = variables()["relation"].choices
    if relation not in known:
        raise Invalid(
            _("%(word)s is no relation to the head; there are %(words)s.")
            % {"word": relation[:40], "words": ", ".join(known)},
            where="relation",
            code="no_relation",
        )
    return relation
