"""Today's reports against the usual, as options of the chart."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def options(curve: dict[str, Any] | None) -> dict[str, Any]:
    """A line of today over the band of days like it. Colours are names of tokens."""
    if curve is None:
        return {}
    series: list[dict[str, Any]] = []
    if curve["low"]:
        plain = {"type": "line", "symbol": "none", "lineStyle": {"opacity": 0}, "silent": True}
        width = [round(high - low, 1) for low, high in zip(curve["low"], curve["high"], strict=True)]
        series += [
            plain | {"name": "low", "data": curve["low"], "stack": "band", "tooltip": {"show": False}},
            plain
            | {
                "name": pgettext("of a band", "usual range"),
                "data": width,
                "stack": "band",
                "areaStyle": {"color": "yw-edge", "opacity": 0.28},
                "itemStyle": {"color": "yw-edge"},
                "tooltip": {"show": False},
            },
            {
                "type": "line",
                "name": pgettext("wall", "usually"),
                "data": curve["middle"],
                "symbol": "none",
                "lineStyle": {"color": "yw-quiet", "type": "dashed", "width": 2},
                "itemStyle": {"color": "yw-quiet"},
            },
        ]
    series.append(
        {
            "type": "line",
            "name": pgettext("wall", "Today"),
            "data": curve["now"],
            "symbol": "circle",
            "symbolSize": 6,
            "showAllSymbol": False,
            "lineStyle": {"color": "yw-running", "width": 4},
            "itemStyle": {"color": "yw-running"},
        }
    )
    return {
        "grid": {"left": 4, "right": 12, "top": 34, "bottom": 4, "containLabel": True},
        "legend": {
            "top": 0,
            "right": 0,
            "itemWidth": 18,
            "data": [one["name"] for one in series if one["name"] != "low"],
        },
        "xAxis": {
            "type": "category",
            "boundaryGap": False,
            "data": [_("%(hour)s:00") % {"hour": hour} for hour in range(1, 25)],
            "axisLabel": {"interval": 5},
        },
        "yAxis": {"type": "value", "minInterval": 1, "splitNumber": 4},
        "series": series,
    }
