"""Where the wall stands in the navigation."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ui import navigation


class WallConfig(AppConfig):
    name = "yiwang.faces.wall"

    def ready(self) -> None:
        navigation.register(
            navigation.Entry("wall", _("The wall"), "layout-dashboard", 50, sees_an_area, ("/wall",))
        )


def sees_an_area(actor: Any) -> bool:
    """Whether the person sees whole areas, not only a unit's matters."""
    return any(reach.units is None for reach in actor.reach.get("see", ()))
