"""门户: the form on the portal's pages and in the API."""

from __future__ import annotations

from yiwang.domains.operations.channels.base import Channel


class Portal(Channel):
    slug = "portal"
    name = "门户网站"
    name_en = "Portal"
