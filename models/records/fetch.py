"""Downloads MIT-BIH from PhysioNet, resuming where it stopped and checking every file."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from models.errors import DomainError

MITDB = "https://physionet.org/files/mitdb/1.0.0/"
SUMS = "SHA256SUMS.txt"
_WANTED = re.compile(r"(?:\d{3}\.(?:hea|dat|atr)|RECORDS|ANNOTATORS)")  # nothing with a path in it
_ATTEMPTS = 3


class FetchError(DomainError):
    """The download could not be finished; what is complete stays and is not fetched again."""


@dataclass(frozen=True)
class Progress:
    """How far the download is, told after every file and now and then within one."""

    file: str
    files_done: int
    files: int
    file_bytes: int  # of this file so far
    skipped: bool = False  # it was there, complete


Report = Callable[[Progress], None]


def fetch_mitdb(dest: Path, report: Report = lambda _: None, url: str = MITDB) -> int:
    """Puts the 48 records of MIT-BIH into `dest` and returns how many files had to be downloaded.

    Raises FetchError where the server cannot be reached, lacks a file, or sends one with a wrong checksum.
    """
    dest.mkdir(parents=True, exist_ok=True)
    try:
        with httpx.Client(base_url=url, timeout=30, follow_redirects=True) as client:
            return _fetch_all(client, dest, report)
    except httpx.HTTPStatusError as error:
        raise FetchError(f"{error.request.url} answered {error.response.status_code}") from error
    except httpx.TransportError as error:
        raise FetchError(
            f"Cannot reach {url} ({error or type(error).__name__}): is there a network? "
            f"What is complete in {dest} stays; the same command resumes."
        ) from error


def _fetch_all(client: httpx.Client, dest: Path, report: Report) -> int:
    listing = client.get(SUMS).raise_for_status().text
    pairs = [line.split(maxsplit=1) for line in listing.splitlines() if line.strip()]
    wanted = sorted((pair[1], pair[0]) for pair in pairs if len(pair) == 2 and _WANTED.fullmatch(pair[1]))
    if not wanted:
        raise FetchError(f"{client.base_url}{SUMS} names no WFDB record")
    downloaded = 0
    for done, (name, digest) in enumerate(wanted):
        complete = _matches(dest / name, digest)
        if not complete:
            _fetch(client, dest / name, digest, _teller(report, name, done, len(wanted)))
            downloaded += 1
        report(Progress(name, done + 1, len(wanted), (dest / name).stat().st_size, skipped=complete))
    (dest / SUMS).write_text(listing)
    return downloaded


def _teller(report: Report, name: str, done: int, files: int) -> Callable[[int], None]:
    return lambda size: report(Progress(name, done, files, size))


def _fetch(client: httpx.Client, file: Path, digest: str, report_size: Callable[[int], None]) -> None:
    """Downloads one file into `<name>.part`, going on from what is there, and renames it once its checksum is right."""
    part = file.with_name(f"{file.name}.part")
    for attempt in range(_ATTEMPTS):
        fresh = not part.exists()
        try:
            _stream(client, part, report_size)
        except httpx.TransportError:
            if attempt + 1 == _ATTEMPTS:
                raise
            continue  # go on from where the connection broke
        if _matches(part, digest):
            part.replace(file)
            return
        part.unlink()
        if fresh:
            break
    raise FetchError(f"{client.base_url}{file.name} has a wrong checksum: expected SHA-256 {digest}")


def _stream(client: httpx.Client, part: Path, report_size: Callable[[int], None]) -> None:
    """Appends what the server still has to `part`; starts over where the server sends the whole."""
    start = part.stat().st_size if part.exists() else 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with client.stream("GET", part.name.removesuffix(".part"), headers=headers) as response:
        if start and response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # nothing is left to fetch: the checksum decides
        response.raise_for_status()
        resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
        with part.open("ab" if resumed else "wb") as out:
            for chunk in response.iter_raw():
                out.write(chunk)
                report_size(out.tell())


def _matches(file: Path, digest: str) -> bool:
    """Whether `file` is there and has this SHA-256."""
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == digest
