"""What was done where there was no network: the moment that the phone says, beside the moment of the server.

The legal clocks know the server's moment only (docs/decisions/0014-done-off-line.md). The phone's word is kept
in the event, so that a person can be treated fairly. Pure: no database, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

AT_ONCE = timedelta(seconds=60)  # sent within it, it was done on-line: nothing to tell
BELIEVED = timedelta(days=30)  # older than this is a wrong clock rather than a cellar


@dataclass(frozen=True, slots=True)
class Offline:
    """`done_at`: when it was done, by the server's clock. `device_at`: what the phone's own clock showed."""

    done_at: datetime
    device_at: datetime

    def record(self) -> dict[str, str]:
        """What the event keeps."""
        return {
            "done_at": self.done_at.astimezone(UTC).isoformat(),
            "device_at": self.device_at.astimezone(UTC).isoformat(),
        }


def offline(*, device_done: datetime, device_sent: datetime, now: datetime) -> Offline | None:
    """When it was done, from two moments of the same phone, so that a clock that is set wrong does not matter.

    None when it was sent at once, or when the two moments cannot be true.
    """
    age = device_sent - device_done
    if not AT_ONCE <= age <= BELIEVED:
        return None
    return Offline((now - age).replace(microsecond=0), device_done.replace(microsecond=0))
