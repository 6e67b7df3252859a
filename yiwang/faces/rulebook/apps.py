"""Where the rulebook stands in the navigation."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ui import navigation


class RulebookConfig(AppConfig):
    name = "yiwang.faces.rulebook"

    def ready(self) -> None:
        navigation.register(navigation.Entry("rules", _("Rulebook"), "book", 60, below=("/rules/",)))
