"""One CSV file: a column for each lead, a row for each sample, and lines like `# fs: 360` and `# unit: mV` on top.

The unit may stand in a column's name instead, `II (mV)`; a column of times may stand for fs. Commas, semicolons (then
with decimal commas, if any) or tabs part the columns; an empty cell or NaN is a gap.
"""

import math
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import BadRecordError
from models.records.record import Annotations
from models.records.stated import FASTEST, MILLIVOLTS, SLOWEST, Stated, distinct

LONGEST = 65_536  # bytes of one line
MOST = 256  # columns
TIME = re.compile(r"^(?:time|t|seconds|elapsed time)\s*(?:[(\[]?\s*(s|sec|ms)?\s*[)\]]?)$", re.IGNORECASE)
UNIT = re.compile(r"^(.*?)\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]$")
STATED = re.compile(r"^#\s*(fs|unit|samples)\s*[:=]\s*(.+?)\s*$", re.IGNORECASE)
GAPS = ("", "nan", "na")
NO_FS = "does not state its sampling frequency: add a line `# fs: 360`"
NO_UNIT = "does not state the unit of its leads: add a line `# unit: mV`"


@dataclass(frozen=True)
class Head:
    """What stands above the first row of numbers."""

    names: tuple[str, ...]  # of all columns
    units: tuple[str | None, ...]  # as far as the names state them
    delimiter: str
    time: int | None  # which column holds times
    tick: float  # s in a unit of it
    first: int  # line of the first row, from 1
    fs: float | None = None
    unit: str | None = None
    samples: int | None = None

    @property
    def columns(self) -> tuple[int, ...]:
        """Those that are leads."""
        return tuple(index for index in range(len(self.names)) if index != self.time)


def describe(path: Path) -> Stated:
    """What the file says; where its length or fs is not stated, all of it is read."""
    head = _head(path)
    samples, fs = head.samples, head.fs
    if samples is None or fs is None:
        table = _table(path, head)
        samples, fs = table.shape[1], _fs(path, head, table)
    _factors(path, head)
    names = distinct([head.names[index] for index in head.columns])
    return Stated(leads=tuple(names), fs=fs, samples=samples)


def read(path: Path) -> tuple[NDArray[np.float32], Annotations | None]:
    """The signal [leads, samples] in mV; NaN is a gap. CSV names no beats."""
    head = _head(path)
    table = _table(path, head)
    signal = table[list(head.columns)] * np.array(_factors(path, head))[:, None]
    return signal.astype(np.float32), None


def settle(path: Path, fs: float | None, unit: str | None) -> None:
    """Has the file itself state fs (Hz), unit and length, as it says or as given; reads all of it.

    BadRecordError with the line of the first fault, its field is "fs" or "unit" where neither states that.
    """
    head = _head(path)
    head = replace(head, fs=head.fs or fs, unit=head.unit or unit)
    table = _table(path, head)
    found = _fs(path, head, table)
    _factors(path, head)
    lines = [f"# fs: {found:.12g}", f"# unit: {head.unit}" if head.unit else "", f"# samples: {table.shape[1]}"]
    top = "".join(f"{line}\n" for line in lines if line).encode()
    scratch = path.with_name(path.name + ".new")
    with path.open("rb") as old, scratch.open("wb") as new:
        new.write(top)
        new.writelines(line for line in old if not STATED.match(line.decode("utf-8-sig", "replace").strip()))
    scratch.replace(path)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Number and text of each line that is not blank."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST):
            number += 1
            if len(line) == LONGEST:
                raise BadRecordError(str(path), f"line {number}: is longer than {LONGEST} bytes")
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip("\r\n ")
            except UnicodeDecodeError as error:
                raise BadRecordError(str(path), f"line {number}: is not text in UTF-8") from error
            if text:
                yield number, text


def _head(path: Path) -> Head:
    stated: dict[str, str] = {}
    for number, line in _lines(path):
        if match := STATED.match(line):
            stated[match[1].lower()] = match[2]
            _check(path, number, match[1].lower(), match[2])
        elif not line.startswith("#"):
            head = _columns(path, number, line)
            fs, samples = stated.get("fs"), stated.get("samples")
            return replace(
                head,
                fs=float(fs) if fs else None,
                unit=stated.get("unit"),
                samples=int(samples) if samples else None,
            )
    raise BadRecordError(str(path), "has no rows")


def _check(path: Path, number: int, key: str, value: str) -> None:
    """A stated value must be one."""
    if key == "unit" and value.lower() not in MILLIVOLTS:
        raise BadRecordError(str(path), f"line {number}: unit {value!r}: known are mV, µV, uV, V, nV")
    if key == "samples" and not (value.isascii() and value.isdigit()):
        raise BadRecordError(str(path), f"line {number}: {value!r} is no number of samples")
    if key == "fs":
        fs = _number(value, ",")
        if fs is None or not SLOWEST <= fs <= FASTEST:
            reason = f"line {number}: sampling frequency {value!r}: expected {SLOWEST:g} to {FASTEST:g} (Hz)"
            raise BadRecordError(str(path), reason)


