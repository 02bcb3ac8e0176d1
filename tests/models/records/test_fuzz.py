"""Damaged headers and files: what is read is plausible, what is not is refused with a reason, and nothing hangs.

BEATLENS_FUZZ says how many files of each format are damaged (200 where it does not).
"""

import os
import random
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import numpy as np
import pytest

from models.errors import BadRecordError
from models.records import Entry, Problem, Record, stated
from models.records.uploads import Upload

COUNT = int(os.environ.get("BEATLENS_FUZZ", "200"))
SECONDS = 60  # after which a file is taken to hang
ROOM = 2**20  # values that gaps may add here
TESTS = next(folder for folder in Path(__file__).parents if folder.name == "tests")
CASES = TESTS / "data" / "cases"
SAMPLES = {
    "wfdb": sorted((CASES / "wfdb").iterdir()),
    "edf": sorted((CASES / "edf").iterdir()),
    "csv": sorted((CASES / "csv").iterdir()),
}
HEADERS = {"wfdb": ".hea", "edf": ".edf", "csv": ".csv"}
VALUES = (
    b"0", b"-1", b"1", b"nan", b"inf", b"-inf", b"1e309", b"1e-309", b"99999999999", b"2147483648", b"0.5", b"1,5", b"",
    b"~", b"a", b"../a.dat", b"/etc/passwd", b"\xb5V", b"#", b"0x10", b"1/2", b"360/0", b"16x0", b"212x99", b"16:-5",
    b"16+99999", b"8", b"310", b"508", b"524", b"\x00", b"\xff\xfe", b"EDF+D", b'"', b"'", b";", b"\t", b"[", b"1:2:3",
)  # fmt: skip
Damage = Callable[[random.Random, bytes], bytes]


def flipped(rng: random.Random, data: bytes) -> bytes:
    """A few bytes changed."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(rng: random.Random, data: bytes) -> bytes:
    """Ended early."""
    return data[: rng.randint(0, len(data))]


def spliced(rng: random.Random, data: bytes) -> bytes:
    """A part left out, doubled or moved."""
    a, b = sorted(rng.randint(0, len(data)) for _ in range(2))
    at = rng.randint(0, len(data))
    return rng.choice((data[:a] + data[b:], data[:b] + data[a:], data[:at] + data[a:b] + data[at:]))


def restated(rng: random.Random, data: bytes) -> bytes:
    """Some of the first words or numbers replaced, in a field of equal width where that can be."""
    words = list(re.finditer(rb"[^\s/():+x,;]+", data[:2048]))
    for word in sorted(rng.sample(words, min(len(words), rng.randint(1, 3))), key=lambda found: -found.start()):
        value = rng.choice(VALUES)
        if rng.random() < 0.5:
            value = value[: len(word[0])].ljust(len(word[0]))
        data = data[: word.start()] + value + data[word.end() :]
    return data


DAMAGES: tuple[Damage, ...] = (flipped, cut, spliced, restated, restated, restated)


@contextmanager
def watched(what: str) -> Iterator[None]:
    """Fails where the block takes longer than any file of this size may."""

    def late(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"{what} hangs")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def check(record: Record, entry: Entry, size: int) -> None:
    """What holds of everything that is read, whatever was done to its file."""
    assert record.signal.shape == (len(record.leads), record.samples)
    assert (entry.leads, entry.fs, entry.samples) == (record.leads, record.fs, record.samples)
    assert len(set(record.leads)) == len(record.leads) > 0
    assert stated.SLOWEST <= record.fs <= stated.FASTEST
    assert record.signal.size <= max(ROOM, 8 * size * 8)
    assert not np.isinf(record.signal).any()
    assert np.nanmax(np.abs(record.signal)) <= stated.MOST
    if record.annotations is not None:
        assert (np.diff(record.annotations.samples) >= 0).all()
        assert 0 <= record.annotations.samples[0] <= record.annotations.samples[-1] < record.samples


def read_all(folder: Path) -> str:
    """What became of the files: read, or refused, and where."""
    upload = Upload(folder, "fuzz")
    size = sum(path.stat().st_size for path in folder.rglob("*"))
    became = []
    for found in list(upload.list()):
        if isinstance(found, Problem):
            assert found.reason.strip()
            became.append("refused")
            continue
        try:
            record = upload.open(found.id)
            upload.annotations(found.id)
        except BadRecordError:
            became.append("refused")
        else:
            check(record, found, size)
            became.append("read")
    return " ".join(became)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SAMPLES)
def test_a_damaged_file_is_read_or_refused_and_never_more(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stated, "MOST_GAP", ROOM)
    became = set()
    for seed in range(COUNT):
        rng = random.Random(f"{kind} {seed}")
        folder = tmp_path / str(seed)
        shutil.copytree(rng.choice(SAMPLES[kind]), folder)
        files = sorted(path for path in folder.iterdir())
        headers = [path for path in files if path.suffix.lower() == HEADERS[kind]]
        file = rng.choice(headers if rng.random() < 0.7 else files)
        damage = rng.choice(DAMAGES)
        file.write_bytes(damage(rng, file.read_bytes()))
        with watched(f"{kind}, seed {seed}"):
            try:
                became.update(read_all(folder).split())
            except Exception as error:
                error.add_note(f"{kind}, seed {seed}: {file.name} of {sorted(folder.iterdir())} {damage.__name__}")
                raise
        shutil.rmtree(folder)
    assert became == {"read", "refused"}  # else nothing was damaged, or everything
