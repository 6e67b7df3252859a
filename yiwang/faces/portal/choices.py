"""What the form of a report offers to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.domains.operations import classify
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import moments

KINDS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Kinds:
    """The classes that a text may be about: (value, name), the likeliest first; `sure` is the value of the one that
    we would take without asking."""

    options: tuple[tuple[str, str], ...] = ()
    sure: str = ""


def kinds_of(text: str, chosen: str = "") -> Kinds:
    """The classes for a text; the one that the person chose before stays among them."""
    rules, english = current(), not moments.chinese()
    known, sure = [], ""
    if len(text.strip()) >= 2:
        guesses = classify.suggest(text[: rules.settings["max_text_chars"]], rules, most=2 * KINDS_SHOWN)
        known = [row for one in guesses if (row := rules.class_def(one.standard, one.code))]
        best = classify.sure(list(guesses), rules)
        sure = f"{best.standard}|{best.code}" if best else ""
    # A class says what is broken; the broad topics of the hotline are for when no class fits.
    known = ([row for row in known if row.kind != "topic"] or known)[:KINDS_SHOWN]
    standard, _bar, code = chosen.rpartition("|")
    before = rules.class_def(standard, code) if code else None
    if before is not None and before not in known:
        known.insert(0, before)
    return Kinds(
        tuple((f"{row.standard}|{row.code}", (english and row.name_en) or row.name) for row in known), sure
    )


def communities() -> list[tuple[str, list[tuple[str, str]]]]:
    """The communities under their sub-districts, for a grouped choice."""
    english = not moments.chinese()
    members: dict[str, list[tuple[str, str]]] = {}
    for row in registers.areas().values():
        if row.level == "community":
            members.setdefault(row.parent or "", []).append((row.code, (english and row.name_en) or row.name))
    return [(registers.area_name(code, english), found) for code, found in sorted(members.items())]
