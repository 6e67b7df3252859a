"""Where the pages of people stand in the navigation."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "yiwang.faces.people"

    def ready(self) -> None:
        from yiwang.kernel.access.policy import PERSON, covers
        from yiwang.kernel.ui import navigation

        def shown(actor: object) -> bool:
            return any(covers(reach.kinds, PERSON) for reach in actor.reach.get("see", ()))

        navigation.register(navigation.Entry("people", _("People"), "users", 55, shown, below=("/people",)))
