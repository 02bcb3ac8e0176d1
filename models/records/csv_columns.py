"""What the columns of a CSV file are, by their names, units and first rows: leads, times, an index, something else."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.errors import BadRecordError
from models.records.csv_lines import is_gap, number
from models.records.lead_names import chosen, is_named_ecg
from models.records.units import KNOWN, millivolts

FEW, MANY = 5, 50  # rows over which a column without a name rises evenly if it is an index: the first, any other
TICKS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "min": 60.0, "h": 3600.0}
_TICK = re.compile(
    r"(?:(s|secs?|seconds?|sekunden?|hh:mm:ss(?:[.,]m+)?)|(ms|msecs?|millis|milliseconds?)|(us|µs|μs|microseconds?)"
    r"|(ns|nanoseconds?)|(min|minutes?)|(h|hours?|stunden?))",
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
class Sheet:
    """The first rows, and what the columns are called."""

    names: tuple[str, ...]
    units: tuple[str | None, ...]
    rows: tuple[list[str], ...]
    unnamed: bool  # the names are ours

    def column(self, index: int) -> list[str]:
        """The first cells of a column."""
        return [row[index] if index < len(row) else "" for row in self.rows]

    def times(self) -> list[int]:
        """The columns that hold times, by their names or units."""
        pairs = enumerate(zip(self.names, self.units, strict=True))
        return [i for i, (name, unit) in pairs if not self.unnamed and _is_time(name, unit)]


def is_unit(text: str) -> bool:
    return bool(
        millivolts(text) is not None
        or _TICK.fullmatch(text)
        or text.lower() in ("mmhg", "nu", "pm", "bpm", "%", "date")
    )


def named(text: str) -> tuple[str, str | None]:
    """Name and unit of a column: `II (mV)`, `II [mV]`, `II_mV`, `time ms`, `mV`."""
    if len(text) > 1 and millivolts(text) is not None:
        return "voltage", text
    match = _BRACKETED.fullmatch(text)
    if match is None:
        match = _ENDING.fullmatch(text)
        if match and not is_unit(match[2]):
            match = None
        if match and match[2] in ("V", "v") and match[1].lower() in ("lead", "ecg", "ekg"):
            match = None  # lead V
    return (match[1].strip(), match[2].strip()) if match else (text, None)


def _is_time(name: str, unit: str | None) -> bool:
    if _TIME.fullmatch(name):
        return True
    return bool(_TICK.fullmatch(name)) or (unit is not None and unit != "" and bool(_TICK.fullmatch(unit)))


def tick_of(name: str, unit: str | None) -> float | None:
    """Seconds in a unit of the times; None where neither unit nor name says."""
    match = _TICK.fullmatch(unit or "") or _TICK.fullmatch(name)
    if match is None:
        return None
    return next(tick for tick, group in zip(TICKS.values(), match.groups(), strict=True) if group)


def index_columns(sheet: Sheet, time: int | None) -> tuple[int | None, list[int]]:
    """The column that counts the rows, and all that rise evenly, by name or, unless named as a lead, by value."""
    index, aside = None, []
    for column, name in enumerate(sheet.names):
        known = bool(_INDEX.fullmatch(name)) and not sheet.unnamed
        may_count = known or (sheet.unnamed and column == 0 and len(sheet.names) > 1) or name == "i"
        if column == time or (not may_count and not sheet.unnamed and is_named_ecg(name)):
            continue
        step = rises(sheet.column(column), 2 if known or not name else FEW if may_count or not sheet.unnamed else MANY)
        if step is not None or known:
            aside.append(column)
            index = column if index is None and step == 1 else index
    return index, aside


def rises(column: Sequence[str], few: int = 2) -> float | None:
    """By how much each row is above the one before, where that is the same in all; None where it is not."""
    values = np.array([math.nan if (value := number(cell)) is None else value for cell in column])
    if len(values) < few or not np.isfinite(values).all():
        return None
    steps = np.diff(values)
    step = float(np.median(steps))
    return step if step > 0 and np.allclose(steps, step, rtol=1e-6, atol=1e-9) else None


def is_empty(sheet: Sheet, column: int) -> bool:
    """Whether nothing is in a column without a name, as a delimiter at the end of each row leaves."""
    return not sheet.names[column] and all(is_gap(cell) for cell in sheet.column(column))


def leads_of(path: Path, where: str, sheet: Sheet, columns: list[int], unit: str | None) -> tuple[list[int], list[str]]:
    """The columns that are an ECG in volts, and the others with the reason."""
    others = {column: why for column in columns if (why := _no_lead(sheet, column, unit))}
    candidates = [column for column in columns if column not in others]
    if not candidates:
        column = next(iter(others))
        text = any(number(cell) is None and not is_gap(cell) for cell in sheet.column(column)[:1])
        stated = "holds words" if text else f"unit {(sheet.units[column] or '')[:40]!r}: known are {KNOWN}"
        raise BadRecordError(str(path), f"{where}, column {column + 1}: {stated}")
    ecg = [candidates[at] for at in chosen([sheet.names[column] for column in candidates])]
    if not ecg:
        names = ", ".join(sheet.names)
        raise BadRecordError(str(path), f"{where}: no column is an ECG by its name: {names}")
    others |= {column: "no ECG by its name" for column in candidates if column not in ecg}
    return ecg, [f"{sheet.names[column]} ({why})" for column, why in sorted(others.items())]


def _no_lead(sheet: Sheet, column: int, unit: str | None) -> str:
    """Why a column is no ECG in volts; empty where it may be one."""
    stated = sheet.units[column]
    if any(not is_gap(cell) and number(cell) is None for cell in sheet.column(column)[:1]):
        return "text"
    if stated and millivolts(stated) is None:
        return stated
    volts = any(millivolts(other) is not None for other in sheet.units if other)
    without = not stated and not unit and volts and not is_named_ecg(sheet.names[column])
    return "no unit" if without else ""
