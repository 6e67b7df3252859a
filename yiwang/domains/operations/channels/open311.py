"""Open311 GeoReport v2."""

from __future__ import annotations

from yiwang.domains.operations.channels.base import Channel


class Open311(Channel):
    slug = "open311"
    name = "开放接口"
    name_en = "Open311"
