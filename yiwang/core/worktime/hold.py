"""Holds: intervals in which the clock stands still."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yiwang.core.worktime.errors import HoldError
from yiwang.core.worktime.moment import OPEN, parse_moment, seconds_of


@dataclass(frozen=True, slots=True)
class Hold:
    """An interval, half open, that stops the clock  # 暂停/中止

    `end` None is a hold that nobody has ended yet. `reason` is the caller's code or text; it is shown, never
    interpreted. Both moments are aware. HoldError when it ends before it begins.
    """

    start: datetime
    end: datetime | None
    reason: str = ""

    def __post_init__(self):
        begin = seconds_of(self.start, "hold start")
        if self.end is not None and seconds_of(self.end, "hold end") < begin:
            raise HoldError(
                "order",
                f"the hold ends ({self.end.isoformat()}) before it begins ({self.start.isoformat()}): "
                "swap or correct the two moments",
                start=self.start.isoformat(),
                end=self.end.isoformat(),
            )

    @classmethod
    def parse(cls, text: str) -> "Hold":
        """A hold from FROM/TO, or FROM/ for one that has not ended. Moments as in `parse_moment`."""
        begin, slash, end = text.partition("/")
        if not slash or not begin.strip():
            raise HoldError(
                "format",
                f"“{text}” is not a hold: write FROM/TO, for example 2026-09-28T10:00/2026-09-30T15:00, "
                "or FROM/ while it lasts",
                value=text,
            )
        return cls(
            parse_moment(begin, "hold start"),
            parse_moment(end, "hold end") if end.strip() else None,
        )

    def __str__(self) -> str:
        return f"{self.start.isoformat()}/{self.end.isoformat() if self.end else ''}"


def union(holds: Iterable[Hold], start: int) -> list[tuple[int, int]]:
    """Disjoint, sorted (begin, end) in local seconds, clipped to begin no earlier than `start`.

    Overlapping holds of parallel tasks become one. A hold that ended before the start, and an empty one
    (begin == end), stop nothing and are left out. An end of `OPEN` is a hold without an end.
    """
    spans = [span[:2] for span in with_reasons(holds, start)]
    if len(spans) < 2:
        return spans
    spans.sort()
    merged = [spans[0]]
    for begin, end in spans[1:]:
        if begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def with_reasons(holds: Iterable[Hold], start: int) -> list[tuple[int, int, str]]:
    """(begin, end, reason) of each hold that stops something, clipped as in `union`, not merged."""
    spans = []
    for hold in holds:
        begin = max(seconds_of(hold.start, "hold start"), start)
        end = OPEN if hold.end is None else seconds_of(hold.end, "hold end")
        if end > begin:
            spans.append((begin, end, hold.reason))
    return spans
