"""The head of a CSV file: what stands above its first row of numbers, and what its columns are."""

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from models.errors import BadRecordError
from models.records.csv_columns import Sheet, is_unit, named, rises
from models.records.csv_lines import cells, delimiter_of, is_comment, is_data, is_gap, lines, number, seconds
from models.records.csv_preamble import Said
from models.records.csv_roles import roles

MOST = 256  # columns
PEEK = 200  # first lines, by which the columns are known
NO_FS = "does not state its sampling frequency: add a line `# fs: 360`"
NO_UNIT = "does not state the unit of its leads: add a line `# unit: mV`"


@dataclass(frozen=True)
class Head:
    """What is known of a file before its rows are read."""

    names: tuple[str, ...]  # of all columns
    units: tuple[str | None, ...]  # as far as they are stated for a column
    delimiter: str
    first: int  # line of the first row, from 1
    leads: tuple[int, ...]  # columns
    time: int | None = None  # column
    tick: float = 1.0  # s in a unit of it
    named_tick: bool = True  # the file says so
    index: int | None = None  # column that counts the rows
    decimal_pairs: bool = False  # decimal commas in cells parted by commas
    fs: float | None = None
    unit: str | None = None
    samples: int | None = None
    notes: tuple[str, ...] = field(default=())

    def row(self, line: str) -> list[str]:
        """The cells of a row."""
        found = cells(line, self.delimiter)
        if self.decimal_pairs and len(found) % 2 == 0:
            found = [f"{whole},{part}" for whole, part in zip(found[::2], found[1::2], strict=True)]
        if len(found) == len(self.names) + 1 and not found[-1]:
            found.pop()  # a delimiter at the end of each row
        return found


def read_head(path: Path) -> Head:
    """The columns of `path` and what is stated above them; BadRecordError where they cannot be known."""
    peeked = list(islice(lines(path), PEEK))
    start = _first_row(path, peeked)
    first, line = peeked[start]
    delimiter = delimiter_of(line)
    rows = [cells(line, delimiter) for _, line in peeked[start:] if not is_comment(line)]
    if len(rows[0]) > MOST:
        raise BadRecordError(str(path), f"line {first}: {len(rows[0])} columns: {MOST} at most")
    said, names, units = _above(path, peeked[:start], delimiter, len(rows[0]))
    pairs = _are_pairs(rows, delimiter, len(names) if names else (1 if said.lead else None))
    if pairs:
        rows = [[f"{a},{b}" for a, b in zip(row[::2], row[1::2], strict=True)] for row in rows]
    sheet = _sheet(said, names, units, rows)
    return _columns(path, sheet, said, Head(sheet.names, sheet.units, delimiter, first, (), decimal_pairs=pairs))


def _first_row(path: Path, peeked: list[tuple[int, str]]) -> int:
    """Which of the first lines is the first of numbers; columns of text are allowed where there is none without."""
    numbers = next((index for index, (_, line) in enumerate(peeked) if is_data(line)), None)
    if numbers is not None:
        row = peeked[numbers][1]
        width = len(cells(row, delimiter_of(row)))
        named = any(
            len(cells(line, delimiter_of(row))) == width and not is_comment(line) for _, line in peeked[:numbers]
        )
        return numbers + (not named and _are_numbered(peeked[numbers : numbers + 2]))
    kinds = [_kinds(line) for _, line in peeked]
    for index in range(len(kinds) - 2):
        if kinds[index] and "n" in kinds[index] and kinds[index] == kinds[index + 1] == kinds[index + 2]:
            return index
    if len(peeked) == PEEK:
        raise BadRecordError(str(path), f"has no row of numbers in its first {PEEK} lines")
    raise BadRecordError(str(path), "has no rows")


def _are_numbered(two: list[tuple[int, str]]) -> bool:
    """Whether the first of two rows only numbers the columns, 0, 1, 2 …, as tables without names are written."""
    if len(two) < 2:
        return False
    first, second = (cells(line, delimiter_of(two[1][1])) for _, line in two)
    numbering = first[1:] if not first[0] else first
    fits = len(first) == len(second) and numbering in (
        [str(i + base) for i in range(len(numbering))] for base in (0, 1)
    )
    certain = len(numbering) > 2 or len(numbering) < len(first) or any(mark in cell for cell in second for mark in ".,")
    return fits and len(numbering) > 1 and certain


