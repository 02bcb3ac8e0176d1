"""What each column of a CSV file is for: the times, a count of the rows, a lead, or nothing that is shown."""

import re
from dataclasses import dataclass
from pathlib import Path

from models.errors import BadRecordError
from models.records.csv_columns import Sheet, index_columns, is_empty, leads_of, tick_of
from models.records.csv_lines import is_gap, number, seconds
from models.records.lead_names import is_named_ecg

MOST_UNNAMED = 32  # columns; wider tables without names have a beat in each row, or are turned
_EACH = re.compile(r"(?:ecg|ekg)?[\s_]*(?:leads?|channels?|ableitung|kanal)(?:[\s_]*names?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Roles:
    """Columns by what they are for."""

    leads: tuple[int, ...]
    time: int | None
    tick: float  # s in a unit of the times
    named_tick: bool  # the file says so itself
    index: int | None
    notes: tuple[str, ...]


def roles(path: Path, where: str, sheet: Sheet, unit: str | None) -> Roles:
    """What each column is; BadRecordError where no lead can be told from them. `where`: how the message begins."""
    if sheet.unnamed and len(sheet.names) > MOST_UNNAMED:
        reason = f"{len(sheet.names)} columns without names: name the leads, in a table with a row for each sample"
        raise BadRecordError(str(path), f"{where}: {reason}")
    time, repeats, own = _times(sheet)
    index, aside = index_columns(sheet, time)
    out = {time, *aside, *repeats, *own}
    rest = [i for i in range(len(sheet.names)) if i not in out and not is_empty(sheet, i)]
    _check_each(path, where, sheet, rest)
    if not rest:
        raise BadRecordError(str(path), f"{where}: there is no column but the times")
    leads, others = leads_of(path, where, sheet, rest, unit)
    others += [f"{sheet.names[i]} (column {i + 1}, of other times)" for i in own if not is_empty(sheet, i)]
    ticks, named = _ticks(sheet, time)
    notes = [] if named else [f"The times of column {time + 1} state no unit: seconds were assumed."]  # type: ignore[operator]
    notes += [f"Column {i + 1} ({sheet.names[i] or 'unnamed'}) {_RISES}" for i in aside if i not in (*own, *repeats)]
    notes += [f"Left out: {', '.join(others)}."] if others else []
    return Roles(tuple(leads), time, ticks, named, index, tuple(notes))


_RISES = "counts or rises evenly: no lead, left out."


def _ticks(sheet: Sheet, time: int | None) -> tuple[float, bool]:
    """Seconds in a unit of the times, and whether the file says so: by a unit, or as clocks and dates."""
    if time is None:
        return 1.0, True
    tick = tick_of(sheet.names[time], sheet.units[time])
    plain = any(number(cell) is not None for cell in sheet.column(time))
    return tick or 1.0, tick is not None or not plain


def _times(sheet: Sheet) -> tuple[int | None, list[int], list[int]]:
    """The column of times; those that say the same otherwise; those of other times, with all that come after them."""
    found = sheet.times()
    if not found:
        return None, [], []
    beside = [at for at in found if all(between in found for between in range(found[0], at))]
    time = max(beside, key=lambda at: (_varies(sheet, at), tick_of(sheet.names[at], sheet.units[at]) is not None))
    own = [at for at in found if at not in beside and sheet.column(at) != sheet.column(time)]
    repeats = [at for at in found if at != time and at not in own]
    return time, repeats, list(range(own[0], len(sheet.names))) if own else []


def _varies(sheet: Sheet, column: int) -> bool:
    """Whether every row has a time, and not all the same: a date of its own does not say when its rows were."""
    read = {seconds(cell, 1.0) for cell in sheet.column(column)}
    return len(read) > 1 and None not in read


def _check_each(path: Path, where: str, sheet: Sheet, columns: list[int]) -> None:
    """BadRecordError where the leads stand below each other, a row for each, rather than beside each other."""
    for column in columns:
        words = {cell for cell in sheet.column(column) if not is_gap(cell)}
        if len(words) < 2 or any(number(word) is not None for word in words):
            continue
        if _EACH.fullmatch(sheet.names[column]) or all(map(is_named_ecg, words)):
            stated = f"column {column + 1} names the lead of each row, {', '.join(sorted(words)[:3])}"
            raise BadRecordError(str(path), f"{where}: {stated}: write a column for each lead")
