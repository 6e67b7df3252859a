"""The compiled loop: one year of cases, event by event, in whole seconds.

All randomness is a hash of (seed, case, step, visit, what for), so that two variants meet the same luck at the same
step of the same case whatever happened before (common random numbers), and a run depends on its seed alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from yiwang.core.process.simulation.clock import (
    DAY,
    FAR,
    WITHIN,
    advance,
    after_limit,
    when_worked_from,
    worked,
)

# Columns of the table of jobs: one row each time that a task, service or timer opens.
# OFFICE_READY, OFFICE_BEGUN and OFFICE_DONE are the office seconds before READY, BEGUN and DONE, once it was begun.
(CASE, PLACE, POOL, OPENED, HELD, READY, BEGUN, DONE, OUTCOME, STATE, EARLY, NEXT,
 OFFICE_READY, OFFICE_BEGUN, OFFICE_DONE) = range(15)  # fmt: skip
COLUMNS = 15
# CALLING: the work of a step that was begun early is done, and the process has come to it.
WAITING, QUEUED, SERVING, CALLING, FINISHED, CANCELLED = range(6)
NOT_EARLY, EARLY_OPEN, CALLED = range(3)  # a step begun early counts once the process comes to it
ON_READY, ON_FINISH = 0, 1
WORK, DELAY, HOLD, HOLD_CHANCE, DECISION, LACK, LACK_WAIT = 1, 2, 3, 4, 5, 6, 7
MOST_VISITS = 1000


class Plan(NamedTuple):
    """A scenario as arrays; see `compiling`."""

    timer: np.ndarray  # [place] 1 for a timer
    amount: np.ndarray  # [place] of a timer
    unit: np.ndarray
    key: np.ndarray  # [place] what its luck depends on
    work: np.ndarray  # [place] row of `tables`
    work_natural: np.ndarray
    delay: np.ndarray
    delay_natural: np.ndarray
    hold: np.ndarray
    hold_natural: np.ndarray
    hold_chance: np.ndarray
    lack_chance: np.ndarray  # [place] that the first look finds something missing
    lack_outcome: np.ndarray  # [place] the outcome that it has then; -1: the clock stands
    lack_wait: np.ndarray
    lack_natural: np.ndarray
    outcome_from: np.ndarray  # [place] offsets into `chance`
    chance: np.ndarray  # cumulative
    pool: np.ndarray  # [profile, place]; -1 nobody is needed
    calendar_of: np.ndarray  # [profile, place]
    people: np.ndarray  # [pool]; -1 as many as are needed
    share: np.ndarray
    tables: np.ndarray  # [row, knot]
    early_from: np.ndarray  # [place] offsets into `early`
    early: np.ndarray  # places begun together with it
    row_from: np.ndarray  # [position] offsets into the rows
    row_place: np.ndarray
    row_outcome: np.ndarray
    row_next: np.ndarray
    row_end: np.ndarray  # end node, or -1
    open_from: np.ndarray  # [row] offsets into `open`
    open: np.ndarray
    close_from: np.ndarray
    close: np.ndarray
    start_row: np.ndarray  # [profile]


@njit(**WITHIN)
def _mix(value):
    value ^= value >> np.uint64(30)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(27)
    value *= np.uint64(0x94D049BB133111EB)
    value ^= value >> np.uint64(31)
    return value


@njit(**WITHIN)
def luck(seed, case, key, visit, purpose):
    """A number from 0 to below 1."""
    value = _mix(np.uint64(seed) + np.uint64(case) * np.uint64(0x9E3779B97F4A7C15))
    value = _mix(value ^ key)
    value = _mix(value + np.uint64(visit * 8 + purpose) * np.uint64(0xD1B54A32D192ED03))
    return np.float64(value >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(**WITHIN)
def _draw(tables, row, share):
    knots = tables.shape[1] - 1
    place = share * knots
    low = int(place)
    return tables[row, low] + (tables[row, low + 1] - tables[row, low]) * (place - low)


@njit(**WITHIN)
def _push(heap, size, moment, order, job, what):
    place = size
    while place > 0:
        parent = (place - 1) // 2
        if heap[parent, 0] < moment or (heap[parent, 0] == moment and heap[parent, 1] < order):
            break
        heap[place, 0], heap[place, 1], heap[place, 2] = heap[parent, 0], heap[parent, 1], heap[parent, 2]
        place = parent
    heap[place, 0], heap[place, 1], heap[place, 2] = moment, order, job * 2 + what
    return size + 1


@njit(**WITHIN)
def _pop(heap, size):
    """Takes the first event out; the caller has read row 0."""
    size -= 1
    moment, order, what = heap[size, 0], heap[size, 1], heap[size, 2]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and (
            heap[child + 1, 0] < heap[child, 0]
            or (heap[child + 1, 0] == heap[child, 0] and heap[child + 1, 1] < heap[child, 1])
        ):
            child += 1
        if moment < heap[child, 0] or (moment == heap[child, 0] and order < heap[child, 1]):
            break
        heap[place, 0], heap[place, 1], heap[place, 2] = heap[child, 0], heap[child, 1], heap[child, 2]
        place = child
    heap[place, 0], heap[place, 1], heap[place, 2] = moment, order, what
    return size


@njit(cache=True)
def _larger(table):
    bigger = np.empty((table.shape[0] * 2, table.shape[1]), table.dtype)
    bigger[: table.shape[0]] = table
    return bigger


@njit(**WITHIN)
def _begin(plan, clocks, seed, profile, jobs, visits, heap, size, order, job, moment):
    """A person takes up the job; gives the size of the heap."""
    case, place = jobs[job, CASE], jobs[job, PLACE]
    seconds = _draw(plan.tables, plan.work[place], luck(seed, case, plan.key[place], visits, WORK))
    pool = jobs[job, POOL]
    if pool >= 0:
        seconds /= plan.share[pool]
    calendar = plan.calendar_of[profile[case], place]
    jobs[job, BEGUN], jobs[job, STATE] = moment, SERVING
    whole, office = int(seconds + 0.5), worked(clocks, calendar, moment)
    ready = jobs[job, READY]
    jobs[job, OFFICE_BEGUN] = office
    jobs[job, OFFICE_READY] = office if ready == moment else worked(clocks, calendar, ready)
    if plan.work_natural[place] or whole == 0:
        done = advance(clocks, calendar, moment, whole, True)
        jobs[job, OFFICE_DONE] = worked(clocks, calendar, done)
    else:
        done = when_worked_from(clocks, calendar, office + whole, moment // DAY - clocks.first)
        jobs[job, OFFICE_DONE] = min(office + whole, clocks.before[calendar, -1])
    jobs[job, DONE] = done
    if done < FAR:
        size = _push(heap, size, done, order, job, ON_FINISH)
    return size


@njit(**WITHIN)
def _ready(plan, clocks, seed, profile, jobs, visit, heap, size, order, free, head, tail, job, now):
    """A person takes up the job at once, or it waits its turn; gives the size of the heap."""
    pool = jobs[job, POOL]
    if pool < 0 or plan.people[pool] < 0:
        return _begin(plan, clocks, seed, profile, jobs, visit, heap, size, order, job, now)
    if free[pool] > 0:
        free[pool] -= 1
        return _begin(plan, clocks, seed, profile, jobs, visit, heap, size, order, job, now)
    jobs[job, STATE], jobs[job, NEXT] = QUEUED, -1
    if head[pool] < 0:
        head[pool] = job
    else:
        jobs[tail[pool], NEXT] = job
    tail[pool] = job
    return size


@njit(cache=True)
def play(plan, clocks, seed, arrivals, profile):
    """Plays all cases to their end, or to the calendar's.

    Gives (jobs, ended, end): the table of jobs; when each case ended (FAR: not) and at which end node (-1: none,
    -2: it went in circles).
    """
    cases, places = arrivals.shape[0], plan.timer.shape[0]
    most = 0
    for row in range(plan.open_from.shape[0] - 1):
        most = max(most, plan.open_from[row + 1] - plan.open_from[row])
        most = max(most, plan.close_from[row + 1] - plan.close_from[row])
    room = 4 * (most + places + 2)
    jobs = np.empty(
        (max(1024, cases * 24) + room, COLUMNS), np.int64
    )  # memory that is not written costs nothing
    heap = np.empty((1024 + room, 3), np.int64)
    job_of = np.full((cases, places), -1, np.int32)
    visits = np.zeros((cases, places), np.int32)
    visit_of = np.zeros(jobs.shape[0], np.int32)
    early_of = np.full((cases, places) if plan.early.shape[0] else (1, 1), -1, np.int32)
    position = np.full(cases, -1, np.int32)
    ended = np.full(cases, FAR, np.int64)
    end = np.full(cases, -1, np.int32)
    free = plan.people.copy()
    head, tail = np.full(free.shape[0], -1, np.int64), np.full(free.shape[0], -1, np.int64)
    todo = np.empty((room, 2), np.int64)  # places to open, and whether early
    released = np.empty(room, np.int64)  # pools in which a person became free
    count, size, order, arrived = 0, 0, 0, 0

    while arrived < cases or size > 0:
        if count + room > jobs.shape[0]:
            jobs = _larger(jobs)
            wider = np.zeros(jobs.shape[0], np.int32)
            wider[: visit_of.shape[0]] = visit_of
            visit_of = wider
        if size + room > heap.shape[0]:
            heap = _larger(heap)
        opening, freed, row = 0, 0, -1
        if arrived < cases and (size == 0 or arrivals[arrived] <= heap[0, 0]):
            case, now = arrived, arrivals[arrived]
            arrived += 1
            row = plan.start_row[profile[case]]
        else:
            now, packed = heap[0, 0], heap[0, 2]
            size = _pop(heap, size)
            job, what = packed // 2, packed % 2
            case, place, pool = jobs[job, CASE], jobs[job, PLACE], jobs[job, POOL]
            if jobs[job, STATE] >= FINISHED:
                continue
            if what == ON_READY:
                order += 1
                size = _ready(
                    plan, clocks, seed, profile, jobs, visit_of[job], heap, size, order, free, head, tail, job, now
                )  # fmt: skip
                continue
            if jobs[job, STATE] == SERVING and pool >= 0 and plan.people[pool] >= 0:
                released[freed] = pool
                freed += 1
            if jobs[job, STATE] != CALLING:
                jobs[job, DONE] = now
            jobs[job, STATE] = FINISHED
            if jobs[job, EARLY] != EARLY_OPEN and ended[case] == FAR:
                job_of[case, place] = -1
                at = position[case]
                for one in range(plan.row_from[at], plan.row_from[at + 1]):
                    if plan.row_place[one] == place and plan.row_outcome[one] == jobs[job, OUTCOME]:
                        row = one
                        break
        if row >= 0:
            for one in range(plan.close_from[row], plan.close_from[row + 1]):
                place = plan.close[one]
                job = job_of[case, place]
                if job >= 0:
                    if (
                        jobs[job, STATE] == SERVING
                        and jobs[job, POOL] >= 0
                        and plan.people[jobs[job, POOL]] >= 0
                    ):
                        released[freed] = jobs[job, POOL]
                        freed += 1
                    if jobs[job, STATE] == SERVING:
                        calendar = plan.calendar_of[profile[case], place]
                        jobs[job, OFFICE_DONE] = worked(clocks, calendar, now)
                    jobs[job, STATE], jobs[job, DONE] = CANCELLED, now
                    job_of[case, place] = -1
            position[case] = plan.row_next[row]
            if plan.row_end[row] >= 0:
                ended[case], end[case] = now, plan.row_end[row]
                for place in range(early_of.shape[1] if plan.early.shape[0] else 0):
                    job = early_of[case, place]
                    if job >= 0 and jobs[job, STATE] < SERVING:
                        jobs[job, STATE], jobs[job, DONE] = CANCELLED, now
            for one in range(plan.open_from[row], plan.open_from[row + 1]):
                todo[opening, 0], todo[opening, 1] = plan.open[one], NOT_EARLY
                opening += 1
                place = plan.open[one]
                for other in range(plan.early_from[place], plan.early_from[place + 1]):
                    todo[opening, 0], todo[opening, 1] = plan.early[other], EARLY_OPEN
                    opening += 1
        for one in range(opening):
            place, early = todo[one, 0], todo[one, 1]
            if early == NOT_EARLY and plan.early.shape[0] and early_of[case, place] >= 0:
                job = early_of[case, place]
                early_of[case, place] = -1
                jobs[job, EARLY] = CALLED
                job_of[case, place] = job
                if jobs[job, STATE] == FINISHED:  # its work is done: the result counts now
                    jobs[job, STATE] = CALLING
                    order += 1
                    size = _push(heap, size, now, order, job, ON_FINISH)
                continue
            if early == EARLY_OPEN:
                job = early_of[case, place]
                if job >= 0 and jobs[job, STATE] < SERVING:
                    jobs[job, STATE], jobs[job, DONE] = CANCELLED, now
                if job_of[case, place] >= 0:
                    continue
            if visits[case, place] >= MOST_VISITS:
                ended[case], end[case] = now, -2
                continue
            visit = visits[case, place]
            visits[case, place] = visit + 1
            job = count
            count += 1
            visit_of[job] = visit
            jobs[job, CASE], jobs[job, PLACE], jobs[job, EARLY], jobs[job, NEXT] = case, place, early, -1
            jobs[job, OPENED], jobs[job, HELD], jobs[job, READY] = now, now, now
            jobs[job, BEGUN], jobs[job, DONE], jobs[job, STATE], jobs[job, OUTCOME] = FAR, FAR, WAITING, 0
            jobs[job, POOL] = -1
            if early:
                early_of[case, place] = job
            else:
                job_of[case, place] = job
            order += 1
            if plan.timer[place]:
                done = after_limit(clocks, 0, now, plan.amount[place], plan.unit[place])
                if done < FAR:
                    size = _push(heap, size, done, order, job, ON_FINISH)
                continue
            key, calendar = plan.key[place], plan.calendar_of[profile[case], place]
            share = luck(seed, case, key, visit, DECISION)
            first, last = plan.outcome_from[place], plan.outcome_from[place + 1]
            outcome = 0
            while first + outcome < last and share >= plan.chance[first + outcome]:
                outcome += 1
            lacks = (
                visit == 0
                and plan.lack_chance[place] > 0
                and luck(seed, case, key, visit, LACK) < plan.lack_chance[place]
            )
            if lacks and plan.lack_outcome[place] >= 0:
                outcome = plan.lack_outcome[place]
            if first + outcome >= last:
                jobs[job, OUTCOME] = -1  # stays open until a timer ends it
                continue
            jobs[job, OUTCOME], jobs[job, POOL] = outcome, plan.pool[profile[case], place]
            ready = now
            if lacks and plan.lack_outcome[place] < 0:
                share = luck(seed, case, key, visit, LACK_WAIT)
                seconds = int(_draw(plan.tables, plan.lack_wait[place], share) + 0.5)
                ready = advance(clocks, calendar, ready, seconds, plan.lack_natural[place])
                jobs[job, HELD] = ready
            if (
                ready < FAR
                and plan.hold_chance[place] > 0
                and luck(seed, case, key, visit, HOLD_CHANCE) < plan.hold_chance[place]
            ):
                seconds = int(_draw(plan.tables, plan.hold[place], luck(seed, case, key, visit, HOLD)) + 0.5)
                ready = advance(clocks, calendar, ready, seconds, plan.hold_natural[place])
                jobs[job, HELD] = ready
            if ready < FAR:
                seconds = int(
                    _draw(plan.tables, plan.delay[place], luck(seed, case, key, visit, DELAY)) + 0.5
                )
                ready = advance(clocks, calendar, ready, seconds, plan.delay_natural[place])
            jobs[job, READY] = ready
            if ready == now:
                size = _ready(
                    plan, clocks, seed, profile, jobs, visit, heap, size, order, free, head, tail, job, now
                )  # fmt: skip
            elif ready < FAR:
                size = _push(heap, size, ready, order, job, ON_READY)
        for one in range(freed):
            pool = released[one]
            free[pool] += 1
            while head[pool] >= 0 and free[pool] > 0:
                job = head[pool]
                head[pool] = jobs[job, NEXT]
                if jobs[job, STATE] == QUEUED:
                    free[pool] -= 1
                    order += 1
                    size = _begin(
                        plan, clocks, seed, profile, jobs, visit_of[job], heap, size, order, job, now
                    )
    return jobs[:count], ended, end
