"""HTTP/1.1 clients on plain sockets: they keep the connection and cost little beside what they measure."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field


class Line:
    """One kept connection."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self.port = port
        self.head = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        self.socket: socket.socket | None = None

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """(status, body). Raises OSError when the server goes away meanwhile."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), 60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{self.head}"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self.socket.sendall(head.encode() + b"\r\n" + body)
        return self._answer()

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def _answer(self) -> tuple[int, bytes]:
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].decode("latin-1").lower()
        status = int(head[9:12])
        length = next(
            (int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:")), None
        )
        body = data[end + 4 :]
        if length is None:  # chunked, until the last empty chunk
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
            return status, body
        while len(body) < length:
            body += self._more()
        return status, body

    def _more(self) -> bytes:
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the line")
        return data


@dataclass
class Tally:
    """What the clients saw: `seconds` of each request that was answered as wanted, the others by status."""

    seconds: list[float] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)
    lasted: float = 0.0

    def at(self, share: float) -> float:
        """Milliseconds within which this share of the requests was answered."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")

    def row(self) -> dict:
        return {
            "requests": len(self.seconds),
            "per_second": round(len(self.seconds) / self.lasted, 1) if self.lasted else 0.0,
            "p50_ms": round(self.at(0.50), 1),
            "p95_ms": round(self.at(0.95), 1),
            "p99_ms": round(self.at(0.99), 1),
            "others": self.others,
        }


Ask = Callable[[Line], tuple[int, bytes]]


def together(
    lines: list[Line],
    asks: Callable[[int], Iterator[Ask]],
    *,
    wanted: tuple[int, ...] = (200, 201),
    answered: Callable[[int, bytes], None] | None = None,
) -> Tally:
    """Every line asks what `asks(its number)` yields, all at the same time, until nothing is left to ask."""
    tally, lock = Tally(), threading.Lock()

    def work(number: int) -> None:
        own: list[float] = []
        others: dict[str, int] = {}
        for ask in asks(number):
            began = time.perf_counter()
            try:
                status, body = ask(lines[number])
            except OSError as error:
                others[type(error).__name__] = others.get(type(error).__name__, 0) + 1
                break
            if status in wanted:
                own.append(time.perf_counter() - began)
                if answered:
                    answered(status, body)
            else:
                others[str(status)] = others.get(str(status), 0) + 1
        with lock:
            tally.seconds += own
            for name, count in others.items():
                tally.others[name] = tally.others.get(name, 0) + count

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(lines))]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.lasted = time.perf_counter() - began
    for line in lines:
        line.close()
    return tally
