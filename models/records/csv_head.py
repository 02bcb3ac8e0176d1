"""The columns of a CSV file: which are leads, times or an index, by their names and first rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from models.errors import BadRecordError
from models.records.csv_lines import cells, delimiter_of, is_data, is_gap, lines, number
from models.records.csv_preamble import Said
from models.records.lead_names import chosen, is_named_ecg
from models.records.units import KNOWN, millivolts

MOST = 256  # columns
PEEK = 200  # first lines, by which the columns are known
FEW = 5  # rows that an unnamed column must rise evenly over to be an index
NO_FS = "does not state its sampling frequency: add a line `# fs: 360`"
NO_UNIT = "does not state the unit of its leads: add a line `# unit: mV`"
TICKS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "min": 60.0}
_TICK = re.compile(
    r"(?:(s|secs?|seconds?|sekunden?|hh:mm:ss(?:[.,]m+)?)|(ms|msecs?|millis|milliseconds?)|(us|µs|μs|microseconds?)"
    r"|(ns|nanoseconds?)|(min|minutes?))",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:elapsed[\s_]*)?(?:time|t|times?[\s_-]*stamps?|zeit|temps|tiempo|tempo|tijd|tid|date(?:[\s_-]*(?:and[\s_-]*)?time)?"
    r"|epoch|unix[\s_-]*time)",
    re.IGNORECASE,
)
_INDEX = re.compile(
    r"#|n|k|idx|index|row|rows|no\.?|nr\.?|num|number|count(?:er)?|seq(?:uence)?|frame|id|unnamed:?\s*\d*"
    r"|samples?(?:[\s_]*(?:#|no\.?|nr\.?|num(?:ber)?|index|interval))?",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"(.*?)\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]")
_ENDING = re.compile(r"(.+?)[\s_/-]+([a-zµμæ]*v(?:olts?)?|m?s|us|µs)", re.IGNORECASE)


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
    start = next((index for index, (_, line) in enumerate(peeked) if is_data(line)), None)
    if start is None:
        if len(peeked) == PEEK:
            raise BadRecordError(str(path), f"has no row of numbers in its first {PEEK} lines")
        raise BadRecordError(str(path), "has no rows")
    number_, first = peeked[start]
    delimiter = delimiter_of(first)
    rows = [cells(line, delimiter) for _, line in peeked[start:] if not line.startswith("#")]
    if len(rows[0]) > MOST:
        raise BadRecordError(str(path), f"line {number_}: {len(rows[0])} columns: {MOST} at most")
    said, names, units = _above(path, peeked[:start], delimiter, len(rows[0]))
    pairs = _are_pairs(rows, delimiter, len(names) if names else (1 if said.lead else None))
    if pairs:
        rows = [[f"{a},{b}" for a, b in zip(row[::2], row[1::2], strict=False)] for row in rows]
    return _columns(path, number_, delimiter, pairs, said, names, units, rows)


def _above(
    path: Path, above: list[tuple[int, str]], delimiter: str, width: int
) -> tuple[Said, list[str] | None, list[str] | None]:
    """What is stated, the names of the columns, and a line of their units, as far as they are there."""
    said = Said()
    names: list[str] | None = None
    units: list[str] | None = None
    for index, (number_, line) in enumerate(above):
        last = index == len(above) - 1
        if line.lower().startswith("sep="):
            continue
        if said.take(path, number_, line):
            continue
        if line.startswith("#") and not (last and names is None):
            continue
        parts = cells(line.lstrip("# "), delimiter)
        if names is not None and len(parts) == len(names) and all(not part or _is_unit(part) for part in parts):
            units = parts
        elif len(parts) in (width, width - 1, width // 2) or (last and not line.startswith("#")):
            names, units = parts, None
    if names is not None and len(names) == width + 1 and not names[-1]:
        names = names[:-1]
    return said, names, units


def _is_unit(text: str) -> bool:
    return bool(
        millivolts(text) is not None
        or _TICK.fullmatch(text)
        or text.lower() in ("mmhg", "nu", "pm", "bpm", "%", "date")
    )


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


def _columns(
    path: Path,
    first: int,
    delimiter: str,
    pairs: bool,
    said: Said,
    names: list[str] | None,
    units: list[str] | None,
    rows: list[list[str]],
) -> Head:
    width = len(rows[0]) - (
        1 if len(rows[0]) > 1 and names and len(names) == len(rows[0]) - 1 and not rows[0][-1] else 0
    )
    unnamed = names is None
    if names is None:
        names = [said.lead] if said.lead and width == 1 else [f"lead {index + 1}" for index in range(width)]
    elif len(names) == width - 1 and _rises([row[0] for row in rows]) is not None:
        names = ["", *names]  # R writes the rows' numbers without a name above them
        units = ["", *units] if units else None
    split = [_named(name) for name in names]
    bare = [name for name, _ in split]
    stated = [(units[i] if units and i < len(units) and units[i] else unit) for i, (_, unit) in enumerate(split)]
    where = f"line {first - 1 if not unnamed else first}"
    time = next((i for i in range(len(bare)) if not unnamed and _is_time(bare[i], stated[i])), None)
    index, aside = _counting(bare, rows, time, unnamed)
    notes = [f"Column {i + 1} ({bare[i] or 'unnamed'}) counts or rises evenly: no lead, left out." for i in aside]
    rest = [i for i in range(len(bare)) if i != time and i not in aside and not _is_empty(bare[i], rows, i)]
    leads, others = _leads(path, where, bare, stated, rest, said.unit)
    notes += [f"Left out: {', '.join(others)}."] if others else []
    return Head(
        names=tuple(bare),
        units=tuple(stated),
        delimiter=delimiter,
        first=first,
        leads=tuple(leads),
        time=time,
        tick=_tick(bare[time], stated[time]) if time is not None else 1.0,
        index=index,
        decimal_pairs=pairs,
        fs=said.fs,
        unit=said.unit,
        samples=said.samples,
        notes=tuple(notes),
    )


def _named(text: str) -> tuple[str, str | None]:
    """Name and unit of a column: `II (mV)`, `II [mV]`, `II_mV`, `time ms`."""
    match = _BRACKETED.fullmatch(text)
    if match is None:
        match = _ENDING.fullmatch(text)
        if match and not _is_unit(match[2]):
            match = None
        if match and match[2] in ("V", "v") and match[1].lower() in ("lead", "ecg", "ekg"):
            match = None  # lead V
    return (match[1].strip(), match[2].strip()) if match else (text, None)


def _is_time(name: str, unit: str | None) -> bool:
    if _TIME.fullmatch(name):
        return True
    return bool(_TICK.fullmatch(name)) or (unit is not None and unit != "" and bool(_TICK.fullmatch(unit)))


def _tick(name: str, unit: str | None) -> float:
    match = _TICK.fullmatch(unit or "") or _TICK.fullmatch(name)
    if match is None:
        return 1.0
    return next(tick for tick, group in zip(TICKS.values(), match.groups(), strict=True) if group)


def _counting(
    names: Sequence[str], rows: list[list[str]], time: int | None, unnamed: bool
) -> tuple[int | None, list[int]]:
    """The column that counts the rows, and all that rise evenly, by name or, unless named as a lead, by value."""
    index, aside = None, []
    for column, name in enumerate(names):
        if column == time:
            continue
        known = bool(_INDEX.fullmatch(name)) and not unnamed
        if not known and not (unnamed and column == 0) and name != "i" and is_named_ecg(name):
            continue
        step = _rises([row[column] if column < len(row) else "" for row in rows], 2 if known or not name else FEW)
        if step is not None or (known and not unnamed):
            aside.append(column)
            index = column if index is None and step == 1 else index
    return index, aside


def _rises(column: Sequence[str], few: int = 2) -> float | None:
    """By how much each row is above the one before, where that is the same in all; None where it is not."""
    values = [number(cell) for cell in column]
    if len(values) < few or any(value is None for value in values):
        return None
    steps = np.diff(np.array(values, dtype=np.float64))
    step = float(np.median(steps))
    return step if step > 0 and np.allclose(steps, step, rtol=1e-6, atol=1e-9) else None


def _is_empty(name: str, rows: list[list[str]], column: int) -> bool:
    """Whether nothing is in a column without a name, as a delimiter at the end of each row leaves."""
    return not name and all(len(row) <= column or is_gap(row[column]) for row in rows)


def _leads(
    path: Path, where: str, names: list[str], units: list[str | None], columns: list[int], unit: str | None
) -> tuple[list[int], list[str]]:
    """The columns that are an ECG in volts, and the others with their unit."""
    if not columns:
        raise BadRecordError(str(path), f"{where}: there is no column but the times")
    kept, others = [], []
    for column in columns:
        stated = units[column]
        if stated and millivolts(stated) is None:
            others.append((column, f"{names[column]} ({stated})"))
        elif not stated and not unit and any(units) and not is_named_ecg(names[column]):
            others.append((column, f"{names[column]} (no unit)"))
        else:
            kept.append(column)
    if not kept:
        column = others[0][0]
        reason = f"{where}, column {column + 1}: unit {(units[column] or '')[:40]!r}: known are {KNOWN}"
        raise BadRecordError(str(path), reason)
    ecg = [kept[at] for at in chosen([names[column] for column in kept])]
    if not ecg:
        raise BadRecordError(str(path), f"{where}: no column is an ECG by its name: {', '.join(names)}")
    named = [text for _, text in others] + [f"{names[c]} (no ECG by its name)" for c in kept if c not in ecg]
    return ecg, named
