"""E-mail to those who want one for each notice, and the daily digest.

A mail says what waits, where to look and until when; it holds no text and no contact of a resident.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Literal

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import override
from pydantic import Field

from yiwang.kernel.access.models import User
from yiwang.kernel.matters.models import Matter, Outbox
from yiwang.kernel.matters.store import ZONE
from yiwang.kernel.notices import audience, letters
from yiwang.kernel.notices.base import Notifier, Options, once
from yiwang.kernel.notices.models import Digest, Notice, Reader
from yiwang.kernel.notices.telling import TOPIC

TIMEOUT = 10  # seconds


class MailOptions(Options):
    """`folder`: mails are written there as files and none is sent (the demonstration)."""

    host: str = Field(default="", max_length=253)
    port: int = Field(default=587, ge=1, le=65535)
    user: str = ""
    password: str = Field(default="", repr=False)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = Field(default="yiwang@localhost", max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
    folder: str = ""
    address: str = "http://127.0.0.1:8000"  # of the pages, for the links

    def connection(self) -> BaseEmailBackend:
        if self.folder:
            Path(self.folder).mkdir(parents=True, exist_ok=True)
            return get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=self.folder)
        return get_connection(
            "django.core.mail.backends.smtp.EmailBackend",
            host=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.security == "starttls",
            use_ssl=self.security == "tls",
            timeout=TIMEOUT,
        )


class MailNotifier(Notifier[MailOptions]):
    slug, name, name_en = "mail", "电子邮件", "E-mail"
    options_class = MailOptions

    def deliver(self, row: Outbox, number: str, now: datetime) -> None:
        """One mail to each person whom the notice concerns and who wants one."""
        if row.topic != TOPIC:
            return
        notice = Notice.objects.filter(key=row.payload["key"]).first()
        if notice is None:
            return
        wanting = Reader.objects.filter(mail="each", user__is_active=True).exclude(user__email="")
        people = audience.people(notice, now.astimezone(ZONE).date())
        for reader in wanting.filter(user__in=people).select_related("user").order_by("user"):
            if notice.topic not in reader.muted:
                user = reader.user
                once(notice.key, self.slug, user.email, now, lambda user=user: self._one(user, notice))

    def digest(self, user: User, row: Digest) -> None:
        """The mail of a day's digest."""
        key = f"digest:{user.pk}:{row.day}"
        with override(user.language or None):
            subject, text = letters.digest(row, self.options.address)
        once(key, self.slug, user.email, row.made_at, lambda: self.send(user.email, subject, text, key))

    def check(self, to: str, now: datetime) -> str:
        if not to:
            return _("not tried: name an address with --to")
        self.send(to, _("Yiwang: test"), _("This is a test. E-mail from Yiwang arrives."), f"test {now}")
        return self.options.folder or f"{to} ({self.options.host}:{self.options.port})"

    def _one(self, user: User, notice: Notice) -> None:
        matter = Matter.objects.get(pk=notice.matter_id)
        with override(user.language or None):
            subject, text = letters.notice(notice, matter, self.options.address)
        self.send(user.email, subject, text, notice.key)

    def send(self, to: str, subject: str, text: str, key: str) -> None:
        """Sends one mail; the same `key` gives the same Message-ID, so that a mail sent twice can be told."""
        domain = self.options.sender.rpartition("@")[2]
        digest = hashlib.sha256(f"{key} {to}".encode()).hexdigest()[:32]
        headers = {"Message-ID": f"<{digest}@{domain}>", "Auto-Submitted": "auto-generated"}
        EmailMessage(
            subject, text, self.options.sender, [to], headers=headers, connection=self.options.connection()
        ).send()
