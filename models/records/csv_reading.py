"""One CSV file: a column for each lead, a row for each sample, and lines like `# fs: 360` and `# unit: mV` on top.

The unit may stand in a column's name instead, `II (mV)`, or below it; a column of times may stand for fs. Commas,
semicolons, tabs or blanks part the columns; an empty cell, NaN, `-` and their like are gaps.
"""

import math
import re
from array import array
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import BadRecordError
from models.records.csv_head import NO_FS, NO_UNIT, Head, read_head
from models.records.csv_lines import is_comment, is_gap, lines, number, seconds
from models.records.csv_times import TimesError, rate
from models.records.record import Annotations
from models.records.stated import Stated, distinct
from models.records.units import KNOWN, millivolts

FEW = 12  # leads that any table may have, however short
MANY = 20  # steps that no ECG makes in one direction alone
_OURS = re.compile(r"#\s*(fs|unit|samples)\s*[:=]\s*(.+?)\s*", re.IGNORECASE)


def describe(path: Path) -> Stated:
    """What the file says; where its length or fs is not stated, all of it is read."""
    head = read_head(path)
    samples, fs = head.samples, head.fs
    if samples is None or fs is None:
        table = _table(path, head)
        samples, fs = table.shape[1], _fs(path, head, table, head.fs)
    _factors(path, head)
    names = distinct([head.names[index] for index in head.leads])
    return Stated(leads=tuple(names), fs=fs, samples=samples, notes=head.notes)


def read(path: Path) -> tuple[NDArray[np.float32], Annotations | None]:
    """The signal [leads, samples] in mV; NaN is a gap. CSV names no beats."""
    head = read_head(path)
    table = _table(path, head)
    _fs(path, head, table, head.fs)
    signal = table[list(head.leads)] * np.array(_factors(path, head))[:, None]
    return signal.astype(np.float32), None


def settle(path: Path, fs: float | None, unit: str | None) -> None:
    """Has the file itself state fs (Hz), unit and length, as it says or as given; reads all of it.

    BadRecordError with the line of the first fault, its field is "fs" or "unit" where neither states that.
    """
    head = read_head(path)
    head = replace(head, unit=head.unit or unit)
    table = _table(path, head)
    found = _fs(path, head, table, head.fs, fs)
    _factors(path, head)
    top = [f"# fs: {found:.12g}", f"# unit: {head.unit}" if head.unit else "", f"# samples: {table.shape[1]}"]
    scratch = path.with_name(path.name + ".new")
    with scratch.open("w", encoding="utf-8", newline="\n") as new:
        new.writelines(f"{line}\n" for line in top if line)
        new.writelines(f"{line}\n" for _, line in lines(path) if not _OURS.fullmatch(line))
    scratch.replace(path)


def _table(path: Path, head: Head) -> NDArray[np.float64]:
    """Numbers [columns, samples], times in s; NaN is a gap, and whatever a column holds that is not read."""
    width, values = len(head.names), array("d")
    last = 0
    read = {*head.leads, head.time, head.index}
    decimals = _Decimals(path, frozenset(head.leads))
    for line_number, line in lines(path):
        if line_number < head.first or is_comment(line):
            continue
        cells = head.row(line)
        if len(cells) != width:
            raise BadRecordError(str(path), f"line {line_number}: columns: {len(cells)} here, {width} above")
        decimals.check(line_number, line, cells)
        for index, cell in enumerate(cells):
            values.append(_value(path, head, line_number, index, cell) if index in read else math.nan)
        last = line_number
    if len(values) < 2 * width:
        raise BadRecordError(str(path), f"line {last or head.first}: ends here, with fewer than two rows of numbers")
    table = np.frombuffer(values, dtype=np.float64).reshape(-1, width).T
    if head.samples is not None and head.samples != table.shape[1]:
        raise BadRecordError(str(path), f"has {table.shape[1]} rows, and states {head.samples} samples")
    decimals.check_thousands()
    _check_index(path, head, table)
    _check_leads(path, head, table)
    return table


def _check_leads(path: Path, head: Head, table: NDArray[np.float64]) -> None:
    """BadRecordError where a lead only rises or only falls, as times and counters do, or where the table is turned."""
    if len(head.leads) > max(table.shape[1], FEW):
        reason = f"{len(head.leads)} leads of {table.shape[1]} samples: turn the table, a row for each sample"
        raise BadRecordError(str(path), f"line {head.first}: {reason}")
    for column in head.leads:
        values = table[column][~np.isnan(table[column])]
        steps = np.diff(values)
        if np.count_nonzero(steps) >= MANY and ((steps >= 0).all() or (steps <= 0).all()):
            stated = f"column {column + 1} ({head.names[column]}) only goes from {values[0]:g} to {values[-1]:g}"
            raise BadRecordError(
                str(path), f"{stated}, as times do and no ECG: name it, like `time (s)`, or leave it out"
            )


