"""The materials of an application (申请材料): what the applicant says of each, what the window finds, what is missing.

What is not there is told once and all at once (一次告知); what may come later is accepted on that condition (容缺受理).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import answering
from yiwang.kernel.matters.case import Case
from yiwang.kernel.matters.forms import Answer, Prepared
from yiwang.kernel.packs.granted import Needed

# What the applicant says of a material, and what the window says of it later.
LOOKUP, BROUGHT, LATER, MISSING, RECEIVED = "lookup", "brought", "later", "missing", "received"
FILLED = "filled"  # made of the form that is filled in here
MADE = "made"  # another part of the same joint application issues it
COMMITTED = "committed"  # the applicant's commitment stands for it (告知承诺)
STATES: Mapping[str, Any] = {
    LOOKUP: gettext_lazy("looked up by the government"),
    BROUGHT: gettext_lazy("sent or brought by the applicant"),
    LATER: gettext_lazy("to be brought later"),
    MISSING: gettext_lazy("missing"),
    RECEIVED: gettext_lazy("received"),
    FILLED: gettext_lazy("made of the form that was filled in"),
    MADE: gettext_lazy("issued on the way by another service"),
    COMMITTED: gettext_lazy("not needed: the commitment stands for it"),
}


def state_said(state: str, optional: bool) -> str:
    """What became of a material, in words: what not every case needs is not called missing."""
    if state == MISSING and optional:
        return _("not given; not every case needs it")
    return str(STATES.get(state, state))


def offered_for(materials: Sequence[Needed], slug: str) -> list[str]:
    """What can be said of a material: the first is what is proposed."""
    same = [needed for needed in materials if needed.material.slug == slug]
    if same[0].material.from_form:
        return [FILLED]
    offered = [LOOKUP] if same[0].material.shared else []
    offered.append(BROUGHT)
    if any(needed.need == "deferrable" for needed in same):
        offered.append(LATER)
    if all(needed.need == "optional" or needed.when for needed in same):
        offered.append(MISSING)
    return offered


def said_of(
    materials: Sequence[Needed],
    given: Mapping[str, str],
    consent: bool,
    instead: Collection[str] | None = None,
) -> dict[str, str]:
    """What the applicant says of each material. `instead`: what the commitment stands for, None where none is made.

    Raises Invalid for a choice that is not offered; by commitment nothing is brought later.
    """
    said: dict[str, str] = {}
    for needed in materials:
        slug = needed.material.slug
        if needed.material.from_form:  # nobody is asked for it
            said[slug] = FILLED
            continue
        if slug in (instead or ()):
            said[slug] = COMMITTED
            continue
        offered = offered_for(materials, slug)
        state = given.get(slug) or offered[0]
        if state not in offered:
            raise Invalid(
                _("This is not offered for %(name)s.") % {"name": needed.material.name},
                where=f"material_{slug}",
            )
        if state == LATER and instead is not None:
            raise Invalid(nothing_later(needed.material.name), where=f"material_{slug}")
        if state == LOOKUP and not consent:
            raise Invalid(
                _("To look up %(name)s we need your consent; or say that you bring it.")
                % {"name": needed.material.name},
                where="consent",
            )
        said[slug] = state
    return said


def nothing_later(name: str) -> str:
    return _("%(name)s may not be brought later where you apply by commitment: it is decided at once.") % {
        "name": name
    }


def seen_at_the_window(
    case: Case, answer: Answer, materials: Sequence[Needed], instead: Collection[str] = ()
) -> tuple[dict[str, str], Prepared]:
    """What the window makes of the materials when it accepts, accepts on a condition, or tells what is missing.

    `instead`: the materials for which the applicant's commitment stands; they are not asked for.

    The states by slug, and process data with what the event keeps. Raises Invalid with the field.
    """
    states = _states(answer, materials, instead, in_joint="joint" in case.data)
    lacking = [slug for slug, state in states.items() if state == MISSING and _required(materials, slug)]
    later = [slug for slug, state in states.items() if state == LATER]
    if answer.outcome == "missing":
        return states, _told_once(case, lacking)
    if lacking:
        raise Invalid(
            _("%(name)s is missing. Tell the applicant what is missing, all at once.")
            % {"name": _name(materials, lacking[0])},
            where=f"material_{lacking[0]}",
        )
    if answer.outcome == "conditional" and not later:
        raise Invalid(_("Nothing is to be brought later. Accept it without a condition."), where="outcome")
    if answer.outcome != "conditional" and later:
        raise Invalid(
            _("%(name)s is to be brought later: accept on that condition.")
            % {"name": _name(materials, later[0])},
            where=f"material_{later[0]}",
        )
    return states, Prepared(
        data={"conditional": answer.outcome == "conditional"}, record={"materials": states}
    )


def _told_once(case: Case, lacking: list[str]) -> Prepared:
    if case.data.get("told"):
        raise Invalid(
            _("What is missing is told once, all of it. It was told already: accept or refuse."),
            where="outcome",
        )
    if not lacking:
        raise Invalid(_("Mark what is missing."), where="outcome")
    return Prepared(data={"told": True}, record={"missing": lacking})


def _states(
    answer: Answer, materials: Sequence[Needed], instead: Collection[str], in_joint: bool
) -> dict[str, str]:
    """What the window says of each material; one that nobody marked is missing, or not needed by commitment."""
    found: dict[str, str] = {}
    for needed in materials:
        slug = needed.material.slug
        own = FILLED if needed.material.from_form else COMMITTED if slug in instead else MISSING
        value = answering.text(answer, f"material_{slug}") or own
        wrong = (value == MADE and not in_joint) or (value in (FILLED, COMMITTED) and value != own)
        if value not in STATES or wrong:
            raise Invalid(_("Choose what became of it."), where=f"material_{slug}")
        if value == LATER and LATER not in offered_for(materials, slug):
            raise Invalid(
                _("%(name)s may not be brought later.") % {"name": needed.material.name},
                where=f"material_{slug}",
            )
        found[slug] = value
    return found


def _required(materials: Sequence[Needed], slug: str) -> bool:
    """Whether it is needed in every case; what is asked for only in some cases is the clerk's to judge."""
    return any(
        needed.need != "optional" and not needed.when for needed in materials if needed.material.slug == slug
    )


def _name(materials: Sequence[Needed], slug: str) -> str:
    return next(needed.material.name for needed in materials if needed.material.slug == slug)
