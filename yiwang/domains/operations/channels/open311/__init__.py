"""Open311 GeoReport v2: reports from other people's apps, and what became of them, in JSON and XML.

http://wiki.open311.org/GeoReport_v2. A service is a class of the default standard or a topic of the hotline;
its code is the class's code.
"""

from __future__ import annotations

from yiwang.domains.operations.channels.base import Channel


class Open311(Channel):
    slug = "open311"
    name = "Open311 接口"
    name_en = "Open311"
