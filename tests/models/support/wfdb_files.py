"""WFDB files of beats that tests write, and how they are read."""

import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import BadRecordError
from models.records import Entry, Problem, Record
from models.records.wfdb_folder import WfdbFolder
from models.records.wfdb_formats import size_of

DIGITAL = np.zeros(1000, dtype=np.int64)
for at in (100, 300, 500, 700):
    DIGITAL[at - 10 : at + 11] += np.round(200 * np.hanning(21)).astype(np.int64)
BEATS = DIGITAL / 200.0  # mV at 250 Hz


def put(folder: Path, header: str | bytes, name: str = "a.hea", **files: bytes) -> None:
    """A header, and files by name with _ for the dot."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(header if isinstance(header, bytes) else header.encode())
    for file, data in files.items():
        (folder / file.replace("_", ".")).write_bytes(data)


def opened(folder: Path, name: str = "a") -> Record:
    source = WfdbFolder(folder, "x")
    entries = {found.name: found for found in source.list() if isinstance(found, Entry)}
    assert name in entries, list(source.list())
    record = source.open(entries[name].id)
    assert entries[name].samples == record.samples
    assert set(entries[name].notes) <= set(record.notes)
    return record


def refusal(folder: Path, name: str = "a") -> str:
    """Why a record is refused: by the list, or by opening it."""
    source = WfdbFolder(folder, "x")
    found = list(source.list())
    problems = [one.reason for one in found if isinstance(one, Problem)]
    if problems:
        return problems[0]
    with pytest.raises(BadRecordError) as caught:
        source.open(f"x~{name}")
    return caught.value.reason


def words(values: NDArray[np.int64], kind: str = "<i2") -> bytes:
    return values.astype(kind).tobytes()


PLAIN = words(DIGITAL)


def packed(fmt: int, values: NDArray[np.int64]) -> bytes:
    """Values as signal(5) lays them out."""
    if fmt in (16, 32, 61):
        return words(values, {16: "<i2", 32: "<i4", 61: ">i2"}[fmt])
    if fmt in (80, 160):
        return words(values + {80: 128, 160: 32768}[fmt], {80: "u1", 160: "<u2"}[fmt])
    if fmt == 8:
        return words(np.diff(values, prepend=0), "i1")
    if fmt == 24:
        return b"".join(int(value & 0xFFFFFF).to_bytes(3, "little") for value in values)
    return _groups(fmt, values)


def _groups(fmt: int, values: NDArray[np.int64]) -> bytes:
    size, bits = (2, 12) if fmt == 212 else (3, 10)
    padded = np.concatenate([values, np.zeros(-len(values) % size, dtype=np.int64)]) & ((1 << bits) - 1)
    data = bytearray()
    for group in padded.reshape(-1, size).tolist():
        if fmt == 212:
            a, b = group
            data += bytes((a & 0xFF, a >> 8 | (b >> 8) << 4, b & 0xFF))
        elif fmt == 311:
            data += (group[0] | group[1] << 10 | group[2] << 20).to_bytes(4, "little")
        else:
            a, b, c = group
            data += (a << 1 | (c & 0x1F) << 11).to_bytes(2, "little") + (b << 1 | (c >> 5) << 11).to_bytes(2, "little")
    return bytes(data[: size_of(fmt, len(values))])


SCALE = {8: 60, 80: 100, 310: 200, 311: 200, 212: 200}  # units per mV that the format holds


LEAST = {16: 16, 24: 24, 32: 32, 61: 16, 80: 8, 160: 16, 212: 12, 310: 10, 311: 10}


def annotation(*marks: tuple[int, int], clock: str = "", end: bool = True) -> bytes:
    """An annotation file of (time, code), each time by SKIP; a note of its clock first."""
    data = b""
    if clock:
        text = f"## time resolution: {clock}".encode()
        data += struct.pack("<HH", 22 << 10, 63 << 10 | len(text)) + text + bytes(len(text) % 2)
    now = 0
    for time, code in marks:
        step = time - now
        data += struct.pack("<HHHH", 59 << 10, step >> 16 & 0xFFFF, step & 0xFFFF, code << 10)
        now = time
    return data + (b"\0\0" if end else b"")
