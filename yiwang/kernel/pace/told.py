"""Why something cannot be simulated, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yiwang.core.process.simulation import SimulationError


def told(error: SimulationError) -> str:
    """A sentence that names the setting and says what to write."""
    say = _sentences().get(error.code)
    return f"{error.where}: {say}" if say and error.where else say or str(error)


def _sentences() -> dict[str, str]:
    return {
        "length": _("not a length of time. Write such as 30min, 2wh (working hours), 3wd (working days), 7d, or uniform 1wh 3wh, triangular 1wh 2wh 4wh, lognormal 2wh 8wh; one length has one kind of unit, and its numbers rise."),
        "cases": _("give a number of cases from 1 to 200,000."),
        "dates": _("the days are not in order or outside the calendar."),
        "people": _("give a number of people from 1 to 10,000, +1, -1, or all for as many as are needed."),
        "share": _("the share of their time is above 0 and at most 1."),
        "no_pool": _("there is no such post in this simulation."),
        "no_step": _("the process has no such step."),
        "chance": _("a chance lies between 0 and 1."),
        "chances": _("the chances of a step add up to one; less only where a timer can end it."),
        "outcome": _("the step has no such outcome."),
        "early": _("this step does not come after the other, or has a part for each unit."),
        "parallel": _("name two or more different steps."),
        "limit": _("not a time limit. Write a whole number and a unit, such as 5wd, 4wh, 24h, 7d."),
        "duration": _("say how long this timer runs, such as 5wd, 7d or 24h."),
        "hold": _("say how long the clock stands too, such as 0.1 5wd."),
        "material": _("name a material, such as missing.accept.id-card=0.2 or without=id-card."),
        "no_material": _("nobody counted how often this material is missing, and no value says it. Say it first, as missing.STEP.MATERIAL=0.2."),
        "by_material": _("what is missing is said by material, as missing.STEP.MATERIAL=0.2."),
        "sent_back": _("this step sends the application back when something is missing: write the share alone."),
        "number": _("not a number. Write such as 0.5."),
        "setting": _("no setting. Write NAME=VALUE; the documentation lists the names."),
        "circles": _("cases come to the same step a thousand times. Lower the chance of going back."),
        "never_ends": _("with these chances a case never ends from this step on."),
        "too_many": _("so much can be open at once that the process is too large to simulate as a whole."),
        "open_twice": _("this step can be open twice at once, which is not simulated."),
        "missing_name": _("say what the condition reads, as data.NAME=VALUE."),
        "replications": _("give 1 to 200 years to play."),
        "warm_up": _("give fewer days than the period has, or 0."),
        "no_hours": _("no day of the period is worked."),
    }  # fmt: skip
