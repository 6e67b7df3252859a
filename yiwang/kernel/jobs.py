"""What is done again and again beside the requests. A part registers its jobs when it starts; the worker runs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Job:
    """`run` is given the moment and says how much it did.

    `every`: seconds between two runs. `at_once`: what a run does at most; so much done means that there may be
    more, and it is asked again at once. `first`: seconds after the worker's start before the first run. `beside`: it
    may take a minute, so it runs in a thread of its own and the other jobs do not wait for it.
    """

    name: str
    every: float
    run: Callable[[datetime], int]
    at_once: int = 0
    first: float = 0.0
    beside: bool = False


_jobs: dict[str, Job] = {}


def register(job: Job) -> None:
    _jobs[job.name] = job


def registered() -> list[Job]:
    return list(_jobs.values())
