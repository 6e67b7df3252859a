"""Compiles the loop before somebody waits for it; the result stays on the disk.

`ready` says whether this process can play at once. `begin` makes it so beside what the process does: the compiler runs in a
process of its own, so that requests are answered meanwhile, and what it left on the disk is then loaded here.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from datetime import date

from yiwang.core.process.reading import read
from yiwang.core.process.simulation import loop
from yiwang.core.process.simulation.comparing import estimate
from yiwang.core.process.simulation.scenario import Arrivals, Pool, Scenario, StepPlan
from yiwang.core.worktime import Calendar, Season

log = logging.getLogger(__name__)
LONGEST = 300.0  # seconds that the compiler gets; after that it is compiled here
_starting = threading.Lock()
_running: threading.Thread | None = None

SMALLEST = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:yiwang="urn:yiwang:bpmn:1"
 targetNamespace="urn:yiwang:warming" id="w"><process id="warming" name="warming" isExecutable="true">
 <startEvent id="a"/><userTask id="b" name="b" yiwang:post="p" yiwang:outcomes="done"/><endEvent id="c"/>
 <sequenceFlow id="ab" sourceRef="a" targetRef="b"/><sequenceFlow id="bc" sourceRef="b" targetRef="c"/>
</process></definitions>"""


def warm(calendar: Calendar) -> None:
    """Plays the smallest year there is: 10 to 30 seconds after an installation, less than one later."""
    day = date(calendar.first_year, 3, 1)
    arrivals = Arrivals(1, day, date(day.year, 3, 31))
    estimate(Scenario(read(SMALLEST), {"b": StepPlan("p")}, {"p": Pool(1)}, arrivals, (calendar,)), 1, 1)


def ready() -> bool:
    """Whether the loop is compiled, or loaded from the disk, in this process."""
    return bool(loop.play.signatures)


def begin(wait: float = 0.0) -> bool:
    """Makes the loop ready beside the caller, once however often it is asked for; `ready` after at most `wait` seconds."""
    global _running
    with _starting:
        if not ready() and (_running is None or not _running.is_alive()):
            _running = threading.Thread(target=_make, name="rehearsal compiler", daemon=True)
            _running.start()
    if _running is not None:
        _running.join(wait)
    return ready()


def _make() -> None:
    try:
        command = [sys.executable, "-m", __name__]
        subprocess.run(command, stdin=subprocess.DEVNULL, timeout=LONGEST, check=False)  # noqa: S603 - our own
        warm(_any_calendar())
    except Exception:
        log.exception(
            "The loop of the simulation could not be prepared; it is tried again when it is asked for"
        )


def _any_calendar() -> Calendar:
    """Which one makes no difference to what is compiled."""
    season = Season.from_pack({"from": "01-01", "to": "12-31", "windows": ["08:00-16:00"]})
    return Calendar.build([], [season], 2024, 2026)


if __name__ == "__main__":
    warm(_any_calendar())
