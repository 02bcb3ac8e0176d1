"""A closed loop of HTTP clients: each asks again as soon as it has its answer, over one connection of its own."""

import asyncio
import time
from statistics import quantiles
from urllib.parse import urlsplit


class Client(asyncio.Protocol):
    """One client: plain HTTP/1.1 with keep-alive, for answers that announce their length."""

    def __init__(self, request: bytes, seconds: list[float]) -> None:
        self.request, self.seconds = request, seconds
        self.asked, self.missing, self.head = 0.0, 0, b""
        self.failed: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        """Send the request."""
        self.missing, self.head, self.asked = 0, b"", time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Count the answer's bytes; once they are all there, ask again."""
        if not self.missing:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return
            self.missing, data = self._length(self.head[:end]), self.head[end + 4 :]
        self.missing -= len(data)
        if self.missing == 0:
            self.seconds.append(time.perf_counter() - self.asked)
            self.ask()

    def _length(self, head: bytes) -> int:
        if b" 200 " not in head.split(b"\r\n", 1)[0] + b" ":
            self.failed = RuntimeError(head.decode("latin-1"))
            self.transport.close()
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        return int(lengths[0].split(b":")[1])


def measure(url: str, clients: int, seconds: float) -> dict[str, float]:
    """Latencies p50 and p99 in ms and answers per second of `clients` that GET `url` for so many seconds."""
    return asyncio.run(_measure(url, clients, seconds))


async def _measure(url: str, clients: int, seconds: float) -> dict[str, float]:
    target = urlsplit(url)
    request = f"GET {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    loop, heard = asyncio.get_running_loop(), [list[float]() for _ in range(clients)]
    several = [Client(request, times) for times in heard]
    for client in several:
        await loop.create_connection(lambda client=client: client, target.hostname, target.port)
    await asyncio.sleep(min(1.0, seconds / 5))  # until all are at it
    began = time.perf_counter()
    for times in heard:
        times.clear()
    await asyncio.sleep(seconds)
    took = time.perf_counter() - began
    every = [1000 * value for times in heard for value in times]
    for client in several:
        client.transport.abort()
        if client.failed:
            raise client.failed
    marks = quantiles(every, n=100)
    return {"p50": marks[49], "p99": marks[98], "per_second": len(every) / took}
