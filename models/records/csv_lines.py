"""The lines of a CSV file of any encoding, and what their cells are: numbers, gaps, times."""

import csv
import datetime
import math
import re
from collections.abc import Iterator
from pathlib import Path

from models.errors import BadRecordError
from models.records.text import MARKS

LONGEST = 65_536  # characters of one line
GAPS = frozenset(
    (
        "",
        "-",
        "--",
        "–",
        "nan",
        "na",
        "n/a",
        "n.a.",
        "#n/a",
        "#na",
        "#nv",
        "#null!",
        "#num!",
        "#div/0!",
        "#value!",
        "#wert!",
        "null",
        "none",
        "nil",
        "missing",
        "?",
        ".",
        "nv",
    )
)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"[-+\u2212]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?")
_CLOCK = re.compile(r"\[?\s*(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)\s*(?:\d{1,2}/\d{1,2}/\d{4})?\s*\]?")
_HALF = re.compile(r"(.*:\d{2}(?:[.,]\d+)?)\s*([aApP])\.?[mM]\.?")
_DATED = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})[ T]+(\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)")
DELIMITERS = ("\t", ";", ",", "|")


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Number and text of each line that is not blank; BadRecordError where a line is no text, or has no end."""
    with path.open("r", encoding=_encoding(path), errors="surrogateescape", newline=None) as file:
        number = 0
        while line := file.readline(LONGEST):
            number += 1
            if len(line) == LONGEST:
                raise BadRecordError(str(path), f"line {number}: is longer than {LONGEST} characters")
            if not line.isascii():
                line = _mended(line)
            line = line.removesuffix("\x1a")  # how DOS ends a file
            if _BINARY.search(line):
                raise BadRecordError(str(path), f"line {number}: is not text")
            if text := line.strip("\r\n \ufeff"):
                yield number, text


def _mended(line: str) -> str:
    """The line as CP1252 where it is no UTF-8."""
    if any("\udc80" <= letter <= "\udcff" for letter in line):
        return line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return line


def _encoding(path: Path) -> str:
    """By the byte order mark; UTF-16 also without one, by the zero bytes of its digits."""
    with path.open("rb") as file:
        head = file.read(64)
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return "utf-8-sig" if encoding == "utf-8" else "utf-16"
    if len(head) >= 8 and not any(head[1::2]) and all(head[0::2]):
        return "utf-16-le"
    return "utf-16-be" if len(head) >= 8 and not any(head[0::2]) and all(head[1::2]) else "utf-8"


def cells(line: str, delimiter: str) -> list[str]:
    """The cells of a line, without the quotes around them."""
    if delimiter == " ":
        return line.split()
    parts = (
        next(csv.reader([line], delimiter=delimiter, skipinitialspace=True)) if '"' in line else line.split(delimiter)
    )
    return [part.strip().strip("'\"").strip() for part in parts]


def delimiter_of(line: str) -> str:
    """What parts the cells of this line of numbers."""
    bare = re.sub(r'"[^"]*"', "", line)
    found = next((mark for mark in DELIMITERS if mark in bare), None)
    if found is None:
        return " " if len(line.split()) > 1 and all(number(part) is not None for part in line.split()) else ","
    return found


def number(text: str) -> float | None:
    """A finite number with a decimal point or comma; None for anything else."""
    try:
        value = float(text)  # the most frequent by far
    except ValueError:
        value = float(text.replace(",", ".").replace("\u2212", "-")) if _NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) and "_" not in text else None


def is_gap(text: str) -> bool:
    """Whether the cell says that there is no value."""
    return text.lower() in GAPS


def seconds(text: str, tick: float) -> float | None:
    """A time in s: a number of ticks, a clock `h:m:s` or `m:s`, or a date and time of ISO 8601."""
    value = number(text)
    if value is not None:
        return value * tick
    if half := _HALF.fullmatch(text):
        found = seconds(half[1].strip(), tick)
        return None if found is None else found + 43_200.0 * ((half[2] in "pP") - (found % 86_400 >= 43_200))
    if match := _CLOCK.fullmatch(text):
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + float(match[3].replace(",", "."))
    return _moment(text.replace(",", ".")) if len(text) >= 16 else None


def _moment(text: str) -> float | None:
    """Seconds since 1970 of a date and time: ISO 8601, or day, month, year; month, day, year where that fails."""
    found = _DATED.fullmatch(text)
    day, month, year, clock = found.groups() if found else ("", "", "", "")
    for date in (f"{year}-{month:0>2}-{day:0>2}", f"{year}-{day:0>2}-{month:0>2}") if found else (text,):
        try:
            moment = datetime.datetime.fromisoformat(f"{date} {clock}" if found else date)
        except ValueError:
            continue
        return (moment.replace(tzinfo=None) - datetime.datetime(1970, 1, 1)).total_seconds()
    return None


def is_comment(line: str) -> bool:
    """Whether the line begins with a number sign that is not one of a spreadsheet's words for no value."""
    return line.startswith("#") and not is_gap(re.split(r"[\t;,|]", line)[0].strip())


def is_data(line: str) -> bool:
    """Whether every cell is a number, a time or a gap."""
    if is_comment(line):
        return False
    return all(is_gap(cell) or seconds(cell, 1.0) is not None for cell in cells(line, delimiter_of(line)))
