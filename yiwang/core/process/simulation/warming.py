"""Compiles the loop before somebody waits for it; the result stays on the disk."""

from __future__ import annotations

from datetime import date

from yiwang.core.process.reading import read
from yiwang.core.process.simulation.comparing import estimate
from yiwang.core.process.simulation.scenario import Arrivals, Pool, Scenario, StepPlan
from yiwang.core.worktime import Calendar

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
