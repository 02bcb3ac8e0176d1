"""Fetching from a server of our own: resumes, checks, skips, and says what is wrong."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from models.records.fetch import FetchError, Progress, fetch_mitdb

FILES = {
    "100.hea": b"100 1 360 4\n",
    "100.dat": bytes(range(256)) * 400,
    "100.atr": b"\x00\x00",
    "RECORDS": b"100\n",
    "mitdbdir/intro.htm": b"<p>not wanted</p>",
    "../evil.dat": b"not wanted either",
}


class Server(ThreadingHTTPServer):
    """A little PhysioNet that can cut connections, spoil files and ignore ranges."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str | None]] = []  # (path, Range)
        self.cut_after: dict[str, list[int]] = {}  # name → bytes sent by each of the next answers
        self.spoiled: set[str] = set()
        self.ranges = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/mitdb/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        name, asked = self.path.removeprefix("/mitdb/"), self.headers.get("Range")
        self.server.asked.append((name, asked))
        if name == "SHA256SUMS.txt":
            return self.answer(
                200, "".join(f"{hashlib.sha256(b).hexdigest()} {n}\n" for n, b in FILES.items()).encode()
            )
        if name not in FILES:
            return self.answer(404, b"")
        data = b"spoiled" if name in self.server.spoiled else FILES[name]
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.server.ranges else 0
        if start and start >= len(data):
            return self.answer(416, b"")
        cuts = self.server.cut_after.get(name)
        return self.answer(206 if start else 200, data[start:], cuts.pop(0) if cuts else None)

    def answer(self, status: int, data: bytes, cut: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:cut])


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def test_everything_wanted_arrives_and_the_second_time_nothing_is_fetched(server: Server, tmp_path: Path) -> None:
    told: list[Progress] = []
    assert fetch_mitdb(tmp_path, told.append, server.url) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "100.atr",
        "100.dat",
        "100.hea",
        "RECORDS",
        "SHA256SUMS.txt",
    ]
    assert (tmp_path / "100.dat").read_bytes() == FILES["100.dat"]
    assert not (tmp_path.parent / "evil.dat").exists()
    assert told[-1].files_done == told[-1].files == 4
    server.asked.clear()
    assert fetch_mitdb(tmp_path, told.append, server.url) == 0
    assert server.asked == [("SHA256SUMS.txt", None)]
    assert told[-1].skipped


def test_a_broken_connection_is_resumed_where_it_broke(server: Server, tmp_path: Path) -> None:
    server.cut_after["100.dat"] = [70_000, 10_000]
    fetch_mitdb(tmp_path, url=server.url)
    assert (tmp_path / "100.dat").read_bytes() == FILES["100.dat"]
    ranges = [asked for name, asked in server.asked if name == "100.dat"]
    assert ranges == [None, "bytes=70000-", "bytes=80000-"]


def test_a_download_that_keeps_breaking_goes_on_the_next_time(server: Server, tmp_path: Path) -> None:
    server.cut_after["100.dat"] = [30_000, 10_000, 10_000]
    with pytest.raises(FetchError, match="the same command resumes"):
        fetch_mitdb(tmp_path, url=server.url)
    server.asked.clear()
    fetch_mitdb(tmp_path, url=server.url)
    assert ("100.dat", "bytes=50000-") in server.asked
    assert (tmp_path / "100.dat").read_bytes() == FILES["100.dat"]


def test_a_server_without_ranges_sends_the_whole_again(server: Server, tmp_path: Path) -> None:
    server.ranges = False
    (tmp_path / "100.dat.part").write_bytes(b"old beginning")
    fetch_mitdb(tmp_path, url=server.url)
    assert (tmp_path / "100.dat").read_bytes() == FILES["100.dat"]


@pytest.mark.parametrize("left", [b"wrong beginning", FILES["100.dat"], FILES["100.dat"] + b"more"])
def test_whatever_was_left_behind_ends_in_the_right_file(server: Server, tmp_path: Path, left: bytes) -> None:
    (tmp_path / "100.dat.part").write_bytes(left)
    fetch_mitdb(tmp_path, url=server.url)
    assert (tmp_path / "100.dat").read_bytes() == FILES["100.dat"]
    assert not (tmp_path / "100.dat.part").exists()


def test_a_damaged_file_on_disk_is_fetched_again(server: Server, tmp_path: Path) -> None:
    fetch_mitdb(tmp_path, url=server.url)
    (tmp_path / "100.hea").write_bytes(b"damaged")
    assert fetch_mitdb(tmp_path, url=server.url) == 1
    assert (tmp_path / "100.hea").read_bytes() == FILES["100.hea"]


def test_a_wrong_checksum_is_named_and_the_file_not_kept(server: Server, tmp_path: Path) -> None:
    server.spoiled.add("100.dat")
    with pytest.raises(FetchError, match=r"100\.dat has a wrong checksum"):
        fetch_mitdb(tmp_path, url=server.url)
    assert not list(tmp_path.glob("100.dat*"))


def test_a_missing_file_names_its_address(server: Server, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"nowhere/SHA256SUMS\.txt answered 404"):
        fetch_mitdb(tmp_path, url=server.url.replace("mitdb", "nowhere"))


def test_no_network_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"Cannot reach http://127\.0\.0\.1:9/.*is there a network\?"):
        fetch_mitdb(tmp_path, url="http://127.0.0.1:9/")
