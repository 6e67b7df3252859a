"""The settings a district may give in settings.yaml, their types and what holds where the pack is silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Setting:
    """A known setting. `least` and `most` bound a number; a list of words has neither."""

    type: type  # int, float or list
    default: Any
    unit: str
    meaning: str
    least: float | None = None
    most: float | None = None

    def refusal(self, value: Any) -> str:
        """Why `value` can't be taken, empty when it can."""
        if self.type is list:
            good = isinstance(value, list) and value and all(isinstance(v, str) and v for v in value)
            return "" if good else _("it must be a list of words")
        if isinstance(value, bool) or not isinstance(value, int if self.type is int else int | float):
            return _("it must be a whole number") if self.type is int else _("it must be a number")
        if not self.least <= value <= self.most:
            return _("it must lie between %(least)g and %(most)g") % {"least": self.least, "most": self.most}
        return ""


KNOWN: Mapping[str, Setting] = MappingProxyType(
    {
        "classify_threshold": Setting(
            float, 0.6, "", "below this confidence a report's class is chosen by a person", 0, 1
        ),
        "duplicate_radius_m": Setting(
            float, 100, "m", "how near two reports lie to be suggested as one", 1, 5000
        ),
        "duplicate_days": Setting(
            float, 7, "d", "how near in time two reports are to be suggested as one", 0, 365
        ),
        "duplicate_similarity": Setting(
            float, 0.6, "", "how alike two texts are to be suggested as one", 0, 1
        ),
        "max_extensions": Setting(int, 1, "", "how often the limits of one matter may be extended", 0, 10),
        "max_upload_mb": Setting(float, 10, "MB", "the largest file that is taken", 0.1, 200),
        "max_files": Setting(int, 6, "", "how many files one report may bring", 0, 50),
        "max_text_chars": Setting(int, 5000, "", "the longest text of a report", 100, 100_000),
        "outside_tolerance_m": Setting(
            float,
            0,
            "m",
            "how far outside the district's outline a point may lie and still be taken",
            0,
            5000,
        ),
        "reopen_days": Setting(int, 30, "d", "how long after closing a reporter may reopen", 0, 3650),
        "findings_open": Setting(
            int, 20, "", "how many households one community looks into at the same time", 1, 1000
        ),
        "findings_missing": Setting(
            int, 2, "", "with so few unknown facts an undetermined household is likely to qualify soon", 0, 20
        ),
        "findings_near": Setting(
            float, 0.1, "", "so little above the line of income a household is likely to qualify soon", 0, 1
        ),
        "help_weight_soon": Setting(
            int, 3, "", "how much more a need that is due soon counts than a normal one", 1, 100
        ),
        "help_weight_urgent": Setting(
            int, 9, "", "how much more an urgent need counts than a normal one", 1, 100
        ),
        "voucher_days": Setting(int, 30, "d", "how long a voucher can be used", 1, 365),
        "languages": Setting(
            list, ["zh-hans", "en"], "", "the languages the pages offer, the first by default"
        ),
    }
)
