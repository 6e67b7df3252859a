"""A phone for stories of the field app: a browser of its own that can be killed, on a network that can be cut.

The network is a small relay between browser and server, so that also what the service worker sends goes through it,
and a photo can be cut off in the middle of its bytes. The browser is a process of our own with a profile that stays.
"""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path

from tests.browser import ARGUMENTS, CHROMIUM, PHONE


class Network:
    """Relays `port` of this machine to the server. `down()` cuts everything; `cut_upload_after(n)` cuts once n bytes
    of one request with a file have gone through; `lose_answers()` lets requests through and drops what comes back."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self._up = threading.Event()
        self._up.set()
        self._cut: tuple[re.Pattern[bytes], int] | None = None
        self._lose: re.Pattern[bytes] | None = None
        self.was_cut = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def down(self) -> None:
        self._up.clear()
        with self._lock:
            now = list(self._open)
        for one in now:
            _end(one)

    def up(self) -> None:
        self._cut = self._lose = None
        self.was_cut.clear()
        self._up.set()

    def cut_upload_after(self, count: int, path: str = "/field/api/uploads") -> None:
        self._cut = (re.compile(rb"POST " + path.encode()), count)

    def lose_answer_to(self, path: str) -> None:
        self._lose = re.compile(rb"POST " + path.encode())

    def close(self) -> None:
        self.down()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            if not self._up.is_set():
                _end(client)
                continue
            threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self.target)
        except OSError:
            _end(client)
            return
        with self._lock:
            self._open |= {client, server}
        watched = selectors.DefaultSelector()
        watched.register(client, selectors.EVENT_READ, server)
        watched.register(server, selectors.EVENT_READ, client)
        heard, lost, gone = b"", False, 0
        try:
            while True:
                for key, _mask in watched.select():
                    data = key.fileobj.recv(16384)
                    if not data:
                        return
                    if key.fileobj is client:
                        heard = (heard + data)[-40_000:]
                        if self._cut and self._cut[0].search(heard):
                            gone += len(data)
                            if gone > self._cut[1]:
                                self._cut_off()
                                return
                        lost = lost or bool(self._lose and self._lose.search(heard))
                    elif lost:  # the server has done it, the phone never hears of it
                        self._cut_off()
                        return
                    key.data.sendall(data)
        except OSError:
            return
        finally:
            with self._lock:
                self._open -= {client, server}
            _end(client)
            _end(server)

    def _cut_off(self) -> None:
        self.down()
        self.was_cut.set()


def _end(one: socket.socket) -> None:
    for step in (lambda: one.shutdown(socket.SHUT_RDWR), one.close):
        with contextlib.suppress(OSError):
            step()


class Handset:
    """Chromium with a profile of its own. `die()` ends it as an empty battery does; `start()` goes on with the same
    profile. `page` is the app's page."""

    def __init__(self, playwright, address: str, profile: Path) -> None:
        self.playwright, self.address, self.profile = playwright, address, profile
        self.process: subprocess.Popen | None = None
        self.browser = self.page = None

    def start(self, path: str = "/field"):
        port_file = self.profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        for name in (
            "SingletonLock",
            "SingletonCookie",
            "SingletonSocket",
        ):  # left by a browser that was killed
            (self.profile / name).unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [
                CHROMIUM,
                *ARGUMENTS,
                "--headless=new",
                "--disable-gpu",
                "--disable-extensions",
                "--remote-debugging-port=0",
                "--no-default-browser-check",
                "--lang=zh-CN",
                f"--user-data-dir={self.profile}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        endpoint = next(
            found[1]
            for line in self.process.stderr
            if (found := re.search(r"DevTools listening on (ws://\S+)", line))
        )
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        self.browser = self.playwright.chromium.connect_over_cdp(endpoint)
        context = self.browser.contexts[0]
        context.grant_permissions(["geolocation"], origin=self.address)
        self.page = context.pages[0] if context.pages else context.new_page()
        self.page.set_default_timeout(60_000)
        self.page.set_viewport_size(PHONE)
        self.page.goto(self.address + path)
        return self.page

    def die(self) -> None:
        """The whole group of the browser's processes, at once and without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)
        with contextlib.suppress(Exception):  # it is dead: that was the point
            self.browser.close()
        self.process = None

    def close(self) -> None:
        if self.process is not None:
            self.die()
        shutil.rmtree(self.profile, ignore_errors=True)

    # What people do with it

    def sign_in(self, username: str, password: str) -> None:
        page = self.page
        page.goto(f"{self.address}/sign-in?next=/field")
        if page.locator("[name=username]").count():
            page.fill("[name=username]", username)
            page.fill("[name=password]", password)
            page.click("main form button")
        page.wait_for_url("**/field*")
        page.wait_for_selector("#tabs:not([hidden])")

    def installed(self) -> None:
        """Waits until the service worker has everything that it needs to start the app alone."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def to(self, place: str) -> None:
        self.page.click(f"#tabs a[href='#{place}']")
        self.page.wait_for_selector(f"main[data-page='{place}']")

    def queue(self) -> list[str]:
        """The states of what waits or was sent, as the page says them, the newest sending last."""
        self.to("queue")
        return self.page.locator(".f-item .f-state span").all_inner_texts()

    def wait_until_sent(self) -> None:
        self.to("queue")
        self.page.wait_for_selector("#badge[hidden]", state="attached")
