"""The notifiers there are, and those in use with their options from the settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from pydantic import ValidationError

from yiwang.kernel.matters import outbox
from yiwang.kernel.matters.models import Outbox
from yiwang.kernel.notices.base import Notifier

_classes: dict[str, type[Notifier]] = {}


def register(plugin: type[Notifier]) -> type[Notifier]:
    """Adds a notifier; its slug is what YIWANG_NOTIFIERS names."""
    _classes[plugin.slug] = plugin
    return plugin


def known() -> list[str]:
    _load()
    return sorted(_classes)


def in_use() -> list[Notifier]:
    """The notifiers of YIWANG_NOTIFIERS with their options. Raises ImproperlyConfigured with what to set."""
    _load()
    return [notifier(slug) for slug in settings.NOTIFIERS]


def notifier(slug: str) -> Notifier:
    _load()
    if slug not in _classes:
        raise ImproperlyConfigured(
            f"YIWANG_NOTIFIERS names {slug!r}; there are: {', '.join(sorted(_classes))}."
        )
    plugin = _classes[slug]
    given: dict[str, Any] = settings.NOTIFIER_OPTIONS.get(slug, {})
    try:
        return plugin(plugin.options_class(**given))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = "_".join(["YIWANG", slug, *map(str, first["loc"])]).upper()
        raise ImproperlyConfigured(f"{where}: {first['msg']}. docs/operate.md says what it takes.") from None


def set_up() -> None:
    """Puts every notifier into the outbox, and looks at the options of those in use: what is wrong stops the start."""
    in_use()
    for slug in _classes:
        outbox.register(slug, _caller(slug))


def _caller(slug: str) -> outbox.Notifier:
    def send(row: Outbox, number: str) -> None:
        notifier(slug).deliver(row, number, timezone.now())

    return send


def _load() -> None:
    if not _classes:
        from yiwang.kernel.notices.contrib.log import plugin as log
        from yiwang.kernel.notices.contrib.mail import plugin as mail
        from yiwang.kernel.notices.contrib.webhook import plugin as webhook

        for one in (log.LogNotifier, mail.MailNotifier, webhook.WebhookNotifier):
            register(one)
