"""Counts against their own history: how unusual, which are rising, what is usual at this hour. Pure; no database."""

from .bands import Band, band, like_days, quantile
from .intervals import wilson
from .rising import Finding, Series, adjusted, dispersions, rising
from .tails import tail

__all__ = [
    "Band",
    "Finding",
    "Series",
    "adjusted",
    "band",
    "dispersions",
    "like_days",
    "quantile",
    "rising",
    "tail",
    "wilson",
]
