"""When the compiled function answers, and who makes it: never somebody who waits for an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from yiwang.core.policy.errors import PolicyError
from yiwang.core.policy.fused import machine
from yiwang.core.policy.fused.recording import CannotRecord
from yiwang.core.policy.fused.running import Plan, plan, shape_of
from yiwang.core.policy.population import PERSON, Population
from yiwang.core.policy.rules import RulesAt

PERSONS_FROM = 100_000  # fewer are answered by NumPy in a few milliseconds
PLANS_KEPT = 32

log = logging.getLogger(__name__)
_lock = Lock()
_making: set[str] = set()
_folder: list[Path] = []


def keep_in(folder: Path | None) -> None:
    """Names the folder in which machine code is kept for the next start; see `machine.make` for who may write there."""
    _folder[:] = [] if folder is None else [folder]


def function_for(
    now: RulesAt, population: Population, wait: bool = False, always: bool = False
) -> tuple[Plan, Callable] | None:
    """The function that answers all programmes; None where NumPy is to answer.

    What is not there yet is made in a thread of its own, and this time NumPy answers; with `wait` it is made now.
    `always`: for a population of any size.
    """
    if not always and population.count[PERSON] < PERSONS_FROM:
        return None
    known = _plan(now, population)
    if known is None:
        return None
    text = known.written.text
    function = machine.made(text)
    if function is None and (wait or _kept(text)):
        function = _made(text)
    if function is not None:
        return known, function
    if not wait:
        _begin(text)
    return None


def _where() -> Path | None:
    return _folder[0] if _folder else None


def _plan(now: RulesAt, population: Population) -> Plan | None:
    plans, key = now.rules.texts.plans, (now.form, shape_of(population))
    found: Any = plans.get(key, plans)
    if found is plans:  # never asked
        try:
            found = plan(now, population, list(now.rules.programmes))
        except (CannotRecord, PolicyError) as reason:
            # A formula that is wrong is told by NumPy's evaluation, with file and line.
            log.info("the programmes are not compiled: %s", reason)
            found = None
        if len(plans) >= PLANS_KEPT:
            plans.clear()
        plans[key] = found
    return found


def _kept(text: str) -> bool:
    try:
        return machine.is_kept(text, _where())
    except (ImportError, RuntimeError, OSError):
        return False


def _made(text: str) -> Callable | None:
    try:
        return machine.make(text, _where())
    except (
        ImportError,
        RuntimeError,
        OSError,
    ) as wrong:  # no LLVM, an unknown processor, memory that may not be run
        log.warning("the programmes can't be compiled here: %s", wrong)
        return None


def _begin(text: str) -> None:
    with _lock:
        if text in _making:  # or it failed: it is not tried again
            return
        _making.add(text)
    Thread(target=_made, args=(text,), name="policy-compiler").start()