def _columns(path: Path, number: int, line: str) -> Head:
    """The columns by the first row, which may hold their names or the first numbers."""
    delimiter = next((mark for mark in ("\t", ";") if mark in line), ",")
    cells = _cells(line, delimiter)
    if len(cells) > MOST:
        raise BadRecordError(str(path), f"line {number}: {len(cells)} columns: {MOST} at most")
    if all(cell.lower() in GAPS or _number(cell, delimiter) is not None for cell in cells):
        names: list[str] = [f"lead {index + 1}" for index in range(len(cells))]
        return Head(tuple(names), (None,) * len(cells), delimiter, None, 1.0, number)
    times = [TIME.match(cell) for cell in cells]
    time = next((index for index, match in enumerate(times) if match), None)
    found = times[time] if time is not None else None
    tick = 1e-3 if found and (found[1] or "").lower() == "ms" else 1.0
    parts = [UNIT.match(cell) for cell in cells]
    head = Head(
        names=tuple(match[1] if match else cell for match, cell in zip(parts, cells, strict=True)),
        units=tuple(match[2] if match else None for match in parts),
        delimiter=delimiter,
        time=time,
        tick=tick,
        first=number + 1,
    )
    if not head.columns:
        raise BadRecordError(str(path), f"line {number}: there is no column but the times")
    return head


def _table(path: Path, head: Head) -> NDArray[np.float64]:
    """All numbers [columns, samples]; NaN is a gap."""
    width, values = len(head.names), array("d")
    last = 0
    for number, line in _lines(path):
        if number < head.first or line.startswith("#"):
            continue
        cells = _cells(line, head.delimiter)
        if len(cells) != width:
            raise BadRecordError(str(path), f"line {number}: columns: {len(cells)} here, {width} above")
        for index, cell in enumerate(cells):
            value = math.nan if cell.lower() in GAPS else _number(cell, head.delimiter)
            if value is None:
                raise BadRecordError(str(path), f"line {number}, column {index + 1}: {cell[:40]!r} is no number")
            values.append(value)
        last = number
    if len(values) < 2 * width:
        raise BadRecordError(str(path), f"line {last or head.first}: ends here, with fewer than two rows of numbers")
    table = np.frombuffer(values, dtype=np.float64).reshape(-1, width).T
    if head.samples is not None and head.samples != table.shape[1]:
        raise BadRecordError(str(path), f"has {table.shape[1]} rows, and states {head.samples} samples")
    return table


def _fs(path: Path, head: Head, table: NDArray[np.float64]) -> float:
    """Stated, or by the column of times, whose rows must be evenly spaced."""
    if head.time is None:
        if head.fs is None:
            raise BadRecordError(str(path), NO_FS, "fs")
        return head.fs
    times = table[head.time] * head.tick
    steps = np.diff(times)
    step = float(np.median(steps))
    fs = head.fs or (1 / ((times[-1] - times[0]) / len(steps)) if step > 0 else math.nan)
    if head.fs is None and math.isfinite(fs) and abs(fs - round(fs)) < 1e-3 * fs:
        fs = float(round(fs))  # times are rounded
    off = np.abs(steps - 1 / fs)
    worst = int(np.argmax(off))  # a NaN counts as the largest
    if not off[worst] < 0.5 / fs:
        row = _line_of(path, head, worst + 1)
        a, b = times[worst], times[worst + 1]
        raise BadRecordError(str(path), f"line {row}: the time goes from {a:g} to {b:g} s: rows must be evenly spaced")
    if not SLOWEST <= fs <= FASTEST:
        reason = f"line {head.first}: sampling frequency {fs:g} Hz by the times: expected {SLOWEST:g} to {FASTEST:g} Hz"
        raise BadRecordError(str(path), reason)
    return fs


def _line_of(path: Path, head: Head, row: int) -> int:
    """The line that holds the row, from 0."""
    rows = (number for number, line in _lines(path) if number >= head.first and not line.startswith("#"))
    return next(number for index, number in enumerate(rows) if index == row)


def _factors(path: Path, head: Head) -> list[float]:
    """mV in a unit of each lead."""
    factors = []
    for index in head.columns:
        unit = head.units[index] or head.unit
        if unit is None:
            raise BadRecordError(str(path), NO_UNIT, "unit")
        if unit.lower() not in MILLIVOLTS:
            named = f"line {head.first - 1}, column {index + 1}: unit {unit[:40]!r}: known are mV, µV, uV, V, nV"
            raise BadRecordError(str(path), named)
        factors.append(MILLIVOLTS[unit.lower()])
    return factors


def _cells(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"').strip() for cell in line.split(delimiter)]


def _number(text: str, delimiter: str) -> float | None:
    """A finite number; None for anything else."""
    try:
        value = float(text.replace(",", ".") if delimiter == ";" else text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
