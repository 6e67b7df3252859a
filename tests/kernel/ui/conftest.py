"""A server of the gallery; the browser is that of tests/browser.py."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, override_settings
from django.utils import translation

from tests.kernel.ui import gallery
from yiwang.kernel.ui import catalogues

catalogues.compile_all()


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def visitor() -> Iterator[Client]:
    with override_settings(**gallery.SETTINGS):
        yield Client(raise_request_exception=False)


@contextmanager
def serve() -> Iterator[str]:
    with override_settings(**gallery.SETTINGS):
        server = make_server("127.0.0.1", 0, WSGIHandler(), server_class=Threads, handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()


@pytest.fixture
def served() -> Iterator[str]:
    with serve() as address:
        yield address