def _kinds(line: str) -> str:
    """The kind of each cell: a number or a gap (n), or text (t)."""
    if is_comment(line):
        return ""
    found = cells(line, delimiter_of(line))
    return "".join("n" if is_gap(cell) or seconds(cell, 1.0) is not None else "t" for cell in found)


def _above(
    path: Path, above: list[tuple[int, str]], delimiter: str, width: int
) -> tuple[Said, list[str] | None, list[str] | None]:
    """What is stated, the names of the columns, and a line of their units, as far as they are there."""
    said, names, units = Said(), None, None
    for index, (line_number, line) in enumerate(above):
        last = index == len(above) - 1
        if line.lower().startswith("sep=") or said.take(path, line_number, line):
            continue
        if is_comment(line) and not (last and names is None):
            continue
        parts = cells(line.lstrip("# "), delimiter)
        below = [part.strip("()[] ") for part in parts]
        if names is not None and len(parts) == len(names) and all(not part or is_unit(part) for part in below):
            units = below
        elif len(parts) in (width, width - 1, width // 2) or (last and not is_comment(line)):
            _check_names(path, line_number, parts, names)
            names, units = parts, None
    if said.lead is not None:
        return said, _listed(said.lead, width), None  # what looked like names is of the same kind as that statement
    return said, names, units


def _listed(leads: str, width: int) -> list[str] | None:
    """The names in `# leads: II, V1`."""
    parts = [part.strip() for part in re.split(r"[,;]", leads)]
    return parts if len(parts) == width else None


def _check_names(path: Path, line: int, parts: list[str], before: list[str] | None) -> None:
    """BadRecordError for a row of numbers with a word in it, right below the names."""
    if before is not None and len(before) == len(parts) and any(number(part) is not None for part in parts):
        column = next(index for index, part in enumerate(parts) if number(part) is None)
        raise BadRecordError(str(path), f"line {line}, column {column + 1}: {parts[column][:40]!r} is no number")


def _sheet(said: Said, names: list[str] | None, units: list[str] | None, rows: list[list[str]]) -> Sheet:
    """The columns with names and units that fit the rows."""
    width = len(rows[0])
    if names is not None and len(names) == width + 1 and not names[-1]:
        names = names[:-1]
    if names is None:
        found = [said.lead] if said.lead and width == 1 else [f"lead {index + 1}" for index in range(width)]
        return Sheet(tuple(found), (None,) * width, tuple(rows), unnamed=True)
    if len(names) == width - 1 and rows[0][-1] and rises([row[0] for row in rows]) is not None:
        names = ["", *names]  # R writes the rows' numbers without a name above them
        units = ["", *units] if units else None
    split = [named(name) for name in names]
    below = units or [""] * len(names)
    stated = tuple(row or unit or None for (_, unit), row in zip(split, below, strict=False))
    return Sheet(tuple(name for name, _ in split), stated, tuple(rows), unnamed=False)


def _are_pairs(rows: list[list[str]], delimiter: str, width: int | None) -> bool:
    """Whether commas part both cells and decimals: a row has twice its columns, every second one of digits only."""
    if delimiter != "," or any(len(row) != len(rows[0]) or len(row) % 2 for row in rows):
        return False
    if any(not row[at].isdigit() for row in rows for at in range(1, len(row), 2)):
        return False
    if width is not None:
        return len(rows[0]) == 2 * width
    decimals = [row[at] for row in rows for at in range(1, len(row), 2)]
    wholes = [row[at] for row in rows for at in range(0, len(row), 2)]
    return any(part[0] == "0" and len(part) > 1 for part in decimals) or "-0" in wholes


def _columns(path: Path, sheet: Sheet, said: Said, head: Head) -> Head:
    """`head` with what each column is."""
    where = f"line {head.first if sheet.unnamed else head.first - 1}"
    found = roles(path, where, sheet, said.unit)
    return replace(
        head,
        leads=found.leads,
        time=found.time,
        tick=found.tick,
        named_tick=found.named_tick,
        index=found.index,
        fs=said.fs,
        unit=said.unit,
        samples=said.samples,
        notes=(*said.notes, *found.notes),
    )