_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}([.,])\d{3}")


class _Decimals:
    """Which mark the decimals of a file's leads have: points or commas, never both."""

    def __init__(self, path: Path, leads: frozenset[int]) -> None:
        self._path, self._leads = path, leads
        self._first: dict[str, int] = {}  # mark → line in which it came first
        self._grouped: tuple[int, int, str] | None = None  # line, column, cell that may have a mark of thousands
        self._may_group, self._long = True, False

    def check(self, number: int, line: str, cells: list[str]) -> None:
        """BadRecordError where this row has the one mark and a row above the other: thousands may be meant by it."""
        if self._may_group:
            self._look_for_thousands(number, cells)
        marks = [mark for mark in ".," if mark in line and mark not in self._first]
        for mark in marks:
            found = next((i for i in self._leads if mark in cells[i] and not is_gap(cells[i])), None)
            if found is not None:
                self._first[mark] = number
                if len(self._first) > 1:
                    where = f"line {number}, column {found + 1}: {cells[found][:40]!r}"
                    reason = f"{where}: decimal points and commas in one file: write numbers without marks of thousands"
                    raise BadRecordError(str(self._path), reason)

    def _look_for_thousands(self, number: int, cells: list[str]) -> None:
        """Takes note of what this row says for and against marks of thousands: digits in threes, and none below one."""
        for lead in self._leads:
            cell = cells[lead]
            if is_gap(cell):
                continue
            if "." not in cell and "," not in cell:
                self._long = self._long or len(cell.lstrip("+-")) > 1
            elif not _GROUPED.fullmatch(cell):
                self._may_group = False
                return
            else:
                self._grouped = self._grouped or (number, lead, cell)

    def check_thousands(self) -> None:
        """BadRecordError where every mark may be one of thousands, and numbers of two digits or more have none."""
        if self._may_group and self._grouped and self._long:
            number, lead, cell = self._grouped
            reason = f"{cell!r} may be in thousands: write numbers without marks of thousands"
            raise BadRecordError(str(self._path), f"line {number}, column {lead + 1}: {reason}")


def _value(path: Path, head: Head, line: int, index: int, cell: str) -> float:
    if is_gap(cell):
        return math.nan
    value = seconds(cell, head.tick) if index == head.time else number(cell)
    if value is None:
        raise BadRecordError(str(path), f"line {line}, column {index + 1}: {cell[:40]!r} is no number")
    return value


def _check_index(path: Path, head: Head, table: NDArray[np.float64]) -> None:
    """BadRecordError where the rows' numbers leap: rows are missing there."""
    if head.index is None:
        return
    counts = table[head.index]
    rolled = (counts[:-1] == np.nanmax(counts)) & (counts[1:] == np.nanmin(counts))  # a counter of one byte
    wrong = ~((np.diff(counts) == 1) | rolled)
    if wrong.any():
        row = int(np.argmax(wrong))
        a, b = counts[row : row + 2]
        where = f"line {_line_of(path, head, row + 1)}, column {head.index + 1}"
        raise BadRecordError(
            str(path), f"{where}: the index goes from {a:g} to {b:g}: add the missing rows, with empty cells"
        )


def _fs(path: Path, head: Head, table: NDArray[np.float64], stated: float | None, given: float | None = None) -> float:
    """Stated in the file, by its column of times, or `given` where neither is."""
    if head.time is None:
        fs = stated or given
        if fs is None:
            raise BadRecordError(str(path), NO_FS, "fs")
        return fs
    try:
        return rate(table[head.time], stated, head.named_tick)
    except TimesError as error:
        if given is not None and stated is None and error.field == "fs":
            return _fs(path, head, table, given)
        line = _line_of(path, head, error.row)
        raise BadRecordError(str(path), f"line {line}: {error.reason}", error.field) from error


def _line_of(path: Path, head: Head, row: int) -> int:
    """The line that holds the row, from 0."""
    rows = (at for at, line in lines(path) if at >= head.first and not is_comment(line))
    return next(at for index, at in enumerate(rows) if index == row)


def _factors(path: Path, head: Head) -> list[float]:
    """mV in a unit of each lead."""
    factors = []
    for index in head.leads:
        unit = head.units[index] or head.unit
        if unit is None:
            raise BadRecordError(str(path), NO_UNIT, "unit")
        factor = millivolts(unit)
        if factor is None:
            named = f"line {head.first - 1}, column {index + 1}: unit {unit[:40]!r}: known are {KNOWN}"
            raise BadRecordError(str(path), named)
        factors.append(factor)
    return factors
