"""Which areas somebody may look at as a whole."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yiwang.domains.operations.evaluation import KIND
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.errors import Denied, NotFound
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.queries import AreaRow


def areas(actor: Actor, action: str = "see") -> tuple[str, ...]:
    """The widest areas in which the actor may do this with every matter of city operations.

    A post that sees only its unit's matters sees no area as a whole.
    """
    found = set()
    for reach in actor.reach.get(action, ()) if actor.kind == "user" else ():
        if reach.units is None and (reach.kinds is None or KIND in reach.kinds):
            found.add(reach.area or current().district)
    return tuple(
        sorted(code for code in found if not any(code != one and code.startswith(one) for one in found))
    )


def choose(actor: Actor, asked: str) -> AreaRow:
    """The area that is asked for, or the widest that the actor may look at.

    Raises Denied when the actor sees no area as a whole, NotFound for an area that is unknown or not the actor's.
    """
    own, known = areas(actor), registers.areas()
    own = tuple(code for code in own if code in known)
    if not own:
        raise Denied(
            _(
                "The wall shows whole areas. Your posts see matters of single units, or none. "
                "Your own matters are under “My work”."
            ),
            reason="elsewhere",
            action="see",
        )
    code = asked or own[0]
    if code not in known or not any(code.startswith(one) for one in own):
        raise NotFound(_("There is no area %(code)s that you may look at.") % {"code": asked}, where="area")
    return known[code]


def may_evaluate(actor: Actor, area: str) -> bool:
    return any(area.startswith(one) for one in areas(actor, "evaluate"))


def above(area: AreaRow, actor: Actor) -> list[AreaRow]:
    """The areas around this one that the actor may look at, the widest first."""
    known, found = registers.areas(), []
    at: Any = known.get(area.parent or "")
    own = areas(actor)
    while at is not None and any(at.code.startswith(one) for one in own):
        found.insert(0, at)
        at = known.get(at.parent or "")
    return found


def below(area: AreaRow) -> list[AreaRow]:
    """The areas one level down, in the order of their codes."""
    return [row for row in registers.areas().values() if row.parent == area.code]
