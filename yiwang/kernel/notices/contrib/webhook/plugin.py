"""What happens, sent to other systems: a signed HTTP POST of JSON for each notice.

A receiver computes HMAC-SHA256 of `timestamp.body` with the shared secret and compares it with the signature. The
connection goes only to the address that was configured: a redirect is a failure, plain HTTP only goes to this
machine itself. No text and no contact of a resident is in it.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from pydantic import Field, field_validator, model_validator

from yiwang.kernel.matters.models import Outbox
from yiwang.kernel.notices.base import Notifier, Options, once
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.notices.telling import TOPIC

# Notices that have no row of their own in the outbox; the others are sent as the action queued them.
FROM_NOTICES = frozenset({"task", "back", "soon", "overdue", "appeal"})
PRIVATE = frozenset({"note", "reason", "text"})  # words of people stay here
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class WebhookOptions(Options):
    """`topics`: only these; empty: all. `public_only`: refuse receivers in private networks."""

    urls: tuple[str, ...] = Field(min_length=1)
    secret: str = Field(min_length=32, repr=False)
    topics: tuple[str, ...] = ()
    timeout: float = Field(default=5, gt=0, le=60)
    public_only: bool = False

    @field_validator("urls")
    @classmethod
    def _addresses(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        for url in urls:
            refuse_address(url)
        return urls

    @model_validator(mode="after")
    def _reachable(self) -> WebhookOptions:
        if self.public_only and any(urlsplit(url).hostname in LOOPBACK for url in self.urls):
            raise ValueError("this machine itself is not public")
        return self


def refuse_address(url: str) -> None:
    """Raises ValueError for what is no HTTPS address (HTTP is taken for this machine itself), or holds a password."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise ValueError(f"{url!r} is no address; write https://host/path")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError(f"{url!r} is not HTTPS; plain HTTP is taken for this machine itself only")
    if parts.username or parts.password:
        raise ValueError("an address holds no name and no password")


class WebhookNotifier(Notifier[WebhookOptions]):
    slug, name, name_en = "webhook", "网络推送", "Webhook"
    options_class = WebhookOptions

    def deliver(self, row: Outbox, number: str, now: datetime) -> None:
        """Posts to every address that has not got it; raises when one failed, after all were tried."""
        told = self._told(row, number)
        if told is None:
            return
        body, key, failed = orjson.dumps(told), f"outbox:{row.pk}", []
        for url in self.options.urls:
            try:
                once(key, self.slug, url[:300], now, lambda url=url: self.post(url, body, key, now))
            except (OSError, http.client.HTTPException) as error:
                failed.append(f"{url}: {error}")
        if failed:
            raise ConnectionError("; ".join(failed))

    def check(self, to: str, now: datetime) -> str:
        body = orjson.dumps({"topic": "test", "at": now.isoformat()})
        for url in [to] if to.startswith("http") else self.options.urls:
            self.post(url, body, f"test:{int(now.timestamp())}", now)
        return ", ".join(self.options.urls)

    def _told(self, row: Outbox, number: str) -> dict[str, Any] | None:
        topic, data, at = row.topic, row.payload, row.created_at
        if topic == TOPIC:
            notice = Notice.objects.filter(key=row.payload["key"]).first()
            if notice is None or notice.topic not in FROM_NOTICES:
                return None
            topic, at = notice.topic, notice.at
            data = notice.data | {"post": notice.post, "unit": notice.unit, "area": notice.area}
        if self.options.topics and topic not in self.options.topics:
            return None
        kept = {name: value for name, value in data.items() if name not in PRIVATE and name != "user"}
        return {"id": row.pk, "topic": topic, "matter": number, "at": at.isoformat(), "data": kept}

    def post(self, url: str, body: bytes, key: str, now: datetime) -> None:
        """Raises OSError or HTTPException when it did not arrive; any answer but 2xx did not."""
        refuse_address(url)
        parts, stamp = urlsplit(url), str(int(now.timestamp()))
        address = self._address(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Yiwang",
            "X-Yiwang-Delivery": key,
            "X-Yiwang-Timestamp": stamp,
            "X-Yiwang-Signature": "sha256=" + signature(self.options.secret, stamp, body),
        }
        connection = _connection(parts, address, self.options.timeout)
        try:
            connection.request(
                "POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers
            )
            answer = connection.getresponse()
            answer.read(1024)
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            why = "it redirects, which is not followed" if 300 <= answer.status < 400 else answer.reason
            raise ConnectionError(f"answered {answer.status} {why}")

    def _address(self, host: str, port: int) -> tuple[str, int]:
        """The address to connect to: looked up once, looked at, and then used, so that it cannot change between."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4]
        if self.options.public_only and not ipaddress.ip_address(found[0]).is_global:
            raise ConnectionError(f"{host} is {found[0]}, which is in a private network")
        return found[0], port


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hex over `stamp.body`: a receiver refuses old stamps, and so what is sent again by others."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _connection(parts: Any, address: tuple[str, int], timeout: float) -> http.client.HTTPConnection:
    """Connects to `address`, and speaks to (and checks the certificate of) the host of the address line."""
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout)
    opened = socket.create_connection(address, timeout)
    if parts.scheme == "https":
        try:
            opened = ssl.create_default_context().wrap_socket(opened, server_hostname=parts.hostname)
        except OSError:
            opened.close()
            raise
    connection.sock = opened
    return connection
