"""Time limits as text: 5wd, 4wh, 24h, 7d, 2eh."""

import re
from dataclasses import dataclass

from yiwang.core.worktime.errors import LimitError

UNITS = {
    "wd": "working days",  # 工作日
    "wh": "working hours",  # 工作时
    "h": "hours",  # 小时
    "d": "natural days",  # 自然日
    "eh": "emergency hours",  # 紧急工作时
}
DAY_UNITS = frozenset({"wd", "d"})
MAX_AMOUNT = 99_999
_TEXT = re.compile(r"(\d+) *([a-z]+)", re.ASCII)
_HOW = "write a whole number and a unit: 5wd (working days), 4wh (working hours), 24h, 7d or 2eh (emergency)"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take  # 时限

    `amount` is whole units. Zero is allowed for days only and means "by close of business the same day";
    zero hours would be due before anybody could act and are refused.
    """

    amount: int
    unit: str

    def __post_init__(self):
        if self.unit not in UNITS:
            raise LimitError(
                "unit",
                f"“{self.unit}” is not a unit of time limits: use {', '.join(UNITS)}",
                unit=self.unit,
            )
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            raise LimitError(
                "amount", f"a limit counts whole units, not {self.amount!r}", amount=str(self.amount)
            )
        if not 0 <= self.amount <= MAX_AMOUNT:
            raise LimitError(
                "range",
                f"a limit is between 0 and {MAX_AMOUNT} units, not {self.amount}",
                amount=self.amount,
            )
        if self.amount == 0 and not self.counts_days:
            raise LimitError(
                "zero_hours",
                f"0{self.unit} would be due at once: use 0wd for “the same day”, or at least 1{self.unit}",
                unit=self.unit,
            )

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """The limit that `text` (5wd, 4wh, 24h, 7d, 2eh) says; LimitError with what to write instead."""
        match = _TEXT.fullmatch(text.strip()) if isinstance(text, str) else None
        if not match or match[2] not in UNITS or len(match[1]) > 9:
            raise LimitError("format", f"“{text}” is not a time limit: {_HOW}", value=str(text))
        return cls(int(match[1]), match[2])

    @property
    def counts_days(self) -> bool:
        return self.unit in DAY_UNITS

    def extended(self, extension: "Limit | None") -> "Limit":
        """This limit with `extension` added. An extension is granted in the limit's own unit: the law that
        grants "ten more working days" (行政许可法 42) counts them like the first; LimitError otherwise.
        """
        if extension is None:
            return self
        if extension.unit != self.unit:
            raise LimitError(
                "extension_unit",
                f"a limit of {self} cannot be extended by {extension}: give the extension in {self.unit}",
                limit=str(self),
                extension=str(extension),
            )
        return Limit(self.amount + extension.amount, self.unit)

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"
