"""自采上报: what officials report themselves while signed in, inspectors on their rounds above all."""

from __future__ import annotations

from yiwang.domains.operations.channels.base import Channel


class Staff(Channel):
    slug = "staff"
    name = "自采上报"
    name_en = "Reported by staff"
