"""What the API tells of an area at this moment."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from yiwang.faces.api.told import Told


class WallCount(Told):
    open: int
    overdue: int
    due_today: int = Field(description="Due later today.")
    held: int
    oldest_due: datetime | None = Field(description="The earliest due moment of those overdue.")


class WallToday(Told):
    day: date
    hours: list[int] = Field(
        description="Reports added up by the end of each hour, the present one included."
    )
    low: list[float] = Field(description="10th percentile of the days compared, for all 24 hours.")
    median: list[float]
    high: list[float] = Field(description="90th percentile.")
    days: list[date] = Field(description="The days compared.")


class WallRise(Told):
    kind: str = Field(description="class or community")
    key: str = Field(description="standard|class_code, or the code of a community")
    window: str = Field(description="today or week (seven days)")
    count: int
    expected: float
    windows: int = Field(description="How many earlier windows it is compared with.")
    dispersion: float
    chance: float = Field(description="The probability of so many or more by chance.")
    corrected: float = Field(description="The same after all comparisons that were made.")


class WallRate(Told):
    unit: str
    on_time: int
    due: int
    rank: int | None = Field(description="null with fewer than 20 cases")
    low: float = Field(description="95 % interval of the rate (Wilson).")
    high: float


class WallChief(Told):
    post: str
    level: int
    area: str
    name: str
    holders: list[str]
    roads: int


class WallOut(Told):
    area: str
    name: str
    at: datetime
    counted_at: datetime | None = Field(
        description="Up to when history is counted; null before the first count."
    )
    total: WallCount
    by_unit: dict[str, WallCount] = Field(description="By code; the empty key: no unit yet.")
    by_link: dict[str, WallCount]
    by_area: dict[str, WallCount] = Field(description="One level below.")
    today: WallToday | None
    rising: list[WallRise]
    entered: dict[str, int] = Field(description="Tasks begun today, by link.")
    left: dict[str, int] = Field(description="Tasks done today, by link.")
    closed: int | None
    handled_on_time: list[WallRate] | None = Field(description="30 days; null without the right to evaluate.")
    road_chiefs: list[WallChief]
